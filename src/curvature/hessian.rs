//! The exact Hessian of an objective, as a product by the R-operator.

use nalgebra::{DMatrix, DVector};

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::operator::LinearOperator;
use crate::scalar::Scalar;

/// ∇² of the objective at one θ.
///
/// A product is Pearlmutter's R-operator applied to backpropagation, exact to rounding and about as dear as two
/// gradients: R{g_{l−1}} = (V_lᵀ g_l + W_lᵀ R{g_l}) ∘ φ′ + (W_lᵀ g_l) ∘ φ″ ∘ R{s_{l−1}} (Pearlmutter 1994, *Fast exact
/// multiplication by the Hessian*, section 3, <https://doi.org/10.1162/neco.1994.6.1.147>).
pub struct Hessian<'a, T: Scalar> {
    evaluation: &'a Evaluation<T>,
    loss_curvature: OutputMetric<T>,
    /// (W_{l+1}ᵀ g_{l+1}) ∘ φ″ of each hidden layer l, which no direction changes.
    bent_signals: Vec<DMatrix<T>>,
}

impl<'a, T: Scalar> Hessian<'a, T> {
    /// The Hessian at `evaluation`'s θ.
    pub fn new(evaluation: &'a Evaluation<T>) -> Self {
        let (pass, signals) = (&evaluation.pass, &evaluation.signals);
        let carried = pass.transposed_weights.iter().zip(signals).skip(1).map(|(weights, signal)| weights * signal);
        Self {
            evaluation,
            loss_curvature: OutputMetric::loss_curvature(evaluation),
            bent_signals: carried.zip(&pass.bends).map(|(carried, bend)| carried.component_mul(bend)).collect(),
        }
    }

    /// R{∂ loss/∂S_l} for every layer, given R{s_l} and the directions V̄_l.
    fn signal_tangents(&self, directions: &[DMatrix<T>], tangents: &[DMatrix<T>]) -> Vec<DMatrix<T>> {
        let (pass, signals) = (&self.evaluation.pass, &self.evaluation.signals);
        let last = pass.layers() - 1;
        let mut reversed = vec![self.loss_curvature.apply(&tangents[last])];
        for l in (1..=last).rev() {
            let weights = &pass.transposed_weights[l];
            let direction = directions[l].columns(0, weights.nrows()).transpose();
            let carried = direction * &signals[l] + weights * &reversed[reversed.len() - 1];
            let bent = self.bent_signals[l - 1].component_mul(&tangents[l - 1]);
            reversed.push(carried.component_mul(&pass.slopes[l - 1]) + bent);
        }
        reversed.reverse();
        reversed
    }
}

impl<T: Scalar> LinearOperator<T> for Hessian<'_, T> {
    fn dimension(&self) -> usize {
        self.evaluation.theta.len()
    }

    /// R{Σₙ gₙ āₙᵀ} = Σₙ R{gₙ} āₙᵀ + gₙ R{āₙ}ᵀ for every layer.
    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        let pass = &self.evaluation.pass;
        let directions = self.evaluation.objective.layout.split(vector);
        let tangents = pass.tangents(&directions);
        let mut layers = pass.by_weights(&self.signal_tangents(&directions, &tangents));
        for l in 1..pass.layers() {
            let hidden = pass.slopes[l - 1].component_mul(&tangents[l - 1]);
            let columns = hidden.nrows();
            let mut weights = layers[l].columns_mut(0, columns);
            weights.gemm(T::one(), &self.evaluation.signals[l], &hidden.transpose(), T::one());
        }
        self.evaluation.with_weight_decay(&layers, vector)
    }
}
