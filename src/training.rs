//! Training: the objective brought down from θ before its curvature is looked at.

use nalgebra::DVector;

use crate::curvature::hessian::Hessian;
use crate::experiment::{Optimizer, Training};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::operator::{Damped, LinearOperator};
use crate::solve::Event;
use crate::solve::conjugate_gradient::{ConjugateGradient, OnNegativeCurvature, Start};

/// CG steps of one Newton step; CG ends by itself where rounding leaves nothing to gain.
const MOST_CG_STEPS: usize = 500;

/// A predicted reduction of less than this part of the objective is lost in its rounding.
const ROUNDING: f64 = 1e-13;

/// The objective at the θ that `training` ends at, from `theta`.
pub fn train(objective: Objective<f64>, theta: DVector<f64>, training: &Training) -> Result<Evaluation<f64>, Refusal> {
    match training.optimizer {
        Optimizer::GradientDescent => gradient_descent(objective, theta, training),
        Optimizer::Newton => {
            let mut newton = Newton::new(objective, theta);
            for _ in 0..training.steps {
                if !newton.step() {
                    break;
                }
            }
            Ok(newton.evaluation)
        }
    }
}

fn gradient_descent(
    objective: Objective<f64>,
    mut theta: DVector<f64>,
    training: &Training,
) -> Result<Evaluation<f64>, Refusal> {
    let mut evaluation = Evaluation::new(objective, theta.clone());
    for step in 1..=training.steps {
        theta.axpy(-training.learning_rate, &evaluation.gradient(), 1.0);
        if !theta.norm_squared().is_finite() {
            let problem = format!(
                "gradient descent diverges with {} (at step {step}); a smaller one helps",
                training.learning_rate
            );
            return Err(Refusal { field: "training.learning_rate".into(), problem });
        }
        evaluation = Evaluation::new(evaluation.objective, theta.clone());
    }
    Ok(evaluation)
}

/// Newton's method with Levenberg and Marquardt's damping λ: (∇² + λ I) p = ∇ by CG, λ adapted by the ratio of actual to
/// predicted reduction (Martens 2010, *Deep learning via Hessian-free optimization*, section 4.1,
/// <https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf>).
pub struct Newton {
    /// The objective at the present θ.
    pub evaluation: Evaluation<f64>,
    /// λ.
    pub damping: f64,
}

impl Newton {
    /// The method at `theta`, with λ = 1.
    pub fn new(objective: Objective<f64>, theta: DVector<f64>) -> Self {
        Self { evaluation: Evaluation::new(objective, theta), damping: 1.0 }
    }

    /// One step, taken where it lowers the objective; false once nothing more can be gained.
    pub fn step(&mut self) -> bool {
        let gradient = self.evaluation.gradient();
        let Some(direction) = self.direction(&gradient) else {
            self.damping *= 4.0;
            return true;
        };
        let predicted = self.predicted_reduction(&gradient, &direction);
        let (objective, theta) = (self.evaluation.objective.clone(), &self.evaluation.theta - direction);
        let next = Evaluation::new(objective, theta);
        let value = self.evaluation.value();
        if predicted <= ROUNDING * (1.0 + value.abs()) {
            return self.polish(next, gradient.norm());
        }
        let actual = value - next.value();
        self.adapt(actual / predicted);
        if actual > 0.0 {
            self.evaluation = next;
        }
        true
    }

    /// The solution p of (∇² + λ I) p = ∇; none where CG meets negative curvature.
    fn direction(&self, gradient: &DVector<f64>) -> Option<DVector<f64>> {
        let operator = Damped { curvature: Box::new(Hessian::new(&self.evaluation)), damping: self.damping };
        let solver = ConjugateGradient::new(&operator, gradient, Start::Zero);
        let solver = solver.on_negative_curvature(OnNegativeCurvature::Stop);
        let last = solver.take(MOST_CG_STEPS + 1).last()?;
        (!matches!(last.event, Some(Event::NegativeCurvature(_)))).then_some(last.solution)
    }

    /// ∇ᵀp − ½ pᵀ∇²p.
    fn predicted_reduction(&self, gradient: &DVector<f64>, direction: &DVector<f64>) -> f64 {
        gradient.dot(direction) - 0.5 * direction.dot(&Hessian::new(&self.evaluation).apply(direction))
    }

    fn adapt(&mut self, ratio: f64) {
        if ratio > 0.75 {
            self.damping /= 4.0;
        } else if !(0.25..).contains(&ratio) {
            self.damping *= 4.0;
        }
    }

    /// Where the objective no longer tells steps apart, its gradient still does.
    fn polish(&mut self, next: Evaluation<f64>, norm: f64) -> bool {
        let better = next.gradient().norm() < norm;
        if better {
            self.evaluation = next;
            self.damping /= 4.0;
        }
        better
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::data::data;
    use crate::experiment::{DataSpec, GeneratedData, Generator};
    use crate::loss::Loss;
    use crate::parameters::Layout;

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
    fn newton_never_raises_the_objective() {
        let (objective, theta) = objective();
        let mut newton = Newton::new(objective, theta);
        let mut value = newton.evaluation.value();
        for _ in 0..60 {
            newton.step();
            let next = newton.evaluation.value();
            assert!(next <= value + 1e-13);
            value = next;
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
