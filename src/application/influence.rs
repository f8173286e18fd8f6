//! Influence functions: what leaving a training datum out would do to the validation loss.

use nalgebra::DVector;
use serde::Serialize;

use crate::application::correlation::correlation;
use crate::application::fit::Fit;
use crate::application::minimum::Minimum;
use crate::application::validation::{MethodSensitivity, Validation};
use crate::magnitude::finite;
use crate::problem::Problem;
use crate::verdict::Status;

/// Influence by datum (Koh and Liang 2017, *Understanding black-box predictions via influence functions*, section 2,
/// <https://arxiv.org/abs/1703.04730>).
///
/// At a minimum θ̂ of R Σₙ ℓₙ + ½ μ ‖θ‖², giving datum i the weight 1 − ε moves θ̂ by ε H⁻¹ R∇ℓᵢ, and so the validation loss by
/// ε ∇L_val · H⁻¹ R∇ℓᵢ. At ε = 1 the datum is gone, R being kept: that is the prediction, in the first order. Koh and Liang
/// write I_up,loss = −∇L_val · H⁻¹ ∇ℓᵢ for weight *added*, and their R is 1/n.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Influence {
    /// L_val at θ.
    pub validation_loss: f64,
    /// s · R∇ℓᵢ with s = (H + λ I)⁻¹ ∇L_val: the predicted change of the validation loss when datum i is left out, R kept;
    /// positive where the datum helps. Null where H is too large to be formed.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[] | null"))]
    pub on_validation_loss: Option<Vec<f64>>,
    /// The same with each method's s, in the order of the methods.
    pub by_method: Vec<MethodInfluence>,
    /// Whether θ is a minimum, as the prediction takes for granted.
    pub minimum: Minimum,
    /// What the network makes of its input; null unless it has one input and the loss is `mse`.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Fit | null"))]
    pub fit: Option<Fit>,
}

/// Influence by one method's s.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MethodInfluence {
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
    /// s_method · R∇ℓᵢ by datum; null where the method has no answer.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub on_validation_loss: Vec<Option<f64>>,
    /// Its correlation with the exact `on_validation_loss`; null where that is not known, or one of the two does not vary.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub correlation: Option<f64>,
}

/// The influence of every datum, exactly and by every method.
pub fn influence(problem: &Problem, validation: &Validation) -> Influence {
    let exact = validation.sensitivity.as_ref().map(|sensitivity| by_datum(problem, sensitivity));
    let known: Option<Vec<_>> = exact.as_ref().map(|numbers| numbers.iter().map(|&number| Some(number)).collect());
    Influence {
        validation_loss: validation.loss,
        by_method: validation.by_method.iter().map(|method| by_method(problem, method, known.as_deref())).collect(),
        on_validation_loss: exact,
        minimum: validation.minimum.clone(),
        fit: Fit::new(&problem.evaluation),
    }
}

fn by_method(problem: &Problem, method: &MethodSensitivity, exact: Option<&[Option<f64>]>) -> MethodInfluence {
    let on_validation_loss: Vec<_> = match &method.sensitivity {
        Some(found) => by_datum(problem, found).into_iter().map(finite).collect(),
        None => vec![None; problem.evaluation.pass.samples()],
    };
    MethodInfluence {
        method: method.method.clone(),
        status: method.status,
        message: method.message.clone(),
        products: method.products,
        relative_error: method.relative_error,
        correlation: exact.and_then(|exact| correlation(&on_validation_loss, exact)),
        on_validation_loss,
    }
}

/// s · R∇ℓᵢ for every datum i, from one forward derivative along s: no gradient of a single datum is formed.
pub fn by_datum(problem: &Problem, sensitivity: &DVector<f64>) -> Vec<f64> {
    let (evaluation, last) = (&problem.evaluation, problem.evaluation.pass.layers() - 1);
    let directions = evaluation.objective.layout.split(sensitivity);
    let moved = evaluation.pass.output_tangents(&directions);
    let signals = &evaluation.signals[last];
    signals.column_iter().zip(moved.column_iter()).map(|(g, v)| g.dot(&v)).collect()
}
