//! The scale that `auto` chooses, and the sentence that says why.

use std::cell::Cell;

use hessian_lab::operator::{Dense, LinearOperator};
use hessian_lab::problem::Problem;
use hessian_lab::report::Status;
use hessian_lab::solve::lanczos::largest_eigenvalue;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::{Example, Family, symmetric};
use crate::common::read;
use crate::common::support::DEEP;
use crate::common::systems::{eigenvalues, run, system};
use crate::common::words::number_after;
use crate::support::NAMES;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A Neumann series and LiSSA.
fn series(example: &Example, scale: Value) -> [Value; 2] {
    let batch = example.samples();
    [
        json!({ "method": "neumann", "iterations": 3, "scale": scale }),
        json!({ "method": "lissa", "iterations": 3, "scale": scale, "batch": batch, "repeats": 1, "seed": 0 }),
    ]
}

/// The smallest and the largest eigenvalue of A.
fn extremes(example: &Example, changes: &Value) -> [f64; 2] {
    let eigenvalues = eigenvalues(&system(&example.experiment(changes.clone())).0);
    [eigenvalues[0], eigenvalues[eigenvalues.len() - 1]]
}

#[test]
fn on_a_positive_definite_matrix_it_is_the_middle_of_the_spectrum() {
    for example in Family::ANY.draw(20) {
        for curvature in &NAMES[1..] {
            let changes = json!({ "curvature": curvature, "damping": 0.1 });
            let [smallest, largest] = extremes(&example, &changes);
            for method in series(&example, json!("auto")) {
                let run = run(&example, changes.clone(), method);
                let scale = run.scale.expect("it was chosen");
                assert!((2.0 * scale / (smallest + largest) - 1.0).abs() < 1e-12, "{example} {curvature}: {scale}");
                // A batch's own matrix may need a larger one.
                let whose = if run.method == "lissa" { " for the mean matrix" } else { "" };
                let said = format!("is (λmin + λmax)/2, the fastest{whose} in the worst case.");
                assert!(run.message.contains(&said), "{example}: {}", run.message);
                let said = number_after(&run.message, "The scale ");
                assert!((said / scale - 1.0).abs() < 0.006, "{example}: {said} for {scale}");
            }
        }
    }
}

#[test]
fn on_a_singular_matrix_it_is_five_percent_above_the_largest_eigenvalue() {
    for example in (Family { samples: (1, 2), weight_decays: &[0.0], ..DEEP }).draw(20) {
        let changes = json!({ "curvature": "ggn" });
        let [_, largest] = extremes(&example, &changes);
        for method in series(&example, json!("auto")) {
            let run = run(&example, changes.clone(), method);
            let scale = run.scale.expect("it was chosen");
            assert!((scale / largest - 1.05).abs() < 1e-12, "{example}: {scale} for {largest}");
            assert!(run.message.contains("is 1.05 times the largest eigenvalue."), "{example}: {}", run.message);
            assert_ne!(run.status, Status::Diverged, "{example}: {}", run.message);
        }
    }
}

#[test]
fn on_an_indefinite_matrix_it_says_that_none_works() {
    let mut indefinite = 0;
    for example in (Family { weight_decays: &[0.0], ..DEEP }).draw(40) {
        let [smallest, largest] = extremes(&example, &json!({}));
        if smallest > -1e-3 * largest {
            continue;
        }
        indefinite += 1;
        for method in series(&example, json!("auto")) {
            let run = run(&example, json!({}), method);
            let scale = run.scale.expect("it was chosen");
            assert!((scale / largest - 1.05).abs() < 1e-12, "{example}: {scale} for {largest}");
            assert!(run.message.contains("with negative eigenvalues none works"), "{example}: {}", run.message);
            assert_eq!(run.status, Status::Diverged, "{example}: {}", run.message);
        }
    }
    assert!(indefinite >= 20, "only {indefinite} of 40 networks");
}

#[test]
fn a_scale_is_reported_only_where_it_was_chosen() {
    let direct = ["exact", "kfac", "ekfac", "block_diagonal", "diagonal"].map(|method| json!({ "method": method }));
    let krylov = ["cg", "minres"].map(|method| json!({ "method": method, "iterations": 3 }));
    for example in Family::ANY.draw(10) {
        for method in series(&example, json!(3.0)).iter().chain(&direct).chain(&krylov) {
            let run = run(&example, json!({ "curvature": "ggn", "damping": 0.1 }), method.clone());
            assert_eq!(run.scale, None, "{example} {method}");
            assert!(!run.message.contains("The scale"), "{example} {method}: {}", run.message);
        }
    }
}

#[test]
fn a_chosen_scale_runs_as_the_same_one_given() {
    for example in Family::ANY.draw(10) {
        let changes = json!({ "curvature": "ggn", "damping": 0.1 });
        for i in 0..2 {
            let chosen = run(&example, changes.clone(), series(&example, json!("auto"))[i].clone());
            let given = run(&example, changes.clone(), series(&example, json!(chosen.scale))[i].clone());
            assert_eq!(chosen.trace, given.trace, "{example}");
        }
    }
}

/// Spectra of several kinds, 150 eigenvalues each, the largest of which is 1.
fn spectra() -> Vec<(&'static str, Vec<f64>)> {
    let with = |eigenvalue: fn(f64) -> f64| (0..150).map(|i| eigenvalue(f64::from(i) / 149.0)).collect::<Vec<_>>();
    vec![
        ("even", with(|t| t)),
        ("crowded at the largest", with(|t| 1.0 - (1.0 - t).powi(3))),
        ("decaying", with(|t| 10f64.powf(-8.0 * t))),
        ("one apart", with(|t| if t == 1.0 { 1.0 } else { 0.01 * t })),
        ("two close", with(|t| if t > 0.99 { 1.0 - 0.002 * (1.0 - t) } else { 0.9 * t })),
        ("indefinite", with(|t| 2.0 * t - 1.0)),
        ("mostly negative", with(|t| 1.0 - 20.0 * t)),
        ("of rank one", with(|t| if t == 1.0 { 1.0 } else { 0.0 })),
    ]
}

#[test]
fn lanczos_finds_the_largest_eigenvalue_to_a_thousandth_from_below() {
    for (name, eigenvalues) in spectra() {
        for seed in 0..5 {
            let found = largest_eigenvalue(&Dense(symmetric(seed, &eigenvalues)));
            assert!((0.999..1.0 + 1e-12).contains(&found), "{name}, seed {seed}: {found}");
        }
    }
}

#[test]
fn lanczos_finds_the_largest_eigenvalue_of_a_network_too() {
    for example in Family::ANY.draw(30) {
        for curvature in NAMES {
            let (a, _) = system(&example.experiment(json!({ "curvature": curvature })));
            let eigenvalues = eigenvalues(&a);
            let largest = eigenvalues[eigenvalues.len() - 1];
            let found = largest_eigenvalue(&Dense(a));
            let ratio = found / largest;
            assert!((0.999..1.0 + 1e-9).contains(&ratio), "{example} {curvature}: {found} for {largest}");
        }
    }
}

/// Its two largest eigenvalues are 2.5 % apart, and the start has little of the first: after two small changes the estimate was the second.
#[test]
fn lanczos_does_not_rest_on_the_second_eigenvalue() {
    let experiment = read(&json!({
        "network": { "layers": [20, 60, 40, 20, 3], "activation": "tanh", "seed": 4 },
        "data": { "generator": "notebook", "samples": 20, "seed": 1 }, "loss": "cross_entropy", "curvature": "ggn",
        "weight_decay": 0.01, "methods": [],
    }));
    let problem = Problem::new(&experiment).expect("a problem");
    let operator = problem.curvature(&problem.evaluation);
    let mut vector = DVector::from_fn(operator.dimension(), |row, _| (row as f64).sin());
    for _ in 0..600 {
        vector = operator.apply(&vector.normalize());
    }
    let ratio = largest_eigenvalue(&*operator) / vector.norm();
    assert!((0.999..1.0 + 1e-6).contains(&ratio), "{ratio}");
}

/// A matrix that counts what is asked of it.
struct Counted {
    matrix: DMatrix<f64>,
    products: Cell<usize>,
}

impl LinearOperator<f64> for Counted {
    fn dimension(&self) -> usize {
        self.matrix.nrows()
    }

    fn apply(&self, vector: &DVector<f64>) -> DVector<f64> {
        self.products.set(self.products.get() + 1);
        &self.matrix * vector
    }
}

/// The estimate and its price.
fn counted(matrix: DMatrix<f64>) -> (f64, usize) {
    let operator = Counted { matrix, products: Cell::new(0) };
    (largest_eigenvalue(&operator), operator.products.get())
}

#[test]
fn lanczos_asks_for_no_more_products_than_it_needs_whatever_the_unit() {
    for (name, eigenvalues) in spectra() {
        let matrix = symmetric(1, &eigenvalues);
        let (found, products) = counted(matrix.clone());
        let most = match name {
            "one apart" => 40,
            "of rank one" => 3,
            _ => 60,
        };
        assert!(products <= most, "{name}: {products} products");
        for unit in [2.0_f64.powi(-60), 2.0_f64.powi(60)] {
            assert_eq!(counted(&matrix * unit), (found * unit, products), "{name} in units of {unit:e}");
        }
    }
}

#[test]
fn lanczos_on_a_matrix_without_curvature_finds_none() {
    assert_eq!(counted(DMatrix::zeros(5, 5)), (0.0, 1));
}

#[test]
fn lanczos_ends_with_the_krylov_space() {
    for seed in 0..5 {
        let (found, products) = counted(symmetric(seed, &[3.0; 50]));
        assert!((found / 3.0 - 1.0).abs() < 1e-12 && products == 1, "seed {seed}: {found} after {products}");
    }
}
