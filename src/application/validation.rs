//! The validation loss's gradient through the inverse Hessian, s = (H + λ I)⁻¹ ∇L_val: exactly, and by every method asked for.

use nalgebra::DVector;

use crate::activation::Activation;
use crate::application::minimum::Minimum;
use crate::curvature::assembly;
use crate::data::{VALIDATION_STREAM, data};
use crate::experiment::{Curvature, Experiment};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::magnitude::finite;
use crate::objective::Objective;
use crate::problem::Problem;
use crate::solve::spectrum::Spectrum;
use crate::solve::trace::Recording;
use crate::system::System;
use crate::verdict::Status;

/// The validation loss at the problem's θ, and s.
///
/// s is what influence functions and hypergradients start from. Its definition has H, the Hessian of the training
/// objective. The methods solve the experiment's own system with ∇L_val in the place of b, so that their matrix is C + λ I
/// with whatever curvature C is asked for.
pub struct Validation {
    /// The validation objective, without weight decay.
    pub objective: Objective<f64>,
    /// L_val.
    pub loss: f64,
    /// ∇L_val, without weight decay.
    pub gradient: DVector<f64>,
    /// s = (H + λ I)⁻¹ ∇L_val, H the Hessian of the training objective; none where it is too large to be formed.
    pub sensitivity: Option<DVector<f64>>,
    /// What each of the experiment's methods makes of s, in their order.
    pub by_method: Vec<MethodSensitivity>,
    /// Whether θ is a minimum.
    pub minimum: Minimum,
}

/// One method's s.
pub struct MethodSensitivity {
    /// The method's name.
    pub method: String,
    /// How its run went.
    pub status: Status,
    /// Why, in a sentence or two.
    pub message: String,
    /// Curvature-vector products that it needed.
    pub products: f64,
    /// Its s; none where a direct method has no answer.
    pub sensitivity: Option<DVector<f64>>,
    /// ‖s_method − s‖ / ‖s‖, where s is known.
    pub relative_error: Option<f64>,
}

impl Validation {
    /// Evaluates the experiment's validation data; refused where there are none, or H + λ I is singular.
    pub fn new(problem: &Problem, experiment: &Experiment) -> Result<Self, Refusal> {
        let objective = validation_objective(&problem.evaluation.objective, experiment)?;
        let evaluation = Evaluation::new(objective.clone(), problem.evaluation.theta.clone());
        let (loss, gradient) = (evaluation.loss(), evaluation.gradient());
        check_finite(&[loss, gradient.norm_squared()], "validation", "the validation loss overflows at this θ")?;
        let hessian = hessian(problem, experiment);
        let sensitivity = hessian.as_ref().map(|hessian| sensitivity(hessian, experiment, &gradient)).transpose()?;
        let eigenvalues = hessian.map(|hessian| hessian.damped(0.0));
        let minimum = Minimum::new(&problem.evaluation, eigenvalues.as_ref(), experiment);
        let by_method = by_method(problem, experiment, &gradient, sensitivity.as_ref());
        Ok(Self { objective, loss, gradient, sensitivity, by_method, minimum })
    }
}

/// The loss of the experiment's validation data as an objective; refused where there are none.
pub fn validation_objective(trained: &Objective<f64>, experiment: &Experiment) -> Result<Objective<f64>, Refusal> {
    let Some(specification) = &experiment.validation else {
        let problem = "is missing; applications need validation data".into();
        return Err(Refusal { field: "validation".into(), problem });
    };
    let Objective { layout, activation, .. } = trained;
    let (inputs, outputs) = (layout.widths()[0], layout.widths()[layout.layers()]);
    let data = data(specification, inputs, outputs, experiment.loss, VALIDATION_STREAM);
    Ok(Objective::new(layout.clone(), *activation, data, experiment.loss, 0.0))
}

/// The decomposition of H, where it is small enough.
fn hessian(problem: &Problem, experiment: &Experiment) -> Option<Spectrum> {
    let formed = problem.formed.as_ref()?;
    Some(match experiment.curvature {
        Curvature::Hessian => formed.spectrum.clone(),
        _ => Spectrum::new(&assembly::hessian(&problem.evaluation, &problem.type2)),
    })
}

fn sensitivity(hessian: &Spectrum, experiment: &Experiment, gradient: &DVector<f64>) -> Result<DVector<f64>, Refusal> {
    if hessian.damped(experiment.damping).singular() {
        // Between layers without a nonlinearity a rotation changes neither outputs nor ‖θ‖: weight decay leaves it flat.
        let rotates = experiment.network.activation == Activation::Identity && experiment.network.layout().layers() > 1;
        let (field, what) = match (experiment.weight_decay, experiment.damping) {
            (0.0, 0.0) if !rotates => ("weight_decay", "0 leaves an eigenvalue of the Hessian at zero"),
            _ => ("damping", "the Hessian plus this has an eigenvalue of zero"),
        };
        let problem =
            format!("{what}, so that it has no inverse and this derivative does not exist; a larger one helps");
        return Err(Refusal { field: field.into(), problem });
    }
    let sensitivity = hessian.solve(experiment.damping, gradient);
    let problem = "eigenvalues of the Hessian are as good as zero, and its inverse overflows; a larger damping helps";
    check_finite(&[sensitivity.norm_squared()], "damping", problem)?;
    Ok(sensitivity)
}

fn by_method(
    problem: &Problem,
    experiment: &Experiment,
    gradient: &DVector<f64>,
    exact: Option<&DVector<f64>>,
) -> Vec<MethodSensitivity> {
    let Experiment { damping, precision, methods, .. } = experiment;
    let system = System::with_right_hand_side(problem, *damping, *precision, gradient.clone());
    let of = |method| {
        let answer = system.run(method, Recording::Curves);
        let sensitivity = answer.exists().then_some(answer.run.solution);
        MethodSensitivity {
            method: method.name().into(),
            status: answer.verdict.status,
            message: answer.verdict.message,
            products: answer.run.trace.products.last().copied().unwrap_or(0.0),
            relative_error: sensitivity.as_ref().zip(exact).and_then(|(found, exact)| relative_error(found, exact)),
            sensitivity,
        }
    };
    methods.iter().map(of).collect()
}

fn relative_error(solution: &DVector<f64>, exact: &DVector<f64>) -> Option<f64> {
    finite((solution - exact).norm() / exact.norm())
}

fn check_finite(numbers: &[f64], field: &str, problem: &str) -> Result<(), Refusal> {
    if numbers.iter().all(|number| number.is_finite()) {
        return Ok(());
    }
    Err(Refusal { field: field.into(), problem: problem.into() })
}
