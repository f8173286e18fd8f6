//! The inertia of A = C + λ I, the signs of its eigenvalues, with its ends and what would mend it.

use serde::Serialize;

use crate::digits::{raised, rounded};
use crate::solve::spectrum::Eigenvalues;

/// How much more damping than needed is advised: at the edge itself the matrix would be singular.
const ROOM: f64 = 1.06;

/// The damping advised for a matrix with eigenvalues that are zero and none below.
const FOR_SINGULAR: f64 = 0.1;

/// How many eigenvalues of A are positive, negative and zero (Sylvester's inertia; Horn and Johnson 2013, *Matrix analysis*,
/// definition 4.5.6), and what follows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Inertia {
    /// How many lie above zero.
    pub positive: usize,
    /// How many lie below zero.
    pub negative: usize,
    /// How many count as zero.
    pub zero: usize,
    /// λmin.
    pub smallest: f64,
    /// λmax.
    pub largest: f64,
    /// P ε |λ|max: an eigenvalue no larger than this counts as zero, and one no farther past Neumann's edge as on it.
    pub tolerance: f64,
    /// A damping in two digits, with some room, that makes the matrix positive definite; null where C is so without any.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub curing_damping: Option<f64>,
    /// The least scale in three digits that is no smaller than λmax/2: at it Neumann's interval is just wide enough, or λmax on its
    /// edge. Null unless λmax is positive.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub enclosing_scale: Option<f64>,
    /// (λmin + λmax)/2 in three digits, where Neumann's slowest eigenvector fades fastest; in eight where three would miss the
    /// interval that it is to open. Null unless A is positive definite.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub best_scale: Option<f64>,
}

impl Inertia {
    /// That of the matrix with these eigenvalues; `undamped` are those of C.
    pub fn new(eigenvalues: &Eigenvalues, undamped: &Eigenvalues) -> Self {
        let (smallest, largest, tolerance) = (eigenvalues.smallest(), eigenvalues.largest(), eigenvalues.zero());
        let count = |holds: fn(f64, f64) -> bool| eigenvalues.0.iter().filter(|&&e| holds(e, tolerance)).count();
        Self {
            positive: count(|eigenvalue, zero| eigenvalue > zero),
            negative: count(|eigenvalue, zero| eigenvalue < -zero),
            zero: count(|eigenvalue, zero| eigenvalue.abs() <= zero),
            smallest,
            largest,
            tolerance,
            curing_damping: curing_damping(undamped),
            enclosing_scale: (largest > tolerance).then(|| raised(largest / 2.0, 3)),
            best_scale: eigenvalues.positive_definite().then(|| best_scale(smallest, largest)),
        }
    }
}

fn curing_damping(undamped: &Eigenvalues) -> Option<f64> {
    if undamped.positive_definite() {
        return None;
    }
    let needed = if undamped.indefinite() {
        rounded(-ROOM * undamped.smallest(), 2)
    } else {
        FOR_SINGULAR.max(raised(2.0 * undamped.zero(), 2))
    };
    Some(needed)
}

fn best_scale(smallest: f64, largest: f64) -> f64 {
    let best = (smallest + largest) / 2.0;
    let opens = |&scale: &f64| 2.0 * scale > largest;
    [3, 8].map(|digits| rounded(best, digits)).into_iter().find(opens).unwrap_or_else(|| raised(best, 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inertia(eigenvalues: &[f64], damping: f64) -> Inertia {
        let damped = eigenvalues.iter().map(|eigenvalue| eigenvalue + damping).collect();
        Inertia::new(&Eigenvalues::ascending(damped), &Eigenvalues::ascending(eigenvalues.to_vec()))
    }

    #[test]
    fn signs_are_counted_past_rounding() {
        let of = |eigenvalues: &[f64]| {
            let Inertia { positive, negative, zero, .. } = inertia(eigenvalues, 0.0);
            (positive, negative, zero)
        };
        assert_eq!(of(&[-0.2, -1e-17, 0.0, 1e-17, 3.0]), (1, 1, 3));
        assert_eq!(of(&[-1e-14, 1e-14, 1.0]), (2, 1, 0));
        assert_eq!(of(&[0.0, 0.0]), (0, 0, 2));
    }

    #[test]
    fn the_damping_advised_makes_the_matrix_positive_definite_and_stays_as_damping_moves() {
        let indefinite = [-0.3781, 0.02, 5.1];
        for damping in [0.0, 0.1, 0.3781, 0.4, 2.0] {
            assert_eq!(inertia(&indefinite, damping).curing_damping, Some(0.4), "{damping}");
        }
        assert_eq!(inertia(&indefinite, 0.4).negative, 0);
        for rounding in [-2.0 * f64::EPSILON, -3e-17, 0.0, 3e-17] {
            assert_eq!(inertia(&[rounding, 1.0], 0.0).curing_damping, Some(0.1), "singular: {rounding:e}");
        }
        assert_eq!(inertia(&[0.5, 1.0], 0.0).curing_damping, None);
        assert_eq!(inertia(&[1e-9, 4.0], 1e6).curing_damping, None, "definite without any, however much there is");
        let huge = [0.0, 1e16];
        assert_eq!(inertia(&huge, inertia(&huge, 0.0).curing_damping.expect("singular")).zero, 0);
    }

    #[test]
    fn the_enclosing_scale_has_no_eigenvalue_past_its_edge() {
        for largest in [4.7042, 4.6999, 4.7, 1e-5 / 3.0, 2e8 / 3.0] {
            let scale = inertia(&[-1.0, largest], 0.0).enclosing_scale.expect("a positive eigenvalue");
            assert!(2.0 * scale >= largest && scale < 1.005 * largest / 2.0, "{largest}: {scale}");
        }
        assert_eq!(inertia(&[0.5, 4.7042], 0.0).enclosing_scale, Some(2.36));
        assert_eq!(inertia(&[-1.0, 1e-17], 0.0).enclosing_scale, None);
    }

    #[test]
    fn the_best_scale_opens_its_interval() {
        assert_eq!(inertia(&[1.0, 4.1236], 0.0).best_scale, Some(2.56));
        let narrow = inertia(&[0.0, 2.0014], 1e-4).best_scale.expect("definite");
        assert!(2.0 * narrow > 2.0015 && (narrow - 1.0008).abs() < 1e-7, "{narrow}");
        assert_eq!(inertia(&[1e-4, 2.0], 0.0).best_scale, Some(1.00005), "1.00 has 2 on its very edge");
        let narrower = inertia(&[1e-8, 3.4876410612], 0.0).best_scale.expect("definite");
        assert!(2.0 * narrower > 3.4876410612 && narrower < 1.743820601, "{narrower}");
        assert_eq!(inertia(&[-1.0, 4.0], 0.0).best_scale, None);
        assert_eq!(inertia(&[0.0, 4.0], 0.0).best_scale, None);
    }
}
