//! LiSSA's band: how far its stochastic runs stray from the Neumann series, and which of the two errors is left.

use nalgebra::DVector;
use serde::Serialize;

use crate::digits::digits;
use crate::experiment::{Experiment, Method, Precision};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::iterative::scale;
use crate::magnitude::finite;
use crate::operator::Damped;
use crate::parameters::LARGEST_FORMED;
use crate::problem::Problem;
use crate::scalar::{Scalar, cast_vector};
use crate::solve::lissa::Lissa;
use crate::solve::neumann::Neumann;
use crate::system::System;

/// The error of one LiSSA method, taken apart; index k of every curve is iterate k, null where it is not finite.
///
/// A batch's matrix is an unbiased estimate of the whole, and a new batch is drawn a step, so the expectation of iterate k is
/// the Neumann series' m_k (Agarwal, Bullins and Hazan 2017, *Second-order stochastic optimization for machine learning in
/// linear time*, <https://arxiv.org/abs/1602.03943>), and the mean square error of a mean x̄ over R runs is a sum:
/// E‖x̄_k − x*‖² = ‖m_k − x*‖² + E‖x_k − m_k‖²/R, truncation and noise. All errors are relative to ‖x*‖.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LissaBand {
    /// The method's place in the experiment.
    pub method: usize,
    /// s, given or chosen.
    pub scale: f64,
    /// R.
    pub repeats: u32,
    /// ‖m_k − x*‖: what the Neumann series leaves. More iterations or a better scale lower it, batches and repeats do not.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub truncation: Vec<Option<f64>>,
    /// The estimate √(Σ_r ‖x_rk − m_k‖²)/R of what the batches' noise adds. Larger batches and more repeats lower it.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub noise: Vec<Option<f64>>,
    /// ‖x̄_k − x*‖ of the mean over the runs: the method's own error.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub mean: Vec<Option<f64>>,
    /// The error that a tenth of the single runs stay below.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub low: Vec<Option<f64>>,
    /// The median error of the single runs.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub median: Vec<Option<f64>>,
    /// The error that a tenth of the single runs exceed.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub high: Vec<Option<f64>>,
    /// The noise floor: the noise's root mean square over the last quarter of the iterations; null while it still grows by
    /// more than a tenth from one quarter to the next.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub floor: Option<f64>,
    /// The first iterate from which on noise exceeds truncation.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub crossing: Option<usize>,
    /// In a few sentences: which of the two is left at the end and what lowers it, or why the series diverges.
    pub message: String,
}

/// The band of every LiSSA method of `experiment`; refused where there is none, or no x* to measure errors against.
pub fn bands(problem: &Problem, experiment: &Experiment) -> Result<Vec<LissaBand>, Refusal> {
    let refuse = |field: &str, problem: String| Err(Refusal { field: field.into(), problem });
    let system = System::new(problem, experiment.damping, experiment.precision);
    if system.exact.is_none() {
        let parameters = problem.parameters();
        let reason = format!(
            "\"lissa\" measures errors against the exact solution, known up to {LARGEST_FORMED} parameters, not {parameters}"
        );
        return refuse("applications", reason);
    }
    let methods = experiment.methods.iter().enumerate();
    let bands: Vec<_> = methods.filter_map(|(place, method)| LissaBand::new(&system, place, method)).collect();
    if bands.is_empty() {
        return refuse("methods", "has no method \"lissa\", whose runs the application \"lissa\" is about".into());
    }
    Ok(bands)
}

/// One LiSSA method's numbers.
struct Setting {
    place: usize,
    iterations: usize,
    scale: f64,
    batch: usize,
    repeats: usize,
    seed: u32,
}

impl LissaBand {
    fn new(system: &System, place: usize, method: &Method) -> Option<Self> {
        let Method::Lissa { iterations, batch, repeats, seed, .. } = method else {
            return None;
        };
        let setting = Setting {
            place,
            iterations: *iterations as usize,
            scale: scale(method, system.eigenvalues.as_ref(), &*system.operator).0,
            batch: *batch as usize,
            repeats: *repeats as usize,
            seed: *seed,
        };
        let problem = system.problem;
        Some(match system.precision {
            Precision::F64 => setting.measure(system, &problem.evaluation, &problem.right_hand_side),
            Precision::F32 => setting.measure(system, problem.narrow(), &problem.narrow_right_hand_side()),
        })
    }
}

impl Setting {
    fn measure<T: Scalar>(&self, system: &System, evaluation: &Evaluation<T>, b: &DVector<T>) -> LissaBand {
        let problem = system.problem;
        let operator = Damped { curvature: problem.curvature(evaluation), damping: T::of(system.damping) };
        let batches = problem.batches(evaluation, system.damping);
        let mut series = Neumann::new(&operator, b, self.scale);
        let mut lissa = Lissa::new(&batches, b, self.scale, self.batch, self.repeats, self.seed);
        let (mut band, mut expected) = (self.empty(), DVector::zeros(b.len()));
        for _ in 0..=self.iterations {
            expected = series.next().map_or(expected, |iterate| cast_vector(&iterate.solution));
            let mean = lissa.next().map(|iterate| cast_vector(&iterate.solution));
            let runs: Vec<DVector<f64>> = lissa.runs().map(cast_vector).collect();
            band.push(system, &expected, &mean.unwrap_or_else(|| expected.clone()), &runs);
        }
        band.conclude();
        band.message = band.words(system, self.batch == evaluation.pass.samples());
        band
    }

    fn empty(&self) -> LissaBand {
        LissaBand {
            method: self.place,
            scale: self.scale,
            repeats: self.repeats as u32,
            truncation: Vec::new(),
            noise: Vec::new(),
            mean: Vec::new(),
            low: Vec::new(),
            median: Vec::new(),
            high: Vec::new(),
            floor: None,
            crossing: None,
            message: String::new(),
        }
    }
}

impl LissaBand {
    fn push(&mut self, system: &System, expected: &DVector<f64>, mean: &DVector<f64>, runs: &[DVector<f64>]) {
        let Some(exact) = &system.exact else { return };
        let size = exact.norm();
        let error = |x: &DVector<f64>| (x - exact).norm() / size;
        let strayed: f64 = runs.iter().map(|run| (run - expected).norm_squared()).sum();
        let mut errors: Vec<f64> = runs.iter().map(error).collect();
        errors.sort_unstable_by(f64::total_cmp);
        let quantile = |part: f64| finite(errors[((errors.len() - 1) as f64 * part).round() as usize]);
        self.truncation.push(finite(error(expected)));
        self.noise.push(finite(strayed.sqrt() / runs.len() as f64 / size));
        self.mean.push(finite(error(mean)));
        self.low.push(quantile(0.1));
        self.median.push(quantile(0.5));
        self.high.push(quantile(0.9));
    }

    fn conclude(&mut self) {
        let noisier = |k: &usize| self.noise[*k].zip(self.truncation[*k]).is_some_and(|(noise, left)| noise > left);
        let last = self.noise.len() - 1;
        let tail = (0..=last).rev().take_while(noisier).count();
        self.crossing = (tail > 0).then(|| last + 1 - tail);
        self.floor = floor(&self.noise);
    }

    fn words(&self, system: &System, whole: bool) -> String {
        let last = self.noise.len() - 1;
        if system.right_hand_side().norm() == 0.0 {
            return "The right-hand side is zero, and so is every run.".into();
        }
        if system.exact.as_ref().is_some_and(|exact| exact.norm() == 0.0) {
            return "The right-hand side lies in the null space, so that the exact solution is zero and no error is relative \
                    to it. Damping makes the system solvable."
                .into();
        }
        let eigenvalues = system.eigenvalues.as_ref();
        let why = eigenvalues.and_then(|known| system.knowledge(eigenvalues, false).why_diverging(known, self.scale));
        if let Some(why) = why {
            return format!("{why} No batch is large enough to help.");
        }
        let (Some(truncation), Some(noise)) = (self.truncation[last], self.noise[last]) else {
            return "The runs grow past what the arithmetic holds, though their mean would converge: single batches have \
                    eigenvalues outside (0, 2s). A larger scale or larger batches help."
                .into();
        };
        let (left, strays) = (digits(truncation), digits(noise));
        let grows = self.floor.is_none() && noise > 0.0;
        match (self.crossing, grows) {
            _ if whole => format!(
                "The batch is the whole data, so there is no noise: truncation leaves {left} after {last} steps."
            ),
            (Some(k), false) => format!(
                "From step {k} on noise is what is left: {strays} after {last} steps, where truncation alone leaves {left}. Four \
                 times the repeats halve it, larger batches lower it too, and more iterations do not."
            ),
            (Some(k), true) => format!(
                "From step {k} on noise is what is left, and it still grows: {strays} after {last} steps, where truncation alone \
                 leaves {left}. Four times the repeats halve it; a larger scale or larger batches make it grow less."
            ),
            (None, false) => format!(
                "Truncation is what is left: {left} after {last} steps, and noise adds {strays}. More iterations help."
            ),
            (None, true) => format!(
                "Truncation is what is left: {left} after {last} steps, and noise, which still grows, adds {strays}. More \
                 iterations lower truncation alone; a larger scale or larger batches make noise grow less."
            ),
        }
    }
}

/// The root mean square of the last quarter, where it is no more than a tenth above that of the quarter before.
fn floor(noise: &[Option<f64>]) -> Option<f64> {
    let quarter = noise.len() / 4;
    if quarter == 0 {
        return None;
    }
    let level = |from_end: usize| {
        let part = &noise[noise.len() - (from_end + 1) * quarter..noise.len() - from_end * quarter];
        let squares: Option<f64> = part.iter().map(|noise| noise.map(|noise| noise * noise)).sum();
        squares.map(|sum| (sum / quarter as f64).sqrt())
    };
    level(0).zip(level(1)).filter(|(last, before)| *last <= 1.1 * before).map(|(last, _)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_that_equals_truncation_does_not_yet_exceed_it() {
        let setting = Setting { place: 0, iterations: 2, scale: 1.0, batch: 1, repeats: 2, seed: 0 };
        let crossing = |noise: [f64; 3]| {
            let mut band = setting.empty();
            (band.truncation, band.noise) = (vec![Some(0.5); 3], noise.map(Some).to_vec());
            band.conclude();
            band.crossing
        };
        assert_eq!(crossing([0.0, 0.6, 0.5]), None);
        assert_eq!(crossing([0.0, 0.5, 0.6]), Some(2));
        assert_eq!(crossing([0.6, 0.7, 0.8]), Some(0));
    }
}
