//! Monte Carlo estimates: right in the mean, and nearer to it as one over the root of their draws.

use hessian_lab::curvature::assembly;
use hessian_lab::curvature::kfac::Kfac;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::gradient::Evaluation;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::assert_near;
use crate::common::generated::{Example, Family};
use crate::common::support::report;
use crate::common::systems::{damped, run, system};
use crate::support::SMOOTH;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SEEDS: u32 = 400;

/// A matrix made of a metric on the outputs.
type FromMetric = fn(&Evaluation<f64>, &OutputMetric<f64>) -> DMatrix<f64>;

const MATRICES: [(&str, FromMetric); 2] = [
    ("fisher_mc", |evaluation, metric| assembly::gauss_newton(evaluation, metric)),
    ("kfac", |evaluation, metric| Kfac::new(evaluation, metric).to_matrix()),
];

/// A classifier and a regression of each activation.
fn examples() -> impl Iterator<Item = Example> {
    (Family { hidden: (1, 1), samples: (2, 4), ..SMOOTH }).draw(6)
}

/// The mean over seeds of ‖F_S − F‖² times S does not depend on S.
#[test]
fn their_error_falls_as_one_over_the_root_of_the_draws() {
    for example in examples() {
        for (name, matrix) in MATRICES {
            let errors = [1, 4, 16, 64].map(|draws| scaled_error(&example, matrix, draws));
            for error in errors {
                let ratio = error / errors[0];
                assert!((0.75..1.33).contains(&ratio), "{example} {name}: {errors:?}");
            }
        }
    }
}

fn scaled_error(example: &Example, matrix: FromMetric, draws: usize) -> f64 {
    let type2 = matrix(&example.evaluation, &OutputMetric::loss_curvature(&example.evaluation));
    let error = |seed| (drawn(example, matrix, draws, seed) - &type2).norm_squared();
    (0..SEEDS).map(error).sum::<f64>() / f64::from(SEEDS) * draws as f64
}

fn drawn(example: &Example, matrix: FromMetric, draws: usize, seed: u32) -> DMatrix<f64> {
    matrix(&example.evaluation, &OutputMetric::monte_carlo(&example.evaluation, draws, seed))
}

/// The mean of all seeds is as near as that many draws are.
#[test]
fn their_mean_over_seeds_is_the_type_2_matrix() {
    for example in examples() {
        for (name, matrix) in MATRICES {
            let type2 = matrix(&example.evaluation, &OutputMetric::loss_curvature(&example.evaluation));
            let sum: DMatrix<f64> = (0..SEEDS).map(|seed| drawn(&example, matrix, 1, seed)).sum();
            let error = (sum / f64::from(SEEDS) - &type2).norm_squared();
            let expected = scaled_error(&example, matrix, 1) / f64::from(SEEDS);
            assert!(error < 6.0 * expected, "{example} {name}: {error:e}, {expected:e} is usual");
        }
    }
}

#[test]
fn an_experiments_draws_and_seed_reach_curvature_and_kfac() {
    for example in examples() {
        let matrix = |draws: u32, seed: u32| system(&example.experiment(mc(draws, seed))).0;
        let kfac = |draws: u32, seed: u32| run(&example, mc(draws, seed), json!({ "method": "kfac", "fisher": "mc" }));
        assert_eq!(matrix(2, 5), drawn(&example, MATRICES[0].1, 2, 5), "{example}");
        assert_ne!(matrix(2, 5), matrix(2, 6), "{example}");
        assert_eq!(kfac(2, 5), kfac(2, 5), "{example}");
        assert_ne!(kfac(2, 5).solution, kfac(3, 5).solution, "{example}");
        assert_ne!(kfac(2, 5).solution, kfac(2, 6).solution, "{example}");
    }
}

fn mc(draws: u32, seed: u32) -> Value {
    json!({ "curvature": "fisher_mc", "fisher_samples": draws, "fisher_seed": seed, "damping": 0.0 })
}

/// MC KFAC solves with the same matrix as a Kronecker product of its factors does.
#[test]
fn monte_carlo_kfac_solves_with_the_drawn_factors() {
    for example in examples() {
        let changes = json!({ "fisher_samples": 3, "fisher_seed": 9, "damping": 0.2 });
        let b = report(&example, changes.clone()).gradient;
        let matrix = drawn(&example, MATRICES[1].1, 3, 9);
        let solution = run(&example, changes, json!({ "method": "kfac", "fisher": "mc" })).solution;
        let product = damped(matrix, 0.2) * DVector::from_vec(solution);
        assert_near(product.as_slice(), &b, 1e-10, &example.to_string());
    }
}
