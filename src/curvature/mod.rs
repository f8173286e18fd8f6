//! Curvature matrices of an objective: exact, Gauss-Newton, Fisher, and their Kronecker-factored approximations.

pub mod assembly;
#[cfg(feature = "full")]
pub mod batch;
#[cfg(feature = "full")]
pub mod ekfac;
pub mod gauss_newton;
pub mod hessian;
pub mod kfac;
pub mod kronecker;
pub mod output_metric;
#[cfg(feature = "full")]
pub mod parts;
