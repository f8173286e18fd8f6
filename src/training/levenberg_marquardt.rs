//! Damped steps of a quadratic model, its damping adapted by how well the model foresaw what a step did.

use nalgebra::DVector;

use crate::curvature::gauss_newton::GaussNewton;
use crate::curvature::hessian::Hessian;
use crate::curvature::kfac::{DampingConvention, Kfac};
use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::operator::{Damped, LinearOperator};
use crate::solve::conjugate_gradient::{ConjugateGradient, OnNegativeCurvature, Start};
use crate::solve::relative_progress::while_progressing;
use crate::solve::{Event, Iterate};
use crate::training::position::Position;
use crate::training::saddle::Search;
use crate::training::{Descent, Outcome, Step};

/// CG steps of one step; CG ends by itself where rounding leaves nothing to gain.
const MOST_CG_STEPS: usize = 500;

/// A predicted reduction of less than this part of the objective is lost in its rounding.
const ROUNDING: f64 = 1e-13;

/// λ at first, and again where a saddle point is left.
const FIRST_DAMPING: f64 = 1.0;

/// What the damping is multiplied or divided by.
const FACTOR: f64 = 4.0;

/// Whose curvature C the model has, and how (C + λ I) p = ∇ is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The Hessian, by CG to the end; no step where CG meets negative curvature. Where it would settle on a saddle point, it goes
    /// along a direction of negative curvature first ([`Search`]).
    Newton,
    /// The Gauss-Newton matrix, by CG to the end.
    GaussNewton,
    /// The Gauss-Newton matrix, by CG until Martens' rule stops it ([`while_progressing`]): Hessian-free optimization
    /// (Martens 2010), each solve started from zero.
    HessianFree,
    /// KFAC with type-2 factors and its `pi` damping, the step rescaled to the Gauss-Newton model's minimum along it, damped
    /// by the same λ (Martens and Grosse 2015, sections 6.3 and 6.4, <https://arxiv.org/abs/1503.05671>).
    Kfac,
}

/// Damped steps with Levenberg and Marquardt's λ, from 1: p solves (C + λ I) p = ∇, and θ − p is taken where it lowers the
/// objective. With ρ the actual over the predicted reduction ∇ᵀp − ½ pᵀCp, λ is divided by 4 where ρ > ¾ and multiplied by 4
/// where ρ < ¼, or where there is no step (Martens 2010, *Deep learning via Hessian-free optimization*, section 4.1,
/// <https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf>, whose factor is 3/2). Where the predicted reduction is lost in
/// the objective's rounding, a step is taken that lowers the gradient's norm; and Newton's method leaves a saddle point along a
/// direction of negative curvature, and starts from λ = 1 again. The objective never rises by more than rounding.
pub struct LevenbergMarquardt {
    position: Position,
    damping: f64,
    model: Model,
}

/// A step p and its product C p.
struct Proposal {
    direction: DVector<f64>,
    product: DVector<f64>,
}

impl LevenbergMarquardt {
    /// The method at `theta`, with λ = 1.
    pub fn new(objective: Objective<f64>, theta: DVector<f64>, model: Model) -> Self {
        Self { position: Position::new(objective, theta), damping: FIRST_DAMPING, model }
    }

    /// p; none where CG meets negative curvature.
    fn propose(&mut self) -> Option<Proposal> {
        if self.model == Model::Kfac {
            return Some(self.rescaled_kfac());
        }
        let direction = self.solve()?;
        self.position.effort.products += 1;
        let product = self.curvature().apply(&direction);
        Some(Proposal { direction, product })
    }

    fn curvature(&self) -> Box<dyn LinearOperator<f64> + '_> {
        let evaluation = &self.position.evaluation;
        match self.model {
            Model::Newton => Box::new(Hessian::new(evaluation)),
            _ => Box::new(GaussNewton::new(evaluation, OutputMetric::loss_curvature(evaluation))),
        }
    }

    /// The solution of (C + λ I) p = ∇ by CG.
    fn solve(&mut self) -> Option<DVector<f64>> {
        let gradient = &self.position.gradient;
        let operator = Damped { curvature: self.curvature(), damping: self.damping };
        let solver = ConjugateGradient::new(&operator, gradient, Start::Zero);
        let solver = solver.on_negative_curvature(OnNegativeCurvature::Stop).take(MOST_CG_STEPS + 1);
        let last: Iterate<f64> = match self.model {
            Model::HessianFree => while_progressing(solver, gradient).last(),
            _ => solver.last(),
        }?;
        drop(operator);
        self.position.effort.products += last.products as usize;
        (!matches!(last.event, Some(Event::NegativeCurvature(_)))).then_some(last.solution)
    }

    /// α d with d = KFAC⁻¹ ∇ and α = ∇ᵀd / dᵀ(G + λ I)d.
    fn rescaled_kfac(&mut self) -> Proposal {
        let Position { evaluation, gradient, .. } = &self.position;
        let metric = OutputMetric::loss_curvature(evaluation);
        let kfac = Kfac::new(evaluation, &metric).damped(self.damping, DampingConvention::Pi).inverse();
        let direction = kfac.operator.apply(gradient);
        let product = self.curvature().apply(&direction);
        let bend = direction.dot(&product) + self.damping * direction.norm_squared();
        let scale = if bend > 0.0 { gradient.dot(&direction) / bend } else { 0.0 };
        // A backward pass for each output's factors, and one product.
        self.position.effort.gradients += evaluation.pass.outputs.nrows();
        self.position.effort.products += 1;
        Proposal { direction: direction * scale, product: product * scale }
    }

    fn adapt(&mut self, ratio: f64) {
        if ratio > 0.75 {
            self.damping /= FACTOR;
        } else if !(0.25..).contains(&ratio) {
            self.damping *= FACTOR;
        }
    }

    /// Where the objective no longer tells steps apart, its gradient still does.
    fn polish(&mut self, next: Evaluation<f64>) -> Step {
        if next.gradient().norm() < self.position.gradient.norm() {
            self.position.go(next);
            self.damping /= FACTOR;
            return Step { outcome: Outcome::Moved, ratio: None };
        }
        let outcome = if self.leave_saddle() { Outcome::Moved } else { Outcome::Settled };
        Step { outcome, ratio: None }
    }

    /// Leaves a saddle point of Newton's method; false where θ is none.
    fn leave_saddle(&mut self) -> bool {
        if self.model != Model::Newton {
            return false;
        }
        let search = Search::new(&*self.curvature(), MOST_CG_STEPS);
        self.position.effort.products += search.products;
        let (theta, value) = (self.position.evaluation.theta.clone(), self.position.evaluation.value());
        let gradient = self.position.gradient.clone();
        let step = search.found.and_then(|bend| {
            bend.descend(&gradient, self.rounding(), |step| value - self.position.look(&theta + step).value())
        });
        let Some(step) = step else { return false };
        let next = self.position.look(theta + step);
        self.position.go(next);
        self.damping = FIRST_DAMPING;
        true
    }

    /// A reduction that is lost in the objective's rounding.
    fn rounding(&self) -> f64 {
        ROUNDING * (1.0 + self.position.evaluation.value().abs())
    }
}

impl Descent for LevenbergMarquardt {
    fn position(&self) -> &Position {
        &self.position
    }

    fn damping(&self) -> Option<f64> {
        Some(self.damping)
    }

    fn step(&mut self) -> Step {
        let Some(Proposal { direction, product }) = self.propose() else {
            self.damping *= FACTOR;
            return Step { outcome: Outcome::Stayed, ratio: None };
        };
        let predicted = self.position.gradient.dot(&direction) - 0.5 * direction.dot(&product);
        let theta = &self.position.evaluation.theta - direction;
        let next = self.position.look(theta);
        let value = self.position.evaluation.value();
        if predicted <= self.rounding() {
            return self.polish(next);
        }
        let actual = value - next.value();
        let ratio = actual / predicted;
        self.adapt(ratio);
        let lower = actual > 0.0;
        if lower {
            self.position.go(next);
        }
        Step { outcome: if lower { Outcome::Moved } else { Outcome::Stayed }, ratio: Some(ratio) }
    }
}
