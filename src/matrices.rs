//! A problem's dense matrices side by side, where they are asked for.

use crate::curvature::assembly;
use crate::curvature::kfac::Factors;
use crate::curvature::output_metric::OutputMetric;
use crate::curvature::parts::layer_blocks;
use crate::experiment::{Experiment, Fisher, Include};
use crate::field::Refusal;
use crate::parameters::LARGEST_FORMED;
use crate::problem::Problem;
use crate::report::{LayerFactors, Matrices};

/// The matrices of `problem`, where they are asked for; refused where they are too large to be formed.
pub fn matrices(
    problem: &Problem,
    Experiment { include, compare, .. }: &Experiment,
) -> Result<Option<Matrices>, Refusal> {
    if !include.contains(&Include::Matrices) {
        return Ok(None);
    }
    if problem.formed.is_none() {
        let problem =
            format!("{} parameters are too many for dense matrices, at most {LARGEST_FORMED}", problem.parameters());
        return Err(Refusal { field: "include".into(), problem });
    }
    let evaluation = &problem.evaluation;
    let ggn = assembly::gauss_newton(evaluation, &problem.type2);
    let empirical = OutputMetric::empirical(evaluation);
    // All of them are symmetric, so column-major storage is row-major order too.
    let matrices = Matrices {
        hessian: assembly::hessian(evaluation, &problem.type2).as_slice().to_vec(),
        block_diagonal: layer_blocks(&ggn, &evaluation.objective.layout).as_slice().to_vec(),
        ggn: ggn.as_slice().to_vec(),
        fisher_empirical: assembly::gauss_newton(evaluation, &empirical).as_slice().to_vec(),
        kfac: problem.kfac(Fisher::Type2).to_matrix().as_slice().to_vec(),
        kfac_empirical: problem.kfac(Fisher::Empirical).to_matrix().as_slice().to_vec(),
        ekfac: problem.ekfac().to_matrix().as_slice().to_vec(),
        kfac_factors: problem.kfac(Fisher::Type2).factors.iter().map(layer_factors).collect(),
        difference: None,
    };
    Ok(Some(match compare {
        Some(pair) => matrices.compared(*pair),
        None => matrices,
    }))
}

fn layer_factors(Factors { a, b, .. }: &Factors) -> LayerFactors {
    LayerFactors { a: a.as_slice().to_vec(), b: b.as_slice().to_vec() }
}
