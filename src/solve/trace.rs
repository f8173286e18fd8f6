//! Every curve of a run: one function runs any solver and measures each of its iterates.

use nalgebra::DVector;
use serde::Serialize;

use crate::magnitude::{cosine, norm};
use crate::operator::LinearOperator;
use crate::scalar::Scalar;
use crate::solve::{Coefficients, Event, Iterate};

/// The system A x = b in float64 that iterates are measured against, in whichever precision they were computed.
pub struct Reference<'a> {
    /// A.
    pub operator: &'a dyn LinearOperator<f64>,
    /// b.
    pub right_hand_side: &'a DVector<f64>,
    /// x*, where it is known.
    pub exact: Option<&'a DVector<f64>>,
    /// g, which slopes are measured with.
    pub gradient: &'a DVector<f64>,
    /// ‖x*‖_A, where A is known to be positive definite, so that it is a norm.
    pub exact_energy: Option<f64>,
    /// How much of a run is recorded.
    pub recording: Recording,
}

/// How much of a run is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recording {
    /// The last iterate: what the method itself costs.
    Solution,
    /// The curves too.
    Curves,
    /// And every iterate.
    Iterates,
}

/// Iterates measured together: enough for a matrix product, few enough to hold at any size.
const TOGETHER: usize = 8;

/// The curves of a run: index k is iterate k, iterate 0 included.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Trace {
    /// Curvature-vector products that the method itself needed so far.
    pub products: Vec<f64>,
    /// ‖x_k − x*‖ / ‖x*‖.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub relative_error: Vec<Option<f64>>,
    /// x_kᵀ x* / (‖x_k‖ ‖x*‖).
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub cosine_similarity: Vec<Option<f64>>,
    /// The true residual ‖b − A x_k‖ / ‖b‖, not the recurrence's.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub residual: Vec<Option<f64>>,
    /// ‖x_k − x*‖_A / ‖x*‖_A; null where A is not positive definite.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub energy_error: Vec<Option<f64>>,
    /// gᵀx_k: where it is negative, −x_k is no descent direction.
    pub slope: Vec<f64>,
}

/// A run's last finite iterate, its curves, and what was seen.
#[derive(Clone, Debug)]
pub struct Run {
    /// The last finite iterate.
    pub solution: DVector<f64>,
    /// The curves.
    pub trace: Trace,
    /// What was seen on the way.
    pub sightings: Sightings,
    /// Every iterate up to the last finite one, where they were asked for.
    pub iterates: Vec<DVector<f64>>,
    /// The coefficients of every step that has some, from the first on.
    pub coefficients: Vec<Coefficients>,
}

impl Run {
    fn new(parameters: usize) -> Self {
        Self {
            solution: DVector::zeros(parameters),
            trace: Trace::default(),
            sightings: Sightings::default(),
            iterates: Vec::new(),
            coefficients: Vec::new(),
        }
    }

    /// Whether b is zero, so that no residual is relative to it.
    pub fn nothing_to_solve(&self) -> bool {
        self.trace.residual.first().is_some_and(Option::is_none) && self.sightings.not_finite.is_none()
    }
}

/// What a run met, each with the iteration at which it was first seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sightings {
    /// A direction with pᵀAp ≤ 0, and its pᵀAp / pᵀp.
    pub negative_curvature: Option<(usize, f64)>,
    /// A zero divisor.
    pub zero_divisor: Option<usize>,
    /// An iterate with a number that is not finite.
    pub not_finite: Option<usize>,
    /// A true relative residual at or below the precision's tolerance.
    pub converged: Option<usize>,
    /// A true residual larger than the one before, by more than rounding explains.
    pub growth: Option<usize>,
    /// The last iteration that ran.
    pub last: usize,
}

/// The true relative residual at which a run is called converged: 1e-10, in float32 1e-5.
pub fn tolerance<T: Scalar>() -> f64 {
    if T::EPSILON > 1e-10 { 1e-5 } else { 1e-10 }
}

impl Reference<'_> {
    /// Runs `solver` for `iterations` iterations and measures each iterate. A run that ends early holds its last iterate.
    pub fn trace<T: Scalar>(&self, solver: impl Iterator<Item = Iterate<T>>, iterations: usize) -> Run {
        self.trace_widened(&mut solver.map(Iterate::widen), iterations, tolerance::<T>())
    }

    fn trace_widened(&self, solver: &mut dyn Iterator<Item = Iterate<f64>>, iterations: usize, tolerance: f64) -> Run {
        let mut run = Run::new(self.right_hand_side.len());
        let mut waiting = Vec::new();
        for (k, iterate) in solver.take(iterations + 1).enumerate() {
            run.sightings.last = k;
            run.sightings.note(iterate.event, k);
            if !iterate.solution.norm_squared().is_finite() {
                run.sightings.not_finite = Some(k);
                break;
            }
            if self.recording == Recording::Solution {
                run.solution = iterate.solution;
                continue;
            }
            run.trace.products.push(iterate.products);
            run.coefficients.extend(iterate.coefficients);
            waiting.push(iterate.solution);
            if waiting.len() == TOGETHER {
                self.record(&mut run, &mut waiting, tolerance);
            }
        }
        self.record(&mut run, &mut waiting, tolerance);
        run.trace.hold(iterations + 1);
        run
    }

    /// Measures the iterates that wait for it.
    fn record(&self, run: &mut Run, waiting: &mut Vec<DVector<f64>>, tolerance: f64) {
        for (solution, measures) in waiting.iter().zip(self.measure_all(waiting)) {
            run.trace.push(measures, self.gradient.dot(solution));
            run.sightings.note_residual(&run.trace, tolerance);
        }
        if let Some(last) = waiting.last() {
            run.solution = last.clone();
        }
        if self.recording == Recording::Iterates {
            run.iterates.append(waiting);
        }
        waiting.clear();
    }

    /// One direct solution as a run of a single iterate.
    pub fn measure_solution(&self, solution: DVector<f64>, products: f64) -> Run {
        self.trace(std::iter::once(Iterate { solution, products, event: None, coefficients: None }), 0)
    }

    fn measure_all(&self, solutions: &[DVector<f64>]) -> Vec<Measures> {
        let products = self.operator.apply_to_all(solutions);
        let size = norm(self.right_hand_side);
        let residual = |product: &DVector<f64>| ratio(norm(&(self.right_hand_side - product)), size);
        let mut measures: Vec<_> =
            products.iter().map(|product| Measures { residual: residual(product), ..Measures::default() }).collect();
        if let Some(exact) = self.exact {
            self.measure_errors(exact, solutions, &mut measures);
        }
        measures
    }

    fn measure_errors(&self, exact: &DVector<f64>, solutions: &[DVector<f64>], measures: &mut [Measures]) {
        let size = norm(exact);
        let errors: Vec<_> = solutions.iter().map(|solution| solution - exact).collect();
        for ((measures, solution), error) in measures.iter_mut().zip(solutions).zip(&errors) {
            measures.relative_error = ratio(norm(error), size);
            measures.cosine_similarity = cosine(solution, exact);
        }
        if let Some(energy) = self.exact_energy {
            for ((measures, error), product) in
                measures.iter_mut().zip(&errors).zip(self.operator.apply_to_all(&errors))
            {
                measures.energy_error = ratio(energy_norm(error, &product), energy);
            }
        }
    }
}

/// ‖v‖_A from v and A v; rounding may take vᵀAv below zero only where it is negligible.
pub fn energy_norm(vector: &DVector<f64>, product: &DVector<f64>) -> f64 {
    vector.dot(product).max(0.0).sqrt()
}

#[derive(Default)]
struct Measures {
    relative_error: Option<f64>,
    cosine_similarity: Option<f64>,
    residual: Option<f64>,
    energy_error: Option<f64>,
}

/// The quotient, where it is a number.
fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    Some(numerator / denominator).filter(|quotient| quotient.is_finite())
}

impl Trace {
    fn push(&mut self, measures: Measures, slope: f64) {
        self.slope.push(slope);
        self.relative_error.push(measures.relative_error);
        self.cosine_similarity.push(measures.cosine_similarity);
        self.residual.push(measures.residual);
        self.energy_error.push(measures.energy_error);
    }

    /// Repeats the last entry up to `length` entries.
    fn hold(&mut self, length: usize) {
        hold(&mut self.products, length, 0.0);
        hold(&mut self.slope, length, 0.0);
        for curve in [&mut self.relative_error, &mut self.cosine_similarity, &mut self.residual, &mut self.energy_error]
        {
            hold(curve, length, None);
        }
    }
}

fn hold<V: Copy>(curve: &mut Vec<V>, length: usize, empty: V) {
    let last = curve.last().copied().unwrap_or(empty);
    curve.resize(length, last);
}

impl Sightings {
    fn note(&mut self, event: Option<Event>, k: usize) {
        match event {
            Some(Event::NegativeCurvature(curvature)) => {
                self.negative_curvature.get_or_insert((k, curvature));
            }
            Some(Event::ZeroDivisor) => self.zero_divisor = Some(k),
            None => {}
        }
    }

    fn note_residual(&mut self, trace: &Trace, tolerance: f64) {
        let k = trace.residual.len() - 1;
        let Some(residual) = trace.residual[k] else {
            return;
        };
        if residual <= tolerance {
            self.converged.get_or_insert(k);
        }
        // Rounding makes a residual at its floor wander; growth of a part in a thousand above the tolerance does not.
        let before = trace.residual[k.saturating_sub(1)];
        if before.is_some_and(|before| residual > 1.001 * before && residual > tolerance) {
            self.growth.get_or_insert(k);
        }
    }
}
