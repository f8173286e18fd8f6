//! What chance drew for an experiment, where that is asked for.

use crate::experiment::{Experiment, Method};
use crate::problem::Problem;
use crate::report::Draws;
use crate::solve::lissa::Batches;

/// What chance drew for `experiment`.
pub fn draws(problem: &Problem, experiment: &Experiment) -> Draws {
    let samples = problem.evaluation.pass.samples();
    let batches = |method: &Method| match method {
        Method::Lissa { iterations, batch, repeats, seed, .. } => {
            let steps = |repeat| Batches::new(*seed, repeat, samples, *batch as usize).take(*iterations as usize);
            Some((0..*repeats as usize).map(|repeat| steps(repeat).collect()).collect())
        }
        _ => None,
    };
    Draws {
        fisher_gradients: problem.drawn_gradients(),
        batches: experiment.methods.iter().filter_map(batches).collect(),
    }
}
