//! Each iterate's error and residual by eigenvector: which directions has a method not solved?

use nalgebra::DVector;
use serde::Serialize;

use crate::analysis::sight::Sight;
use crate::analysis::{MethodRun, not_formed};
use crate::system::System;

/// Coordinates in the eigenvectors of C, in the order of the report's `spectrum`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Modes {
    /// qᵢᵀ b.
    pub right_hand_side: Vec<f64>,
    /// qᵢᵀ x*.
    pub exact: Vec<f64>,
    /// One for each method, in their order.
    pub methods: Vec<MethodModes>,
}

/// One method's curves by eigenvector. A run that ended early has fewer entries: its last one holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MethodModes {
    /// qᵢᵀ (x_k − x*), by iterate and then by eigenvector.
    pub error: Vec<Vec<f64>>,
    /// qᵢᵀ (b − A x_k), by iterate and then by eigenvector.
    pub residual: Vec<Vec<f64>>,
}

/// The coordinates of every iterate of `runs` in sight.
pub fn modes(system: &System, runs: &[MethodRun], sight: Sight) -> Result<Modes, String> {
    let (Some(formed), Some(exact)) = (&system.problem.formed, &system.exact) else {
        return Err(not_formed("modes", system));
    };
    let spectrum = &formed.spectrum;
    let eigenvalues = spectrum.damped(system.damping).0;
    let (b, exact) = (spectrum.coordinates(&system.problem.right_hand_side), spectrum.coordinates(exact));
    let method = |iterates: &[DVector<f64>]| {
        let coordinates: Vec<_> = spectrum.coordinates_of_all(iterates);
        let residual = |x: &DVector<f64>| &b - eigenvalues.component_mul(x);
        MethodModes {
            error: coordinates.iter().map(|x| numbers(x - &exact)).collect(),
            residual: coordinates.iter().map(|x| numbers(residual(x))).collect(),
        }
    };
    let methods = runs.iter().map(|(_, answer)| method(sight.of(&answer.run.iterates))).collect();
    Ok(Modes { right_hand_side: numbers(b.clone()), exact: numbers(exact.clone()), methods })
}

fn numbers(vector: DVector<f64>) -> Vec<f64> {
    vector.data.into()
}
