//! Hypergradients by implicit differentiation: how the validation loss at a minimum moves with the weight decay.

use nalgebra::DVector;
use serde::Serialize;

use crate::application::minimum::Minimum;
use crate::application::validation::{MethodSensitivity, Validation};
use crate::magnitude::finite;
use crate::problem::Problem;
use crate::verdict::Status;

/// Derivatives of the validation loss by hyperparameters (Lorraine, Vicol and Duvenaud 2020, *Optimizing millions of
/// hyperparameters by implicit differentiation*, section 2, <https://arxiv.org/abs/1911.02590>).
///
/// At a minimum ∇(R Σₙ ℓₙ) + μ θ̂ = 0; by the implicit function theorem dθ̂/dμ = −H⁻¹ θ̂, and so dL_val/dμ = −∇L_val · H⁻¹ θ̂.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Hypergradient {
    /// L_val at θ.
    pub validation_loss: f64,
    /// dL_val/dμ = −s · θ with s = (H + λ I)⁻¹ ∇L_val; a derivative only where θ is a minimum and λ = 0. Null where H is too
    /// large to be formed.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub weight_decay: Option<f64>,
    /// d ln L_val / d ln μ = (μ/L_val) dL_val/dμ: the percents that one percent of μ is worth. Null too where L_val is 0.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub elasticity: Option<f64>,
    /// The same with each method's s, in the order of the methods.
    pub by_method: Vec<MethodHypergradient>,
    /// Whether θ is a minimum, as the derivative takes for granted.
    pub minimum: Minimum,
}

/// The hypergradient by one method's s.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MethodHypergradient {
    /// The method's name.
    pub method: String,
    /// How its run went.
    pub status: Status,
    /// Why, in a sentence or two.
    pub message: String,
    /// Curvature-vector products that it needed.
    pub products: f64,
    /// ‖s_method − s‖ / ‖s‖; null where s is not known.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub relative_error: Option<f64>,
    /// −s_method · θ.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub weight_decay: Option<f64>,
    /// μ/L_val times that.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub elasticity: Option<f64>,
}

/// The hypergradient of the weight decay, exactly and by every method.
pub fn hypergradient(problem: &Problem, validation: &Validation) -> Hypergradient {
    let exact = validation.sensitivity.as_ref().map(|sensitivity| by_weight_decay(problem, sensitivity));
    Hypergradient {
        validation_loss: validation.loss,
        weight_decay: exact,
        elasticity: exact.and_then(|exact| elasticity(problem, validation, exact)),
        by_method: validation.by_method.iter().map(|method| by_method(problem, validation, method)).collect(),
        minimum: validation.minimum.clone(),
    }
}

fn by_method(problem: &Problem, validation: &Validation, method: &MethodSensitivity) -> MethodHypergradient {
    let weight_decay = method.sensitivity.as_ref().and_then(|found| finite(by_weight_decay(problem, found)));
    MethodHypergradient {
        method: method.method.clone(),
        status: method.status,
        message: method.message.clone(),
        products: method.products,
        relative_error: method.relative_error,
        weight_decay,
        elasticity: weight_decay.and_then(|derivative| elasticity(problem, validation, derivative)),
    }
}

/// (μ/L_val) dL_val/dμ, where that is a number.
fn elasticity(problem: &Problem, validation: &Validation, derivative: f64) -> Option<f64> {
    finite(problem.evaluation.objective.weight_decay * derivative / validation.loss)
}

/// −s · θ.
fn by_weight_decay(problem: &Problem, sensitivity: &DVector<f64>) -> f64 {
    -sensitivity.dot(&problem.evaluation.theta)
}
