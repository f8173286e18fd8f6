//! The theory's bounds on a run's curves, given only where they hold.

use serde::Serialize;

use crate::analysis::{MethodRun, not_formed};
use crate::digits::digits_of;
use crate::experiment::{Method, Preconditioner};
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::Trace;
use crate::system::System;

/// One method's bounds, index k for iterate k; empty where there is none. They speak of exact arithmetic: a float run
/// leaves them where it reaches its rounding.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Bounds {
    /// Of the relative error.
    pub relative_error: Vec<f64>,
    /// Of the relative residual.
    pub residual: Vec<f64>,
    /// Of the energy error.
    pub energy_error: Vec<f64>,
    /// The theorem, in words, with its rate; empty where none holds.
    pub theorem: String,
}

/// The bounds on every method of `runs`, in their order.
pub fn bounds(system: &System, runs: &[MethodRun]) -> Result<Vec<Bounds>, String> {
    if system.eigenvalues.is_none() {
        return Err(not_formed("bounds", system));
    }
    Ok(runs.iter().map(|run| method_bounds(system, run).unwrap_or_default()).collect())
}

fn method_bounds(system: &System, (method, answer): &MethodRun) -> Option<Bounds> {
    let eigenvalues = system.interval(method)?;
    Bounds::new(method, &answer.run.trace, answer.scale, &eigenvalues)
}

impl Bounds {
    /// The bounds on a run whose matrix (P⁻¹A, where it is preconditioned) has these eigenvalues; none where none holds.
    pub fn new(method: &Method, trace: &Trace, scale: f64, eigenvalues: &Eigenvalues) -> Option<Self> {
        match method {
            Method::Cg { .. } if eigenvalues.positive_definite() => chebyshev(trace, eigenvalues),
            // Preconditioned, the norms are P's, and no bound on the plain ones follows.
            Method::Neumann { preconditioner: Preconditioner::None, .. } => neumann(trace, scale, eigenvalues),
            Method::Minres { .. } if !eigenvalues.singular() => minres(trace, eigenvalues),
            _ => None,
        }
    }
}

/// ‖e_k‖_A ≤ 2 ((√κ − 1)/(√κ + 1))^k ‖e_0‖_A (Saad 2003, *Iterative methods for sparse linear systems*, theorem 6.29).
fn chebyshev(trace: &Trace, eigenvalues: &Eigenvalues) -> Option<Bounds> {
    let root = eigenvalues.condition().sqrt();
    let rate = (root - 1.0) / (root + 1.0);
    let start = first(&trace.energy_error)?;
    let (factor, condition) = (digits_of(rate, 4), digits_of(eigenvalues.condition(), 4));
    let theorem = format!("Chebyshev: the energy error falls at least as 2 · {factor}^k, since κ = {condition}.");
    Some(Bounds { energy_error: powers(trace, 2.0 * start, rate), theorem, ..Bounds::default() })
}

/// ‖e_k‖ ≤ ρ^k ‖e_0‖ and ‖r_k‖ ≤ ρ^k ‖r_0‖ with ρ = max |1 − λ/s|, where ρ < 1.
fn neumann(trace: &Trace, scale: f64, eigenvalues: &Eigenvalues) -> Option<Bounds> {
    let rate = eigenvalues.0.iter().fold(0.0_f64, |most, lambda| most.max((1.0 - lambda / scale).abs()));
    if rate >= 1.0 || eigenvalues.singular() {
        return None;
    }
    Some(Bounds {
        relative_error: powers(trace, first(&trace.relative_error)?, rate),
        residual: powers(trace, first(&trace.residual)?, rate),
        energy_error: Vec::new(),
        theorem: format!("Error and residual fall at least as {}^k, the largest |1 − λ/s|.", digits_of(rate, 4)),
    })
}

/// ‖r_k‖ ≤ 2 ρ^k ‖b‖, with ρ = (√κ − 1)/(√κ + 1) for a definite matrix; for an indefinite one ρ = (κ − 1)/(κ + 1) and ⌊k/2⌋
/// in place of k, since its eigenvalues lie in ±\[|λ|min, |λ|max\] (Greenbaum 1997, *Iterative methods for solving linear
/// systems*, section 3.1).
fn minres(trace: &Trace, eigenvalues: &Eigenvalues) -> Option<Bounds> {
    first(&trace.residual)?;
    let condition = eigenvalues.condition();
    let definite = eigenvalues.positive_definite() || eigenvalues.largest() < 0.0;
    let size = if definite { condition.sqrt() } else { condition };
    let rate = (size - 1.0) / (size + 1.0);
    let residual = powers(trace, 2.0, rate);
    let (residual, exponent) =
        if definite { (residual, "k") } else { ((0..residual.len()).map(|k| residual[k / 2]).collect(), "⌊k/2⌋") };
    let (factor, condition) = (digits_of(rate, 4), digits_of(condition, 4));
    let theorem = format!("The residual falls at least as 2 · {factor}^{exponent}, since κ = {condition}.");
    Some(Bounds { residual, theorem, ..Bounds::default() })
}

/// What a curve starts from; nothing where b is zero, and no number is relative to it.
fn first(curve: &[Option<f64>]) -> Option<f64> {
    curve.first().copied().flatten()
}

fn powers(trace: &Trace, start: f64, rate: f64) -> Vec<f64> {
    (0..trace.products.len()).map(|k| start * rate.powi(k as i32)).collect()
}
