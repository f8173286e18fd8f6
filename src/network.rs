//! A multilayer perceptron's forward pass, with everything that its derivatives need again.

use nalgebra::DMatrix;

use crate::activation::{Activation, Jet};
use crate::multiplication::{add_multiplied, columns, multiply, multiply_entries, multiply_transposed, product};
use crate::scalar::Scalar;
use crate::workspace::Workspace;

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
            let mut values = product(weight, &inputs[inputs.len() - 1]);
            let (mut slope, mut bend) = (values.clone(), values.clone());
            let derivatives = slope.as_mut_slice().iter_mut().zip(bend.as_mut_slice());
            for (value, (slope, bend)) in values.as_mut_slice().iter_mut().zip(derivatives) {
                Jet { value: *value, slope: *slope, bend: *bend } = activation.at(*value);
            }
            slopes.push(slope);
            bends.push(bend);
            inputs.push(homogeneous(&values));
        }
        let outputs = product(&weights[last], &inputs[last]);
        Self {
            transposed_weights: weights.iter().map(|w| w.columns(0, w.ncols() - 1).transpose()).collect(),
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
    /// Pearlmutter's R-operator, R{s_l} = V̄_l ā_{l−1} + W_l R{a_{l−1}}, with R{a_l} = φ′(s_l) ∘ R{s_l} kept in `hidden`.
    pub fn write_tangents(&self, directions: &[DMatrix<T>], tangents: &mut [DMatrix<T>], hidden: &mut [DMatrix<T>]) {
        for l in 0..self.layers() {
            multiply(&mut tangents[l], columns(&directions[l]), columns(&self.inputs[l]));
            if l > 0 {
                add_multiplied(&mut tangents[l], columns(&self.weights[l]), columns(&hidden[l - 1]));
            }
            if let Some(hidden) = hidden.get_mut(l) {
                hidden.copy_from(&tangents[l]);
                multiply_entries(hidden, &self.slopes[l]);
            }
        }
    }

    /// The derivative of the outputs along `directions`, C × N.
    pub fn output_tangents(&self, directions: &[DMatrix<T>]) -> DMatrix<T> {
        let mut room = Workspace::new(self);
        self.write_tangents(directions, &mut room.tangents, &mut room.hidden);
        room.tangents.swap_remove(self.layers() - 1)
    }

    /// Carries `signal` (C × N, by the outputs) back to every layer's pre-activations.
    pub fn backpropagate(&self, signal: DMatrix<T>) -> Vec<DMatrix<T>> {
        let slopes = self.slopes.iter().cloned();
        let mut signals: Vec<_> = slopes.chain([signal]).collect();
        self.carry_back(&mut signals);
        signals
    }

    /// The same in place, from the last of `signals` on: g_{l−1} = (W_lᵀ g_l) ∘ φ′(s_{l−1}).
    pub fn carry_back(&self, signals: &mut [DMatrix<T>]) {
        for l in (1..self.layers()).rev() {
            let (before, after) = signals.split_at_mut(l);
            multiply(&mut before[l - 1], columns(&self.transposed_weights[l]), columns(&after[0]));
            multiply_entries(&mut before[l - 1], &self.slopes[l - 1]);
        }
    }

    /// (Σₙ gₙ āₙᵀ)ᵀ for every layer, (in + 1) × out: the derivative by W̄_lᵀ of whatever `signals` is the derivative of by S_l.
    pub fn by_weights(&self, signals: &[DMatrix<T>], layers: &mut [DMatrix<T>]) {
        for ((layer, inputs), signal) in layers.iter_mut().zip(&self.inputs).zip(signals) {
            multiply_transposed(layer, inputs, signal);
        }
    }
}

/// The outputs alone, by the same arithmetic.
pub fn outputs<T: Scalar>(weights: &[DMatrix<T>], activation: Activation, data: &DMatrix<T>) -> DMatrix<T> {
    let (last, hidden) = weights.split_last().expect("a network has a layer");
    let layer = |values: DMatrix<T>, weight: &DMatrix<T>| product(weight, &homogeneous(&values));
    let activated = |values: DMatrix<T>, weight| layer(values, weight).map(|s| activation.at(s).value);
    layer(hidden.iter().fold(data.clone(), activated), last)
}

/// ā = (a, 1) of every datum.
pub(crate) fn homogeneous<T: Scalar>(activations: &DMatrix<T>) -> DMatrix<T> {
    let mut homogeneous = DMatrix::from_element(activations.nrows() + 1, activations.ncols(), T::one());
    homogeneous.rows_mut(0, activations.nrows()).copy_from(activations);
    homogeneous
}
