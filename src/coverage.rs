//! What this build of the crate answers: everything with the feature `full`, and else what the page's first view asks for.

use crate::experiment::Experiment;

/// Whether this build reads every field; what it does not cover it need not read.
pub(crate) const FULL: bool = cfg!(feature = "full");

/// Stands before what only the full build does; the lab refuses an experiment that needs it of another.
#[inline(always)]
pub(crate) fn full_only() {
    if !FULL {
        unreachable!("the lab answers only what is covered")
    }
}

/// Text of a refusal: what is refused without the feature `full` is asked of the full build, which has the words.
macro_rules! words {
    ($($text:tt)*) => {
        if crate::coverage::FULL { format!($($text)*) } else { String::new() }
    };
}

pub(crate) use words;

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
    use crate::activation::Activation;
    use crate::experiment::{
        AnalysisKind, Curvature, DataSpec, Fisher, Generator, Include, Method, Precision, Preconditioner,
    };
    use crate::loss::Loss;
    use crate::parameters::LARGEST_FORMED;

    /// Whether an experiment can be answered: the four standard methods in float32 on the Hessian of the squared error of untrained
    /// sigmoids, small enough to be formed; their bounds and the data.
    pub fn covers(experiment: &Experiment) -> bool {
        experiment.training.is_none()
            && experiment.applications.is_empty()
            && experiment.network.activation == Activation::Sigmoid
            && experiment.loss == Loss::Mse
            && experiment.precision == Precision::F32
            && experiment.curvature == Curvature::Hessian
            && is_formed(experiment)
            && is_drawn_here(&experiment.data)
            && experiment.include.iter().all(|include| *include == Include::Data)
            && experiment.analysis.iter().all(|kind| *kind == AnalysisKind::Bounds)
            && experiment.methods.iter().all(is_run_here)
    }

    /// The notebook's law.
    fn is_drawn_here(data: &DataSpec) -> bool {
        matches!(data, DataSpec::Generated(generated) if generated.generator == Generator::Notebook)
    }

    fn is_run_here(method: &Method) -> bool {
        match method {
            Method::Exact => true,
            Method::Cg { preconditioner, .. } | Method::Neumann { preconditioner, .. } => {
                *preconditioner == Preconditioner::None
            }
            Method::Kfac { fisher, .. } => *fisher == Fisher::Type2,
            _ => false,
        }
    }

    fn is_formed(experiment: &Experiment) -> bool {
        experiment.network.layout().count() <= LARGEST_FORMED
    }

    /// In place of what only the full build can do; the lab refuses an experiment that needs it.
    pub(crate) fn uncovered() -> ! {
        unreachable!("the lab answers only what is covered")
    }
}
