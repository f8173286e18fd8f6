//! Steps along the gradient: of a fixed rate, with momentum, or as long as a line search allows.

use nalgebra::DVector;

use crate::objective::Objective;
use crate::training::position::Position;
use crate::training::{Descent, Outcome, Step};

/// θ ← θ − η ∇, with a fixed rate η: nothing keeps the objective from rising.
pub struct FixedRate {
    position: Position,
    learning_rate: f64,
}

impl FixedRate {
    /// The method at `theta` with the rate η.
    pub fn new(objective: Objective<f64>, theta: DVector<f64>, learning_rate: f64) -> Self {
        Self { position: Position::new(objective, theta), learning_rate }
    }
}

impl Descent for FixedRate {
    fn position(&self) -> &Position {
        &self.position
    }

    fn step(&mut self) -> Step {
        let mut theta = self.position.evaluation.theta.clone();
        theta.axpy(-self.learning_rate, &self.position.gradient, 1.0);
        leap(&mut self.position, theta)
    }
}

/// The heavy ball: v ← β v − η ∇, θ ← θ + v, from v = 0 (Polyak 1964, *Some methods of speeding up the convergence of
/// iteration methods*, <https://doi.org/10.1016/0041-5553(64)90137-5>). It may roll uphill.
pub struct HeavyBall {
    position: Position,
    learning_rate: f64,
    momentum: f64,
    velocity: DVector<f64>,
}

impl HeavyBall {
    /// The method at rest at `theta` with the rate η and the momentum β.
    pub fn new(objective: Objective<f64>, theta: DVector<f64>, learning_rate: f64, momentum: f64) -> Self {
        let velocity = DVector::zeros(theta.len());
        Self { position: Position::new(objective, theta), learning_rate, momentum, velocity }
    }
}

impl Descent for HeavyBall {
    fn position(&self) -> &Position {
        &self.position
    }

    fn step(&mut self) -> Step {
        self.velocity.axpy(-self.learning_rate, &self.position.gradient, self.momentum);
        let theta = &self.position.evaluation.theta + &self.velocity;
        leap(&mut self.position, theta)
    }
}

fn leap(position: &mut Position, theta: DVector<f64>) -> Step {
    let outcome = if position.leap(theta) { Outcome::Moved } else { Outcome::Diverged };
    Step { outcome, ratio: None }
}

/// The part of the slope's promise that a step has to keep.
const SUFFICIENT: f64 = 1e-4;

/// Steepest descent with a backtracking line search: the rate is halved until the objective falls by at least 10⁻⁴ η ‖∇‖²
/// (Armijo 1966, <https://doi.org/10.2140/pjm.1966.16.1>; Nocedal and Wright 2006, *Numerical optimization*, algorithm
/// 3.1), starting at twice the last step's rate, and until the slope promises less than the objective's rounding. The objective
/// never rises.
pub struct LineSearch {
    position: Position,
    rate: f64,
}

impl LineSearch {
    /// The method at `theta`; the first rate that it tries is 1.
    pub fn new(objective: Objective<f64>, theta: DVector<f64>) -> Self {
        Self { position: Position::new(objective, theta), rate: 0.5 }
    }
}

impl Descent for LineSearch {
    fn position(&self) -> &Position {
        &self.position
    }

    fn step(&mut self) -> Step {
        let value = self.position.evaluation.value();
        let slope = self.position.gradient.norm_squared();
        let mut rate = 2.0 * self.rate;
        while rate * slope > f64::EPSILON * value.abs() {
            let theta = &self.position.evaluation.theta - &self.position.gradient * rate;
            let next = self.position.look(theta);
            let fall = value - next.value();
            if fall > 0.0 && fall >= SUFFICIENT * rate * slope {
                self.rate = rate;
                self.position.go(next);
                return Step { outcome: Outcome::Moved, ratio: None };
            }
            rate /= 2.0;
        }
        Step { outcome: Outcome::Settled, ratio: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::loss::{Loss, Targets};
    use crate::objective::Data;
    use crate::parameters::Layout;
    use nalgebra::DMatrix;

    /// Three linear layers whose weights and datum are 10⁶: the curvature is of the order of 10³⁶, and so many halvings lead there.
    #[test]
    fn a_line_search_goes_on_until_the_slope_promises_nothing() {
        let inputs = DMatrix::from_element(1, 1, 1e6);
        let data = Data { inputs, targets: Targets::Values(DMatrix::from_element(1, 1, 1.0)) };
        let objective = Objective::new(Layout::new(&[1, 1, 1, 1]), Activation::Identity, data, Loss::Mse, 0.0);
        let mut search = LineSearch::new(objective, DVector::from_element(6, 1e6));
        let start = search.position().evaluation.value();
        for _ in 0..20 {
            assert_eq!(search.step().outcome, Outcome::Moved);
        }
        assert!(search.rate < 1e-30 && search.position().evaluation.value() < 0.5 * start, "{:e}", search.rate);
        assert!(search.position().effort.values < 200, "{}", search.position().effort.values);
    }
}
