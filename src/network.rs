//! A multilayer perceptron's forward pass, with everything that its derivatives need again.

use nalgebra::DMatrix;

use crate::activation::Activation;
use crate::scalar::Scalar;

/// The forward pass of N data through the layers W̄₁, …, W̄_L, one column a datum.
///
/// In the notation of Martens and Grosse 2015, section 2.1 (<https://arxiv.org/abs/1503.05671>): s_l = W̄_l ā_{l−1} and
/// a_l = φ(s_l), with the homogeneous ā = (a, 1); the last layer is linear, f = s_L. Index 0 is the first layer.
#[derive(Clone, Debug)]
pub struct ForwardPass<T: Scalar> {
    /// W̄_l, out × (in + 1).
    pub weights: Vec<DMatrix<T>>,
    /// W_lᵀ without its bias, in × out, kept so that backward passes are plain matrix products.
    pub transposed_weights: Vec<DMatrix<T>>,
    /// Ā_{l−1}, what layer l is given: (in + 1) × N.
    pub inputs: Vec<DMatrix<T>>,
    /// Ā_{l−1}ᵀ, N × (in + 1).
    pub transposed_inputs: Vec<DMatrix<T>>,
    /// φ′(S_l) of each hidden layer, out × N.
    pub slopes: Vec<DMatrix<T>>,
    /// φ″(S_l) of each hidden layer, out × N.
    pub bends: Vec<DMatrix<T>>,
    /// F = S_L, C × N.
    pub outputs: DMatrix<T>,
}

impl<T: Scalar> ForwardPass<T> {
    /// Runs `data` (inputs × N) through the layers.
    pub fn new(weights: Vec<DMatrix<T>>, activation: Activation, data: &DMatrix<T>) -> Self {
        let last = weights.len() - 1;
        let (mut inputs, mut slopes, mut bends) = (vec![homogeneous(data)], Vec::new(), Vec::new());
        for weight in &weights[..last] {
            let pre_activations = weight * &inputs[inputs.len() - 1];
            let (mut values, mut slope) = (pre_activations.clone(), pre_activations.clone());
            let mut bend = pre_activations;
            for i in 0..bend.len() {
                let jet = activation.at(bend[i]);
                (values[i], slope[i], bend[i]) = (jet.value, jet.slope, jet.bend);
            }
            slopes.push(slope);
            bends.push(bend);
            inputs.push(homogeneous(&values));
        }
        let outputs = &weights[last] * &inputs[last];
        Self {
            transposed_weights: weights.iter().map(|w| w.columns(0, w.ncols() - 1).transpose()).collect(),
            transposed_inputs: inputs.iter().map(DMatrix::transpose).collect(),
            weights,
            inputs,
            slopes,
            bends,
            outputs,
        }
    }

    /// The number of layers with parameters, L.
    pub fn layers(&self) -> usize {
        self.weights.len()
    }

    /// The number of data, N.
    pub fn samples(&self) -> usize {
        self.outputs.ncols()
    }

    /// The derivative of every pre-activation along `directions` (one V̄_l a layer): the forward pass of
    /// Pearlmutter's R-operator, R{s_l} = V̄_l ā_{l−1} + W_l (φ′(s_{l−1}) ∘ R{s_{l−1}}).
    pub fn tangents(&self, directions: &[DMatrix<T>]) -> Vec<DMatrix<T>> {
        let mut tangents: Vec<DMatrix<T>> = Vec::with_capacity(self.layers());
        for (l, direction) in directions.iter().enumerate() {
            let mut tangent = direction * &self.inputs[l];
            if l > 0 {
                let hidden = self.slopes[l - 1].component_mul(&tangents[l - 1]);
                let weights = self.weights[l].columns(0, hidden.nrows());
                tangent.gemm(T::one(), &weights, &hidden, T::one());
            }
            tangents.push(tangent);
        }
        tangents
    }

    /// Carries `signal` (C × N, by the outputs) back to every layer's pre-activations:
    /// g_{l−1} = (W_lᵀ g_l) ∘ φ′(s_{l−1}).
    pub fn backpropagate(&self, signal: DMatrix<T>) -> Vec<DMatrix<T>> {
        let mut signals = vec![signal];
        for l in (1..self.layers()).rev() {
            let carried = &self.transposed_weights[l] * &signals[signals.len() - 1];
            signals.push(carried.component_mul(&self.slopes[l - 1]));
        }
        signals.reverse();
        signals
    }

    /// Σₙ gₙ āₙᵀ for every layer: the derivative by W̄_l of whatever `signals` is the derivative of by S_l.
    pub fn by_weights(&self, signals: &[DMatrix<T>]) -> Vec<DMatrix<T>> {
        signals.iter().zip(&self.transposed_inputs).map(|(signal, inputs)| signal * inputs).collect()
    }
}

fn homogeneous<T: Scalar>(activations: &DMatrix<T>) -> DMatrix<T> {
    activations.clone().insert_row(activations.nrows(), T::one())
}
