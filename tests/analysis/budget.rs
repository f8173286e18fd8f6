//! The error budget from the Hessian to a damped Kronecker product, bar by bar.

use hessian_lab::activation::Activation;
use hessian_lab::analysis::budget::{Budget, Stage};
use hessian_lab::loss::Loss;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS, report};
use crate::common::systems::damped;
use crate::support::{SMOOTH, analysed};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What rounding may leave of a bar that vanishes.
const NOTHING: f64 = 1e-12;

fn budget(example: &Example, changes: Value) -> Budget {
    analysed(example, changes, "budget").0.budget.expect("the matrices are formed")
}

fn bar<'a>(stages: &'a [Stage], name: &str) -> &'a Stage {
    stages.iter().find(|stage| stage.name == name).unwrap_or_else(|| panic!("no stage {name}"))
}

fn assert_vanishes(stage: &Stage, what: &str) {
    assert!(stage.step < NOTHING, "{what} {}: {:e}", stage.name, stage.step);
    assert!(stage.turn.is_none_or(|turn| turn < 1e-6), "{what} {}: {:?} degrees", stage.name, stage.turn);
}

#[test]
fn the_kronecker_bar_vanishes_for_one_datum_and_for_linear_networks_with_squared_error() {
    let linear = Family { activations: &[Activation::Identity], losses: &[Loss::Mse], ..DEEP };
    for family in [Family { samples: (1, 1), ..Family::ANY }, linear] {
        for example in family.draw(NETWORKS) {
            let stages = budget(&example, json!({ "damping": 0.1 })).stages;
            assert_vanishes(bar(&stages, "kronecker"), &example.to_string());
        }
    }
}

#[test]
fn the_bars_of_gauss_newton_and_blocks_vanish_for_one_layer() {
    for example in (Family { hidden: (0, 0), ..Family::ANY }).draw(NETWORKS) {
        let stages = budget(&example, json!({ "damping": 0.1 })).stages;
        for name in ["ggn", "blocks"] {
            assert_vanishes(bar(&stages, name), &example.to_string());
        }
    }
}

#[test]
fn all_bars_are_there_otherwise() {
    for example in (Family { samples: (5, 7), ..SMOOTH }).draw(NETWORKS) {
        let stages = budget(&example, json!({ "damping": 0.1 })).stages;
        for name in ["ggn", "blocks", "kronecker"] {
            let step = bar(&stages, name).step;
            assert!(step > 1e-6, "{example} {name}: {step:e}");
        }
    }
}

#[test]
fn exact_damping_is_no_bar_and_every_other_convention_is_one() {
    for example in DEEP.draw(NETWORKS) {
        for damping in [0.05, 0.5] {
            let budget = budget(&example, json!({ "damping": damping }));
            assert_vanishes(bar(&budget.conventions, "exact"), &example.to_string());
            for name in ["pi", "sqrt", "per_factor"] {
                let step = bar(&budget.conventions, name).step;
                assert!(step > 1e-4, "{example} {name} at {damping}: {step:e}");
            }
        }
    }
}

/// Every distance and angle from dense matrices that are all damped by the same λ, whichever the curvature is.
#[test]
fn every_stage_is_solved_with_the_same_damping() {
    for example in Family::ANY.draw(NETWORKS) {
        for damping in [0.2, 1.5] {
            let stages = budget(&example, json!({ "curvature": "fisher_mc", "damping": damping })).stages;
            let solved = matrices(&example).map(|matrix| Solved::new(&example, damped(matrix, damping)));
            for (i, stage) in stages.iter().enumerate() {
                let what = format!("{example} {} at {damping}", stage.name);
                solved[i].assert_step(stage, &solved[i.saturating_sub(1)], &solved[0], &what);
            }
        }
    }
}

/// The Hessian, the Gauss-Newton matrix, its layer blocks and KFAC.
fn matrices(example: &Example) -> [DMatrix<f64>; 4] {
    let report = report(example, json!({ "include": ["matrices"] }));
    let matrices = report.matrices.expect("they were asked for");
    [matrices.hessian, matrices.ggn, matrices.block_diagonal, matrices.kfac]
        .map(|entries| DMatrix::from_vec(report.parameters, report.parameters, entries))
}

/// A damped matrix and its solution for the gradient.
struct Solved {
    matrix: DMatrix<f64>,
    solution: DVector<f64>,
}

impl Solved {
    fn new(example: &Example, matrix: DMatrix<f64>) -> Self {
        let solution = matrix.clone().lu().solve(&example.evaluation.gradient()).expect("a regular matrix");
        Self { matrix, solution }
    }

    fn assert_step(&self, stage: &Stage, before: &Solved, hessian: &Solved, what: &str) {
        let distance = |other: &Solved| (&self.matrix - &other.matrix).norm() / hessian.matrix.norm();
        let (step, distance) = (distance(before), distance(hessian));
        assert!((stage.step - step).abs() < 1e-12, "{what}: step {} for {step}", stage.step);
        assert!((stage.distance - distance).abs() < 1e-12, "{what}: distance {} for {distance}", stage.distance);
        for (actual, other) in [(stage.angle, hessian), (stage.turn, before)] {
            let (actual, expected) = (actual.expect("neither vanishes"), self.degrees_to(other));
            assert!((actual - expected).abs() < 1e-4, "{what}: {actual} degrees for {expected}");
        }
        assert!(!stage.singular, "{what}");
    }

    /// By the cosine, which is good to half the digits where the angle is small.
    fn degrees_to(&self, other: &Solved) -> f64 {
        let cosine = self.solution.dot(&other.solution) / (self.solution.norm() * other.solution.norm());
        cosine.clamp(-1.0, 1.0).acos().to_degrees()
    }
}

#[test]
fn without_damping_singular_stages_say_so() {
    for example in (Family { samples: (1, 1), weight_decays: &[0.0], ..DEEP }).draw(20) {
        let budget = budget(&example, json!({}));
        for name in ["ggn", "blocks", "kronecker"] {
            assert!(bar(&budget.stages, name).singular, "{example} {name}");
        }
        assert!(budget.conventions.iter().all(|stage| stage.singular), "{example}");
    }
}
