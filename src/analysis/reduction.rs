//! What each method's step does to the objective, against what the quadratic model says it would do.

use nalgebra::DVector;
use serde::Serialize;

use crate::analysis::MethodRun;
use crate::analysis::sight::Sight;
use crate::gradient::Evaluation;
use crate::magnitude::finite;
use crate::solve::spectrum::Eigenvalues;
use crate::system::System;

/// Of f, so much is rounding in the difference of two of its values, and of ‖C‖ ‖x‖² in xᵀCx.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// One method's reductions, by iterate; a run that ended early has fewer entries, and its last one holds. Null of a
/// method that has no answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reduction {
    /// f(θ) − f(θ − x_k), f the objective.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub actual: Vec<Option<f64>>,
    /// gᵀx_k − ½ x_kᵀ C x_k, with the undamped curvature; null where rounding hides it.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub predicted: Vec<Option<f64>>,
    /// Actual over predicted; null where the prediction is less than the rounding of f.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub ratio: Vec<Option<f64>>,
}

/// The reductions of every iterate of `runs` in sight.
pub fn reduction(system: &System, runs: &[MethodRun], sight: Sight) -> Vec<Reduction> {
    let size = curvature_size(system);
    let of = |(_, answer): &MethodRun| {
        if answer.exists() { method_reduction(system, size, sight.of(&answer.run.iterates)) } else { no_reduction() }
    };
    runs.iter().map(of).collect()
}

/// Of a method that has no answer.
fn no_reduction() -> Reduction {
    Reduction { actual: vec![None], predicted: vec![None], ratio: vec![None] }
}

fn method_reduction(system: &System, size: f64, iterates: &[DVector<f64>]) -> Reduction {
    let actual: Vec<_> = iterates.iter().map(|x| finite(actual(&system.problem.evaluation, x))).collect();
    let predicted: Vec<_> = iterates.iter().map(|x| predicted(system, size, x)).collect();
    let rounding = ROUNDING * system.problem.evaluation.value().abs();
    let ratio = |(actual, predicted): (&Option<f64>, &Option<f64>)| {
        actual.zip(predicted.filter(|most| most.abs() > rounding)).and_then(|(actual, most)| finite(actual / most))
    };
    Reduction { ratio: actual.iter().zip(&predicted).map(ratio).collect(), actual, predicted }
}

/// f(θ) − f(θ − `step`).
fn actual(evaluation: &Evaluation<f64>, step: &DVector<f64>) -> f64 {
    evaluation.value() - evaluation.objective.value(&(&evaluation.theta - step))
}

/// gᵀ`step` − ½ `step`ᵀ C `step`, unless it is less than the rounding of its last part: a step may be long where C is zero.
fn predicted(system: &System, size: f64, step: &DVector<f64>) -> Option<f64> {
    let curvature = system.operator.apply(step) - step * system.damping;
    let predicted = system.problem.gradient.dot(step) - 0.5 * step.dot(&curvature);
    finite(predicted).filter(|fall| fall.abs() >= ROUNDING * size * step.norm_squared())
}

/// ‖C‖, where its eigenvalues are known; else 0.
fn curvature_size(system: &System) -> f64 {
    let undamped = |eigenvalues: &Eigenvalues| {
        [eigenvalues.smallest(), eigenvalues.largest()].map(|end| (end - system.damping).abs())
    };
    system.eigenvalues.as_ref().map_or(0.0, |eigenvalues| undamped(eigenvalues).into_iter().fold(0.0, f64::max))
}
