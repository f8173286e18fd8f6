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

/// The text of an experiment with random bytes changed: no JSON, refused by name, or reported on.
#[test]
fn random_bytes_never_panic() {
    let text = serde_json::to_string(&decode(&full()).expect("it is good")).expect("it can be written");
    let mut generator = Pcg32::new(0, 107);
    let mut outcomes = [0; 3];
    for _ in 0..20_000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..generator.random_range(1..=2) {
            let index = generator.random_range(0..bytes.len().max(1));
            match generator.random_range(0..4) {
                _ if index >= bytes.len() => {}
                0 => drop(bytes.remove(index)),
                1 => bytes.insert(index, generator.random()),
                2 => bytes[index] = b"0123456789.-eE,:\"[]{}"[generator.random_range(0..21)],
                _ => bytes.truncate(index),
            }
        }
        let outcome = match serde_json::from_slice::<Value>(&bytes).ok().map(|value| decode(&value)) {
            None => 0,
            Some(Err(refusal)) => {
                assert!(!refusal.field.is_empty() && refusal.to_string().len() < 400, "{refusal}");
                1
            }
            Some(Ok(experiment)) => {
                let small = experiment.methods.iter().all(|method| method.iterations() < 100);
                if small && experiment.training.as_ref().is_none_or(|training| training.steps < 100) {
                    drop(Lab::new().report(&experiment));
                }
                2
            }
        };
        outcomes[outcome] += 1;
    }
    assert!(outcomes.iter().all(|&count| count > 200), "{outcomes:?}");
}

#[test]
fn a_field_that_is_given_twice_is_refused_by_name() {
    let twice = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
    let text = serde_json::to_string(&decode(&full()).expect("it is good")).expect("it can be written");
    for (once, again, field) in [
        ("\"loss\":", "\"loss\":\"mse\",\"loss\":", "loss"),
        ("\"layers\":", "\"layers\":[1,1],\"layers\":", "network.layers"),
        ("\"samples\":", "\"samples\":4,\"samples\":", "validation.samples"),
        ("\"method\":\"minres\"", "\"method\":\"cg\",\"method\":\"minres\"", "methods[2].method"),
    ] {
        let refusal = refusal(&twice(&text.replacen(once, again, 1)));
        assert_eq!((refusal.field.as_str(), refusal.problem.as_str()), (field, "is given more than once"));
    }
}

#[test]
fn a_strange_key_is_quoted_and_cut() {
    for (key, field) in [
        ("", "\"\""),
        ("<img src=x>", "\"<img src=x>\""),
        ("a\nb", "\"a\\nb\""),
        ("\u{202e}", "\"\\u{202e}\""),
        ("a.b", "\"a.b\""),
    ] {
        let mut experiment = full();
        let Value::Object(entries) = &mut experiment else { unreachable!("it is an object") };
        entries.push((key.into(), Value::Null));
        assert_eq!(refusal(&experiment).field, field);
    }
    let long = refusal(&with(full(), &"x".repeat(100_000), Value::Null));
    assert_eq!(long.field, format!("{:?}…", "x".repeat(40)));
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
