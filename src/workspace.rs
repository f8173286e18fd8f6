//! The intermediate results of curvature-vector products, layer by layer, kept from one product to the next.

use nalgebra::DMatrix;

use crate::network::ForwardPass;
use crate::scalar::Scalar;

/// What a product goes through. Of a small network a product takes less time than asking for this memory would.
pub struct Workspace<T: Scalar> {
    /// V̄_l, out × (in + 1).
    pub directions: Vec<DMatrix<T>>,
    /// R{s_l}, out × N.
    pub tangents: Vec<DMatrix<T>>,
    /// R{a_l} of each hidden layer, out × N.
    pub hidden: Vec<DMatrix<T>>,
    /// R{∂ loss/∂S_l}, out × N.
    pub signals: Vec<DMatrix<T>>,
    /// R{∂ loss/∂W̄_l}ᵀ, (in + 1) × out.
    pub layers: Vec<DMatrix<T>>,
}

impl<T: Scalar> Workspace<T> {
    /// Room for the products at one forward pass.
    pub fn new(pass: &ForwardPass<T>) -> Self {
        let room = |layers: usize| {
            pass.weights[..layers].iter().map(|weights| DMatrix::zeros(weights.nrows(), pass.samples())).collect()
        };
        Self {
            directions: pass.weights.clone(),
            tangents: room(pass.layers()),
            hidden: room(pass.layers() - 1),
            signals: room(pass.layers()),
            layers: pass.weights.iter().map(|weights| DMatrix::zeros(weights.ncols(), weights.nrows())).collect(),
        }
    }
}
