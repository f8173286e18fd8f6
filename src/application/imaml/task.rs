//! The tasks of few-shot regression: sines, each with a few data to adapt to and more to test on.

use std::f64::consts::PI;

use nalgebra::DMatrix;
use rand::RngExt;
use rand_pcg::Pcg32;
use serde::Serialize;

use crate::experiment::ImamlSpec;
use crate::loss::Targets;
use crate::objective::Data;

/// The random stream that tasks are drawn from; task t of a purpose draws from one of its own.
const FIRST_STREAM: u64 = 100_000;

/// Half the width of the interval that inputs are drawn from.
pub const REACH: f64 = 3.0;

/// y = a sin(x + p), with the data drawn from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Task {
    /// a ~ U(0.5, 2).
    pub amplitude: f64,
    /// p ~ U(0, π).
    pub phase: f64,
    /// The inputs x ~ U(−3, 3) to adapt to.
    pub support: Vec<f64>,
    /// The inputs x ~ U(−3, 3) to test on.
    pub query: Vec<f64>,
}

impl Task {
    /// Task `index` of the seed, drawn from PCG-XSH-RR 64/32 on a stream of its own.
    pub fn draw(spec: &ImamlSpec, index: u64) -> Self {
        let mut generator = Pcg32::new(u64::from(spec.seed), FIRST_STREAM + index);
        let mut uniform = |low: f64, high: f64| low + (high - low) * generator.random::<f64>();
        let (amplitude, phase) = (uniform(0.5, 2.0), uniform(0.0, PI));
        let mut inputs = |count: u32| (0..count).map(|_| uniform(-REACH, REACH)).collect();
        Self { amplitude, phase, support: inputs(spec.support), query: inputs(spec.query) }
    }

    /// a sin(x + p).
    pub fn truth(&self, x: f64) -> f64 {
        self.amplitude * (x + self.phase).sin()
    }

    /// These inputs with their true targets.
    pub fn data(&self, inputs: &[f64]) -> Data<f64> {
        let targets = inputs.iter().map(|&x| self.truth(x));
        Data {
            inputs: DMatrix::from_row_slice(1, inputs.len(), inputs),
            targets: Targets::Values(DMatrix::from_iterator(1, inputs.len(), targets)),
        }
    }
}
