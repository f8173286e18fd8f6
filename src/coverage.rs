//! What this build of the crate answers: everything with the feature `full`, and else what the page's first view asks for.

use crate::experiment::Experiment;

/// Whether an experiment can be answered: with the feature `full`, always.
#[cfg(feature = "full")]
pub fn covers(_: &Experiment) -> bool {
    true
}

#[cfg(not(feature = "full"))]
pub use first_view::covers;

#[cfg(not(feature = "full"))]
pub(crate) use first_view::uncovered;

#[cfg(not(feature = "full"))]
mod first_view {
    use super::Experiment;
    use crate::experiment::{
        AnalysisKind, Curvature, DataSpec, Fisher, Generator, Include, Method, Preconditioner, Scale,
    };
    use crate::parameters::Layout;
    use crate::problem::LARGEST_FORMED;

    /// Whether an experiment can be answered: the four standard methods, their bounds and the data, on untrained problems.
    pub fn covers(experiment: &Experiment) -> bool {
        experiment.training.is_none()
            && experiment.applications.is_empty()
            && experiment.curvature != Curvature::FisherMc
            && is_drawn_here(&experiment.data)
            && experiment.include.iter().all(|include| *include == Include::Data)
            && experiment.analysis.iter().all(|kind| *kind == AnalysisKind::Bounds)
            && experiment.methods.iter().all(|method| is_run_here(method, experiment))
    }

    /// The notebook's law, and data as given.
    fn is_drawn_here(data: &DataSpec) -> bool {
        !matches!(data, DataSpec::Generated(generated) if generated.generator != Generator::Notebook)
    }

    fn is_run_here(method: &Method, experiment: &Experiment) -> bool {
        match method {
            Method::Exact => true,
            Method::Cg { preconditioner, .. } => *preconditioner == Preconditioner::None,
            Method::Neumann { preconditioner, scale, .. } => {
                *preconditioner == Preconditioner::None && (*scale != Scale::Auto || is_formed(experiment))
            }
            Method::Kfac { fisher, .. } => *fisher != Fisher::Mc,
            _ => false,
        }
    }

    /// Without a matrix, an automatic scale has to be estimated.
    fn is_formed(experiment: &Experiment) -> bool {
        Layout::new(&crate::decode::widths(&experiment.network)).count() <= LARGEST_FORMED
    }

    /// In place of what only the full build can do; the lab refuses an experiment that needs it.
    pub(crate) fn uncovered() -> ! {
        unreachable!("the lab answers only what is covered")
    }
}
