//! Solvers of A x = b as iterators over their iterates, each over the operator interface alone.

pub mod conjugate_gradient;
pub mod lanczos;
pub mod neumann;
pub mod spectrum;
pub mod trace;

use nalgebra::DVector;

use crate::scalar::Scalar;

/// One iterate of a solver, iterate 0 included.
#[derive(Clone, Debug)]
pub struct Iterate<T: Scalar> {
    /// x_k.
    pub solution: DVector<T>,
    /// Curvature-vector products that the method itself needed so far; a fraction where it used a part of the data.
    pub products: f64,
    /// What was seen on the way from x_{k−1} to x_k.
    pub event: Option<Event>,
}

/// Something a solver met that its reader should know of. It does not end a run by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A search direction p with pᵀAp ≤ 0; the value is pᵀAp / pᵀp.
    NegativeCurvature(f64),
    /// A divisor was zero, so that there is no next iterate.
    ZeroDivisor,
}
