//! Input that no one means: nested deep, huge, random. It is refused in few words, and nothing panics.

use hessian_lab::lab::Lab;
use hessian_lab::value::Value;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg32;

use crate::input::{decode, full, refusal, with};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn what_is_nested_too_deep_is_refused() {
    let text = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(serde_json::from_str::<Value>(&text(17)).is_ok());
    for depth in [18, 100, 100_000] {
        let error = serde_json::from_str::<Value>(&text(depth)).expect_err("it is too deep");
        assert!(error.to_string().contains("nested more than 16 levels deep"), "{error}");
    }
    let text = "{\"network\":".repeat(100_000);
    assert!(serde_json::from_str::<Value>(&text).is_err());
}

#[test]
fn huge_input_is_refused_in_few_words() {
    let many = Value::Array(vec![Value::Number(1.0); 1_000_000]);
    for path in ["network.layers", "network.parameters", "data.inputs", "data.targets", "right_hand_side", "methods"] {
        let refusal = refusal(&with(full(), path, many.clone()));
        assert_eq!(refusal.field, path);
        assert!(refusal.problem.contains("1000000") && refusal.problem.len() < 200, "{refusal}");
    }
    let long = Value::String("é".repeat(1_000_000));
    for path in ["network", "network.activation", "loss", "damping", "methods[1].method", "methods[3].scale"] {
        let refusal = refusal(&with(full(), path, long.clone()));
        assert_eq!(refusal.field, path);
        assert!(refusal.problem.len() < 300, "{} bytes", refusal.problem.len());
    }
}

/// Two thousand experiments with one or two random changes: each is refused by name or has a report.
#[test]
fn random_changes_never_panic() {
    let mut generator = Pcg32::new(0, 106);
    let (mut refused, mut reported) = (0, 0);
    for _ in 0..2000 {
        let mut experiment = full();
        for _ in 0..generator.random_range(1..=2) {
            change(&mut experiment, &mut generator);
        }
        match decode(&experiment).and_then(|experiment| Lab::new().report(&experiment)) {
            Ok(_) => reported += 1,
            Err(refusal) => {
                assert!(!refusal.field.is_empty() && !refusal.problem.is_empty());
                refused += 1;
            }
        }
    }
    assert!(refused > 100 && reported > 100, "{refused} refused, {reported} reported");
}

/// Goes down to a random place and puts something else there, doubles it, or takes it away.
fn change(value: &mut Value, generator: &mut Pcg32) {
    let deeper = generator.random_bool(0.8);
    match value {
        Value::Object(entries) if deeper && !entries.is_empty() => {
            let index = generator.random_range(0..entries.len());
            match generator.random_range(0..20) {
                0 => drop(entries.remove(index)),
                1 => entries.push(entries[index].clone()),
                _ => change(&mut entries[index].1, generator),
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let index = generator.random_range(0..items.len());
            match generator.random_range(0..20) {
                0 => drop(items.remove(index)),
                1 => items.push(items[index].clone()),
                _ => change(&mut items[index], generator),
            }
        }
        _ => *value = anything(generator),
    }
}

fn anything(generator: &mut Pcg32) -> Value {
    let numbers = [0.0, -0.0, 1.0, 2.0, 3.0, 7.0, 0.5, -1.0, 1e-9, 1e6, -1e6, 1e300, f64::NAN, f64::INFINITY, f64::MIN];
    let names = ["", "auto", "gradient", "cg", "kfac", "identity", "cross_entropy", "f32", "ggn", "fisher_mc", "stop"];
    match generator.random_range(0..10) {
        0 => Value::Null,
        1 => Value::Bool(generator.random()),
        2..6 => Value::Number(*numbers.choose(generator).expect("there are some")),
        6..9 => Value::String((*names.choose(generator).expect("there are some")).into()),
        _ => Value::Array(vec![Value::Number(1.0); generator.random_range(0..4)]),
    }
}
