//! What an application cannot do is refused by the field that is in the way, with what would help.

use hessian_lab::lab::Lab;
use serde_json::{Value, json};

use crate::common::read;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A good experiment but for the changes.
fn changed(changes: Value) -> Value {
    let mut experiment = json!({
        "network": { "layers": [2, 3, 1], "activation": "tanh", "seed": 1 },
        "data": { "generator": "notebook", "samples": 12 },
        "validation": { "generator": "notebook", "samples": 6 },
        "loss": "mse", "weight_decay": 0.05, "methods": [],
        "training": { "optimizer": "newton", "steps": 300 },
    });
    for (key, value) in changes.as_object().expect("an object of changes") {
        experiment[key] = value.clone();
    }
    experiment
}

fn assert_refused(mut changes: Value, application: &str, field: &str, why: &str) {
    changes["applications"] = json!([application]);
    let mut experiment = changed(changes);
    if experiment["validation"].is_null() {
        experiment.as_object_mut().expect("an object").remove("validation");
    }
    let experiment = read(&experiment);
    let mut lab = Lab::new();
    let refusals = [lab.report(&experiment).err(), lab.retrain(&experiment).err()];
    let stepped = application.ends_with("_retrained");
    for refusal in refusals.into_iter().take(if stepped { 2 } else { 1 }) {
        let refusal = refusal.expect("a refusal");
        assert_eq!(refusal.field, field, "{application}: {refusal}");
        assert!(refusal.problem.contains(why), "{application}: {refusal}");
    }
}

#[test]
fn between_linear_layers_a_rotation_stays_flat_and_damping_is_asked_for_at_once() {
    for weight_decay in [0.0, 0.01] {
        let network = json!({ "layers": [2, 3, 2, 1], "activation": "identity", "seed": 1 });
        let changes = json!({ "network": network, "weight_decay": weight_decay });
        assert_refused(changes, "influence", "damping", "a larger one helps");
    }
}

#[test]
fn without_validation_data_there_is_nothing_to_influence() {
    for application in ["influence", "hypergradient", "influence_retrained", "hypergradient_retrained"] {
        assert_refused(json!({ "validation": null }), application, "validation", "need validation data");
    }
}

#[test]
fn a_singular_system_has_no_inverse() {
    // Two data and three parameters of one linear layer.
    let network = json!({ "layers": [2, 1], "activation": "identity", "seed": 1 });
    let few = json!({ "inputs": [[1, 2], [0.5, -1]], "targets": [1, 0] });
    for application in ["influence", "hypergradient", "influence_retrained"] {
        let changes = json!({ "network": network, "data": few, "weight_decay": 0 });
        assert_refused(changes, application, "weight_decay", "a larger one helps");
    }
    let damped =
        json!({ "network": network, "data": few, "weight_decay": 0, "damping": 0.1, "applications": ["influence"] });
    assert!(Lab::new().report(&read(&changed(damped))).is_ok());
}

#[test]
fn one_datum_cannot_be_left_out() {
    let one = json!({ "generator": "notebook", "samples": 1 });
    assert_refused(json!({ "data": one }), "influence_retrained", "data", "at least 2 are needed");
}

#[test]
fn zero_has_no_logarithm() {
    let changes = json!({ "weight_decay": 0, "damping": 0.1 });
    assert_refused(changes, "hypergradient_retrained", "weight_decay", "0 has no logarithm");
}

#[test]
fn only_what_retrains_can_be_stepped_through() {
    let mut lab = Lab::new();
    for applications in [json!([]), json!(["influence", "hypergradient"])] {
        let experiment = read(&changed(json!({ "applications": applications })));
        let refusal = lab.retrain(&experiment).err().expect("a refusal");
        assert_eq!(refusal.field, "applications", "{refusal}");
    }
}

#[test]
fn a_validation_loss_that_overflows_is_told_so() {
    let widths = [1, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 1];
    // Weights as large as they may be, and biases of zero: at an input of zero all is well.
    let layer = |pair: &[usize]| [vec![1e6; pair[0] * pair[1]], vec![0.0; pair[1]]].concat();
    let parameters: Vec<f64> = widths.windows(2).flat_map(layer).collect();
    let changes = json!({
        "network": { "layers": widths, "activation": "identity", "parameters": parameters },
        "training": { "optimizer": "newton", "steps": 0 },
        "data": { "inputs": [[0], [0]], "targets": [0, 0] },
        "validation": { "inputs": [[1e6]], "targets": [0] },
    });
    assert_refused(changes, "influence", "validation", "overflows");
}

#[test]
fn where_training_reaches_no_minimum_it_is_said() {
    // Without weight decay, separable classes have their minimum at infinity.
    let experiment = changed(json!({
        "network": { "layers": [1, 2], "activation": "identity", "seed": 1 },
        "data": { "inputs": [[-2], [-1], [1], [2]], "targets": [0, 0, 1, 1] },
        "validation": { "inputs": [[-1], [1]], "targets": [0, 1] },
        "loss": "cross_entropy", "weight_decay": 0, "damping": 0.01,
        "training": { "optimizer": "newton", "steps": 3 },
        "applications": ["influence", "influence_retrained"],
    }));
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let applications = report.applications.expect("asked for");
    assert!(!applications.influence.expect("asked for").minimum.reached);
    let retrained = applications.influence_retrained.expect("asked for");
    assert!(retrained.message.contains("minimum"), "{}", retrained.message);
    let text = serde_json::to_string(&retrained).expect("plain numbers");
    assert!(!text.contains("NaN") && !text.contains("inf\""), "{text}");
}
