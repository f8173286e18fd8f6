//! Errors and residuals by eigenvector: an orthonormal basis keeps their norms.

use hessian_lab::analysis::modes::Modes;
use hessian_lab::report::Report;
use serde_json::json;

use crate::common::generated::{Example, Family};
use crate::common::support::{NETWORKS, spectrum};
use crate::common::systems::{eigenvalues, system};
use crate::support::{analysed, held, iterative, named, norm};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DAMPING: f64 = 0.2;

fn modes(example: &Example) -> (Modes, Report) {
    let changes = json!({ "curvature": "ggn", "damping": DAMPING, "methods": iterative(6, example) });
    let (analysis, report) = analysed(example, changes, "modes");
    (analysis.modes.expect("the matrix is formed"), report)
}

#[test]
fn their_norms_are_those_of_the_trace() {
    for example in Family::ANY.draw(NETWORKS) {
        let (modes, report) = modes(&example);
        let (b, exact) = (norm(&modes.right_hand_side), norm(&modes.exact));
        for (i, (method, run)) in modes.methods.iter().zip(&report.methods).enumerate() {
            for k in 0..run.trace.residual.len() {
                let error = norm(held(&method.error, k)) / exact - run.trace.relative_error[k].expect("a number");
                let residual = norm(held(&method.residual, k)) / b - run.trace.residual[k].expect("a number");
                let what = format!("{example} {} at {k}", named(i, run));
                assert!(error.abs() < 1e-11 && residual.abs() < 1e-11, "{what}: {error:e} and {residual:e} apart");
            }
        }
    }
}

/// b − A x = −A (x − x*), eigenvector by eigenvector.
#[test]
fn a_residual_is_minus_the_eigenvalue_times_the_error() {
    for example in Family::ANY.draw(NETWORKS) {
        let (modes, report) = modes(&example);
        let size = norm(&modes.right_hand_side);
        for method in &modes.methods {
            for (error, residual) in method.error.iter().zip(&method.residual) {
                for (i, eigenvalue) in spectrum(&report).iter().enumerate() {
                    let apart = residual[i] + (eigenvalue + DAMPING) * error[i];
                    assert!(apart.abs() < 1e-11 * size, "{example}: eigenvector {i} {apart:e} apart");
                }
            }
        }
    }
}

#[test]
fn their_order_is_the_spectrums() {
    for example in Family::ANY.draw(NETWORKS) {
        let (modes, report) = modes(&example);
        let (a, b) = system(&example.experiment(json!({ "curvature": "ggn", "damping": DAMPING })));
        for (i, (eigenvalue, own)) in spectrum(&report).iter().zip(eigenvalues(&a)).enumerate() {
            assert!((eigenvalue + DAMPING - own).abs() < 1e-12 * a.norm(), "{example}: eigenvalue {i}");
            let apart = modes.exact[i] * own - modes.right_hand_side[i];
            assert!(apart.abs() < 1e-11 * b.norm(), "{example}: eigenvector {i} {apart:e} apart");
        }
    }
}

#[test]
fn a_run_from_zero_has_all_of_the_right_hand_side_left() {
    for example in Family::ANY.draw(NETWORKS) {
        let (modes, _) = modes(&example);
        assert_eq!(modes.methods[0].residual[0], modes.right_hand_side, "{example}");
        let opposite: Vec<f64> = modes.exact.iter().map(|x| -x).collect();
        assert_eq!(modes.methods[0].error[0], opposite, "{example}");
    }
}

/// gᵀx_k, by eigenvector: b is the gradient here.
#[test]
fn they_add_up_to_each_iterates_slope() {
    for example in Family::ANY.draw(NETWORKS) {
        let (modes, report) = modes(&example);
        for (i, (method, run)) in modes.methods.iter().zip(&report.methods).enumerate() {
            for (k, slope) in run.trace.slope.iter().enumerate() {
                let iterate = held(&method.error, k).iter().zip(&modes.exact).map(|(error, exact)| error + exact);
                let expected: f64 = iterate.zip(&modes.right_hand_side).map(|(x, b)| x * b).sum();
                let what = format!("{example} {} at {k}", named(i, run));
                assert!((slope - expected).abs() <= 1e-11 * (1.0 + expected.abs()), "{what}: {slope} for {expected}");
            }
        }
    }
}
