//! Dense curvature matrices put together from layer blocks: O(N P²) in matrix products, not P products one by one.

use std::ops::Range;

use nalgebra::{DMatrix, DMatrixViewMut, DVector};

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::scalar::Scalar;

/// Data handled at a time, so that the largest intermediate stays in the megabytes.
const CHUNK: usize = 64;

/// Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I as a matrix, a sum of squares of backpropagated columns.
pub fn gauss_newton<T: Scalar>(evaluation: &Evaluation<T>, metric: &OutputMetric<T>) -> DMatrix<T> {
    let mut matrix = weight_decay(evaluation);
    for column in metric.square_root_columns() {
        let jacobian = transposed_jacobian(evaluation, &evaluation.pass.backpropagate(column));
        matrix.gemm(T::one(), &jacobian, &jacobian.transpose(), T::one());
    }
    matrix
}

/// The exact Hessian as a matrix, one block for each pair of layers.
///
/// With D_j = ∂²ℓ/∂s_j², M_ji = ∂s_j/∂s_i and T_ji = ∂a_{j−1}/∂s_i, the block of layers j ≥ i is
/// Σₙ ((D_j M_ji)_ac ā_{j−1,b} + g_{j,a} T_{ji,bc}) ā_{i−1,d} at (W̄_j,ab, W̄_i,cd): second-order stagewise
/// backpropagation (Mizutani and Dreyfus 2008, <https://doi.org/10.1016/j.neunet.2007.12.038>, section 3).
pub fn hessian<T: Scalar>(evaluation: &Evaluation<T>, loss_curvature: &OutputMetric<T>) -> DMatrix<T> {
    let mut matrix = weight_decay(evaluation);
    let samples = evaluation.pass.samples();
    for start in (0..samples).step_by(CHUNK) {
        let chunk = start..samples.min(start + CHUNK);
        let curvatures: Vec<_> =
            chunk.clone().map(|n| pre_activation_hessians(evaluation, loss_curvature, n)).collect();
        for i in 0..evaluation.pass.layers() {
            add_block_column(&mut matrix, evaluation, &curvatures, i, chunk.clone());
        }
    }
    matrix.fill_upper_triangle_with_lower_triangle();
    matrix
}

fn weight_decay<T: Scalar>(evaluation: &Evaluation<T>) -> DMatrix<T> {
    let dimension = evaluation.theta.len();
    DMatrix::from_diagonal_element(dimension, dimension, evaluation.objective.weight_decay)
}

/// P × N, its n-th column the derivative by θ that the `signals` of datum n give.
fn transposed_jacobian<T: Scalar>(evaluation: &Evaluation<T>, signals: &[DMatrix<T>]) -> DMatrix<T> {
    let layout = &evaluation.objective.layout;
    let mut jacobian = DMatrix::zeros(layout.count(), evaluation.pass.samples());
    for (l, signal) in signals.iter().enumerate() {
        let rows = jacobian.rows_mut(layout.start(l), layout.layer_count(l));
        fill_layer_jacobian(rows, evaluation, l, signal);
    }
    jacobian
}

/// g āᵀ of every datum, in the order of layer `l`'s part of θ.
fn fill_layer_jacobian<T: Scalar>(
    mut rows: DMatrixViewMut<T>,
    evaluation: &Evaluation<T>,
    l: usize,
    signal: &DMatrix<T>,
) {
    let (layout, inputs) = (&evaluation.objective.layout, &evaluation.pass.inputs[l]);
    for n in 0..signal.ncols() {
        for b in 0..inputs.nrows() {
            let input = inputs[(b, n)];
            for a in 0..signal.nrows() {
                rows[(layout.position(l, a, b), n)] = signal[(a, n)] * input;
            }
        }
    }
}

/// Layer `l`'s block of Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I alone.
pub fn gauss_newton_block<T: Scalar>(evaluation: &Evaluation<T>, metric: &OutputMetric<T>, l: usize) -> DMatrix<T> {
    let count = evaluation.objective.layout.layer_count(l);
    let mut block = DMatrix::from_diagonal_element(count, count, evaluation.objective.weight_decay);
    let mut jacobian = DMatrix::zeros(count, evaluation.pass.samples());
    for column in metric.square_root_columns() {
        let signals = evaluation.pass.backpropagate(column);
        fill_layer_jacobian(jacobian.as_view_mut(), evaluation, l, &signals[l]);
        block.gemm(T::one(), &jacobian, &jacobian.transpose(), T::one());
    }
    block
}

/// D_l = ∂²ℓₙ/∂s_l² of every layer, backwards from D_L = R ∇²_f ℓₙ:
/// D_{l−1} = φ′ W_lᵀ D_l W_l φ′ + diag(φ″ ∘ W_lᵀ g_l).
fn pre_activation_hessians<T: Scalar>(
    evaluation: &Evaluation<T>,
    loss_curvature: &OutputMetric<T>,
    n: usize,
) -> Vec<DMatrix<T>> {
    let pass = &evaluation.pass;
    let mut reversed = vec![loss_curvature.matrix(n).clone()];
    for l in (1..pass.layers()).rev() {
        let (slopes, bends) = (pass.slopes[l - 1].column(n), pass.bends[l - 1].column(n));
        let weights = pass.weights[l].columns(0, slopes.len());
        let mut curvature = &pass.transposed_weights[l] * &reversed[reversed.len() - 1] * weights;
        scale_rows(&mut curvature, &slopes.into_owned());
        scale_columns(&mut curvature, &slopes.into_owned());
        let bent = (&pass.transposed_weights[l] * evaluation.signals[l].column(n)).component_mul(&bends);
        for a in 0..bent.len() {
            curvature[(a, a)] += bent[a];
        }
        reversed.push(curvature);
    }
    reversed.reverse();
    reversed
}

/// Adds the blocks (j, i) of all j ≥ i that the data of `chunk` give.
fn add_block_column<T: Scalar>(
    matrix: &mut DMatrix<T>,
    evaluation: &Evaluation<T>,
    curvatures: &[Vec<DMatrix<T>>],
    i: usize,
    chunk: Range<usize>,
) {
    let (layout, pass) = (&evaluation.objective.layout, &evaluation.pass);
    let outputs = layout.shape(i).1;
    let mut factors: Vec<DMatrix<T>> =
        (i..pass.layers()).map(|j| DMatrix::zeros(layout.layer_count(j) * outputs, chunk.len())).collect();
    for (offset, n) in chunk.clone().enumerate() {
        // M_ii = I; with no activation in between, layer i's input does not move with s_i.
        let (mut sensitivity, mut hidden) = (DMatrix::identity(outputs, outputs), None);
        for j in i..pass.layers() {
            if j > i {
                let mut moved = sensitivity;
                scale_rows(&mut moved, &pass.slopes[j - 1].column(n).into_owned());
                sensitivity = pass.weights[j].columns(0, moved.nrows()) * &moved;
                hidden = Some(moved);
            }
            let carried = &curvatures[offset][j] * &sensitivity;
            let mut factor = factors[j - i].column_mut(offset);
            fill_factor(factor.as_mut_slice(), evaluation, (j, n), &carried, hidden.as_ref());
        }
    }
    let inputs = pass.inputs[i].columns(chunk.start, chunk.len()).transpose();
    for (factor, j) in factors.iter().zip(i..) {
        scatter(matrix, evaluation, (j, i), &(factor * &inputs));
    }
}

/// (D_j M_ji)_ac ā_b + g_a T_bc at the place of (c, W̄_j,ab).
fn fill_factor<T: Scalar>(
    factor: &mut [T],
    evaluation: &Evaluation<T>,
    (j, n): (usize, usize),
    carried: &DMatrix<T>,
    hidden: Option<&DMatrix<T>>,
) {
    let (layout, pass) = (&evaluation.objective.layout, &evaluation.pass);
    let (inputs, signal) = (pass.inputs[j].column(n), evaluation.signals[j].column(n));
    for (c, part) in factor.chunks_exact_mut(layout.layer_count(j)).enumerate() {
        for b in 0..inputs.len() {
            let moved = hidden.filter(|moved| b < moved.nrows()).map_or(T::zero(), |moved| moved[(b, c)]);
            for a in 0..signal.len() {
                part[layout.position(j, a, b)] = carried[(a, c)] * inputs[b] + signal[a] * moved;
            }
        }
    }
}

/// Adds a block whose rows are (c, W̄_j,ab) and whose columns are d to the entries (W̄_j,ab, W̄_i,cd).
fn scatter<T: Scalar>(matrix: &mut DMatrix<T>, evaluation: &Evaluation<T>, (j, i): (usize, usize), block: &DMatrix<T>) {
    let layout = &evaluation.objective.layout;
    let (rows, first_row, first_column) = (layout.layer_count(j), layout.start(j), layout.start(i));
    for d in 0..block.ncols() {
        for c in 0..layout.shape(i).1 {
            let mut column = matrix.column_mut(first_column + layout.position(i, c, d));
            let mut target = column.rows_mut(first_row, rows);
            target += block.column(d).rows(c * rows, rows);
        }
    }
}

fn scale_rows<T: Scalar>(matrix: &mut DMatrix<T>, factors: &DVector<T>) {
    for mut column in matrix.column_iter_mut() {
        column.component_mul_assign(factors);
    }
}

fn scale_columns<T: Scalar>(matrix: &mut DMatrix<T>, factors: &DVector<T>) {
    for (mut column, &factor) in matrix.column_iter_mut().zip(factors) {
        column *= factor;
    }
}
