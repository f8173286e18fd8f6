//! Where each weight and bias of each layer sits in the parameter vector θ: the only index arithmetic of the core.

use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_pcg::Pcg32;

use crate::scalar::{Scalar, round_to_f32};

/// Up to this many parameters, matrices are formed and decomposed.
pub const LARGEST_FORMED: usize = 1200;

/// The order of θ in a network of given widths, PyTorch's: for each layer the weight W (out × in, row-major), then the
/// bias b (out).
///
/// Layers are handled in homogeneous form, W̄ = \[W b\] (out × (in + 1)), as in Martens and Grosse 2015, section 2.1
/// (<https://arxiv.org/abs/1503.05671>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    widths: Vec<usize>,
}

impl Layout {
    /// The layout of a network with these widths, inputs first.
    pub fn new(widths: &[usize]) -> Self {
        Self { widths: widths.to_vec() }
    }

    /// The widths, inputs first.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// The number of layers with parameters.
    pub fn layers(&self) -> usize {
        self.widths.len() - 1
    }

    /// (in, out) of layer `l`.
    pub fn shape(&self, l: usize) -> (usize, usize) {
        (self.widths[l], self.widths[l + 1])
    }

    /// P, the number of parameters.
    pub fn count(&self) -> usize {
        (0..self.layers()).map(|l| self.layer_count(l)).sum()
    }

    /// The number of parameters of layer `l`, (in + 1) · out.
    pub fn layer_count(&self, l: usize) -> usize {
        let (inputs, outputs) = self.shape(l);
        (inputs + 1) * outputs
    }

    /// The index in θ of layer `l`'s first parameter.
    pub fn start(&self, l: usize) -> usize {
        (0..l).map(|earlier| self.layer_count(earlier)).sum()
    }

    /// The index within layer `l`'s part of θ of the entry (`row`, `column`) of W̄; the last column is the bias.
    pub fn position(&self, l: usize, row: usize, column: usize) -> usize {
        let (inputs, outputs) = self.shape(l);
        if column < inputs { row * inputs + column } else { outputs * inputs + row }
    }

    /// θ cut into its layers' W̄.
    pub fn split<T: Scalar>(&self, theta: &DVector<T>) -> Vec<DMatrix<T>> {
        let room = self.widths.windows(2).map(|widths| DMatrix::zeros(widths[1], widths[0] + 1));
        let mut layers: Vec<_> = room.collect();
        self.split_into(theta, &mut layers);
        layers
    }

    /// The same into matrices that are there already.
    pub fn split_into<T: Scalar>(&self, theta: &DVector<T>, layers: &mut [DMatrix<T>]) {
        let mut rest = theta.as_slice();
        for layer in layers {
            let (outputs, inputs) = (layer.nrows(), layer.ncols() - 1);
            for (column, mut entries) in layer.column_iter_mut().enumerate() {
                let (first, step) = if column < inputs { (column, inputs) } else { (inputs * outputs, 1) };
                entries.iter_mut().zip(rest[first..].iter().step_by(step)).for_each(|(entry, &theta)| *entry = theta);
            }
            rest = &rest[outputs * (inputs + 1)..];
        }
    }

    /// W_l of a vector in θ order, row by row, which is W_lᵀ column by column.
    pub fn weights<'a, T: Scalar>(&self, l: usize, theta: &'a DVector<T>) -> &'a [T] {
        let (inputs, outputs) = self.shape(l);
        &theta.as_slice()[self.start(l)..][..inputs * outputs]
    }

    /// The layers' W̄ joined to θ, the inverse of [`Layout::split`].
    pub fn join<T: Scalar>(&self, layers: &[DMatrix<T>]) -> DVector<T> {
        let mut theta = DVector::zeros(self.count());
        for (l, layer) in layers.iter().enumerate() {
            let start = self.start(l);
            for column in 0..layer.ncols() {
                for row in 0..layer.nrows() {
                    theta[start + self.position(l, row, column)] = layer[(row, column)];
                }
            }
        }
        theta
    }

    /// The same of the layers' W̄ᵀ.
    pub fn join_transposed<T: Scalar>(&self, layers: &[DMatrix<T>]) -> DVector<T> {
        let mut theta = DVector::zeros(self.count());
        let mut rest = theta.as_mut_slice();
        for layer in layers {
            let inputs = layer.nrows() - 1;
            let (own, later) = rest.split_at_mut(layer.len());
            let (weights, biases) = own.split_at_mut(inputs * layer.ncols());
            for (output, (column, bias)) in layer.column_iter().zip(biases).enumerate() {
                weights[output * inputs..(output + 1) * inputs].copy_from_slice(&column.as_slice()[..inputs]);
                *bias = column[inputs];
            }
            rest = later;
        }
        theta
    }

    /// θ as `torch.nn.Linear` draws it, every weight and bias of a layer from U(−1/√in, 1/√in), rounded to float32.
    ///
    /// PyTorch's own stream of random numbers is not reproduced: the generator is PCG-XSH-RR 64/32 (O'Neill 2014) on
    /// stream 1, started at `seed`.
    pub fn draw(&self, seed: u32) -> DVector<f64> {
        let mut generator = Pcg32::new(u64::from(seed), 1);
        let mut theta = Vec::with_capacity(self.count());
        for l in 0..self.layers() {
            let bound = 1.0 / (self.widths[l] as f64).sqrt();
            theta.extend(
                (0..self.layer_count(l)).map(|_| round_to_f32((2.0 * generator.random::<f64>() - 1.0) * bound)),
            );
        }
        DVector::from_vec(theta)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_come_row_major_before_the_bias() {
        let layout = Layout::new(&[2, 3, 1]);
        let theta = DVector::from_fn(layout.count(), |i, _| i as f64);
        let layers = layout.split(&theta);
        assert_eq!(layers[0], DMatrix::from_row_slice(3, 3, &[0., 1., 6., 2., 3., 7., 4., 5., 8.]));
        assert_eq!(layers[1], DMatrix::from_row_slice(1, 4, &[9., 10., 11., 12.]));
        assert_eq!(layout.join(&layers), theta);
        assert_eq!(layout.join_transposed(&layers.iter().map(DMatrix::transpose).collect::<Vec<_>>()), theta);
        assert_eq!(layout.weights(1, &theta), [9., 10., 11.]);
    }

    #[test]
    fn a_draw_stays_inside_its_layers_bounds_and_depends_on_the_seed() {
        let layout = Layout::new(&[4, 100, 1]);
        let theta = layout.draw(7);
        let (first, second) = theta.as_slice().split_at(layout.layer_count(0));
        let largest = |part: &[f64]| part.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        assert!(largest(first) <= 0.5 && largest(first) > 0.49);
        assert!(largest(second) <= 0.1 && largest(second) > 0.09);
        assert_eq!(theta, layout.draw(7));
        assert_ne!(theta, layout.draw(8));
    }
}
