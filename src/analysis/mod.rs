//! What the lenses draw: analyses of a system and of its methods' runs, each asked for by name.

pub mod bounds;
#[cfg(feature = "full")]
pub mod budget;
#[cfg(feature = "full")]
pub mod conventions;
#[cfg(feature = "full")]
mod landscape;
#[cfg(feature = "full")]
pub mod modes;
#[cfg(feature = "full")]
pub mod polynomials;
#[cfg(feature = "full")]
pub mod quadratic;
#[cfg(feature = "full")]
pub mod reduction;
#[cfg(feature = "full")]
pub mod regions;
pub mod sight;
#[cfg(feature = "full")]
pub mod slice;

use serde::Serialize;

use crate::analysis::sight::Sight;
#[cfg(not(feature = "full"))]
use crate::coverage::uncovered;
use crate::experiment::{AnalysisKind, Method};
use crate::system::{Answer, System};

/// The analyses asked for that can be given here.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Analysis {
    /// Error and residual by eigenvector.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modes: Option<modes::Modes>,
    /// Residual polynomials over an interval.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polynomials: Option<polynomials::Polynomials>,
    /// The theory's bounds.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Vec<bounds::Bounds>>,
    /// The objective and its quadratic model in a plane.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slice: Option<slice::Slice>,
    /// What each approximation of the Hessian costs.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<budget::Budget>,
    /// Actual over predicted reduction of each method's step, in the order of the methods.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reduction: Option<Vec<reduction::Reduction>>,
    /// Published mistakes, replayed.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conventions: Option<Vec<conventions::Convention>>,
    /// Why an analysis that was asked for is not here, one sentence each.
    pub missing: Vec<String>,
}

/// A method and its run, all iterates kept.
pub type MethodRun<'a> = (&'a Method, &'a Answer);

/// The analyses of `kinds`, of a system and runs on it, as much as is in sight.
pub fn analyse(kinds: &[AnalysisKind], system: &System, runs: &[MethodRun], sight: Sight) -> Analysis {
    let mut analysis = Analysis::default();
    for kind in kinds {
        if let Err(reason) = analysis.add(*kind, system, runs, sight) {
            analysis.missing.push(reason);
        }
    }
    analysis
}

impl Analysis {
    // What the first view asks for is the same in a glimpse.
    #[cfg_attr(not(feature = "full"), allow(unused_variables))]
    fn add(&mut self, kind: AnalysisKind, system: &System, runs: &[MethodRun], sight: Sight) -> Result<(), String> {
        match kind {
            #[cfg(feature = "full")]
            AnalysisKind::Modes => self.modes = Some(modes::modes(system, runs, sight)?),
            #[cfg(feature = "full")]
            AnalysisKind::Polynomials => self.polynomials = Some(polynomials::polynomials(system, runs, sight)?),
            AnalysisKind::Bounds => self.bounds = Some(bounds::bounds(system, runs)?),
            #[cfg(feature = "full")]
            AnalysisKind::Slice => self.slice = Some(slice::slice(system, runs, sight)?),
            #[cfg(feature = "full")]
            AnalysisKind::Budget => self.budget = Some(budget::budget(system)?),
            #[cfg(feature = "full")]
            AnalysisKind::Reduction => self.reduction = Some(reduction::reduction(system, runs, sight)),
            #[cfg(feature = "full")]
            AnalysisKind::Conventions => self.conventions = Some(conventions::conventions(system)?),
            #[cfg(not(feature = "full"))]
            _ => uncovered(),
        }
        Ok(())
    }
}

/// Why an analysis that needs the matrix is not there.
fn not_formed(analysis: &str, system: &System) -> String {
    format!("{analysis}: with {} parameters the matrix is not formed.", system.problem.parameters())
}
