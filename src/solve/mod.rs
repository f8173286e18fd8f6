//! Solvers of A x = b as iterators over their iterates, each over the operator interface alone.

pub mod conjugate_gradient;
#[cfg(feature = "full")]
pub mod lanczos;
#[cfg(feature = "full")]
pub mod lissa;
#[cfg(feature = "full")]
pub mod minres;
pub mod neumann;
#[cfg(feature = "full")]
pub mod relative_progress;
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
    /// The scalars of the step from x_{k−1} to x_k, of a method whose residual polynomial they determine.
    pub coefficients: Option<Coefficients>,
}

impl<T: Scalar> Iterate<T> {
    /// The same iterate in float64, which every iterate is measured in, times `unit`.
    pub fn widen(self, unit: f64) -> Iterate<f64> {
        let Self { solution, products, event, coefficients } = self;
        Iterate { solution: solution.map(|entry| entry.to_f64() * unit), products, event, coefficients }
    }
}

/// Something a solver met that its reader should know of. It does not end a run by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A search direction p with pᵀAp ≤ 0; the value is pᵀAp / pᵀp.
    NegativeCurvature(f64),
    /// A divisor was zero, so that there is no next iterate.
    ZeroDivisor,
}

/// The scalars of one step of a Krylov method: run on a scalar λ in place of A, they give its residual polynomial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coefficients {
    /// Conjugate gradients.
    ConjugateGradient {
        /// α, the step's length.
        alpha: f64,
        /// β, by which the next direction turns.
        beta: f64,
    },
    /// MINRES.
    Minres {
        /// α_j of the Lanczos recurrence.
        diagonal: f64,
        /// β_{j+1} of the Lanczos recurrence.
        beside: f64,
        /// The entry of R above its diagonal.
        near: f64,
        /// The entry of R two above its diagonal.
        far: f64,
        /// The diagonal entry of R.
        norm: f64,
        /// How far x moves along d_j.
        length: f64,
    },
}

impl Coefficients {
    #[cfg(feature = "full")]
    fn minres([diagonal, beside, near, far, norm, length]: [f64; 6]) -> Self {
        Self::Minres { diagonal, beside, near, far, norm, length }
    }
}
