//! Untyped experiments with one field changed, named by its path.

use hessian_lab::decode;
use hessian_lab::experiment::Experiment;
use hessian_lab::field::Refusal;
use hessian_lab::value::Value;
use serde_json::json;

/// An experiment that has every field there is: `data` are given, `validation` is generated.
pub fn full() -> Value {
    untyped(json!({
        "network": {
            "layers": [2, 3, 1], "activation": "tanh",
            "parameters": [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8, -0.9, 1.0, 1.1, 1.2, 1.3], "seed": 1,
        },
        "data": { "inputs": [[0.5, 1], [-1, 0.25], [2, -0.5]], "targets": [[1], [0], [-1]] },
        "validation": { "generator": "moons", "samples": 4, "noise": 0.2, "seed": 2, "condition": 10 },
        "loss": "mse",
        "weight_decay": 0.01,
        "training": { "optimizer": "newton", "steps": 2, "learning_rate": 0.1 },
        "curvature": "hessian",
        "fisher_samples": 3,
        "fisher_seed": 4,
        "damping": 0.5,
        "right_hand_side": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
        "precision": "f64",
        "methods": [
            { "method": "exact" },
            { "method": "cg", "iterations": 3, "start": "zero", "preconditioner": "kfac",
              "on_negative_curvature": "stop" },
            { "method": "minres", "iterations": 3 },
            { "method": "neumann", "iterations": 3, "scale": 2, "preconditioner": "ekfac" },
            { "method": "lissa", "iterations": 3, "scale": "auto", "batch": 2, "repeats": 2, "seed": 5 },
            { "method": "kfac", "fisher": "mc", "damping_convention": "pi" },
            { "method": "ekfac" },
            { "method": "block_diagonal" },
            { "method": "diagonal" },
        ],
        "include": ["matrices"],
        "analysis": ["modes"],
        "glimpse": 2,
        "applications": ["influence"],
        "imaml": {
            "support": 3, "query": 4, "seed": 5, "cg_steps": 6, "inner_steps": 7, "inner_rate": 0.1, "meta_steps": 8,
            "meta_rate": 0.2, "tasks": 9,
        },
        "race": { "optimizers": ["kfac"], "steps": 7, "learning_rate": 0.2, "momentum": 0.5 },
        "compare": ["hessian", "kfac"],
    }))
}

/// The least that an experiment needs, a classifier.
pub fn least() -> Value {
    untyped(json!({
        "network": { "layers": [1, 2], "activation": "relu" },
        "data": { "inputs": [[1], [2]], "targets": [0, 1] },
        "loss": "cross_entropy",
        "methods": [],
    }))
}

/// JSON as untyped input.
pub fn untyped(json: serde_json::Value) -> Value {
    serde_json::from_value(json).expect("JSON is untyped input")
}

/// Reads an experiment.
pub fn decode(value: &Value) -> Result<Experiment, Refusal> {
    decode::experiment(value)
}

/// Why an experiment is refused.
pub fn refusal(value: &Value) -> Refusal {
    decode(value).expect_err("a refusal")
}

/// The experiment with the value at `path` replaced, or added to the object that it is in.
pub fn with(mut experiment: Value, path: &str, value: Value) -> Value {
    *slot(&mut experiment, path) = value;
    experiment
}

/// The experiment without the entry at `path`.
pub fn without(mut experiment: Value, path: &str) -> Value {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let Value::Object(entries) = slot(&mut experiment, parent) else { panic!("{parent} is no object") };
    entries.retain(|(name, _)| name != key);
    experiment
}

/// The place at a path like `methods[3].scale`, new in its object where it is not there.
fn slot<'a>(value: &'a mut Value, path: &str) -> &'a mut Value {
    steps(path).into_iter().fold(value, |place, step| match (place, step.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => &mut items[index],
        (Value::Object(entries), _) => entry(entries, &step),
        (place, _) => panic!("{place} has no {step}"),
    })
}

fn entry<'a>(entries: &'a mut Vec<(String, Value)>, key: &str) -> &'a mut Value {
    let index = entries.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
        entries.push((key.to_owned(), Value::Null));
        entries.len() - 1
    });
    &mut entries[index].1
}

fn steps(path: &str) -> Vec<String> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty()).map(str::to_owned).collect()
}
