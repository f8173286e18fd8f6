//! A lab remembers what a slider move does not change, and its reports are those of one that remembers nothing.

use hessian_lab::lab::Lab;
use rand::RngExt;
use rand_pcg::Pcg32;
use serde_json::{Value, json};

use crate::common::read;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn remembering_changes_no_report() {
    let (mut lab, mut generator) = (Lab::new(), Pcg32::new(1, 104));
    let mut experiment = experiment();
    for step in 0..300 {
        let (field, value) = slider(&mut generator);
        *experiment.pointer_mut(field).expect("the field is there") = value.clone();
        let read = read(&experiment);
        let (remembered, fresh) = (lab.report(&read), Lab::new().report(&read));
        assert_eq!(remembered, fresh, "step {step}: {field} to {value}");
    }
}

#[test]
fn a_refused_problem_is_not_remembered() {
    let mut lab = Lab::new();
    let good = read(&experiment());
    let mut overflowing = experiment();
    overflowing["network"] = json!({
        "layers": [2, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 1], "activation": "identity", "parameters": vec![1e6; 681],
    });
    overflowing["data"] = json!({ "inputs": vec![[1e6, 1e6]; 6], "targets": vec![0; 6] });
    let before = lab.report(&good);
    assert!(before.is_ok());
    assert!(lab.report(&read(&overflowing)).is_err());
    assert!(lab.report(&read(&overflowing)).is_err());
    assert_eq!(lab.report(&good), before);
}

fn experiment() -> Value {
    json!({
        "network": { "layers": [2, 3, 1], "activation": "tanh", "seed": 1 },
        "data": { "generator": "notebook", "samples": 6, "seed": 1 },
        "loss": "mse",
        "weight_decay": 0,
        "curvature": "hessian",
        "fisher_seed": 0,
        "damping": 0,
        "right_hand_side": "gradient",
        "precision": "f64",
        "methods": [
            { "method": "cg", "iterations": 3 },
            { "method": "neumann", "iterations": 3, "scale": 2 },
            { "method": "cg", "iterations": 3, "preconditioner": "kfac" },
            { "method": "kfac" },
            { "method": "lissa", "iterations": 3, "scale": 2, "batch": 2, "repeats": 2, "seed": 1 },
        ],
        "include": [],
        "analysis": [],
        "applications": [],
        "validation": { "generator": "notebook", "samples": 4, "seed": 1 },
    })
}

/// A field and what it is moved to.
fn slider(generator: &mut Pcg32) -> (&'static str, Value) {
    let (number, few) = (generator.random_range(0..4), generator.random_range(1..4));
    let moves = [
        ("/damping", json!(number)),
        ("/damping", json!(number)),
        ("/methods/1/scale", json!(few)),
        ("/methods/1/iterations", json!(number)),
        ("/methods/0/iterations", json!(number)),
        ("/methods/0/method", json!(["cg", "minres"][number % 2])),
        ("/methods/2/preconditioner", json!(["none", "kfac", "ekfac"][few - 1])),
        ("/methods/3/method", json!(["kfac", "ekfac", "exact", "diagonal"][number])),
        ("/methods/4/seed", json!(number)),
        ("/precision", json!(["f64", "f32"][number % 2])),
        ("/include", json!([[].as_slice(), &["matrices"]][number % 2])),
        ("/analysis", json!([[].as_slice(), &["modes", "bounds"]][number % 2])),
        ("/applications", json!([[].as_slice(), &["influence", "hypergradient"]][number % 2])),
        ("/validation/seed", json!(few)),
        ("/network/seed", json!(few)),
        ("/data/seed", json!(few)),
        ("/weight_decay", json!(number)),
        ("/curvature", json!(["hessian", "ggn", "fisher_mc", "fisher_empirical"][number])),
        ("/fisher_seed", json!(few)),
        ("/right_hand_side", [json!("gradient"), json!(vec![1; 13])][number % 2].clone()),
    ];
    moves[generator.random_range(0..moves.len())].clone()
}
