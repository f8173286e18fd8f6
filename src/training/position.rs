//! Where training stands: the objective and its gradient at the present θ, and what it took to get there.

use nalgebra::DVector;

use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::training::effort::Effort;

/// The objective at the present θ.
pub struct Position {
    /// The objective there.
    pub evaluation: Evaluation<f64>,
    /// Its gradient there.
    pub gradient: DVector<f64>,
    /// The effort so far, the gradient at the present θ included.
    pub effort: Effort,
}

impl Position {
    /// The objective at `theta`, for one gradient.
    pub fn new(objective: Objective<f64>, theta: DVector<f64>) -> Self {
        let evaluation = Evaluation::new(objective, theta);
        let effort = Effort { gradients: 1, ..Effort::default() };
        Self { gradient: evaluation.gradient(), evaluation, effort }
    }

    /// The objective at another θ, looked at before going there.
    pub fn look(&mut self, theta: DVector<f64>) -> Evaluation<f64> {
        self.effort.values += 1;
        Evaluation::new(self.evaluation.objective.clone(), theta)
    }

    /// Goes where the objective has been evaluated, and takes its gradient there.
    pub fn go(&mut self, evaluation: Evaluation<f64>) {
        self.arrive(evaluation.gradient(), evaluation);
    }

    /// Goes to `theta` without a look; false, and nowhere, where θ, the objective or its gradient is not finite.
    pub fn leap(&mut self, theta: DVector<f64>) -> bool {
        let evaluation = Evaluation::new(self.evaluation.objective.clone(), theta);
        let gradient = evaluation.gradient();
        let finite = is_finite(&evaluation, &gradient);
        if finite {
            self.arrive(gradient, evaluation);
        }
        finite
    }

    /// Whether θ, the objective and its gradient are finite.
    pub fn is_finite(&self) -> bool {
        is_finite(&self.evaluation, &self.gradient)
    }

    fn arrive(&mut self, gradient: DVector<f64>, evaluation: Evaluation<f64>) {
        self.effort.gradients += 1;
        (self.gradient, self.evaluation) = (gradient, evaluation);
    }
}

fn is_finite(evaluation: &Evaluation<f64>, gradient: &DVector<f64>) -> bool {
    [evaluation.theta.norm_squared(), evaluation.value(), gradient.norm_squared()].iter().all(|size| size.is_finite())
}
