//! Data as matrices: given ones as they are, drawn ones from seeded laws and rounded to float32.

use std::f64::consts::{PI, TAU};

use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_distr::StandardNormal;
use rand_pcg::Pcg32;

#[cfg(not(feature = "full"))]
use crate::coverage::uncovered;
use crate::experiment::{DataSpec, ExplicitData, ExplicitTargets, GeneratedData, Generator};
use crate::loss::{Loss, Targets};
use crate::objective::Data;
use crate::scalar::round_to_f32;

/// The random stream that training data are drawn from: another than θ's, so that the one does not depend on the other.
pub const TRAINING_STREAM: u64 = 2;

/// The random stream that validation data are drawn from.
pub const VALIDATION_STREAM: u64 = 4;

/// The data of a specification that was checked against a network of these widths and this loss.
///
/// Uniform and normal numbers (rand_distr's ziggurat) come from PCG-XSH-RR 64/32 (O'Neill 2014) on `stream`, started at
/// the specification's seed.
pub fn data(specification: &DataSpec, inputs: usize, outputs: usize, loss: Loss, stream: u64) -> Data<f64> {
    match specification {
        DataSpec::Explicit(explicit) => given(explicit),
        DataSpec::Generated(generated) => {
            let generator = Pcg32::new(u64::from(generated.seed), stream);
            Law { generated, inputs, outputs, loss, generator }.draw()
        }
    }
}

fn given(ExplicitData { inputs, targets }: &ExplicitData) -> Data<f64> {
    let targets = match targets {
        ExplicitTargets::Values(rows) => Targets::Values(columns(rows)),
        ExplicitTargets::Classes(classes) => Targets::Classes(classes.iter().map(|&class| class as usize).collect()),
    };
    Data { inputs: columns(inputs), targets }
}

fn columns(rows: &[Vec<f64>]) -> DMatrix<f64> {
    DMatrix::from_fn(rows[0].len(), rows.len(), |i, n| rows[n][i])
}

/// Data as rows, the way they are given.
pub fn rows(data: &Data<f64>) -> ExplicitData {
    let targets = match &data.targets {
        Targets::Values(values) => ExplicitTargets::Values(rows_of(values)),
        Targets::Classes(classes) => ExplicitTargets::Classes(classes.iter().map(|&class| class as u32).collect()),
    };
    ExplicitData { inputs: rows_of(&data.inputs), targets }
}

fn rows_of(columns: &DMatrix<f64>) -> Vec<Vec<f64>> {
    columns.column_iter().map(|column| column.iter().copied().collect()).collect()
}

/// A law with its parameters and its source of randomness.
struct Law<'a> {
    generated: &'a GeneratedData,
    inputs: usize,
    outputs: usize,
    loss: Loss,
    generator: Pcg32,
}

impl Law<'_> {
    fn draw(mut self) -> Data<f64> {
        let data = match self.generated.generator {
            Generator::Notebook => self.notebook(),
            Generator::Sine => self.sine(),
            Generator::Moons => self.classes(2, Self::moon),
            Generator::Spirals => self.classes(self.class_count(), Self::spiral),
            Generator::Blobs => self.classes(self.class_count(), Self::blob),
            #[cfg(feature = "full")]
            Generator::IllConditioned => self.ill_conditioned(),
            #[cfg(not(feature = "full"))]
            Generator::IllConditioned => uncovered(),
        };
        let targets = match data.targets {
            Targets::Values(values) => Targets::Values(values.map(round_to_f32)),
            classes => classes,
        };
        Data { inputs: data.inputs.map(round_to_f32), targets }
    }

    fn samples(&self) -> usize {
        self.generated.samples as usize
    }

    fn normal(&mut self) -> f64 {
        self.generator.sample(StandardNormal)
    }

    fn uniform(&mut self) -> f64 {
        self.generator.random()
    }

    fn noise(&mut self) -> f64 {
        self.generated.noise * self.normal()
    }

    fn normals(&mut self, rows: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, self.samples(), |_, _| self.normal())
    }

    /// One class for each output of a classifier; of a regression with one output, two.
    fn class_count(&self) -> usize {
        self.outputs.max(2)
    }

    fn notebook(&mut self) -> Data<f64> {
        let inputs = self.normals(self.inputs);
        let targets = match self.loss {
            Loss::Mse => Targets::Values(self.normals(self.outputs)),
            Loss::CrossEntropy => {
                let classes = self.outputs;
                Targets::Classes((0..self.samples()).map(|_| (self.uniform() * classes as f64) as usize).collect())
            }
        };
        Data { inputs, targets }
    }

    fn sine(&mut self) -> Data<f64> {
        let inputs = DMatrix::from_fn(1, self.samples(), |_, _| 6.0 * self.uniform() - 3.0);
        let noise = self.normals(self.outputs) * self.generated.noise;
        let clean = DMatrix::from_fn(self.outputs, self.samples(), |_, n| (PI / 2.0 * inputs[n]).sin());
        Data { inputs, targets: Targets::Values(clean + noise) }
    }

    /// Data of `count` classes in turn, the inputs of each drawn by `point`.
    fn classes(&mut self, count: usize, point: fn(&mut Self, usize, usize) -> DVector<f64>) -> Data<f64> {
        let classes: Vec<usize> = (0..self.samples()).map(|n| n % count).collect();
        let points: Vec<_> = classes.iter().map(|&class| point(self, class, count)).collect();
        let targets =
            match self.loss {
                Loss::CrossEntropy => Targets::Classes(classes),
                Loss::Mse if self.outputs == 1 => {
                    Targets::Values(DMatrix::from_fn(1, classes.len(), |_, n| if classes[n] == 0 { -1.0 } else { 1.0 }))
                }
                Loss::Mse => Targets::Values(DMatrix::from_fn(self.outputs, classes.len(), |c, n| {
                    if classes[n] == c { 1.0 } else { 0.0 }
                })),
            };
        Data { inputs: DMatrix::from_columns(&points), targets }
    }

    /// A point of one of two half-circles of radius 1 that reach into each other, centred on the origin.
    fn moon(&mut self, class: usize, _: usize) -> DVector<f64> {
        let angle = PI * self.uniform();
        let side = if class == 0 { 1.0 } else { -1.0 };
        let (x, y) = (side * (angle.cos() - 0.5), side * (angle.sin() - 0.25));
        DVector::from_column_slice(&[x + self.noise(), y + self.noise()])
    }

    /// A point of one of `count` spiral arms that make one and a half turns out to radius 1.
    fn spiral(&mut self, class: usize, count: usize) -> DVector<f64> {
        let radius = self.uniform().sqrt();
        let angle = 1.5 * TAU * radius + TAU * class as f64 / count as f64;
        DVector::from_column_slice(&[radius * angle.cos() + self.noise(), radius * angle.sin() + self.noise()])
    }

    /// A point of the cloud about the class's place on the unit circle; with one input, on its first axis.
    fn blob(&mut self, class: usize, count: usize) -> DVector<f64> {
        let angle = TAU * class as f64 / count as f64;
        let centre = [angle.cos(), angle.sin()];
        DVector::from_fn(self.inputs, |i, _| centre.get(i).copied().unwrap_or(0.0) + self.noise())
    }

    /// Inputs X (d × N) whose rows are orthogonal to each other and to 1, with X Xᵀ/N = diag of a geometric sequence from
    /// 1 to 1/κ; targets are the inputs' standardised sum plus noise.
    #[cfg(feature = "full")]
    fn ill_conditioned(&mut self) -> Data<f64> {
        let (count, samples) = (self.inputs, self.samples());
        let mut basis = self.normals(count + 1).transpose();
        basis.fill_column(0, 1.0);
        let orthonormal = basis.qr().q().columns(1, count).transpose() * (samples as f64).sqrt();
        let exponent = |i: usize| if count > 1 { i as f64 / (count - 1) as f64 } else { 0.0 };
        let condition = self.generated.condition;
        let inputs = DMatrix::from_fn(count, samples, |i, n| orthonormal[(i, n)] * condition.powf(-0.5 * exponent(i)));
        let signal = orthonormal.row_sum() / (count as f64).sqrt();
        let targets = DMatrix::from_fn(self.outputs, samples, |_, n| signal[n] + self.noise());
        Data { inputs, targets: Targets::Values(targets) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(generator: Generator, inputs: usize, outputs: usize, loss: Loss, seed: u32) -> Data<f64> {
        let generated = GeneratedData { generator, samples: 60, noise: 0.1, seed, condition: 1e4 };
        data(&DataSpec::Generated(generated), inputs, outputs, loss, 2)
    }

    #[test]
    fn the_same_seed_draws_the_same_float32_data_and_another_seed_others() {
        for (generator, inputs) in [
            (Generator::Notebook, 3),
            (Generator::Sine, 1),
            (Generator::Moons, 2),
            (Generator::Spirals, 2),
            (Generator::Blobs, 4),
            (Generator::IllConditioned, 5),
        ] {
            let data = draw(generator, inputs, 2, Loss::Mse, 3);
            assert_eq!(data, draw(generator, inputs, 2, Loss::Mse, 3));
            assert_ne!(data.inputs, draw(generator, inputs, 2, Loss::Mse, 4).inputs);
            assert_eq!((data.inputs.nrows(), data.samples()), (inputs, 60));
            assert!(data.inputs.iter().all(|&x| x == round_to_f32(x)));
        }
    }

    #[test]
    fn data_drawn_and_written_as_rows_are_the_same_data_when_given() {
        for (generator, inputs, loss) in
            [(Generator::Notebook, 3, Loss::Mse), (Generator::Spirals, 2, Loss::CrossEntropy)]
        {
            let drawn = draw(generator, inputs, 2, loss, 5);
            assert_eq!(data(&DataSpec::Explicit(rows(&drawn)), inputs, 2, loss, 2), drawn);
        }
    }

    #[test]
    fn notebook_data_have_mean_zero_and_variance_one() {
        let generated =
            GeneratedData { generator: Generator::Notebook, samples: 10_000, noise: 0.0, seed: 1, condition: 1.0 };
        let inputs = data(&DataSpec::Generated(generated), 2, 1, Loss::Mse, 2).inputs;
        assert!(inputs.mean().abs() < 0.03);
        assert!((inputs.variance() - 1.0).abs() < 0.05);
    }

    #[test]
    fn ill_conditioned_inputs_have_the_condition_number_asked_for() {
        let inputs = draw(Generator::IllConditioned, 4, 1, Loss::Mse, 0).inputs;
        let moments = (&inputs * inputs.transpose() / 60.0).symmetric_eigenvalues();
        assert!((moments.max() / moments.min() / 1e4 - 1.0).abs() < 1e-3);
        assert!(inputs.column_mean().amax() < 1e-6);
    }

    #[test]
    fn every_class_is_drawn() {
        let Targets::Classes(classes) = draw(Generator::Spirals, 2, 3, Loss::CrossEntropy, 0).targets else {
            panic!("a classifier has classes")
        };
        assert!((0..3).all(|class| classes.contains(&class)));
        assert!(classes.iter().all(|&class| class < 3));
    }
}
