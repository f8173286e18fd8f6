//! The damped curvature of any batch of the data, which LiSSA draws its products from.

use nalgebra::DVector;

use crate::curvature::gauss_newton::GaussNewton;
use crate::curvature::hessian::Hessian;
use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::operator::{LinearOperator, SampledOperator};
use crate::scalar::Scalar;

/// C_batch + λ I, where C_batch is the curvature of a batch's mean loss with the whole weight decay.
pub struct BatchCurvature<'a, T: Scalar> {
    /// The whole data's evaluation.
    pub evaluation: &'a Evaluation<T>,
    /// The metric of a Gauss-Newton or Fisher matrix; none is the Hessian.
    pub metric: Option<OutputMetric<T>>,
    /// λ.
    pub damping: T,
}

impl<T: Scalar> SampledOperator<T> for BatchCurvature<'_, T> {
    fn samples(&self) -> usize {
        self.evaluation.pass.samples()
    }

    fn apply_batch(&self, batch: &[usize], vector: &DVector<T>) -> DVector<T> {
        let evaluation = Evaluation::new(self.evaluation.objective.batch(batch), self.evaluation.theta.clone());
        let mut product = match &self.metric {
            None => Hessian::new(&evaluation).apply(vector),
            Some(metric) => GaussNewton::new(&evaluation, metric.batch(batch)).apply(vector),
        };
        product.axpy(self.damping, vector, T::one());
        product
    }
}
