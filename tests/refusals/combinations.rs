//! Fields that are good by themselves and not together.

use hessian_lab::lab::Lab;
use hessian_lab::value::Value;
use serde_json::json;

use crate::input::{decode, full, least, refusal, untyped, with, without};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn assert_refused(experiment: &Value, field: &str, why: &str) {
    let refusal = refusal(experiment);
    assert_eq!(refusal.field, field, "{refusal}");
    assert!(refusal.problem.contains(why), "{refusal}");
}

#[test]
fn a_batch_is_part_of_the_data() {
    let lissa = json!([{ "method": "lissa", "iterations": 1, "scale": 1, "batch": 3, "repeats": 1, "seed": 0 }]);
    assert_refused(&with(least(), "methods", untyped(lissa)), "methods[0].batch", "between 1 and 2");
}

#[test]
fn a_classifier_has_two_outputs_and_its_targets_are_classes() {
    let one = untyped(json!({ "layers": [1, 1], "activation": "relu" }));
    assert_refused(&with(least(), "network", one), "network.layers[1]", "at least 2 outputs");
    for (target, what) in
        [(json!(2), "between 0 and 1"), (json!(-1), "between 0 and 1"), (json!(0.5), "0.5"), (json!([1]), "an array")]
    {
        assert_refused(&with(least(), "data.targets[1]", untyped(target)), "data.targets[1]", what);
    }
    for targets in [json!([0]), json!([0, 1, 1])] {
        assert_refused(&with(least(), "data.targets", untyped(targets)), "data.targets", "2 belong");
    }
}

#[test]
fn one_output_takes_targets_as_plain_numbers_and_more_take_rows() {
    let flat = with(full(), "data.targets", untyped(json!([1, 0, -1])));
    assert_eq!(decode(&flat), decode(&full()));
    let two = json!({ "layers": [2, 2], "activation": "tanh" });
    let two = without(with(without(full(), "validation"), "network", untyped(two)), "right_hand_side");
    assert_refused(
        &with(two.clone(), "data.targets", untyped(json!([1, 0, -1]))),
        "data.targets[0]",
        "1 is not an array of 2",
    );
    assert!(decode(&with(two, "data.targets", untyped(json!([[1, 0], [0, 1], [1, 1]])))).is_ok());
    assert_refused(&with(full(), "data.targets", untyped(json!([1, [0], -1]))), "data.targets[1]", "an array of 1");
}

#[test]
fn data_are_given_or_generated_and_not_both() {
    assert_refused(&with(full(), "data.generator", Value::String("notebook".into())), "data.inputs", "no such field");
    assert_refused(&with(full(), "data.samples", Value::Number(3.0)), "data.samples", "no such field");
    assert_refused(&with(full(), "validation.inputs", Value::Array(Vec::new())), "validation.inputs", "no such field");
}

#[test]
fn a_law_suits_its_network_and_loss() {
    let data = |generator: &str, samples: u32| json!({ "generator": generator, "samples": samples });
    let cases = [
        (3, "mse", data("sine", 5), "1 input"),
        (1, "cross_entropy", data("sine", 5), "mse"),
        (3, "mse", data("moons", 5), "2 inputs"),
        (1, "cross_entropy", data("spirals", 5), "2 inputs"),
        (3, "cross_entropy", data("ill_conditioned", 5), "mse"),
        (3, "mse", data("ill_conditioned", 3), "more samples than"),
    ];
    for (inputs, loss, data, why) in cases {
        let network = json!({ "layers": [inputs, 2], "activation": "relu" });
        let experiment = json!({ "network": network, "data": data, "loss": loss, "methods": [] });
        assert_refused(&untyped(experiment.clone()), "data.generator", why);
        let mut held_out = experiment;
        held_out["validation"] = held_out["data"].take();
        held_out["data"] = json!({ "generator": "notebook", "samples": 2 });
        assert_refused(&untyped(held_out), "validation.generator", why);
    }
}

#[test]
fn a_method_has_its_own_fields_alone() {
    for (index, field) in
        [(0, "iterations"), (2, "scale"), (3, "start"), (1, "scale"), (5, "iterations"), (6, "fisher"), (8, "batch")]
    {
        let path = format!("methods[{index}].{field}");
        assert_refused(&with(full(), &path, Value::Number(1.0)), &path, "no such field");
    }
}

#[test]
fn what_only_the_numbers_show_is_refused_by_name_too() {
    let many = json!({
        "network": { "layers": [40, 30], "activation": "tanh" },
        "data": { "generator": "notebook", "samples": 2 }, "loss": "mse", "methods": [], "include": ["matrices"],
    });
    let diverging = with(
        full(),
        "training",
        untyped(json!({ "optimizer": "gradient_descent", "steps": 100_000, "learning_rate": 1e3 })),
    );
    let layers = [1, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 1];
    let overflowing = json!({
        "network": { "layers": layers, "activation": "identity", "parameters": vec![1e6; 673] },
        "data": { "inputs": [[1e6]], "targets": [0] }, "loss": "mse", "methods": [],
    });
    let cases = [
        (without(full(), "validation"), "validation", "is missing"),
        (untyped(many), "include", "1230 parameters are too many"),
        (diverging, "training.learning_rate", "1000"),
        (untyped(overflowing), "network.parameters", "overflow"),
    ];
    for (experiment, field, why) in cases {
        let refusal = Lab::new().report(&decode(&experiment).expect("it is well formed")).expect_err("a refusal");
        assert_eq!(refusal.field, field, "{refusal}");
        assert!(refusal.problem.contains(why), "{refusal}");
    }
}

/// Within their own ranges, and together more than a browser's memory holds.
#[test]
fn what_would_not_fit_into_memory_is_refused() {
    let wide = json!({
        "network": { "layers": [1, 128], "activation": "relu" },
        "data": { "generator": "notebook", "samples": 10_000 }, "loss": "mse", "methods": [],
    });
    assert_refused(&untyped(wide), "data", "10000 data of 128 outputs are too many: at most 1525");
    let long = json!({
        "network": { "layers": [128, 128, 128, 1], "activation": "relu" },
        "data": { "generator": "notebook", "samples": 1 }, "loss": "mse",
        "methods": [{ "method": "cg", "iterations": 10_000 }], "analysis": ["reduction"],
    });
    assert_refused(&untyped(long), "methods", "10001 iterates of 33153 parameters are too many");
}
