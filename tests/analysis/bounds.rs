//! The theory's bounds: every one that is given holds, and none is given where none does.

use hessian_lab::analysis::bounds::Bounds;
use hessian_lab::lab::Lab;
use hessian_lab::report::MethodReport;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::read;
use crate::common::support::{DEEP, NETWORKS};
use crate::common::systems::{eigenvalues, system};
use crate::support::{analysed, iterative, named};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn bounds(example: &Example, changes: Value) -> Vec<(Bounds, MethodReport)> {
    let (analysis, report) = analysed(example, changes, "bounds");
    analysis.bounds.expect("the matrix is formed").into_iter().zip(report.methods).collect()
}

/// Condition numbers of a few hundred or less, which float64 runs as exact arithmetic does.
const SYSTEMS: [(&str, f64); 4] = [("hessian", 5.0), ("ggn", 0.1), ("ggn", 1.0), ("fisher_empirical", 0.5)];

#[test]
fn every_bound_given_holds() {
    for example in Family::ANY.draw(NETWORKS) {
        for (curvature, damping) in SYSTEMS {
            let changes = json!({ "curvature": curvature, "damping": damping, "methods": iterative(25, &example) });
            for (i, (bounds, run)) in bounds(&example, changes).iter().enumerate() {
                assert_holds(bounds, run, &format!("{example} {curvature} damped by {damping}, {}", named(i, run)));
            }
        }
    }
}

/// Down to the floor of rounding.
fn assert_holds(bounds: &Bounds, run: &MethodReport, what: &str) {
    for (curve, bound) in [
        (&run.trace.relative_error, &bounds.relative_error),
        (&run.trace.residual, &bounds.residual),
        (&run.trace.energy_error, &bounds.energy_error),
    ] {
        for (k, (value, bound)) in curve.iter().zip(bound).enumerate() {
            let value = value.expect("a number where there is a bound");
            assert!(value <= bound * (1.0 + 1e-9) + 1e-12, "{what}: {value:e} at {k} exceeds {bound:e}");
        }
    }
}

#[test]
fn on_an_indefinite_matrix_minres_alone_has_one_and_it_holds() {
    let mut indefinite = 0;
    for example in DEEP.draw(60) {
        let (a, _) = system(&example.experiment(json!({ "damping": 0.1 })));
        let eigenvalues = eigenvalues(&a);
        let nearest = eigenvalues.iter().fold(f64::INFINITY, |least, x| least.min(x.abs()));
        if eigenvalues[0] > 0.0 || nearest < 1e-3 * a.norm() {
            continue;
        }
        indefinite += 1;
        let changes = json!({ "damping": 0.1, "methods": iterative(25, &example) });
        for (i, (bounds, run)) in bounds(&example, changes).iter().enumerate() {
            let what = format!("{example}, {}", named(i, run));
            assert_holds(bounds, run, &what);
            assert_eq!(bounds.residual.len(), if run.method == "minres" { 26 } else { 0 }, "{what}");
            assert!(bounds.relative_error.is_empty() && bounds.energy_error.is_empty(), "{what}");
        }
    }
    assert!(indefinite >= 10, "only {indefinite} of the networks are indefinite");
}

#[test]
fn each_theorem_speaks_of_its_own_curve_only() {
    for example in Family::ANY.draw(NETWORKS) {
        let changes = json!({ "curvature": "ggn", "damping": 0.5, "methods": iterative(4, &example) });
        for (i, (bounds, run)) in bounds(&example, changes).iter().enumerate() {
            let given = [&bounds.relative_error, &bounds.residual, &bounds.energy_error].map(|bound| !bound.is_empty());
            let expected = match i {
                0..=2 => [false, false, true],
                3 => [false, true, false],
                4 => [true, true, false],
                // Preconditioned series, LiSSA and direct methods have none.
                _ => [false; 3],
            };
            assert_eq!(given, expected, "{example}, {}", named(i, run));
            assert_eq!(bounds.theorem.is_empty(), expected == [false; 3], "{example}, {}", named(i, run));
        }
    }
}

#[test]
fn a_singular_matrix_has_none_at_all() {
    for example in (Family { samples: (1, 1), weight_decays: &[0.0], ..DEEP }).draw(20) {
        for (bounds, run) in bounds(&example, json!({ "curvature": "ggn", "methods": iterative(4, &example) })) {
            assert_eq!(bounds, Bounds::default(), "{example} {}", run.method);
        }
    }
}

#[test]
fn a_diverging_series_has_none() {
    for example in Family::ANY.draw(NETWORKS) {
        let methods = json!([{ "method": "neumann", "iterations": 4, "scale": 0.01 }]);
        let changes = json!({ "curvature": "ggn", "damping": 0.5, "methods": methods });
        assert_eq!(bounds(&example, changes)[0].0, Bounds::default(), "{example}");
    }
}

#[test]
fn they_start_and_fall_as_the_theorems_say() {
    for example in Family::ANY.draw(NETWORKS) {
        let changes = json!({ "curvature": "ggn", "damping": 0.5, "methods": iterative(4, &example) });
        let eigenvalues = eigenvalues(&system(&example.experiment(changes.clone())).0);
        let (smallest, largest) = (eigenvalues[0], eigenvalues[eigenvalues.len() - 1]);
        let root = (largest / smallest).sqrt();
        let (krylov, series) = ((root - 1.0) / (root + 1.0), (largest - smallest) / (largest + smallest));
        let [zero, from_b, _, minres, neumann] = &bounds(&example, changes)[..5] else { panic!("eight methods") };
        let first = |curve: &[Option<f64>]| curve[0].expect("a number");
        let (energy, error) = (first(&from_b.1.trace.energy_error), first(&neumann.1.trace.relative_error));
        for (bound, start, rate) in [
            (&zero.0.energy_error, 2.0, krylov),
            (&from_b.0.energy_error, 2.0 * energy, krylov),
            (&minres.0.residual, 2.0, krylov),
            (&neumann.0.relative_error, error, series),
            (&neumann.0.residual, first(&neumann.1.trace.residual), series),
        ] {
            for (k, bound) in bound.iter().enumerate() {
                let expected = start * rate.powi(k as i32);
                assert!((bound - expected).abs() <= 1e-9 * start, "{example} at {k}: {bound} for {expected}");
            }
        }
    }
}

#[test]
fn nothing_to_solve_has_no_bound() {
    let experiment = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [0, 0] },
        "data": { "inputs": [[1]], "targets": [0] }, "loss": "mse", "damping": 1,
        "methods": [
            { "method": "cg", "iterations": 3 },
            { "method": "neumann", "iterations": 3, "scale": 9 },
            { "method": "minres", "iterations": 3 },
        ],
        "analysis": ["bounds"]
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let bounds = report.analysis.expect("asked for").bounds.expect("the matrix is formed");
    assert_eq!(bounds, vec![Bounds::default(); 3]);
}
