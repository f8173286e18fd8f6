//! Actual over predicted reduction: one where the objective is its own quadratic model.

use hessian_lab::analysis::reduction::Reduction;
use hessian_lab::lab::Lab;
use hessian_lab::loss::Loss;
use hessian_lab::report::Report;
use nalgebra::DVector;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::read;
use crate::common::support::NETWORKS;
use crate::common::systems::system;
use crate::support::{analysed, iterative};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn reductions(example: &Example, changes: Value) -> (Vec<Reduction>, Report) {
    let (analysis, report) = analysed(example, changes, "reduction");
    (analysis.reduction.expect("it needs no matrix"), report)
}

#[test]
fn on_a_quadratic_objective_the_ratio_is_one() {
    for example in (Family { hidden: (0, 0), losses: &[Loss::Mse], ..Family::ANY }).draw(NETWORKS) {
        let changes = json!({ "damping": 0.1, "methods": iterative(5, &example) });
        for reduction in reductions(&example, changes).0 {
            for (k, ratio) in reduction.ratio.iter().enumerate() {
                match ratio {
                    Some(ratio) => assert!((ratio - 1.0).abs() < 1e-9, "{example} at {k}: {ratio}"),
                    // No step, no reduction.
                    None => assert_eq!(reduction.predicted[k], Some(0.0), "{example} at {k}"),
                }
            }
        }
    }
}

#[test]
fn it_is_that_of_the_steps() {
    for example in Family::ANY.draw(NETWORKS) {
        for curvature in ["hessian", "ggn"] {
            let changes = json!({ "curvature": curvature, "damping": 0.4, "methods": iterative(5, &example) });
            let (matrix, _) = system(&example.experiment(json!({ "curvature": curvature })));
            let (reductions, report) = reductions(&example, changes);
            for (reduction, run) in reductions.iter().zip(&report.methods) {
                let x = DVector::from_column_slice(&run.solution);
                let actual = example.evaluation.value() - example.at(&example.evaluation.theta - &x).value();
                let predicted = example.evaluation.gradient().dot(&x) - 0.5 * x.dot(&(&matrix * &x));
                assert_last(reduction, [actual, predicted], &format!("{example} {curvature} {}", run.method));
            }
        }
    }
}

fn assert_last(reduction: &Reduction, [actual, predicted]: [f64; 2], what: &str) {
    let last = |curve: &[Option<f64>]| curve.last().copied().flatten().expect("a number");
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * (1.0 + other.abs());
    assert!(near(last(&reduction.actual), actual), "{what}: {:?} for {actual}", reduction.actual);
    assert!(near(last(&reduction.predicted), predicted), "{what}: {:?} for {predicted}", reduction.predicted);
    assert_eq!(last(&reduction.ratio), last(&reduction.actual) / last(&reduction.predicted), "{what}");
}

/// Near a minimum a step promises less than the rounding of the objective, and what it gains is rounding alone.
#[test]
fn there_is_no_ratio_of_rounding() {
    let problem = json!({
        "network": { "layers": [1, 3, 1], "activation": "tanh", "seed": 1 },
        "data": { "generator": "sine", "samples": 8 },
        "loss": "mse", "weight_decay": 0.01, "training": { "optimizer": "newton", "steps": 40 },
        "methods": [{ "method": "exact" }, { "method": "cg", "iterations": 3 }], "analysis": ["reduction"]
    });
    let report = Lab::new().report(&read(&problem)).expect("a report");
    for reduction in report.analysis.expect("analyses").reduction.expect("reductions") {
        assert!(reduction.predicted.iter().flatten().all(|predicted| predicted.abs() < 1e-16), "{reduction:?}");
        assert!(reduction.ratio.iter().all(Option::is_none), "{reduction:?}");
    }
}

/// x lies along the null vector of C, and is so long that rounding of xᵀCx is more than all of the fall.
#[test]
fn a_prediction_that_rounding_hides_is_none() {
    let experiment = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [1, 0] },
        "data": { "inputs": [[0.7]], "targets": [0] }, "loss": "mse", "damping": 1e-12, "right_hand_side": [1, 0],
        "methods": [{ "method": "exact" }], "analysis": ["reduction"]
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let reduction = report.analysis.expect("asked for").reduction.expect("it needs no matrix").remove(0);
    assert_eq!((&reduction.predicted[..], &reduction.ratio[..]), (&[None][..], &[None][..]));
    assert!(reduction.actual[0].is_some());
}

#[test]
fn a_method_without_an_answer_has_no_reduction() {
    let experiment = json!({
        "network": { "layers": [40, 30], "activation": "identity", "seed": 0 },
        "data": { "inputs": [vec![0.1; 40]], "targets": [vec![1; 30]] }, "loss": "mse",
        "methods": [{ "method": "exact" }, { "method": "cg", "iterations": 2 }], "analysis": ["reduction"]
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let reductions = report.analysis.expect("asked for").reduction.expect("it needs no matrix");
    let none = Reduction { actual: vec![None], predicted: vec![None], ratio: vec![None] };
    assert_eq!(reductions[0], none);
    assert!(reductions[1].actual.iter().all(Option::is_some));
}
