//! A positive semidefinite C × C matrix for each datum's outputs: all that tells the Gauss-Newton and Fisher matrices apart.

#[cfg(feature = "full")]
use nalgebra::DVector;
use nalgebra::{DMatrix, SymmetricEigen};
#[cfg(feature = "full")]
use rand::RngExt;
#[cfg(feature = "full")]
use rand_distr::StandardNormal;
#[cfg(feature = "full")]
use rand_pcg::Pcg32;

use crate::gradient::Evaluation;
#[cfg(feature = "full")]
use crate::loss::{Targets, softmax};
use crate::scalar::{Scalar, cast};

/// R Mₙ for every datum n; the curvature is Σₙ Jₙᵀ (R Mₙ) Jₙ with Jₙ = ∂fₙ/∂θ.
///
/// Martens 2020, *New insights and perspectives on the natural gradient method*, sections 8 and 9
/// (<https://jmlr.org/papers/v21/17-678.html>).
#[derive(Clone, Debug)]
pub struct OutputMetric<T: Scalar> {
    matrices: Vec<DMatrix<T>>,
}

impl<T: Scalar> OutputMetric<T> {
    /// Mₙ = ∇²_f ℓₙ: the generalised Gauss-Newton matrix, and for these losses the Fisher matrix (*type 2*).
    pub fn loss_curvature(evaluation: &Evaluation<T>) -> Self {
        let targets = &evaluation.objective.data.targets;
        Self::from_matrices(evaluation, |n| targets.hessian(&evaluation.output(n)))
    }

    /// Mₙ = ∇_f ℓₙ ∇_f ℓₙᵀ at the true target: the empirical Fisher matrix.
    pub fn empirical(evaluation: &Evaluation<T>) -> Self {
        let targets = &evaluation.objective.data.targets;
        Self::from_matrices(evaluation, |n| {
            let gradient = targets.gradient(n, &evaluation.output(n));
            &gradient * gradient.transpose()
        })
    }

    /// Mₙ = (1/S) Σ ∇_f ℓ ∇_f ℓᵀ over S targets drawn from the model, ŷ ~ N(f, ½ I) for squared error and categorical
    /// for cross-entropy: a Monte Carlo Fisher matrix, whose expectation is [`OutputMetric::loss_curvature`]'s.
    ///
    /// Normals are drawn by rand_distr's ziggurat from PCG-XSH-RR 64/32 on stream 3, started at `seed`.
    #[cfg(feature = "full")]
    pub fn monte_carlo(evaluation: &Evaluation<T>, samples: usize, seed: u32) -> Self {
        let mut draws = drawn_gradients(evaluation, samples, seed);
        let outputs = evaluation.output(0).len();
        Self::from_matrices(evaluation, |_| {
            let mut matrix = DMatrix::zeros(outputs, outputs);
            for gradient in draws.by_ref().take(samples) {
                matrix.ger(T::of(1.0 / samples as f64), &gradient, &gradient, T::one());
            }
            matrix
        })
    }

    fn from_matrices(evaluation: &Evaluation<T>, matrix: impl FnMut(usize) -> DMatrix<T>) -> Self {
        let normalizer = evaluation.objective.normalizer;
        Self { matrices: (0..evaluation.pass.samples()).map(matrix).map(|m| m * normalizer).collect() }
    }

    /// R Mₙ.
    pub fn matrix(&self, n: usize) -> &DMatrix<T> {
        &self.matrices[n]
    }

    /// The column-by-column product (R Mₙ) vₙ of C × N `vectors`.
    pub fn apply(&self, vectors: &DMatrix<T>) -> DMatrix<T> {
        let mut products = vectors.clone();
        for (n, matrix) in self.matrices.iter().enumerate() {
            products.column_mut(n).gemv(T::one(), matrix, &vectors.column(n), T::zero());
        }
        products
    }

    /// C matrices of C × N whose n-th columns are those of a square root of R Mₙ: backpropagated one by one, they give
    /// every per-datum gradient that the matrix Σₙ Jₙᵀ (R Mₙ) Jₙ is a sum of squares of.
    pub fn square_root_columns(&self) -> Vec<DMatrix<T>> {
        let outputs = self.matrices[0].nrows();
        let mut columns = vec![DMatrix::zeros(outputs, self.matrices.len()); outputs];
        for (n, matrix) in self.matrices.iter().enumerate() {
            let root = square_root(matrix);
            for (c, column) in columns.iter_mut().enumerate() {
                column.set_column(n, &root.column(c));
            }
        }
        columns
    }

    /// The metric of a batch of the data, scaled as the batch's mean loss is.
    pub fn batch(&self, indices: &[usize]) -> Self {
        let whole = T::of(self.matrices.len() as f64 / indices.len() as f64);
        Self { matrices: indices.iter().map(|&n| &self.matrices[n] * whole).collect() }
    }

    /// The same metric in the precision `U`.
    pub fn cast<U: Scalar>(&self) -> OutputMetric<U> {
        OutputMetric { matrices: self.matrices.iter().map(cast).collect() }
    }
}

/// Q √Λ of the eigendecomposition Q Λ Qᵀ; eigenvalues that rounding made negative count as zero.
fn square_root<T: Scalar>(matrix: &DMatrix<T>) -> DMatrix<T> {
    let SymmetricEigen { mut eigenvectors, eigenvalues } = SymmetricEigen::new(matrix.clone());
    for (mut column, &eigenvalue) in eigenvectors.column_iter_mut().zip(&eigenvalues) {
        column *= eigenvalue.max(T::zero()).sqrt();
    }
    eigenvectors
}

/// ∇_f ℓ at targets drawn from the model, `samples` a datum, as [`OutputMetric::monte_carlo`] draws them.
#[cfg(feature = "full")]
pub fn drawn_gradients<T: Scalar>(
    evaluation: &Evaluation<T>,
    samples: usize,
    seed: u32,
) -> impl Iterator<Item = DVector<T>> {
    let mut generator = Pcg32::new(u64::from(seed), 3);
    let targets = &evaluation.objective.data.targets;
    let data = (0..evaluation.pass.samples()).flat_map(move |n| std::iter::repeat_n(n, samples));
    data.map(move |n| drawn_gradient(targets, &evaluation.output(n), &mut generator))
}

/// ∇_f ℓ at a target drawn from the model: 2 (f − ŷ) ~ N(0, 2 I), or softmax(f) − e_ŷ.
#[cfg(feature = "full")]
fn drawn_gradient<T: Scalar>(targets: &Targets<T>, output: &DVector<T>, generator: &mut Pcg32) -> DVector<T> {
    match targets {
        Targets::Values(_) => {
            output.map(|_| T::of(std::f64::consts::SQRT_2 * generator.sample::<f64, _>(StandardNormal)))
        }
        Targets::Classes(_) => {
            let mut gradient = softmax(output);
            let class = categorical(&gradient, generator.random());
            gradient[class] -= T::one();
            gradient
        }
    }
}

/// The class whose interval of cumulated probability holds `uniform`.
#[cfg(feature = "full")]
fn categorical<T: Scalar>(probabilities: &DVector<T>, uniform: f64) -> usize {
    let mut cumulated = 0.0;
    let reached = |p: &T| {
        cumulated += p.to_f64();
        uniform < cumulated
    };
    probabilities.iter().position(reached).unwrap_or(probabilities.len() - 1)
}
