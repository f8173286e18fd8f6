//! Weight decay: μ I in every matrix, μ θ in the gradient, ½ μ ‖θ‖² in the objective.

use hessian_lab::report::{Matrices, Report};
use nalgebra::DVector;
use serde_json::json;

use crate::common::assert_near;
use crate::common::generated::{Example, Family};
use crate::common::support::report;
use crate::common::systems::{damped, system};
use crate::support::NAMES;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MU: f64 = 0.37;

fn at(example: &Example, weight_decay: f64) -> Report {
    report(example, json!({ "weight_decay": weight_decay, "include": ["matrices"] }))
}

fn named(matrices: Matrices) -> [(&'static str, Vec<f64>); 7] {
    [
        ("hessian", matrices.hessian),
        ("ggn", matrices.ggn),
        ("fisher_empirical", matrices.fisher_empirical),
        ("block_diagonal", matrices.block_diagonal),
        ("kfac", matrices.kfac),
        ("kfac_empirical", matrices.kfac_empirical),
        ("ekfac", matrices.ekfac),
    ]
}

#[test]
fn it_adds_itself_times_the_identity_to_every_matrix() {
    for example in Family::ANY.draw(30) {
        let [with, without] = [MU, 0.0].map(|mu| named(at(&example, mu).matrices.expect("they were asked for")));
        for ((name, with), (_, without)) in with.into_iter().zip(without) {
            let p = example.parameters();
            let expected: Vec<f64> = without
                .iter()
                .enumerate()
                .map(|(i, entry)| if i % (p + 1) == 0 { entry + MU } else { *entry })
                .collect();
            assert_near(&with, &expected, 1e-13, &format!("{example} {name}"));
        }
    }
}

#[test]
fn it_adds_itself_times_the_identity_to_every_curvature_that_is_solved_with() {
    for example in Family::ANY.draw(20) {
        for curvature in NAMES {
            let matrix = |mu: f64| system(&example.experiment(json!({ "weight_decay": mu, "curvature": curvature }))).0;
            let apart = matrix(MU) - damped(matrix(0.0), MU);
            assert!(apart.norm() < 1e-13 * (1.0 + matrix(0.0).norm()), "{example} {curvature}: {:e}", apart.norm());
        }
    }
}

#[test]
fn it_is_in_gradient_and_objective_too() {
    for example in Family::ANY.draw(30) {
        let [with, without] = [MU, 0.0].map(|mu| at(&example, mu));
        let theta = &example.evaluation.theta;
        assert_near(&[with.loss], &[without.loss + 0.5 * MU * theta.norm_squared()], 1e-13, &example.to_string());
        let gradient = DVector::from_vec(without.gradient) + theta * MU;
        assert_near(&with.gradient, gradient.as_slice(), 1e-13, &example.to_string());
    }
}

/// As far as a solve goes, weight decay and damping are one.
#[test]
fn a_solve_cannot_tell_it_from_damping() {
    let methods = json!([
        { "method": "exact" },
        { "method": "cg", "iterations": 3 },
        { "method": "lissa", "iterations": 3, "scale": 20.0, "batch": 1, "repeats": 1, "seed": 0 },
        { "method": "kfac", "damping_convention": "pi" },
        { "method": "kfac", "damping_convention": "per_factor", "fisher": "empirical" },
        { "method": "ekfac" },
        { "method": "block_diagonal" },
        { "method": "diagonal" },
    ]);
    for example in Family::ANY.draw(30) {
        let b = example.evaluation.gradient();
        let solutions = |mu: f64, damping: f64| {
            let changes = json!({
                "weight_decay": mu, "damping": damping, "curvature": "ggn", "right_hand_side": b.as_slice(), "methods": methods,
            });
            report(&example, changes).methods
        };
        for (decayed, damped) in solutions(MU, 0.1).iter().zip(solutions(0.0, 0.1 + MU)) {
            assert_near(&decayed.solution, &damped.solution, 1e-10, &format!("{example} {}", decayed.method));
        }
    }
}
