//! Symmetric linear operators: all that a solver ever sees of a network.

use nalgebra::{DMatrix, DVector};

use crate::scalar::Scalar;

/// A symmetric P × P matrix, known by its products.
pub trait LinearOperator<T: Scalar> {
    /// P.
    fn dimension(&self) -> usize;

    /// The product with `vector`.
    fn apply(&self, vector: &DVector<T>) -> DVector<T>;

    /// The matrix itself, P × P; by P products unless the operator knows a shorter way.
    fn to_matrix(&self) -> DMatrix<T>
    where
        Self: Sized,
    {
        let dimension = self.dimension();
        let mut matrix = DMatrix::zeros(dimension, dimension);
        let mut unit = DVector::zeros(dimension);
        for column in 0..dimension {
            unit[column] = T::one();
            matrix.set_column(column, &self.apply(&unit));
            unit[column] = T::zero();
        }
        matrix
    }
}

/// A symmetric P × P matrix that is a mean over data, known by the products of any batch of them.
pub trait SampledOperator<T: Scalar> {
    /// N.
    fn samples(&self) -> usize;

    /// The product of the batch's matrix with `vector`; over random batches its expectation is the whole matrix's.
    fn apply_batch(&self, batch: &[usize], vector: &DVector<T>) -> DVector<T>;
}

/// A matrix held entry by entry.
#[derive(Clone, Debug)]
pub struct Dense<T: Scalar>(pub DMatrix<T>);

impl<T: Scalar> LinearOperator<T> for Dense<T> {
    fn dimension(&self) -> usize {
        self.0.nrows()
    }

    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        &self.0 * vector
    }

    fn to_matrix(&self) -> DMatrix<T> {
        self.0.clone()
    }
}

/// C + λ I for a curvature C.
pub struct Damped<'a, T: Scalar> {
    /// C.
    pub curvature: Box<dyn LinearOperator<T> + 'a>,
    /// λ.
    pub damping: T,
}

impl<T: Scalar> LinearOperator<T> for Damped<'_, T> {
    fn dimension(&self) -> usize {
        self.curvature.dimension()
    }

    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        let mut product = self.curvature.apply(vector);
        product.axpy(self.damping, vector, T::one());
        product
    }
}
