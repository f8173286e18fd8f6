//! An experiment written out and read again is the same experiment.

use hessian_lab::experiment::Experiment;
use hessian_lab::value::Value;
use serde_json::json;

use crate::input::{decode, full, least, untyped, with};
use crate::rules::{Kind, RULES};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn assert_round_trip(experiment: &Experiment, what: &str) {
    let text = serde_json::to_string(experiment).expect("it can be written");
    let value: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(decode(&value).as_ref(), Ok(experiment), "{what}: {text}");
}

#[test]
fn an_experiment_survives_being_written_and_read() {
    for (what, experiment) in [("full", full()), ("least", least())] {
        assert_round_trip(&decode(&experiment).expect(what), what);
    }
}

#[test]
fn so_does_every_name() {
    for rule in RULES {
        let Kind::Name(names) = rule.kind else { continue };
        for name in names.iter().filter(|_| !rule.path.ends_with(".method")) {
            let experiment = decode(&with(full(), rule.path, Value::String((*name).into()))).expect(name);
            let written = serde_json::to_string(&experiment).expect("it can be written");
            assert!(written.contains(&format!("\"{name}\"")), "{} as {name}: {written}", rule.path);
            assert_round_trip(&experiment, name);
        }
    }
}

#[test]
fn so_do_the_other_forms_that_a_field_has() {
    for (path, value) in [
        ("right_hand_side", json!("gradient")),
        ("methods[3].scale", json!("auto")),
        ("methods[4].scale", json!(0.125)),
        ("data", json!({ "generator": "blobs", "samples": 9 })),
        ("validation", json!({ "inputs": [[1, 2]], "targets": [3] })),
    ] {
        assert_round_trip(&decode(&with(full(), path, untyped(value))).expect(path), path);
    }
}
