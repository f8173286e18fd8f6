//! The loss of a network's outputs, with its gradient and Hessian by the outputs.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use crate::coverage::full_only;
use crate::scalar::{Scalar, cast};

/// A loss R Σₙ ℓₙ over N data with C outputs each.
///
/// `Mse`: ℓₙ = ‖fₙ − yₙ‖² and R = 1/(N·C), as `torch.nn.MSELoss`. `CrossEntropy`: ℓₙ = −ln softmax(fₙ) at class yₙ, and
/// R = 1/N, as `torch.nn.CrossEntropyLoss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Mean squared error.
    Mse,
    /// Softmax cross-entropy; targets are class indices.
    CrossEntropy,
}

/// What the outputs are compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets<T: Scalar> {
    /// One column a datum, C × N, for [`Loss::Mse`].
    Values(DMatrix<T>),
    /// One class index a datum, for [`Loss::CrossEntropy`].
    Classes(Vec<usize>),
}

impl<T: Scalar> Targets<T> {
    /// The same targets in the precision `U`.
    pub fn cast<U: Scalar>(&self) -> Targets<U> {
        match self {
            Self::Values(values) => Targets::Values(cast(values)),
            Self::Classes(classes) => Targets::Classes(classes.clone()),
        }
    }

    /// ℓₙ at the outputs `f` of datum `n`.
    pub fn loss(&self, n: usize, f: &[T]) -> T {
        match self {
            Self::Values(values) => {
                let targets = values.column(n);
                let differences = f.iter().zip(&targets).map(|(&f, &y)| f - y);
                differences.fold(T::zero(), |sum, difference| sum + difference * difference)
            }
            Self::Classes(classes) => cross_entropy(f, classes[n]),
        }
    }

    /// ∇_f ℓₙ at the outputs `f` of datum `n`, C numbers.
    pub fn write_gradient(&self, n: usize, f: &[T], gradient: &mut [T]) {
        match self {
            Self::Values(values) => {
                let targets = values.column(n);
                let pairs = f.iter().zip(&targets);
                gradient.iter_mut().zip(pairs).for_each(|(entry, (&f, &y))| *entry = (f - y) * T::of(2.0));
            }
            Self::Classes(classes) => {
                gradient.copy_from_slice(softmax(&DVector::from_column_slice(f)).as_slice());
                // p_y − 1 as a sum over the other classes: where y is nearly certain, the difference cancels.
                gradient[classes[n]] = T::zero();
                gradient[classes[n]] = -gradient.iter().fold(T::zero(), |sum, &p| sum + p);
            }
        }
    }

    /// ∇²_f ℓₙ at the outputs `f`, C × C numbers; neither loss's Hessian depends on the target.
    pub fn write_hessian(&self, f: &[T], hessian: &mut [T]) {
        let outputs = f.len();
        match self {
            Self::Values(_) => {
                hessian.fill(T::zero());
                hessian.iter_mut().step_by(outputs + 1).for_each(|entry| *entry = T::of(2.0));
            }
            Self::Classes(_) => {
                let p = softmax(&DVector::from_column_slice(f));
                for (column, entries) in hessian.chunks_exact_mut(outputs).enumerate() {
                    entries.iter_mut().zip(&p).for_each(|(entry, &other)| *entry = -other * p[column]);
                    // pᵢ (1 − pᵢ) as a sum over the other classes: where a class is nearly certain, the difference cancels and
                    // the matrix loses its null vector.
                    let others = (0..outputs).filter(|&j| j != column);
                    entries[column] = others.fold(T::zero(), |sum, j| sum + p[column] * p[j]);
                }
            }
        }
    }
}

impl Loss {
    /// R, the weight of one datum's ℓₙ in the loss of `data` data with `outputs` outputs.
    pub fn normalizer(self, data: usize, outputs: usize) -> f64 {
        match self {
            Self::Mse => 1.0 / (data * outputs) as f64,
            Self::CrossEntropy => 1.0 / data as f64,
        }
    }
}

/// The class probabilities e^fᵢ / Σⱼ e^fⱼ.
pub fn softmax<T: Scalar>(f: &DVector<T>) -> DVector<T> {
    full_only();
    let largest = f.max();
    let weights = f.map(|entry| (entry - largest).exp());
    let total = weights.sum();
    weights / total
}

/// ln Σⱼ e^fⱼ − f_y, as m − f_y + ln(1 + Σ e^(fⱼ − m)) over the classes but the likeliest, whose output is m: where y is nearly
/// certain, all of it lies in the sum.
fn cross_entropy<T: Scalar>(f: &[T], class: usize) -> T {
    full_only();
    let likeliest = (0..f.len()).fold(class, |best, other| if f[other] > f[best] { other } else { best });
    let others = (0..f.len()).filter(|&other| other != likeliest);
    let sum = others.fold(T::zero(), |sum, other| sum + (f[other] - f[likeliest]).exp());
    f[likeliest] - f[class] + sum.ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradient_and_hessian_equal_central_differences() {
        let values = Targets::Values(DMatrix::from_column_slice(3, 1, &[0.3, -1.2, 0.5]));
        for targets in [values, Targets::Classes(vec![1])] {
            let (f, step): (_, f64) = (DVector::from_column_slice(&[0.4, -0.3, 1.1]), 1e-5);
            let gradient = |f: &DVector<f64>| {
                let mut gradient = DVector::zeros(3);
                targets.write_gradient(0, f.as_slice(), gradient.as_mut_slice());
                gradient
            };
            let mut hessian = DMatrix::zeros(3, 3);
            targets.write_hessian(f.as_slice(), hessian.as_mut_slice());
            for i in 0..3 {
                let (mut up, mut down) = (f.clone(), f.clone());
                up[i] += step;
                down[i] -= step;
                let slope = (targets.loss(0, up.as_slice()) - targets.loss(0, down.as_slice())) / (2.0 * step);
                let bend = (gradient(&up) - gradient(&down)) / (2.0 * step);
                assert!((gradient(&f)[i] - slope).abs() < 1e-9);
                assert!((hessian.column(i) - bend).norm() < 1e-9);
            }
        }
    }

    #[test]
    fn a_class_that_is_nearly_certain_keeps_its_digits() {
        let targets = Targets::Classes(vec![1]);
        for apart in [12.0_f64, 20.0, 40.0, 300.0] {
            let (f, mut gradient) = ([0.0, apart], [0.0; 2]);
            targets.write_gradient(0, &f, &mut gradient);
            let other = (-apart).exp() / (1.0 + (-apart).exp());
            assert!((gradient[0] / other - 1.0).abs() < 1e-14, "{gradient:?}");
            assert_eq!(gradient[1], -gradient[0]);
            let loss = (-apart).exp().ln_1p();
            assert!((targets.loss(0, &f) / loss - 1.0).abs() < 1e-14, "{}", targets.loss(0, &f));
        }
    }

    #[test]
    fn cross_entropy_does_not_overflow() {
        let targets = Targets::Classes(vec![0]);
        let (f, mut gradient) = ([-1e4_f32, 1e4], [0.0; 2]);
        targets.write_gradient(0, &f, &mut gradient);
        assert_eq!((targets.loss(0, &f), gradient), (2e4, [-1.0, 1.0]));
    }
}
