//! Influence functions against their definition, and every inverse against the exact one.

use hessian_lab::application::influence::Influence;
use hessian_lab::report::Status;
use serde_json::{Value, json};

use crate::common::generated::Example;
use crate::common::support::report;
use crate::support::{SMOOTH, applied};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const METHODS: usize = 6;

fn methods() -> Value {
    json!([
        { "method": "exact" },
        { "method": "cg", "iterations": 400 },
        { "method": "neumann", "iterations": 3, "scale": "auto" },
        { "method": "lissa", "iterations": 3, "scale": 20.0, "batch": 2, "repeats": 1, "seed": 1 },
        { "method": "kfac" },
        { "method": "ekfac" },
    ])
}

fn influence(example: &Example, mut changes: Value) -> Influence {
    changes["applications"] = json!(["influence"]);
    report(example, applied(example, changes)).applications.expect("asked for").influence.expect("asked for")
}

#[test]
fn an_exact_inverse_predicts_what_the_definition_says_and_a_poor_one_something_else() {
    for example in SMOOTH.draw(12) {
        let changes = json!({ "curvature": "hessian", "damping": 3.0, "methods": methods() });
        let influence = influence(&example, changes);
        let exact = influence.on_validation_loss.expect("H is formed");
        assert_eq!((influence.by_method.len(), exact.len()), (METHODS, example.samples()), "{example}");
        for method in &influence.by_method[..2] {
            assert!(method.relative_error.expect("s is known") < 1e-9, "{example} {}", method.method);
            assert!(method.correlation.expect("both vary") > 1.0 - 1e-12, "{example} {}", method.method);
        }
        let kfac = &influence.by_method[4];
        let apart = kfac.relative_error.expect("s is known");
        assert!(apart > 1e-3 || example.layout().layers() == 1, "{example}: {apart:e}");
    }
}

#[test]
fn methods_invert_the_curvature_that_is_asked_for() {
    for example in SMOOTH.draw(6) {
        let of = |curvature: &str| influence(&example, json!({ "curvature": curvature, "methods": methods() }));
        let (hessian, ggn) = (of("hessian"), of("ggn"));
        assert_eq!(hessian.on_validation_loss.is_some(), ggn.on_validation_loss.is_some(), "{example}");
        let layers = example.layout().layers();
        let apart = ggn.by_method[0].relative_error.expect("s is known");
        assert!(if layers == 1 { apart < 1e-9 } else { apart > 1e-6 }, "{example}: {apart:e}");
        assert_eq!(ggn.by_method[4].on_validation_loss, hessian.by_method[4].on_validation_loss, "{example}");
    }
}

#[test]
fn a_run_that_explodes_leaves_no_number_that_is_none() {
    let example = SMOOTH.draw(1).next().expect("a network");
    let exploding = json!([{ "method": "neumann", "iterations": 5000, "scale": 1e-3 }]);
    let influence = influence(&example, json!({ "methods": exploding }));
    assert_eq!(influence.by_method[0].status, Status::Diverged);
    let text = serde_json::to_string(&influence).expect("plain numbers");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}
