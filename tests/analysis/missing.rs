//! An analysis that cannot be given says why, in one sentence.

use hessian_lab::lab::Lab;
use hessian_lab::report::Report;
use serde_json::{Value, json};

use crate::common::generated::Family;
use crate::common::read;
use crate::common::support::report;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ANALYSES: [&str; 7] = ["modes", "polynomials", "bounds", "slice", "budget", "reduction", "conventions"];

/// A network of 1,230 parameters, more than are formed.
fn large(analysis: Value) -> Report {
    let experiment = json!({
        "network": { "layers": [40, 30], "activation": "identity" },
        "data": { "generator": "notebook", "samples": 5 },
        "loss": "mse",
        "damping": 0.1,
        "methods": [{ "method": "cg", "iterations": 3 }, { "method": "kfac" }],
        "analysis": analysis,
    });
    Lab::new().report(&read(&experiment)).expect("a report")
}

#[test]
fn where_the_matrix_is_not_formed_each_analysis_of_it_says_so() {
    let analysis = large(json!(ANALYSES)).analysis.expect("it was asked for");
    // The reduction needs products only.
    let needing: Vec<_> = ANALYSES.into_iter().filter(|&name| name != "reduction").collect();
    assert_eq!(analysis.missing.len(), needing.len());
    for (message, name) in analysis.missing.iter().zip(needing) {
        assert!(message.starts_with(&format!("{name}: ")) && message.ends_with('.'), "{message}");
        assert!(message.contains("not formed"), "{message}");
    }
    assert_eq!((analysis.modes, analysis.polynomials, analysis.bounds), (None, None, None));
    assert_eq!((analysis.slice, analysis.budget, analysis.conventions), (None, None, None));
    assert_eq!(analysis.reduction.expect("it needs no matrix").len(), 2);
}

#[test]
fn what_was_not_asked_for_is_not_there() {
    assert_eq!(large(json!([])).analysis, None);
    for example in Family::ANY.draw(3) {
        let analysis = report(&example, json!({ "analysis": ["reduction"] })).analysis.expect("it was asked for");
        assert_eq!((analysis.modes, analysis.slice, analysis.missing), (None, None, Vec::new()), "{example}");
    }
}

#[test]
fn where_it_is_formed_and_definite_nothing_is_missing() {
    for example in Family::ANY.draw(20) {
        let changes = json!({ "curvature": "ggn", "damping": 0.3, "analysis": ANALYSES });
        let analysis = report(&example, changes).analysis.expect("it was asked for");
        assert_eq!(analysis.missing, Vec::<String>::new(), "{example}");
    }
}
