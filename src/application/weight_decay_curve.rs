//! The truth that the weight decay's hypergradient is the slope of: the validation loss after retraining, as a curve over μ.

use nalgebra::DVector;
use serde::Serialize;

use crate::application::hypergradient::hypergradient;
use crate::application::nearest_minimum::NearestMinimum;
use crate::application::validation::{Validation, validation_objective};
use crate::experiment::{Experiment, Method, NetworkSpec};
use crate::field::Refusal;
use crate::magnitude::finite;
use crate::objective::Objective;
use crate::problem::Problem;

/// The curve reaches so many factors of 10 to either side of the experiment's μ.
const DECADES: usize = 2;
/// Points a factor of 10.
const DENSITY: usize = 5;
/// Points to either side.
const REACH: usize = DECADES * DENSITY;

/// Steps of a descent.
const STEPS: usize = 8;
/// How far a descent steps in ln μ for a unit of d ln L_val / d ln μ, at first.
const RATE: f64 = 4.0;
/// The longest step in ln μ: half a factor of 10.
const LONGEST: f64 = std::f64::consts::LN_10 / 2.0;

/// One weight decay, and what retraining with it leads to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CurvePoint {
    /// μ.
    pub weight_decay: f64,
    /// L_val at the minimum; null where training ended in none.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub validation_loss: Option<f64>,
    /// ‖∇‖ of the objective, where training ended.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub gradient_norm: Option<f64>,
}

/// One place of a descent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DescentStep {
    /// Whose: the method's place among the experiment's methods.
    pub method: usize,
    /// Which, from 0: the experiment's own μ.
    pub step: usize,
    /// Where, and what retraining leads to there.
    pub point: CurvePoint,
    /// d ln L_val / d ln μ by the method there; null where it is not a number.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub elasticity: Option<f64>,
}

/// The curve and the descents.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct HypergradientRetrained {
    /// 21 points, evenly over ln μ from μ/100 to 100 μ, ascending.
    pub curve: Vec<CurvePoint>,
    /// By method, up to 9 places each.
    pub descents: Vec<Descent>,
}

/// One method's descent of the validation loss.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Descent {
    /// The method's name.
    pub method: String,
    /// Its places, the experiment's μ first.
    pub steps: Vec<DescentStep>,
}

/// A point of the curve, or a place of a descent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum CurvePart {
    /// Of the curve.
    Point(CurvePoint),
    /// Of a descent.
    Step(DescentStep),
}

/// Retrains with one weight decay after the other: first along the curve, from the experiment's μ upwards and then downwards,
/// each from the minimum before it, so that one branch of minima is followed; then along each method's descent.
///
/// A descent is gradient descent on ln μ, which keeps μ above zero: Δ ln μ = −4 d ln L_val / d ln μ, by the method's
/// hypergradient, at most half a factor of 10; the rate 4 is halved whenever the retrained loss has risen. (Lorraine, Vicol
/// and Duvenaud 2020 step on the logarithm likewise, by the inverse they approximate.)
pub struct WeightDecayCurve {
    experiment: Experiment,
    validation: Objective<f64>,
    objective: Objective<f64>,
    /// The minimum at the experiment's μ.
    centre: DVector<f64>,
    /// The minimum that the next retraining starts from.
    last: DVector<f64>,
    done: usize,
    /// None before the first descent.
    walk: Option<Walk>,
}

/// Where a descent stands.
struct Walk {
    method: usize,
    step: usize,
    logarithm: f64,
    rate: f64,
    loss: f64,
}

impl WeightDecayCurve {
    /// The curve about the experiment's μ; refused where that is 0.
    pub fn new(problem: &Problem, experiment: &Experiment) -> Result<Self, Refusal> {
        if experiment.weight_decay == 0.0 {
            let problem =
                "0 has no logarithm, and the validation loss is followed over that; one above 0 does, say 0.01";
            return Err(Refusal { field: "weight_decay".into(), problem: problem.into() });
        }
        let objective = problem.evaluation.objective.clone();
        let validation = validation_objective(&objective, experiment)?;
        let centre = NearestMinimum::from(objective.clone(), problem.evaluation.theta.clone()).evaluation.theta;
        Ok(Self {
            experiment: experiment.clone(),
            validation,
            objective,
            last: centre.clone(),
            centre,
            done: 0,
            walk: None,
        })
    }

    /// How many parts there are at most.
    pub fn total(&self) -> usize {
        2 * REACH + 1 + self.experiment.methods.len() * (STEPS + 1)
    }

    /// All of it.
    pub fn finish(self) -> HypergradientRetrained {
        let descent = |method: &Method| Descent { method: method.name().into(), steps: Vec::new() };
        let mut descents: Vec<_> = self.experiment.methods.iter().map(descent).collect();
        let mut curve = Vec::new();
        for part in self {
            match part {
                CurvePart::Point(point) => curve.push(point),
                CurvePart::Step(step) => descents[step.method].steps.push(step),
            }
        }
        curve.sort_by(|a, b| a.weight_decay.total_cmp(&b.weight_decay));
        HypergradientRetrained { curve, descents }
    }

    /// The curve's next point, at its place from the experiment's μ.
    fn point(&mut self) -> CurvePoint {
        let place = match self.done {
            up if up <= REACH => up as f64,
            down => -((down - REACH) as f64),
        };
        if self.done == REACH + 1 {
            self.last = self.centre.clone();
        }
        let weight_decay = self.experiment.weight_decay * 10.0_f64.powf(place / DENSITY as f64);
        self.retrain(weight_decay)
    }

    fn retrain(&mut self, weight_decay: f64) -> CurvePoint {
        let objective = Objective { weight_decay, ..self.objective.clone() };
        let minimum = NearestMinimum::from(objective, self.last.clone());
        let loss = finite(minimum.loss_of(&self.validation)).filter(|_| minimum.reached);
        if loss.is_some() {
            self.last = minimum.evaluation.theta;
        }
        CurvePoint { weight_decay, validation_loss: loss, gradient_norm: finite(minimum.gradient_norm) }
    }

    /// One place of a descent, after which `walk` stands at the next; none where the last one has ended.
    fn descend(&mut self, mut walk: Walk) -> Option<DescentStep> {
        if walk.method == self.experiment.methods.len() {
            self.walk = Some(walk);
            return None;
        }
        let point = self.retrain(walk.logarithm.exp());
        let elasticity = point.validation_loss.and_then(|_| self.elasticity(walk.method, point.weight_decay));
        let step = DescentStep { method: walk.method, step: walk.step, elasticity, point };
        self.walk = Some(match (step.elasticity, step.point.validation_loss) {
            (Some(elasticity), Some(loss)) if walk.step < STEPS => {
                walk.move_by(elasticity, loss);
                walk
            }
            _ => self.start(walk.method + 1),
        });
        Some(step)
    }

    /// A walk of this method, from the experiment's μ and its minimum.
    fn start(&mut self, method: usize) -> Walk {
        self.last = self.centre.clone();
        Walk { method, step: 0, logarithm: self.experiment.weight_decay.ln(), rate: RATE, loss: f64::INFINITY }
    }

    /// d ln L_val / d ln μ by a method at the minimum that was last retrained to.
    fn elasticity(&self, method: usize, weight_decay: f64) -> Option<f64> {
        let parameters = Some(self.last.as_slice().to_vec());
        let experiment = Experiment {
            network: NetworkSpec { parameters, ..self.experiment.network.clone() },
            training: None,
            weight_decay,
            methods: vec![self.experiment.methods[method].clone()],
            ..self.experiment.clone()
        };
        let problem = Problem::new(&experiment).ok()?;
        let validation = Validation::new(&problem, &experiment).ok()?;
        hypergradient(&problem, &validation).by_method[0].elasticity
    }
}

impl Walk {
    fn move_by(&mut self, elasticity: f64, loss: f64) {
        if loss > self.loss {
            self.rate /= 2.0;
        }
        self.logarithm -= (self.rate * elasticity).clamp(-LONGEST, LONGEST);
        self.loss = loss;
        self.step += 1;
    }
}

impl Iterator for WeightDecayCurve {
    type Item = CurvePart;

    fn next(&mut self) -> Option<CurvePart> {
        if self.done <= 2 * REACH {
            let point = self.point();
            self.done += 1;
            return Some(CurvePart::Point(point));
        }
        let walk = self.walk.take().unwrap_or_else(|| self.start(0));
        self.descend(walk).map(CurvePart::Step)
    }
}

#[cfg(test)]
mod tests {
    use super::Walk;

    #[test]
    fn a_walk_slows_down_where_the_loss_has_risen() {
        let mut walk = Walk { method: 0, step: 0, logarithm: 0.0, rate: 4.0, loss: 1.0 };
        for (loss, rate, logarithm) in [(1.0, 4.0, -0.4), (0.5, 4.0, -0.8), (0.6, 2.0, -1.0), (0.7, 1.0, -1.1)] {
            walk.move_by(0.1, loss);
            assert_eq!((walk.loss, walk.rate), (loss, rate));
            assert!((walk.logarithm - logarithm).abs() < 1e-15, "{}", walk.logarithm);
        }
        assert_eq!(walk.step, 4);
        walk.move_by(-100.0, 0.5);
        assert!(
            (walk.logarithm - (10.0_f64.sqrt().ln() - 1.1)).abs() < 1e-15,
            "half a factor of 10: {}",
            walk.logarithm
        );
    }
}
