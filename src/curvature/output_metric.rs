//! A positive semidefinite C × C matrix for each datum's outputs: all that tells the Gauss-Newton and Fisher matrices apart.

use nalgebra::{DMatrix, DMatrixView, DVector, SymmetricEigen};
#[cfg(feature = "full")]
use rand::RngExt;
#[cfg(feature = "full")]
use rand_distr::StandardNormal;
#[cfg(feature = "full")]
use rand_pcg::Pcg32;

use crate::gradient::Evaluation;
#[cfg(feature = "full")]
use crate::loss::{Targets, softmax};
use crate::scalar::Scalar;

/// R Mₙ for every datum n; the curvature is Σₙ Jₙᵀ (R Mₙ) Jₙ with Jₙ = ∂fₙ/∂θ.
///
/// Martens 2020, *New insights and perspectives on the natural gradient method*, sections 8 and 9
/// (<https://jmlr.org/papers/v21/17-678.html>).
#[derive(Clone, Debug)]
pub struct OutputMetric<T: Scalar> {
    /// C.
    outputs: usize,
    /// C · C numbers a datum.
    matrices: Vec<T>,
}

impl<T: Scalar> OutputMetric<T> {
    /// Mₙ = ∇²_f ℓₙ: the generalised Gauss-Newton matrix, and for these losses the Fisher matrix (*type 2*).
    pub fn loss_curvature(evaluation: &Evaluation<T>) -> Self {
        let targets = &evaluation.objective.data.targets;
        Self::from_matrices(evaluation, |n, matrix| {
            targets.write_hessian(evaluation.pass.outputs.column(n).as_slice(), matrix.as_mut_slice());
        })
    }

    /// Mₙ = ∇_f ℓₙ ∇_f ℓₙᵀ at the true target: the empirical Fisher matrix.
    pub fn empirical(evaluation: &Evaluation<T>) -> Self {
        let targets = &evaluation.objective.data.targets;
        let mut gradient = DVector::zeros(evaluation.pass.outputs.nrows());
        Self::from_matrices(evaluation, |n, matrix| {
            targets.write_gradient(n, evaluation.pass.outputs.column(n).as_slice(), gradient.as_mut_slice());
            matrix.ger(T::one(), &gradient, &gradient, T::one());
        })
    }

    /// Mₙ = (1/S) Σ ∇_f ℓ ∇_f ℓᵀ over S targets drawn from the model, ŷ ~ N(f, ½ I) for squared error and categorical
    /// for cross-entropy: a Monte Carlo Fisher matrix, whose expectation is [`OutputMetric::loss_curvature`]'s.
    ///
    /// Normals are drawn by rand_distr's ziggurat from PCG-XSH-RR 64/32 on stream 3, started at `seed`.
    #[cfg(feature = "full")]
    pub fn monte_carlo(evaluation: &Evaluation<T>, samples: usize, seed: u32) -> Self {
        let mut draws = drawn_gradients(evaluation, samples, seed);
        Self::from_matrices(evaluation, |_, matrix| {
            for gradient in draws.by_ref().take(samples) {
                matrix.ger(T::of(1.0 / samples as f64), &gradient, &gradient, T::one());
            }
        })
    }

    /// R times what `write` makes of a zero matrix for every datum.
    fn from_matrices(evaluation: &Evaluation<T>, mut write: impl FnMut(usize, &mut DMatrix<T>)) -> Self {
        let outputs = evaluation.pass.outputs.nrows();
        let mut matrix = DMatrix::zeros(outputs, outputs);
        let mut matrices = Vec::with_capacity(matrix.len() * evaluation.pass.samples());
        for n in 0..evaluation.pass.samples() {
            matrix.fill(T::zero());
            write(n, &mut matrix);
            matrices.extend(matrix.iter().map(|&entry| entry * evaluation.objective.normalizer));
        }
        Self { outputs, matrices }
    }

    /// R Mₙ of every datum, one after the other.
    pub fn as_slice(&self) -> &[T] {
        &self.matrices
    }

    /// The column-by-column product (R Mₙ) vₙ of C × N `vectors`.
    pub fn apply(&self, vectors: &DMatrix<T>, products: &mut DMatrix<T>) {
        let (outputs, vectors, products) = (self.outputs, vectors.as_slice(), products.as_mut_slice());
        if outputs == 1 {
            // Loops over single numbers would take longer than all else that a small network's product does here.
            let factors = self.matrices.iter().zip(vectors);
            products.iter_mut().zip(factors).for_each(|(product, (&entry, &factor))| *product = entry * factor);
            return;
        }
        let (vectors, products) = (vectors.chunks_exact(outputs), products.chunks_exact_mut(outputs));
        for ((matrix, vector), product) in self.matrices.chunks_exact(outputs * outputs).zip(vectors).zip(products) {
            product.fill(T::zero());
            for (column, &factor) in matrix.chunks_exact(outputs).zip(vector) {
                product.iter_mut().zip(column).for_each(|(product, &entry)| *product += entry * factor);
            }
        }
    }

    /// R Mₙ of every datum.
    fn matrices(&self) -> impl Iterator<Item = DMatrixView<'_, T>> {
        let outputs = self.outputs;
        self.matrices
            .chunks_exact(outputs * outputs)
            .map(move |entries| DMatrixView::from_slice(entries, outputs, outputs))
    }

    /// C matrices of C × N whose n-th columns are those of a square root of R Mₙ: backpropagated one by one, they give
    /// every per-datum gradient that the matrix Σₙ Jₙᵀ (R Mₙ) Jₙ is a sum of squares of.
    pub fn square_root_columns(&self) -> Vec<DMatrix<T>> {
        let samples = self.matrices().count();
        let mut columns = vec![DMatrix::zeros(self.outputs, samples); self.outputs];
        for (n, matrix) in self.matrices().enumerate() {
            let root = square_root(matrix.into_owned());
            for (c, column) in columns.iter_mut().enumerate() {
                column.set_column(n, &root.column(c));
            }
        }
        columns
    }

    /// The metric of a batch of the data, scaled as the batch's mean loss is.
    pub fn batch(&self, indices: &[usize]) -> Self {
        let size = self.outputs * self.outputs;
        let whole = T::of((self.matrices.len() / size) as f64 / indices.len() as f64);
        let chosen = indices.iter().flat_map(|&n| &self.matrices[n * size..(n + 1) * size]);
        Self { outputs: self.outputs, matrices: chosen.map(|&entry| entry * whole).collect() }
    }

    /// The same metric in the precision `U`.
    pub fn cast<U: Scalar>(&self) -> OutputMetric<U> {
        OutputMetric {
            outputs: self.outputs,
            matrices: self.matrices.iter().map(|&entry| U::of(entry.to_f64())).collect(),
        }
    }
}

/// Q √Λ of the eigendecomposition Q Λ Qᵀ; eigenvalues that rounding made negative count as zero.
fn square_root<T: Scalar>(matrix: DMatrix<T>) -> DMatrix<T> {
    let SymmetricEigen { mut eigenvectors, eigenvalues } = SymmetricEigen::new(matrix);
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

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::categorical;
    use nalgebra::DVector;

    #[test]
    fn a_class_is_drawn_by_the_interval_that_holds_the_number() {
        let probabilities = DVector::from_vec(vec![0.25, 0.5, 0.125]);
        // Intervals hold their lower ends; past the sum, which rounding may leave below 1, it is the last class.
        let drawn = [0.0, 0.2, 0.25, 0.7, 0.75, 0.8, 0.875, 0.99].map(|uniform| categorical(&probabilities, uniform));
        assert_eq!(drawn, [0, 0, 1, 1, 2, 2, 2, 2]);
    }
}
