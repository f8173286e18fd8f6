//! What a report tells of its draws and matrices, so that others can repeat them.

use hessian_lab::curvature::batch::BatchCurvature;
use hessian_lab::experiment::DenseMatrix;
use hessian_lab::gradient::Evaluation;
use hessian_lab::operator::SampledOperator;
use hessian_lab::problem::Problem;
use hessian_lab::report::{Draws, Report};
use nalgebra::{DMatrix, DVector};
use serde_json::json;

use crate::common::assert_near;
use crate::common::generated::{Example, Family};
use crate::common::support::{ROUNDING, report, spectrum};
use crate::common::systems::eigenvalues;
use crate::support::{NAMES, SMOOTH};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn examples() -> impl Iterator<Item = Example> {
    (Family { hidden: (1, 1), samples: (3, 6), weight_decays: &[0.0, 0.05], ..SMOOTH }).draw(6)
}

fn draws(report: &Report) -> &Draws {
    report.draws.as_ref().expect("draws were asked for")
}

/// x ← x + (b − (C_batch + λ I) x)/s over the batches told, averaged over repeats, is LiSSA's answer.
#[test]
fn lissa_is_repeated_from_its_batches() {
    for example in examples() {
        let batch = example.samples() - 1;
        let method = |seed| json!({ "method": "lissa", "iterations": 5, "scale": 9.0, "batch": batch, "repeats": 3, "seed": seed });
        let changes = json!({ "methods": [method(1), method(2)], "include": ["draws"], "damping": 0.2 });
        let told = report(&example, changes.clone());
        let problem = Problem::new(&example.experiment(changes)).expect("a problem");
        let curvature = problem.batches(&problem.evaluation, 0.2);
        for (run, repeats) in told.methods.iter().zip(&draws(&told).batches) {
            assert_eq!((repeats.len(), repeats[0].len(), repeats[0][0].len()), (3, 5, batch));
            let sum: DVector<f64> =
                repeats.iter().map(|batches| repeat(&curvature, &problem.right_hand_side, batches)).sum();
            assert_near(&run.solution, (sum / 3.0).as_slice(), ROUNDING, "the mean");
        }
        assert_ne!(draws(&told).batches[0], draws(&told).batches[1]);
    }
}

fn repeat(curvature: &BatchCurvature<f64>, b: &DVector<f64>, batches: &[Vec<usize>]) -> DVector<f64> {
    batches.iter().fold(b / 9.0, |x, batch| &x + (b - curvature.apply_batch(batch, &x)) / 9.0)
}

/// R/S Σₙ Σ_s (Jₙᵀ g)(Jₙᵀ g)ᵀ + μ I over the gradients told has the sampled Fisher matrix's eigenvalues.
#[test]
fn a_sampled_fisher_matrix_is_repeated_from_its_gradients() {
    for example in examples() {
        let changes = json!({ "curvature": "fisher_mc", "fisher_samples": 3, "fisher_seed": 8, "include": ["draws"] });
        let told = report(&example, changes);
        let gradients = &draws(&told).fisher_gradients;
        assert_eq!((gradients.len(), gradients[0].len()), (example.samples(), 3));
        let matrix = from_gradients(&example.evaluation, gradients);
        assert_near(&eigenvalues(&matrix), &spectrum(&told), 1e-9, "eigenvalues");
    }
}

fn from_gradients(evaluation: &Evaluation<f64>, gradients: &[Vec<Vec<f64>>]) -> DMatrix<f64> {
    let size = evaluation.theta.len();
    let mut matrix = DMatrix::from_diagonal_element(size, size, evaluation.objective.weight_decay);
    for s in 0..3 {
        for (n, draws) in gradients.iter().enumerate() {
            let mut signal = DMatrix::zeros(draws[s].len(), gradients.len());
            signal.set_column(n, &DVector::from_column_slice(&draws[s]));
            let mut layers: Vec<_> = evaluation.pass.weights.iter().map(|weights| weights.transpose()).collect();
            evaluation.pass.by_weights(&evaluation.pass.backpropagate(signal), &mut layers);
            let gradient = evaluation.objective.layout.join_transposed(&layers);
            matrix.ger(evaluation.objective.normalizer / 3.0, &gradient, &gradient, 1.0);
        }
    }
    matrix
}

#[test]
fn no_draws_are_told_where_none_were_asked_for_and_no_gradients_of_other_curvatures() {
    let example = examples().next().expect("an example");
    for curvature in NAMES {
        assert_eq!(report(&example, json!({ "curvature": curvature })).draws, None);
        let told = report(&example, json!({ "curvature": curvature, "include": ["draws"] }));
        assert_eq!(draws(&told).fisher_gradients.is_empty(), curvature != "fisher_mc");
        assert!(draws(&told).batches.is_empty());
    }
}

#[test]
fn two_matrices_are_compared_by_their_difference() {
    let example = examples().next().expect("an example");
    for (pair, other) in [("hessian", DenseMatrix::Hessian), ("kfac_empirical", DenseMatrix::KfacEmpirical)] {
        let told = report(&example, json!({ "include": ["matrices"], "compare": ["ekfac", pair] }));
        let matrices = told.matrices.expect("matrices");
        let expected: Vec<f64> = matrices.ekfac.iter().zip(matrices.get(other)).map(|(a, b)| a - b).collect();
        assert_eq!(matrices.difference, Some(expected));
    }
    assert_eq!(report(&example, json!({ "include": ["matrices"] })).matrices.expect("matrices").difference, None);
}
