//! Training before the analysis, as an experiment asks for it.

mod common;

use common::assert_near;
use common::generated::{Example, Family};
use common::support::{DEEP, report, spectrum};
use hessian_lab::activation::Activation;
use hessian_lab::lab::Lab;
use hessian_lab::loss::Loss;
use hessian_lab::report::{ExactStatus, Report};
use nalgebra::DVector;
use serde_json::{Value, json};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn trained(example: &Example, optimizer: &str, steps: u32, changes: Value) -> Report {
    let mut experiment = changes;
    experiment["training"] = json!({ "optimizer": optimizer, "steps": steps, "learning_rate": 0.05 });
    report(example, experiment)
}

#[test]
fn no_steps_leave_everything_as_it_is() {
    for example in Family::ANY.draw(10) {
        let untrained = report(&example, json!({}));
        for optimizer in ["gradient_descent", "newton"] {
            assert_eq!(trained(&example, optimizer, 0, json!({})), untrained, "{example} {optimizer}");
        }
    }
}

#[test]
fn gradient_descent_is_a_step_down_the_gradient_so_often() {
    for example in Family::ANY.draw(20) {
        let mut theta = example.evaluation.theta.clone();
        for _ in 0..7 {
            theta -= example.at(theta.clone()).gradient() * 0.05;
        }
        let report = trained(&example, "gradient_descent", 7, json!({}));
        assert_near(&report.theta, theta.as_slice(), 1e-13, &example.to_string());
        assert_near(&report.gradient, example.at(theta.clone()).gradient().as_slice(), 1e-10, &example.to_string());
        assert_near(&[report.loss], &[example.at(theta).value()], 1e-12, &example.to_string());
    }
}

/// With weight decay there is a minimum, and in it the gradient vanishes and no eigenvalue is negative.
#[test]
fn newton_ends_in_a_minimum() {
    let smooth = &[Activation::Sigmoid, Activation::Tanh, Activation::Softplus, Activation::Identity];
    for example in (Family { activations: smooth, weight_decays: &[0.05], hidden: (0, 2), ..Family::ANY }).draw(24) {
        let report = trained(&example, "newton", 400, json!({}));
        let gradient = DVector::from_column_slice(&report.gradient).norm();
        assert!(gradient < 1e-10 * example.evaluation.gradient().norm().max(1.0), "{example}: {gradient:e}");
        let smallest = spectrum(&report)[0];
        assert!(smallest > -1e-9, "{example}: {smallest}");
        assert!(report.loss <= example.evaluation.value(), "{example}");
    }
}

#[test]
fn newton_takes_a_quadratic_objective_to_its_minimum_at_once() {
    let line = Family { hidden: (0, 0), losses: &[Loss::Mse], weight_decays: &[0.05], ..Family::ANY };
    for example in line.draw(10) {
        let untrained = report(&example, json!({}));
        let step = DVector::from_vec(untrained.exact.solution.expect("a definite system"));
        let minimum = &example.evaluation.theta - step;
        let report = trained(&example, "newton", 60, json!({}));
        assert_near(&report.theta, minimum.as_slice(), 1e-9, &example.to_string());
    }
}

#[test]
fn what_is_analysed_is_the_trained_network() {
    for example in DEEP.draw(5) {
        let changes = json!({ "curvature": "ggn", "damping": 0.1, "methods": [{ "method": "cg", "iterations": 200 }] });
        let report = trained(&example, "gradient_descent", 30, changes);
        assert_eq!(report.exact.status, ExactStatus::Ok, "{example}");
        let fresh = json!({
            "network": {
                "layers": example.layout().widths(), "activation": example.evaluation.objective.activation,
                "parameters": report.theta,
            },
            "curvature": "ggn", "damping": 0.1,
        });
        let again = self::report(&example, fresh);
        assert_near(
            &again.exact.solution.expect("small"),
            report.exact.solution.as_ref().expect("small"),
            1e-12,
            &example.to_string(),
        );
    }
}

#[test]
fn divergence_is_refused_with_the_learning_rate() {
    for example in (Family { losses: &[Loss::Mse], ..Family::ANY }).draw(10) {
        let training = json!({ "optimizer": "gradient_descent", "steps": 100000, "learning_rate": 900.0 });
        let refusal = Lab::new().report(&example.experiment(json!({ "training": training }))).expect_err("it diverges");
        assert_eq!(refusal.field, "training.learning_rate", "{example}");
        assert!(refusal.problem.contains("diverges with 900") && refusal.problem.contains("smaller"), "{refusal}");
    }
}

/// Deep networks without a squashing activation overflow within a few steps, the objective before θ.
#[test]
fn whenever_it_overflows_the_learning_rate_is_named() {
    let family = Family { losses: &[Loss::Mse], activations: &[Activation::Relu, Activation::Identity], ..Family::ANY };
    let mut refused = 0;
    for example in family.draw(40) {
        for steps in 1..=8 {
            let training = json!({ "optimizer": "gradient_descent", "steps": steps, "learning_rate": 900.0 });
            if let Err(refusal) = Lab::new().report(&example.experiment(json!({ "training": training }))) {
                assert_eq!(refusal.field, "training.learning_rate", "{example}, {steps} steps");
                refused += 1;
            }
        }
    }
    assert!(refused > 20, "{refused}");
}
