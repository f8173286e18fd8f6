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
        self.effort.gradients += 1;
        self.gradient = evaluation.gradient();
        self.evaluation = evaluation;
    }

    /// Goes to `theta` without a look; false, and nowhere, where θ is not finite.
    pub fn leap(&mut self, theta: DVector<f64>) -> bool {
        let finite = theta.norm_squared().is_finite();
        if finite {
            self.go(Evaluation::new(self.evaluation.objective.clone(), theta));
        }
        finite
    }
}
