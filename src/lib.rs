//! Newton's step H⁻¹g for a small network, exactly and by the methods that approximate it, with every curve.
//!
//! # The mathematics on one page
//!
//! A multilayer perceptron f(x; θ) is fitted to N data by the **objective** R Σₙ ℓ(f(xₙ), yₙ) + ½ μ ‖θ‖² ([`objective`],
//! [`loss`]), θ being all weights and biases in PyTorch's order ([`parameters`]). Its **gradient** g comes from
//! backpropagation ([`gradient`]); a product with its **Hessian** H from the R-operator, for about the price of two
//! gradients and without ever forming H ([`curvature::hessian`]).
//!
//! Newton's step −H⁻¹g needs the solution of **A x = b** with A = C + λ I and b = g, where the curvature C is one of
//!
//! - the Hessian H = ∇² of the objective, which may be indefinite;
//! - the generalised Gauss-Newton matrix G = R Σₙ Jₙᵀ (∇²_f ℓₙ) Jₙ + μ I, which never is, and which without μ I is for these
//!   losses the Fisher matrix ([`curvature::gauss_newton`], [`curvature::output_metric`]);
//! - the Fisher matrix by Monte Carlo, or the empirical one, which is another matrix.
//!
//! The ways to x, each over the [`operator`] interface alone ([`solve`]):
//!
//! - **exactly**, by eigendecomposition ([`solve::spectrum`]);
//! - **conjugate gradients**: x_k is the best in the Krylov space of b, in the energy norm, if A is positive definite;
//! - **MINRES**: the least residual in that space, for any symmetric A;
//! - **Neumann**: x_k = (1/s) Σ_{j ≤ k} (I − A/s)ʲ b, if every eigenvalue of A lies in (0, 2s); **LiSSA**: the same, a random
//!   batch a term;
//! - **KFAC**: each layer's block of G replaced by B_l ⊗ A_l, two small factors ([`curvature::kfac`]); **EKFAC**: with measured
//!   second moments in their eigenbasis ([`curvature::ekfac`]); the layer blocks and the diagonal of G themselves.
//!
//! An [`experiment::Experiment`] goes into a [`lab::Lab`] and a [`report::Report`] comes out: every iterate's error, cosine,
//! residual and energy error, and a status with a sentence that explains it ([`verdict`]).
//!
//! ```
//! use hessian_lab::{Lab, Value, decode};
//!
//! let experiment = r#"{
//!     "network": { "layers": [3, 5, 1], "activation": "sigmoid", "seed": 1 },
//!     "data": { "generator": "notebook", "samples": 10 },
//!     "loss": "mse",
//!     "damping": 0.5,
//!     "methods": [{ "method": "cg", "iterations": 40 }, { "method": "kfac" }]
//! }"#;
//! let experiment: Value = serde_json::from_str(experiment)?;
//! let report = Lab::new().report(&decode::experiment(&experiment)?)?;
//! let residual = report.methods[0].trace.residual[40].expect("b is not zero");
//! assert!(residual < 1e-10);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod activation;
pub mod analysis;
#[cfg(feature = "full")]
pub mod application;
#[cfg(feature = "full")]
mod cost;
pub mod coverage;
pub mod curvature;
pub mod data;
pub mod decode;
pub mod digits;
mod direct;
#[cfg(feature = "full")]
pub mod draws;
#[cfg(target_arch = "wasm32")]
mod encoder;
pub mod experiment;
pub mod field;
pub mod gradient;
pub mod inertia;
pub mod iterative;
#[cfg(target_arch = "wasm32")]
mod javascript;
pub mod lab;
#[cfg(feature = "full")]
mod laws;
pub mod loss;
mod magnitude;
#[cfg(feature = "full")]
pub mod matrices;
mod multiplication;
pub mod network;
pub mod objective;
pub mod operator;
pub mod parameters;
#[cfg(feature = "full")]
pub mod preconditioning;
pub mod problem;
pub mod report;
pub mod scalar;
#[cfg(feature = "full")]
pub mod sketch;
pub mod solve;
pub mod system;
#[cfg(feature = "full")]
pub mod training;
pub mod value;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod workspace;

#[cfg(feature = "full")]
pub use curvature::ekfac::Ekfac;
pub use curvature::gauss_newton::GaussNewton;
pub use curvature::hessian::Hessian;
pub use curvature::kfac::Kfac;
pub use curvature::output_metric::OutputMetric;
pub use experiment::{Experiment, Method};
pub use field::Refusal;
pub use gradient::Evaluation;
pub use lab::Lab;
pub use objective::{Data, Objective};
pub use operator::{Damped, Dense, LinearOperator};
pub use parameters::Layout;
pub use problem::Problem;
pub use report::{Report, Status};
pub use scalar::Scalar;
pub use system::System;
pub use value::Value;
