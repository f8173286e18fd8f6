//! Conjugate gradients and MINRES: monotone, best in their Krylov space, bounded by Chebyshev polynomials, and finite.

use hessian_lab::curvature::kfac::Kfac;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::experiment::Curvature;
use hessian_lab::loss::Loss;
use hessian_lab::operator::{Dense, LinearOperator};
use hessian_lab::report::Report;
use hessian_lab::solve::Iterate;
use hessian_lab::solve::conjugate_gradient::{ConjugateGradient, Start};
use hessian_lab::solve::minres::Minres;
use hessian_lab::solve::neumann::Neumann;
use nalgebra::{DMatrix, DVector};
use rand_pcg::Pcg32;
use serde_json::json;

use crate::common::distance;
use crate::common::generated::{Example, Family, normals, symmetric};
use crate::common::support::{
    DEEP, NETWORKS, assert_close, curve, generalised_eigenvalues, identity, matrix, report, spectrum,
};

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

/// λmax / λmin of the damped matrix.
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
            let solution = random_vector(seed, 12);
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
fn an_iterate_of_cg_has_the_least_energy_error_in_its_krylov_space() {
    for seed in 0..20 {
        let a = symmetric(seed, &[0.3, 0.5, 1.0, 1.5, 4.0, 6.0, 7.0]);
        let b = random_vector(seed, 7);
        for (k, iterate) in ConjugateGradient::new(&Dense(a.clone()), &b, Start::Zero).enumerate().take(6).skip(1) {
            let basis = krylov_basis(&a, &b, k);
            let projected = (basis.transpose() * &a * &basis).cholesky().expect("positive definite");
            let best = &basis * projected.solve(&(basis.transpose() * &b));
            assert_close(&iterate.solution, &best, 1e-10, &format!("seed {seed}, iterate {k}"));
        }
    }
}

#[test]
fn an_iterate_of_minres_has_the_least_residual_in_its_krylov_space() {
    for seed in 0..20 {
        let a = symmetric(seed, &[-6.0, -2.0, -0.5, 0.4, 1.0, 3.0, 7.0]);
        let b = random_vector(seed, 7);
        for (k, iterate) in Minres::new(&Dense(a.clone()), &b).enumerate().take(6).skip(1) {
            let basis = krylov_basis(&a, &b, k);
            let least_squares = (&a * &basis).svd(true, true);
            let best = &basis * least_squares.solve(&b, 1e-12).expect("both factors were asked for");
            assert_close(&iterate.solution, &best, 1e-9, &format!("seed {seed}, iterate {k}"));
        }
    }
}

/// An orthonormal basis of the span of b, A b, …, A^(k−1) b.
fn krylov_basis(a: &DMatrix<f64>, b: &DVector<f64>, k: usize) -> DMatrix<f64> {
    let mut basis = vec![b.normalize()];
    while basis.len() < k {
        let mut next = a * &basis[basis.len() - 1];
        for _ in 0..2 {
            for vector in &basis {
                next.axpy(-vector.dot(&next), vector, 1.0);
            }
        }
        basis.push(next.normalize());
    }
    DMatrix::from_columns(&basis)
}

fn random_vector(seed: u64, count: usize) -> DVector<f64> {
    normals(&mut Pcg32::new(seed, 102), count, 1).column(0).into_owned()
}

#[test]
fn the_residual_of_minres_never_rises_and_reaches_an_indefinite_solution() {
    for example in DEEP.draw(NETWORKS) {
        let minres = json!([{ "method": "minres", "iterations": 300 }]);
        for curvature in ["hessian", "ggn"] {
            // So much damping that no eigenvalue is close to zero; some Hessians stay indefinite.
            let damping = away_from_zero(&report(&example, json!({ "curvature": curvature })));
            let changes = json!({ "curvature": curvature, "damping": damping, "methods": minres });
            let run = report(&example, changes).methods.remove(0);
            let residuals = curve(&run.trace.residual);
            for (k, pair) in residuals.windows(2).enumerate() {
                assert!(pair[1] <= pair[0] * (1.0 + 1e-9) + 1e-12, "{example}: {pair:?} from iterate {k} on");
            }
            let error = curve(&run.trace.relative_error)[300];
            assert!(error < 1e-8, "{example} {curvature} with damping {damping}: {error}");
        }
    }
}

/// A damping that leaves every eigenvalue at least 0.05 from zero.
fn away_from_zero(report: &Report) -> f64 {
    let spectrum = spectrum(report);
    let distance = |damping: f64| spectrum.iter().map(|x| (x + damping).abs()).fold(f64::INFINITY, f64::min);
    (0..1000).map(|i| 0.05 * f64::from(i)).find(|&damping| distance(damping) >= 0.05).expect("a large one does")
}

#[test]
fn preconditioned_by_the_matrix_itself_one_step_is_enough() {
    for seed in 0..10 {
        let matrix = symmetric(seed, &[0.1, 1.0, 2.0, 30.0]);
        let (operator, inverse) = (Dense(matrix.clone()), Dense(matrix.try_inverse().expect("positive definite")));
        let solution = random_vector(seed, 4);
        let b = operator.apply(&solution);
        let cg = ConjugateGradient::new(&operator, &b, Start::Zero).preconditioned(&inverse).nth(1);
        let neumann = Neumann::new(&operator, &b, 1.0).preconditioned(&inverse).next();
        for iterate in [cg, neumann] {
            let iterate = iterate.expect("an iterate").solution;
            assert_close(&iterate, &solution, 1e-10, &format!("seed {seed}"));
        }
    }
}

/// One layer with squared error: KFAC and EKFAC are the Gauss-Newton matrix, and that is the Hessian.
#[test]
fn preconditioned_by_an_exact_kfac_one_step_is_enough() {
    let one_layer = Family { losses: &[Loss::Mse], hidden: (0, 0), ..Family::ANY };
    for (example, preconditioner) in one_layer.draw(NETWORKS).zip(["kfac", "ekfac"].into_iter().cycle()) {
        let methods = json!([
            { "method": "cg", "iterations": 1, "preconditioner": preconditioner },
            { "method": "cg", "iterations": 1, "preconditioner": preconditioner, "start": "right_hand_side" },
            { "method": "neumann", "iterations": 0, "preconditioner": preconditioner, "scale": 1 },
            { "method": "neumann", "iterations": 1, "preconditioner": preconditioner, "scale": "auto" },
        ]);
        for run in report(&example, json!({ "damping": 0.1, "methods": methods })).methods {
            let error = run.trace.relative_error.last().copied().flatten().expect("an error");
            assert!(error < 1e-8, "{example}: {} by {preconditioner} leaves {error}", run.method);
        }
    }
}

#[test]
fn the_energy_error_of_preconditioned_cg_never_rises_and_obeys_the_bound_of_its_own_condition() {
    for example in DEEP.draw(NETWORKS) {
        let damping = 0.1;
        let a = matrix(&example.evaluation, Curvature::Ggn) + identity(&example) * damping;
        let metric = OutputMetric::loss_curvature(&example.evaluation);
        let kfac = Kfac::new(&example.evaluation, &metric).to_matrix() + identity(&example) * damping;
        let root = generalised_eigenvalues(&a, &kfac);
        let root = (root.max() / root.min()).sqrt();
        let rate = (root - 1.0) / (root + 1.0);
        let methods = json!([{ "method": "cg", "iterations": 30, "preconditioner": "kfac" }]);
        let changes = json!({ "curvature": "ggn", "damping": damping, "methods": methods });
        let errors = curve(&report(&example, changes).methods[0].trace.energy_error);
        for k in 1..errors.len() {
            let bound = (2.0 * rate.powi(k as i32)).min(errors[k - 1]) * (1.0 + 1e-9) + 1e-12;
            assert!(errors[k] <= bound, "{example}: {} at {k} exceeds {bound}", errors[k]);
        }
    }
}

/// Powers of two round nothing, so that every iterate is the same to the bit, and there are as many.
#[test]
fn no_iterate_depends_on_the_units_of_matrix_and_right_hand_side() {
    let spectra = [
        [0.1, 0.5, 1.0, 1.5, 4.0, 6.0, 7.0],
        [-6.0, -2.0, -0.5, 0.4, 1.0, 3.0, 7.0],
        [0.0, 0.0, 0.5, 0.5, 2.0, 2.0, 7.0],
    ];
    for (seed, eigenvalues) in (0..20).flat_map(|seed| spectra.iter().map(move |eigenvalues| (seed, eigenvalues))) {
        let (a, b) = (symmetric(seed, eigenvalues), random_vector(seed, 7));
        for right_hand_side in [&a * &b, b] {
            let expected = every_solvers_iterates(&a, &right_hand_side, 10.0);
            for (unit, size) in
                [(40, 0), (-40, 0), (0, 40), (0, -40), (30, -20)].map(|(u, s)| (2_f64.powi(u), 2_f64.powi(s)))
            {
                let mut iterates = every_solvers_iterates(&(&a * unit), &(&right_hand_side * size), 10.0 * unit);
                iterates.iter_mut().flatten().for_each(|x| *x *= unit / size);
                assert_eq!(iterates, expected, "seed {seed} {eigenvalues:?} in units of {unit:e} and {size:e}");
            }
        }
    }
}

/// The first 30 iterates of CG, MINRES and the Neumann series of this scale.
fn every_solvers_iterates(a: &DMatrix<f64>, b: &DVector<f64>, scale: f64) -> [Vec<DVector<f64>>; 3] {
    let operator = Dense(a.clone());
    let solvers: [Box<dyn Iterator<Item = Iterate<f64>>>; 3] = [
        Box::new(ConjugateGradient::new(&operator, b, Start::Zero)),
        Box::new(Minres::new(&operator, b)),
        Box::new(Neumann::new(&operator, b, scale)),
    ];
    solvers.map(|solver| solver.take(30).map(|iterate| iterate.solution).collect())
}
