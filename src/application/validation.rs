//! The validation loss's gradient through the inverse Hessian: s = (H + λ I)⁻¹ ∇L_val, which every application starts from.

use nalgebra::DVector;

use crate::curvature::assembly;
use crate::data::{VALIDATION_STREAM, data};
use crate::experiment::{Curvature, Experiment};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::problem::{LARGEST_FORMED, Problem};
use crate::solve::spectrum::Spectrum;

/// The validation loss at the problem's θ, and s.
pub struct Validation {
    /// L_val, without weight decay.
    pub loss: f64,
    /// ∇L_val, without weight decay.
    pub gradient: DVector<f64>,
    /// s = (H + λ I)⁻¹ ∇L_val, H the Hessian of the training objective.
    pub sensitivity: DVector<f64>,
}

impl Validation {
    /// Evaluates the experiment's validation data; refused where there are none, or H is too large to be formed.
    pub fn new(problem: &Problem, experiment: &Experiment) -> Result<Self, Refusal> {
        let refuse = |field: &str, problem: String| Refusal { field: field.into(), problem };
        let Some(specification) = &experiment.validation else {
            return Err(refuse("validation", "is missing; applications need validation data".into()));
        };
        if problem.parameters() > LARGEST_FORMED {
            let reason = format!(
                "need the exact Hessian, formed up to {LARGEST_FORMED} parameters, not {}",
                problem.parameters()
            );
            return Err(refuse("applications", reason));
        }
        let trained = &problem.evaluation;
        let Objective { layout, activation, .. } = trained.objective.clone();
        let (inputs, outputs) = (layout.widths()[0], layout.widths()[layout.layers()]);
        let data = data(specification, inputs, outputs, experiment.loss, VALIDATION_STREAM);
        let objective = Objective::new(layout, activation, data, experiment.loss, 0.0);
        let evaluation = Evaluation::new(objective, trained.theta.clone());
        let gradient = evaluation.gradient();
        let sensitivity = solve(problem, experiment, &gradient);
        Ok(Self { loss: evaluation.loss(), gradient, sensitivity })
    }
}

fn solve(problem: &Problem, experiment: &Experiment, gradient: &DVector<f64>) -> DVector<f64> {
    match &problem.formed {
        Some(formed) if experiment.curvature == Curvature::Hessian => {
            formed.spectrum.solve(experiment.damping, gradient)
        }
        _ => {
            let hessian = assembly::hessian(&problem.evaluation, &problem.type2);
            Spectrum::new(&hessian).solve(experiment.damping, gradient)
        }
    }
}
