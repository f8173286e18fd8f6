//! The reference cases, computed with JAX, NumPy and SciPy, and what tests need to compare with them.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod generated;
pub mod support;
pub mod systems;
pub mod words;

use hessian_lab::decode;
use hessian_lab::experiment::Experiment;
use hessian_lab::value::Value as Untyped;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

/// Every case, by name and text; compiled in, so that the browser has them too.
pub const CASES: [(&str, &str); 10] = [
    ("classifier", include_str!("../cases/classifier.json")),
    ("deep_linear", include_str!("../cases/deep_linear.json")),
    ("notebook", include_str!("../cases/notebook.json")),
    ("notebook_damped", include_str!("../cases/notebook_damped.json")),
    ("one_datum", include_str!("../cases/one_datum.json")),
    ("relu", include_str!("../cases/relu.json")),
    ("single_layer", include_str!("../cases/single_layer.json")),
    ("softplus_trained", include_str!("../cases/softplus_trained.json")),
    ("three_hidden", include_str!("../cases/three_hidden.json")),
    ("two_outputs", include_str!("../cases/two_outputs.json")),
];

/// One reference case.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// Its experiment, without methods.
    pub experiment: Value,
    /// The iterations of its traces.
    pub iterations: usize,
    /// What is expected of it.
    pub expect: Value,
}

impl Case {
    /// All of them.
    pub fn all() -> Vec<Case> {
        CASES.iter().map(|&(name, text)| Case::parse(name, text)).collect()
    }

    fn parse(name: &'static str, text: &str) -> Case {
        let mut case: Value = serde_json::from_str(text).expect("the cases are JSON");
        let iterations = case["experiment"].as_object_mut().and_then(|e| e.remove("iterations"));
        let mut experiment = case["experiment"].take();
        experiment["methods"] = json!([]);
        Case {
            name,
            experiment,
            iterations: iterations.and_then(|k| k.as_u64()).expect("a number of iterations") as usize,
            expect: case["expect"].take(),
        }
    }

    /// Its experiment with other fields set.
    pub fn with(&self, changes: Value) -> Experiment {
        let mut experiment = self.experiment.clone();
        for (key, value) in changes.as_object().expect("an object of changes") {
            experiment[key] = value.clone();
        }
        read(&experiment)
    }
}

/// The experiment that a JSON text describes.
pub fn read(experiment: &Value) -> Experiment {
    let untyped: Untyped = serde_json::from_value(experiment.clone()).expect("JSON is untyped input");
    decode::experiment(&untyped).expect("a good experiment")
}

/// The numbers of a JSON array.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|x| x.as_f64().expect("a number")).collect()
}

/// A JSON array as a vector.
pub fn vector(value: &Value) -> DVector<f64> {
    DVector::from_vec(numbers(value))
}

/// A JSON array of rows as a matrix.
pub fn matrix(value: &Value) -> DMatrix<f64> {
    let rows: Vec<_> = value.as_array().expect("rows").iter().map(|row| vector(row).transpose()).collect();
    DMatrix::from_rows(&rows)
}

/// ‖actual − expected‖ / ‖expected‖, and the absolute norm where the expected one is zero.
pub fn distance(actual: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(actual.len(), expected.len());
    let norm = |numbers: &mut dyn Iterator<Item = f64>| numbers.map(|x| x * x).sum::<f64>().sqrt();
    let apart = norm(&mut actual.iter().zip(expected).map(|(a, e)| a - e));
    let size = norm(&mut expected.iter().copied());
    if size > 0.0 { apart / size } else { apart }
}

/// Asserts agreement to a relative tolerance.
pub fn assert_near(actual: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    let distance = distance(actual, expected);
    assert!(distance <= tolerance, "{what}: {distance:e} apart, {tolerance:e} allowed");
}
