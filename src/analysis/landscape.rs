//! The objective over a plane of parameters, point by point.

use nalgebra::{DMatrix, DVector};

use crate::activation::Activation;
use crate::multiplication::{columns, multiply, product};
use crate::network::homogeneous;
use crate::objective::Objective;

/// f(θ + x u + y v). A layer's weights are linear in x and y, and so are the first one's pre-activations, whose inputs are the
/// data: they are multiplied out three times in all, and not once a point.
pub struct Landscape<'a> {
    objective: &'a Objective<f64>,
    parameters: Affine<DVector<f64>>,
    /// S₁, out × N.
    first: Affine<DMatrix<f64>>,
    /// W̄_l of every later layer, out × (in + 1).
    later: Vec<Affine<DMatrix<f64>>>,
    room: Room,
}

/// What is somewhere in the plane A + x B + y C, by A, B and C.
type Affine<M> = [M; 3];

/// What there is at one point.
struct Room {
    /// θ.
    theta: DVector<f64>,
    /// Ā_l of every hidden layer, (out + 1) × N.
    activations: Vec<DMatrix<f64>>,
    /// W̄_l of every later layer.
    weights: Vec<DMatrix<f64>>,
    /// S_l of every layer, out × N.
    values: Vec<DMatrix<f64>>,
}

impl<'a> Landscape<'a> {
    /// The objective about `theta` along `across` (u) and `up` (v).
    pub fn new(objective: &'a Objective<f64>, theta: &DVector<f64>, across: &DVector<f64>, up: &DVector<f64>) -> Self {
        let parameters = [theta, across, up].map(DVector::clone_owned);
        let inputs = homogeneous(&objective.data.inputs);
        let [mut theta, mut across, mut up] =
            [theta, across, up].map(|vector| objective.layout.split(vector).into_iter());
        let mut layer = || Some([theta.next()?, across.next()?, up.next()?]);
        let first = layer().expect("a network has a layer").map(|weights| product(&weights, &inputs));
        let later: Vec<_> = std::iter::from_fn(layer).collect();
        let room = Room::new(&parameters, &first, &later);
        Self { objective, parameters, first, later, room }
    }

    /// f at the point (x, y).
    pub fn value(&mut self, point: [f64; 2]) -> f64 {
        let Room { theta, activations, weights, values } = &mut self.room;
        write(point, self.first.each_ref().map(DMatrix::as_slice), values[0].as_mut_slice());
        for (l, later) in self.later.iter().enumerate() {
            write(point, later.each_ref().map(DMatrix::as_slice), weights[l].as_mut_slice());
            activate(self.objective.activation, &values[l], &mut activations[l]);
            multiply(&mut values[l + 1], columns(&weights[l]), columns(&activations[l]));
        }
        write(point, self.parameters.each_ref().map(DVector::as_slice), theta.as_mut_slice());
        self.objective.loss_of(&values[self.later.len()]) + self.objective.decay(theta)
    }
}

impl Room {
    fn new([theta, ..]: &Affine<DVector<f64>>, first: &Affine<DMatrix<f64>>, later: &[Affine<DMatrix<f64>>]) -> Self {
        let samples = first[0].ncols();
        let hidden = |[weights, ..]: &Affine<DMatrix<f64>>| DMatrix::from_element(weights.ncols(), samples, 1.0);
        let values = |[weights, ..]: &Affine<DMatrix<f64>>| DMatrix::zeros(weights.nrows(), samples);
        Self {
            theta: theta.clone(),
            activations: later.iter().map(hidden).collect(),
            weights: later.iter().map(|[weights, ..]| weights.clone()).collect(),
            values: std::iter::once(first[0].clone()).chain(later.iter().map(values)).collect(),
        }
    }
}

/// Ā = [φ(S); 1]; its row of ones is there already.
fn activate(activation: Activation, values: &DMatrix<f64>, result: &mut DMatrix<f64>) {
    let rows = values.nrows();
    let data = result.as_mut_slice().chunks_exact_mut(rows + 1).zip(values.as_slice().chunks_exact(rows));
    for (result, values) in data {
        result.iter_mut().zip(values).for_each(|(entry, &value)| *entry = activation.at(value).value);
    }
}

/// A + x B + y C.
fn write([x, y]: [f64; 2], terms: [&[f64]; 3], result: &mut [f64]) {
    let [at, across, up] = terms;
    let terms = at.iter().zip(across).zip(up);
    result.iter_mut().zip(terms).for_each(|(entry, ((&a, &b), &c))| *entry = a + b * x + c * y);
}
