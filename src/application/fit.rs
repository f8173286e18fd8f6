//! What a network of one input makes of it, as a curve to be drawn beside the data.

use nalgebra::DMatrix;
use serde::Serialize;

use crate::gradient::Evaluation;
use crate::loss::Targets;
use crate::network::ForwardPass;

/// Points of the curve.
const POINTS: usize = 121;
/// How far it goes beyond the data on either side, as a part of their range.
const BEYOND: f64 = 0.05;

/// The first output over the input.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Fit {
    /// Inputs, evenly over the range of the data and a twentieth of it beyond, ascending.
    pub inputs: Vec<f64>,
    /// f at each.
    pub outputs: Vec<f64>,
}

impl Fit {
    /// The curve of the network at `evaluation`'s θ; none where it has several inputs, or its outputs are classes' scores.
    pub fn new(evaluation: &Evaluation<f64>) -> Option<Self> {
        let objective = &evaluation.objective;
        let data = &objective.data.inputs;
        if data.nrows() != 1 || matches!(objective.data.targets, Targets::Classes(_)) {
            return None;
        }
        let (low, high) = (data.min(), data.max());
        let beyond = BEYOND * (high - low);
        let place = |i: usize| low - beyond + (high - low + 2.0 * beyond) * i as f64 / (POINTS - 1) as f64;
        let inputs = DMatrix::from_fn(1, POINTS, |_, i| place(i));
        let weights = objective.layout.split(&evaluation.theta);
        let outputs = ForwardPass::new(weights, objective.activation, &inputs).outputs;
        let outputs = outputs.row(0).iter().copied().collect::<Vec<_>>();
        let there = outputs.iter().all(|output| output.is_finite());
        there.then(|| Self { inputs: inputs.as_slice().to_vec(), outputs })
    }
}
