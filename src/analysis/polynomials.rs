//! Each iterate's residual polynomial: r_k = p_k(A) b, with p_k(0) = 1.

use serde::Serialize;

use crate::analysis::MethodRun;
use crate::analysis::sight::Sight;
use crate::experiment::{Method, Preconditioner};
use crate::magnitude::finite;
use crate::solve::Coefficients;
use crate::solve::conjugate_gradient::Start;
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::Run;
use crate::system::System;

/// Points in even steps that the polynomials are sampled at.
const SAMPLES: usize = 241;
/// Points beside them that crowd about zero.
const NEAR: usize = 120;
/// Within this part of the interval's size about zero, they stand evenly; beyond it, by powers of ten.
const KNEE: f64 = 1e-3;

/// Residual polynomials sampled over an interval that holds the spectrum, zero and (0, 2s).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Polynomials {
    /// One for each method, in their order; null for those whose iterates are no polynomials of a matrix.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(MethodPolynomials | null)[]"))]
    pub methods: Vec<Option<MethodPolynomials>>,
}

/// One method's polynomials.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MethodPolynomials {
    /// The λ sampled, ascending.
    pub points: Vec<f64>,
    /// p_k(λ) by iterate and then by point; null where it overflows. A run that ended early has fewer iterates.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[][]"))]
    pub values: Vec<Vec<Option<f64>>>,
    /// The eigenvalues that λ stands for, ascending: of A, or of P⁻¹A where the method is preconditioned.
    pub eigenvalues: Vec<f64>,
    /// p_k at those eigenvalues, by iterate and then by eigenvalue.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[][]"))]
    pub at_eigenvalues: Vec<Vec<Option<f64>>>,
}

/// The polynomials in sight of every method of `runs` that has some.
pub fn polynomials(system: &System, runs: &[MethodRun], sight: Sight) -> Result<Polynomials, String> {
    if system.eigenvalues.is_none() {
        return Err(crate::analysis::not_formed("polynomials", system));
    }
    Ok(Polynomials { methods: runs.iter().map(|run| method_polynomials(system, run, sight)).collect() })
}

fn method_polynomials(system: &System, (method, answer): &MethodRun, sight: Sight) -> Option<MethodPolynomials> {
    let eigenvalues = system.interval(method)?;
    MethodPolynomials::new(method, &answer.run, answer.scale, &eigenvalues, sight)
}

impl MethodPolynomials {
    /// The polynomials of a run whose matrix has these eigenvalues; none of a method whose iterates are no polynomials.
    pub fn new(method: &Method, run: &Run, scale: f64, eigenvalues: &Eigenvalues, sight: Sight) -> Option<Self> {
        let reach = match method {
            Method::Neumann { .. } => 2.0 * scale,
            Method::Cg { start: Start::RightHandSide, preconditioner, .. }
                if *preconditioner != Preconditioner::None =>
            {
                return None;
            }
            Method::Cg { .. } | Method::Minres { .. } => 0.0,
            _ => return None,
        };
        let (points, eigenvalues) = (points(eigenvalues, reach), eigenvalues.0.as_slice().to_vec());
        let sampled = |at: &[f64]| values(method, run, scale, at, sight);
        Some(Self { values: sampled(&points), at_eigenvalues: sampled(&eigenvalues), points, eigenvalues })
    }
}

/// An interval about the eigenvalues, zero and `reach`: in even steps, and closer together about zero.
fn points(eigenvalues: &Eigenvalues, reach: f64) -> Vec<f64> {
    let (low, high) = (eigenvalues.smallest().min(0.0), eigenvalues.largest().max(reach));
    let margin = 0.05 * (high - low);
    let (start, step) = (low - margin, (high - low + 2.0 * margin) / (SAMPLES - 1) as f64);
    let even = (0..SAMPLES).map(|i| start + step * i as f64);
    // Every p_k(0) is 1, however steep the curves are about it.
    let mut points: Vec<_> = even.chain(about_zero(low, high)).chain([0.0]).collect();
    points.sort_by(f64::total_cmp);
    points
}

/// Points within (low, high) in even steps of sign(λ) ln(1 + |λ| / knee).
fn about_zero(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let knee = (KNEE * (high - low)).max(f64::MIN_POSITIVE);
    let place = |lambda: f64| (lambda.abs() / knee).ln_1p().copysign(lambda);
    let (first, step) = (place(low), (place(high) - place(low)) / NEAR as f64);
    let places = (0..NEAR).map(move |i| first + step * (i as f64 + 0.5));
    places.map(move |place| (knee * place.abs().exp_m1()).copysign(place))
}

/// p_0, p_1, … at every λ, by iterate in sight and then by λ; null where it overflows.
fn values(method: &Method, run: &Run, scale: f64, at: &[f64], sight: Sight) -> Vec<Vec<Option<f64>>> {
    let steps = &run.coefficients;
    match method {
        Method::Neumann { .. } => {
            let count = run.sightings.not_finite.unwrap_or(run.sightings.last + 1);
            let powers = at.iter().map(|lambda| Power::of(1.0 - lambda / scale));
            by_iterate(powers, &vec![(); count.saturating_sub(1)], sight)
        }
        Method::Cg { start, .. } => {
            by_iterate(at.iter().map(|&lambda| ConjugateGradient::new(*start, lambda)), steps, sight)
        }
        _ => by_iterate(at.iter().map(|&lambda| Minres::new(lambda)), steps, sight),
    }
}

/// A polynomial's value at one λ, which each step of a run turns into the next iterate's.
trait Recurrence {
    type Step;
    fn value(&self) -> f64;
    fn advance(&mut self, step: &Self::Step);
}

/// Iterate by iterate, so that what is done to every λ is done in one sweep.
fn by_iterate<R: Recurrence>(at: impl Iterator<Item = R>, steps: &[R::Step], sight: Sight) -> Vec<Vec<Option<f64>>> {
    let mut at: Vec<R> = at.collect();
    let seen = sight.places(steps.len() + 1);
    let mut rows = Vec::with_capacity(seen.len());
    for k in 0..seen.end {
        if k > 0 {
            at.iter_mut().for_each(|lambda| lambda.advance(&steps[k - 1]));
        }
        if seen.contains(&k) {
            rows.push(at.iter().map(|lambda| finite(lambda.value())).collect());
        }
    }
    rows
}

/// (1 − λ/s)^(k + 1).
struct Power {
    base: f64,
    power: f64,
}

impl Power {
    fn of(base: f64) -> Self {
        Self { base, power: base }
    }
}

impl Recurrence for Power {
    type Step = ();

    fn value(&self) -> f64 {
        self.power
    }

    fn advance(&mut self, (): &()) {
        self.power *= self.base;
    }
}

/// The recurrence r ← r − α λ p, p ← r + β p of scalars, from r = p.
struct ConjugateGradient {
    lambda: f64,
    residual: f64,
    direction: f64,
}

impl ConjugateGradient {
    fn new(start: Start, lambda: f64) -> Self {
        let first = if start == Start::RightHandSide { 1.0 - lambda } else { 1.0 };
        Self { lambda, residual: first, direction: first }
    }
}

impl Recurrence for ConjugateGradient {
    type Step = Coefficients;

    fn value(&self) -> f64 {
        self.residual
    }

    fn advance(&mut self, step: &Coefficients) {
        let Coefficients::ConjugateGradient { alpha, beta } = step else { return };
        self.residual -= alpha * self.lambda * self.direction;
        self.direction = self.residual + beta * self.direction;
    }
}

/// The Lanczos and update recurrences of scalars, for b = 1: p_k(λ) = 1 − λ x_k(λ), everything divided by ‖b‖.
struct Minres {
    lambda: f64,
    basis: [f64; 2],
    directions: [f64; 2],
    before: f64,
    solution: f64,
}

impl Minres {
    fn new(lambda: f64) -> Self {
        Self { lambda, basis: [0.0, 1.0], directions: [0.0; 2], before: 0.0, solution: 0.0 }
    }
}

impl Recurrence for Minres {
    type Step = Coefficients;

    fn value(&self) -> f64 {
        1.0 - self.lambda * self.solution
    }

    fn advance(&mut self, step: &Coefficients) {
        let &Coefficients::Minres { diagonal, beside, near, far, norm, length } = step else { return };
        let Self { lambda, basis, directions, .. } = *self;
        let direction = (basis[1] - near * directions[1] - far * directions[0]) / norm;
        self.directions = [directions[1], direction];
        self.solution += length * direction;
        let next = (lambda - diagonal) * basis[1] - self.before * basis[0];
        self.basis = [basis[1], if beside > 0.0 { next / beside } else { 0.0 }];
        self.before = beside;
    }
}
