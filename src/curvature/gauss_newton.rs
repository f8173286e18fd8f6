//! The generalised Gauss-Newton matrix and its relatives, the Fisher matrices: Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I.

use std::cell::RefCell;

use nalgebra::DVector;

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::operator::LinearOperator;
use crate::scalar::Scalar;
use crate::workspace::Workspace;

/// Σₙ Jₙᵀ (R Mₙ) Jₙ + μ I, the metric Mₙ saying which: ∇²_f ℓₙ makes it the generalised Gauss-Newton matrix
/// (Schraudolph 2002, *Fast curvature matrix-vector products*, section 3, <https://doi.org/10.1162/08997660260028683>).
///
/// A product is one forward and one backward pass: Jv, then the metric, then Jᵀ.
pub struct GaussNewton<'a, T: Scalar> {
    evaluation: &'a Evaluation<T>,
    metric: OutputMetric<T>,
    workspace: RefCell<Workspace<T>>,
}

impl<'a, T: Scalar> GaussNewton<'a, T> {
    /// The matrix of `metric` at `evaluation`'s θ.
    pub fn new(evaluation: &'a Evaluation<T>, metric: OutputMetric<T>) -> Self {
        Self { evaluation, metric, workspace: RefCell::new(Workspace::new(&evaluation.pass)) }
    }
}

impl<T: Scalar> LinearOperator<T> for GaussNewton<'_, T> {
    fn dimension(&self) -> usize {
        self.evaluation.theta.len()
    }

    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        let (pass, last) = (&self.evaluation.pass, self.evaluation.pass.layers() - 1);
        let Workspace { directions, tangents, hidden, signals, layers } = &mut *self.workspace.borrow_mut();
        self.evaluation.objective.layout.split_into(vector, directions);
        pass.write_tangents(directions, tangents, hidden);
        self.metric.apply(&tangents[last], &mut signals[last]);
        pass.carry_back(signals);
        pass.by_weights(signals, layers);
        self.evaluation.with_weight_decay(layers, vector)
    }
}
