//! How the Hessian, the Gauss-Newton matrix and the Fisher matrices relate.

use hessian_lab::activation::Activation;
use hessian_lab::curvature::assembly;
use hessian_lab::curvature::gauss_newton::GaussNewton;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::curvature::parts::layer_blocks;
use hessian_lab::experiment::Curvature;
use hessian_lab::gradient::Evaluation;
use hessian_lab::loss::{Targets, softmax};
use hessian_lab::operator::LinearOperator;
use nalgebra::{DMatrix, DVector};

use crate::common::distance;
use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS, ROUNDING, assert_apart, assert_close, matrix, product};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_gauss_newton_and_fisher_matrices_are_positive_semidefinite() {
    for example in Family::ANY.draw(NETWORKS) {
        for curvature in [Curvature::Ggn, Curvature::FisherMc, Curvature::FisherEmpirical] {
            let eigenvalues = by_products(&example.evaluation, curvature).symmetric_eigenvalues();
            let weight_decay = example.evaluation.objective.weight_decay;
            let rounding = ROUNDING * eigenvalues.amax();
            assert!(eigenvalues.min() >= weight_decay - rounding, "{example} {curvature:?}: {}", eigenvalues.min());
        }
    }
}

#[test]
fn without_hidden_layers_the_gauss_newton_matrix_is_the_hessian() {
    for example in (Family { hidden: (0, 0), ..Family::ANY }).draw(NETWORKS) {
        let [hessian, ggn] = hessian_and_ggn(&example);
        assert_close(&ggn, &hessian, ROUNDING, &example.to_string());
    }
}

#[test]
fn with_a_hidden_layer_the_gauss_newton_matrix_is_not_the_hessian() {
    for example in DEEP.draw(NETWORKS) {
        // A relu network whose units are all dead has no such part.
        if example.evaluation.signals[0].norm() > 0.0 {
            let [hessian, ggn] = hessian_and_ggn(&example);
            assert_apart(&ggn, &hessian, 1e-3, &example.to_string());
        }
    }
}

#[test]
fn in_piecewise_linear_networks_the_hessians_layer_blocks_are_the_gauss_newton_matrixs() {
    for example in (Family { activations: &[Activation::Identity, Activation::Relu], ..DEEP }).draw(NETWORKS) {
        let [hessian, ggn] = hessian_and_ggn(&example).map(|matrix| layer_blocks(&matrix, example.layout()));
        assert_close(&hessian, &ggn, ROUNDING, &example.to_string());
    }
}

#[test]
fn in_deep_linear_networks_the_blocks_off_the_diagonal_differ() {
    for example in (Family { activations: &[Activation::Identity], ..DEEP }).draw(NETWORKS) {
        let [hessian, ggn] = hessian_and_ggn(&example).map(|matrix| &matrix - layer_blocks(&matrix, example.layout()));
        assert_apart(&hessian, &ggn, 1e-3, &example.to_string());
    }
}

fn hessian_and_ggn(example: &Example) -> [DMatrix<f64>; 2] {
    [Curvature::Hessian, Curvature::Ggn].map(|curvature| matrix(&example.evaluation, curvature))
}

#[test]
fn the_type_2_fisher_matrix_is_the_gauss_newton_matrix() {
    for example in Family::ANY.draw(NETWORKS) {
        let fisher = sum_of_gradient_squares(&example, model_targets);
        assert_close(&matrix(&example.evaluation, Curvature::Ggn), &fisher, ROUNDING, &example.to_string());
    }
}

#[test]
fn the_empirical_fisher_matrix_is_the_sum_over_the_true_targets_and_another() {
    for example in Family::ANY.draw(NETWORKS) {
        let sum = sum_of_gradient_squares(&example, |targets, n, _| vec![(1.0, one_target(targets, n))]);
        let [empirical, ggn] =
            [Curvature::FisherEmpirical, Curvature::Ggn].map(|curvature| matrix(&example.evaluation, curvature));
        assert_close(&empirical, &sum, ROUNDING, &example.to_string());
        assert_apart(&empirical, &ggn, 1e-3, &example.to_string());
    }
}

#[test]
fn the_monte_carlo_fisher_matrix_comes_near_the_gauss_newton_matrix() {
    for example in Family::ANY.draw(10) {
        let ggn = matrix(&example.evaluation, Curvature::Ggn);
        let errors = [100, 10_000].map(|draws| {
            let metric = OutputMetric::monte_carlo(&example.evaluation, draws, 7);
            distance(assembly::gauss_newton(&example.evaluation, &metric).as_slice(), ggn.as_slice())
        });
        // A standard deviation is at most √(2/S), 0.014 and a tenth of what 100 draws leave.
        assert!(errors[1] < 0.05 && errors[1] < errors[0], "{example}: {errors:?}");
    }
}

/// Targets of one datum with their weights.
type Weighted = Vec<(f64, Targets<f64>)>;

/// R Σₙ Σ w ∇θℓₙ ∇θℓₙᵀ + μ I over weighted targets of each datum, from gradients of one datum alone.
fn sum_of_gradient_squares(
    example: &Example,
    targets: fn(&Targets<f64>, usize, &DVector<f64>) -> Weighted,
) -> DMatrix<f64> {
    let objective = &example.evaluation.objective;
    let count = example.parameters();
    let mut sum = DMatrix::from_diagonal_element(count, count, objective.weight_decay);
    for n in 0..example.samples() {
        for (weight, target) in targets(&objective.data.targets, n, &example.evaluation.output(n)) {
            let mut alone = objective.batch(&[n]);
            (alone.data.targets, alone.normalizer, alone.weight_decay) = (target, 1.0, 0.0);
            let gradient = Evaluation::new(alone, example.evaluation.theta.clone()).gradient();
            sum += &gradient * gradient.transpose() * (weight * objective.normalizer);
        }
    }
    sum
}

/// Targets with the mean and the covariance of the model's: for squared error f ± √(C/2) e_c has N(f, ½ I)'s.
fn model_targets(kind: &Targets<f64>, _: usize, f: &DVector<f64>) -> Weighted {
    let outputs = f.len();
    match kind {
        Targets::Classes(_) => (0..outputs).map(|c| (softmax(f)[c], Targets::Classes(vec![c]))).collect(),
        Targets::Values(_) => (0..2 * outputs)
            .map(|point| {
                let mut target = f.clone();
                target[point / 2] += (outputs as f64 / 2.0).sqrt() * if point % 2 == 0 { 1.0 } else { -1.0 };
                (0.5 / outputs as f64, Targets::Values(DMatrix::from_columns(&[target])))
            })
            .collect(),
    }
}

fn one_target(targets: &Targets<f64>, n: usize) -> Targets<f64> {
    match targets {
        Targets::Values(values) => Targets::Values(values.columns(n, 1).into_owned()),
        Targets::Classes(classes) => Targets::Classes(vec![classes[n]]),
    }
}

/// The matrix from products alone, made symmetric.
fn by_products(evaluation: &Evaluation<f64>, curvature: Curvature) -> DMatrix<f64> {
    let count = evaluation.theta.len();
    let unit = |i| DVector::from_fn(count, |j, _| if i == j { 1.0 } else { 0.0 });
    let columns: Vec<_> = (0..count).map(|i| product(evaluation, curvature, &unit(i))).collect();
    let matrix = DMatrix::from_columns(&columns);
    (&matrix + matrix.transpose()) * 0.5
}

#[test]
fn an_operator_spells_out_its_matrix_column_by_column() {
    for example in Family::ANY.draw(NETWORKS) {
        let metric = OutputMetric::loss_curvature(&example.evaluation);
        let operator = GaussNewton::new(&example.evaluation, metric);
        assert_eq!(operator.dimension(), example.parameters());
        let expected = matrix(&example.evaluation, Curvature::Ggn);
        assert_close(&operator.to_matrix(), &expected, ROUNDING, &example.to_string());
    }
}
