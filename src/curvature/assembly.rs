//! Dense curvature matrices put together from layer blocks: O(N P²) in matrix products, not P products one by one.

use hessian_lab_kernels::{Layer, Network, add_curvature, add_layer_curvature};
use nalgebra::DMatrix;

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;

/// Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I as a matrix.
pub fn gauss_newton(evaluation: &Evaluation<f64>, metric: &OutputMetric<f64>) -> DMatrix<f64> {
    let mut matrix = weight_decay(evaluation, evaluation.theta.len());
    with_network(evaluation, metric, false, |network| add_curvature(network, matrix.as_mut_slice()));
    matrix
}

/// The exact Hessian as a matrix, one block for each pair of layers.
pub fn hessian(evaluation: &Evaluation<f64>, loss_curvature: &OutputMetric<f64>) -> DMatrix<f64> {
    let mut matrix = weight_decay(evaluation, evaluation.theta.len());
    with_network(evaluation, loss_curvature, true, |network| add_curvature(network, matrix.as_mut_slice()));
    matrix
}

/// Layer `l`'s block of Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I alone.
pub fn gauss_newton_block(evaluation: &Evaluation<f64>, metric: &OutputMetric<f64>, l: usize) -> DMatrix<f64> {
    let mut block = weight_decay(evaluation, evaluation.objective.layout.layer_count(l));
    with_network(evaluation, metric, false, |network| add_layer_curvature(network, l, block.as_mut_slice()));
    block
}

fn weight_decay(evaluation: &Evaluation<f64>, dimension: usize) -> DMatrix<f64> {
    DMatrix::from_diagonal_element(dimension, dimension, evaluation.objective.weight_decay)
}

/// The evaluation as the kernels read it.
fn with_network(
    evaluation: &Evaluation<f64>,
    metric: &OutputMetric<f64>,
    second_order: bool,
    work: impl FnOnce(&Network),
) {
    let samples = evaluation.pass.samples();
    let layers: Vec<_> = (0..evaluation.pass.layers()).map(|l| layer(evaluation, l)).collect();
    work(&Network { layers: &layers, output_curvature: metric.as_slice(), samples, second_order });
}

fn layer(evaluation: &Evaluation<f64>, l: usize) -> Layer<'_> {
    let ((inputs, outputs), pass) = (evaluation.objective.layout.shape(l), &evaluation.pass);
    Layer {
        inputs,
        outputs,
        weights: pass.weights[l].as_slice(),
        activations: pass.inputs[l].as_slice(),
        signals: evaluation.signals[l].as_slice(),
        slopes: numbers(pass.slopes.get(l)),
        bends: numbers(pass.bends.get(l)),
    }
}

/// The last layer has no activation.
fn numbers(matrix: Option<&DMatrix<f64>>) -> &[f64] {
    matrix.map_or(&[], DMatrix::as_slice)
}
