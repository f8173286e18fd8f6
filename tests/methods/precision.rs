//! float32: the same problem in other arithmetic, its errors measured in float64 against the float64 solution.

use hessian_lab::experiment::Experiment;
use hessian_lab::lab::Lab;
use hessian_lab::report::{Report, Status};
use nalgebra::DVector;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::report;
use crate::common::systems::system;
use crate::common::{assert_near, distance, read};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn methods(example: &Example) -> Value {
    json!([
        { "method": "cg", "iterations": 60 },
        { "method": "cg", "iterations": 60, "preconditioner": "ekfac", "start": "right_hand_side" },
        { "method": "minres", "iterations": 60 },
        { "method": "neumann", "iterations": 60, "scale": "auto" },
        { "method": "neumann", "iterations": 60, "scale": "auto", "preconditioner": "kfac" },
        { "method": "lissa", "iterations": 60, "scale": 9.0, "batch": example.samples(), "repeats": 2, "seed": 1 },
    ])
}

fn in_precision(example: &Example, precision: &str) -> Report {
    let changes = json!({
        "curvature": "ggn", "damping": 0.5, "precision": precision, "methods": methods(example),
    });
    report(example, changes)
}

#[test]
fn its_errors_and_residuals_are_those_of_the_float64_problem() {
    for example in Family::ANY.draw(20) {
        let report = in_precision(&example, "f32");
        let (a, b) = system(&example.experiment(json!({ "curvature": "ggn", "damping": 0.5 })));
        let exact = a.clone().lu().solve(&b).expect("positive definite");
        assert_near(&report.exact.solution.expect("small"), exact.as_slice(), 1e-12, &example.to_string());
        for run in report.methods {
            let x = DVector::from_column_slice(&run.solution);
            let last = |curve: &[Option<f64>]| curve[60].expect("a number");
            let what = format!("{example} {}", run.method);
            assert_near(&[last(&run.trace.relative_error)], &[(&x - &exact).norm() / exact.norm()], 1e-6, &what);
            assert_near(&[last(&run.trace.residual)], &[(&b - &a * &x).norm() / b.norm()], 1e-6, &what);
        }
    }
}

/// Squares of such numbers are no float32 or float64 numbers any more, but a power of two changes no digit of a linear system.
#[test]
fn runs_are_as_good_for_right_hand_sides_of_any_size() {
    for (precision, power) in [("f32", -90), ("f32", -40), ("f64", -600), ("f64", -900)] {
        for example in Family::ANY.draw(12) {
            let parameters = example.layout().count();
            let run = |size: f64| {
                let b: Vec<_> = (0..parameters).map(|k| size * (1.0 + (k % 5) as f64)).collect();
                let changes = json!({
                    "curvature": "ggn", "damping": 0.5, "precision": precision, "methods": methods(&example),
                    "right_hand_side": b,
                });
                report(&example, changes).methods
            };
            let size = f64::exp2(f64::from(power));
            for (whole, small) in run(1.0).into_iter().zip(run(size)) {
                let what = format!("{example} {} at 2^{power}", whole.method);
                assert_eq!(small.solution.iter().map(|x| x / size).collect::<Vec<_>>(), whole.solution, "{what}");
                assert_eq!((small.status, small.status_iteration), (whole.status, whole.status_iteration), "{what}");
            }
        }
    }
}

/// Drawn numbers are float32 numbers, so that arithmetic is all that differs, and the condition number magnifies it.
#[test]
fn its_solutions_are_float32_numbers_and_stop_at_their_rounding() {
    let (mut narrow, mut wide) = (0.0_f64, 0.0_f64);
    for seed in 0..15 {
        let [single, double] =
            ["f32", "f64"].map(|precision| Lab::new().report(&drawn(seed, precision)).expect("a report"));
        let rounding = 10.0 * f64::from(f32::EPSILON) * condition(&double);
        for (single, double) in single.methods.iter().zip(&double.methods) {
            let what = format!("seed {seed} {}", single.method);
            assert!(single.solution.iter().all(|&x| f64::from(x as f32) == x), "{what}");
            assert!(double.solution.iter().any(|&x| f64::from(x as f32) != x), "{what}");
            let apart = distance(&single.solution, &double.solution);
            assert!(apart < rounding, "{what}: {apart:e} apart");
            assert_eq!((single.status, double.status), (Status::Converged, Status::Converged), "{what}");
            narrow = narrow.max(single.trace.relative_error[60].expect("an error"));
            wide = wide.max(double.trace.relative_error[60].expect("an error"));
        }
    }
    assert!(narrow > 1e-8 && wide < 1e-12, "float32 errs by {narrow:e}, float64 by {wide:e}");
}

/// κ of A, damped by 0.4.
fn condition(report: &Report) -> f64 {
    let spectrum = report.spectrum.as_ref().expect("a small matrix is formed");
    (spectrum[spectrum.len() - 1] + 0.4) / (spectrum[0] + 0.4)
}

fn drawn(seed: u32, precision: &str) -> Experiment {
    let activation = ["sigmoid", "tanh", "relu", "softplus", "identity"][seed as usize % 5];
    let krylov = json!([{ "method": "cg", "iterations": 60 }, { "method": "minres", "iterations": 60 }]);
    read(&json!({
        "network": { "layers": [3, 5, 2], "activation": activation, "seed": seed },
        "data": { "generator": "notebook", "samples": 20, "seed": seed },
        "loss": (["mse", "cross_entropy"][seed as usize % 2]),
        "curvature": "ggn", "damping": 0.4, "precision": precision, "methods": krylov,
    }))
}
