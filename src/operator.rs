//! Symmetric linear operators: all that a solver ever sees of a network.

use hessian_lab_kernels::symmetric_product;
use nalgebra::{DMatrix, DVector};

use crate::scalar::Scalar;

/// A symmetric P × P matrix, known by its products.
pub trait LinearOperator<T: Scalar> {
    /// P.
    fn dimension(&self) -> usize;

    /// The product with `vector`.
    fn apply(&self, vector: &DVector<T>) -> DVector<T>;

    /// The products with each column of `vectors`, P × any number.
    fn apply_to_all(&self, vectors: &DMatrix<T>) -> DMatrix<T> {
        let mut products = vectors.clone();
        for mut column in products.column_iter_mut() {
            column.copy_from(&self.apply(&column.clone_owned()));
        }
        products
    }

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

/// A symmetric matrix held entry by entry, in float64; many products at once cost far less than one by one.
#[derive(Clone, Copy, Debug)]
pub struct Symmetric<'a>(pub &'a DMatrix<f64>);

impl LinearOperator<f64> for Symmetric<'_> {
    fn dimension(&self) -> usize {
        self.0.nrows()
    }

    fn apply(&self, vector: &DVector<f64>) -> DVector<f64> {
        DVector::from_vec(symmetric_product(self.0.as_slice(), self.dimension(), vector.as_slice()))
    }

    fn apply_to_all(&self, vectors: &DMatrix<f64>) -> DMatrix<f64> {
        let products = symmetric_product(self.0.as_slice(), self.dimension(), vectors.as_slice());
        DMatrix::from_vec(vectors.nrows(), vectors.ncols(), products)
    }

    fn to_matrix(&self) -> DMatrix<f64> {
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

    fn apply_to_all(&self, vectors: &DMatrix<T>) -> DMatrix<T> {
        let mut products = self.curvature.apply_to_all(vectors);
        products.zip_apply(vectors, |product, entry| *product += self.damping * entry);
        products
    }
}
