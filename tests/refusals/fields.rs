//! One wrong field at a time: the refusal names it, what it was and what it may be.

use hessian_lab::experiment::{Curvature, ImamlSpec, Precision, RaceSpec, Racer, RightHandSide};
use hessian_lab::value::Value;
use serde_json::json;

use crate::input::{decode, full, least, refusal, untyped, with, without};
use crate::rules::{Kind, OBJECTS, RULES};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_full_and_the_least_experiments_are_good() {
    assert!(decode(&full()).is_ok());
    assert!(decode(&least()).is_ok());
}

#[test]
fn a_value_of_another_type_is_refused_by_name() {
    for rule in RULES {
        for value in other_types(rule.kind) {
            let refusal = refusal(&with(full(), rule.path, value.clone()));
            assert_eq!(refusal.field, rule.path, "for {value}: {refusal}");
            assert!(refusal.problem.starts_with(&format!("{value} is ")), "{refusal}");
        }
    }
}

/// A value of every type but this one, NaN and the infinities included.
fn other_types(kind: Kind) -> Vec<Value> {
    let number = Value::Number;
    let mut values =
        vec![Value::Null, Value::Bool(true), number(f64::NAN), number(f64::INFINITY), number(f64::NEG_INFINITY)];
    let (string, array, object) =
        (Value::String("nonsense".into()), Value::Array(Vec::new()), Value::Object(Vec::new()));
    match kind {
        Kind::Object => values.extend([number(0.5), string, array]),
        Kind::Array => values.extend([number(0.5), string, object]),
        Kind::Name(_) => values.extend([number(0.5), array, object]),
        Kind::Number(..) => values.extend([string, array, object]),
        Kind::Whole(..) => values.extend([number(1.5), string, array, object]),
    }
    values
}

#[test]
fn a_number_just_outside_its_range_is_refused_with_the_range() {
    for rule in RULES {
        let (outside, [least, most]) = match rule.kind {
            Kind::Number(least, most) => ([least.next_down(), most.next_up()], [least, most].map(spellings)),
            Kind::Whole(least, most) => {
                ([f64::from(least) - 1.0, f64::from(most) + 1.0], [least, most].map(|limit| vec![limit.to_string()]))
            }
            _ => continue,
        };
        for number in outside {
            let refusal = refusal(&with(full(), rule.path, Value::Number(number)));
            assert_eq!(refusal.field, rule.path, "for {number}: {refusal}");
            assert!(refusal.problem.starts_with(&format!("{} is not ", Value::Number(number))), "{refusal}");
            let named = |limits: &[String]| limits.iter().any(|limit| refusal.problem.contains(limit.as_str()));
            assert!(named(&most) && (named(&least) || most == least), "{refusal}");
        }
    }
}

/// How a limit may be written; where both are of one magnitude, the magnitude alone.
fn spellings(limit: f64) -> Vec<String> {
    let magnitude = limit.abs();
    vec![format!("{limit}"), format!("{magnitude:e}")]
}

#[test]
fn a_number_at_either_end_of_its_range_is_taken() {
    for rule in RULES {
        let ends = match rule.kind {
            Kind::Number(least, most) => [least, most],
            // Another width needs another number of parameters.
            Kind::Whole(..) if rule.path == "network.layers[1]" => continue,
            Kind::Whole(least, most) => [least, most].map(f64::from),
            _ => continue,
        };
        for number in ends {
            let read = decode(&with(full(), rule.path, Value::Number(number)));
            assert!(read.is_ok(), "{} = {number}: {:?}", rule.path, read.err());
        }
    }
    for width in [1, 128] {
        let network = untyped(json!({ "layers": [1, width, 2], "activation": "relu" }));
        assert!(decode(&with(least(), "network", network)).is_ok(), "a width of {width}");
    }
}

#[test]
fn a_name_that_there_is_not_is_refused_with_those_that_there_are() {
    for rule in RULES {
        let Kind::Name(names) = rule.kind else { continue };
        let shouted = names[0].to_uppercase();
        for name in ["", "nonsense", &shouted] {
            let refusal = refusal(&with(full(), rule.path, Value::String(name.into())));
            assert_eq!(refusal.field, rule.path, "for {name}: {refusal}");
            assert!(refusal.problem.starts_with(&format!("{name:?} is not one of ")), "{refusal}");
            assert!(names.iter().all(|name| refusal.problem.contains(name)), "{refusal}");
        }
    }
}

#[test]
fn every_name_is_taken() {
    for rule in RULES {
        // Another method has other fields.
        let Kind::Name(names) = rule.kind else { continue };
        for name in names.iter().filter(|_| !rule.path.ends_with(".method")) {
            let read = decode(&with(full(), rule.path, Value::String((*name).into())));
            assert!(read.is_ok(), "{} = {name}: {:?}", rule.path, read.err());
        }
    }
}

#[test]
fn a_missing_field_is_named_where_it_is_needed() {
    let entries = RULES.iter().filter(|rule| !rule.path.ends_with(']'));
    for rule in entries {
        match decode(&without(full(), rule.path)) {
            Ok(_) => assert!(!rule.required, "{} is needed", rule.path),
            Err(refusal) => {
                assert!(rule.required, "{} is not needed: {refusal}", rule.path);
                assert_eq!(refusal.to_string(), format!("{}: is missing", rule.path));
            }
        }
    }
}

#[test]
fn an_unknown_field_is_refused_at_every_level_with_those_that_there_are() {
    for parent in OBJECTS {
        let path = if parent.is_empty() { "surprise".to_owned() } else { format!("{parent}.surprise") };
        let refusal = refusal(&with(full(), &path, Value::Number(1.0)));
        assert_eq!(refusal.field, path, "{refusal}");
        let here = RULES.iter().filter_map(|rule| match rule.path.rsplit_once('.') {
            Some((object, name)) => (object == *parent).then_some(name),
            None => parent.is_empty().then_some(rule.path),
        });
        for name in here.filter(|name| !name.contains('[')) {
            assert!(refusal.problem.contains(name), "{name} is not in: {refusal}");
        }
    }
}

#[test]
fn an_array_of_another_length_is_refused_with_the_length_that_belongs() {
    let cases: [(&str, &[usize], &str); 12] = [
        ("network.layers", &[0, 1, 13], "2 to 12"),
        ("network.parameters", &[0, 12, 14], "13"),
        ("data.inputs", &[0, 10_001], "1 to 10000"),
        ("data.inputs[1]", &[0, 1, 3], "2"),
        ("data.targets", &[0, 2, 4], "3"),
        ("data.targets[2]", &[0, 2], "1"),
        ("right_hand_side", &[0, 12, 14], "13"),
        ("methods", &[33], "0 to 32"),
        ("include", &[33], "0 to 32"),
        ("analysis", &[33], "0 to 32"),
        ("applications", &[33], "0 to 32"),
        ("race.optimizers", &[33], "0 to 32"),
    ];
    for (path, lengths, allowed) in cases {
        for &length in lengths {
            let refusal = refusal(&with(full(), path, Value::Array(vec![Value::Number(1.0); length])));
            assert_eq!(refusal.field, path, "for {length}: {refusal}");
            assert!(refusal.problem.starts_with(&format!("has {length} ")), "{refusal}");
            assert!(refusal.problem.contains(&format!(" {allowed} ")), "{refusal}");
        }
    }
}

#[test]
fn a_refusal_reads_as_a_sentence() {
    let cases = [
        ("network.layers[1]", json!(0), "network.layers[1]: 0 is not a width between 1 and 128"),
        ("damping", json!(-1), "damping: -1 is not a damping between 0 and 1e6"),
        ("methods[3].scale", json!("big"), "methods[3].scale: \"big\" is not \"auto\" or a scale between 1e-9 and 1e9"),
        ("loss", json!("hinge"), "loss: \"hinge\" is not one of mse, cross_entropy"),
        (
            "methods[1].iterations",
            json!(2.5),
            "methods[1].iterations: 2.5 is not a number of iterations between 0 and 10000",
        ),
        ("network.parameters", json!([1, 2]), "network.parameters: has 2 parameters for these layers where 13 belong"),
        ("precision", json!("f16"), "precision: \"f16\" is not one of f64, f32"),
        (
            "network.width",
            json!(3),
            "network.width: there is no such field; the fields here are layers, activation, parameters, seed",
        ),
    ];
    for (path, value, message) in cases {
        assert_eq!(refusal(&with(full(), path, untyped(value))).to_string(), message);
    }
    assert_eq!(
        refusal(&with(full(), "damping", Value::Number(f64::NAN))).problem,
        "NaN is not a damping between 0 and 1e6"
    );
}

#[test]
fn what_is_left_out_has_its_default() {
    let experiment = decode(&least()).expect("the least experiment is good");
    assert_eq!((experiment.weight_decay, experiment.damping), (0.0, 0.0));
    assert_eq!((experiment.fisher_samples, experiment.fisher_seed, experiment.network.seed), (1, 0, 0));
    assert_eq!((experiment.curvature, experiment.precision), (Curvature::Hessian, Precision::F64));
    assert_eq!(experiment.right_hand_side, RightHandSide::Gradient);
    assert_eq!((experiment.validation, experiment.training, experiment.glimpse), (None, None, None));
    let lists = [experiment.include.len(), experiment.analysis.len(), experiment.applications.len()];
    assert_eq!((experiment.network.parameters, lists), (None, [0; 3]));
    let race = RaceSpec { optimizers: Racer::ALL.to_vec(), steps: 40, learning_rate: 0.1, momentum: 0.9 };
    assert_eq!(experiment.race, race);
    let imaml = ImamlSpec {
        support: 5,
        query: 20,
        seed: 0,
        cg_steps: 5,
        inner_steps: 64,
        inner_rate: None,
        meta_steps: 40,
        meta_rate: 0.03,
        tasks: 4,
    };
    assert_eq!(experiment.imaml, imaml);
}

#[test]
fn what_is_no_object_is_no_experiment() {
    for value in
        [Value::Null, Value::Bool(false), Value::Number(3.0), Value::String("text".into()), Value::Array(vec![])]
    {
        let message = format!("experiment: {value} is not an object");
        assert_eq!(refusal(&value).to_string(), message);
    }
}
