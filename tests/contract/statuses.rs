//! What a run's outcome is called, where it was first seen, and the sentence about it.

use hessian_lab::experiment::Curvature;
use hessian_lab::lab::Lab;
use hessian_lab::report::{ExactStatus, MethodReport, Status};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::{CURVATURES, Example, Family, normals};
use crate::common::support::{DEEP, NETWORKS, curve, matrix, report, spectrum};
use crate::common::{assert_near, read};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_run_is_converged_from_the_first_residual_below_the_precisions_tolerance() {
    let mut seen = [0, 0];
    for example in Family::ANY.draw(NETWORKS) {
        for (precision, tolerance) in [("f64", 1e-10), ("f32", 1e-5)] {
            let methods = json!([
                { "method": "cg", "iterations": 12 },
                { "method": "minres", "iterations": 12 },
                { "method": "neumann", "iterations": 60, "scale": "auto" },
            ]);
            let changes = json!({ "curvature": "ggn", "damping": 0.5, "precision": precision, "methods": methods });
            for run in report(&example, changes).methods {
                let first = curve(&run.trace.residual).iter().position(|&residual| residual <= tolerance);
                let status = if first.is_some() { Status::Converged } else { Status::Limit };
                assert_eq!(
                    (run.status, run.status_iteration),
                    (status, first),
                    "{example} {}: {}",
                    run.method,
                    run.message
                );
                seen[usize::from(first.is_some())] += 1;
            }
        }
    }
    assert!(seen[0] > 20 && seen[1] > 20, "{seen:?}");
}

#[test]
fn a_converged_run_goes_on_to_the_last_digit() {
    for example in (Family { hidden: (0, 1), ..Family::ANY }).draw(NETWORKS) {
        let changes = json!({
            "curvature": "ggn", "damping": 1.0, "methods": [{ "method": "cg", "iterations": 100 }],
        });
        let run = report(&example, changes).methods.remove(0);
        assert!(curve(&run.trace.residual)[100] < 1e-13, "{example}: {}", run.message);
    }
}

/// Growth of less than a part in a thousand may be rounding; past half the largest eigenvalue it is soon more.
#[test]
fn a_neumann_series_diverges_from_the_first_residual_that_grows() {
    let mut later = 0;
    for example in Family::ANY.draw(NETWORKS) {
        let base = json!({ "curvature": "ggn", "damping": 0.5 });
        let largest = spectrum(&report(&example, base.clone())).last().expect("an eigenvalue") + 0.5;
        let mut changes = base;
        changes["methods"] = json!([{ "method": "neumann", "iterations": 60, "scale": 0.49 * largest }]);
        let run = report(&example, changes).methods.remove(0);
        let residual = curve(&run.trace.residual);
        let first = residual.windows(2).position(|pair| pair[1] > 1.001 * pair[0]).map(|before| before + 1);
        assert_eq!((run.status, run.status_iteration), (Status::Diverged, first), "{example}: {}", run.message);
        later += usize::from(first > Some(1));
    }
    assert!(later >= 10, "only {later} fall first");
}

#[test]
fn negative_curvature_is_reported_at_the_first_direction_that_has_it() {
    let mut indefinite = 0;
    for example in DEEP.draw(NETWORKS) {
        let hessian = matrix(&example.evaluation, Curvature::Hessian);
        let Some(first) = first_negative_curvature(&hessian, &example.evaluation.gradient()) else { continue };
        indefinite += 1;
        let [going, stopped] = ["continue", "stop"].map(|answer| {
            let cg = json!({ "method": "cg", "iterations": 15, "on_negative_curvature": answer });
            report(&example, json!({ "methods": [cg] })).methods.remove(0)
        });
        for run in [&going, &stopped] {
            assert_eq!((run.status, run.status_iteration), (Status::NegativeCurvature, Some(first)), "{example}");
            assert!(run.message.contains("damping") || run.message.contains("Damping"), "{}", run.message);
        }
        assert_ne!(going.trace.residual[first], stopped.trace.residual[first], "{example}: it goes on");
        assert_eq!(stopped.trace.products[15], first as f64, "{example}");
        let before = report(&example, json!({ "methods": [{ "method": "cg", "iterations": first - 1 }] }));
        assert_near(&stopped.solution, &before.methods[0].solution, 1e-14, &example.to_string());
    }
    assert!(indefinite >= 10, "only {indefinite} of the networks show it");
}

/// The first iteration with pᵀAp < 0 of CG from zero, where none before comes so close that rounding decides.
fn first_negative_curvature(a: &DMatrix<f64>, b: &DVector<f64>) -> Option<usize> {
    let (mut residual, mut direction) = (b.clone(), b.clone());
    for k in 1..=5 {
        let product = a * &direction;
        let curvature = direction.dot(&product) / (direction.norm() * product.norm());
        if curvature.abs() < 1e-6 || residual.norm() < 1e-6 * b.norm() {
            return None;
        }
        if curvature < 0.0 {
            return Some(k);
        }
        let weight = residual.norm_squared();
        residual.axpy(-weight / direction.dot(&product), &product, 1.0);
        direction = &residual + direction * (residual.norm_squared() / weight);
    }
    None
}

/// The damping that a message names makes the matrix positive definite, and less does not.
#[test]
fn the_damping_named_is_the_one_needed() {
    for example in DEEP.draw(NETWORKS) {
        let cg = json!([{ "method": "cg", "iterations": 15 }]);
        let smallest = spectrum(&report(&example, json!({})))[0];
        if smallest > -1e-6 {
            continue;
        }
        let run = |damping: f64| report(&example, json!({ "damping": damping, "methods": cg })).methods.remove(0);
        assert_ne!(run(-smallest * 1.01).status, Status::NegativeCurvature, "{example}");
        let message = run(0.0).message;
        if let Some(named) = message.split("Damping above ").nth(1) {
            let named: f64 = named.split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
            assert!((named / -smallest - 1.0).abs() < 0.01, "{example}: {message} for {smallest}");
        }
    }
}

#[test]
fn a_singular_system_says_so_by_the_rule_for_zero() {
    let mut seen = [false; 2];
    for example in Family::ANY.draw(NETWORKS) {
        for curvature in CURVATURES {
            let report = report(&example, json!({ "curvature": curvature }));
            let spectrum = spectrum(&report);
            let largest = spectrum.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let zero = spectrum.len() as f64 * f64::EPSILON * largest;
            let singular = spectrum.iter().any(|eigenvalue| eigenvalue.abs() <= zero);
            let status = if singular { ExactStatus::Singular } else { ExactStatus::Ok };
            assert_eq!(report.exact.status, status, "{example} {curvature:?}");
            seen[usize::from(singular)] = true;
        }
    }
    assert_eq!(seen, [true; 2]);
}

#[test]
fn on_a_singular_system_neumann_converges_to_the_shortest_solution_if_there_is_one() {
    let mut singular = 0;
    for mut example in (Family { samples: (1, 2), weight_decays: &[0.0], ..DEEP }).draw(NETWORKS) {
        let neumann = json!([{ "method": "neumann", "iterations": 200, "scale": "auto" }]);
        let mut changes = json!({ "curvature": "ggn", "methods": neumann });
        let consistent = report(&example, changes.clone());
        if consistent.exact.status != ExactStatus::Singular {
            continue;
        }
        singular += 1;
        changes["right_hand_side"] = json!(example.vector().as_slice());
        let inconsistent = report(&example, changes);
        let [good, bad] = [&consistent.methods[0], &inconsistent.methods[0]];
        assert!(matches!(good.status, Status::Converged | Status::Limit), "{example}: {}", good.message);
        let errors = curve(&good.trace.relative_error);
        assert!(errors.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-9) + 1e-8), "{example}: {errors:?}");
        assert_eq!(bad.status, Status::Diverged, "{example}: {}", bad.message);
    }
    assert!(singular >= 10, "only {singular} are singular");
}

#[test]
fn the_automatic_scale_is_the_middle_of_a_definite_spectrum_and_else_beyond_the_largest_eigenvalue() {
    let mut seen = [0, 0];
    for example in DEEP.draw(NETWORKS) {
        for damping in [0.0, 3.0] {
            let methods = json!([
                { "method": "neumann", "iterations": 3, "scale": "auto" },
                { "method": "neumann", "iterations": 3, "scale": 2 },
            ]);
            let report = report(&example, json!({ "damping": damping, "methods": methods }));
            let spectrum = spectrum(&report);
            let (smallest, largest) = (spectrum[0] + damping, spectrum[spectrum.len() - 1] + damping);
            if smallest.abs() < 1e-9 {
                continue;
            }
            let definite = smallest > 0.0;
            seen[usize::from(definite)] += 1;
            let expected = if definite { (smallest + largest) / 2.0 } else { 1.05 * largest };
            let [auto, given] = [&report.methods[0], &report.methods[1]];
            let scale = auto.scale.expect("it was chosen");
            assert!((scale / expected - 1.0).abs() < 1e-9, "{example}: {scale} for {expected}");
            assert_eq!((given.scale, auto.message.contains("none works")), (None, !definite), "{}", auto.message);
        }
    }
    assert!(seen[0] >= 5 && seen[1] >= 5, "{seen:?}");
}

#[test]
fn every_message_is_a_sentence() {
    for example in Family::ANY.draw(NETWORKS) {
        let methods = json!([
            { "method": "exact" },
            { "method": "cg", "iterations": 9 },
            { "method": "minres", "iterations": 9 },
            { "method": "neumann", "iterations": 9, "scale": "auto" },
            { "method": "lissa", "iterations": 9, "scale": 0.3, "batch": 1, "repeats": 1, "seed": 0 },
            { "method": "kfac" },
            { "method": "ekfac" },
            { "method": "block_diagonal" },
            { "method": "diagonal" },
        ]);
        let report = report(&example, json!({ "methods": methods }));
        for message in report.methods.iter().map(|run| &run.message).chain([&report.exact.message]) {
            assert!(message.ends_with('.') && message.len() > 20, "{example}: {message}");
            assert!(message.starts_with(char::is_uppercase), "{example}: {message}");
        }
    }
}

/// One layer from 40 to 30: 1,230 parameters, more than are formed. With squared error its curvature is
/// 2/(N C) Σ ā āᵀ once for each output.
struct Large {
    data: Value,
    largest: f64,
}

impl Large {
    fn new() -> Self {
        let mut generator = rand_pcg::Pcg32::new(0, 105);
        let (inputs, targets) = (normals(&mut generator, 40, 50), normals(&mut generator, 30, 50));
        let rows =
            |matrix: &DMatrix<f64>| matrix.column_iter().map(|c| c.iter().copied().collect()).collect::<Vec<Vec<_>>>();
        let homogeneous = inputs.clone().insert_row(40, 1.0);
        let moments = &homogeneous * homogeneous.transpose() * (2.0 / (50.0 * 30.0));
        Self {
            data: json!({ "inputs": rows(&inputs), "targets": rows(&targets) }),
            largest: moments.symmetric_eigenvalues().max(),
        }
    }

    fn run(&self, damping: f64, method: Value) -> MethodReport {
        let network = json!({ "layers": [40, 30], "activation": "identity", "parameters": vec![0.1; 1230] });
        let experiment = json!({
            "network": network, "data": self.data, "loss": "mse", "damping": damping, "methods": [method],
        });
        let mut report = Lab::new().report(&read(&experiment)).expect("a report");
        assert_eq!((report.exact.status, &report.exact.solution), (ExactStatus::NotFormed, &None));
        report.methods.remove(0)
    }
}

#[test]
fn without_a_spectrum_divergence_is_known_from_the_norms() {
    let large = Large::new();
    for (margin, status) in [(0.9, Status::Diverged), (1.1, Status::Limit)] {
        let scale = margin * (large.largest + 0.01) / 2.0;
        let run = large.run(0.01, json!({ "method": "neumann", "iterations": 60, "scale": scale }));
        assert_eq!(run.status, status, "{}", run.message);
        assert!(run.trace.relative_error.iter().all(Option::is_none));
        assert!(run.trace.residual.iter().all(Option::is_some));
    }
}

#[test]
fn without_a_spectrum_the_automatic_scale_comes_from_products() {
    let large = Large::new();
    let run = large.run(0.01, json!({ "method": "neumann", "iterations": 3, "scale": "auto" }));
    let expected = 1.05 * (large.largest + 0.01);
    let scale = run.scale.expect("it was chosen");
    assert!((scale / expected - 1.0).abs() < 1e-3, "{scale} for {expected}");
}

#[test]
fn without_a_matrix_there_is_no_exact_solution_but_cg_still_converges() {
    let large = Large::new();
    assert_eq!(large.run(0.1, json!({ "method": "exact" })).status, Status::Breakdown);
    let run = large.run(0.1, json!({ "method": "cg", "iterations": 100 }));
    assert_eq!(run.status, Status::Converged, "{}", run.message);
}

#[test]
fn a_diverged_run_holds_its_last_finite_iterate() {
    for (example, precision) in DEEP.draw(10).zip(["f64", "f32"].into_iter().cycle()) {
        let neumann = json!([{ "method": "neumann", "iterations": 3000, "scale": 1e-3 }]);
        let changes = json!({ "curvature": "ggn", "damping": 1.0, "precision": precision, "methods": neumann });
        let run = report(&example, changes).methods.remove(0);
        assert_eq!(run.status, Status::Diverged, "{example}");
        let largest = run.solution.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        assert!(largest.is_finite() && largest > 1e30, "{example}: {largest}");
    }
}

#[test]
fn a_number_past_the_precisions_range_is_a_breakdown() {
    let example = overflowing_in_float32();
    let cg = json!([{ "method": "cg", "iterations": 5 }]);
    let [wide, narrow] =
        ["f64", "f32"].map(|precision| report(&example, json!({ "precision": precision, "methods": cg })));
    assert_ne!(wide.methods[0].status, Status::Breakdown, "{}", wide.methods[0].message);
    assert_eq!(narrow.methods[0].status, Status::Breakdown, "{}", narrow.methods[0].message);
    assert!(narrow.gradient.iter().all(|number| number.is_finite()), "{:?}", narrow.gradient);
}

/// A deep linear network whose gradient has a norm of about 1e22, and a squared norm beyond float32.
fn overflowing_in_float32() -> Example {
    let linear = &[hessian_lab::activation::Activation::Identity];
    let family = Family { activations: linear, losses: &[hessian_lab::loss::Loss::Mse], hidden: (3, 3), ..Family::ANY };
    let mut example = family.draw(1).next().expect("one");
    let theta = &example.evaluation.theta;
    example.evaluation = example.at(theta * (3e3 / theta.amax()));
    example
}
