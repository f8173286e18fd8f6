//! Precision changes the arithmetic alone: a drawn problem is the same in both.

use hessian_lab::lab::Lab;
use hessian_lab::report::Report;
use hessian_lab::scalar::round_to_f32;
use serde_json::{Value, json};

use crate::common::distance;
use crate::common::generated::Family;
use crate::common::read;
use crate::common::support::{NETWORKS, report};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One of many drawn problems.
fn drawn(seed: usize, changes: Value) -> Report {
    let (activation, generator) =
        (["sigmoid", "tanh", "relu", "softplus", "identity"][seed % 5], ["notebook", "blobs"][seed % 2]);
    let loss = ["mse", "cross_entropy"][seed % 3 % 2];
    let mut experiment = json!({
        "network": { "layers": [3, 4, 2], "activation": activation, "seed": seed },
        "data": { "generator": generator, "samples": 12, "seed": seed },
        "loss": loss,
        "weight_decay": 0.01,
        "methods": [{ "method": "cg", "iterations": 8 }, { "method": "neumann", "iterations": 8, "scale": 3 }],
    });
    for (key, value) in changes.as_object().expect("an object of changes") {
        experiment[key] = value.clone();
    }
    Lab::new().report(&read(&experiment)).expect("a report")
}

#[test]
fn a_drawn_problem_is_the_same_in_both_precisions() {
    for seed in 0..30 {
        let [wide, narrow] = ["f64", "f32"].map(|precision| drawn(seed, json!({ "precision": precision })));
        assert_ne!(wide.methods, narrow.methods, "seed {seed}");
        assert_eq!(Report { methods: Vec::new(), ..wide }, Report { methods: Vec::new(), ..narrow }, "seed {seed}");
    }
}

#[test]
fn drawn_numbers_are_float32_numbers() {
    for seed in 0..30 {
        let report = drawn(seed, json!({}));
        let numbers = report.theta.iter().chain(&report.gradient);
        assert!(numbers.copied().all(|number| number == round_to_f32(number)), "seed {seed}");
    }
}

#[test]
fn what_was_given_is_taken_as_it_is() {
    for example in Family::ANY.draw(NETWORKS) {
        let [wide, narrow] = ["f64", "f32"].map(|precision| report(&example, json!({ "precision": precision })));
        assert_eq!(wide.theta, example.evaluation.theta.as_slice(), "{example}");
        assert_eq!((&wide.theta, &wide.exact, &wide.spectrum), (&narrow.theta, &narrow.exact, &narrow.spectrum));
        let apart = distance(&narrow.gradient, &wide.gradient);
        assert!(apart < 1e-4, "{example}: gradients {apart} apart");
        assert!(apart > 0.0, "{example}: a float32 gradient of given numbers is computed in float32");
    }
}

#[test]
fn a_float32_run_stays_near_the_float64_run_and_is_measured_in_float64() {
    for seed in 0..30 {
        let base = json!({ "curvature": "ggn", "damping": 0.5 });
        let [wide, narrow] = ["f64", "f32"].map(|precision| {
            let mut changes = base.clone();
            changes["precision"] = json!(precision);
            drawn(seed, changes).methods
        });
        for (wide, narrow) in wide.iter().zip(&narrow) {
            let apart = distance(&narrow.solution, &wide.solution);
            assert!(apart < 1e-4 && apart > 1e-9, "seed {seed} {}: {apart}", wide.method);
            // Float32's own rounding, which a residual evaluated in float32 could not show so exactly.
            let residual = narrow.trace.residual[8].expect("a number");
            assert!(residual > 1e-9, "seed {seed} {}: {residual}", wide.method);
        }
    }
}
