//! What an inverse-Hessian product is for.

pub mod correlation;
pub mod fit;
pub mod hypergradient;
pub mod imaml;
pub mod influence;
pub mod leave_one_out;
pub mod lissa;
pub mod minimum;
pub mod nearest_minimum;
pub mod race;
pub mod retraining;
pub mod validation;
pub mod weight_decay_curve;

use std::cell::OnceCell;

use serde::Serialize;

use crate::application::hypergradient::Hypergradient;
use crate::application::imaml::Imaml;
use crate::application::influence::Influence;
use crate::application::leave_one_out::{InfluenceRetrained, LeaveOneOut};
use crate::application::lissa::LissaBand;
use crate::application::race::Race;
use crate::application::validation::Validation;
use crate::application::weight_decay_curve::{HypergradientRetrained, WeightDecayCurve};
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
    /// Each datum really left out.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub influence_retrained: Option<InfluenceRetrained>,
    /// Hypergradients by implicit differentiation.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypergradient: Option<Hypergradient>,
    /// Meta-learning with implicit gradients.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imaml: Option<Imaml>,
    /// The band of each LiSSA method, in their order.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lissa: Option<Vec<LissaBand>>,
    /// The validation loss really retrained to, over the weight decay.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypergradient_retrained: Option<HypergradientRetrained>,
    /// Optimizers side by side.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub race: Option<Race>,
}

/// The applications of `experiment`, where it asks for any; refused where it lacks what they need.
pub fn apply(problem: &Problem, experiment: &Experiment) -> Result<Option<Applications>, Refusal> {
    if experiment.applications.is_empty() {
        return Ok(None);
    }
    let setting = Setting { problem, experiment, validation: OnceCell::new() };
    let mut applications = Applications::default();
    for application in &experiment.applications {
        applications.add(*application, &setting)?;
    }
    Ok(Some(applications))
}

/// What applications are asked of, with what several of them need made once.
struct Setting<'a> {
    problem: &'a Problem,
    experiment: &'a Experiment,
    validation: OnceCell<Validation>,
}

impl Setting<'_> {
    fn validation(&self) -> Result<&Validation, Refusal> {
        if self.validation.get().is_none() {
            let made = Validation::new(self.problem, self.experiment)?;
            return Ok(self.validation.get_or_init(|| made));
        }
        Ok(self.validation.get().expect("made above"))
    }
}

impl Applications {
    fn add(&mut self, application: Application, setting: &Setting) -> Result<(), Refusal> {
        let Setting { problem, experiment, .. } = setting;
        match application {
            Application::Influence => self.influence = Some(influence::influence(problem, setting.validation()?)),
            Application::Hypergradient => {
                self.hypergradient = Some(hypergradient::hypergradient(problem, setting.validation()?));
            }
            Application::Imaml => self.imaml = Some(imaml::imaml(problem, experiment)?),
            Application::Lissa => self.lissa = Some(lissa::bands(problem, experiment)?),
            Application::InfluenceRetrained => {
                self.influence_retrained = Some(LeaveOneOut::new(problem, experiment)?.finish());
            }
            Application::HypergradientRetrained => {
                self.hypergradient_retrained = Some(WeightDecayCurve::new(problem, experiment)?.finish());
            }
            Application::Race => {
                self.race =
                    Some(race::race(&problem.evaluation.objective, &problem.evaluation.theta, &experiment.race));
            }
        }
        Ok(())
    }
}
