//! What neither a preconditioner nor a chosen scale adds to a method's products, and what all of a matrix costs.

use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::systems::run;
use crate::support::SMOOTH;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const STEPS: usize = 5;

/// A method and its products by iterate.
fn costs(example: &Example) -> Vec<(Value, Vec<f64>)> {
    let (n, p) = (example.samples() as f64, example.parameters() as f64);
    let every = |start: f64, step: f64| (0..=STEPS).map(|k| start + step * k as f64).collect();
    let lissa = |batch: u32, repeats: u32| {
        json!({
            "method": "lissa", "iterations": STEPS, "scale": 50.0, "batch": batch, "repeats": repeats, "seed": 0,
        })
    };
    vec![
        (json!({ "method": "exact" }), vec![p]),
        (json!({ "method": "cg", "iterations": STEPS, "start": "right_hand_side" }), every(1.0, 1.0)),
        (json!({ "method": "cg", "iterations": STEPS, "preconditioner": "kfac" }), every(0.0, 1.0)),
        (json!({ "method": "neumann", "iterations": STEPS, "scale": 50.0 }), every(0.0, 1.0)),
        (json!({ "method": "neumann", "iterations": STEPS, "scale": "auto" }), every(0.0, 1.0)),
        (
            json!({ "method": "neumann", "iterations": STEPS, "scale": 50.0, "preconditioner": "ekfac" }),
            every(0.0, 1.0),
        ),
        (lissa(2, 3), every(0.0, 6.0 / n)),
        (lissa(4, 1), every(0.0, 4.0 / n)),
    ]
}

#[test]
fn a_method_counts_only_what_it_needs_itself() {
    // Of so many different eigenvalues that no method is done before.
    for example in (Family { samples: (5, 7), hidden: (2, 3), ..SMOOTH }).draw(12) {
        for (method, expected) in costs(&example) {
            let products = run(&example, json!({ "damping": 0.3 }), method.clone()).trace.products;
            assert_eq!(products.len(), expected.len(), "{example} {method}");
            let near = products.iter().zip(&expected).all(|(actual, expected)| (actual - expected).abs() < 1e-12);
            assert!(near, "{example} {method}: {products:?}");
        }
    }
}
