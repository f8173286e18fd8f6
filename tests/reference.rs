//! The reference cases, natively and in the browser: every number here was computed by other people's programs.

mod common;

use common::{Case, assert_near, matrix, numbers, vector};
use hessian_lab::application::validation::Validation;
use hessian_lab::curvature::gauss_newton::GaussNewton;
use hessian_lab::curvature::hessian::Hessian;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::experiment::{Experiment, Fisher};
use hessian_lab::lab::Lab;
use hessian_lab::operator::LinearOperator;
use hessian_lab::problem::Problem;
use hessian_lab::report::{ExactStatus, MethodReport, Report, Status};
use serde_json::{Value, json};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const MATRICES: f64 = 1e-9;
const CURVATURES: [&str; 3] = ["hessian", "ggn", "fisher_empirical"];

fn report(experiment: &Experiment) -> Report {
    Lab::new().report(experiment).expect("a report")
}

/// 1e-9 + 10 ε κ.
fn solutions(condition: &Value) -> f64 {
    1e-9 + 10.0 * f64::EPSILON * condition.as_f64().expect("a condition number")
}

#[test]
fn loss_and_gradient() {
    for case in Case::all() {
        let report = report(&case.with(json!({})));
        let loss = case.expect["loss"].as_f64().expect("a loss");
        assert_near(&[report.loss], &[loss], MATRICES, case.name);
        assert_near(&report.gradient, &numbers(&case.expect["gradient"]), MATRICES, case.name);
    }
}

#[test]
fn matrices() {
    for case in Case::all() {
        let matrices = report(&case.with(json!({ "include": ["matrices"] }))).matrices.expect("they were asked for");
        for (name, actual) in [
            ("hessian", matrices.hessian),
            ("ggn", matrices.ggn),
            ("fisher_empirical", matrices.fisher_empirical),
            ("kfac_type2", matrices.kfac),
            ("kfac_empirical", matrices.kfac_empirical),
            ("ekfac_type2", matrices.ekfac),
        ] {
            let expected = matrix(&case.expect[name]).transpose();
            assert_near(&actual, expected.as_slice(), MATRICES, &format!("{} {name}", case.name));
        }
    }
}

#[test]
fn probe_products() {
    for case in Case::all() {
        let evaluation = Problem::new(&case.with(json!({}))).expect("a problem").evaluation;
        let probe = vector(&case.expect["probe"]);
        let hessian = Hessian::new(&evaluation).apply(&probe);
        let ggn = GaussNewton::new(&evaluation, OutputMetric::loss_curvature(&evaluation)).apply(&probe);
        assert_near(hessian.as_slice(), &numbers(&case.expect["hessian_probe"]), MATRICES, case.name);
        assert_near(ggn.as_slice(), &numbers(&case.expect["ggn_probe"]), MATRICES, case.name);
    }
}

#[test]
fn spectra_and_exact_solutions() {
    for case in Case::all() {
        for curvature in CURVATURES {
            let what = format!("{} {curvature}", case.name);
            let system = &case.expect["systems"][curvature];
            let report = report(&case.with(json!({ "curvature": curvature })));
            let spectrum = report.spectrum.expect("small enough");
            // The cases list the eigenvalues of A, or of C: of C, as a report does.
            assert_near(&spectrum, &numbers(&system["eigenvalues"]), MATRICES, &what);
            let singular = report.exact.status == ExactStatus::Singular;
            assert_eq!(singular, system["singular"].as_bool().expect("a flag"), "{what}");
            let exact = report.exact.solution.expect("small enough");
            let kept =
                if singular { kept_condition(&spectrum) } else { system["condition"].as_f64().expect("a number") };
            assert_near(&exact, &numbers(&system["exact"]), solutions(&json!(kept)), &what);
        }
    }
}

/// The condition number over the eigenvalues that do not count as zero.
fn kept_condition(eigenvalues: &[f64]) -> f64 {
    let largest = eigenvalues.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let zero = eigenvalues.len() as f64 * f64::EPSILON * largest;
    let smallest = eigenvalues.iter().map(|x| x.abs()).filter(|&x| x > zero).fold(f64::INFINITY, f64::min);
    largest / smallest
}

fn runs(case: &Case, curvature: &str) -> Vec<MethodReport> {
    let (k, scale) = (case.iterations, &case.expect["systems"][curvature]["neumann_scale"]);
    let methods = json!([
        { "method": "cg", "iterations": k, "start": "zero" },
        { "method": "cg", "iterations": k, "start": "right_hand_side" },
        { "method": "neumann", "iterations": k, "scale": scale },
    ]);
    report(&case.with(json!({ "curvature": curvature, "methods": methods }))).methods
}

#[test]
fn conjugate_gradient_traces() {
    for case in Case::all() {
        for curvature in CURVATURES {
            let runs = runs(&case, curvature);
            for (run, start) in runs.iter().zip(["cg_zero", "cg_right_hand_side"]) {
                let what = format!("{} {curvature} {start}", case.name);
                let expected = &case.expect["systems"][curvature][start];
                let first = expected["first_nonpositive_curvature"].as_u64().map(|k| k as usize);
                assert_negative_curvature(run, first, &what);
                let last = first.map_or(6, |k| k - 1).min(comparable(&case, curvature)).min(case.iterations);
                assert_trace(run, &expected["trace"], 0..=last, 1e-6, &what);
            }
        }
    }
}

/// The last iterate at which two right programs agree. A singular system has eigenvalues down to rounding, and CG
/// magnifies what lies along them: in the notebook's Gauss-Newton matrix the residual jumps from 0.003 to 0.7 at k = 6.
fn comparable(case: &Case, curvature: &str) -> usize {
    if case.expect["systems"][curvature]["singular"] == true { 4 } else { 6 }
}

/// Where rounding decides the sign of pᵀAp (a singular system after it has converged), the reference sees none.
fn assert_negative_curvature(run: &MethodReport, first: Option<usize>, what: &str) {
    match first {
        Some(_) => {
            assert_eq!(run.status, Status::NegativeCurvature, "{what}");
            assert_eq!(run.status_iteration, first, "{what}");
        }
        None => assert_ne!(run.status, Status::NegativeCurvature, "{what}"),
    }
}

#[test]
fn neumann_traces() {
    for case in Case::all() {
        for curvature in CURVATURES {
            let expected = &case.expect["systems"][curvature]["neumann"];
            let what = format!("{} {curvature} neumann", case.name);
            assert_trace(&runs(&case, curvature)[2], expected, 0..=case.iterations, 1e-8, &what);
        }
    }
}

/// Relative error, cosine and residual to 1e-6 relative, where the value exceeds `floor`.
fn assert_trace(run: &MethodReport, expected: &Value, range: std::ops::RangeInclusive<usize>, floor: f64, what: &str) {
    let curves = [&run.trace.relative_error, &run.trace.cosine_similarity, &run.trace.residual];
    for k in range {
        for (curve, expected) in curves.iter().zip(expected[k].as_array().expect("three numbers")) {
            match expected.as_f64() {
                Some(value) if value.abs() > floor => {
                    let actual = curve[k].unwrap_or_else(|| panic!("{what}: nothing at {k}"));
                    assert_near(&[actual], &[value], 1e-6, &format!("{what} at {k}"));
                }
                Some(_) => {}
                None => assert_eq!(curve[k], None, "{what} at {k}"),
            }
        }
    }
}

#[test]
fn kfac_solutions() {
    for case in Case::all() {
        for convention in ["exact", "pi", "sqrt", "per_factor"] {
            let methods = json!([{ "method": "kfac", "damping_convention": convention }]);
            let report = report(&case.with(json!({ "methods": methods })));
            let expected = numbers(&case.expect["solutions"]["kfac"][convention]);
            let what = format!("{} {convention}", case.name);
            assert_near(&report.methods[0].solution, &expected, 1e-9, &what);
        }
    }
}

#[test]
fn other_direct_solutions() {
    for case in Case::all() {
        let methods = json!([
            { "method": "kfac", "fisher": "empirical" },
            { "method": "ekfac" },
            { "method": "block_diagonal" },
            { "method": "diagonal" },
        ]);
        let report = report(&case.with(json!({ "methods": methods })));
        let names = ["kfac_empirical_exact", "ekfac", "block_diagonal_ggn", "diagonal_ggn"];
        for (run, name) in report.methods.iter().zip(names) {
            assert_eq!(run.status, Status::Ok);
            let expected = &case.expect["solutions"][name];
            if !expected.is_null() {
                let tolerance = solutions(&json!(direct_condition(&case, name)));
                assert_near(&run.solution, &numbers(expected), tolerance, &format!("{} {name}", case.name));
            }
        }
    }
}

/// The condition number of the matrix that a direct method solves with, over the eigenvalues kept.
fn direct_condition(case: &Case, name: &str) -> f64 {
    let matrices = report(&case.with(json!({ "include": ["matrices"] }))).matrices.expect("they were asked for");
    let (entries, exact) = match name {
        "kfac_empirical_exact" => (matrices.kfac_empirical, true),
        "ekfac" => (matrices.ekfac, true),
        _ => (matrices.block_diagonal, name == "block_diagonal_ggn"),
    };
    let count = (entries.len() as f64).sqrt() as usize;
    let mut matrix = nalgebra::DMatrix::from_vec(count, count, entries);
    if !exact {
        matrix = nalgebra::DMatrix::from_diagonal(&matrix.diagonal());
    }
    let damping = case.experiment["damping"].as_f64().expect("a damping");
    kept_condition(matrix.symmetric_eigenvalues().add_scalar(damping).as_slice())
}

#[test]
fn minres_reaches_the_exact_solution() {
    for case in Case::all() {
        for curvature in CURVATURES {
            let methods = json!([{ "method": "minres", "iterations": 400 }]);
            let report = report(&case.with(json!({ "curvature": curvature, "methods": methods })));
            let error = report.methods[0].trace.relative_error[400].expect("an exact solution");
            assert!(error < 1e-6, "{} {curvature}: {error:e}", case.name);
        }
    }
}

#[test]
fn network_outputs() {
    for case in Case::all() {
        let evaluation = Problem::new(&case.with(json!({}))).expect("a problem").evaluation;
        let expected = matrix(&case.expect["outputs"]).transpose();
        assert_near(evaluation.pass.outputs.as_slice(), expected.as_slice(), MATRICES, case.name);
    }
}

#[test]
fn kronecker_factors() {
    for case in Case::all() {
        let problem = Problem::new(&case.with(json!({}))).expect("a problem");
        let expected = case.expect["kfac_factors"].as_array().expect("one pair a layer");
        let factors = &problem.kfac(Fisher::Type2).factors;
        assert_eq!(factors.len(), expected.len());
        for (actual, expected) in factors.iter().zip(expected) {
            assert_near(actual.a.as_slice(), matrix(&expected["A"]).as_slice(), MATRICES, case.name);
            assert_near(actual.b.as_slice(), matrix(&expected["B"]).as_slice(), MATRICES, case.name);
        }
    }
}

#[test]
fn applications() {
    for case in Case::all() {
        let expected = &case.expect["applications"];
        let experiment = case.with(json!({
            "validation": { "inputs": expected["validation_inputs"], "targets": expected["validation_targets"] },
            "applications": ["influence", "hypergradient"],
        }));
        let problem = Problem::new(&experiment).expect("a problem");
        let validation = Validation::new(&problem, &experiment).expect("validation data");
        let tolerance = 1e-8;
        assert_near(&[validation.loss], &[expected["validation_loss"].as_f64().expect("a loss")], MATRICES, case.name);
        let gradient = numbers(&expected["validation_gradient"]);
        assert_near(validation.gradient.as_slice(), &gradient, MATRICES, case.name);
        let applications = report(&experiment).applications.expect("they were asked for");
        let influence = applications.influence.expect("asked for").on_validation_loss.expect("H is formed");
        assert_near(&influence, &numbers(&expected["influence_on_validation_loss"]), tolerance, case.name);
        let hypergradient = applications.hypergradient.expect("asked for").weight_decay.expect("H is formed");
        let expected = expected["hypergradient_weight_decay"].as_f64().expect("a number");
        assert_near(&[hypergradient], &[expected], tolerance, case.name);
    }
}
