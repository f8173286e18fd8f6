//! The preconditioners of a system: KFAC or EKFAC inverses, and the interval that P⁻¹A's eigenvalues lie in.

use std::cell::RefCell;

use nalgebra::{DMatrix, DVector};

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

/// The eigenvalues of P⁻¹A, kept for the damping last asked for: they cost as much as those of A.
#[derive(Default)]
pub struct Intervals(RefCell<Vec<Interval>>);

struct Interval {
    preconditioner: Preconditioner,
    damping: f64,
    eigenvalues: Eigenvalues,
}

impl Intervals {
    /// Those of this preconditioner and damping, kept or made.
    pub fn get(&self, preconditioner: Preconditioner, damping: f64, make: impl FnOnce() -> Eigenvalues) -> Eigenvalues {
        let mut kept = self.0.borrow_mut();
        kept.retain(|interval| interval.damping == damping);
        if let Some(interval) = kept.iter().find(|interval| interval.preconditioner == preconditioner) {
            return interval.eigenvalues.clone();
        }
        let eigenvalues = make();
        kept.push(Interval { preconditioner, damping, eigenvalues: eigenvalues.clone() });
        eigenvalues
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
        let dimension = self.dimension();
        Spectrum::new(&self.apply_to_all(&DMatrix::identity(dimension, dimension))).damped(0.0)
    }
}

impl LinearOperator<f64> for Symmetrized<'_> {
    fn dimension(&self) -> usize {
        self.operator.dimension()
    }

    fn apply(&self, vector: &DVector<f64>) -> DVector<f64> {
        self.root.apply(&self.operator.apply(&self.root.apply(vector)))
    }

    fn apply_to_all(&self, vectors: &DMatrix<f64>) -> DMatrix<f64> {
        self.root.apply_to_all(&self.operator.apply_to_all(&self.root.apply_to_all(vectors)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_made_once_for_each_preconditioner_at_one_damping() {
        let (intervals, made) = (Intervals::default(), RefCell::new(Vec::new()));
        let get = |preconditioner, damping| {
            intervals.get(preconditioner, damping, || {
                made.borrow_mut().push((preconditioner, damping));
                Eigenvalues::ascending(vec![damping, f64::from(preconditioner as u8)])
            })
        };
        let (kfac, ekfac) = (Preconditioner::Kfac, Preconditioner::Ekfac);
        for (preconditioner, damping) in
            [(kfac, 0.1), (ekfac, 0.1), (kfac, 0.1), (kfac, 0.2), (ekfac, 0.1), (kfac, 0.1)]
        {
            let expected = Eigenvalues::ascending(vec![damping, f64::from(preconditioner as u8)]);
            assert_eq!(get(preconditioner, damping), expected);
        }
        assert_eq!(*made.borrow(), [(kfac, 0.1), (ekfac, 0.1), (kfac, 0.2), (ekfac, 0.1), (kfac, 0.1)]);
    }
}
