//! Whether θ is a minimum of the objective, which influence and hypergradients are derivatives at, and what brings it to one.

use std::f64::consts::LN_2;

use serde::Serialize;

use crate::activation::Activation;
use crate::digits::digits;
use crate::experiment::{Experiment, Optimizer};
use crate::gradient::Evaluation;
use crate::loss::Targets;
use crate::solve::spectrum::Eigenvalues;

/// A gradient counts as zero up to this times 1 + |objective|.
const STATIONARY: f64 = 1e-6;

/// Where θ stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Minimum {
    /// Whether θ is a minimum as far as is known: ‖∇‖ ≤ 1e-6 (1 + |objective|), and no eigenvalue of the Hessian, where it is
    /// formed, is negative, nor does the loss fall for ever ([`falls_for_ever`]).
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
        let bend = Bend::of(eigenvalues);
        let endless = falls_for_ever(evaluation);
        let mut message = if stationary && endless {
            endless_words(gradient_norm)
        } else {
            standing(gradient_norm, stationary, bend, experiment)
        };
        if experiment.damping > 0.0 {
            message += &format!(
                " The damping {} is in it too: the derivative itself has damping 0.",
                digits(experiment.damping)
            );
        }
        Self { reached: stationary && !matches!(bend, Bend::Down(_)) && !endless, gradient_norm, message }
    }
}

/// Whether there is no minimum here: cross-entropy has every datum on its class's side (Σ ℓ < ln 2, so that no class has less than
/// half), and without weight decay it falls for as long as the last layer grows.
pub fn falls_for_ever(evaluation: &Evaluation<f64>) -> bool {
    let objective = &evaluation.objective;
    let classes = matches!(objective.data.targets, Targets::Classes(_));
    classes && objective.weight_decay == 0.0 && evaluation.loss() < LN_2 * objective.normalizer
}

fn endless_words(norm: f64) -> String {
    format!(
        "The gradient’s norm is {}, but there is no minimum: every datum is on its class’s side, and without weight decay the \
         loss falls for ever as θ grows. A weight decay above 0 gives it one.",
        digits(norm)
    )
}

/// How the objective bends at θ.
#[derive(Clone, Copy)]
enum Bend {
    /// The Hessian is not formed.
    Unknown,
    /// Every eigenvalue is positive.
    Up,
    /// None is negative, and some count as zero.
    Flat,
    /// The least is negative.
    Down(f64),
}

impl Bend {
    fn of(eigenvalues: Option<&Eigenvalues>) -> Self {
        match eigenvalues {
            None => Self::Unknown,
            Some(known) if known.indefinite() => Self::Down(known.smallest()),
            Some(known) if known.singular() => Self::Flat,
            Some(_) => Self::Up,
        }
    }
}

fn standing(norm: f64, stationary: bool, bend: Bend, experiment: &Experiment) -> String {
    let norm = digits(norm);
    match (stationary, bend) {
        (true, Bend::Up) => format!("θ is a minimum: the gradient’s norm is {norm}."),
        (true, Bend::Flat) => format!(
            "θ is a minimum as far as second derivatives tell: the gradient’s norm is {norm}, and no eigenvalue of the \
             Hessian is negative, but some are zero."
        ),
        (true, Bend::Unknown) => format!(
            "The gradient’s norm is {norm}, as at a minimum; the Hessian, which would tell it from a saddle point, is not formed."
        ),
        (true, Bend::Down(smallest)) => format!(
            "The gradient’s norm is {norm}, but the Hessian has the negative eigenvalue {}: θ is a saddle point, so \
             this derivative says nothing of retraining: {} leads to a minimum.",
            digits(smallest),
            cure(experiment)
        ),
        (false, _) => format!(
            "The gradient’s norm is {norm}, so θ is no minimum, and this derivative says nothing of retraining: \
             {} leads to a minimum.",
            cure(experiment)
        ),
    }
}

/// The training that reaches a minimum.
fn cure(experiment: &Experiment) -> String {
    let newton = experiment.training.as_ref().is_some_and(|training| training.optimizer == Optimizer::Newton);
    let training = if newton { "training with more steps" } else { "training by Newton’s method" };
    let others = lacking(experiment.network.activation, experiment.weight_decay);
    match (others.as_slice(), newton) {
        ([], _) => training.into(),
        (others, true) => format!("{training}, and {},", others.join(" and ")),
        (others, false) => format!("{training} with {}", others.join(" and ")),
    }
}

/// What an objective lacks that would give it minima with a gradient of zero: at ReLU's kinks there need be none.
pub fn lacking(activation: Activation, weight_decay: f64) -> Vec<&'static str> {
    let smooth = (activation == Activation::Relu).then_some("a smooth activation");
    let decay = (weight_decay <= 0.0).then_some("a weight decay above 0");
    smooth.into_iter().chain(decay).collect()
}
