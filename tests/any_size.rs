//! From two parameters to a hundred thousand: what needs products only always works, and what is missing says so.

mod common;

use common::read;
use hessian_lab::lab::Lab;
use hessian_lab::report::{ExactStatus, Report};
use serde_json::{Value, json};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn report(experiment: &Value) -> Report {
    Lab::new().report(&read(experiment)).expect("a report")
}

const ANALYSES: [&str; 7] = ["modes", "polynomials", "bounds", "slice", "budget", "reduction", "conventions"];

/// Every method and option.
fn methods(batch: u32, iterations: u32) -> Vec<Value> {
    let with = |mut method: Value| {
        method["iterations"] = json!(iterations);
        method
    };
    vec![
        with(json!({ "method": "cg" })),
        with(json!({ "method": "cg", "start": "right_hand_side", "on_negative_curvature": "stop" })),
        with(json!({ "method": "cg", "preconditioner": "kfac" })),
        with(json!({ "method": "cg", "preconditioner": "ekfac" })),
        with(json!({ "method": "minres" })),
        with(json!({ "method": "neumann", "scale": "auto" })),
        with(json!({ "method": "neumann", "scale": 3.0, "preconditioner": "ekfac" })),
        with(json!({ "method": "lissa", "scale": 10.0, "batch": batch, "repeats": 2, "seed": 1 })),
        json!({ "method": "kfac" }),
        json!({ "method": "kfac", "fisher": "mc", "damping_convention": "pi" }),
        json!({ "method": "kfac", "fisher": "empirical", "damping_convention": "sqrt" }),
        json!({ "method": "ekfac" }),
        json!({ "method": "diagonal" }),
        json!({ "method": "block_diagonal" }),
        json!({ "method": "exact" }),
    ]
}

#[test]
fn two_parameters_and_one_datum_are_enough_for_everything() {
    for curvature in ["hessian", "ggn", "fisher_mc", "fisher_empirical"] {
        for (precision, damping) in [("f64", 0.0), ("f64", 0.3), ("f32", 0.0), ("f32", 0.3)] {
            for (outputs, loss) in [(1, "mse"), (2, "cross_entropy")] {
                let report = report(&json!({
                    "network": { "layers": [1, outputs], "activation": "relu", "seed": 1 },
                    "data": { "generator": "notebook", "samples": 1, "seed": 1 },
                    "loss": loss, "curvature": curvature, "precision": precision, "damping": damping,
                    "methods": methods(1, 5), "analysis": ANALYSES, "include": ["matrices"],
                }));
                assert_eq!(report.parameters, 2 * outputs);
                assert_eq!(report.methods.len(), methods(1, 5).len());
                assert_eq!(report.exact.status == ExactStatus::Ok, damping > 0.0, "{curvature} {loss}");
                for run in &report.methods {
                    assert_eq!(run.solution.len(), report.parameters);
                    assert!(run.solution.iter().all(|x| x.is_finite()), "{curvature} {loss} {}", run.method);
                }
            }
        }
    }
}

/// 108,424 parameters, a hundred data.
#[cfg(not(target_arch = "wasm32"))]
mod large {
    use super::*;
    use hessian_lab::curvature::kfac::DampingConvention;
    use hessian_lab::experiment::{Experiment, Fisher, Precision};
    use hessian_lab::operator::LinearOperator;
    use hessian_lab::problem::Problem;
    use hessian_lab::report::Status;
    use hessian_lab::system::System;
    use nalgebra::DVector;

    const DAMPING: f64 = 1.0;

    fn experiment(precision: &str, methods: &[Value]) -> Experiment {
        read(&json!({
            "network": { "layers": [64, 128, 128, 128, 128, 128, 128, 128, 8], "activation": "tanh", "seed": 1 },
            "data": { "generator": "notebook", "samples": 100, "seed": 2 },
            "loss": "mse", "curvature": "ggn", "damping": DAMPING, "precision": precision, "methods": methods,
            "analysis": ["reduction", "modes"],
        }))
    }

    #[test]
    fn every_method_works_that_needs_products_only() {
        let experiment = experiment("f64", &methods(20, 6));
        let report = Lab::new().report(&experiment).expect("a report");
        assert_eq!((report.parameters, report.spectrum.as_ref()), (108_424, None));
        let problem = Problem::new(&experiment).expect("a problem");
        let system = System::new(&problem, DAMPING, Precision::F64);
        for run in &report.methods[..13] {
            let x = DVector::from_column_slice(&run.solution);
            let residual =
                (&problem.right_hand_side - system.operator.apply(&x)).norm() / problem.right_hand_side.norm();
            let reported = run.trace.residual.last().copied().flatten().expect("it needs no exact solution");
            assert!(
                (reported - residual).abs() <= 1e-10 + 1e-6 * residual,
                "{}: {reported} for {residual}",
                run.method
            );
            assert!(residual < 0.9, "{}: {}", run.method, run.message);
            assert!(run.trace.relative_error.iter().all(Option::is_none), "{}", run.method);
            assert!(run.trace.energy_error.iter().all(Option::is_none), "{}", run.method);
        }
        assert_residuals_fall(&report);
        assert_what_is_missing(&report);
    }

    /// On a definite matrix MINRES's residual always falls, and the others' does here.
    fn assert_residuals_fall(report: &Report) {
        for run in &report.methods[..8] {
            let residuals: Vec<_> = run.trace.residual.iter().map(|r| r.expect("a number")).collect();
            let falling = residuals.windows(2).all(|pair| pair[1] < pair[0] || pair[1] < 1e-10);
            assert!(falling, "{}: {residuals:?}", run.method);
        }
    }

    fn assert_what_is_missing(report: &Report) {
        assert_eq!((report.exact.status, &report.exact.solution), (ExactStatus::NotFormed, &None));
        assert!(report.exact.message.contains("108424 parameters"), "{}", report.exact.message);
        let [block_diagonal, exact] = &report.methods[13..] else { panic!("the last two need a matrix") };
        assert!(block_diagonal.message.contains("8320 parameters"), "{}", block_diagonal.message);
        for run in [block_diagonal, exact] {
            assert_eq!(run.status, Status::Breakdown, "{}: {}", run.method, run.message);
            assert!(run.message.ends_with('.'), "{}", run.message);
        }
        let analysis = report.analysis.as_ref().expect("it was asked for");
        assert_eq!(analysis.reduction.as_ref().map(Vec::len), Some(15));
        assert_eq!(analysis.missing.len(), 1, "{:?}", analysis.missing);
    }

    #[test]
    fn float32_works_too() {
        let cg = [json!({ "method": "cg", "iterations": 8 })];
        let run = Lab::new().report(&experiment("f32", &cg)).expect("a report").methods.remove(0);
        assert_eq!(run.status, Status::Converged, "{}", run.message);
        assert!(run.trace.residual[8] > Some(1e-10), "float32 cannot be that exact: {:?}", run.trace.residual);
    }

    #[test]
    fn kfac_solves_with_its_factors() {
        let experiment = experiment("f64", &[json!({ "method": "kfac" })]);
        let run = Lab::new().report(&experiment).expect("a report").methods.remove(0);
        let problem = Problem::new(&experiment).expect("a problem");
        let damped = problem.kfac(Fisher::Type2).damped(DAMPING, DampingConvention::Exact);
        let apart = damped.apply(&DVector::from_vec(run.solution)) - &problem.right_hand_side;
        assert!(apart.norm() < 1e-10 * problem.right_hand_side.norm(), "{:e}", apart.norm());
    }

    #[test]
    fn the_scale_comes_from_lanczos_and_says_so() {
        let run = |scale: Value| {
            let neumann = [json!({ "method": "neumann", "iterations": 4, "scale": scale })];
            Lab::new().report(&experiment("f64", &neumann)).expect("a report").methods.remove(0)
        };
        let chosen = run(json!("auto"));
        assert!(chosen.message.contains("estimated by Lanczos"), "{}", chosen.message);
        let scale = chosen.scale.expect("it was chosen");
        // 1.05 times the largest eigenvalue: half of it is too small by a little, and a lot less by a lot.
        assert_ne!(run(json!(0.5 * scale)).status, Status::Diverged);
        let diverged = run(json!(0.2 * scale));
        assert_eq!(diverged.status, Status::Diverged, "{}", diverged.message);
        assert!(diverged.message.contains("residual grows"), "{}", diverged.message);
    }

    #[test]
    fn twelve_hundred_parameters_are_formed_and_one_more_is_not() {
        for (layers, parameters) in [([9, 109, 1], 1200), ([10, 100, 1], 1201)] {
            let report = report(&json!({
                "network": { "layers": layers, "activation": "tanh" },
                "data": { "generator": "notebook", "samples": 20 },
                "loss": "mse", "damping": 0.5, "methods": [{ "method": "cg", "iterations": 40 }],
            }));
            assert_eq!(report.parameters, parameters);
            let formed = parameters == 1200;
            assert_eq!(report.spectrum.is_some(), formed);
            assert_eq!(report.exact.status, if formed { ExactStatus::Ok } else { ExactStatus::NotFormed });
            assert_eq!(report.methods[0].trace.relative_error[0].is_some(), formed);
        }
    }
}
