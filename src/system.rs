//! The linear system A x = b of a problem at one damping and precision, and what each method makes of it.

use nalgebra::DVector;

use crate::curvature::kfac::{DampingConvention, Kfac};
use crate::curvature::output_metric::OutputMetric;
use crate::experiment::{Method, Precision, Scale};
use crate::gradient::Evaluation;
use crate::operator::{Damped, Dense, LinearOperator};
use crate::problem::Problem;
use crate::report::{Exact, ExactStatus, MethodReport, Status};
use crate::scalar::Scalar;
use crate::solve::conjugate_gradient::ConjugateGradient;
use crate::solve::lanczos::largest_eigenvalue;
use crate::solve::neumann::Neumann;
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::{Reference, Run, tolerance};
use crate::verdict::{Knowledge, Verdict, digits};

/// A x = b with A = C + λ I.
pub struct System<'a> {
    problem: &'a Problem,
    damping: f64,
    precision: Precision,
    operator: Box<dyn LinearOperator<f64> + 'a>,
    eigenvalues: Option<Eigenvalues>,
    exact: Option<DVector<f64>>,
}

impl<'a> System<'a> {
    /// The system of `problem` at this damping and precision, with its exact solution where C is formed.
    pub fn new(problem: &'a Problem, damping: f64, precision: Precision) -> Self {
        let spectrum = problem.formed.as_ref().map(|formed| &formed.spectrum);
        Self {
            operator: damped_operator(problem, damping),
            eigenvalues: spectrum.map(|spectrum| spectrum.damped(damping)),
            exact: spectrum.map(|spectrum| spectrum.solve(damping, &problem.right_hand_side)),
            problem,
            damping,
            precision,
        }
    }

    /// x* as the report has it.
    pub fn exact(&self) -> Exact {
        let (status, message) = self.exact_status();
        Exact { status, solution: self.exact.as_ref().map(|x| x.as_slice().to_vec()), message }
    }

    fn exact_status(&self) -> (ExactStatus, String) {
        let Some(eigenvalues) = &self.eigenvalues else {
            let message = format!(
                "With {} parameters the matrix is not formed; methods that need only products still work, and their \
                 residuals are true.",
                self.problem.parameters()
            );
            return (ExactStatus::NotFormed, message);
        };
        let zero = digits(eigenvalues.zero());
        if eigenvalues.singular() {
            let message = format!("An eigenvalue is zero to rounding (below {zero}): this is the shortest solution.");
            return (ExactStatus::Singular, message);
        }
        (ExactStatus::Ok, format!("The condition number is {}.", digits(eigenvalues.condition())))
    }

    /// Runs one method.
    pub fn run(&self, method: &Method) -> MethodReport {
        let scale = self.scale(method);
        let run = match method {
            Method::Exact => self.exact_run(),
            Method::Kfac { damping_convention } => return self.kfac(method, *damping_convention),
            Method::Cg { .. } | Method::Neumann { .. } => self.iterate_in_precision(method, scale),
        };
        let knowledge = self.knowledge();
        let verdict = match method {
            Method::Exact => self.exact_verdict(),
            Method::Cg { .. } => knowledge.conjugate_gradient(&run),
            _ => knowledge.neumann(&run, scale),
        };
        self.report(method, run, verdict, self.chosen_scale(method, scale))
    }

    fn report(&self, method: &Method, run: Run, verdict: Verdict, scale: Option<f64>) -> MethodReport {
        let slope = self.problem.gradient.dot(&run.solution);
        let verdict = verdict.with_slope(slope);
        MethodReport {
            method: method.name().into(),
            status: verdict.status,
            status_iteration: verdict.iteration,
            message: verdict.message,
            solution: run.solution.as_slice().to_vec(),
            slope,
            scale,
            trace: run.trace,
        }
    }

    fn reference(&self) -> Reference<'_> {
        Reference {
            operator: &*self.operator,
            right_hand_side: &self.problem.right_hand_side,
            exact: self.exact.as_ref(),
            positive_definite: self.eigenvalues.as_ref().is_some_and(Eigenvalues::positive_definite),
        }
    }

    fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            eigenvalues: self.eigenvalues.as_ref(),
            damping: self.damping,
            tolerance: match self.precision {
                Precision::F64 => tolerance::<f64>(),
                Precision::F32 => tolerance::<f32>(),
            },
            inconsistent: self.inconsistent(),
        }
    }

    /// Whether x* leaves a residual that rounding does not explain. The null space of a matrix is known to about √ε only
    /// where small eigenvalues crowd near it.
    fn inconsistent(&self) -> bool {
        let b = &self.problem.right_hand_side;
        self.exact
            .as_ref()
            .is_some_and(|exact| (b - self.operator.apply(exact)).norm() > f64::EPSILON.sqrt() * b.norm())
    }

    fn exact_run(&self) -> Run {
        let solution = self.exact.clone().unwrap_or_else(|| DVector::zeros(self.problem.parameters()));
        // Without a formula for the matrix, forming it takes one product a column.
        self.reference().measure_solution(solution, self.problem.parameters() as f64)
    }

    fn exact_verdict(&self) -> Verdict {
        let (status, message) = self.exact_status();
        let status = if status == ExactStatus::NotFormed { Status::Breakdown } else { Status::Ok };
        Verdict { status, iteration: None, message }
    }

    fn iterate_in_precision(&self, method: &Method, scale: f64) -> Run {
        let problem = self.problem;
        match self.precision {
            Precision::F64 => self.iterate(method, scale, &problem.evaluation, &problem.right_hand_side),
            Precision::F32 => self.iterate(method, scale, problem.narrow(), &problem.narrow_right_hand_side()),
        }
    }

    fn iterate<T: Scalar>(&self, method: &Method, scale: f64, evaluation: &Evaluation<T>, b: &DVector<T>) -> Run {
        let operator = Damped { curvature: self.problem.curvature(evaluation), damping: T::of(self.damping) };
        match method {
            Method::Cg { iterations, start, on_negative_curvature } => {
                let solver = ConjugateGradient::new(&operator, b, *start).on_negative_curvature(*on_negative_curvature);
                self.reference().trace(solver, *iterations as usize)
            }
            Method::Neumann { iterations, .. } => {
                self.reference().trace(Neumann::new(&operator, b, scale), *iterations as usize)
            }
            Method::Exact | Method::Kfac { .. } => unreachable!("direct methods do not iterate"),
        }
    }

    /// The scale of a method that has one.
    fn scale(&self, method: &Method) -> f64 {
        match method {
            Method::Neumann { scale: Scale::Given(scale), .. } => *scale,
            Method::Neumann { scale: Scale::Auto, .. } => self.automatic_scale(),
            _ => 1.0,
        }
    }

    fn chosen_scale(&self, method: &Method, scale: f64) -> Option<f64> {
        matches!(method, Method::Neumann { scale: Scale::Auto, .. }).then_some(scale)
    }

    /// (λmin + λmax)/2 where A is known to be positive definite, the scale with the fastest rate; else 1.05 λmax.
    fn automatic_scale(&self) -> f64 {
        let largest = match &self.eigenvalues {
            Some(known) if known.positive_definite() => return (known.smallest() + known.largest()) / 2.0,
            Some(known) => known.largest(),
            None => largest_eigenvalue(&*self.operator),
        };
        if largest > 0.0 { 1.05 * largest } else { 1.0 }
    }

    fn kfac(&self, method: &Method, convention: DampingConvention) -> MethodReport {
        let evaluation = &self.problem.evaluation;
        let kfac = Kfac::new(evaluation, &OutputMetric::loss_curvature(evaluation));
        let inverse = kfac.damped(self.damping, convention).inverse();
        let solution = inverse.operator.apply(&self.problem.right_hand_side);
        let message = if inverse.singular {
            "A factor is singular and nothing damps it: this is KFAC's pseudo-inverse. Any damping makes it an inverse."
        } else {
            "One direct solve with two small factors a layer; it is an approximation that more iterations do not improve."
        };
        let verdict = Verdict { status: Status::Ok, iteration: None, message: message.into() };
        self.report(method, self.reference().measure_solution(solution, 0.0), verdict, None)
    }
}

fn damped_operator(problem: &Problem, damping: f64) -> Box<dyn LinearOperator<f64> + '_> {
    match &problem.formed {
        Some(formed) => {
            let mut matrix = formed.matrix.clone();
            for i in 0..matrix.nrows() {
                matrix[(i, i)] += damping;
            }
            Box::new(Dense(matrix))
        }
        None => Box::new(Damped { curvature: problem.curvature(&problem.evaluation), damping }),
    }
}
