//! Every curve of a run: one function runs any solver and measures each of its iterates.

use nalgebra::{DMatrix, DVector, DVectorView};
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
    /// What the iterates of a solver of A x = b/unit are multiplied by.
    pub unit: f64,
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

    /// The last iterate's relative residual.
    pub fn residual(&self) -> Option<f64> {
        self.trace.residual.last().copied().flatten()
    }

    /// The least relative residual, and its iterate.
    pub fn least_residual(&self) -> Option<(usize, f64)> {
        let residuals = self.trace.residual.iter().enumerate();
        residuals.filter_map(|(k, residual)| Some((k, (*residual)?))).min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// Whether the method came to an end of its own before the iterations asked for.
    pub fn ended_early(&self) -> bool {
        self.sightings.last + 1 < self.trace.residual.len()
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
    /// Runs `solver` of A x = b/unit for `iterations` iterations and measures each iterate. A run that ends early holds its last iterate.
    pub fn trace<T: Scalar>(&self, solver: impl Iterator<Item = Iterate<T>>, iterations: usize) -> Run {
        self.trace_widened(&mut solver.map(|iterate| iterate.widen(self.unit)), iterations, tolerance::<T>())
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
        let Some(last) = waiting.last() else { return };
        run.solution = last.clone();
        for (solution, measures) in waiting.iter().zip(self.measure_all(waiting)) {
            run.trace.push(measures, self.gradient.dot(solution));
            run.sightings.note_residual(&run.trace, tolerance);
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

    /// Measures iterates together: one product with all of them and, where it tells their energy, all of their errors.
    fn measure_all(&self, solutions: &[DVector<f64>]) -> Vec<Measures> {
        let (count, parameters) = (solutions.len(), self.operator.dimension());
        let matrix = |entries: Vec<f64>| DMatrix::from_vec(parameters, entries.len() / parameters, entries);
        let entries = solutions.iter().map(DVector::as_slice).collect::<Vec<_>>().concat();
        let errors = self.exact.map(|exact| matrix(differences(&entries, exact)));
        let weighed = errors.as_ref().filter(|_| self.exact_energy.is_some()).map_or(&[][..], DMatrix::as_slice);
        let products = self.operator.apply_to_all(&matrix([&entries, weighed].concat()));
        let residuals = matrix(differences(&products.as_slice()[..entries.len()], self.right_hand_side));
        let (size, exact_size) = (norm(self.right_hand_side), self.exact.map(norm));
        let error = |k| errors.as_ref().map(|errors| errors.column(k));
        let measure = |k: usize| Measures {
            residual: ratio(norm(&residuals.column(k)), size),
            relative_error: error(k).zip(exact_size).and_then(|(error, size)| ratio(norm(&error), size)),
            cosine_similarity: self.exact.and_then(|exact| cosine(&solutions[k], exact)),
            energy_error: error(k)
                .zip(self.exact_energy)
                .and_then(|(error, energy)| ratio(energy_norm(error, products.column(count + k)), energy)),
        };
        (0..count).map(measure).collect()
    }
}

/// The columns less `vector`. By slices: nalgebra's own copies a part of a matrix entry by entry.
fn differences(columns: &[f64], vector: &DVector<f64>) -> Vec<f64> {
    let mut differences = columns.to_vec();
    for column in differences.chunks_exact_mut(vector.len()) {
        column.iter_mut().zip(vector.as_slice()).for_each(|(difference, &entry)| *difference -= entry);
    }
    differences
}

/// ‖v‖_A from v and A v; rounding may take vᵀAv below zero only where it is negligible.
pub fn energy_norm(vector: DVectorView<f64>, product: DVectorView<f64>) -> f64 {
    vector.dot(&product).max(0.0).sqrt()
}

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
