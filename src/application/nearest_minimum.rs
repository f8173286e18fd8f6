//! The minimum that training from a θ ends in: what derivatives by implicit differentiation are held against.

use nalgebra::DVector;

use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::training::levenberg_marquardt::{LevenbergMarquardt, Model};
use crate::training::{Descent, Outcome};

/// Newton's steps at most; it settles by itself where rounding leaves nothing to gain.
const MOST_STEPS: usize = 300;

/// A gradient of at most this times 1 + |objective| is a minimum's.
const STATIONARY: f64 = 1e-8;

/// Where training ended.
pub struct NearestMinimum {
    /// The objective there.
    pub evaluation: Evaluation<f64>,
    /// ‖∇‖ there.
    pub gradient_norm: f64,
    /// Whether that is a minimum: ‖∇‖ ≤ 1e-8 (1 + |objective|).
    pub reached: bool,
}

impl NearestMinimum {
    /// Newton's method, damped by Levenberg and Marquardt's rule, from `theta` until nothing more can be gained.
    pub fn from(objective: Objective<f64>, theta: DVector<f64>) -> Self {
        let mut newton = LevenbergMarquardt::new(objective, theta, Model::Newton);
        for _ in 0..MOST_STEPS {
            if newton.step().outcome == Outcome::Settled {
                break;
            }
        }
        let position = newton.position();
        let (evaluation, gradient_norm) = (position.evaluation.clone(), position.gradient.norm());
        let reached = gradient_norm <= STATIONARY * (1.0 + evaluation.value().abs());
        Self { evaluation, gradient_norm, reached }
    }

    /// Another objective at this θ, such as the validation loss.
    pub fn loss_of(&self, objective: &Objective<f64>) -> f64 {
        Evaluation::new(objective.clone(), self.evaluation.theta.clone()).loss()
    }
}
