//! A symmetric matrix times many vectors at once.

use crate::panels::{Four, Panels, copy_up_to_four, tile};

/// A X for a symmetric A (`size` × `size`, both triangles filled in) and X of any number of columns. A column's product does
/// not depend on what stands beside it.
pub fn symmetric_product(matrix: &[f64], size: usize, columns: &[f64]) -> Vec<f64> {
    let mut products = vec![0.0; columns.len()];
    if size == 0 {
        return products;
    }
    let right = packed_columns(columns, size);
    let mut left = vec![[0.0; 4]; size];
    for (stripe, first) in matrix.chunks(4 * size).zip((0..).step_by(4)) {
        interleave(stripe, size, &mut left);
        for group in 0..right.groups() {
            let sums = tile(right.group(group), &left);
            for (product, sums) in products[4 * group * size..].chunks_mut(size).zip(&sums) {
                copy_up_to_four(&mut product[first..], sums);
            }
        }
    }
    products
}

/// X's columns abreast, four a group: every row of X is a column of the panels.
fn packed_columns(columns: &[f64], size: usize) -> Panels {
    let mut panels = Panels::zeros(columns.len() / size, size);
    columns.chunks_exact(size).enumerate().for_each(|(index, column)| panels.set_row(index, column));
    panels
}

/// Up to four columns laid side by side, with zeros where there are fewer.
fn interleave(stripe: &[f64], size: usize, fours: &mut [Four]) {
    for (lane, column) in stripe.chunks_exact(size).enumerate() {
        for (four, &entry) in fours.iter_mut().zip(column) {
            four[lane] = entry;
        }
    }
    for lane in stripe.len() / size..4 {
        fours.iter_mut().for_each(|four| four[lane] = 0.0);
    }
}
