//! Data as matrices: given ones as they are, drawn ones from seeded laws and rounded to float32.

use nalgebra::DMatrix;
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
pub(crate) struct Law<'a> {
    pub(crate) generated: &'a GeneratedData,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) loss: Loss,
    generator: Pcg32,
}

impl Law<'_> {
    fn draw(mut self) -> Data<f64> {
        let data = match self.generated.generator {
            Generator::Notebook => self.notebook(),
            #[cfg(feature = "full")]
            Generator::Sine => self.sine(),
            #[cfg(feature = "full")]
            Generator::Moons => self.classes(2, Self::moon),
            #[cfg(feature = "full")]
            Generator::Spirals => self.classes(self.class_count(), Self::spiral),
            #[cfg(feature = "full")]
            Generator::Blobs => self.classes(self.class_count(), Self::blob),
            #[cfg(feature = "full")]
            Generator::IllConditioned => self.ill_conditioned(),
            #[cfg(not(feature = "full"))]
            _ => uncovered(),
        };
        let targets = match data.targets {
            Targets::Values(values) => Targets::Values(values.map(round_to_f32)),
            classes => classes,
        };
        Data { inputs: data.inputs.map(round_to_f32), targets }
    }

    pub(crate) fn samples(&self) -> usize {
        self.generated.samples as usize
    }

    pub(crate) fn normal(&mut self) -> f64 {
        self.generator.sample(StandardNormal)
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.generator.random()
    }

    pub(crate) fn normals(&mut self, rows: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, self.samples(), |_, _| self.normal())
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
