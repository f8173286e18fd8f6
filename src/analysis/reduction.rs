//! What each method's step does to the objective, against what the quadratic model says it would do.

use nalgebra::DVector;
use serde::Serialize;

use crate::analysis::MethodRun;
use crate::analysis::sight::Sight;
use crate::gradient::Evaluation;
use crate::magnitude::finite;
use crate::system::System;

/// Of f, so much is rounding in the difference of two of its values.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// One method's reductions, by iterate; a run that ended early has fewer entries, and its last one holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reduction {
    /// f(θ) − f(θ − x_k), f the objective.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub actual: Vec<Option<f64>>,
    /// gᵀx_k − ½ x_kᵀ C x_k, with the undamped curvature.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub predicted: Vec<Option<f64>>,
    /// Actual over predicted; null where the prediction is less than the rounding of f.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub ratio: Vec<Option<f64>>,
}

/// The reductions of every iterate of `runs` in sight.
pub fn reduction(system: &System, runs: &[MethodRun], sight: Sight) -> Vec<Reduction> {
    runs.iter().map(|(_, answer)| method_reduction(system, sight.of(&answer.run.iterates))).collect()
}

fn method_reduction(system: &System, iterates: &[DVector<f64>]) -> Reduction {
    let actual: Vec<_> = iterates.iter().map(|x| actual(&system.problem.evaluation, x)).collect();
    let predicted: Vec<_> = iterates.iter().map(|x| predicted(system, x)).collect();
    let rounding = ROUNDING * system.problem.evaluation.value().abs();
    let ratio = |(actual, predicted): (&f64, &f64)| finite(actual / predicted).filter(|_| predicted.abs() > rounding);
    Reduction {
        ratio: actual.iter().zip(&predicted).map(ratio).collect(),
        actual: actual.into_iter().map(finite).collect(),
        predicted: predicted.into_iter().map(finite).collect(),
    }
}

/// f(θ) − f(θ − `step`).
fn actual(evaluation: &Evaluation<f64>, step: &DVector<f64>) -> f64 {
    evaluation.value() - evaluation.objective.value(&(&evaluation.theta - step))
}

/// gᵀ`step` − ½ `step`ᵀ C `step`.
fn predicted(system: &System, step: &DVector<f64>) -> f64 {
    let curvature = system.operator.apply(step) - step * system.damping;
    system.problem.gradient.dot(step) - 0.5 * step.dot(&curvature)
}
