//! Everything that follows from an experiment's network, data and curvature, and from no slider.

use std::cell::OnceCell;

use nalgebra::{DMatrix, DVector};

#[cfg(not(feature = "full"))]
use crate::coverage::uncovered;
use crate::curvature::assembly;
#[cfg(feature = "full")]
use crate::curvature::batch::BatchCurvature;
#[cfg(feature = "full")]
use crate::curvature::ekfac::Ekfac;
#[cfg(feature = "full")]
use crate::curvature::gauss_newton::GaussNewton;
use crate::curvature::hessian::Hessian;
use crate::curvature::kfac::Kfac;
use crate::curvature::output_metric::OutputMetric;
#[cfg(feature = "full")]
use crate::curvature::output_metric::drawn_gradients;
use crate::data::{TRAINING_STREAM, data};
use crate::experiment::{Curvature, DataSpec, Experiment, Fisher, Precision, RightHandSide};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::objective::Objective;
use crate::operator::LinearOperator;
use crate::parameters::LARGEST_FORMED;
#[cfg(feature = "full")]
use crate::preconditioning::Intervals;
use crate::scalar::{Scalar, cast_vector, round_to_f32};
use crate::solve::spectrum::Spectrum;
#[cfg(feature = "full")]
use crate::training::train;

/// The objective at θ, its gradient, and its curvature in both precisions.
///
/// θ and data that were drawn are float32 numbers, and so is then the gradient: a float32 run and a float64 run are given
/// the same problem, and differ in arithmetic alone. What was given is taken as it is.
pub struct Problem {
    /// The objective at θ in float64.
    pub evaluation: Evaluation<f64>,
    /// The same in float32, made when first asked for.
    narrow: OnceCell<Evaluation<f32>>,
    /// ∇ of the objective.
    pub gradient: DVector<f64>,
    /// b of A x = b.
    pub right_hand_side: DVector<f64>,
    /// Whether b is the gradient of a problem that was given, so that float32 runs compute their own.
    narrow_gradient: bool,
    kind: Curvature,
    metric: OutputMetric<f64>,
    /// The loss's curvature, which type-2 KFAC and the Gauss-Newton matrix are made of.
    pub type2: OutputMetric<f64>,
    #[cfg(feature = "full")]
    monte_carlo: (usize, u32),
    kfacs: [OnceCell<Kfac>; 3],
    #[cfg(feature = "full")]
    ekfac: OnceCell<Ekfac>,
    /// The eigenvalues of P⁻¹A.
    #[cfg(feature = "full")]
    pub intervals: Intervals,
    /// C and its eigendecomposition, where it is small enough.
    pub formed: Option<Formed>,
}

/// A curvature matrix C with its eigendecomposition.
pub struct Formed {
    /// C.
    pub matrix: DMatrix<f64>,
    /// Its eigenvalues and eigenvectors.
    pub spectrum: Spectrum,
    /// b in the eigenvectors.
    pub coordinates: DVector<f64>,
}

impl Problem {
    /// Draws, trains and evaluates what `experiment` describes; refuses it where its numbers overflow.
    pub fn new(experiment: &Experiment) -> Result<Self, Refusal> {
        let evaluation = evaluation(experiment)?;
        let drawn = experiment.network.parameters.is_none() || matches!(experiment.data, DataSpec::Generated(_));
        let gradient = evaluation.gradient();
        let gradient = if drawn { gradient.map(round_to_f32) } else { gradient };
        let right_hand_side = match &experiment.right_hand_side {
            RightHandSide::Gradient => gradient.clone(),
            RightHandSide::Given(numbers) => DVector::from_column_slice(numbers),
        };
        let metric = output_metric(&evaluation, experiment);
        let mut problem = Self {
            narrow_gradient: !drawn && experiment.right_hand_side == RightHandSide::Gradient,
            kind: experiment.curvature,
            narrow: OnceCell::new(),
            type2: OutputMetric::loss_curvature(&evaluation),
            #[cfg(feature = "full")]
            monte_carlo: (experiment.fisher_samples as usize, experiment.fisher_seed),
            kfacs: Default::default(),
            #[cfg(feature = "full")]
            ekfac: OnceCell::new(),
            #[cfg(feature = "full")]
            intervals: Intervals::default(),
            formed: None,
            evaluation,
            gradient,
            right_hand_side,
            metric,
        };
        problem.form()?;
        Ok(problem)
    }

    fn form(&mut self) -> Result<(), Refusal> {
        check_finite(&[self.evaluation.value(), self.gradient.norm_squared()])?;
        if self.parameters() <= LARGEST_FORMED {
            let matrix = self.matrix();
            check_finite(&[matrix.norm_squared()])?;
            let spectrum = Spectrum::new(&matrix);
            let coordinates = spectrum.coordinates(&self.right_hand_side);
            self.formed = Some(Formed { matrix, spectrum, coordinates });
        }
        Ok(())
    }

    /// P.
    pub fn parameters(&self) -> usize {
        self.evaluation.theta.len()
    }

    /// The objective at θ in float32.
    pub fn narrow(&self) -> &Evaluation<f32> {
        self.narrow
            .get_or_init(|| Evaluation::new(self.evaluation.objective.cast(), cast_vector(&self.evaluation.theta)))
    }

    /// b as a float32 run has it.
    pub fn narrow_right_hand_side(&self) -> DVector<f32> {
        if self.narrow_gradient { self.narrow().gradient() } else { cast_vector(&self.right_hand_side) }
    }

    /// KFAC of these factors, made when first asked for.
    pub fn kfac(&self, fisher: Fisher) -> &Kfac {
        self.kfacs[fisher as usize].get_or_init(|| self.build_kfac(fisher))
    }

    /// KFAC of these factors, made anew.
    pub fn build_kfac(&self, fisher: Fisher) -> Kfac {
        let evaluation = &self.evaluation;
        match fisher {
            Fisher::Type2 => Kfac::new(evaluation, &self.type2),
            #[cfg(feature = "full")]
            Fisher::Mc => {
                let (samples, seed) = self.monte_carlo;
                Kfac::new(evaluation, &OutputMetric::monte_carlo(evaluation, samples, seed))
            }
            #[cfg(feature = "full")]
            Fisher::Empirical => Kfac::new(evaluation, &OutputMetric::empirical(evaluation)),
            #[cfg(not(feature = "full"))]
            Fisher::Mc | Fisher::Empirical => uncovered(),
        }
    }

    /// Type-2 EKFAC, made when first asked for.
    #[cfg(feature = "full")]
    pub fn ekfac(&self) -> &Ekfac {
        self.ekfac.get_or_init(|| Ekfac::new(&self.evaluation, &self.type2, self.kfac(Fisher::Type2)))
    }

    /// ∇_f ℓ at the targets that a Monte Carlo Fisher matrix was drawn with, N × draws × C; empty of other curvatures.
    #[cfg(feature = "full")]
    pub fn drawn_gradients(&self) -> Vec<Vec<Vec<f64>>> {
        if self.kind != Curvature::FisherMc {
            return Vec::new();
        }
        let (samples, seed) = self.monte_carlo;
        let drawn: Vec<_> = drawn_gradients(&self.evaluation, samples, seed).map(|g| g.as_slice().to_vec()).collect();
        drawn.chunks(samples).map(<[_]>::to_vec).collect()
    }

    /// The damped curvature of batches of an evaluation of this problem.
    #[cfg(feature = "full")]
    pub fn batches<'a, T: Scalar>(&self, evaluation: &'a Evaluation<T>, damping: f64) -> BatchCurvature<'a, T> {
        let metric = (self.kind != Curvature::Hessian).then(|| self.metric.cast());
        BatchCurvature { evaluation, metric, damping: T::of(damping) }
    }

    /// The gradient as computed in this precision.
    pub fn gradient_in(&self, precision: Precision) -> Vec<f64> {
        match precision {
            Precision::F32 if self.narrow_gradient => self.narrow().gradient().iter().map(|&g| f64::from(g)).collect(),
            _ => self.gradient.as_slice().to_vec(),
        }
    }

    /// Refuses a precision that does not hold the gradient.
    pub fn check_precision(&self, precision: Precision) -> Result<(), Refusal> {
        if self.gradient_in(precision).iter().all(|number| number.is_finite()) {
            return Ok(());
        }
        let problem = "the gradient overflows in float32 at these parameters; f64 holds it";
        Err(Refusal { field: "precision".into(), problem: problem.into() })
    }

    /// C as an operator at an evaluation of this problem.
    pub fn curvature<'a, T: Scalar>(&self, evaluation: &'a Evaluation<T>) -> Box<dyn LinearOperator<T> + 'a> {
        match self.kind {
            Curvature::Hessian => Box::new(Hessian::new(evaluation)),
            #[cfg(not(feature = "full"))]
            _ => uncovered(),
            #[cfg(feature = "full")]
            _ => Box::new(GaussNewton::new(evaluation, self.metric.cast())),
        }
    }

    /// C, put together anew.
    pub fn matrix(&self) -> DMatrix<f64> {
        match self.kind {
            Curvature::Hessian => assembly::hessian(&self.evaluation, &self.metric),
            #[cfg(not(feature = "full"))]
            _ => uncovered(),
            #[cfg(feature = "full")]
            _ => assembly::gauss_newton(&self.evaluation, &self.metric),
        }
    }
}

/// The objective at the experiment's θ, trained where that is asked for. A trained θ is no longer a draw, and not rounded.
fn evaluation(experiment: &Experiment) -> Result<Evaluation<f64>, Refusal> {
    let layout = experiment.network.layout();
    let theta = match &experiment.network.parameters {
        Some(given) => DVector::from_column_slice(given),
        None => layout.draw(experiment.network.seed),
    };
    let (inputs, outputs) = (layout.widths()[0], layout.widths()[layout.layers()]);
    let data = data(&experiment.data, inputs, outputs, experiment.loss, TRAINING_STREAM);
    let activation = experiment.network.activation;
    let objective = Objective::new(layout, activation, data, experiment.loss, experiment.weight_decay);
    match &experiment.training {
        None => Ok(Evaluation::new(objective, theta)),
        #[cfg(feature = "full")]
        Some(training) => train(objective, theta, training),
        #[cfg(not(feature = "full"))]
        Some(_) => uncovered(),
    }
}

/// The metric of the experiment's curvature; the Hessian's part of the loss is the Gauss-Newton matrix's.
fn output_metric(evaluation: &Evaluation<f64>, experiment: &Experiment) -> OutputMetric<f64> {
    match experiment.curvature {
        Curvature::Hessian | Curvature::Ggn => OutputMetric::loss_curvature(evaluation),
        #[cfg(feature = "full")]
        Curvature::FisherEmpirical => OutputMetric::empirical(evaluation),
        #[cfg(feature = "full")]
        Curvature::FisherMc => {
            OutputMetric::monte_carlo(evaluation, experiment.fisher_samples as usize, experiment.fisher_seed)
        }
        #[cfg(not(feature = "full"))]
        Curvature::FisherMc | Curvature::FisherEmpirical => uncovered(),
    }
}

fn check_finite(numbers: &[f64]) -> Result<(), Refusal> {
    if numbers.iter().all(|number| number.is_finite()) {
        return Ok(());
    }
    let problem =
        "the objective's derivatives overflow at these parameters; smaller parameters, data or fewer layers help";
    Err(Refusal { field: "network.parameters".into(), problem: problem.into() })
}
