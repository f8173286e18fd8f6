//! Products of a network's matrices, formed in place.

#[cfg(test)]
use counted as kernels;
#[cfg(not(test))]
use hessian_lab_kernels as kernels;
use hessian_lab_kernels::{Columns, Sum};
use nalgebra::DMatrix;

use crate::scalar::Scalar;

/// A matrix as the kernels read it.
pub fn columns<T: Scalar>(matrix: &DMatrix<T>) -> Columns<'_, T> {
    Columns { entries: matrix.as_slice(), length: matrix.nrows() }
}

/// A B.
pub fn product<T: Scalar>(left: &DMatrix<T>, right: &DMatrix<T>) -> DMatrix<T> {
    let mut product = DMatrix::zeros(left.nrows(), right.ncols());
    multiply(&mut product, columns(left), columns(right));
    product
}

/// C ← A B.
pub fn multiply<T: Scalar>(product: &mut DMatrix<T>, left: Columns<T>, right: Columns<T>) {
    kernels::multiply(product.as_mut_slice(), left.length, left, right, Sum::Anew);
}

/// C ← C + A B.
pub fn add_multiplied<T: Scalar>(sum: &mut DMatrix<T>, left: Columns<T>, right: Columns<T>) {
    let order = order([left.length, right.length, sum.ncols()]);
    kernels::multiply(sum.as_mut_slice(), left.length, left, right, order);
}

/// C ← C + A B, whose terms are summed by themselves.
pub fn add_product<T: Scalar>(sum: &mut DMatrix<T>, left: Columns<T>, right: Columns<T>) {
    kernels::multiply(sum.as_mut_slice(), left.length, left, right, Sum::Apart);
}

/// C ← A Bᵀ.
pub fn multiply_transposed<T: Scalar>(product: &mut DMatrix<T>, left: &DMatrix<T>, right: &DMatrix<T>) {
    let (left, right) = (columns(left), columns(right));
    kernels::multiply_transposed(product.as_mut_slice(), left.length, left, right, Sum::Anew);
}

/// C ← C + A Bᵀ, in the first rows of C where it has more of them than A.
pub fn add_multiplied_transposed<T: Scalar>(sum: &mut DMatrix<T>, left: &DMatrix<T>, right: &DMatrix<T>) {
    let order = order([left.nrows(), left.ncols(), right.nrows()]);
    let (length, left, right) = (sum.nrows(), columns(left), columns(right));
    kernels::multiply_transposed(sum.as_mut_slice(), length, left, right, order);
}

/// A ← A ∘ B. By slices: nalgebra's own walks matrices entry by entry.
pub fn multiply_entries<T: Scalar>(product: &mut DMatrix<T>, factor: &DMatrix<T>) {
    product.as_mut_slice().iter_mut().zip(factor.as_slice()).for_each(|(entry, &factor)| *entry *= factor);
}

/// How a product is added to what is there, by its rows, terms and columns. Either order rounds as well as the other; that of
/// nalgebra, which this is, keeps every float32 run what it has always been.
fn order(sizes: [usize; 3]) -> Sum {
    if sizes.iter().all(|&size| size > 5) { Sum::Apart } else { Sum::Onward }
}

/// The kernels, and how often they were called: what a gradient or a product costs.
#[cfg(test)]
mod counted {
    use std::cell::Cell;

    use hessian_lab_kernels::{self as kernels, Columns, Number, Sum};

    thread_local! {
        static FORMED: Cell<usize> = const { Cell::new(0) };
    }

    pub fn multiply<T: Number>(product: &mut [T], length: usize, left: Columns<T>, right: Columns<T>, sum: Sum) {
        FORMED.set(FORMED.get() + 1);
        kernels::multiply(product, length, left, right, sum);
    }

    pub fn multiply_transposed<T: Number>(
        product: &mut [T],
        length: usize,
        left: Columns<T>,
        right: Columns<T>,
        sum: Sum,
    ) {
        FORMED.set(FORMED.get() + 1);
        kernels::multiply_transposed(product, length, left, right, sum);
    }

    /// What `work` answers, and the matrix products that it formed.
    pub fn counting<R>(work: impl FnOnce() -> R) -> (R, usize) {
        let before = FORMED.get();
        (work(), FORMED.get() - before)
    }
}

#[cfg(test)]
mod tests {
    use super::counted::counting;
    use super::*;
    use crate::activation::Activation;
    use crate::curvature::gauss_newton::GaussNewton;
    use crate::curvature::hessian::Hessian;
    use crate::curvature::output_metric::OutputMetric;
    use crate::gradient::Evaluation;
    use crate::loss::{Loss, Targets};
    use crate::objective::{Data, Objective};
    use crate::operator::LinearOperator;
    use crate::parameters::Layout;

    fn drawn(rows: usize, columns: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, columns, |i, j| ((7 * i + 3 * j + rows) as f64).sin())
    }

    #[test]
    fn products_equal_nalgebras_at_every_remainder() {
        for (rows, depth, width) in [(1, 1, 1), (3, 5, 2), (4, 4, 4), (5, 9, 7), (9, 6, 10), (8, 17, 13)] {
            let (left, right, before) = (drawn(rows, depth), drawn(depth, width), drawn(rows, width));
            let expected = &left * &right;
            let near = |got: &DMatrix<f64>, expected: &DMatrix<f64>| (got - expected).norm() < 1e-13;
            assert!(near(&product(&left, &right), &expected));
            let mut transposed = before.clone();
            multiply_transposed(&mut transposed, &left, &right.transpose());
            assert!(near(&transposed, &expected));
            for add in [add_multiplied, add_product] {
                let mut sum = before.clone();
                add(&mut sum, columns(&left), columns(&right));
                assert!(near(&sum, &(&before + &expected)));
            }
        }
    }

    #[test]
    fn a_sum_leaves_the_rows_alone_that_it_has_no_terms_for() {
        let (left, right, mut sum) = (drawn(5, 6), drawn(7, 6), drawn(6, 7));
        let before = sum.clone();
        add_multiplied_transposed(&mut sum, &left, &right);
        let expected = before.rows(0, 5) + &left * right.transpose();
        assert!((sum.rows(0, 5) - expected).norm() < 1e-13);
        assert_eq!(sum.row(5), before.row(5));
    }

    /// An objective of a network with so many layers of parameters.
    fn objective(layers: usize) -> Objective<f64> {
        let data = Data { inputs: drawn(3, 7), targets: Targets::Values(drawn(2, 7)) };
        let widths = [vec![3], vec![4; layers - 1], vec![2]].concat();
        Objective::new(Layout::new(&widths), Activation::Tanh, data, Loss::Mse, 0.1)
    }

    #[test]
    fn in_every_layer_but_the_first_a_gradient_takes_three_matrix_products_and_one_with_the_hessian_six() {
        for layers in 1..=4 {
            let objective = objective(layers);
            let parameters = objective.layout.count();
            let theta = drawn(parameters, 1).column(0).into_owned();
            let ((evaluation, _), gradient) = counting(|| {
                let evaluation = Evaluation::new(objective, theta.clone());
                let gradient = evaluation.gradient();
                (evaluation, gradient)
            });
            assert_eq!(gradient, 2 + 3 * (layers - 1), "a gradient of {layers} layers");
            let hessian = Hessian::new(&evaluation);
            assert_eq!(counting(|| hessian.apply(&theta)).1, 2 + 6 * (layers - 1), "H of {layers} layers");
            let gauss_newton = GaussNewton::new(&evaluation, OutputMetric::loss_curvature(&evaluation));
            assert_eq!(counting(|| gauss_newton.apply(&theta)).1, 2 + 4 * (layers - 1), "G of {layers} layers");
        }
    }
}
