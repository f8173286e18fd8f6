//! Influence functions against their definition, and every inverse against the exact one.

use hessian_lab::activation::Activation;
use hessian_lab::application::influence::Influence;
use hessian_lab::application::validation::Validation;
use hessian_lab::lab::Lab;
use hessian_lab::problem::Problem;
use hessian_lab::report::Status;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::read;
use crate::support::{SMOOTH, applications, experiment, methods, trained};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const METHODS: usize = 6;

fn influence(example: &Example, mut changes: Value) -> Influence {
    changes["applications"] = json!(["influence"]);
    applications(example, changes).influence.expect("asked for")
}

#[test]
fn an_exact_inverse_predicts_what_the_definition_says_and_a_poor_one_something_else() {
    for example in SMOOTH.draw(12) {
        let changes = json!({ "curvature": "hessian", "damping": 3.0, "methods": methods() });
        let influence = influence(&example, changes);
        let exact = influence.on_validation_loss.expect("H is formed");
        assert_eq!((influence.by_method.len(), exact.len()), (METHODS, example.samples()), "{example}");
        for method in &influence.by_method[..2] {
            assert!(method.relative_error.expect("s is known") < 1e-9, "{example} {}", method.method);
            assert!(method.correlation.expect("both vary") > 1.0 - 1e-12, "{example} {}", method.method);
        }
        let kfac = &influence.by_method[4];
        let apart = kfac.relative_error.expect("s is known");
        assert!(apart > 1e-3 || example.layout().layers() == 1, "{example}: {apart:e}");
    }
}

#[test]
fn methods_invert_the_curvature_that_is_asked_for() {
    for example in SMOOTH.draw(6) {
        let of = |curvature: &str| influence(&example, json!({ "curvature": curvature, "methods": methods() }));
        let (hessian, ggn) = (of("hessian"), of("ggn"));
        assert_eq!(hessian.on_validation_loss.is_some(), ggn.on_validation_loss.is_some(), "{example}");
        let layers = example.layout().layers();
        let apart = ggn.by_method[0].relative_error.expect("s is known");
        assert!(if layers == 1 { apart < 1e-9 } else { apart > 1e-6 }, "{example}: {apart:e}");
        assert_eq!(ggn.by_method[4].on_validation_loss, hessian.by_method[4].on_validation_loss, "{example}");
    }
}

#[test]
fn a_run_that_explodes_leaves_no_number_that_is_none() {
    let example = SMOOTH.draw(1).next().expect("a network");
    let exploding = json!([{ "method": "neumann", "iterations": 5000, "scale": 1e-3 }]);
    let influence = influence(&example, json!({ "methods": exploding }));
    assert_eq!(influence.by_method[0].status, Status::Diverged);
    let text = serde_json::to_string(&influence).expect("plain numbers");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

#[test]
fn where_theta_stands_is_said_with_what_leads_to_a_minimum() {
    for example in SMOOTH.draw(6) {
        let untrained = influence(&example, json!({})).minimum;
        assert!(!untrained.reached && untrained.gradient_norm > 1e-3, "{example}");
        assert!(untrained.message.contains("training by Newton’s method leads"), "{}", untrained.message);
        let free = influence(&example, json!({ "weight_decay": 0, "damping": 1 })).minimum.message;
        assert!(free.contains("a weight decay above 0") && free.contains("The damping 1.00 is in it too"), "{free}");
        let minimum = influence(&example, trained(json!({}))).minimum;
        assert!(minimum.reached && minimum.gradient_norm < 1e-9, "{example}: {}", minimum.message);
        let short = json!({ "training": { "optimizer": "newton", "steps": 1 } });
        assert!(influence(&example, short).minimum.message.contains("training with more steps leads"), "{example}");
    }
}

#[test]
fn where_relu_has_kinks_a_smooth_activation_is_said_to_help() {
    for example in (Family { activations: &[Activation::Relu], ..SMOOTH }).draw(6) {
        let untrained = influence(&example, json!({})).minimum.message;
        assert!(untrained.contains("training by Newton’s method with a smooth activation leads"), "{untrained}");
        let free = influence(&example, json!({ "weight_decay": 0, "damping": 1 })).minimum.message;
        assert!(free.contains("with a smooth activation and a weight decay above 0 leads"), "{free}");
        let short = influence(&example, json!({ "training": { "optimizer": "newton", "steps": 1 } })).minimum;
        let helps = "training with more steps, and a smooth activation, leads";
        assert!(short.reached || short.message.contains(helps), "{}", short.message);
    }
}

#[test]
fn a_saddle_point_is_no_minimum() {
    // At θ = 0 with targets of mean zero, nothing moves, but the Hessian couples the layers.
    let experiment = json!({
        "network": { "layers": [1, 2, 1], "activation": "tanh", "parameters": [0, 0, 0, 0, 0, 0, 0] },
        "data": { "inputs": [[1], [-1]], "targets": [1, -1] },
        "validation": { "inputs": [[1], [-1]], "targets": [1, -0.5] },
        "loss": "mse", "weight_decay": 0.01, "methods": [], "applications": ["influence"],
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let minimum = report.applications.expect("asked for").influence.expect("asked for").minimum;
    assert!(!minimum.reached && minimum.gradient_norm == 0.0);
    assert!(minimum.message.contains("saddle point"), "{}", minimum.message);
}

/// At θ = 0 with odd data every derivative up to the second is zero along the inner weights, of which three layers need three.
#[test]
fn a_minimum_is_claimed_no_further_than_second_derivatives_tell() {
    let standing = |layers: Value, parameters: usize| {
        let experiment = json!({
            "network": { "layers": layers, "activation": "tanh", "parameters": vec![0; parameters] },
            "data": { "inputs": [[1], [-1], [2], [-2], [0]], "targets": [0.5, -0.5, 1, -1, 0] },
            "validation": { "inputs": [[1], [-1]], "targets": [1, -0.5] },
            "loss": "mse", "damping": 0.1, "methods": [], "applications": ["influence"],
        });
        let report = Lab::new().report(&read(&experiment)).expect("a report");
        report.applications.expect("asked for").influence.expect("asked for").minimum.message
    };
    let flat = standing(json!([1, 2, 2, 1]), 13);
    assert!(flat.contains("as far as second derivatives tell") && flat.contains("some are zero"), "{flat}");
    let unformed = standing(json!([1, 40, 30, 1]), 1341);
    assert!(unformed.contains("is not formed") && !unformed.contains("is a minimum"), "{unformed}");
}

#[test]
fn above_the_largest_matrix_formed_methods_that_need_none_still_answer() {
    let experiment = json!({
        "network": { "layers": [40, 30], "activation": "identity", "seed": 1 },
        "data": { "generator": "notebook", "samples": 50 },
        "validation": { "generator": "notebook", "samples": 5 },
        "loss": "mse", "weight_decay": 0.1,
        "methods": [{ "method": "cg", "iterations": 200 }, { "method": "exact" }],
        "applications": ["influence", "hypergradient"],
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let applications = report.applications.expect("asked for");
    let influence = applications.influence.expect("asked for");
    assert_eq!(influence.on_validation_loss, None);
    let [cg, exact] = influence.by_method.as_slice() else { panic!("two methods") };
    assert_eq!((cg.status, cg.correlation, cg.relative_error), (Status::Converged, None, None));
    assert!(cg.on_validation_loss.iter().all(|number| number.is_some_and(|number| number != 0.0)));
    assert_eq!(exact.status, Status::Breakdown);
    let hypergradient = applications.hypergradient.expect("asked for");
    assert_eq!((hypergradient.weight_decay, hypergradient.elasticity), (None, None));
    assert!(hypergradient.by_method[0].weight_decay.is_some());
}

#[test]
fn a_methods_error_is_relative_to_the_exact_sensitivity() {
    for example in SMOOTH.draw(6) {
        let experiment = experiment(&example, trained(json!({ "methods": methods() })));
        let problem = Problem::new(&experiment).expect("a problem");
        let validation = Validation::new(&problem, &experiment).expect("validation data");
        let exact = validation.sensitivity.expect("H is formed");
        for method in validation.by_method {
            let error = (method.sensitivity.as_ref().expect("an answer") - &exact).norm() / exact.norm();
            let told = method.relative_error.expect("s is known");
            assert!((told - error).abs() <= 1e-12 * (1.0 + error), "{example} {}: {told} {error}", method.method);
        }
    }
}

#[test]
fn a_method_without_an_answer_predicts_nothing() {
    let experiment = json!({
        "network": { "layers": [40, 30], "activation": "identity", "seed": 0 },
        "data": { "inputs": [vec![0.1; 40], vec![-0.2; 40]], "targets": [vec![1; 30], vec![0; 30]] },
        "validation": { "inputs": [vec![0.3; 40]], "targets": [vec![1; 30]] },
        "loss": "mse", "weight_decay": 0.1,
        "methods": [{ "method": "exact" }, { "method": "block_diagonal" }, { "method": "cg", "iterations": 9 }],
        "applications": ["influence", "hypergradient"]
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report").applications.expect("asked for");
    let (influence, hypergradient) = (report.influence.expect("asked for"), report.hypergradient.expect("asked for"));
    for (method, by_weight_decay) in influence.by_method.iter().zip(&hypergradient.by_method) {
        let answered = method.method == "cg";
        assert_eq!(method.on_validation_loss.len(), 2);
        assert!(method.on_validation_loss.iter().all(|change| change.is_some() == answered), "{}", method.method);
        assert_eq!(by_weight_decay.weight_decay.is_some(), answered, "{}", method.method);
        assert_eq!(by_weight_decay.elasticity.is_some(), answered, "{}", method.method);
    }
}
