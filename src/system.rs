//! The linear system A x = b of a problem at one damping and precision, and what each method makes of it.

use nalgebra::DVector;
use serde::Serialize;

#[cfg(not(feature = "full"))]
use crate::coverage::uncovered;
use crate::digits::digits;
use crate::experiment::{Method, Precision};
use crate::field::Refusal;
use crate::inertia::Inertia;
use crate::operator::{Damped, LinearOperator, Symmetric};
use crate::problem::{Formed, Problem};
#[cfg(feature = "full")]
use crate::report::Status;
use crate::scalar::cast_vector;
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::{Recording, Reference, Run, energy_norm, tolerance};
use crate::verdict::{Knowledge, Verdict};

/// What became of the exact solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum ExactStatus {
    /// The system has one solution, and this is it.
    Ok,
    /// An eigenvalue counts as zero: |λ| ≤ P ε |λ|max.
    Singular,
    /// The matrix is too large to be formed.
    NotFormed,
}

/// A x = b with A = C + λ I.
pub struct System<'a> {
    /// The problem that C and b are of.
    pub problem: &'a Problem,
    /// λ.
    pub damping: f64,
    /// The arithmetic of iterations.
    pub precision: Precision,
    /// b, where it is not the problem's own.
    other_right_hand_side: Option<DVector<f64>>,
    /// A in float64.
    pub operator: Box<dyn LinearOperator<f64> + 'a>,
    /// The eigenvalues of A, where C is formed.
    pub eigenvalues: Option<Eigenvalues>,
    /// x*, where C is formed.
    pub exact: Option<DVector<f64>>,
    /// A x*, where C is formed.
    exact_product: Option<DVector<f64>>,
}

/// A method's answer before it becomes a report.
pub struct Answer {
    /// The run.
    pub run: Run,
    /// What it is called.
    pub verdict: Verdict,
    /// The scale s of a series, given or chosen; 1 where the method has none.
    pub scale: f64,
    /// Whether `"auto"` chose it.
    pub automatic: bool,
}

#[cfg(feature = "full")]
impl Answer {
    /// Whether there is one: a direct method that breaks down has none, and an iteration has its last iterate.
    pub fn exists(&self) -> bool {
        self.verdict.status != Status::Breakdown || self.run.trace.products.len() > 1
    }
}

impl<'a> System<'a> {
    /// The system of `problem` at this damping and precision, with its exact solution where C is formed.
    pub fn new(problem: &'a Problem, damping: f64, precision: Precision) -> Self {
        Self::build(problem, damping, precision, None)
    }

    /// The same matrix with another right-hand side.
    pub fn with_right_hand_side(problem: &'a Problem, damping: f64, precision: Precision, b: DVector<f64>) -> Self {
        Self::build(problem, damping, precision, Some(b))
    }

    fn build(problem: &'a Problem, damping: f64, precision: Precision, other: Option<DVector<f64>>) -> Self {
        let formed = problem.formed.as_ref();
        let operator = damped_operator(problem, damping);
        let exact = formed.map(|Formed { spectrum, coordinates, .. }| match &other {
            Some(b) => spectrum.solve(damping, b),
            None => spectrum.solve_coordinates(damping, coordinates),
        });
        Self {
            exact_product: exact.as_ref().map(|exact| operator.apply(exact)),
            eigenvalues: formed.map(|formed| formed.spectrum.damped(damping)),
            operator,
            exact,
            other_right_hand_side: other,
            problem,
            damping,
            precision,
        }
    }

    /// b.
    pub fn right_hand_side(&self) -> &DVector<f64> {
        self.other_right_hand_side.as_ref().unwrap_or(&self.problem.right_hand_side)
    }

    /// b as a float32 run has it.
    pub(crate) fn narrow_right_hand_side(&self) -> DVector<f32> {
        match &self.other_right_hand_side {
            Some(b) => cast_vector(b),
            None => self.problem.narrow_right_hand_side(),
        }
    }

    /// Refuses a system whose exact solution overflows.
    pub fn check_exact(&self) -> Result<(), Refusal> {
        if self.exact.as_ref().is_none_or(|exact| exact.norm_squared().is_finite()) {
            return Ok(());
        }
        let problem = "the exact solution overflows: eigenvalues are as good as zero; a larger damping helps";
        Err(Refusal { field: "damping".into(), problem: problem.into() })
    }

    /// The inertia of A, where C is formed.
    pub fn inertia(&self) -> Option<Inertia> {
        let Formed { spectrum, .. } = self.problem.formed.as_ref()?;
        Some(Inertia::new(self.eigenvalues.as_ref()?, &spectrum.damped(0.0)))
    }

    /// Whether x* is one, and the sentence that says so.
    pub fn exact_status(&self) -> (ExactStatus, String) {
        let Some(eigenvalues) = &self.eigenvalues else {
            let message = format!(
                "With {} parameters the matrix is not formed; methods that need only products still work, and their \
                 residuals are true.",
                self.problem.parameters()
            );
            return (ExactStatus::NotFormed, message);
        };
        if eigenvalues.singular() {
            let zero = digits(eigenvalues.zero());
            let message = format!(
                "An eigenvalue is zero to rounding (below {zero}): this is the shortest least-squares solution."
            );
            return (ExactStatus::Singular, message);
        }
        (ExactStatus::Ok, format!("The condition number is {}.", digits(eigenvalues.condition())))
    }

    /// Runs one method and records as much as `recording` says.
    pub fn run(&self, method: &Method, recording: Recording) -> Answer {
        let reference = self.reference(recording);
        match method {
            Method::Exact => self.exact_answer(&reference),
            Method::Kfac { fisher, damping_convention } => self.kfac(&reference, *fisher, *damping_convention),
            #[cfg(feature = "full")]
            Method::Ekfac => self.ekfac(&reference),
            #[cfg(feature = "full")]
            Method::BlockDiagonal => self.block_diagonal(&reference),
            #[cfg(feature = "full")]
            Method::Diagonal => self.diagonal(&reference),
            _ => self.iterate(&reference, method),
        }
    }

    fn reference(&self, recording: Recording) -> Reference<'_> {
        Reference {
            operator: &*self.operator,
            right_hand_side: self.right_hand_side(),
            exact: self.exact.as_ref(),
            gradient: &self.problem.gradient,
            exact_energy: self.exact_energy(),
            recording,
            unit: 1.0,
        }
    }

    /// ‖x*‖_A, where A is positive definite.
    fn exact_energy(&self) -> Option<f64> {
        let definite = self.eigenvalues.as_ref().is_some_and(Eigenvalues::positive_definite);
        let exact = self.exact.as_ref().zip(self.exact_product.as_ref()).filter(|_| definite);
        exact.map(|(exact, product)| energy_norm(exact.as_view(), product.as_view()))
    }

    /// What verdicts on this system's runs follow from; `interval` holds the eigenvalues of P⁻¹A.
    pub fn knowledge<'b>(&'b self, interval: Option<&'b Eigenvalues>, preconditioned: bool) -> Knowledge<'b> {
        Knowledge {
            eigenvalues: self.eigenvalues.as_ref(),
            interval,
            preconditioned,
            damping: self.damping,
            tolerance: match self.precision {
                Precision::F64 => tolerance::<f64>(),
                Precision::F32 => tolerance::<f32>(),
            },
            inconsistent: self.inconsistent(),
            rounded_away: self.rounded_away(),
        }
    }

    /// ‖b₃₂ − b‖ / ‖b‖ where float32's own b₃₂ is farther from b than b is long: a gradient that is all rounding.
    fn rounded_away(&self) -> Option<f64> {
        let b = self.right_hand_side();
        let away = || (self.narrow_right_hand_side().map(f64::from) - b).norm() / b.norm();
        (self.precision == Precision::F32).then(away).filter(|&away| away > 1.0 && away.is_finite())
    }

    /// Whether x* leaves a residual that rounding does not explain. That of drawn b to float32 leaves up to half of its ε; and
    /// the null space of a matrix is known to about float64's √ε only where small eigenvalues crowd near it.
    fn inconsistent(&self) -> bool {
        let b = self.right_hand_side();
        let rounding = f64::from(f32::EPSILON);
        self.exact_product.as_ref().is_some_and(|product| (b - product).norm() > rounding * b.norm())
    }
}

fn damped_operator(problem: &Problem, damping: f64) -> Box<dyn LinearOperator<f64> + '_> {
    match &problem.formed {
        Some(Formed { matrix, .. }) => Box::new(Damped { curvature: Box::new(Symmetric(matrix)), damping }),
        #[cfg(feature = "full")]
        None => Box::new(Damped { curvature: problem.curvature(&problem.evaluation), damping }),
        #[cfg(not(feature = "full"))]
        None => uncovered(),
    }
}
