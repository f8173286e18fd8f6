//! What CG does where pᵀAp ≤ 0, and what it tells its reader.

use hessian_lab::report::{MethodReport, Status};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::Example;
use crate::common::support::DEEP;
use crate::common::systems::{damped, eigenvalues, run, system};
use crate::common::words::number_after;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn cg(iterations: usize, on_negative_curvature: &str) -> Value {
    json!({ "method": "cg", "iterations": iterations, "on_negative_curvature": on_negative_curvature })
}

/// Networks on whose Hessian CG meets negative curvature, with the run that goes on.
fn meetings() -> Vec<(Example, MethodReport)> {
    let with_run = |example: Example| {
        let run = run(&example, json!({}), cg(20, "continue"));
        (example, run)
    };
    let met = |(_, run): &(Example, MethodReport)| run.status == Status::NegativeCurvature;
    let meetings: Vec<_> = DEEP.draw(40).map(with_run).filter(met).collect();
    assert!(meetings.len() >= 20, "only {} of 40 networks", meetings.len());
    meetings
}

#[test]
fn it_is_reported_with_its_iteration_and_its_value() {
    for (example, run) in meetings() {
        let (a, b) = system(&example.experiment(json!({})));
        let seen = run.status_iteration.expect("an iteration");
        let (first, curvature) = first_negative_curvature(&a, &b).expect("the matrix is indefinite");
        assert_eq!(seen, first, "{example}");
        let said = number_after(&run.message, "Curvature along the search direction is ");
        assert!((said - curvature).abs() <= 0.006 * curvature.abs() + 1e-9, "{example}: {said} for {curvature}");
    }
}

/// The textbook's CG up to the first pᵀAp ≤ 0: its iteration, and pᵀAp / pᵀp.
fn first_negative_curvature(a: &DMatrix<f64>, b: &DVector<f64>) -> Option<(usize, f64)> {
    let (mut r, mut p) = (b.clone(), b.clone());
    for k in 1..=20 {
        let product = a * &p;
        let curvature = p.dot(&product);
        if curvature <= 0.0 {
            return Some((k, curvature / p.norm_squared()));
        }
        let weight = r.norm_squared();
        r -= product * (weight / curvature);
        p = &r + p * (r.norm_squared() / weight);
    }
    None
}

#[test]
fn stop_ends_with_the_iterate_before() {
    for (example, run_on) in meetings() {
        let seen = run_on.status_iteration.expect("an iteration");
        let stopped = run(&example, json!({}), cg(20, "stop"));
        let before = run(&example, json!({}), cg(seen - 1, "continue"));
        assert_eq!(stopped.status, Status::NegativeCurvature, "{example}");
        assert_eq!((stopped.status_iteration, &stopped.message), (Some(seen), &run_on.message), "{example}");
        assert_eq!(stopped.solution, before.solution, "{example}");
        assert_eq!(stopped.trace.residual.len(), 21, "{example}");
        assert_eq!(stopped.trace.residual[..seen], run_on.trace.residual[..seen], "{example}");
        assert!(stopped.trace.residual[seen..].iter().all(|r| *r == stopped.trace.residual[seen - 1]), "{example}");
        // The product that showed it was needed too.
        assert_eq!(stopped.trace.products[20], seen as f64, "{example}");
    }
}

#[test]
fn the_damping_that_it_names_is_where_the_matrix_becomes_positive_definite() {
    for damping in [0.0, 0.01] {
        for example in DEEP.draw(40) {
            let run = run(&example, json!({ "damping": damping }), cg(20, "continue"));
            if run.message.contains("has negative eigenvalues") {
                let (hessian, _) = system(&example.experiment(json!({})));
                assert_turning_point(&hessian, number_after(&run.message, "Damping above "), &example);
            }
        }
    }
}

/// Just above the damping the matrix is positive definite, and 1 % below it is not.
fn assert_turning_point(hessian: &DMatrix<f64>, damping: f64, example: &Example) {
    let smallest = |damping: f64| eigenvalues(&damped(hessian.clone(), damping))[0];
    assert!(smallest(damping * (1.0 + 1e-6)) > 0.0, "{example}: {damping} is not enough for {}", smallest(0.0));
    assert!(smallest(damping * 0.99) < 0.0, "{example}: less than {damping} is enough for {}", smallest(0.0));
}
