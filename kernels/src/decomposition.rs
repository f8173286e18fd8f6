//! A symmetric matrix's eigenvalues, and vectors turned into its eigenvectors' coordinates and back.

use crate::panels::Four;
use crate::reduction::Reduction;
use crate::rotations::Rotations;

/// A = (Q V) Λ (Q V)ᵀ, the eigenvalues ascending. The eigenvectors are kept as what makes them, reflections and rotations: no
/// matrix of them is formed, and a vector is turned in O(P²).
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// Λ, ascending.
    pub eigenvalues: Vec<f64>,
    /// Which of T's eigenvalues, as the rotations leave them, comes first, second, and so on.
    order: Vec<usize>,
    reduction: Reduction,
    rotations: Rotations,
}

impl Decomposition {
    /// The decomposition of a symmetric matrix of finite numbers.
    pub fn new(matrix: &[f64], size: usize) -> Self {
        let [down, up] = scales(matrix);
        let reduction = Reduction::new(matrix.iter().map(|entry| entry * down).collect(), size);
        Self::finish(reduction, up)
    }

    fn finish(mut reduction: Reduction, up: f64) -> Self {
        let mut values = std::mem::take(&mut reduction.diagonal);
        let rotations = Rotations::new(&mut values, std::mem::take(&mut reduction.beside));
        let order = ascending(&values);
        let eigenvalues = order.iter().map(|&i| values[i] * up).collect();
        Self { eigenvalues, order, reduction, rotations }
    }

    /// The coordinates of every column of `vectors` in the eigenvectors, in the eigenvalues' order. A column's coordinates do
    /// not depend on what stands beside it.
    pub fn coordinates(&self, vectors: &[f64]) -> Vec<f64> {
        self.by_fours(vectors, |from, rows| {
            (0..rows.len()).for_each(|i| rows[i] = from(i));
            self.reduction.rotate(rows);
            self.rotations.rotate(rows);
            self.order.iter().map(|&i| rows[i]).collect()
        })
    }

    /// The vectors with these coordinates, the inverse of [`Decomposition::coordinates`].
    pub fn vectors(&self, coordinates: &[f64]) -> Vec<f64> {
        self.by_fours(coordinates, |from, rows| {
            self.order.iter().enumerate().for_each(|(i, &place)| rows[place] = from(i));
            self.rotations.rotate_back(rows);
            self.reduction.rotate_back(rows);
            rows.to_vec()
        })
    }

    /// Works on four columns at a time, rows abreast; `turn` is given each row and a place to work in.
    fn by_fours(&self, columns: &[f64], turn: impl Fn(&dyn Fn(usize) -> Four, &mut [Four]) -> Vec<Four>) -> Vec<f64> {
        let size = self.order.len();
        let mut results = vec![0.0; columns.len()];
        let mut rows = vec![[0.0; 4]; size];
        for (columns, results) in columns.chunks(4 * size.max(1)).zip(results.chunks_mut(4 * size.max(1))) {
            let row = |i: usize| [0, 1, 2, 3].map(|lane| columns.get(lane * size + i).copied().unwrap_or(0.0));
            for (i, turned) in turn(&row, &mut rows).into_iter().enumerate() {
                for (column, entry) in results.chunks_mut(size).zip(turned) {
                    column[i] = entry;
                }
            }
        }
        results
    }
}

/// The places of the values in ascending order, by insertion: beside a decomposition it costs nothing, and a sort's code is long.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        let place = order.partition_point(|&j: &usize| values[j].total_cmp(value).is_le());
        order.insert(place, i);
    }
    order
}

/// Powers of two that bring the largest entry near 1, and back: squares neither overflow nor vanish.
fn scales(matrix: &[f64]) -> [f64; 2] {
    let larger = |most: f64, entry: &f64| if entry.abs() > most { entry.abs() } else { most };
    let largest = matrix.iter().fold(0.0, larger);
    let exponent = (largest.to_bits() >> 52).clamp(1, 2045);
    [2046 - exponent, exponent].map(|exponent| f64::from_bits(exponent << 52))
}
