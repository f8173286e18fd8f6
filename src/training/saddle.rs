//! The way off a saddle point: a direction along which the objective bends down, and how far it falls along that.

use nalgebra::DVector;
use rand::RngExt;
use rand_distr::StandardNormal;
use rand_pcg::Pcg32;

use crate::operator::LinearOperator;
use crate::solve::Event;
use crate::solve::conjugate_gradient::{ConjugateGradient, OnNegativeCurvature, Start};

/// A direction d with dᵀHd < 0.
pub struct NegativeCurvature {
    /// d, of length 1.
    pub direction: DVector<f64>,
    /// dᵀHd.
    pub curvature: f64,
}

/// What a search for negative curvature came to.
pub struct Search {
    /// A direction of it, where H has a negative eigenvalue that the search could tell from rounding.
    pub found: Option<NegativeCurvature>,
    /// Products that it took.
    pub products: usize,
}

impl Search {
    /// Conjugate gradients on H x = H z, z drawn, until they meet pᵀHp < 0: before they converge they do, unless H has no
    /// negative eigenvalue, since only a residual polynomial with a root below zero lowers that part of the residual
    /// (Nocedal and Wright 2006, *Numerical optimization*, section 7.1). H z, unlike z, H can reach where it is singular.
    pub fn new(hessian: &dyn LinearOperator<f64>, most_steps: usize) -> Self {
        let mut generator = Pcg32::new(0, 6);
        let drawn = DVector::from_fn(hessian.dimension(), |_, _| generator.sample::<f64, _>(StandardNormal));
        let mut solver = ConjugateGradient::new(hessian, &hessian.apply(&drawn), Start::Zero)
            .on_negative_curvature(OnNegativeCurvature::Stop);
        let mut products = 1;
        for iterate in solver.by_ref().take(most_steps + 1) {
            products = 1 + iterate.products as usize;
            if let Some(Event::NegativeCurvature(curvature)) = iterate.event {
                let found = (curvature < 0.0)
                    .then(|| NegativeCurvature { direction: solver.direction().normalize(), curvature });
                return Self { found, products };
            }
        }
        Self { found: None, products }
    }
}

impl NegativeCurvature {
    /// The longest of the steps t d, 2 t d, 4 t d, … before the objective rises again; none where the first does not lower it. Of
    /// d and −d the one that `gradient` does not climb is taken; t is the length at which ½ t² dᵀHd is −`gain`.
    pub fn descend(
        &self,
        gradient: &DVector<f64>,
        gain: f64,
        mut reduction: impl FnMut(&DVector<f64>) -> f64,
    ) -> Option<DVector<f64>> {
        let length = (2.0 * gain / -self.curvature).sqrt();
        let downhill = length.copysign(-gradient.dot(&self.direction));
        let mut best = None;
        let mut reduced = 0.0;
        let mut step = &self.direction * downhill;
        loop {
            let reduces = reduction(&step);
            if reduces.is_nan() || reduces <= reduced {
                return best;
            }
            reduced = reduces;
            best = Some(step.clone());
            step *= 2.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::Dense;
    use nalgebra::DMatrix;

    fn search(eigenvalues: Vec<f64>) -> Search {
        Search::new(&Dense(DMatrix::from_diagonal(&DVector::from_vec(eigenvalues))), 500)
    }

    #[test]
    fn one_negative_eigenvalue_among_many_is_found() {
        let eigenvalues: Vec<f64> = (0..60).map(|k| if k == 7 { -1e-4 } else { 1.0 + f64::from(k) }).collect();
        let Search { found, products } = search(eigenvalues.clone());
        let NegativeCurvature { direction, curvature } = found.expect("there is one");
        let quotient: f64 = direction.iter().zip(&eigenvalues).map(|(d, eigenvalue)| d * d * eigenvalue).sum();
        assert!((direction.norm() - 1.0).abs() < 1e-12);
        assert!(curvature < 0.0 && (quotient - curvature).abs() < 1e-12, "{quotient:e} {curvature:e}");
        assert!((3..=62).contains(&products), "{products}");
    }

    #[test]
    fn definite_and_singular_matrices_have_none() {
        assert!(search((0..60).map(|k| 0.01 + f64::from(k)).collect()).found.is_none());
        assert!(search((0..60).map(|k| f64::from(k % 5)).collect()).found.is_none());
        assert_eq!(search(vec![2.0; 9]).products, 2, "one for the right-hand side, one for the step to its end");
    }

    #[test]
    fn a_descent_goes_on_while_the_objective_falls() {
        let bend = NegativeCurvature { direction: DVector::from_vec(vec![0.6, -0.8]), curvature: -2.0 };
        // Along d the objective is −t² + t⁴/2, with its minimum at 1.
        let reduction = |step: &DVector<f64>| step.norm_squared() - step.norm_squared().powi(2) / 2.0;
        for climb in [1.0, -1.0] {
            let step = bend.descend(&(&bend.direction * climb), 1e-12, reduction).expect("it falls");
            assert!(step.dot(&bend.direction) * climb < 0.0, "it does not climb");
            let length = step.norm();
            assert!((length / 1e-6).log2().fract().abs() < 1e-9 && (0.5..1.3).contains(&length), "{length}");
        }
        for worse in [-1.0, 0.0, f64::NAN] {
            assert_eq!(bend.descend(&bend.direction, 1e-12, |_| worse), None);
        }
    }
}
