//! The minimum that training from a θ ends in: what derivatives by implicit differentiation are held against.

use nalgebra::DVector;

use crate::application::minimum::falls_for_ever;
use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::training::levenberg_marquardt::{LevenbergMarquardt, Model};
use crate::training::{Descent, Outcome};

/// Newton's steps at most; it settles by itself where rounding leaves nothing to gain.
const MOST_STEPS: usize = 1000;

/// A gradient of at most this times 1 + |objective| is a minimum's.
const STATIONARY: f64 = 1e-8;

/// Where training ended.
pub struct NearestMinimum {
    /// The objective there.
    pub evaluation: Evaluation<f64>,
    /// ‖∇‖ there.
    pub gradient_norm: f64,
    /// Whether that is a minimum: ‖∇‖ ≤ 1e-8 (1 + |objective|), and the loss does not fall for ever.
    pub reached: bool,
}

impl NearestMinimum {
    /// Newton's method, damped by Levenberg and Marquardt's rule, from `theta` until nothing more can be gained, saddle points left.
    pub fn from(objective: Objective<f64>, theta: DVector<f64>) -> Self {
        let mut newton = LevenbergMarquardt::new(objective, theta, Model::Newton);
        for _ in 0..MOST_STEPS {
            if newton.step().outcome == Outcome::Settled {
                break;
            }
        }
        let position = newton.position();
        let (evaluation, gradient_norm) = (position.evaluation.clone(), position.gradient.norm());
        let stationary = gradient_norm <= STATIONARY * (1.0 + evaluation.value().abs());
        let reached = stationary && !falls_for_ever(&evaluation);
        Self { evaluation, gradient_norm, reached }
    }

    /// Another objective at this θ, such as the validation loss.
    pub fn loss_of(&self, objective: &Objective<f64>) -> f64 {
        Evaluation::new(objective.clone(), self.evaluation.theta.clone()).loss()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::curvature::hessian::Hessian;
    use crate::data::data;
    use crate::experiment::{DataSpec, GeneratedData, Generator};
    use crate::loss::{Loss, Targets};
    use crate::objective::Data;
    use crate::operator::LinearOperator;
    use crate::parameters::Layout;
    use nalgebra::DMatrix;

    /// Whether a line through these data is found to be a minimum.
    fn reached(targets: [f64; 3]) -> bool {
        let inputs = DMatrix::from_row_slice(1, 3, &[0.1, 0.7, 1.9]);
        let data = Data { inputs, targets: Targets::Values(DMatrix::from_row_slice(1, 3, &targets)) };
        let objective = Objective::new(Layout::new(&[1, 1]), Activation::Identity, data, Loss::Mse, 0.0);
        NearestMinimum::from(objective, DVector::from_vec(vec![0.3, -0.2])).reached
    }

    /// At θ = 0 a network without decay, whose targets' mean is 0, has no gradient, and its two layers bend the objective down
    /// together.
    #[test]
    fn a_saddle_point_is_left_for_a_minimum() {
        let inputs = DMatrix::from_row_slice(1, 4, &[-2.0, -1.0, 1.0, 2.0]);
        let data = Data { inputs, targets: Targets::Values(DMatrix::from_row_slice(1, 4, &[-1.0, -0.5, 0.5, 1.0])) };
        let objective = Objective::new(Layout::new(&[1, 2, 1]), Activation::Tanh, data, Loss::Mse, 1e-3);
        let minimum = NearestMinimum::from(objective, DVector::zeros(7));
        assert!(minimum.reached, "{:e}", minimum.gradient_norm);
        assert!(minimum.evaluation.value() < 0.1, "{}", minimum.evaluation.value());
        let smallest = Hessian::new(&minimum.evaluation).to_matrix().symmetric_eigenvalues().min();
        assert!(smallest > -1e-12, "{smallest:e}");
    }

    /// With ever more weight decay this branch of minima turns into one of saddle points, which Newton's method alone follows.
    #[test]
    fn a_branch_of_minima_is_not_followed_onto_saddle_points() {
        let generated = GeneratedData { generator: Generator::Sine, samples: 40, noise: 0.1, seed: 3, condition: 1.0 };
        let data = data(&DataSpec::Generated(generated), 1, 1, Loss::Mse, 2);
        let layout = Layout::new(&[1, 8, 1]);
        let mut theta = layout.draw(3);
        let objective = Objective::new(layout, Activation::Tanh, data, Loss::Mse, 1e-2);
        for place in 0..=10 {
            let weight_decay = 0.01 * 10_f64.powf(f64::from(place) / 5.0);
            let minimum = NearestMinimum::from(Objective { weight_decay, ..objective.clone() }, theta);
            let smallest = Hessian::new(&minimum.evaluation).to_matrix().symmetric_eigenvalues().min();
            assert!(minimum.reached && smallest > 0.0, "{weight_decay}: {:e} {smallest:e}", minimum.gradient_norm);
            theta = minimum.evaluation.theta;
        }
    }

    #[test]
    fn a_gradient_is_judged_by_the_size_of_the_objective_and_by_one() {
        assert!(reached([1e8 / 3.0, -1e8 / 7.0, 1e8 / 11.0]), "its rounding is far above 1e-8");
        for slope in [0.3, 0.7, 1.1, 1.3] {
            assert!(reached([0.1, 0.7, 1.9].map(|x| slope * x + 0.1)), "the objective is as good as zero");
        }
        assert!(!reached([0.1, 0.7, 1.9].map(|x| 1e12 * x + 0.1)), "rounding leaves a slope that no objective excuses");
    }
}
