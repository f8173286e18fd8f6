//! What an experiment comes back with.

use serde::Serialize;

use crate::analysis::Analysis;
#[cfg(feature = "full")]
use crate::application::Applications;
#[cfg(feature = "full")]
use crate::experiment::DenseMatrix;
use crate::experiment::{ExplicitData, Method};
use crate::inertia::Inertia;
use crate::solve::trace::Trace;
use crate::system::{Answer, System};

pub use crate::system::ExactStatus;
pub use crate::verdict::Status;

/// The answer to one [`crate::experiment::Experiment`]. No number in it is NaN or infinite: what is not there is null.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Report {
    /// P.
    pub parameters: usize,
    /// N.
    pub samples: usize,
    /// θ, after training where there was any.
    pub theta: Vec<f64>,
    /// The objective, R Σₙ ℓₙ + ½ μ ‖θ‖².
    pub loss: f64,
    /// The gradient of the objective.
    pub gradient: Vec<f64>,
    /// The eigenvalues of the curvature without damping, ascending; null where it is too large to be formed.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[] | null"))]
    pub spectrum: Option<Vec<f64>>,
    /// The signs and the ends of the damped curvature's eigenvalues; null where it is not formed.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Inertia | null"))]
    pub inertia: Option<Inertia>,
    /// The solution x* that errors are measured against.
    pub exact: Exact,
    /// One report for each method asked for, in the same order.
    pub methods: Vec<MethodReport>,
    /// The dense matrices, where they were asked for and are small enough.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matrices: Option<Matrices>,
    /// The data, where they were asked for; an experiment may be given them as they are.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<ExplicitData>,
    /// The random draws, where they were asked for.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<Draws>,
    /// The analyses that were asked for.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analysis: Option<Analysis>,
    /// The applications that were asked for.
    #[cfg(feature = "full")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applications: Option<Applications>,
}

/// The exact solution.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Exact {
    /// Whether there is one.
    pub status: ExactStatus,
    /// x*; of a singular system the minimum-norm solution.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[] | null"))]
    pub solution: Option<Vec<f64>>,
    /// One sentence that a learner understands.
    pub message: String,
}

impl Exact {
    /// x* of a system.
    pub fn new(system: &System) -> Self {
        let (status, message) = system.exact_status();
        Self { status, solution: system.exact.as_ref().map(|x| x.as_slice().to_vec()), message }
    }
}

/// One method's run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MethodReport {
    /// The method's name.
    pub method: String,
    /// How it went.
    pub status: Status,
    /// The iteration, from 1, where that was first seen; null where no one iteration showed it.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub status_iteration: Option<usize>,
    /// One sentence that a learner understands, with the number that matters and what would help.
    pub message: String,
    /// x; of a run that diverged, its last finite iterate.
    pub solution: Vec<f64>,
    /// gᵀx: where it is negative, −x is no descent direction.
    pub slope: f64,
    /// The scale used, where `"auto"` chose it.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// The curves.
    pub trace: Trace,
}

impl MethodReport {
    /// The report of a method's answer to a system.
    pub fn new(system: &System, method: &Method, Answer { run, verdict, scale, automatic }: &Answer) -> Self {
        let slope = system.problem.gradient.dot(&run.solution);
        let verdict = verdict.clone().with_slope(slope);
        Self {
            method: method.name().into(),
            status: verdict.status,
            status_iteration: verdict.iteration,
            message: verdict.message,
            solution: run.solution.as_slice().to_vec(),
            slope,
            scale: automatic.then_some(*scale),
            trace: run.trace.clone(),
        }
    }
}

/// What chance drew for a report.
#[cfg(feature = "full")]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Draws {
    /// For `fisher_mc`: ∇_f ℓ at each target drawn from the model, N data × draws × C numbers; empty of other curvatures.
    pub fisher_gradients: Vec<Vec<Vec<f64>>>,
    /// The batches of each LiSSA run in order: repeats × steps × indices of data, from 0, ascending.
    pub batches: Vec<Vec<Vec<Vec<usize>>>>,
}

/// Dense matrices, P · P numbers each, row-major, in θ order; without damping.
#[cfg(feature = "full")]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Matrices {
    /// ∇² of the objective.
    pub hessian: Vec<f64>,
    /// The generalised Gauss-Newton matrix.
    pub ggn: Vec<f64>,
    /// The empirical Fisher matrix.
    pub fisher_empirical: Vec<f64>,
    /// `ggn` cut to its layer blocks.
    pub block_diagonal: Vec<f64>,
    /// KFAC with type-2 factors.
    pub kfac: Vec<f64>,
    /// KFAC with empirical factors.
    pub kfac_empirical: Vec<f64>,
    /// EKFAC with type-2 factors.
    pub ekfac: Vec<f64>,
    /// `kfac`'s factors, one pair a layer.
    pub kfac_factors: Vec<LayerFactors>,
    /// The first matrix of `compare` minus the second.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Vec<f64>>,
}

#[cfg(feature = "full")]
impl Matrices {
    /// One of them.
    pub fn get(&self, matrix: DenseMatrix) -> &[f64] {
        match matrix {
            DenseMatrix::Hessian => &self.hessian,
            DenseMatrix::Ggn => &self.ggn,
            DenseMatrix::FisherEmpirical => &self.fisher_empirical,
            DenseMatrix::BlockDiagonal => &self.block_diagonal,
            DenseMatrix::Kfac => &self.kfac,
            DenseMatrix::KfacEmpirical => &self.kfac_empirical,
            DenseMatrix::Ekfac => &self.ekfac,
        }
    }

    /// With the difference of two of them.
    pub fn compared(mut self, [one, other]: [DenseMatrix; 2]) -> Self {
        self.difference = Some(self.get(one).iter().zip(self.get(other)).map(|(one, other)| one - other).collect());
        self
    }
}

/// A layer's two factors, row-major: the weights W̄[i, k] and W̄[j, m], W̄ = [W b], meet in B ⊗ A at B[i, j] A[k, m].
#[cfg(feature = "full")]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LayerFactors {
    /// A, (in + 1) × (in + 1); the bias is last.
    pub a: Vec<f64>,
    /// B, out × out.
    pub b: Vec<f64>,
}
