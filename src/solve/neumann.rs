//! The truncated Neumann series, a fixed-step iteration whose every iterate is one more term.

use nalgebra::DVector;

use crate::operator::LinearOperator;
use crate::scalar::Scalar;
use crate::solve::Iterate;

/// x_K = (1/s) Σ_{k=0}^{K} (I − A/s)^k b, by x₀ = b/s and x_{k+1} = x_k + (b − A x_k)/s: Richardson's iteration with step
/// 1/s (Lorraine, Vicol and Duvenaud 2020, <https://arxiv.org/abs/1911.02590>).
///
/// It converges when every eigenvalue of A lies in (0, 2 s). Preconditioned by P: x ← x + P⁻¹(b − A x)/s from
/// P⁻¹b/s, with the eigenvalues of P⁻¹A in that place.
pub struct Neumann<'a, T: Scalar> {
    operator: &'a dyn LinearOperator<T>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
    right_hand_side: DVector<T>,
    step: T,
    solution: Option<DVector<T>>,
    target: T,
    products: f64,
}

impl<'a, T: Scalar> Neumann<'a, T> {
    /// The series for `operator` x = `right_hand_side` with the scale s > 0.
    pub fn new(operator: &'a dyn LinearOperator<T>, right_hand_side: &DVector<T>, scale: f64) -> Self {
        Self {
            operator,
            preconditioner: None,
            right_hand_side: right_hand_side.clone(),
            step: T::of(1.0 / scale),
            solution: None,
            target: right_hand_side.norm() * T::of(T::EPSILON),
            products: 0.0,
        }
    }

    /// The same series preconditioned by P; `inverse` applies P⁻¹.
    pub fn preconditioned(mut self, inverse: &'a dyn LinearOperator<T>) -> Self {
        self.preconditioner = Some(inverse);
        self
    }

    fn term(&self, residual: DVector<T>) -> DVector<T> {
        let direction = match self.preconditioner {
            Some(inverse) => inverse.apply(&residual),
            None => residual,
        };
        direction * self.step
    }
}

impl<T: Scalar> Iterator for Neumann<'_, T> {
    type Item = Iterate<T>;

    fn next(&mut self) -> Option<Iterate<T>> {
        let solution = match &self.solution {
            None => self.term(self.right_hand_side.clone()),
            Some(last) => {
                let residual = &self.right_hand_side - self.operator.apply(last);
                if self.target.is_finite() && residual.norm() <= self.target {
                    return None;
                }
                self.products += 1.0;
                last + self.term(residual)
            }
        };
        self.solution = Some(solution.clone());
        Some(Iterate { solution, products: self.products, event: None, coefficients: None })
    }
}
