//! Neumann series: what their residual is, when they converge, and how LiSSA relates to them.

use hessian_lab::curvature::kfac::Kfac;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::experiment::Curvature;
use hessian_lab::report::{MethodReport, Status};
use serde_json::{Value, json};

use crate::common::generated::{CURVATURES, Example, Family};
use crate::common::support::{DEEP, NETWORKS, curve, generalised_eigenvalues, identity, matrix, report, spectrum};
use crate::common::{assert_near, distance};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_residual_of_a_neumann_series_is_a_power_of_its_iteration_matrix() {
    for example in Family::ANY.draw(NETWORKS) {
        for (curvature, scale) in CURVATURES.into_iter().zip([3.0, 0.8, 2.0, 5.0]) {
            let changes = json!({ "curvature": curvature, "damping": 0.2, "methods": [neumann(15, json!(scale))] });
            let residuals = &report(&example, changes).methods[0].trace.residual;
            let a = matrix(&example.evaluation, curvature) + identity(&example) * 0.2;
            let step = identity(&example) - a / scale;
            let b = example.evaluation.gradient();
            let mut power = b.clone();
            for (k, residual) in curve(residuals).iter().enumerate() {
                power = &step * power;
                let expected = power.norm() / b.norm();
                let apart = (residual - expected).abs();
                assert!(apart <= 1e-10 * expected + 1e-12, "{example} {curvature:?} at {k}: {residual} for {expected}");
            }
        }
    }
}

#[test]
fn a_neumann_series_converges_with_every_eigenvalue_between_zero_and_twice_its_scale() {
    for example in Family::ANY.draw(NETWORKS) {
        for (margin, damping) in [(1.05, 0.5), (1.5, 0.5), (4.0, 0.5)] {
            let (run, rate, error) = neumann_on_ggn(&example, damping, margin);
            assert_ne!(run.status, Status::Diverged, "{example}: {}", run.message);
            for (k, error) in error.iter().enumerate() {
                let bound = rate.powi(k as i32 + 1);
                assert!(*error <= bound * (1.0 + 1e-9) + 1e-11, "{example}: {error} at {k} exceeds {bound}");
            }
        }
    }
}

#[test]
fn a_neumann_series_diverges_with_an_eigenvalue_beyond_twice_its_scale() {
    for example in Family::ANY.draw(NETWORKS) {
        let (run, _, error) = neumann_on_ggn(&example, 0.5, 0.8);
        assert_eq!(run.status, Status::Diverged, "{example}: {}", run.message);
        assert!(error[60] > error[50] && error[50] > error[40], "{example}: {:?}", &error[40..]);
    }
}

/// A run with the scale `margin` times half the largest eigenvalue, the rate max |1 − λ/s|, and its errors.
fn neumann_on_ggn(example: &Example, damping: f64, margin: f64) -> (MethodReport, f64, Vec<f64>) {
    let base = json!({ "curvature": "ggn", "damping": damping });
    let spectrum = spectrum(&report(example, base.clone()));
    let scale = margin * (spectrum[spectrum.len() - 1] + damping) / 2.0;
    let mut changes = base;
    changes["methods"] = json!([neumann(60, json!(scale))]);
    let run = report(example, changes).methods.remove(0);
    let rate = spectrum.iter().map(|eigenvalue| (1.0 - (eigenvalue + damping) / scale).abs()).fold(0.0, f64::max);
    let errors = curve(&run.trace.relative_error);
    (run, rate, errors)
}

#[test]
fn a_neumann_series_diverges_at_any_scale_where_an_eigenvalue_is_negative() {
    let mut indefinite = 0;
    for example in (Family { weight_decays: &[0.0], ..DEEP }).draw(NETWORKS) {
        let spectrum = spectrum(&report(&example, json!({})));
        let (smallest, largest) = (spectrum[0], spectrum[spectrum.len() - 1]);
        // Where it is smaller still, growth takes too many iterations to be seen.
        if smallest > -0.02 * largest {
            continue;
        }
        indefinite += 1;
        for scale in [0.6, 1.0, 3.0].map(|part| part * largest.max(-smallest)) {
            // The negative eigenvalue's part grows by e²⁰ or less.
            let iterations = (20.0 * scale / -smallest) as usize;
            let run = report(&example, json!({ "methods": [neumann(iterations, json!(scale))] })).methods.remove(0);
            assert_eq!(run.status, Status::Diverged, "{example} at scale {scale}: {}", run.message);
            let residual = curve(&run.trace.residual);
            let (late, last) = (residual[iterations * 3 / 4], residual[iterations]);
            assert!(last > 10.0 * late, "{example} at scale {scale}: from {late} to {last}");
        }
    }
    assert!(indefinite >= 10, "only {indefinite} of the networks are indefinite");
}

#[test]
fn a_preconditioned_series_converges_with_the_eigenvalues_of_the_preconditioned_matrix_below_twice_its_scale() {
    for example in DEEP.draw(NETWORKS) {
        let a = matrix(&example.evaluation, Curvature::Ggn) + identity(&example) * 0.5;
        let metric = OutputMetric::loss_curvature(&example.evaluation);
        let kfac = Kfac::new(&example.evaluation, &metric).to_matrix() + identity(&example) * 0.5;
        let half = generalised_eigenvalues(&a, &kfac).max() / 2.0;
        let [inside, outside] = [1.1 * half, 0.8 * half].map(|scale| {
            let methods = json!([{ "method": "neumann", "iterations": 60, "scale": scale, "preconditioner": "kfac" }]);
            report(&example, json!({ "curvature": "ggn", "damping": 0.5, "methods": methods })).methods.remove(0)
        });
        assert_ne!(inside.status, Status::Diverged, "{example}: {}", inside.message);
        assert_eq!(outside.status, Status::Diverged, "{example}: {}", outside.message);
        let [inside, outside] = [inside, outside].map(|run| curve(&run.trace.residual));
        assert!(inside[60] < 0.5 * inside[20].max(1e-12), "{example}: {inside:?}");
        assert!(outside[60] > 2.0 * outside[50], "{example}: {outside:?}");
    }
}

#[test]
fn lissa_on_the_whole_data_is_the_neumann_series() {
    for example in Family::ANY.draw(NETWORKS) {
        for curvature in CURVATURES {
            let lissa = lissa(20, 4.0, example.samples(), 2);
            let changes =
                json!({ "curvature": curvature, "damping": 0.3, "methods": [lissa, neumann(20, json!(4.0))] });
            let report = report(&example, changes);
            let [lissa, neumann] = [&report.methods[0], &report.methods[1]];
            assert_near(&lissa.solution, &neumann.solution, 1e-10, &format!("{example} {curvature:?}"));
            assert_eq!(lissa.status, neumann.status, "{example} {curvature:?}");
        }
    }
}

/// Batches are independent, so the expectation of every iterate is the Neumann series'.
#[test]
fn lissa_averages_to_the_neumann_series() {
    for curvature in ["hessian", "ggn"] {
        let examples = (Family { samples: (6, 7), ..Family::ANY }).draw(10);
        let errors = examples.map(|example| distances_to_neumann(&example, curvature));
        let [few, many] = errors.fold([0.0; 2], |sum, errors| [sum[0] + errors[0] / 10.0, sum[1] + errors[1] / 10.0]);
        // A hundred times the repeats leave a tenth of the noise.
        assert!(many < 0.01 && (5.0..20.0).contains(&(few / many)), "{curvature}: {few} and {many}");
    }
}

/// How far from the Neumann series LiSSA ends with batches of two and 10 or 1,000 repeats.
fn distances_to_neumann(example: &Example, curvature: &str) -> [f64; 2] {
    let spectrum = spectrum(&report(example, json!({ "curvature": curvature })));
    let largest = spectrum.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    // Batches of two reach N/2 times the largest eigenvalue.
    let scale = 3.0 * (largest + 0.3);
    let runs = [lissa(10, scale, 2, 10), lissa(10, scale, 2, 1000), neumann(10, json!(scale))];
    let methods = report(example, json!({ "curvature": curvature, "damping": 0.3, "methods": runs })).methods;
    [0, 1].map(|index| distance(&methods[index].solution, &methods[2].solution))
}

fn lissa(iterations: usize, scale: f64, batch: usize, repeats: usize) -> Value {
    json!({
        "method": "lissa", "iterations": iterations, "scale": scale, "batch": batch, "repeats": repeats, "seed": 5,
    })
}

fn neumann(iterations: usize, scale: Value) -> Value {
    json!({ "method": "neumann", "iterations": iterations, "scale": scale })
}
