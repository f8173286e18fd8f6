//! The largest eigenvalue of an operator from products alone.

use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_distr::StandardNormal;
use rand_pcg::Pcg32;

use crate::operator::LinearOperator;
use crate::solve::spectrum::Spectrum;

/// Steps after which the estimate is taken as it stands.
const MOST_STEPS: usize = 60;

/// A relative change of the estimate that counts as none.
const TOLERANCE: f64 = 1e-5;

/// So many of them in a row end the iteration: with fewer it may rest on the second eigenvalue, where the start has little of the first.
const UNCHANGED: usize = 3;

/// The largest eigenvalue by Lanczos with full reorthogonalisation, from a fixed random start: an estimate from below,
/// good to about 1e-4 (Golub and Van Loan 2013, *Matrix computations*, section 10.1).
pub fn largest_eigenvalue(operator: &dyn LinearOperator<f64>) -> f64 {
    let mut lanczos = Lanczos::new(operator);
    let (mut estimate, mut unchanged) = (f64::NEG_INFINITY, 0);
    for _ in 0..MOST_STEPS.min(operator.dimension()) {
        let exhausted = !lanczos.step();
        let next = lanczos.largest_ritz_value();
        unchanged = if (next - estimate).abs() <= TOLERANCE * next.abs() { unchanged + 1 } else { 0 };
        estimate = next;
        if exhausted || unchanged == UNCHANGED {
            break;
        }
    }
    estimate
}

/// An orthonormal basis V of a Krylov space and the tridiagonal Vᵀ A V.
struct Lanczos<'a> {
    operator: &'a dyn LinearOperator<f64>,
    basis: Vec<DVector<f64>>,
    diagonal: Vec<f64>,
    beside: Vec<f64>,
}

impl<'a> Lanczos<'a> {
    fn new(operator: &'a dyn LinearOperator<f64>) -> Self {
        let mut generator = Pcg32::new(0, 5);
        let start = DVector::from_fn(operator.dimension(), |_, _| generator.sample::<f64, _>(StandardNormal));
        Self { operator, basis: vec![start.normalize()], diagonal: Vec::new(), beside: Vec::new() }
    }

    /// One more basis vector; false where the Krylov space is exhausted.
    fn step(&mut self) -> bool {
        let last = &self.basis[self.basis.len() - 1];
        let mut next = self.operator.apply(last);
        let size = next.norm();
        self.diagonal.push(last.dot(&next));
        for _ in 0..2 {
            for vector in &self.basis {
                next.axpy(-vector.dot(&next), vector, 1.0);
            }
        }
        let norm = next.norm();
        self.beside.push(norm);
        let independent = norm > size * f64::EPSILON * 10.0;
        if independent {
            self.basis.push(next / norm);
        }
        independent
    }

    fn largest_ritz_value(&self) -> f64 {
        let count = self.diagonal.len();
        let tridiagonal = DMatrix::from_fn(count, count, |i, j| match i.abs_diff(j) {
            0 => self.diagonal[i],
            1 => self.beside[i.min(j)],
            _ => 0.0,
        });
        Spectrum::new(&tridiagonal).eigenvalues[count - 1]
    }
}
