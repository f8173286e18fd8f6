//! The objective that is minimised: a loss of a network's outputs on data, plus weight decay.

use std::borrow::Cow;

use nalgebra::{DMatrix, DVector};

use crate::activation::Activation;
use crate::loss::{Loss, Targets};
use crate::network::outputs;
use crate::parameters::Layout;
use crate::scalar::{Scalar, cast, cast_vector};

/// What a network is fitted to.
#[derive(Clone, Debug, PartialEq)]
pub struct Data<T: Scalar> {
    /// One column a datum, inputs × N.
    pub inputs: DMatrix<T>,
    /// One target a datum.
    pub targets: Targets<T>,
}

impl<T: Scalar> Data<T> {
    /// N.
    pub fn samples(&self) -> usize {
        self.inputs.ncols()
    }

    /// The data with these indices, in that order.
    pub fn select(&self, indices: &[usize]) -> Self {
        let targets = match &self.targets {
            Targets::Values(values) => Targets::Values(values.select_columns(indices)),
            Targets::Classes(classes) => Targets::Classes(indices.iter().map(|&n| classes[n]).collect()),
        };
        Self { inputs: self.inputs.select_columns(indices), targets }
    }
}

/// R Σₙ ℓₙ + ½ μ ‖θ − c‖² as a function of θ.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective<T: Scalar> {
    /// The order of θ.
    pub layout: Layout,
    /// The hidden layers' nonlinearity.
    pub activation: Activation,
    /// The data.
    pub data: Data<T>,
    /// R; that of the whole data also where some of them are left out.
    pub normalizer: T,
    /// μ.
    pub weight_decay: T,
    /// c, which weight decay draws θ to; without it, zero.
    pub centre: Option<DVector<T>>,
}

impl<T: Scalar> Objective<T> {
    /// The objective of all of `data`, with the loss's own R.
    pub fn new(layout: Layout, activation: Activation, data: Data<T>, loss: Loss, weight_decay: T) -> Self {
        let outputs = layout.shape(layout.layers() - 1).1;
        let normalizer = T::of(loss.normalizer(data.samples(), outputs));
        Self { layout, activation, data, normalizer, weight_decay, centre: None }
    }

    /// Its value at `theta`, and nothing that derivatives need.
    pub fn value(&self, theta: &DVector<T>) -> T {
        let outputs = outputs(&self.layout.split(theta), self.activation, &self.data.inputs);
        self.loss_of(&outputs) + self.decay(theta)
    }

    /// R Σₙ ℓₙ of the outputs.
    pub(crate) fn loss_of(&self, outputs: &DMatrix<T>) -> T {
        let losses = outputs.column_iter().enumerate().map(|(n, output)| self.data.targets.loss(n, output.as_slice()));
        losses.fold(T::zero(), |sum, loss| sum + loss) * self.normalizer
    }

    /// ½ μ ‖θ − c‖².
    pub(crate) fn decay(&self, theta: &DVector<T>) -> T {
        self.weight_decay * self.offset(theta).norm_squared() * T::of(0.5)
    }

    /// θ − c.
    pub(crate) fn offset<'a>(&self, theta: &'a DVector<T>) -> Cow<'a, DVector<T>> {
        match &self.centre {
            None => Cow::Borrowed(theta),
            Some(centre) => Cow::Owned(theta - centre),
        }
    }

    /// The objective plus ½ λ ‖θ − `centre`‖², up to a constant: the two squares are one, about a point between 0 and the
    /// centre.
    pub fn near(&self, centre: &DVector<T>, strength: T) -> Self {
        let weight_decay = self.weight_decay + strength;
        Self { weight_decay, centre: Some(centre * (strength / weight_decay)), ..self.clone() }
    }

    /// The same objective in the precision `U`.
    pub fn cast<U: Scalar>(&self) -> Objective<U> {
        Objective {
            layout: self.layout.clone(),
            activation: self.activation,
            data: Data { inputs: cast(&self.data.inputs), targets: self.data.targets.cast() },
            normalizer: U::of(self.normalizer.to_f64()),
            weight_decay: U::of(self.weight_decay.to_f64()),
            centre: self.centre.as_ref().map(cast_vector),
        }
    }

    /// The objective without one of its data, R kept.
    pub fn without(&self, datum: usize) -> Self {
        let others: Vec<_> = (0..self.data.samples()).filter(|&n| n != datum).collect();
        Self { data: self.data.select(&others), ..self.clone() }
    }

    /// The objective of some of its data, scaled so that over random choices its loss keeps its expectation.
    pub fn batch(&self, indices: &[usize]) -> Self {
        let whole = self.data.samples() as f64 / indices.len() as f64;
        let normalizer = self.normalizer * T::of(whole);
        Self {
            layout: self.layout.clone(),
            activation: self.activation,
            data: self.data.select(indices),
            normalizer,
            weight_decay: self.weight_decay,
            centre: self.centre.clone(),
        }
    }
}
