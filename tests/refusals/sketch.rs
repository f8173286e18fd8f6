//! A drawn spectrum is read as strictly as an experiment, and its report holds finite numbers alone.

use hessian_lab::decode;
use hessian_lab::sketch::Sketch;
use hessian_lab::value::Value;
use serde_json::json;

use crate::input::{untyped, with, without};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn sketch() -> Value {
    untyped(json!({
        "eigenvalues": [0.5, 1, 4],
        "precision": "f32",
        "methods": [
            { "method": "cg", "iterations": 3, "start": "right_hand_side" },
            { "method": "minres", "iterations": 3 },
            { "method": "neumann", "iterations": 3, "scale": "auto" },
        ],
    }))
}

fn read(value: &Value) -> Sketch {
    decode::sketch(value).expect("a good sketch")
}

#[test]
fn a_wrong_field_is_refused_by_name() {
    for (path, value, why) in [
        ("eigenvalues", json!([]), "has 0 eigenvalues where 1 to 64 belong"),
        ("eigenvalues", json!(vec![1; 65]), "has 65 eigenvalues where 1 to 64 belong"),
        ("eigenvalues", json!("many"), "\"many\" is not an array of 1 to 64 eigenvalues"),
        ("eigenvalues[1]", json!(null), "null is not an eigenvalue, a finite number of at most 1e6"),
        ("eigenvalues[1]", json!(-1.1e6), "-1100000 is not an eigenvalue, a finite number of at most 1e6"),
        ("precision", json!("f16"), "\"f16\" is not one of f64, f32"),
        ("methods", json!({}), "an object is not an array of 0 to 32 methods"),
        ("methods[0].iterations", json!(10_001), "10001 is not a number of iterations between 0 and 10000"),
        ("surprise", json!(1), "there is no such field; the fields here are eigenvalues, precision, methods"),
    ] {
        let refusal = decode::sketch(&with(sketch(), path, untyped(value))).expect_err("a refusal");
        assert_eq!((refusal.field.as_str(), refusal.problem.as_str()), (path, why));
    }
    for number in [f64::NAN, f64::INFINITY] {
        let refusal = decode::sketch(&with(sketch(), "eigenvalues[2]", Value::Number(number))).expect_err("a refusal");
        assert_eq!(refusal.field, "eigenvalues[2]");
    }
    for path in ["eigenvalues", "methods"] {
        let refusal = decode::sketch(&without(sketch(), path)).expect_err("a refusal");
        assert_eq!(refusal.to_string(), format!("{path}: is missing"));
    }
}

#[test]
fn a_method_that_needs_a_network_is_refused() {
    for method in [
        json!({ "method": "exact" }),
        json!({ "method": "kfac" }),
        json!({ "method": "lissa", "iterations": 1, "scale": 1, "batch": 1, "repeats": 1, "seed": 0 }),
        json!({ "method": "cg", "iterations": 1, "preconditioner": "kfac" }),
        json!({ "method": "neumann", "iterations": 1, "scale": 1, "preconditioner": "ekfac" }),
    ] {
        let refusal = decode::sketch(&with(sketch(), "methods[1]", untyped(method))).expect_err("a refusal");
        assert_eq!(refusal.field, "methods[1]");
        assert!(refusal.problem.contains("only cg, minres and neumann"), "{refusal}");
    }
}

#[test]
fn a_sketch_survives_being_written_and_read() {
    let sketch = read(&sketch());
    assert_eq!(read(&untyped(serde_json::to_value(&sketch).expect("it can be written"))), sketch);
}

#[test]
fn no_spectrum_gives_a_number_that_is_none() {
    let methods = json!([
        { "method": "cg", "iterations": 500 },
        { "method": "cg", "iterations": 500, "start": "right_hand_side", "on_negative_curvature": "stop" },
        { "method": "minres", "iterations": 500 },
        { "method": "neumann", "iterations": 500, "scale": "auto" },
        { "method": "neumann", "iterations": 500, "scale": 1e-9 },
    ]);
    for eigenvalues in
        [json!([0]), json!([0, 0]), json!([1e-300, 1]), json!([1e6, 1e6]), json!([-1, 1]), json!([-3, 0, 1e-9, 5e5])]
    {
        for precision in ["f64", "f32"] {
            let sketch = json!({ "eigenvalues": eigenvalues, "precision": precision, "methods": methods });
            let report = read(&untyped(sketch)).report();
            assert!(report.condition.is_none_or(|condition| condition >= 1.0), "{eigenvalues}: {:?}", report.condition);
            for run in report.methods {
                let what = format!("{eigenvalues} {precision} {}: {}", run.method, run.message);
                let trace = &run.trace;
                let curves = [&trace.relative_error, &trace.cosine_similarity, &trace.residual, &trace.energy_error];
                assert!(curves.iter().all(|curve| curve.len() == 501) && trace.products.len() == 501, "{what}");
                assert!(curves.into_iter().flatten().flatten().all(|number| number.is_finite()), "{what}");
                assert!(!what.contains("NaN") && !what.contains("inf "), "{what}");
            }
        }
    }
}
