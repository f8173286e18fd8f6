//! Hypergradients by implicit differentiation: how the validation loss at a minimum moves with the weight decay.

use serde::Serialize;

use crate::application::validation::Validation;
use crate::problem::Problem;

/// Derivatives of the validation loss by hyperparameters (Lorraine, Vicol and Duvenaud 2020, *Optimizing millions of
/// hyperparameters by implicit differentiation*, section 2, <https://arxiv.org/abs/1911.02590>).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Hypergradient {
    /// dL_val/dμ = −s · θ; a derivative only where θ is a minimum and λ = 0.
    pub weight_decay: f64,
}

/// −s · θ, since a minimum of the objective moves by −H⁻¹θ a unit of μ.
pub fn hypergradient(problem: &Problem, validation: &Validation) -> Hypergradient {
    Hypergradient { weight_decay: -validation.sensitivity.dot(&problem.evaluation.theta) }
}
