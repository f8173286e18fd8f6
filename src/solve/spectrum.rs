//! A symmetric matrix's eigenvalues and eigenvectors, and what follows from them for A = C + λ I.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The eigendecomposition C = Q Λ Qᵀ, eigenvalues ascending.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Λ, ascending.
    pub eigenvalues: DVector<f64>,
    /// Q, one eigenvector a column, in the eigenvalues' order.
    pub eigenvectors: DMatrix<f64>,
}

impl Spectrum {
    /// The decomposition of a symmetric matrix.
    pub fn new(matrix: &DMatrix<f64>) -> Self {
        let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(matrix.clone());
        let mut order: Vec<usize> = (0..eigenvalues.len()).collect();
        order.sort_unstable_by(|&i, &j| eigenvalues[i].total_cmp(&eigenvalues[j]));
        Self { eigenvalues: eigenvalues.select_rows(&order), eigenvectors: eigenvectors.select_columns(&order) }
    }

    /// The eigenvalues of C + `damping` I.
    pub fn damped(&self, damping: f64) -> Eigenvalues {
        Eigenvalues(self.eigenvalues.add_scalar(damping))
    }

    /// The coordinates of `vector` in the eigenvectors.
    pub fn coordinates(&self, vector: &DVector<f64>) -> DVector<f64> {
        self.eigenvectors.tr_mul(vector)
    }

    /// (C + `damping` I)⁻¹ b, or where that is singular the minimum-norm least-squares solution.
    pub fn solve(&self, damping: f64, right_hand_side: &DVector<f64>) -> DVector<f64> {
        self.solve_above(self.damped(damping).zero(), damping, right_hand_side)
    }

    /// The same where eigenvalues up to `zero` in magnitude count as zero.
    pub fn solve_above(&self, zero: f64, damping: f64, right_hand_side: &DVector<f64>) -> DVector<f64> {
        let eigenvalues = self.damped(damping);
        let mut coordinates = self.coordinates(right_hand_side);
        for (coordinate, &eigenvalue) in coordinates.iter_mut().zip(&eigenvalues.0) {
            *coordinate = if eigenvalue.abs() <= zero { 0.0 } else { *coordinate / eigenvalue };
        }
        &self.eigenvectors * coordinates
    }
}

/// The eigenvalues of A, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigenvalues(pub DVector<f64>);

impl Eigenvalues {
    /// These eigenvalues in ascending order.
    pub fn ascending(mut eigenvalues: Vec<f64>) -> Self {
        eigenvalues.sort_unstable_by(f64::total_cmp);
        Self(DVector::from_vec(eigenvalues))
    }

    /// P ε |λ|max: an eigenvalue no larger than this counts as zero.
    pub fn zero(&self) -> f64 {
        self.0.len() as f64 * f64::EPSILON * self.0.amax()
    }

    /// λmin.
    pub fn smallest(&self) -> f64 {
        self.0[0]
    }

    /// λmax.
    pub fn largest(&self) -> f64 {
        self.0[self.0.len() - 1]
    }

    /// Whether any eigenvalue counts as zero.
    pub fn singular(&self) -> bool {
        let zero = self.zero();
        self.0.iter().any(|eigenvalue| eigenvalue.abs() <= zero)
    }

    /// Whether every eigenvalue is above zero, and none counts as zero.
    pub fn positive_definite(&self) -> bool {
        self.smallest() > self.zero()
    }

    /// Whether an eigenvalue lies below zero by more than counts as zero.
    pub fn indefinite(&self) -> bool {
        self.smallest() < -self.zero()
    }

    /// max |λ| / min |λ| over the eigenvalues that do not count as zero.
    pub fn condition(&self) -> f64 {
        let zero = self.zero();
        let kept = self.0.iter().map(|eigenvalue| eigenvalue.abs()).filter(|&eigenvalue| eigenvalue > zero);
        self.0.amax() / kept.fold(f64::INFINITY, f64::min)
    }
}
