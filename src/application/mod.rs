//! What an inverse-Hessian product is for.

pub mod hypergradient;
pub mod influence;
pub mod validation;

use serde::Serialize;

use crate::application::hypergradient::Hypergradient;
use crate::application::influence::Influence;
use crate::application::validation::Validation;
use crate::experiment::{Application, Experiment};
use crate::field::Refusal;
use crate::problem::Problem;

/// The applications that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Applications {
    /// Influence functions.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub influence: Option<Influence>,
    /// Hypergradients by implicit differentiation.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypergradient: Option<Hypergradient>,
}

/// The applications of `experiment`, where it asks for any; refused where it lacks what they need.
pub fn apply(problem: &Problem, experiment: &Experiment) -> Result<Option<Applications>, Refusal> {
    if experiment.applications.is_empty() {
        return Ok(None);
    }
    let validation = Validation::new(problem, experiment)?;
    let mut applications = Applications::default();
    for application in &experiment.applications {
        match application {
            Application::Influence => applications.influence = Some(influence::influence(problem, &validation)),
            Application::Hypergradient => {
                applications.hypergradient = Some(hypergradient::hypergradient(problem, &validation));
            }
        }
    }
    Ok(Some(applications))
}
