//! Training: the objective brought down from θ, step by step.

pub mod adam;
pub mod effort;
pub mod gradient_descent;
pub mod levenberg_marquardt;
pub mod position;
pub mod saddle;

use nalgebra::DVector;

use crate::experiment::{Optimizer, Training};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::training::gradient_descent::FixedRate;
use crate::training::levenberg_marquardt::{LevenbergMarquardt, Model};
use crate::training::position::Position;

/// A method that brings an objective down.
pub trait Descent {
    /// Where it stands.
    fn position(&self) -> &Position;

    /// One step.
    fn step(&mut self) -> Step;

    /// λ, of a method that damps its steps.
    fn damping(&self) -> Option<f64> {
        None
    }
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Where it went.
    pub outcome: Outcome,
    /// Actual over predicted reduction, of a method that predicts one.
    pub ratio: Option<f64>,
}

/// Where a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// To another θ.
    Moved,
    /// Nowhere, but the next one may.
    Stayed,
    /// Nowhere, and nothing more can be gained.
    Settled,
    /// To where θ, the objective or its gradient is not finite; θ is left as it was.
    Diverged,
}

/// The objective at the θ that `training` ends at, from `theta`; at `theta` itself where it is not finite there.
pub fn train(objective: Objective<f64>, theta: DVector<f64>, training: &Training) -> Result<Evaluation<f64>, Refusal> {
    match training.optimizer {
        Optimizer::GradientDescent => run(FixedRate::new(objective, theta, training.learning_rate), training),
        Optimizer::Newton => run(LevenbergMarquardt::new(objective, theta, Model::Newton), training),
    }
}

fn run(mut descent: impl Descent, training: &Training) -> Result<Evaluation<f64>, Refusal> {
    if !descent.position().is_finite() {
        return Ok(descent.position().evaluation.clone());
    }
    for step in 1..=training.steps {
        match descent.step().outcome {
            Outcome::Moved | Outcome::Stayed => {}
            Outcome::Settled => break,
            Outcome::Diverged => {
                let problem = format!(
                    "gradient descent diverges with {} (at step {step}); a smaller one helps",
                    training.learning_rate
                );
                return Err(Refusal { field: "training.learning_rate".into(), problem });
            }
        }
    }
    Ok(descent.position().evaluation.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::curvature::hessian::Hessian;
    use crate::data::data;
    use crate::experiment::{DataSpec, GeneratedData, Generator};
    use crate::loss::Loss;
    use crate::operator::LinearOperator;
    use crate::parameters::Layout;
    use crate::training::gradient_descent::LineSearch;

    fn objective() -> (Objective<f64>, DVector<f64>) {
        let layout = Layout::new(&[1, 6, 1]);
        let generated = GeneratedData { generator: Generator::Sine, samples: 20, noise: 0.1, seed: 1, condition: 1.0 };
        let data = data(&DataSpec::Generated(generated), 1, 1, Loss::Mse, 2);
        let theta = layout.draw(1);
        (Objective::new(layout, Activation::Tanh, data, Loss::Mse, 1e-3), theta)
    }

    #[test]
    fn newton_reaches_a_minimum() {
        let (objective, theta) = objective();
        let training = Training { optimizer: Optimizer::Newton, steps: 200, learning_rate: 0.1 };
        let trained = train(objective, theta, &training).expect("a minimum");
        assert!(trained.gradient().norm() < 1e-12, "{:e}", trained.gradient().norm());
        let eigenvalues = Hessian::new(&trained).to_matrix().symmetric_eigenvalues();
        assert!(eigenvalues.min() > 0.0);
    }

    #[test]
    fn damped_steps_and_line_searches_never_raise_the_objective() {
        let (objective, theta) = objective();
        let damped =
            |model| -> Box<dyn Descent> { Box::new(LevenbergMarquardt::new(objective.clone(), theta.clone(), model)) };
        let models = [Model::Newton, Model::GaussNewton, Model::HessianFree, Model::Kfac].map(damped);
        let search: Box<dyn Descent> = Box::new(LineSearch::new(objective.clone(), theta.clone()));
        for mut descent in models.into_iter().chain([search]) {
            let start = descent.position().evaluation.value();
            let mut value = start;
            for _ in 0..60 {
                descent.step();
                let next = descent.position().evaluation.value();
                assert!(next <= value + 1e-13);
                value = next;
            }
            assert!(value < 0.7 * start);
        }
    }

    #[test]
    fn gradient_descent_descends_or_says_that_it_diverges() {
        let (objective, theta) = objective();
        let start = Evaluation::new(objective.clone(), theta.clone()).value();
        let training = |learning_rate| Training { optimizer: Optimizer::GradientDescent, steps: 300, learning_rate };
        let trained = train(objective.clone(), theta.clone(), &training(0.1)).expect("a small step descends");
        assert!(trained.value() < 0.5 * start);
        let refusal = train(objective, theta, &training(900.0)).expect_err("a huge step diverges");
        assert_eq!(refusal.field, "training.learning_rate");
    }
}
