//! A drawn spectrum: Krylov methods and the Neumann series on a diagonal matrix, without any network.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use crate::analysis::bounds::Bounds;
use crate::analysis::polynomials::MethodPolynomials;
use crate::analysis::sight::Sight;
use crate::experiment::{Method, Precision, Scale};
use crate::operator::{Dense, LinearOperator};
use crate::scalar::{Scalar, cast, cast_vector};
use crate::solve::conjugate_gradient::ConjugateGradient;
use crate::solve::minres::Minres;
use crate::solve::neumann::Neumann;
use crate::solve::spectrum::Eigenvalues;
use crate::solve::trace::{Recording, Reference, Run, Trace, energy_norm, tolerance};
use crate::verdict::{Knowledge, Status, Verdict};

/// A diagonal matrix, with equal parts of b along all its eigenvectors, and the methods to run on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sketch {
    /// The eigenvalues, 1 to 64 of them, each at most 1e6 in magnitude.
    pub eigenvalues: Vec<f64>,
    /// The arithmetic of the iterations; default `f64`.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub precision: Precision,
    /// Methods among cg, minres and neumann, without preconditioners.
    pub methods: Vec<Method>,
}

/// What came of a [`Sketch`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SketchReport {
    /// κ over the eigenvalues that do not count as zero.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub condition: Option<f64>,
    /// The eigenvalues apart by more than a thousandth of the largest: the groups that CG counts.
    pub clusters: usize,
    /// One for each method, in their order.
    pub methods: Vec<SketchRun>,
}

/// One method on a drawn spectrum.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SketchRun {
    /// The method's name.
    pub method: String,
    /// How it went.
    pub status: Status,
    /// The iteration, from 1, where that was first seen.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub status_iteration: Option<usize>,
    /// One sentence on it.
    pub message: String,
    /// s, of a series.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// The curves.
    pub trace: Trace,
    /// The residual polynomials.
    pub polynomials: MethodPolynomials,
    /// The theory's bounds, where some hold.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Bounds | null"))]
    pub bounds: Option<Bounds>,
}

impl Sketch {
    /// Runs the methods.
    pub fn report(&self) -> SketchReport {
        let system = DiagonalSystem::new(self);
        let condition = system.eigenvalues.condition();
        SketchReport {
            // Of zeros alone it is 0/∞.
            condition: (1.0..f64::INFINITY).contains(&condition).then_some(condition),
            clusters: system.clusters(),
            methods: self.methods.iter().filter_map(|method| system.run(method)).collect(),
        }
    }
}

struct DiagonalSystem {
    precision: Precision,
    matrix: Dense<f64>,
    eigenvalues: Eigenvalues,
    right_hand_side: DVector<f64>,
    exact: DVector<f64>,
}

impl DiagonalSystem {
    fn new(sketch: &Sketch) -> Self {
        let eigenvalues = Eigenvalues::ascending(sketch.eigenvalues.clone());
        let count = eigenvalues.0.len();
        let right_hand_side = DVector::from_element(count, 1.0 / (count as f64).sqrt());
        let zero = eigenvalues.zero();
        let divide = |b: f64, lambda: f64| if lambda.abs() <= zero { 0.0 } else { b / lambda };
        Self {
            precision: sketch.precision,
            matrix: Dense(DMatrix::from_diagonal(&eigenvalues.0)),
            exact: right_hand_side.zip_map(&eigenvalues.0, divide),
            right_hand_side,
            eigenvalues,
        }
    }

    fn clusters(&self) -> usize {
        let apart = 1e-3 * self.eigenvalues.0.amax();
        let gaps = self.eigenvalues.0.as_slice().windows(2).filter(|pair| pair[1] - pair[0] > apart);
        gaps.count() + 1
    }

    fn run(&self, method: &Method) -> Option<SketchRun> {
        let scale = self.scale(method);
        let run = match self.precision {
            Precision::F64 => self.iterate::<f64>(method, scale),
            Precision::F32 => self.iterate::<f32>(method, scale),
        };
        let Verdict { status, iteration, message } = self.verdict(method, &run, scale);
        Some(SketchRun {
            method: method.name().into(),
            status,
            status_iteration: iteration,
            message,
            scale: matches!(method, Method::Neumann { .. }).then_some(scale),
            polynomials: MethodPolynomials::new(method, &run, scale, &self.eigenvalues, Sight::ALL)?,
            bounds: Bounds::new(method, &run.trace, scale, &self.eigenvalues),
            trace: run.trace,
        })
    }

    fn iterate<T: Scalar>(&self, method: &Method, scale: f64) -> Run {
        let matrix: Dense<T> = Dense(cast(&self.matrix.0));
        let b: DVector<T> = cast_vector(&self.right_hand_side);
        let reference = Reference {
            operator: &self.matrix,
            right_hand_side: &self.right_hand_side,
            exact: Some(&self.exact),
            gradient: &self.right_hand_side,
            exact_energy: self.exact_energy(),
            recording: Recording::Curves,
            unit: 1.0,
        };
        match method {
            Method::Cg { iterations, start, on_negative_curvature, .. } => {
                let solver = ConjugateGradient::new(&matrix, &b, *start).on_negative_curvature(*on_negative_curvature);
                reference.trace(solver, *iterations as usize)
            }
            Method::Neumann { iterations, .. } => {
                reference.trace(Neumann::new(&matrix, &b, scale), *iterations as usize)
            }
            Method::Minres { iterations } => reference.trace(Minres::new(&matrix, &b), *iterations as usize),
            _ => unreachable!("decoding lets no other method through"),
        }
    }

    /// ‖x*‖_A, where A is positive definite.
    fn exact_energy(&self) -> Option<f64> {
        let energy = || energy_norm(self.exact.as_view(), self.matrix.apply(&self.exact).as_view());
        self.eigenvalues.positive_definite().then(energy)
    }

    fn verdict(&self, method: &Method, run: &Run, scale: f64) -> Verdict {
        let singular = self.eigenvalues.singular();
        let knowledge = Knowledge {
            eigenvalues: Some(&self.eigenvalues),
            interval: Some(&self.eigenvalues),
            preconditioned: false,
            damping: 0.0,
            tolerance: if self.precision == Precision::F32 { tolerance::<f32>() } else { tolerance::<f64>() },
            inconsistent: singular,
            rounded_away: None,
        };
        match method {
            Method::Cg { .. } => knowledge.conjugate_gradient(run),
            Method::Neumann { .. } => knowledge.neumann(run, scale),
            _ => knowledge.iteration(run),
        }
    }

    fn scale(&self, method: &Method) -> f64 {
        match method {
            Method::Neumann { scale: Scale::Given(scale), .. } => *scale,
            _ => Scale::automatic(&self.eigenvalues),
        }
    }
}
