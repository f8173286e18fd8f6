//! The methods that answer in one go: exactly, or exactly for a matrix that stands in for the curvature.

use nalgebra::DVector;

#[cfg(feature = "full")]
use crate::curvature::assembly::gauss_newton_block;
use crate::curvature::kfac::DampingConvention;
use crate::curvature::kronecker::Inverse;
#[cfg(feature = "full")]
use crate::curvature::parts::gauss_newton_diagonal;
use crate::experiment::Fisher;
use crate::operator::LinearOperator;
#[cfg(feature = "full")]
use crate::parameters::LARGEST_FORMED;
#[cfg(feature = "full")]
use crate::solve::spectrum::{Eigenvalues, Spectrum};
use crate::solve::trace::Reference;
use crate::system::{Answer, ExactStatus, System};
use crate::verdict::{Status, Verdict};

const APPROXIMATION: &str = "it stands in for the matrix and is solved exactly; no iteration brings it closer.";

impl System<'_> {
    /// By eigendecomposition.
    pub(crate) fn exact_answer(&self, reference: &Reference) -> Answer {
        let (status, message) = self.exact_status();
        match &self.exact {
            // Without a formula for the matrix, forming it would take one product a column.
            Some(exact) => answer(reference, exact.clone(), self.problem.parameters() as f64, message),
            None => {
                debug_assert_eq!(status, ExactStatus::NotFormed);
                self.missing(reference, message)
            }
        }
    }

    /// By KFAC.
    pub(crate) fn kfac(&self, reference: &Reference, fisher: Fisher, convention: DampingConvention) -> Answer {
        let inverse = self.problem.kfac(fisher).damped(self.damping, convention).inverse();
        self.kronecker(reference, &inverse, "KFAC, two small factors a layer")
    }

    fn kronecker(&self, reference: &Reference, inverse: &Inverse<f64>, name: &str) -> Answer {
        let solution = inverse.operator.apply(self.right_hand_side());
        answer(reference, solution, 0.0, explain(name, inverse.singular))
    }

    /// The answer of a method that needs a matrix too large to be formed.
    fn missing(&self, reference: &Reference, message: String) -> Answer {
        let run = reference.measure_solution(DVector::zeros(self.problem.parameters()), 0.0);
        Answer {
            run,
            verdict: Verdict { status: Status::Breakdown, iteration: None, message },
            scale: 1.0,
            automatic: false,
        }
    }
}

#[cfg(feature = "full")]
impl System<'_> {
    /// By EKFAC.
    pub(crate) fn ekfac(&self, reference: &Reference) -> Answer {
        let inverse = self.problem.ekfac().damped(self.damping).inverse();
        self.kronecker(reference, &inverse, "EKFAC, KFAC's eigenvectors with measured eigenvalues")
    }

    /// By the Gauss-Newton matrix's layer blocks, each decomposed by itself.
    pub(crate) fn block_diagonal(&self, reference: &Reference) -> Answer {
        let layout = &self.problem.evaluation.objective.layout;
        let sizes: Vec<_> = (0..layout.layers()).map(|l| layout.layer_count(l)).collect();
        if let Some(size) = sizes.iter().find(|&&size| size > LARGEST_FORMED) {
            let message = format!("A layer has {size} parameters, and blocks are formed up to {LARGEST_FORMED}.");
            return self.missing(reference, message);
        }
        let block = |l| Spectrum::new(&gauss_newton_block(&self.problem.evaluation, &self.problem.type2, l));
        let blocks: Vec<_> = (0..layout.layers()).map(block).collect();
        let (solution, singular) = self.solve_blocks(&blocks);
        answer(reference, solution, 0.0, explain("The Gauss-Newton matrix's layer blocks", singular))
    }

    /// Every block's part of the solution, and whether an eigenvalue of any counts as zero among all of them.
    fn solve_blocks(&self, blocks: &[Spectrum]) -> (DVector<f64>, bool) {
        let layout = &self.problem.evaluation.objective.layout;
        let mut solution = DVector::zeros(self.problem.parameters());
        let damped = blocks.iter().flat_map(|block| block.damped(self.damping).0.iter().copied().collect::<Vec<_>>());
        let eigenvalues = Eigenvalues::ascending(damped.collect());
        for (l, block) in blocks.iter().enumerate() {
            let (start, count) = (layout.start(l), layout.layer_count(l));
            let part = self.right_hand_side().rows(start, count).into_owned();
            solution.rows_mut(start, count).copy_from(&block.solve_above(eigenvalues.zero(), self.damping, &part));
        }
        (solution, eigenvalues.singular())
    }

    /// By the Gauss-Newton matrix's diagonal.
    pub(crate) fn diagonal(&self, reference: &Reference) -> Answer {
        let undamped = gauss_newton_diagonal(&self.problem.evaluation, &self.problem.type2);
        let diagonal = undamped.add_scalar(self.damping);
        let eigenvalues = Eigenvalues::ascending(diagonal.as_slice().to_vec());
        let zero = eigenvalues.zero();
        let divide = |b: f64, d: f64| if d <= zero { 0.0 } else { b / d };
        let solution = self.right_hand_side().zip_map(&diagonal, divide);
        answer(reference, solution, 0.0, explain("The Gauss-Newton matrix's diagonal", eigenvalues.singular()))
    }
}

fn answer(reference: &Reference, solution: DVector<f64>, products: f64, message: String) -> Answer {
    let run = reference.measure_solution(solution, products);
    let (status, message) = match run.sightings.not_finite {
        Some(_) => (Status::Breakdown, "Its numbers grow past what the arithmetic holds: there is no answer.".into()),
        None => (Status::Ok, message),
    };
    Answer { run, verdict: Verdict { status, iteration: None, message }, scale: 1.0, automatic: false }
}

fn explain(name: &str, singular: bool) -> String {
    if singular {
        format!("{name}: singular, so this is the pseudo-inverse. More damping makes it an inverse.")
    } else {
        format!("{name}: {APPROXIMATION}")
    }
}
