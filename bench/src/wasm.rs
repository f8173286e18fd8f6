//! The tasks for JavaScript.

use wasm_bindgen::prelude::*;

/// A network to time tasks on.
#[wasm_bindgen]
pub struct Bench(crate::Bench);

#[wasm_bindgen]
impl Bench {
    /// The network of these widths with so many data.
    #[wasm_bindgen(constructor)]
    pub fn new(layers: Vec<usize>, samples: usize) -> Self {
        Self(crate::Bench::new(&layers, samples))
    }

    /// P.
    pub fn parameters(&self) -> usize {
        self.0.parameters()
    }

    /// Does a task so many times; false for one that this network is too large for.
    pub fn run(&mut self, task: &str, repetitions: usize) -> bool {
        self.0.run(task, repetitions)
    }

    /// ‖H ∇‖.
    pub fn check(&self) -> f64 {
        self.0.check()
    }
}

/// Floating-point operations of one task named peak.
#[wasm_bindgen]
pub fn peak_flops() -> f64 {
    crate::PEAK_FLOPS
}
