//! What a reader can ask for: the problem, its curvature and damping, and the methods to run.
//!
//! These types are the public interface: every default and range is written down here, and the TypeScript types of the
//! page are generated from them. `decode` reads and checks them.

use serde::{Deserialize, Serialize};

use crate::activation::Activation;
use crate::curvature::kfac::DampingConvention;
use crate::loss::Loss;
use crate::parameters::Layout;
use crate::solve::conjugate_gradient::{OnNegativeCurvature, Start};

/// One experiment: everything that a [`crate::report::Report`] follows from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Experiment {
    /// The network and its parameters θ.
    pub network: NetworkSpec,
    /// What it is fitted to: N C² at most 25,000,000, as a loss's curvature has C × C numbers a datum.
    pub data: DataSpec,
    /// Held-out data for the applications; generated like `data`.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<DataSpec>,
    /// The loss.
    pub loss: Loss,
    /// μ of ½ μ ‖θ‖², 0 to 1e6; default 0.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub weight_decay: f64,
    /// Training from θ before the analysis; default none.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<Training>,
    /// The matrix C; default `hessian`.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub curvature: Curvature,
    /// Draws a datum for `fisher_mc`, 1 to 10,000; default 1.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub fisher_samples: u32,
    /// The seed of those draws; default 0.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub fisher_seed: u32,
    /// λ of A = C + λ I, 0 to 1e6; default 0.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub damping: f64,
    /// b; default the gradient of the objective.
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "\"gradient\" | number[]"))]
    pub right_hand_side: RightHandSide,
    /// The arithmetic of gradient, products and iterations; default `f64`.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub precision: Precision,
    /// The methods, run in this order; 0 to 32 of them. With an `analysis`, which keeps every iterate, their iterates hold at most
    /// 100,000,000 numbers in all.
    pub methods: Vec<Method>,
    /// Costly extras, 0 to 32 names; default none.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub include: Vec<Include>,
    /// What the lenses draw, 0 to 32 names; default none.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub analysis: Vec<AnalysisKind>,
    /// An iterate k, 0 to 10,000, for a picture that will not stay: of `modes`, `polynomials` and `reduction` only this
    /// iterate comes, of a `slice` the paths to it and every second row and column; default none: all of each.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub glimpse: Option<u32>,
    /// What the inverse is used for, 0 to 32 names; default none.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub applications: Vec<Application>,
    /// How the application `race` is run; without it, as its defaults say.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub race: RaceSpec,
    /// Two of the dense matrices, whose difference comes with them; default none.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<[DenseMatrix; 2]>,
    /// How the application `imaml` is run; without it, as its defaults say.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub imaml: ImamlSpec,
}

/// A multilayer perceptron.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NetworkSpec {
    /// Widths, inputs first: 2 to 12 of them, each 1 to 128.
    pub layers: Vec<u32>,
    /// The hidden layers' nonlinearity; the output layer is linear.
    pub activation: Activation,
    /// θ in PyTorch order, each at most 1e6 in magnitude; without it, drawn from `seed` as `torch.nn.Linear` draws.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<f64>>,
    /// The seed of that draw; default 0.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub seed: u32,
}

impl NetworkSpec {
    /// Where each weight of such a network is in θ.
    pub fn layout(&self) -> Layout {
        let widths: Vec<usize> = self.layers.iter().map(|&width| width as usize).collect();
        Layout::new(&widths)
    }
}

/// Data, given or drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(untagged)]
pub enum DataSpec {
    /// Data as given.
    Explicit(ExplicitData),
    /// Data drawn from a law.
    Generated(GeneratedData),
}

/// 1 to 10,000 data as given, each number at most 1e6 in magnitude.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ExplicitData {
    /// One row of inputs a datum.
    pub inputs: Vec<Vec<f64>>,
    /// One row of targets a datum (or one number, where there is one output); class indices for cross-entropy.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[][] | number[]"))]
    pub targets: ExplicitTargets,
}

/// Targets as given.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ExplicitTargets {
    /// One row of C numbers a datum, for squared error.
    Values(Vec<Vec<f64>>),
    /// One class index a datum, 0 to C − 1, for cross-entropy.
    Classes(Vec<u32>),
}

/// Data drawn from a law, rounded to float32.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct GeneratedData {
    /// The law.
    pub generator: Generator,
    /// N, 1 to 10,000.
    pub samples: u32,
    /// The standard deviation of the noise, 0 to 100; default 0.1. `notebook` has none: its targets are all noise.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub noise: f64,
    /// The seed; default 0.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub seed: u32,
    /// For `ill_conditioned`: the condition number of the inputs' second moments, 1 to 1e8; default 1000.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub condition: f64,
}

/// A law of data. With squared error a class becomes ±1 (one output) or a unit vector (one output a class).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Generator {
    /// x, y ~ N(0, 1) of any widths, as in the notebook; for cross-entropy, classes drawn evenly.
    Notebook,
    /// One input x ~ U(−3, 3), every target sin(πx/2) + noise; squared error only.
    Sine,
    /// Two half-moons in two inputs, two classes.
    Moons,
    /// Intertwined spirals in two inputs, one a class.
    Spirals,
    /// Normal clouds about points of a circle in the first two inputs, one a class.
    Blobs,
    /// Linear targets of inputs whose centred second moments have a chosen condition number; squared error only.
    IllConditioned,
}

/// Training before the analysis, on the objective, from the network's θ, in float64.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Training {
    /// How.
    pub optimizer: Optimizer,
    /// 0 to 100,000.
    pub steps: u32,
    /// For gradient descent, 1e-9 to 1000; default 0.1.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub learning_rate: f64,
}

/// An optimizer of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Optimizer {
    /// θ ← θ − η ∇.
    GradientDescent,
    /// Damped Newton by CG, the damping adapted by the reduction ratio: reaches a minimum where there is one and the steps
    /// suffice.
    Newton,
}

/// The matrix C that is inverted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Curvature {
    /// ∇² of the objective.
    #[default]
    Hessian,
    /// The generalised Gauss-Newton matrix, which for these losses is the Fisher matrix.
    Ggn,
    /// The Fisher matrix by Monte Carlo.
    FisherMc,
    /// The empirical Fisher matrix, at the true targets.
    FisherEmpirical,
}

/// b of A x = b.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RightHandSide {
    /// The gradient of the objective.
    #[default]
    Gradient,
    /// P given numbers, each at most 1e6 in magnitude.
    #[serde(untagged)]
    Given(Vec<f64>),
}

/// Floating-point arithmetic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// float64.
    #[default]
    F64,
    /// float32.
    F32,
}

/// A costly extra of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Include {
    /// The dense matrices, up to 1,200 parameters.
    Matrices,
    /// The data themselves, drawn or given.
    Data,
    /// The random draws of a Monte Carlo Fisher matrix and of LiSSA, so that others can repeat them.
    Draws,
}

/// A dense matrix of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum DenseMatrix {
    /// ∇² of the objective.
    Hessian,
    /// The generalised Gauss-Newton matrix.
    Ggn,
    /// The empirical Fisher matrix.
    FisherEmpirical,
    /// The Gauss-Newton matrix's layer blocks.
    BlockDiagonal,
    /// KFAC with type-2 factors.
    Kfac,
    /// KFAC with empirical factors.
    KfacEmpirical,
    /// EKFAC with type-2 factors.
    Ekfac,
}

/// An analysis that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum AnalysisKind {
    /// Error and residual by eigenvector.
    Modes,
    /// Residual polynomials over an interval.
    Polynomials,
    /// The theory's bounds.
    Bounds,
    /// The objective and its quadratic model in a plane.
    Slice,
    /// What each approximation of the Hessian costs.
    Budget,
    /// Actual over predicted reduction of each method's step.
    Reduction,
    /// Published mistakes, replayed.
    Conventions,
}

/// An application that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Application {
    /// What leaving a datum out would do to the validation loss.
    Influence,
    /// The validation loss's derivative by the weight decay.
    Hypergradient,
    /// Meta-learning with implicit gradients, on few-shot sines.
    Imaml,
    /// How far LiSSA's runs stray from the Neumann series, of each LiSSA method.
    Lissa,
    /// Each datum left out in turn and the network retrained: what `influence` predicts. N retrainings.
    InfluenceRetrained,
    /// The validation loss retrained to over a range of weight decays, which `hypergradient` is the slope of, and a descent
    /// of it by each method. 21 retrainings, and 9 a method.
    HypergradientRetrained,
    /// Optimizers side by side from one θ.
    Race,
}

/// Few-shot regression of sines by iMAML, from the report's θ, which is the meta-parameter. The strength λ of the proximal
/// term is the experiment's `damping`, and the weight decay is the inner problem's too. The experiment's own data play no part
/// but in its training: every task here draws data of its own, while the rest of the report is of the experiment's. Its methods
/// are run on both, so a LiSSA batch may be no larger than `support` either.
///
/// A task is y = a sin(x + p) with a ~ U(0.5, 2), p ~ U(0, π) and every x ~ U(−3, 3).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImamlSpec {
    /// Data to adapt to, a task, 1 to 100; default 5.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub support: u32,
    /// Data to test on, a task, 1 to 1,000; default 20.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub query: u32,
    /// The seed of all tasks; default 0.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub seed: u32,
    /// CG steps of a meta-gradient, 0 to 200; default 5.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cg_steps: u32,
    /// The most inner gradient steps that are unrolled, 1 to 500; default 64.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub inner_steps: u32,
    /// The inner steps' rate, 1e-9 to 1000; default one over the inner problem's largest curvature at its minimum.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inner_rate: Option<f64>,
    /// Steps of meta-training, 0 to 500; default 40.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub meta_steps: u32,
    /// The rate of meta-training, by Adam, 1e-9 to 1000; default 0.03.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub meta_rate: f64,
    /// Tasks drawn a meta-step, 1 to 32; default 4.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub tasks: u32,
}

impl Default for ImamlSpec {
    fn default() -> Self {
        Self {
            support: 5,
            query: 20,
            seed: 0,
            cg_steps: 5,
            inner_steps: 64,
            inner_rate: None,
            meta_steps: 40,
            meta_rate: 0.03,
            tasks: 4,
        }
    }
}

/// A training race on the objective, from the report's θ: the trained one where there is training.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RaceSpec {
    /// Who runs, 0 to 32 names; default each of them once.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub optimizers: Vec<Racer>,
    /// 1 to 1,000; default 40.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub steps: u32,
    /// η of the methods with a fixed rate, 1e-9 to 1000; default 0.1.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub learning_rate: f64,
    /// β of the heavy ball, 0 to 0.999; default 0.9.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub momentum: f64,
}

impl Default for RaceSpec {
    fn default() -> Self {
        Self { optimizers: Racer::ALL.to_vec(), steps: 40, learning_rate: 0.1, momentum: 0.9 }
    }
}

/// An optimizer of the race. The last five never raise the objective by more than rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Racer {
    /// θ ← θ − η ∇.
    GradientDescent,
    /// The same with momentum: v ← β v − η ∇, θ ← θ + v.
    Momentum,
    /// Steepest descent with a backtracking line search in place of η.
    LineSearch,
    /// Newton, damped by Levenberg and Marquardt's rule, its steps by CG to the end.
    Newton,
    /// Gauss-Newton, likewise.
    GaussNewton,
    /// Hessian-free: Gauss-Newton steps by CG that Martens' rule stops early.
    Cg,
    /// KFAC's steps, rescaled by the Gauss-Newton model and damped by the same rule.
    Kfac,
}

impl Racer {
    /// Each of them once.
    pub const ALL: [Self; 7] = [
        Self::GradientDescent,
        Self::Momentum,
        Self::LineSearch,
        Self::Newton,
        Self::GaussNewton,
        Self::Cg,
        Self::Kfac,
    ];
}

/// A way to A⁻¹b. Iterations are 0 to 10,000.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Method {
    /// By eigendecomposition, up to 1,200 parameters.
    Exact,
    /// Conjugate gradients.
    Cg {
        /// Iterations.
        iterations: u32,
        /// x₀; default `zero`.
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        start: Start,
        /// P; default `none`.
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        preconditioner: Preconditioner,
        /// What to do at pᵀAp ≤ 0; default `continue`.
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        on_negative_curvature: OnNegativeCurvature,
    },
    /// MINRES, from zero.
    Minres {
        /// Iterations.
        iterations: u32,
    },
    /// The truncated Neumann series.
    Neumann {
        /// Terms after the first.
        iterations: u32,
        /// s, 1e-9 to 1e9, or `"auto"`.
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number | \"auto\""))]
        scale: Scale,
        /// P; default `none`.
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        preconditioner: Preconditioner,
    },
    /// LiSSA, the Neumann series over random batches.
    Lissa {
        /// Steps.
        iterations: u32,
        /// s, 1e-9 to 1e9, or `"auto"`.
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number | \"auto\""))]
        scale: Scale,
        /// Data a batch, 1 to N.
        batch: u32,
        /// Independent runs that are averaged, 1 to 1000.
        repeats: u32,
        /// The seed of the batches.
        seed: u32,
    },
    /// KFAC.
    Kfac {
        /// Whose gradients make the factor B; default `type2`. `mc` draws as the experiment's `fisher_samples` and
        /// `fisher_seed` say.
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        fisher: Fisher,
        /// How the damping enters; default `exact`.
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        damping_convention: DampingConvention,
    },
    /// EKFAC with type-2 factors.
    Ekfac,
    /// The layer blocks of the Gauss-Newton matrix, up to 1,200 parameters a layer.
    BlockDiagonal,
    /// The diagonal of the Gauss-Newton matrix.
    Diagonal,
}

/// The preconditioner P of an iterative method, its damping put in exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Preconditioner {
    /// P = I.
    #[default]
    None,
    /// Type-2 KFAC.
    Kfac,
    /// Type-2 EKFAC.
    Ekfac,
}

/// Whose gradients make KFAC's factor B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Fisher {
    /// Columns of a square root of the loss's Hessian: the expectation over the model's own targets.
    #[default]
    Type2,
    /// Targets drawn from the model.
    Mc,
    /// The true targets.
    Empirical,
}

/// The scale of a Neumann series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Chosen from the spectrum.
    Auto,
    /// As given.
    #[serde(untagged)]
    Given(f64),
}

impl DataSpec {
    /// N.
    pub fn samples(&self) -> u32 {
        match self {
            Self::Explicit(explicit) => explicit.inputs.len() as u32,
            Self::Generated(generated) => generated.samples,
        }
    }
}

impl Method {
    /// The iterations asked for; none of a direct method.
    pub fn iterations(&self) -> u32 {
        match self {
            Self::Cg { iterations, .. }
            | Self::Minres { iterations }
            | Self::Neumann { iterations, .. }
            | Self::Lissa { iterations, .. } => *iterations,
            _ => 0,
        }
    }

    /// The method's preconditioner; none of a method that takes none.
    pub fn preconditioner(&self) -> Preconditioner {
        match self {
            Self::Cg { preconditioner, .. } | Self::Neumann { preconditioner, .. } => *preconditioner,
            _ => Preconditioner::None,
        }
    }

    /// The method's name in experiments and reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Cg { .. } => "cg",
            Self::Minres { .. } => "minres",
            Self::Neumann { .. } => "neumann",
            Self::Lissa { .. } => "lissa",
            Self::Kfac { .. } => "kfac",
            Self::Ekfac => "ekfac",
            Self::BlockDiagonal => "block_diagonal",
            Self::Diagonal => "diagonal",
        }
    }
}
