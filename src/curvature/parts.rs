//! Parts of a Gauss-Newton matrix that are cheaper to invert: its layer blocks and its diagonal.

use nalgebra::{DMatrix, DVector};

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::parameters::Layout;

/// The matrix with everything outside its layer blocks set to zero.
pub fn layer_blocks(matrix: &DMatrix<f64>, layout: &Layout) -> DMatrix<f64> {
    let mut blocks = DMatrix::zeros(matrix.nrows(), matrix.ncols());
    for l in 0..layout.layers() {
        let (start, count) = (layout.start(l), layout.layer_count(l));
        blocks.view_mut((start, start), (count, count)).copy_from(&matrix.view((start, start), (count, count)));
    }
    blocks
}

/// The diagonal of Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I, from squares of signals and inputs: no matrix is formed, at any size.
pub fn gauss_newton_diagonal(evaluation: &Evaluation<f64>, metric: &OutputMetric<f64>) -> DVector<f64> {
    let (layout, pass) = (&evaluation.objective.layout, &evaluation.pass);
    let squares = |matrix: &DMatrix<f64>| matrix.map(|entry| entry * entry);
    let mut diagonal = DVector::from_element(layout.count(), evaluation.objective.weight_decay);
    for column in metric.square_root_columns() {
        let signals = pass.backpropagate(column);
        let layers: Vec<_> =
            signals.iter().zip(&pass.inputs).map(|(g, a)| squares(g) * squares(a).transpose()).collect();
        diagonal += layout.join(&layers);
    }
    diagonal
}
