//! The error budget: what each step from the Hessian to a damped Kronecker product costs, in matrix distance and in angle.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use crate::analysis::not_formed;
use crate::curvature::assembly;
use crate::curvature::kfac::DampingConvention;
use crate::curvature::parts::layer_blocks;
use crate::experiment::Fisher;
use crate::magnitude::direction;
use crate::operator::LinearOperator;
use crate::solve::spectrum::Spectrum;
use crate::system::System;

/// The stages, and the last one's damping put in by each convention.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Budget {
    /// Hessian, Gauss-Newton, layer blocks, Kronecker; all damped by λ I.
    pub stages: Vec<Stage>,
    /// The Kronecker stage with exact damping swapped for each convention.
    pub conventions: Vec<Stage>,
}

/// One matrix of the budget, solved with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Stage {
    /// `hessian`, `ggn`, `blocks`, `kronecker`, or the convention.
    pub name: String,
    /// The Frobenius distance to the stage before, over the damped Hessian's norm; of a convention, to exact damping.
    pub step: f64,
    /// The Frobenius distance to the damped Hessian, over its norm.
    pub distance: f64,
    /// The angle of the stage's solution to the Hessian's, in degrees; null where one of them vanishes.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub angle: Option<f64>,
    /// The angle to the solution of the stage before, in degrees.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub turn: Option<f64>,
    /// Whether the stage is singular, so that its solution is the minimum-norm one.
    pub singular: bool,
}

/// The budget at the system's damping, whichever its own curvature is.
pub fn budget(system: &System) -> Result<Budget, String> {
    if system.problem.formed.is_none() {
        return Err(not_formed("budget", system));
    }
    let evaluation = &system.problem.evaluation;
    let ggn = assembly::gauss_newton(evaluation, &system.problem.type2);
    let hessian = Solved::new(system, assembly::hessian(evaluation, &system.problem.type2));
    let blocks = Solved::new(system, layer_blocks(&ggn, &evaluation.objective.layout));
    let ggn = Solved::new(system, ggn);
    let kronecker = Solved::new(system, system.problem.kfac(Fisher::Type2).to_matrix());
    let stages = vec![
        hessian.stage("hessian", &hessian, &hessian),
        ggn.stage("ggn", &hessian, &hessian),
        blocks.stage("blocks", &ggn, &hessian),
        kronecker.stage("kronecker", &blocks, &hessian),
    ];
    let conventions = [
        ("exact", DampingConvention::Exact),
        ("pi", DampingConvention::Pi),
        ("sqrt", DampingConvention::Sqrt),
        ("per_factor", DampingConvention::PerFactor),
    ];
    let conventions = conventions
        .map(|(name, convention)| Solved::with_convention(system, convention).stage(name, &kronecker, &hessian));
    let measured = stages.iter().chain(&conventions).flat_map(|stage| [stage.step, stage.distance]);
    if !measured.into_iter().all(f64::is_finite) {
        return Err("budget: the matrices overflow; smaller parameters, data or damping help.".into());
    }
    Ok(Budget { stages, conventions: conventions.into() })
}

/// A damped matrix and its solution of the system.
struct Solved {
    matrix: DMatrix<f64>,
    solution: DVector<f64>,
    singular: bool,
}

impl Solved {
    fn new(system: &System, mut matrix: DMatrix<f64>) -> Self {
        let spectrum = Spectrum::new(&matrix);
        for i in 0..matrix.nrows() {
            matrix[(i, i)] += system.damping;
        }
        Self {
            matrix,
            solution: spectrum.solve(system.damping, &system.problem.right_hand_side),
            singular: spectrum.damped(system.damping).singular(),
        }
    }

    fn with_convention(system: &System, convention: DampingConvention) -> Self {
        let damped = system.problem.kfac(Fisher::Type2).damped(system.damping, convention);
        let matrix = damped.to_matrix();
        let inverse = damped.inverse();
        Self { matrix, solution: inverse.operator.apply(&system.problem.right_hand_side), singular: inverse.singular }
    }

    fn stage(&self, name: &str, before: &Solved, hessian: &Solved) -> Stage {
        let size = hessian.matrix.norm();
        let relative = |other: &Solved| if size > 0.0 { (&self.matrix - &other.matrix).norm() / size } else { 0.0 };
        Stage {
            name: name.into(),
            step: relative(before),
            distance: relative(hessian),
            angle: angle(&self.solution, &hessian.solution),
            turn: angle(&self.solution, &before.solution),
            singular: self.singular,
        }
    }
}

/// The angle in degrees, exact also where it is small: 2 atan(‖u − v‖/‖u + v‖) for unit vectors (Kahan 2006, *How futile are
/// mindless assessments of roundoff*, section 12).
fn angle(first: &DVector<f64>, second: &DVector<f64>) -> Option<f64> {
    let (u, v) = (direction(first)?, direction(second)?);
    Some(2.0 * (&u - &v).norm().atan2((&u + &v).norm()).to_degrees())
}
