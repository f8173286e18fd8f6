//! A training race: several optimizers bring one objective down from one θ, and every step's cost is counted.

use std::hint::black_box;

use nalgebra::DVector;
use serde::Serialize;

use crate::application::minimum::falls_for_ever;
use crate::digits::digits;
use crate::experiment::{RaceSpec, Racer};
use crate::objective::Objective;
use crate::training::gradient_descent::{FixedRate, HeavyBall, LineSearch};
use crate::training::levenberg_marquardt::{LevenbergMarquardt, Model};
use crate::training::{Descent, Outcome, Step};

/// What came of a [`RaceSpec`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Race {
    /// One for each optimizer, in their order.
    pub optimizers: Vec<RaceRun>,
}

/// One optimizer's run: index k of every curve is after k steps, 0 included. A run that ended early holds its last entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RaceRun {
    /// Which.
    pub optimizer: Racer,
    /// How it went.
    pub status: RaceStatus,
    /// The step, from 1, where that was first seen.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub status_step: Option<usize>,
    /// One sentence on it, with the number that matters and what would help.
    pub message: String,
    /// The objective, weight decay included.
    pub loss: Vec<f64>,
    /// ‖∇‖ of the objective.
    pub gradient_norm: Vec<f64>,
    /// The cost so far in products with a curvature matrix, the gradient at the present θ included. A gradient counts as half
    /// a product, an objective without its gradient as a sixth, KFAC's factors as one gradient an output.
    pub products: Vec<f64>,
    /// Products with the Hessian or Gauss-Newton matrix alone so far.
    pub curvature_products: Vec<usize>,
    /// λ as the next step will use it; null where steps are not damped.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[] | null"))]
    pub damping: Option<Vec<f64>>,
    /// Actual over predicted reduction of the step that led here; null where none was predicted.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub ratio: Vec<Option<f64>>,
}

/// How a run of the race went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum RaceStatus {
    /// The gradient fell to 1e-8 of the start's, or to 1e-12.
    Converged,
    /// The steps came to their end first.
    Limit,
    /// No step lowers the objective any more, by rounding.
    Settled,
    /// θ, the objective or its gradient grew past what the arithmetic holds.
    Diverged,
}

/// The race that `spec` describes.
pub fn race(objective: &Objective<f64>, theta: &DVector<f64>, spec: &RaceSpec) -> Race {
    let run = |&racer: &Racer| {
        let mut descent = racer.start(objective, theta, spec);
        let mut run = RaceRun::new(racer, &*descent);
        run.record(&mut *descent, spec);
        run
    };
    Race { optimizers: spec.optimizers.iter().map(run).collect() }
}

/// The steps of one optimizer and nothing beside them, to be timed.
pub fn bare_run(objective: &Objective<f64>, theta: &DVector<f64>, spec: &RaceSpec, racer: Racer) {
    let mut descent = racer.start(objective, theta, spec);
    for _ in 0..spec.steps {
        if matches!(black_box(descent.step()).outcome, Outcome::Settled | Outcome::Diverged) {
            break;
        }
    }
}

impl Racer {
    fn start(self, objective: &Objective<f64>, theta: &DVector<f64>, spec: &RaceSpec) -> Box<dyn Descent> {
        let (objective, theta) = (objective.clone(), theta.clone());
        match self.model() {
            Some(model) => Box::new(LevenbergMarquardt::new(objective, theta, model)),
            None if self == Self::LineSearch => Box::new(LineSearch::new(objective, theta)),
            None if self == Self::Momentum => {
                Box::new(HeavyBall::new(objective, theta, spec.learning_rate, spec.momentum))
            }
            None => Box::new(FixedRate::new(objective, theta, spec.learning_rate)),
        }
    }

    /// The quadratic model of an optimizer that has one.
    fn model(self) -> Option<Model> {
        match self {
            Self::GradientDescent | Self::LineSearch | Self::Momentum => None,
            Self::Newton => Some(Model::Newton),
            Self::GaussNewton => Some(Model::GaussNewton),
            Self::Cg => Some(Model::HessianFree),
            Self::Kfac => Some(Model::Kfac),
        }
    }
}

/// Rounding may carry a gradient that counts as zero off again, to no more than so many times of that.
const CARRIED_OFF: f64 = 100.0;

impl RaceRun {
    fn new(optimizer: Racer, start: &dyn Descent) -> Self {
        Self {
            optimizer,
            status: RaceStatus::Limit,
            status_step: None,
            message: String::new(),
            loss: Vec::new(),
            gradient_norm: Vec::new(),
            products: Vec::new(),
            curvature_products: Vec::new(),
            damping: start.damping().map(|_| Vec::new()),
            ratio: Vec::new(),
        }
    }

    /// Runs `descent` and records where it stands after every step.
    fn record(&mut self, descent: &mut dyn Descent, spec: &RaceSpec) {
        self.push(descent, None);
        let mut refused = 0;
        for k in 1..=spec.steps as usize {
            let Step { outcome, ratio } = descent.step();
            let end = match outcome {
                Outcome::Diverged => Some(RaceStatus::Diverged),
                Outcome::Settled => Some(RaceStatus::Settled),
                _ if !self.push(descent, ratio) => Some(RaceStatus::Diverged),
                _ => None,
            };
            refused += usize::from(outcome == Outcome::Stayed);
            if let Some(status) = end {
                (self.status, self.status_step) = (status, Some(k));
                break;
            }
        }
        self.note_convergence();
        let endless = self.status == RaceStatus::Converged && falls_for_ever(&descent.position().evaluation);
        self.message = if endless { self.endless_words() } else { self.words(spec, refused) };
        self.hold(spec.steps as usize + 1);
    }

    /// Records the present place; false where its numbers are not finite.
    fn push(&mut self, descent: &dyn Descent, ratio: Option<f64>) -> bool {
        let position = descent.position();
        let (loss, norm) = (position.evaluation.value(), position.gradient.norm());
        let finite = loss.is_finite() && norm.is_finite();
        if finite {
            self.loss.push(loss);
            self.gradient_norm.push(norm);
            self.products.push(position.effort.in_products());
            self.curvature_products.push(position.effort.products);
            self.ratio.push(ratio.filter(|ratio| ratio.is_finite()));
            if let (Some(curve), Some(damping)) = (&mut self.damping, descent.damping()) {
                curve.push(damping);
            }
        }
        finite
    }

    /// A gradient that was small and is no more was a saddle's.
    fn note_convergence(&mut self) {
        let least = (1e-8 * self.gradient_norm[0]).max(1e-12);
        let left = self.gradient_norm.iter().rposition(|&norm| norm > CARRIED_OFF * least).unwrap_or(0);
        let reached = self.gradient_norm[left..].iter().position(|&norm| norm <= least);
        if self.status != RaceStatus::Diverged
            && let Some(k) = reached
        {
            (self.status, self.status_step) = (RaceStatus::Converged, Some(left + k).filter(|&k| k > 0));
        }
    }

    fn words(&self, spec: &RaceSpec, refused: usize) -> String {
        let last = self.loss.len() - 1;
        let reached =
            format!("the loss is {} and its gradient {}", digits(self.loss[last]), digits(self.gradient_norm[last]));
        let rises = self.loss.windows(2).filter(|pair| pair[1] > pair[0]).count();
        let rate = digits(spec.learning_rate);
        match (self.status, self.status_step) {
            (RaceStatus::Diverged, step) => format!(
                "It diverges with the rate {rate}: at step {} a number grows past what the arithmetic holds. A smaller rate helps.",
                step.unwrap_or(0)
            ),
            (RaceStatus::Converged, None) => format!("It starts in a minimum, or a saddle: {reached}."),
            (RaceStatus::Converged, Some(k)) => {
                format!(
                    "It is in a minimum, or a saddle, from step {k} on, after {} products: {reached}.",
                    digits(self.products[k])
                )
            }
            (RaceStatus::Settled, _) => format!("No step lowers the loss any more after {last}: {reached}."),
            (RaceStatus::Limit, _) if self.damping.is_some() => format!(
                "After {last} steps, {refused} of them not taken because the model was wrong there, {reached}. More steps help."
            ),
            (RaceStatus::Limit, _) if rises > 0 => {
                format!("After {last} steps, {rises} of them uphill, {reached}. A rate below {rate} climbs less high.")
            }
            (RaceStatus::Limit, _) => format!("After {last} steps {reached}. More steps help."),
        }
    }

    /// The sentence on a gradient of zero where there is no minimum.
    fn endless_words(&self) -> String {
        let last = self.loss.len() - 1;
        let since = self.status_step.map_or("from the start".into(), |k| {
            format!("from step {k} on, after {} products", digits(self.products[k]))
        });
        format!(
            "Its gradient is as good as zero {since}, but there is no minimum: without weight decay the loss falls for ever as θ \
             grows, here to {}.",
            digits(self.loss[last])
        )
    }

    /// Repeats the last entries up to `length`.
    fn hold(&mut self, length: usize) {
        hold(&mut self.loss, length);
        hold(&mut self.gradient_norm, length);
        hold(&mut self.products, length);
        hold(&mut self.curvature_products, length);
        self.ratio.resize(length, None);
        if let Some(damping) = &mut self.damping {
            hold(damping, length);
        }
    }
}

fn hold<V: Copy>(curve: &mut Vec<V>, length: usize) {
    let last = curve[curve.len() - 1];
    curve.resize(length, last);
}
