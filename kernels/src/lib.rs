//! Hot loops over plain slices of numbers, compiled for speed where the rest is compiled for size.
//!
//! Every loop adds in an order that its sizes alone determine, in IEEE operations and square roots only: a result has the
//! same bits in every engine. Matrices are column-major, and of a symmetric matrix the lower triangle counts.

mod curvature;
mod decomposition;
mod multiply;
mod panels;
mod product;
mod reduction;
mod rotations;

pub use curvature::{Layer, Network, add_curvature, add_layer_curvature};
pub use decomposition::Decomposition;
pub use multiply::{Columns, Number, Sum, multiply, multiply_transposed};
pub use panels::tile;
pub use product::symmetric_product;
