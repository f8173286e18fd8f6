//! The methods that iterate, each run in the precision that the experiment asks for.

use nalgebra::DVector;

#[cfg(not(feature = "full"))]
use crate::coverage::uncovered;
#[cfg(feature = "full")]
use crate::curvature::kronecker::Inverse;
use crate::curvature::kronecker::KroneckerOperator;
use crate::digits::digits;
use crate::experiment::{Method, Precision, Preconditioner, Scale};
use crate::gradient::Evaluation;
use crate::operator::{Damped, LinearOperator};
#[cfg(feature = "full")]
use crate::preconditioning::{Symmetrized, inverse};
use crate::scalar::Scalar;
use crate::solve::conjugate_gradient::ConjugateGradient;
#[cfg(feature = "full")]
use crate::solve::lissa::Lissa;
#[cfg(feature = "full")]
use crate::solve::minres::Minres;
use crate::solve::neumann::Neumann;
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::{Reference, Run};
use crate::system::{Answer, System};
use crate::verdict::Verdict;

/// What a method needs beside the system.
struct Setting {
    /// P⁻¹, where the method is preconditioned.
    preconditioner: Option<KroneckerOperator<f64>>,
    /// s, where the method has one.
    scale: f64,
}

impl System<'_> {
    /// Runs an iterative method.
    pub(crate) fn iterate(&self, reference: &Reference, method: &Method) -> Answer {
        #[cfg(feature = "full")]
        if let Some(inverse) = inverse(self.problem, method.preconditioner(), self.damping) {
            return self.iterate_preconditioned(reference, method, inverse);
        }
        self.iterate_on(reference, method, &*self.operator, self.eigenvalues.as_ref(), None)
    }

    /// The same with P⁻¹ = `inverse`; the scale is chosen from the eigenvalues of P⁻¹A.
    #[cfg(feature = "full")]
    fn iterate_preconditioned(&self, reference: &Reference, method: &Method, inverse: Inverse<f64>) -> Answer {
        let symmetrized = Symmetrized { operator: &*self.operator, root: inverse.square_root() };
        let series = matches!(method, Method::Neumann { .. });
        let known = self.eigenvalues.as_ref().filter(|_| series);
        let interval = known.map(|known| self.kept_interval(known, method.preconditioner(), &symmetrized));
        let mut answer = self.iterate_on(reference, method, &symmetrized, interval.as_ref(), Some(inverse.operator));
        if inverse.singular {
            answer.verdict.message += " The preconditioner is singular: its pseudo-inverse leaves directions out.";
        }
        answer
    }

    /// Runs a method whose scale follows from `operator` and, where they are known, its eigenvalues.
    fn iterate_on(
        &self,
        reference: &Reference,
        method: &Method,
        operator: &dyn LinearOperator<f64>,
        interval: Option<&Eigenvalues>,
        preconditioner: Option<KroneckerOperator<f64>>,
    ) -> Answer {
        let (scale, reason) = scale(method, interval, operator);
        let run = self.iterate_in_precision(reference, method, &Setting { preconditioner, scale });
        let mut verdict = self.verdict(method, &run, scale, interval);
        if let Some(reason) = &reason {
            verdict.message += reason;
        }
        Answer { run, verdict, scale, automatic: reason.is_some() }
    }

    /// The eigenvalues of P⁻¹A, where A is formed; P is the method's preconditioner.
    #[cfg(feature = "full")]
    pub(crate) fn interval(&self, method: &Method) -> Option<Eigenvalues> {
        let (eigenvalues, preconditioner) = (self.eigenvalues.as_ref()?, method.preconditioner());
        let Some(inverse) = inverse(self.problem, preconditioner, self.damping) else {
            return Some(eigenvalues.clone());
        };
        let symmetrized = Symmetrized { operator: &*self.operator, root: inverse.square_root() };
        Some(self.kept_interval(eigenvalues, preconditioner, &symmetrized))
    }

    #[cfg(feature = "full")]
    fn kept_interval(
        &self,
        eigenvalues: &Eigenvalues,
        preconditioner: Preconditioner,
        symmetrized: &Symmetrized,
    ) -> Eigenvalues {
        let intervals = &self.problem.intervals;
        intervals.get(preconditioner, self.damping, || eigenvalues.signing(symmetrized.eigenvalues()))
    }

    /// The eigenvalues of A, where they are known; no method has a preconditioner here.
    #[cfg(not(feature = "full"))]
    pub(crate) fn interval(&self, _: &Method) -> Option<Eigenvalues> {
        self.eigenvalues.clone()
    }

    fn verdict(&self, method: &Method, run: &Run, scale: f64, interval: Option<&Eigenvalues>) -> Verdict {
        let knowledge = self.knowledge(interval, method.preconditioner() != Preconditioner::None);
        match method {
            Method::Cg { .. } => knowledge.conjugate_gradient(run),
            Method::Neumann { .. } => knowledge.neumann(run, scale),
            #[cfg(feature = "full")]
            Method::Lissa { batch, repeats, .. } => {
                let whole = *batch as usize == self.problem.evaluation.pass.samples();
                knowledge.lissa(run, scale, (!whole).then_some((*batch, *repeats)))
            }
            _ => knowledge.iteration(run),
        }
    }

    fn iterate_in_precision(&self, reference: &Reference, method: &Method, setting: &Setting) -> Run {
        let problem = self.problem;
        match self.precision {
            #[cfg(feature = "full")]
            Precision::F64 => self.iterate_at(reference, method, setting, &problem.evaluation, self.right_hand_side()),
            #[cfg(not(feature = "full"))]
            Precision::F64 => uncovered(),
            Precision::F32 => {
                self.iterate_at(reference, method, setting, problem.narrow(), &self.narrow_right_hand_side())
            }
        }
    }

    fn iterate_at<T: Scalar>(
        &self,
        reference: &Reference,
        method: &Method,
        setting: &Setting,
        evaluation: &Evaluation<T>,
        b: &DVector<T>,
    ) -> Run {
        let unit = unit(b);
        let reference = &Reference { unit, ..*reference };
        let b = &b.map(|entry| T::of(entry.to_f64() / unit));
        let operator = Damped { curvature: self.problem.curvature(evaluation), damping: T::of(self.damping) };
        let inverse: Option<KroneckerOperator<T>> = setting.preconditioner.as_ref().map(KroneckerOperator::cast);
        match method {
            Method::Cg { iterations, start, on_negative_curvature, .. } => {
                let solver = ConjugateGradient::new(&operator, b, *start).on_negative_curvature(*on_negative_curvature);
                let solver = match &inverse {
                    Some(inverse) => solver.preconditioned(inverse),
                    None => solver,
                };
                reference.trace(solver, *iterations as usize)
            }
            Method::Neumann { iterations, .. } => {
                let solver = Neumann::new(&operator, b, setting.scale);
                let solver = match &inverse {
                    Some(inverse) => solver.preconditioned(inverse),
                    None => solver,
                };
                reference.trace(solver, *iterations as usize)
            }
            #[cfg(feature = "full")]
            Method::Lissa { iterations, batch, repeats, seed, .. } => {
                let batches = self.problem.batches(evaluation, self.damping);
                let (batch, repeats) = (*batch as usize, *repeats as usize);
                reference.trace(Lissa::new(&batches, b, setting.scale, batch, repeats, *seed), *iterations as usize)
            }
            #[cfg(feature = "full")]
            Method::Minres { iterations } => reference.trace(Minres::new(&operator, b), *iterations as usize),
            _ => unreachable!("direct methods do not iterate"),
        }
    }
}

/// The bits of a float64 number that hold its power of two.
const EXPONENT: u64 = 0x7ff0_0000_0000_0000;

/// What b is divided by before a run, and its iterates are multiplied by: 1, and where the squares of residuals as small as ε b
/// underflow, so that solvers would take them for zero, the power of two in b's largest number. What overflows is left to do
/// so: solvers see that, and a run's verdict tells it.
fn unit<T: Scalar>(b: &DVector<T>) -> f64 {
    let largest = b.amax().to_f64();
    let power = f64::from_bits(largest.to_bits() & EXPONENT).max(f64::MIN_POSITIVE);
    if largest == 0.0 || largest >= T::SQUARABLE { 1.0 } else { power }
}

/// The method's scale and, where `"auto"` chose it, why it is that.
pub(crate) fn scale(
    method: &Method,
    interval: Option<&Eigenvalues>,
    operator: &dyn LinearOperator<f64>,
) -> (f64, Option<String>) {
    match method {
        Method::Neumann { scale: Scale::Given(scale), .. } | Method::Lissa { scale: Scale::Given(scale), .. } => {
            (*scale, None)
        }
        Method::Neumann { .. } | Method::Lissa { .. } => {
            let of_what = if matches!(method, Method::Lissa { .. }) { " for the mean matrix" } else { "" };
            let (scale, reason) = automatic_scale(interval, operator, of_what);
            (scale, Some(reason))
        }
        _ => (1.0, None),
    }
}

/// The automatic scale and why it is that.
fn automatic_scale(interval: Option<&Eigenvalues>, operator: &dyn LinearOperator<f64>, of_what: &str) -> (f64, String) {
    let (scale, source) = match interval {
        Some(known) if known.positive_definite() => {
            let scale = Scale::automatic(known);
            return (
                scale,
                format!(" The scale {} is (λmin + λmax)/2, the fastest{of_what} in the worst case.", digits(scale)),
            );
        }
        Some(known) if known.largest() <= 0.0 => {
            return (Scale::automatic(known), " The scale is 1, as no eigenvalue is positive.".into());
        }
        Some(known) if known.indefinite() => {
            (Scale::automatic(known), "; with negative eigenvalues none works for every b")
        }
        Some(known) => (Scale::automatic(known), ""),
        None => (Scale::above(estimated_largest(operator)), ", estimated by Lanczos"),
    };
    (scale, format!(" The scale {} is 1.05 times the largest eigenvalue{source}.", digits(scale)))
}

#[cfg(feature = "full")]
fn estimated_largest(operator: &dyn LinearOperator<f64>) -> f64 {
    crate::solve::lanczos::largest_eigenvalue(operator)
}

#[cfg(not(feature = "full"))]
fn estimated_largest(_: &dyn LinearOperator<f64>) -> f64 {
    uncovered()
}

impl Scale {
    /// (λmin + λmax)/2 where the matrix is positive definite, the scale with the fastest rate; else 1.05 λmax.
    pub(crate) fn automatic(eigenvalues: &Eigenvalues) -> f64 {
        if eigenvalues.positive_definite() {
            return (eigenvalues.smallest() + eigenvalues.largest()) / 2.0;
        }
        Self::above(eigenvalues.largest())
    }

    /// 1.05 `largest`, and 1 where no eigenvalue is positive.
    fn above(largest: f64) -> f64 {
        if largest > 0.0 { 1.05 * largest } else { 1.0 }
    }
}
