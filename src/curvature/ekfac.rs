//! EKFAC: KFAC's eigenvectors, with the second moments measured along them in place of products of eigenvalues.

use nalgebra::DMatrix;

use crate::curvature::kfac::{Factors, Kfac};
use crate::curvature::kronecker::{KroneckerDiagonal, KroneckerOperator};
use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::operator::LinearOperator;

/// (Q_B ⊗ Q_A) diag(S) (Q_B ⊗ Q_A)ᵀ with S_ij = R Σₙ Σ_c (Q_Bᵀ g)²ᵢ (Q_Aᵀ ā)²ⱼ (George et al. 2018, *Fast approximate
/// natural gradient descent in a Kronecker-factored eigenbasis*, section 3, <https://arxiv.org/abs/1806.03884>).
#[derive(Clone, Debug)]
pub struct Ekfac {
    undamped: KroneckerOperator<f64>,
    weight_decay: f64,
}

impl Ekfac {
    /// The second moments of `metric` at `evaluation`'s θ in the eigenbasis of its KFAC factors.
    pub fn new(evaluation: &Evaluation<f64>, metric: &OutputMetric<f64>, kfac: &Kfac) -> Self {
        let mut layers: Vec<_> = kfac.factors.iter().map(eigenbasis).collect();
        let pass = &evaluation.pass;
        for column in metric.square_root_columns() {
            for (l, signal) in pass.backpropagate(column).iter().enumerate() {
                let squared_signals = squares(layers[l].outer.transpose() * signal);
                let squared_inputs = squares(layers[l].inner.transpose() * &pass.inputs[l]);
                layers[l].diagonal += squared_signals * squared_inputs.transpose();
            }
        }
        let undamped = KroneckerOperator { layout: kfac.layout.clone(), layers };
        Self { undamped, weight_decay: evaluation.objective.weight_decay }
    }

    /// EKFAC + (λ + μ) I; its [`KroneckerOperator::inverse`] is what solves.
    pub fn damped(&self, damping: f64) -> KroneckerOperator<f64> {
        let mut operator = self.undamped.clone();
        for layer in &mut operator.layers {
            layer.diagonal.add_scalar_mut(damping + self.weight_decay);
        }
        operator
    }

    /// The matrix, + μ I, P × P in θ order.
    pub fn to_matrix(&self) -> DMatrix<f64> {
        self.damped(0.0).to_matrix()
    }
}

fn eigenbasis(Factors { eigen_a, eigen_b, .. }: &Factors) -> KroneckerDiagonal<f64> {
    KroneckerDiagonal {
        diagonal: DMatrix::zeros(eigen_b.values.len(), eigen_a.values.len()),
        outer: eigen_b.vectors.clone(),
        inner: eigen_a.vectors.clone(),
    }
}

fn squares(matrix: DMatrix<f64>) -> DMatrix<f64> {
    matrix.map(|entry| entry * entry)
}
