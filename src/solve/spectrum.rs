//! A symmetric matrix's eigenvalues and eigenvectors, and what follows from them for A = C + λ I.

use hessian_lab_kernels::Decomposition;
use nalgebra::{DMatrix, DVector};

/// The eigendecomposition C = Q Λ Qᵀ, eigenvalues ascending. Q is kept as reflections and rotations: turning a vector into
/// its coordinates, or back, costs O(P²), and no eigenvector is ever formed.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Λ, ascending.
    pub eigenvalues: DVector<f64>,
    decomposition: Decomposition,
}

impl Spectrum {
    /// The decomposition of a symmetric matrix.
    pub fn new(matrix: &DMatrix<f64>) -> Self {
        let decomposition = Decomposition::new(matrix.as_slice(), matrix.nrows());
        Self { eigenvalues: DVector::from_column_slice(&decomposition.eigenvalues), decomposition }
    }

    /// The eigenvalues of C + `damping` I.
    pub fn damped(&self, damping: f64) -> Eigenvalues {
        Eigenvalues(self.eigenvalues.add_scalar(damping))
    }

    /// The coordinates of `vector` in the eigenvectors.
    pub fn coordinates(&self, vector: &DVector<f64>) -> DVector<f64> {
        DVector::from_vec(self.decomposition.coordinates(vector.as_slice()))
    }

    /// The coordinates of each of `vectors`, which is cheaper than one at a time.
    pub fn coordinates_of_all(&self, vectors: &[DVector<f64>]) -> Vec<DVector<f64>> {
        let columns: Vec<f64> = vectors.iter().flat_map(|vector| vector.iter().copied()).collect();
        let coordinates = self.decomposition.coordinates(&columns);
        coordinates.chunks(self.eigenvalues.len()).map(DVector::from_column_slice).collect()
    }

    /// (C + `damping` I)⁻¹ b, or where that is singular the minimum-norm least-squares solution.
    pub fn solve(&self, damping: f64, right_hand_side: &DVector<f64>) -> DVector<f64> {
        self.solve_coordinates(damping, &self.coordinates(right_hand_side))
    }

    /// The same from the coordinates of b, which no damping changes.
    pub fn solve_coordinates(&self, damping: f64, coordinates: &DVector<f64>) -> DVector<f64> {
        self.divide(self.damped(damping).zero(), damping, coordinates)
    }

    /// The same as [`Spectrum::solve`] where eigenvalues up to `zero` in magnitude count as zero.
    pub fn solve_above(&self, zero: f64, damping: f64, right_hand_side: &DVector<f64>) -> DVector<f64> {
        self.divide(zero, damping, &self.coordinates(right_hand_side))
    }

    fn divide(&self, zero: f64, damping: f64, coordinates: &DVector<f64>) -> DVector<f64> {
        let divided = coordinates.zip_map(&self.eigenvalues, |coordinate, eigenvalue| {
            let damped = eigenvalue + damping;
            if damped.abs() <= zero { 0.0 } else { coordinate / damped }
        });
        DVector::from_vec(self.decomposition.vectors(divided.as_slice()))
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

    /// The eigenvalues of R A R for a symmetric R, of which `computed` are rounded ones, these being A's: with θₖ ≥ 0 the k-th is
    /// θₖ λₖ (Ostrowski; Horn and Johnson 2013, *Matrix analysis*, theorem 4.5.9), so that what has another sign is rounding. Where R
    /// is large that is far more than rounds the largest.
    #[cfg(feature = "full")]
    pub fn signing(&self, computed: Self) -> Self {
        let zero = self.zero();
        Self(self.0.zip_map(&computed.0, |own, computed| match own {
            _ if own > zero => computed.max(0.0),
            _ if own < -zero => computed.min(0.0),
            _ => 0.0,
        }))
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
