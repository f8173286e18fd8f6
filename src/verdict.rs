//! What a run's outcome is called, and the sentence that explains it to a learner.

use serde::Serialize;

use crate::digits::{digits, digits_above, digits_apart, digits_of};
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::{Run, tolerance};

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A direct method gave its answer.
    Ok,
    /// The true relative residual reached 1e-10 (float32: 1e-5).
    Converged,
    /// The iterations asked for came to their end first.
    Limit,
    /// CG met a direction with pᵀAp ≤ 0.
    NegativeCurvature,
    /// The series grows without bound; one that draws batches has a residual of over a hundred times b.
    Diverged,
    /// A divisor was zero, or a number not finite.
    Breakdown,
}

/// A status, where it was first seen, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The status.
    pub status: Status,
    /// The iteration, from 1, that showed it.
    pub iteration: Option<usize>,
    /// One sentence, or two.
    pub message: String,
}

/// What is known of the system A x = b, A = C + λ I, when its runs are judged.
pub struct Knowledge<'a> {
    /// The eigenvalues of A, where they are known.
    pub eigenvalues: Option<&'a Eigenvalues>,
    /// The eigenvalues of P⁻¹A, where they are known; without a preconditioner P they are A's.
    pub interval: Option<&'a Eigenvalues>,
    /// Whether there is a preconditioner.
    pub preconditioned: bool,
    /// λ.
    pub damping: f64,
    /// The relative residual that counts as converged.
    pub tolerance: f64,
    /// Whether b has a component along an eigenvalue of A that counts as zero.
    pub inconsistent: bool,
    /// ‖b₃₂ − b‖ / ‖b‖, where a run in float32 has a b₃₂ of its own that is farther from b than b is long.
    pub rounded_away: Option<f64>,
}

/// Residuals of CG rise and fall; so many times the least one is more than that.
const GROWN: f64 = 100.0;

/// A relative residual at which a stochastic iteration is called diverged.
const EXPLODED: f64 = 100.0;

impl Verdict {
    fn new(status: Status, iteration: Option<usize>, message: impl Into<String>) -> Self {
        // Iterate 0 comes before the first iteration.
        Self { status, iteration: iteration.filter(|&k| k > 0), message: message.into() }
    }

    /// The verdict with what a negative slope gᵀx means, where it is negative.
    pub fn with_slope(mut self, slope: f64) -> Self {
        if slope < 0.0 {
            self.message += &format!(" The step −x goes uphill here: its slope is −gᵀx = {}.", digits(-slope));
        }
        self
    }
}

impl Knowledge<'_> {
    /// The verdict on a run of conjugate gradients.
    pub fn conjugate_gradient(&self, run: &Run) -> Verdict {
        match run.sightings.negative_curvature {
            Some((k, curvature)) => {
                Verdict::new(Status::NegativeCurvature, Some(k), self.negative_curvature(k, curvature))
            }
            None => self.iteration(run),
        }
    }

    /// The verdict on a run of the Neumann series with scale s.
    pub fn neumann(&self, run: &Run, scale: f64) -> Verdict {
        let residual = run.residual();
        // Of an eigenvector that b has no part of, the series never hears.
        if run.nothing_to_solve() || residual.is_some_and(|left| left <= self.tolerance) {
            return self.iteration(run);
        }
        let grown = run.sightings.growth.or(run.sightings.not_finite);
        // With a preconditioner I − P⁻¹A/s is not symmetric: a residual may rise for a while before it falls for good.
        let proves =
            !self.preconditioned || residual.zip(run.trace.residual[0]).is_none_or(|(last, first)| last > first);
        let message = match self.interval {
            Some(interval) => self.why_diverging(interval, scale),
            None => grown.filter(|_| proves).map(|k| format!(
                "The residual grows from iteration {k} on, so an eigenvalue lies outside (0, 2s) = (0, {}). A larger scale \
                 helps if it is too large; more damping if it is negative.",
                digits(2.0 * scale)
            )),
        };
        match message {
            Some(message) => Verdict::new(Status::Diverged, grown, message),
            None => self.on_its_way(run, scale),
        }
    }

    /// The verdict on a series that does not grow: at the very edge of its interval it does not shrink either.
    fn on_its_way(&self, run: &Run, scale: f64) -> Verdict {
        let mut verdict = self.iteration(run);
        if verdict.status == Status::Limit
            && let Some(interval) = self.interval.filter(|known| (known.largest() - 2.0 * scale).abs() <= known.zero())
        {
            verdict.message = format!(
                "After {} iterations the residual is {} of b. The largest eigenvalue {} is at the edge 2s: its part changes \
                 sign with every term and never fades. A scale above {} brings it inside.",
                run.sightings.last,
                run.residual().map_or("unknown".into(), digits),
                digits(interval.largest()),
                digits_above(interval.largest() / 2.0)
            );
        }
        verdict
    }

    /// The verdict on a run of LiSSA with scale s and, where its batches are not the whole data, their size and repeats.
    pub fn lissa(&self, run: &Run, scale: f64, sampled: Option<(u32, u32)>) -> Verdict {
        let Some((batch, repeats)) = sampled.filter(|_| !run.nothing_to_solve()) else {
            return self.neumann(run, scale);
        };
        let residual = run.residual().unwrap_or(0.0);
        // Of a b that is not the one that the residual is measured by, its size tells nothing.
        let large = residual > EXPLODED && self.rounded_away.is_none();
        let exploded = run.sightings.not_finite.is_some() || large;
        let why = match self.interval {
            Some(_) => {
                "The mean matrix would converge, but single batches have eigenvalues outside (0, 2s): a larger scale or \
                 larger batches help."
            }
            None => {
                "The matrix, or those of single batches, have eigenvalues outside (0, 2s): a larger scale helps if they are \
                 too large, more damping if they are negative."
            }
        };
        let known = self.interval.and_then(|interval| self.why_diverging(interval, scale));
        if let Some(message) = known.or_else(|| exploded.then(|| why.into())) {
            return Verdict::new(Status::Diverged, run.sightings.not_finite, message);
        }
        // Noise may bring a residual below the tolerance once, and away from it again.
        let mut verdict = if residual > self.tolerance { self.limit(run) } else { self.iteration(run) };
        if verdict.status == Status::Limit && self.rounded_away.is_none() {
            let left = digits(residual);
            verdict.message = format!(
                "After {} steps the residual is {left} of b: more steps lower what is left of the start; larger batches or \
                 more than {repeats} repeats lower the noise of batches of {batch}.{}",
                run.sightings.last,
                self.where_damping_sits(scale)
            );
        }
        verdict
    }

    /// Where LiSSA's damping is, and where other codes put it.
    fn where_damping_sits(&self, scale: f64) -> String {
        if self.damping == 0.0 {
            return String::new();
        }
        format!(
            " The damping is inside the matrix; codes that shrink x by 1 − λ beside a product scaled by 1/s damp by sλ = {}.",
            digits(self.damping * scale)
        )
    }

    /// The verdict on an iteration whose own troubles were looked for before.
    pub fn iteration(&self, run: &Run) -> Verdict {
        let seen = &run.sightings;
        if run.nothing_to_solve() {
            return Verdict::new(Status::Converged, None, "The right-hand side is zero, and so is the solution.");
        }
        if let Some(k) = seen.converged {
            return self.converged(k, run);
        }
        if let Some(k) = seen.not_finite {
            let message = format!(
                "A number grew past what the arithmetic holds at iteration {k}; the iterate before it is kept."
            );
            return Verdict::new(Status::Breakdown, Some(k), message);
        }
        if let Some(k) = seen.zero_divisor {
            let message = format!("A divisor is zero at iteration {k}: there is no next iterate.");
            return Verdict::new(Status::Breakdown, Some(k), message);
        }
        self.limit(run)
    }

    /// A run whose residual first fell below the tolerance at iteration k; CG's may rise again on its way down, and rounding lifts any.
    fn converged(&self, k: usize, run: &Run) -> Verdict {
        let tolerance = digits(self.tolerance);
        let above = |left: &f64| *left > self.tolerance;
        let message = if run.trace.residual[k..].iter().flatten().any(above) {
            let again = run.residual().filter(above).map(|left| format!("; at the last it is {} again", digits(left)));
            format!("The residual first falls below {tolerance} of b at iteration {k}{}.", again.unwrap_or_default())
        } else {
            format!("The residual is below {tolerance} of b from iteration {k} on.")
        };
        Verdict::new(Status::Converged, Some(k), message)
    }

    /// A run that has not got there.
    fn limit(&self, run: &Run) -> Verdict {
        let residual = run.residual();
        let (before, how) = match (self.rounded_away, run.least_residual().zip(residual)) {
            (Some(away), _) => {
                let another = format!(": float32 solves for another b, {} of its length away", digits(away));
                (another, " float64 solves for b.".into())
            }
            (None, Some(((k, least), left))) if left > GROWN * least => {
                (format!(", after {} at iteration {k}", digits(least)), self.how_to_help())
            }
            _ if run.ended_early() => (", and rounding leaves nothing to gain".into(), self.how_to_help()),
            _ => (String::new(), self.how_to_go_on()),
        };
        let (last, left) = (run.sightings.last, residual.map_or("unknown".into(), digits));
        Verdict::new(Status::Limit, None, format!("After {last} iterations the residual is {left} of b{before}.{how}"))
    }

    fn negative_curvature(&self, k: usize, curvature: f64) -> String {
        let seen = format!("Curvature along the search direction is {} at iteration {k}", digits(curvature));
        match self.eigenvalues {
            Some(eigenvalues) if eigenvalues.indefinite() => {
                format!("{seen}: this matrix has negative eigenvalues. {}", self.definite_from(eigenvalues))
            }
            Some(eigenvalues) if eigenvalues.singular() => {
                format!(
                    "{seen}: this matrix is singular, and rounding decides the sign. Any damping that is not tiny helps."
                )
            }
            Some(_) => {
                let help = if self.has_few_digits() { "More digits or damping help" } else { "Damping helps" };
                format!("{seen}, by rounding alone: this matrix is positive definite. {help}.")
            }
            None => format!(
                "{seen}: this matrix has a negative or zero eigenvalue, or rounding makes it seem so. More damping helps."
            ),
        }
    }

    /// The damping past which A is positive definite.
    fn definite_from(&self, eigenvalues: &Eigenvalues) -> String {
        let needed = self.damping - eigenvalues.smallest();
        format!("Damping above {} makes it positive definite.", digits_above(needed))
    }

    /// Why the Neumann series of a matrix with these eigenvalues diverges with scale s, and what would help; none where it converges.
    pub fn why_diverging(&self, interval: &Eigenvalues, scale: f64) -> Option<String> {
        let (smallest, largest) = (interval.smallest(), interval.largest());
        if interval.indefinite() {
            return Some(format!(
                "The eigenvalue {} is negative: its part of the series grows by the factor {} with every term, at any \
                 scale. {}",
                digits(smallest),
                digits_of(1.0 - smallest / scale, 4),
                self.eigenvalues.map_or(String::new(), |eigenvalues| self.definite_from(eigenvalues))
            ));
        }
        if largest > 2.0 * scale + interval.zero() {
            let (largest_in_digits, edge) = digits_apart(largest, 2.0 * scale);
            return Some(format!(
                "The largest eigenvalue {largest_in_digits} is beyond 2s = {edge}: its part of the series grows by the factor \
                 {} with every term. A scale above {} brings it inside.",
                digits_of((1.0 - largest / scale).abs(), 4),
                digits_above(largest / 2.0)
            ));
        }
        (interval.singular() && self.inconsistent).then(|| {
            "The matrix is singular and b has a part in its null space: every term adds that part once more. Damping \
             makes the system solvable."
                .into()
        })
    }

    /// What helps a run that more iterations do not.
    fn how_to_help(&self) -> String {
        match self.eigenvalues {
            Some(eigenvalues) if eigenvalues.indefinite() => self.definite_first(eigenvalues),
            Some(eigenvalues) if eigenvalues.singular() && self.inconsistent => {
                " The matrix is singular and b has a part in its null space, which no x reaches. Damping makes the system solvable."
                    .into()
            }
            Some(eigenvalues) if eigenvalues.singular() => " The matrix is singular; damping helps.".into(),
            _ if self.has_few_digits() => " More digits help.".into(),
            _ => " More damping helps.".into(),
        }
    }

    /// Whether there are more digits to have.
    fn has_few_digits(&self) -> bool {
        self.tolerance > tolerance::<f64>()
    }

    /// Below the damping that it takes, more of it may as well raise a residual.
    fn definite_first(&self, eigenvalues: &Eigenvalues) -> String {
        format!(" This matrix has negative eigenvalues. {}", self.definite_from(eigenvalues))
    }

    fn how_to_go_on(&self) -> String {
        match self.eigenvalues {
            Some(eigenvalues) if eigenvalues.indefinite() => self.definite_first(eigenvalues),
            Some(eigenvalues) if eigenvalues.singular() && !self.inconsistent => {
                " The matrix is singular; damping makes it positive definite.".into()
            }
            Some(eigenvalues) if eigenvalues.singular() => self.how_to_help(),
            Some(eigenvalues) => format!(
                " More iterations bring it down; the condition number is {}, and damping lowers it.",
                digits(eigenvalues.condition())
            ),
            None => " More iterations or a better conditioned matrix bring it down.".into(),
        }
    }
}
