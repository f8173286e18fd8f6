//! Influence functions: what leaving a training datum out would do to the validation loss.

use serde::Serialize;

use crate::application::validation::Validation;
use crate::problem::Problem;

/// Influence by datum (Koh and Liang 2017, *Understanding black-box predictions via influence functions*, section 2,
/// <https://arxiv.org/abs/1703.04730>).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Influence {
    /// s · R∇ℓᵢ: the predicted change of the validation loss when datum i is left out, R kept; positive where the datum helps.
    pub on_validation_loss: Vec<f64>,
}

/// s · R∇ℓᵢ for every datum i, from one forward derivative along s: no gradient of a single datum is formed.
pub fn influence(problem: &Problem, validation: &Validation) -> Influence {
    let (evaluation, last) = (&problem.evaluation, problem.evaluation.pass.layers() - 1);
    let directions = evaluation.objective.layout.split(&validation.sensitivity);
    let moved = &evaluation.pass.tangents(&directions)[last];
    let signals = &evaluation.signals[last];
    let on_validation_loss = signals.column_iter().zip(moved.column_iter()).map(|(g, v)| g.dot(&v)).collect();
    Influence { on_validation_loss }
}
