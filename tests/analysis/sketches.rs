//! Spectra drawn by hand, without a network: polynomials, bounds and steps as for any other matrix.

use hessian_lab::decode;
use hessian_lab::sketch::{Sketch, SketchReport, SketchRun};
use hessian_lab::value::Value;
use hessian_lab::verdict::Status;
use serde_json::json;

use crate::support::norm;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const STEPS: usize = 12;

fn sketched(eigenvalues: &[f64]) -> SketchReport {
    let untyped: Value = serde_json::from_value(json!({
        "eigenvalues": eigenvalues,
        "methods": [
            { "method": "cg", "iterations": STEPS },
            { "method": "cg", "iterations": STEPS, "start": "right_hand_side" },
            { "method": "minres", "iterations": STEPS },
            { "method": "neumann", "iterations": STEPS, "scale": "auto" },
        ],
    }))
    .expect("JSON is untyped input");
    let sketch: Sketch = decode::sketch(&untyped).expect("a good sketch");
    sketch.report()
}

/// Spectra of many kinds, definite and not.
fn spectra() -> Vec<Vec<f64>> {
    let with =
        |count: u32, eigenvalue: fn(f64) -> f64| (0..count).map(|i| eigenvalue(f64::from(i))).collect::<Vec<_>>();
    vec![
        with(20, |i| 1.0 + i),
        with(30, |i| 1.2_f64.powf(i)),
        with(12, |i| if i < 6.0 { 1.0 + 0.01 * i } else { 9.0 - 0.01 * i }),
        with(20, |i| i - 9.5),
        with(16, |i| if i == 0.0 { -3.0 } else { i }),
        vec![2.0],
        vec![0.5, -0.5],
    ]
}

/// b has equal parts along all eigenvectors, so ‖r_k‖/‖b‖ is the root mean square of p_k over the eigenvalues.
#[test]
fn a_residual_is_its_polynomial_at_the_eigenvalues() {
    for eigenvalues in spectra() {
        for run in sketched(&eigenvalues).methods {
            for (k, values) in run.polynomials.at_eigenvalues.iter().take(6).enumerate() {
                let residual = run.trace.residual[k].expect("a number");
                let values: Vec<_> = values.iter().map(|value| value.expect("a number")).collect();
                let predicted = norm(&values) / (values.len() as f64).sqrt();
                let apart = (residual - predicted).abs();
                assert!(
                    apart <= 1e-8 * (1.0 + predicted),
                    "{eigenvalues:?} {} at {k}: {residual} for {predicted}",
                    run.method
                );
            }
        }
    }
}

#[test]
fn every_bound_given_holds() {
    for eigenvalues in spectra() {
        for run in sketched(&eigenvalues).methods {
            let Some(bounds) = &run.bounds else { continue };
            for (curve, bound) in [
                (&run.trace.relative_error, &bounds.relative_error),
                (&run.trace.residual, &bounds.residual),
                (&run.trace.energy_error, &bounds.energy_error),
            ] {
                for (k, (value, bound)) in curve.iter().zip(bound).enumerate() {
                    let value = value.expect("a number where there is a bound");
                    assert!(value <= bound * (1.0 + 1e-9) + 1e-12, "{eigenvalues:?} {} at {k}: {value:e}", run.method);
                }
            }
        }
    }
}

/// On a spectrum that is even on either side of zero, MINRES takes two steps for what a definite matrix of condition κ²
/// needs one for: a bound with √κ in place of κ would not hold.
#[test]
fn an_indefinite_spectrum_is_as_hard_as_its_bound_says() {
    let eigenvalues: Vec<f64> = (1..=32).flat_map(|i| [f64::from(i), -f64::from(i)]).collect();
    let minres = run(&eigenvalues, 2);
    let residual = minres.trace.residual[STEPS].expect("a number");
    let bound = minres.bounds.expect("it is not singular").residual[STEPS];
    let definite = 2.0 * ((32.0_f64.sqrt() - 1.0) / (32.0_f64.sqrt() + 1.0)).powi(STEPS as i32 / 2);
    assert!(definite < residual && residual <= bound, "{residual} lies between {definite} and {bound}");
}

fn run(eigenvalues: &[f64], method: usize) -> SketchRun {
    sketched(eigenvalues).methods.swap_remove(method)
}

#[test]
fn cg_takes_a_step_for_each_cluster() {
    for (distinct, repeated) in [(1, 5), (3, 4), (5, 2), (8, 1)] {
        let eigenvalues: Vec<f64> = (0..distinct * repeated).map(|i| f64::from(1 + i % distinct)).collect();
        let report = sketched(&eigenvalues);
        assert_eq!(report.clusters, distinct as usize);
        for cg in &report.methods[..2] {
            assert_eq!(cg.status, Status::Converged, "{distinct} clusters: {}", cg.message);
            // From b, whatever lies along the eigenvalue 1 is solved before.
            let steps = if cg.trace.products[0] == 0.0 { distinct } else { distinct - 1 };
            assert_eq!(cg.status_iteration.unwrap_or(0), steps as usize, "{distinct} clusters: {}", cg.message);
        }
    }
}

#[test]
fn its_condition_is_over_what_does_not_count_as_zero() {
    for (eigenvalues, condition) in [(vec![0.5, 4.0], 8.0), (vec![0.0, -2.0, 4.0], 2.0), (vec![-3.0], 1.0)] {
        assert_eq!(sketched(&eigenvalues).condition, Some(condition), "{eigenvalues:?}");
    }
}
