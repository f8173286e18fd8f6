//! When CG has done enough: Martens' rule, which looks at how much the last steps lowered the quadratic.

use nalgebra::DVector;

use crate::solve::{Coefficients, Iterate};

/// ε: the least progress a step, as a part of all progress so far, that is worth going on for.
const LEAST_PROGRESS: f64 = 5e-4;

/// The least number of steps that progress is judged over.
const LEAST_STEPS: usize = 10;

/// The iterates of conjugate gradients on A x = `right_hand_side`, from zero and without preconditioner, until their progress
/// is relatively small: up to the first i > k with φ(x_i) < 0 and (φ(x_i) − φ(x_{i−k}))/φ(x_i) < k ε, where
/// φ(x) = ½ xᵀAx − bᵀx, k = max(10, i/10) and ε = 0.0005 (Martens 2010, *Deep learning via Hessian-free optimization*,
/// section 4.4, <https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf>).
///
/// φ comes from CG's own α and β, without another product: a step lowers it by ½ α rᵀr.
pub fn while_progressing(
    solver: impl Iterator<Item = Iterate<f64>>,
    right_hand_side: &DVector<f64>,
) -> impl Iterator<Item = Iterate<f64>> {
    let mut progress = Progress { values: vec![0.0], weight: right_hand_side.norm_squared() };
    let mut stalled = false;
    solver.take_while(move |iterate| {
        let go_on = !stalled;
        progress.note(iterate.coefficients);
        stalled = progress.stalled();
        go_on
    })
}

struct Progress {
    /// φ(x_0), φ(x_1), …
    values: Vec<f64>,
    /// rᵀr of the last iterate.
    weight: f64,
}

impl Progress {
    fn note(&mut self, coefficients: Option<Coefficients>) {
        if let Some(Coefficients::ConjugateGradient { alpha, beta }) = coefficients {
            self.values.push(self.values[self.values.len() - 1] - 0.5 * alpha * self.weight);
            self.weight *= beta;
        }
    }

    fn stalled(&self) -> bool {
        let i = self.values.len() - 1;
        let k = LEAST_STEPS.max(i / 10);
        let last = self.values[i];
        i > k && last < 0.0 && (last - self.values[i - k]) / last < k as f64 * LEAST_PROGRESS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::{Dense, LinearOperator};
    use crate::solve::conjugate_gradient::{ConjugateGradient, Start};
    use nalgebra::DMatrix;

    /// A system of `count` unknowns, `decades` between its eigenvalues.
    fn system(count: usize, decades: f64) -> (Dense<f64>, DVector<f64>) {
        let eigenvalue = |i| 10_f64.powf(-decades * i as f64 / (count - 1) as f64);
        let eigenvalues = DVector::from_fn(count, |i, _| eigenvalue(i));
        (Dense(DMatrix::from_diagonal(&eigenvalues)), DVector::from_element(count, 1.0))
    }

    fn quadratic(matrix: &Dense<f64>, b: &DVector<f64>, x: &DVector<f64>) -> f64 {
        0.5 * x.dot(&matrix.apply(x)) - b.dot(x)
    }

    /// The second run is so long that progress is judged over more than ten steps.
    #[test]
    fn it_stops_at_the_first_iterate_that_the_rule_names() {
        for (count, decades, least) in [(60, 2.0, 11), (400, 4.0, 111)] {
            let (matrix, b) = system(count, decades);
            let all: Vec<_> = ConjugateGradient::new(&matrix, &b, Start::Zero).take(count).collect();
            let phi: Vec<_> = all.iter().map(|iterate| quadratic(&matrix, &b, &iterate.solution)).collect();
            let named = (0..all.len()).find(|&i| {
                let k = 10.max(i / 10);
                i > k && phi[i] < 0.0 && (phi[i] - phi[i - k]) / phi[i] < k as f64 * 5e-4
            });
            let stopped = while_progressing(ConjugateGradient::new(&matrix, &b, Start::Zero), &b).count() - 1;
            assert_eq!(Some(stopped), named);
            assert!((least..count - 1).contains(&stopped), "{stopped}");
        }
    }

    #[test]
    fn a_solver_that_ends_before_is_left_alone() {
        let (matrix, b) = (Dense(DMatrix::identity(5, 5)), DVector::from_element(5, 1.0));
        assert_eq!(while_progressing(ConjugateGradient::new(&matrix, &b, Start::Zero), &b).count(), 2);
    }
}
