//! Lengths and directions of vectors whose numbers may be of any magnitude: squares of small and large ones leave float64.

use nalgebra::{DVector, Dyn, Storage, Vector};

/// The squares of such numbers, and their sums, neither overflow nor lose digits to underflow.
const SQUARABLE: std::ops::Range<f64> = 1e-140..1e140;

/// ‖v‖.
pub fn norm(vector: &Vector<f64, Dyn, impl Storage<f64, Dyn>>) -> f64 {
    let norm = vector.norm();
    if SQUARABLE.contains(&norm) {
        return norm;
    }
    let largest = vector.amax();
    if largest > 0.0 && largest.is_finite() { largest * (vector / largest).norm() } else { largest }
}

/// The number, where it is finite.
#[cfg(feature = "full")]
pub fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

/// v/‖v‖; none of a vector that is zero or not finite.
pub fn direction(vector: &DVector<f64>) -> Option<DVector<f64>> {
    let norm = vector.norm();
    if SQUARABLE.contains(&norm) {
        return Some(vector / norm);
    }
    let largest = vector.amax();
    (largest > 0.0 && largest.is_finite()).then(|| (vector / largest).normalize())
}

/// The cosine of the angle between two vectors, where there is one.
pub fn cosine(a: &DVector<f64>, b: &DVector<f64>) -> Option<f64> {
    let norms = [a.norm(), b.norm()];
    if norms.iter().all(|norm| SQUARABLE.contains(norm)) {
        return Some(a.dot(b) / (norms[0] * norms[1]));
    }
    Some(direction(a)?.dot(&direction(b)?))
}

#[cfg(test)]
mod tests {
    use super::{cosine, direction, norm};
    use nalgebra::DVector;

    #[test]
    fn magnitude_does_not_matter() {
        for size in [1e-300, 1e-160, 1e-9, 1.0, 1e9, 1e160, 1e300] {
            let (a, b) = (DVector::from_vec(vec![3.0, 4.0]) * size, DVector::from_vec(vec![5.0, 0.0]) * size);
            assert!((norm(&a) / size - 5.0).abs() < 1e-14, "{size:e}: {:e}", norm(&a));
            assert!((cosine(&a, &b).expect("an angle") - 0.6).abs() < 1e-14, "{size:e}");
            assert!((direction(&a).expect("a direction")[0] - 0.6).abs() < 1e-14, "{size:e}");
        }
    }

    #[test]
    fn what_is_zero_or_not_finite_has_no_direction() {
        let ones = DVector::from_element(2, 1.0);
        for number in [0.0, f64::INFINITY, f64::NAN] {
            let vector = DVector::from_vec(vec![number, 0.0]);
            assert_eq!((direction(&vector), cosine(&vector, &ones)), (None, None), "{number}");
        }
        assert_eq!(norm(&DVector::zeros(2)), 0.0);
    }
}
