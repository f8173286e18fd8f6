//! Conjugate gradients: monotone, bounded by Chebyshev polynomials, and finite.

use hessian_lab::operator::{Dense, LinearOperator};
use hessian_lab::report::Report;
use hessian_lab::solve::conjugate_gradient::{ConjugateGradient, Start};
use hessian_lab::solve::neumann::Neumann;
use rand_pcg::Pcg32;
use serde_json::json;

use crate::common::distance;
use crate::common::generated::{Example, Family, normals, symmetric};
use crate::support::{NETWORKS, assert_close, curve, report, spectrum};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_energy_error_of_cg_never_rises_on_a_positive_definite_system() {
    for example in Family::ANY.draw(NETWORKS) {
        for run in definite_systems(&example).iter().flat_map(|report| &report.methods) {
            let errors = curve(&run.trace.energy_error);
            for (k, pair) in errors.windows(2).enumerate() {
                // At its floor the error is rounding and wanders.
                assert!(pair[1] <= pair[0] * (1.0 + 1e-9) + 1e-12, "{example}: {pair:?} from iterate {k} on");
            }
            assert!(errors[20] < 1e-6 * errors[0], "{example}: {} left", errors[20]);
        }
    }
}

#[test]
fn the_energy_error_of_cg_obeys_chebyshevs_bound() {
    for example in Family::ANY.draw(NETWORKS) {
        for (report, damping) in definite_systems(&example).iter().zip(DAMPINGS) {
            let root = condition(report, damping).sqrt();
            let rate = (root - 1.0) / (root + 1.0);
            for run in &report.methods {
                let errors = curve(&run.trace.energy_error);
                for (k, &error) in errors.iter().enumerate() {
                    let bound = 2.0 * rate.powi(k as i32) * errors[0];
                    assert!(error <= bound * (1.0 + 1e-9) + 1e-12, "{example}: {error} at {k} exceeds {bound}");
                }
            }
        }
    }
}

/// Dampings that leave a condition number of a few hundred or less, where float64 CG behaves as the exact one.
const DAMPINGS: [f64; 2] = [0.1, 1.0];

/// CG from zero and from b on the damped Gauss-Newton matrix.
fn definite_systems(example: &Example) -> [Report; 2] {
    DAMPINGS.map(|damping| {
        let methods =
            ["zero", "right_hand_side"].map(|start| json!({ "method": "cg", "iterations": 40, "start": start }));
        report(example, json!({ "curvature": "ggn", "damping": damping, "methods": methods }))
    })
}

fn condition(report: &Report, damping: f64) -> f64 {
    let spectrum = spectrum(report);
    (spectrum[spectrum.len() - 1] + damping) / (spectrum[0] + damping)
}

#[test]
fn cg_takes_a_step_for_each_distinct_eigenvalue() {
    for seed in 0..10 {
        for distinct in 1..=5 {
            let eigenvalues: Vec<f64> = (0..12).map(|i| 2.0 + (i % distinct) as f64).collect();
            let operator = Dense(symmetric(seed, &eigenvalues));
            let solution = normals(&mut Pcg32::new(seed, 102), 12, 1).column(0).into_owned();
            let b = operator.apply(&solution);
            for start in [Start::Zero, Start::RightHandSide] {
                let iterates: Vec<_> = ConjugateGradient::new(&operator, &b, start).take(distinct + 1).collect();
                let errors: Vec<_> =
                    iterates.iter().map(|k| distance(k.solution.as_slice(), solution.as_slice())).collect();
                assert!(errors[distinct] < 1e-10, "seed {seed}, {distinct} eigenvalues, {start:?}: {errors:?}");
                assert!(errors[distinct - 1] > 1e-6, "seed {seed}, {distinct} eigenvalues, {start:?}: {errors:?}");
            }
        }
    }
}

#[test]
fn cg_reaches_the_solution_in_as_many_steps_as_there_are_parameters() {
    for example in (Family { hidden: (0, 1), ..Family::ANY }).draw(NETWORKS) {
        let cg = json!([{ "method": "cg", "iterations": example.parameters() }]);
        let report = report(&example, json!({ "curvature": "ggn", "damping": 0.5, "methods": cg }));
        let error = curve(&report.methods[0].trace.relative_error)[example.parameters()];
        assert!(error < 1e-8, "{example}: {error}");
    }
}

#[test]
fn preconditioned_by_the_matrix_itself_one_step_is_enough() {
    for seed in 0..10 {
        let matrix = symmetric(seed, &[0.1, 1.0, 2.0, 30.0]);
        let (operator, inverse) = (Dense(matrix.clone()), Dense(matrix.try_inverse().expect("positive definite")));
        let solution = normals(&mut Pcg32::new(seed, 103), 4, 1).column(0).into_owned();
        let b = operator.apply(&solution);
        let cg = ConjugateGradient::new(&operator, &b, Start::Zero).preconditioned(&inverse).nth(1);
        let neumann = Neumann::new(&operator, &b, 1.0).preconditioned(&inverse).next();
        for iterate in [cg, neumann] {
            let iterate = iterate.expect("an iterate").solution;
            assert_close(&iterate, &solution, 1e-10, &format!("seed {seed}"));
        }
    }
}
