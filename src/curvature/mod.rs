//! Curvature matrices of an objective: exact, Gauss-Newton, Fisher, and their Kronecker-factored approximations.

pub mod assembly;
pub mod batch;
pub mod ekfac;
pub mod gauss_newton;
pub mod hessian;
pub mod kfac;
pub mod kronecker;
pub mod output_metric;
pub mod parts;
