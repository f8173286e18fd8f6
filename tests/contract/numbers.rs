//! Every number of a report is finite, and what is not there is null, whatever it was asked for.

use hessian_lab::lab::Lab;
use hessian_lab::report::{Report, Status};
use serde_json::{Value, json};

use crate::common::generated::{CURVATURES, Family};
use crate::common::read;
use crate::common::support::{NETWORKS, report};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn no_number_of_a_generated_networks_report_is_nan_or_infinite() {
    for example in Family::ANY.draw(NETWORKS) {
        for (curvature, precision) in CURVATURES.into_iter().zip(["f32", "f64", "f64", "f32"]) {
            let changes = json!({
                "curvature": curvature, "precision": precision, "methods": methods(100), "include": ["matrices"],
            });
            assert_finite(&report(&example, changes), &format!("{example} {curvature:?}"));
        }
    }
}

#[test]
fn no_number_of_an_extreme_report_is_nan_or_infinite() {
    for (name, experiment) in extremes() {
        // Numbers that overflow may be refused, by name.
        match Lab::new().report(&read(&experiment)) {
            Ok(report) => assert_finite(&report, name),
            Err(refusal) => assert!(!refusal.field.is_empty() && !refusal.problem.is_empty(), "{name}"),
        }
    }
}

fn extremes() -> Vec<(&'static str, Value)> {
    let single = json!({ "layers": [1, 1], "activation": "identity", "parameters": [0, 0] });
    let deep =
        |parameter: f64| json!({ "layers": vec![1; 9], "activation": "identity", "parameters": vec![parameter; 16] });
    let deepest = json!({
        "layers": [1, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 1], "activation": "identity", "parameters": vec![1e6; 673],
    });
    let data = |input: f64, target: f64| json!({ "inputs": [[input], [-input]], "targets": [target, target] });
    let saturated = json!({ "layers": [1, 2], "activation": "identity", "parameters": [0, 0, 0, 741] });
    vec![
        ("huge data", experiment(&single, data(1e6, 1e6), json!({}))),
        ("tiny data", experiment(&single, data(1e-300, 1e-300), json!({}))),
        ("huge data in float32", experiment(&single, data(1e6, 1e6), json!({ "precision": "f32" }))),
        ("tiny data in float32", experiment(&single, data(1e-30, 1e-30), json!({ "precision": "f32" }))),
        ("a deep product", experiment(&deep(1e3), data(1.0, 0.0), json!({}))),
        ("a deep product in float32", experiment(&deep(1e5), data(1.0, 0.0), json!({ "precision": "f32" }))),
        ("a deeper product", experiment(&deep(1e6), data(1e6, 1e6), json!({}))),
        ("an overflowing product", experiment(&deepest, data(1e6, 1e6), json!({}))),
        ("a vanishing product", experiment(&deep(1e-40), data(1.0, 0.0), json!({}))),
        ("huge damping", experiment(&single, data(1.0, 1.0), json!({ "damping": 1e6, "weight_decay": 1e6 }))),
        ("tiny damping", experiment(&single, data(0.0, 1.0), json!({ "damping": 1e-300 }))),
        ("a tiny right-hand side", experiment(&single, data(1.0, 1.0), json!({ "right_hand_side": [1e-300, 0] }))),
        (
            "one whose square is zero",
            experiment(&single, data(1.0, 1.0), json!({ "right_hand_side": [1e-170, 1e-171] })),
        ),
        (
            "one whose square is not normal",
            experiment(&single, data(1.0, 1.0), json!({ "right_hand_side": [1e-160, 2e-161] })),
        ),
        ("data whose squares are not normal", experiment(&single, data(1e-160, 1e-160), json!({ "damping": 1e-300 }))),
        (
            "a saturated softmax",
            experiment(
                &saturated,
                json!({ "inputs": [[0]], "targets": [1] }),
                json!({ "loss": "cross_entropy", "right_hand_side": [0, 0, 1e6, -1e6] }),
            ),
        ),
    ]
}

#[test]
fn a_budget_whose_matrices_overflow_is_missing_and_says_so() {
    let mut missing = 0;
    for size in [1e-160, 1e-100, 1.0, 1e3] {
        let network = json!({ "layers": [1, 1, 2], "activation": "tanh", "parameters": [size, 0, size, 0, 0, 0] });
        let data = json!({ "inputs": [[size], [1e-300]], "targets": [1, 0] });
        for damping in [0.0, 1e6] {
            let changes = json!({ "loss": "cross_entropy", "analysis": ["budget"], "damping": damping });
            let report = Lab::new().report(&read(&experiment(&network, data.clone(), changes))).expect("a report");
            let analysis = report.analysis.expect("it was asked for");
            let Some(budget) = analysis.budget else {
                assert_eq!(
                    analysis.missing,
                    ["budget: the matrices overflow; smaller parameters, data or damping help."]
                );
                missing += 1;
                continue;
            };
            for stage in budget.stages.iter().chain(&budget.conventions) {
                let angles = [stage.angle, stage.turn].into_iter().flatten();
                let mut numbers = [stage.step, stage.distance].into_iter().chain(angles);
                assert!(numbers.all(f64::is_finite), "{size:e}: {stage:?}");
            }
        }
    }
    println!("{missing} missing");
}

fn experiment(network: &Value, data: Value, changes: Value) -> Value {
    let mut experiment = json!({ "network": network, "data": data, "loss": "mse", "methods": methods(300) });
    for (key, value) in changes.as_object().expect("an object of changes") {
        experiment[key] = value.clone();
    }
    experiment
}

fn methods(iterations: usize) -> Value {
    json!([
        { "method": "exact" },
        { "method": "cg", "iterations": iterations },
        { "method": "cg", "iterations": iterations, "start": "right_hand_side", "preconditioner": "ekfac" },
        { "method": "minres", "iterations": iterations },
        { "method": "neumann", "iterations": iterations, "scale": 1e-9 },
        { "method": "neumann", "iterations": iterations, "scale": "auto" },
        { "method": "neumann", "iterations": iterations, "scale": "auto", "preconditioner": "kfac" },
        { "method": "lissa", "iterations": iterations, "scale": 0.01, "batch": 1, "repeats": 2, "seed": 0 },
        { "method": "lissa", "iterations": iterations, "scale": "auto", "batch": 1, "repeats": 2, "seed": 0 },
        { "method": "kfac", "damping_convention": "pi" },
        { "method": "kfac", "fisher": "empirical" },
        { "method": "kfac", "fisher": "mc", "damping_convention": "sqrt" },
        { "method": "ekfac" },
        { "method": "block_diagonal" },
        { "method": "diagonal" },
    ])
}

/// Asserts that all numbers of a report are finite and its sentences free of what is none.
fn assert_finite(report: &Report, name: &str) {
    let whole = [&report.theta, &report.gradient, report.spectrum.as_ref().unwrap_or(&report.theta)];
    let solution = report.exact.solution.as_ref().unwrap_or(&report.theta);
    for numbers in whole.into_iter().chain([solution, &vec![report.loss]]) {
        assert!(numbers.iter().all(|number| number.is_finite()), "{name}: {numbers:?}");
    }
    for run in &report.methods {
        let trace = &run.trace;
        let curves = [&trace.relative_error, &trace.cosine_similarity, &trace.residual, &trace.energy_error];
        let curves = curves.into_iter().flatten().flatten();
        let mut numbers =
            run.solution.iter().chain(&trace.products).chain(&run.scale).chain([&run.slope]).chain(curves);
        assert!(numbers.all(|number| number.is_finite()), "{name} {}: {run:?}", run.method);
        let mut cosines = trace.cosine_similarity.iter().flatten();
        assert!(cosines.all(|cosine| cosine.abs() <= 1.0 + 1e-9), "{name} {}: {trace:?}", run.method);
        assert!(
            !run.message.contains("NaN") && !run.message.contains("inf "),
            "{name} {}: {}",
            run.method,
            run.message
        );
    }
}

#[test]
fn a_right_hand_side_of_zero_leaves_nothing_to_measure() {
    for example in Family::ANY.draw(NETWORKS) {
        for precision in ["f64", "f32"] {
            let zero = vec![0.0; example.parameters()];
            let report =
                report(&example, json!({ "right_hand_side": zero, "precision": precision, "methods": methods(20) }));
            assert_eq!(report.exact.solution.as_ref(), Some(&zero), "{example}");
            for run in &report.methods {
                let (what, trace) = (format!("{example} {} {precision}", run.method), &run.trace);
                assert_eq!((&run.solution, run.slope), (&zero, 0.0), "{what}");
                assert!(
                    matches!(run.status, Status::Ok | Status::Converged),
                    "{what}: {:?} {}",
                    run.status,
                    run.message
                );
                let curves = [&trace.relative_error, &trace.cosine_similarity, &trace.residual, &trace.energy_error];
                assert!(curves.into_iter().flatten().all(Option::is_none), "{what}: {trace:?}");
            }
        }
    }
}
