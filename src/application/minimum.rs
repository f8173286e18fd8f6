//! Whether θ is a minimum of the objective, which influence and hypergradients are derivatives at, and what brings it to one.

use serde::Serialize;

use crate::activation::Activation;
use crate::digits::digits;
use crate::experiment::{Experiment, Optimizer};
use crate::gradient::Evaluation;
use crate::solve::spectrum::Eigenvalues;

/// A gradient counts as zero up to this times 1 + |objective|.
const STATIONARY: f64 = 1e-6;

/// Where θ stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Minimum {
    /// Whether θ is a minimum: ‖∇‖ ≤ 1e-6 (1 + |objective|), and no eigenvalue of the Hessian, where it is formed, is
    /// negative.
    pub reached: bool,
    /// ‖∇‖ of the objective.
    pub gradient_norm: f64,
    /// What that means for a derivative by implicit differentiation, and what would help, in a sentence or two.
    pub message: String,
}

impl Minimum {
    /// Where the θ of `evaluation` stands; `eigenvalues` are its Hessian's, without damping.
    pub fn new(evaluation: &Evaluation<f64>, eigenvalues: Option<&Eigenvalues>, experiment: &Experiment) -> Self {
        let gradient_norm = evaluation.gradient().norm();
        let stationary = gradient_norm <= STATIONARY * (1.0 + evaluation.value().abs());
        let saddle = eigenvalues.filter(|eigenvalues| eigenvalues.indefinite()).map(Eigenvalues::smallest);
        let mut message = standing(gradient_norm, stationary, saddle, experiment);
        if experiment.damping > 0.0 {
            message += &format!(
                " The damping {} is in it too: the derivative itself has damping 0.",
                digits(experiment.damping)
            );
        }
        Self { reached: stationary && saddle.is_none(), gradient_norm, message }
    }
}

fn standing(norm: f64, stationary: bool, saddle: Option<f64>, experiment: &Experiment) -> String {
    let norm = digits(norm);
    match (stationary, saddle) {
        (true, None) => format!("θ is a minimum: the gradient’s norm is {norm}."),
        (true, Some(smallest)) => format!(
            "The gradient’s norm is {norm}, but the Hessian has the negative eigenvalue {}: θ is a saddle point, so \
             this derivative says nothing of retraining: {} leads to a minimum.",
            digits(smallest),
            cure(experiment)
        ),
        (false, _) => format!(
            "The gradient’s norm is {norm}, so θ is no minimum, and this derivative says nothing of retraining: \
             {} brings θ to one.",
            cure(experiment)
        ),
    }
}

/// The training that reaches a minimum: where ReLU has its kinks there need be no point with a gradient of zero.
fn cure(experiment: &Experiment) -> String {
    let newton = experiment.training.as_ref().is_some_and(|training| training.optimizer == Optimizer::Newton);
    let training = if newton { "training with more steps" } else { "training by Newton’s method" };
    let smooth = (experiment.network.activation == Activation::Relu).then_some("a smooth activation");
    let decay = (experiment.weight_decay <= 0.0).then_some("a weight decay above 0");
    let others: Vec<_> = smooth.into_iter().chain(decay).collect();
    match (others.as_slice(), newton) {
        ([], _) => training.into(),
        (others, true) => format!("{training}, and {},", others.join(" and ")),
        (others, false) => format!("{training} with {}", others.join(" and ")),
    }
}
