//! MINRES, which needs no positive definite matrix: its residual never rises.

use nalgebra::DVector;

use crate::operator::LinearOperator;
use crate::scalar::Scalar;
use crate::solve::{Coefficients, Event, Iterate};

/// The rounding of a step, in units of what it gains, past which the step has to prove itself. On generated systems, from 1e4 on
/// residuals rise visibly where b is inconsistent, and at 10 and below runs on consistent ones end early.
const LONGEST: f64 = 100.0;

/// The minimum residual method for symmetric, also indefinite, A (Paige and Saunders 1975, *Solution of sparse indefinite
/// systems of linear equations*, section 6, <https://doi.org/10.1137/0712047>).
///
/// x_k minimises ‖b − A x‖ over the Krylov space K_k(A, b), by the Lanczos recurrence and one Givens rotation a step.
/// On a singular system that b is consistent with, it converges to the minimum-norm solution.
pub struct Minres<'a, T: Scalar> {
    operator: &'a dyn LinearOperator<T>,
    right_hand_side: DVector<T>,
    solution: DVector<T>,
    /// v_{j−1} and v_j of the Lanczos basis.
    basis: [DVector<T>; 2],
    /// d_{j−2} and d_{j−1}, the columns of V R⁻¹.
    directions: [DVector<T>; 2],
    /// β_j, the Lanczos coefficient beside the diagonal.
    beside: T,
    /// (c, s) of the rotations j − 2 and j − 1.
    rotations: [(T, T); 2],
    /// η, whose magnitude is the residual's norm.
    remainder: T,
    /// ‖b‖.
    size: T,
    /// ‖A‖ as far as the Lanczos coefficients show it.
    operator_norm: T,
    products: f64,
    started: bool,
    ended: bool,
}

impl<'a, T: Scalar> Minres<'a, T> {
    /// The iteration for `operator` x = `right_hand_side`, from zero.
    pub fn new(operator: &'a dyn LinearOperator<T>, right_hand_side: &DVector<T>) -> Self {
        let (zero, norm) = (DVector::zeros(right_hand_side.len()), right_hand_side.norm());
        let start = if norm > T::zero() { right_hand_side / norm } else { zero.clone() };
        Self {
            operator,
            right_hand_side: right_hand_side.clone(),
            solution: zero.clone(),
            basis: [zero.clone(), start],
            directions: [zero.clone(), zero],
            beside: T::zero(),
            rotations: [(T::one(), T::zero()); 2],
            remainder: norm,
            size: norm,
            operator_norm: T::zero(),
            products: 0.0,
            started: false,
            ended: false,
        }
    }

    /// One Lanczos step: (α_j, β_{j+1}), and v_{j+1} moved into the basis.
    fn lanczos(&mut self) -> (T, T) {
        let mut next = self.operator.apply(&self.basis[1]);
        self.products += 1.0;
        next.axpy(-self.beside, &self.basis[0], T::one());
        let diagonal = self.basis[1].dot(&next);
        next.axpy(-diagonal, &self.basis[1], T::one());
        let beside = next.norm();
        if beside > T::zero() {
            next /= beside;
        }
        self.basis.swap(0, 1);
        self.basis[1] = next;
        (diagonal, beside)
    }

    fn step(&mut self) -> Iterate<T> {
        let [(older_cosine, older_sine), (cosine, sine)] = self.rotations;
        let past = self.beside;
        let (diagonal, beside) = self.lanczos();
        let far = older_sine * past;
        let near = cosine * older_cosine * past + sine * diagonal;
        let pivot = cosine * diagonal - sine * older_cosine * past;
        let norm = pivot.hypot(beside);
        if norm == T::zero() {
            self.ended = true;
            return self.iterate(Some(Event::ZeroDivisor), None);
        }
        let rotation = (pivot / norm, beside / norm);
        let length = rotation.0 * self.remainder;
        self.operator_norm = self.operator_norm.max(diagonal.hypot(beside).hypot(past));
        if !self.advance([near, far, norm], rotation.0, length) {
            self.ended = true;
            return self.iterate(None, None);
        }
        self.remainder *= -rotation.1;
        self.rotations = [self.rotations[1], rotation];
        self.beside = beside;
        let recorded = [diagonal, beside, near, far, norm, length / self.size].map(Scalar::to_f64);
        self.iterate(None, Some(Coefficients::minres(recorded)))
    }

    /// x ← x + `length` d with d = (v − `near` d_{j−1} − `far` d_{j−2}) / `norm`. Where d is so long that the rounding of A d, which
    /// grows as ε (‖A‖ ‖d‖)², may outweigh what the step gains, the residuals before and after it are computed; false where the
    /// step gains nothing: x then has the least residual there is.
    fn advance(&mut self, [near, far, norm]: [T; 3], cosine: T, length: T) -> bool {
        // The Lanczos step has moved v_j to the first place.
        let mut direction = self.basis[0].clone();
        direction.axpy(-near, &self.directions[1], T::one());
        direction.axpy(-far, &self.directions[0], T::one());
        direction /= norm;
        let stretch = self.operator_norm * direction.norm();
        let mut next = self.solution.clone();
        next.axpy(length, &direction, T::one());
        if cosine.abs() * stretch * stretch * T::of(T::EPSILON) > T::of(LONGEST) {
            self.products += 2.0;
            if self.residual(&next) >= self.residual(&self.solution) {
                return false;
            }
        }
        self.solution = next;
        self.directions.swap(0, 1);
        self.directions[1] = direction;
        true
    }

    fn residual(&self, solution: &DVector<T>) -> T {
        (&self.right_hand_side - self.operator.apply(solution)).norm()
    }

    /// ε (‖A‖ ‖x‖ + ‖b‖), the residual that rounding leaves. Past it the Lanczos vectors are rounding themselves, and on a
    /// singular system each would carry x further into the null space.
    fn attainable(&self) -> T {
        (self.operator_norm * self.solution.norm() + self.size) * T::of(T::EPSILON)
    }

    fn iterate(&self, event: Option<Event>, coefficients: Option<Coefficients>) -> Iterate<T> {
        Iterate { solution: self.solution.clone(), products: self.products, event, coefficients }
    }
}

impl<T: Scalar> Iterator for Minres<'_, T> {
    type Item = Iterate<T>;

    fn next(&mut self) -> Option<Iterate<T>> {
        if !self.started {
            self.started = true;
            return Some(self.iterate(None, None));
        }
        if self.ended || self.remainder.abs() <= self.attainable() {
            return None;
        }
        Some(self.step())
    }
}
