//! The two floating-point types that every network, product and iteration is written for.

use hessian_lab_kernels::Number;
use nalgebra::{DMatrix, RealField};

/// A real number of one of the two precisions, `f32` or `f64`.
pub trait Scalar: RealField + Copy + Number {
    /// The distance ε from 1 to the next larger number.
    const EPSILON: f64;

    /// The square of ε times such a number does not underflow.
    const SQUARABLE: f64;

    /// The nearest number of this precision.
    fn of(value: f64) -> Self;

    /// The same number in `f64`.
    fn to_f64(self) -> f64;
}

impl Scalar for f32 {
    const EPSILON: f64 = f32::EPSILON as f64;
    const SQUARABLE: f64 = 1e-11;

    fn of(value: f64) -> Self {
        value as f32
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Scalar for f64 {
    const EPSILON: f64 = f64::EPSILON;
    const SQUARABLE: f64 = 1e-130;

    fn of(value: f64) -> Self {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }
}

/// The matrix with every entry rounded to the precision `T`.
pub fn cast<S: Scalar, T: Scalar>(matrix: &DMatrix<S>) -> DMatrix<T> {
    matrix.map(|entry| T::of(entry.to_f64()))
}

/// The vector with every entry rounded to the precision `T`.
pub fn cast_vector<S: Scalar, T: Scalar>(vector: &nalgebra::DVector<S>) -> nalgebra::DVector<T> {
    vector.map(|entry| T::of(entry.to_f64()))
}

/// The float32 value nearest to `value`, kept in `f64`: drawn numbers are exact in both precisions.
pub fn round_to_f32(value: f64) -> f64 {
    f64::from(value as f32)
}
