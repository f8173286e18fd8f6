//! Parts of a curvature matrix that are cheaper to invert: its layer blocks and its diagonal.

use nalgebra::DMatrix;

use crate::parameters::Layout;

/// The matrix with everything outside its layer blocks set to zero.
pub fn layer_blocks(matrix: &DMatrix<f64>, layout: &Layout) -> DMatrix<f64> {
    let mut blocks = DMatrix::zeros(matrix.nrows(), matrix.ncols());
    for l in 0..layout.layers() {
        let (start, count) = (layout.start(l), layout.layer_count(l));
        blocks.view_mut((start, start), (count, count)).copy_from(&matrix.view((start, start), (count, count)));
    }
    blocks
}

/// The matrix with everything off its diagonal set to zero.
pub fn diagonal(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    DMatrix::from_diagonal(&matrix.diagonal())
}
