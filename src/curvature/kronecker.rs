//! Layer-diagonal operators that are diagonal in a Kronecker product of two bases: every KFAC and EKFAC inverse is one.

use hessian_lab_kernels::Decomposition;
use nalgebra::{DMatrix, DVector};

use crate::multiplication::product;
use crate::operator::LinearOperator;
use crate::parameters::Layout;
use crate::scalar::{Scalar, cast};

/// (Q_B ⊗ Q_A) diag(vec Δ) (Q_B ⊗ Q_A)ᵀ for one layer, acting on W̄-shaped matrices V as
/// Q_B (Δ ∘ (Q_Bᵀ V Q_A)) Q_Aᵀ.
#[derive(Clone, Debug)]
pub struct KroneckerDiagonal<T: Scalar> {
    /// Q_B, out × out.
    pub outer: DMatrix<T>,
    /// Q_A, (in + 1) × (in + 1).
    pub inner: DMatrix<T>,
    /// Δ, out × (in + 1).
    pub diagonal: DMatrix<T>,
}

impl<T: Scalar> KroneckerDiagonal<T> {
    fn apply(&self, layer: &DMatrix<T>) -> DMatrix<T> {
        let rotated = product(&product(&self.outer.transpose(), layer), &self.inner);
        product(&product(&self.outer, &rotated.component_mul(&self.diagonal)), &self.inner.transpose())
    }
}

/// One [`KroneckerDiagonal`] a layer, acting on vectors in θ order.
#[derive(Clone, Debug)]
pub struct KroneckerOperator<T: Scalar> {
    /// The order of θ.
    pub layout: Layout,
    /// The layers' operators.
    pub layers: Vec<KroneckerDiagonal<T>>,
}

impl<T: Scalar> KroneckerOperator<T> {
    /// The same operator in the precision `U`.
    pub fn cast<U: Scalar>(&self) -> KroneckerOperator<U> {
        let layers = self.layers.iter().map(|layer| KroneckerDiagonal {
            outer: cast(&layer.outer),
            inner: cast(&layer.inner),
            diagonal: cast(&layer.diagonal),
        });
        KroneckerOperator { layout: self.layout.clone(), layers: layers.collect() }
    }

    /// The operator with every layer's Δ replaced by its entrywise inverse, and by zero where the entry counts as zero:
    /// the (pseudo-)inverse.
    pub fn inverse(mut self) -> Inverse<T> {
        let largest = self.layers.iter().fold(T::zero(), |most, layer| most.max(layer.diagonal.amax()));
        let zero = largest * T::of(self.layout.count() as f64 * T::EPSILON);
        let mut singular = false;
        for layer in &mut self.layers {
            layer.diagonal.apply(|entry| {
                singular |= entry.abs() <= zero;
                *entry = if entry.abs() <= zero { T::zero() } else { T::one() / *entry };
            });
        }
        Inverse { operator: self, singular }
    }
}

impl<T: Scalar> Inverse<T> {
    /// The symmetric square root of the (pseudo-)inverse.
    pub fn square_root(&self) -> KroneckerOperator<T> {
        let mut root = self.operator.clone();
        for layer in &mut root.layers {
            layer.diagonal.apply(|entry| *entry = entry.sqrt());
        }
        root
    }
}

impl<T: Scalar> LinearOperator<T> for KroneckerOperator<T> {
    fn dimension(&self) -> usize {
        self.layout.count()
    }

    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        let layers = self.layout.split(vector);
        let products: Vec<_> = self.layers.iter().zip(&layers).map(|(operator, layer)| operator.apply(layer)).collect();
        self.layout.join(&products)
    }
}

/// An inverse, or where the matrix was singular its pseudo-inverse.
#[derive(Clone, Debug)]
pub struct Inverse<T: Scalar> {
    /// The (pseudo-)inverse as an operator.
    pub operator: KroneckerOperator<T>,
    /// Whether an eigenvalue counted as zero.
    pub singular: bool,
}

/// A positive semidefinite factor's eigendecomposition; eigenvalues that rounding made negative are zero.
#[derive(Clone, Debug)]
pub struct FactorEigen {
    /// Eigenvectors, one a column.
    pub vectors: DMatrix<f64>,
    /// Their eigenvalues.
    pub values: DVector<f64>,
}

impl FactorEigen {
    /// The decomposition of a symmetric factor.
    pub fn new(factor: &DMatrix<f64>) -> Self {
        let (count, decomposition) = (factor.nrows(), Decomposition::new(factor.as_slice(), factor.nrows()));
        let identity: DMatrix<f64> = DMatrix::identity(count, count);
        Self {
            vectors: DMatrix::from_vec(count, count, decomposition.vectors(identity.as_slice())),
            values: DVector::from_iterator(count, decomposition.eigenvalues.iter().map(|value| value.max(0.0))),
        }
    }
}
