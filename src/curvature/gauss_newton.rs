//! The generalised Gauss-Newton matrix and its relatives, the Fisher matrices: Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I.

use nalgebra::DVector;

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::operator::LinearOperator;
use crate::scalar::Scalar;

/// Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I, the metric Mₙ saying which: ∇²_f ℓₙ makes it the generalised Gauss-Newton matrix
/// (Schraudolph 2002, *Fast curvature matrix-vector products*, section 3, <https://doi.org/10.1162/08997660260028683>).
///
/// A product is one forward and one backward pass: Jv, then the metric, then Jᵀ.
pub struct GaussNewton<'a, T: Scalar> {
    evaluation: &'a Evaluation<T>,
    metric: OutputMetric<T>,
}

impl<'a, T: Scalar> GaussNewton<'a, T> {
    /// The matrix of `metric` at `evaluation`'s θ.
    pub fn new(evaluation: &'a Evaluation<T>, metric: OutputMetric<T>) -> Self {
        Self { evaluation, metric }
    }
}

impl<T: Scalar> LinearOperator<T> for GaussNewton<'_, T> {
    fn dimension(&self) -> usize {
        self.evaluation.theta.len()
    }

    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        let pass = &self.evaluation.pass;
        let tangents = pass.tangents(&self.evaluation.objective.layout.split(vector));
        let signals = pass.backpropagate(self.metric.apply(&tangents[pass.layers() - 1]));
        self.evaluation.with_weight_decay(&pass.by_weights(&signals), vector)
    }
}
