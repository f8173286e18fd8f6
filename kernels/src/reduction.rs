//! A symmetric matrix brought to tridiagonal form by Householder reflections.

use crate::panels::{Four, Panels, tile};

/// Columns whose updates of the rest of the matrix are put off and done at once, as a matrix product.
const PANEL: usize = 32;

/// Up to this size the matrix stays in the nearest cache, and nothing is put off.
const SMALL: usize = 64;

/// A sum of squares below which a vector of a matrix of size 1 counts as zero: its reflection would be rounding.
const NOTHING: f64 = 1e-280;

/// A = Q T Qᵀ with Q = H₀ H₁ …, H_i = I − τ_i v_i v_iᵀ (Dongarra, Hammarling and Sorensen 1989, *Block reduction of matrices
/// to condensed forms for eigenvalue computations*, section 3, <https://doi.org/10.1016/0377-0427(89)90367-1>).
///
/// Half of the work is one product of the matrix with a vector a column, the other half a matrix product a panel.
#[derive(Clone, Debug)]
pub struct Reduction {
    size: usize,
    /// v_i in column i, from row i + 1 on.
    reflectors: Vec<f64>,
    /// τ_i.
    factors: Vec<f64>,
    /// The diagonal of T.
    pub diagonal: Vec<f64>,
    /// The entries of T beside its diagonal.
    pub beside: Vec<f64>,
}

impl Reduction {
    /// The reduction of a symmetric matrix, which is used up.
    pub fn new(matrix: Vec<f64>, size: usize) -> Self {
        let beside = size.saturating_sub(1);
        let mut reduction = Self {
            size,
            reflectors: matrix,
            factors: vec![0.0; beside],
            diagonal: vec![0.0; size],
            beside: vec![0.0; beside],
        };
        reduction.run();
        reduction
    }

    fn run(&mut self) {
        let width = if self.size <= SMALL { 1 } else { PANEL };
        let mut updates = vec![0.0; width * self.size];
        for first in (0..self.size).step_by(width) {
            let end = (first + width).min(self.size);
            for column in first..end {
                self.catch_up(first, column, &updates);
                self.diagonal[column] = self.reflectors[column * self.size + column];
                if column + 1 < self.size {
                    self.reflect(column);
                    self.prepare_update(first, column, &mut updates);
                }
            }
            if end < self.size {
                self.update_rest(first, end, &updates);
            }
        }
    }

    /// v_i, from row i + 1 on.
    fn reflector(&self, i: usize) -> &[f64] {
        &self.reflectors[i * self.size + i + 1..(i + 1) * self.size]
    }

    /// Brings a column up to date with the reflections of its own panel: a ← a − v w_j − w v_j for each.
    fn catch_up(&mut self, first: usize, column: usize, updates: &[f64]) {
        let size = self.size;
        let (before, rest) = self.reflectors.split_at_mut(column * size);
        let target = &mut rest[column..size];
        for p in first..column {
            let (v, w) = (&before[p * size + column..(p + 1) * size], &updates[(p - first) * size + column..]);
            subtract_two(target, v, w[0], w, v[0]);
        }
    }

    /// Replaces a column below the diagonal by v with H a = β e₁, v₀ = 1; τ and β are kept beside it.
    fn reflect(&mut self, column: usize) {
        let size = self.size;
        let vector = &mut self.reflectors[column * size + column + 1..(column + 1) * size];
        let rest = dot(&vector[1..], &vector[1..]);
        let head = std::mem::replace(&mut vector[0], 1.0);
        if rest < NOTHING {
            vector[1..].fill(0.0);
            self.beside[column] = head;
            return;
        }
        let beta = -(head * head + rest).sqrt().copysign(head);
        vector[1..].iter_mut().for_each(|entry| *entry /= head - beta);
        self.factors[column] = (beta - head) / beta;
        self.beside[column] = beta;
    }

    /// w = τ (A v) − ½ τ² (vᵀ A v) v, A being what the panel's reflections so far make of the matrix.
    fn prepare_update(&mut self, first: usize, column: usize, updates: &mut [f64]) {
        let (size, start) = (self.size, column + 1);
        let (earlier, own) = updates.split_at_mut((column - first) * size);
        let w = &mut own[start..size];
        let v = self.reflector(column);
        let factor = self.factors[column];
        if factor == 0.0 {
            w.fill(0.0);
            return;
        }
        lower_product(&self.reflectors, size, start, v, w);
        for p in first..column {
            let before = &self.reflectors[p * size + start..(p + 1) * size];
            let update = &earlier[(p - first) * size + start..(p - first + 1) * size];
            subtract_two(w, before, dot(update, v), update, dot(before, v));
        }
        w.iter_mut().for_each(|entry| *entry *= factor);
        let turn = 0.5 * factor * dot(w, v);
        w.iter_mut().zip(v).for_each(|(entry, v)| *entry -= turn * v);
    }

    /// A ← A − V Wᵀ − W Vᵀ beyond the panel.
    fn update_rest(&mut self, first: usize, end: usize, updates: &[f64]) {
        if end - first == 1 {
            return self.update_rest_by_one(first, &updates[end..self.size]);
        }
        let (size, count) = (self.size, end - first);
        let (mut left, mut right) = (Panels::zeros(size - end, 2 * count), Panels::zeros(size - end, 2 * count));
        for p in 0..count {
            let (v, w) =
                (&self.reflectors[(first + p) * size + end..(first + p + 1) * size], &updates[p * size + end..]);
            let w = &w[..size - end];
            left.set_column(p, v);
            left.set_column(count + p, w);
            right.set_column(p, w);
            right.set_column(count + p, v);
        }
        for columns in 0..left.groups() {
            for rows in columns..left.groups() {
                let sums = tile(left.group(columns), right.group(rows));
                self.subtract_tile(end + 4 * columns, end + 4 * rows, &sums);
            }
        }
    }

    fn subtract_tile(&mut self, first_column: usize, first_row: usize, sums: &[Four; 4]) {
        let rows = 4.min(self.size - first_row);
        for (column, sums) in (first_column..self.size).zip(sums) {
            let target = &mut self.reflectors[column * self.size + first_row..][..rows];
            target.iter_mut().zip(sums).for_each(|(entry, sum)| *entry -= sum);
        }
    }

    /// The same for a panel of one column.
    fn update_rest_by_one(&mut self, column: usize, w: &[f64]) {
        let (before, rest) = self.reflectors.split_at_mut((column + 1) * self.size);
        let v = &before[column * self.size + column + 1..];
        for (j, target) in rest.chunks_exact_mut(self.size).enumerate() {
            subtract_two(&mut target[column + 1 + j..], &v[j..], w[j], &w[j..], v[j]);
        }
    }

    /// Qᵀ times four vectors, in place.
    pub fn rotate(&self, rows: &mut [Four]) {
        (0..self.factors.len()).for_each(|i| self.apply(i, rows));
    }

    /// Q times four vectors, in place.
    pub fn rotate_back(&self, rows: &mut [Four]) {
        (0..self.factors.len()).rev().for_each(|i| self.apply(i, rows));
    }

    /// x ← x − τ v (vᵀ x), for four x.
    fn apply(&self, i: usize, rows: &mut [Four]) {
        let (v, rows) = (self.reflector(i), &mut rows[i + 1..]);
        let mut sums = [0.0; 4];
        for (v, row) in v.iter().zip(&*rows) {
            (0..4).for_each(|lane| sums[lane] += v * row[lane]);
        }
        let sums = sums.map(|sum| self.factors[i] * sum);
        for (v, row) in v.iter().zip(rows) {
            (0..4).for_each(|lane| row[lane] -= v * sums[lane]);
        }
    }
}

/// y = A v for the trailing part of a symmetric matrix from row and column `start` on, each entry read once.
fn lower_product(matrix: &[f64], size: usize, start: usize, v: &[f64], y: &mut [f64]) {
    y.fill(0.0);
    let count = v.len();
    let column = |j: usize| &matrix[(start + j) * size + start..(start + j + 1) * size];
    for j in (0..count).step_by(4) {
        let end = (j + 4).min(count);
        for k in j..end {
            let entries = column(k);
            y[k] += entries[k] * v[k];
            for row in k + 1..end {
                y[row] += entries[row] * v[k];
                y[k] += entries[row] * v[row];
            }
        }
        if end < count {
            let columns = [0, 1, 2, 3].map(|k| &column(j + k)[end..]);
            let sums = four_columns(columns, [v[j], v[j + 1], v[j + 2], v[j + 3]], &v[end..], &mut y[end..]);
            y[j..end].iter_mut().zip(sums).for_each(|(entry, sum)| *entry += sum);
        }
    }
}

/// y ← y + Σ_k a_k f_k, and the four aₖᵀ v, in four partial sums each.
fn four_columns(columns: [&[f64]; 4], factors: Four, v: &[f64], y: &mut [f64]) -> Four {
    let fours = columns.map(|column| column.as_chunks().0);
    let sums = fours_of_four_columns(fours, factors, v.as_chunks().0, y.as_chunks_mut().0);
    let mut sums = sums.map(|sums| (sums[0] + sums[1]) + (sums[2] + sums[3]));
    for row in v.len() / 4 * 4..v.len() {
        for (k, column) in columns.iter().enumerate() {
            y[row] += column[row] * factors[k];
            sums[k] += column[row] * v[row];
        }
    }
    sums
}

/// The same of so many fours of rows. Not inlined: only where the sums are stored together does the compiler add them abreast.
#[inline(never)]
fn fours_of_four_columns([a, b, c, d]: [&[Four]; 4], factors: Four, v: &[Four], y: &mut [Four]) -> [Four; 4] {
    let mut sums = [[0.0; 4]; 4];
    for (((((a, b), c), d), v), y) in a.iter().zip(b).zip(c).zip(d).zip(v).zip(y) {
        let entries = [*a, *b, *c, *d];
        for k in 0..4 {
            for lane in 0..4 {
                sums[k][lane] += entries[k][lane] * v[lane];
            }
        }
        for lane in 0..4 {
            let [a, b, c, d] = entries.map(|entry| entry[lane]);
            y[lane] += (a * factors[0] + b * factors[1]) + (c * factors[2] + d * factors[3]);
        }
    }
    sums
}

/// y ← y − a f − b g.
fn subtract_two(y: &mut [f64], a: &[f64], f: f64, b: &[f64], g: f64) {
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        *y -= a * f + b * g;
    }
}

/// aᵀ b, in four partial sums.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (mut sums, fours) = ([0.0; 4], a.len() / 4 * 4);
    for (a, b) in a[..fours].chunks_exact(4).zip(b[..fours].chunks_exact(4)) {
        (0..4).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    let rest: f64 = a[fours..].iter().zip(&b[fours..]).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
