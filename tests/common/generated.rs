//! Small random networks with data, to test theorems over; the same seed draws the same one.

use hessian_lab::activation::Activation;
use hessian_lab::experiment::{Curvature, Experiment};
use hessian_lab::gradient::Evaluation;
use hessian_lab::loss::{Loss, Targets};
use hessian_lab::objective::{Data, Objective};
use hessian_lab::parameters::Layout;
use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_distr::StandardNormal;
use rand_pcg::Pcg32;
use serde_json::{Value, json};

use super::read;

/// Every activation.
pub const ACTIVATIONS: &[Activation] =
    &[Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::Softplus, Activation::Identity];

/// Every curvature matrix.
pub const CURVATURES: [Curvature; 4] =
    [Curvature::Hessian, Curvature::Ggn, Curvature::FisherMc, Curvature::FisherEmpirical];

/// Which networks to draw: seeds go through the activations first, then through the losses.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The activations.
    pub activations: &'static [Activation],
    /// The losses.
    pub losses: &'static [Loss],
    /// The least and the most hidden layers.
    pub hidden: (usize, usize),
    /// The least and the most data.
    pub samples: (usize, usize),
    /// Weight decays; zero leaves matrices with null spaces.
    pub weight_decays: &'static [f64],
}

impl Family {
    /// All that theorems without conditions hold for.
    pub const ANY: Self = Self {
        activations: ACTIVATIONS,
        losses: &[Loss::Mse, Loss::CrossEntropy],
        hidden: (0, 3),
        samples: (1, 7),
        weight_decays: &[0.0, 0.05],
    };

    /// The networks of the seeds 0 to `count` − 1.
    pub fn draw(self, count: u64) -> impl Iterator<Item = Example> {
        (0..count).map(move |seed| Example::draw(seed, self))
    }
}

/// A network with data at one θ.
pub struct Example {
    /// What draws it again.
    pub seed: u64,
    /// The loss.
    pub loss: Loss,
    /// The objective at θ.
    pub evaluation: Evaluation<f64>,
    generator: Pcg32,
}

impl Example {
    fn draw(seed: u64, family: Family) -> Self {
        let mut generator = Pcg32::new(seed, 100);
        let turn = seed as usize / family.activations.len();
        let activation = family.activations[seed as usize % family.activations.len()];
        let loss = family.losses[turn % family.losses.len()];
        let weight_decay = family.weight_decays[turn % 3 % family.weight_decays.len()];
        let layout = layout(&mut generator, loss, family.hidden);
        let samples = generator.random_range(family.samples.0..=family.samples.1);
        let data = data(&mut generator, loss, &layout, samples);
        let theta = normals(&mut generator, layout.count(), 1).column(0) * 0.8;
        let objective = Objective::new(layout, activation, data, loss, weight_decay);
        Self { seed, loss, evaluation: Evaluation::new(objective, theta), generator }
    }

    /// A random vector of P numbers.
    pub fn vector(&mut self) -> DVector<f64> {
        let count = self.parameters();
        normals(&mut self.generator, count, 1).column(0).into_owned()
    }

    /// P.
    pub fn parameters(&self) -> usize {
        self.layout().count()
    }

    /// The order of θ.
    pub fn layout(&self) -> &Layout {
        &self.evaluation.objective.layout
    }

    /// N.
    pub fn samples(&self) -> usize {
        self.evaluation.pass.samples()
    }

    /// The objective at another θ.
    pub fn at(&self, theta: DVector<f64>) -> Evaluation<f64> {
        Evaluation::new(self.evaluation.objective.clone(), theta)
    }

    /// The smallest magnitude of a hidden pre-activation: how far the nearest kink of a relu is.
    pub fn nearest_kink(&self) -> f64 {
        let pass = &self.evaluation.pass;
        let hidden = 0..pass.layers() - 1;
        hidden.map(|l| (&pass.weights[l] * &pass.inputs[l]).abs().min()).fold(f64::INFINITY, f64::min)
    }

    /// The experiment of this very network, θ and data, with other fields set.
    pub fn experiment(&self, changes: Value) -> Experiment {
        let objective = &self.evaluation.objective;
        let mut experiment = json!({
            "network": {
                "layers": self.layout().widths(),
                "activation": objective.activation,
                "parameters": self.evaluation.theta.as_slice(),
            },
            "data": { "inputs": rows(&objective.data.inputs), "targets": targets(&objective.data.targets) },
            "loss": self.loss,
            "weight_decay": objective.weight_decay,
            "methods": [],
        });
        for (key, value) in changes.as_object().expect("an object of changes") {
            experiment[key] = value.clone();
        }
        read(&experiment)
    }
}

/// What a failure needs to say.
impl std::fmt::Display for Example {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (widths, activation) = (self.layout().widths(), self.evaluation.objective.activation);
        let (loss, samples) = (self.loss, self.samples());
        write!(formatter, "seed {}: {widths:?} {activation:?} {loss:?} of {samples} data", self.seed)
    }
}

fn layout(generator: &mut Pcg32, loss: Loss, (least, most): (usize, usize)) -> Layout {
    let hidden = generator.random_range(least..=most);
    let mut widths: Vec<usize> = (0..=hidden).map(|_| generator.random_range(1..=4)).collect();
    widths.push(match loss {
        Loss::Mse => generator.random_range(1..=3),
        Loss::CrossEntropy => generator.random_range(2..=4),
    });
    Layout::new(&widths)
}

fn data(generator: &mut Pcg32, loss: Loss, layout: &Layout, samples: usize) -> Data<f64> {
    let outputs = layout.widths()[layout.layers()];
    let inputs = normals(generator, layout.widths()[0], samples);
    let targets = match loss {
        Loss::Mse => Targets::Values(normals(generator, outputs, samples)),
        Loss::CrossEntropy => Targets::Classes((0..samples).map(|_| generator.random_range(0..outputs)).collect()),
    };
    Data { inputs, targets }
}

/// A matrix of standard normal numbers.
pub fn normals(generator: &mut Pcg32, rows: usize, columns: usize) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |_, _| generator.sample::<f64, _>(StandardNormal))
}

/// A symmetric matrix with these eigenvalues in a random basis.
pub fn symmetric(seed: u64, eigenvalues: &[f64]) -> DMatrix<f64> {
    let count = eigenvalues.len();
    let basis = normals(&mut Pcg32::new(seed, 101), count, count).qr().q();
    let matrix = &basis * DMatrix::from_diagonal(&DVector::from_column_slice(eigenvalues)) * basis.transpose();
    (&matrix + matrix.transpose()) * 0.5
}

fn rows(columns: &DMatrix<f64>) -> Vec<Vec<f64>> {
    columns.column_iter().map(|column| column.iter().copied().collect()).collect()
}

fn targets(targets: &Targets<f64>) -> Value {
    match targets {
        Targets::Values(values) => json!(rows(values)),
        Targets::Classes(classes) => json!(classes),
    }
}
