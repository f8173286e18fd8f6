//! The preconditioners of a system: KFAC or EKFAC inverses, and the interval that P⁻¹A's eigenvalues lie in.

use nalgebra::DVector;

use crate::curvature::kfac::DampingConvention;
use crate::curvature::kronecker::{Inverse, KroneckerOperator};
use crate::experiment::{Fisher, Preconditioner};
use crate::operator::LinearOperator;
use crate::problem::Problem;
use crate::solve::spectrum::{Eigenvalues, Spectrum};

/// P⁻¹ at the damping λ, where P is not the identity.
pub fn inverse(problem: &Problem, preconditioner: Preconditioner, damping: f64) -> Option<Inverse<f64>> {
    match preconditioner {
        Preconditioner::None => None,
        Preconditioner::Kfac => Some(problem.kfac(Fisher::Type2).damped(damping, DampingConvention::Exact).inverse()),
        Preconditioner::Ekfac => Some(problem.ekfac().damped(damping).inverse()),
    }
}

/// P^{−1/2} A P^{−1/2}, which is symmetric and has the eigenvalues of P⁻¹A.
pub struct Symmetrized<'a> {
    /// A.
    pub operator: &'a dyn LinearOperator<f64>,
    /// P^{−1/2}.
    pub root: KroneckerOperator<f64>,
}

impl Symmetrized<'_> {
    /// The eigenvalues of P⁻¹A, ascending.
    pub fn eigenvalues(&self) -> Eigenvalues {
        Spectrum::new(&self.to_matrix()).damped(0.0)
    }
}

impl LinearOperator<f64> for Symmetrized<'_> {
    fn dimension(&self) -> usize {
        self.operator.dimension()
    }

    fn apply(&self, vector: &DVector<f64>) -> DVector<f64> {
        self.root.apply(&self.operator.apply(&self.root.apply(vector)))
    }
}
