//! Curvature matrices against derivatives of a network that is written out number by number.

mod common;

use common::Stream;
use hessian_lab_kernels::{Layer, Network, add_curvature, add_layer_curvature};

/// A network of tanh layers, the last linear, with ℓₙ = ½ fᵀSₙf − tₙᵀf, so that ∂²ℓₙ/∂f² = Sₙ.
struct Plain {
    widths: Vec<usize>,
    /// For each layer the weights, row by row, then the biases.
    theta: Vec<f64>,
    inputs: Vec<Vec<f64>>,
    /// Sₙ.
    curvatures: Vec<Vec<f64>>,
    targets: Vec<Vec<f64>>,
}

/// Of one datum, layer by layer: a without the bias's 1, s, and ∂ℓ/∂s.
struct Passes {
    activations: Vec<Vec<f64>>,
    sums: Vec<Vec<f64>>,
    signals: Vec<Vec<f64>>,
}

impl Plain {
    fn new(widths: &[usize], samples: usize) -> Self {
        let mut stream = Stream(7);
        let outputs = widths[widths.len() - 1];
        Self {
            theta: stream.vector(starts(widths)[widths.len() - 1]),
            inputs: (0..samples).map(|_| stream.vector(widths[0])).collect(),
            curvatures: (0..samples).map(|_| stream.symmetric(outputs)).collect(),
            targets: (0..samples).map(|_| stream.vector(outputs)).collect(),
            widths: widths.to_vec(),
        }
    }

    fn weight(&self, layer: usize, output: usize, input: usize) -> f64 {
        self.theta[self.place(layer, output, input)]
    }

    /// Where in θ a weight is, or the bias, which comes after the last input.
    fn place(&self, layer: usize, output: usize, input: usize) -> usize {
        let (inputs, outputs) = (self.widths[layer], self.widths[layer + 1]);
        let start = starts(&self.widths)[layer];
        if input == inputs { start + inputs * outputs + output } else { start + output * inputs + input }
    }

    fn layers(&self) -> usize {
        self.widths.len() - 1
    }

    /// Forwards, and back from `signal` of the outputs.
    fn passes(&self, datum: usize, signal: impl Fn(&[f64]) -> Vec<f64>) -> Passes {
        let (mut activations, mut sums) = (vec![self.inputs[datum].clone()], Vec::new());
        for layer in 0..self.layers() {
            let (inputs, a) = (self.widths[layer], &activations[layer]);
            let sum =
                |o| (0..inputs).map(|i| self.weight(layer, o, i) * a[i]).sum::<f64>() + self.weight(layer, o, inputs);
            let s: Vec<f64> = (0..self.widths[layer + 1]).map(sum).collect();
            activations.push(s.iter().map(|s| s.tanh()).collect());
            sums.push(s);
        }
        let mut signals = vec![signal(&sums[self.layers() - 1])];
        for layer in (1..self.layers()).rev() {
            let next = &signals[0];
            let back = |i: usize| {
                let sum: f64 = next.iter().enumerate().map(|(o, signal)| self.weight(layer, o, i) * signal).sum();
                sum * slope(sums[layer - 1][i])
            };
            signals.insert(0, (0..self.widths[layer]).map(back).collect());
        }
        Passes { activations, sums, signals }
    }

    fn of_loss(&self, datum: usize) -> Passes {
        let (curvature, target) = (&self.curvatures[datum], &self.targets[datum]);
        self.passes(datum, |f| {
            let entry = |o: usize| (0..f.len()).map(|p| curvature[o * f.len() + p] * f[p]).sum::<f64>() - target[o];
            (0..f.len()).map(entry).collect()
        })
    }

    /// What `passes` says of θ.
    fn derivative(&self, passes: &Passes) -> Vec<f64> {
        let mut derivative = vec![0.0; self.theta.len()];
        for layer in 0..self.layers() {
            for (output, signal) in passes.signals[layer].iter().enumerate() {
                for input in 0..=self.widths[layer] {
                    let activation = passes.activations[layer].get(input).filter(|_| input < self.widths[layer]);
                    derivative[self.place(layer, output, input)] = signal * activation.unwrap_or(&1.0);
                }
            }
        }
        derivative
    }

    fn gradient(&self) -> Vec<f64> {
        let mut gradient = vec![0.0; self.theta.len()];
        for datum in 0..self.inputs.len() {
            add_scaled(&mut gradient, 1.0, &self.derivative(&self.of_loss(datum)));
        }
        gradient
    }

    /// By central differences of the gradient.
    fn hessian(&mut self) -> Vec<f64> {
        const STEP: f64 = 1e-5;
        let mut hessian = Vec::new();
        for parameter in 0..self.theta.len() {
            let here = self.theta[parameter];
            self.theta[parameter] = here + STEP;
            let mut column = self.gradient();
            self.theta[parameter] = here - STEP;
            add_scaled(&mut column, -1.0, &self.gradient());
            self.theta[parameter] = here;
            hessian.extend(column.iter().map(|change| change / (2.0 * STEP)));
        }
        hessian
    }

    /// Σₙ JₙᵀSₙJₙ.
    fn gauss_newton(&self) -> Vec<f64> {
        let (size, outputs) = (self.theta.len(), self.widths[self.layers()]);
        let mut matrix = vec![0.0; size * size];
        for datum in 0..self.inputs.len() {
            let unit = |o: usize| move |f: &[f64]| (0..f.len()).map(|p| f64::from(u8::from(p == o))).collect();
            let jacobian: Vec<_> = (0..outputs).map(|o| self.derivative(&self.passes(datum, unit(o)))).collect();
            for (o, p) in (0..outputs * outputs).map(|at| (at / outputs, at % outputs)) {
                let weight = self.curvatures[datum][o * outputs + p];
                for (column, entry) in matrix.chunks_exact_mut(size).zip(&jacobian[p]) {
                    add_scaled(column, weight * entry, &jacobian[o]);
                }
            }
        }
        matrix
    }

    /// The same network as the kernels are given it.
    fn with_network<T>(&self, second_order: bool, act: impl FnOnce(&Network) -> T) -> T {
        let passes: Vec<Passes> = (0..self.inputs.len()).map(|datum| self.of_loss(datum)).collect();
        let columns = |of: &dyn Fn(&Passes) -> Vec<f64>| passes.iter().flat_map(of).collect::<Vec<f64>>();
        let parts: Vec<_> = (0..self.layers())
            .map(|layer| {
                let (inputs, outputs) = (self.widths[layer], self.widths[layer + 1]);
                let hidden = layer + 1 < self.layers();
                let of_sums = |function: fn(f64) -> f64| {
                    columns(&|pass| pass.sums[layer].iter().filter(|_| hidden).map(|&s| function(s)).collect())
                };
                (
                    (0..(inputs + 1) * outputs)
                        .map(|at| self.weight(layer, at % outputs, at / outputs))
                        .collect::<Vec<_>>(),
                    columns(&|pass| [&pass.activations[layer][..], &[1.0]].concat()),
                    columns(&|pass| pass.signals[layer].clone()),
                    of_sums(slope),
                    if second_order { of_sums(bend) } else { Vec::new() },
                )
            })
            .collect();
        let layers: Vec<Layer> = parts
            .iter()
            .enumerate()
            .map(|(layer, (weights, activations, signals, slopes, bends))| Layer {
                inputs: self.widths[layer],
                outputs: self.widths[layer + 1],
                weights,
                activations,
                signals,
                slopes,
                bends,
            })
            .collect();
        let output_curvature = self.curvatures.concat();
        act(&Network { layers: &layers, output_curvature: &output_curvature, samples: self.inputs.len(), second_order })
    }
}

/// tanh′.
fn slope(sum: f64) -> f64 {
    1.0 - sum.tanh().powi(2)
}

/// tanh″.
fn bend(sum: f64) -> f64 {
    -2.0 * sum.tanh() * slope(sum)
}

/// Each layer's first parameter, and P.
fn starts(widths: &[usize]) -> Vec<usize> {
    let counts = widths.windows(2).map(|pair| (pair[0] + 1) * pair[1]);
    counts.fold(vec![0], |mut starts, count| {
        starts.push(starts[starts.len() - 1] + count);
        starts
    })
}

fn add_scaled(sum: &mut [f64], factor: f64, vector: &[f64]) {
    sum.iter_mut().zip(vector).for_each(|(sum, entry)| *sum += factor * entry);
}

fn assert_near(matrix: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(matrix.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0_f64, |most, entry| most.max(entry.abs()));
    for (place, (entry, expected)) in matrix.iter().zip(expected).enumerate() {
        assert!((entry - expected).abs() <= tolerance * scale, "{what}, entry {place}: {entry}, not {expected}");
    }
}

/// No hidden layer, one, two, three; layers of one unit, and of more than four; widths that fill no four.
const NETWORKS: [&[usize]; 6] = [&[3, 2], &[1, 1, 1], &[5, 6, 1], &[3, 5, 2, 3], &[2, 3, 6, 4, 2], &[4, 2, 1, 3, 2, 1]];
/// Fewer data than stand abreast, a number that four does not divide, and more than one product sums.
const SAMPLES: [usize; 3] = [1, 6, 259];
/// Differences of gradients with steps of 1e-5.
const DIFFERENCES: f64 = 1e-8;
const ROUNDING: f64 = 1e-12;

fn curvature(plain: &Plain, second_order: bool) -> Vec<f64> {
    let size = plain.theta.len();
    let mut matrix = vec![0.0; size * size];
    plain.with_network(second_order, |network| add_curvature(network, &mut matrix));
    matrix
}

#[test]
fn with_second_derivatives_it_is_the_hessian() {
    for widths in NETWORKS {
        for samples in SAMPLES {
            let mut plain = Plain::new(widths, samples);
            let matrix = curvature(&plain, true);
            assert_near(&matrix, &plain.hessian(), DIFFERENCES, &format!("{widths:?} at {samples}"));
        }
    }
}

#[test]
fn without_them_it_is_the_gauss_newton_matrix() {
    for widths in NETWORKS {
        for samples in SAMPLES {
            let plain = Plain::new(widths, samples);
            assert_near(
                &curvature(&plain, false),
                &plain.gauss_newton(),
                ROUNDING,
                &format!("{widths:?} at {samples}"),
            );
        }
    }
}

#[test]
fn a_layers_curvature_is_its_block_on_the_diagonal() {
    for widths in NETWORKS {
        let plain = Plain::new(widths, 6);
        let (whole, size) = (curvature(&plain, true), plain.theta.len());
        for (layer, ends) in starts(widths).windows(2).enumerate() {
            let columns = whole.chunks_exact(size).skip(ends[0]).take(ends[1] - ends[0]);
            let block: Vec<f64> = columns.flat_map(|column| column[ends[0]..ends[1]].to_vec()).collect();
            let mut matrix = vec![0.0; block.len()];
            plain.with_network(true, |network| add_layer_curvature(network, layer, &mut matrix));
            assert_near(&matrix, &block, ROUNDING, &format!("layer {layer} of {widths:?}"));
        }
    }
}

#[test]
fn it_is_added_to_what_is_there() {
    let plain = Plain::new(&[3, 5, 1], 6);
    let size = plain.theta.len();
    let mut matrix = vec![1.5; size * size];
    plain.with_network(true, |network| add_curvature(network, &mut matrix));
    let expected: Vec<f64> = curvature(&plain, true).iter().map(|entry| entry + 1.5).collect();
    assert_near(&matrix, &expected, ROUNDING, "to ones and a half");
}
