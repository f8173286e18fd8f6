//! Published mistakes, replayed: each converges to the wrong point that theory gives, and not to the solution.

use hessian_lab::analysis::conventions::Convention;
use nalgebra::{DMatrix, DVector};
use serde_json::json;

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS};
use crate::common::systems::{damped, eigenvalues, run, system};
use crate::common::words::number_after;
use crate::support::{SMOOTH, analysed};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DAMPING: f64 = 0.4;

/// Iterations of every replay.
const LAST: usize = 200;

fn replayed(example: &Example, name: &str) -> Convention {
    let (analysis, _) = analysed(example, json!({ "curvature": "ggn", "damping": DAMPING }), "conventions");
    let conventions = analysis.conventions.expect("the matrix is positive definite");
    conventions.into_iter().find(|convention| convention.name == name).expect("a convention of this name")
}

/// A and b of the replays.
fn replays(example: &Example) -> (DMatrix<f64>, DVector<f64>) {
    system(&example.experiment(json!({ "curvature": "ggn", "damping": DAMPING })))
}

/// λmin and λmax of A.
fn extremes(example: &Example) -> [f64; 2] {
    let eigenvalues = eigenvalues(&replays(example).0);
    [eigenvalues[0], eigenvalues[eigenvalues.len() - 1]]
}

fn last(curve: &[Option<f64>]) -> f64 {
    curve.last().copied().flatten().expect("a number")
}

/// The last iterate has come to the wrong point at this rate, and so is as far from the right one as that is.
fn assert_wrong(example: &Example, convention: &Convention, wrong_by: f64, rate: f64) {
    let what = format!("{example} {}", convention.name);
    let actual = convention.wrong_by.expect("theory gives the point");
    assert!((actual - wrong_by).abs() <= 1e-9 * (1.0 + wrong_by), "{what}: wrong by {actual}, not {wrong_by}");
    let (left, error) =
        (last(convention.to_wrong_point.as_ref().expect("theory gives the point")), last(&convention.error));
    let allowed = 10.0 * rate.powi(LAST as i32) + 1e-10;
    assert!(left <= allowed, "{what}: {left:e} from its point");
    // ‖x̃‖ ≤ (1 + wrong_by) ‖x*‖.
    assert!((error - wrong_by).abs() <= (1.0 + wrong_by) * allowed, "{what}: {error} off, not {wrong_by}");
    assert_eq!(convention.error.len(), LAST + 1, "{what}");
}

#[test]
fn the_undivided_series_ends_at_s_times_the_solution() {
    for example in Family::ANY.draw(NETWORKS) {
        let [smallest, largest] = extremes(&example);
        let (scale, rate) = ((smallest + largest) / 2.0, (largest - smallest) / (largest + smallest));
        assert_wrong(&example, &replayed(&example, "undivided_neumann"), (scale - 1.0).abs(), rate);
    }
}

#[test]
fn damping_beside_the_scale_solves_with_s_times_the_damping() {
    for example in Family::ANY.draw(NETWORKS) {
        let (a, b) = replays(&example);
        let scale = 1.05 * extremes(&example)[1];
        let curvature = damped(a.clone(), -DAMPING);
        let exact = a.lu().solve(&b).expect("a regular matrix");
        let wrong = damped(curvature.clone(), scale * DAMPING).lu().solve(&b).expect("a regular matrix");
        let wrong_by = (wrong - &exact).norm() / exact.norm();
        let rate = eigenvalues(&curvature).iter().map(|x| (1.0 - DAMPING - x / scale).abs()).fold(0.0, f64::max);
        assert_wrong(&example, &replayed(&example, "damping_times_scale"), wrong_by, rate);
    }
}

/// min aᵀH a + gᵀa is reached at −½ H⁻¹ g: half the length, and the other sign.
#[test]
fn the_objective_without_its_half_ends_at_minus_half_the_solution() {
    for example in Family::ANY.draw(NETWORKS) {
        assert_wrong(&example, &replayed(&example, "objective_without_half"), 1.5, 0.0);
    }
}

/// Once rᵀr is below eps, every step is too short.
#[test]
fn an_eps_in_the_denominators_crawls() {
    for example in (Family { samples: (4, 7), ..DEEP }).draw(NETWORKS) {
        let convention = replayed(&example, "epsilon_in_denominators");
        assert_eq!((&convention.to_wrong_point, convention.wrong_by), (&None, None), "{example}");
        let (cg, steps) = conjugate_gradient(&example);
        let crawling = convention.error[steps].expect("a number");
        assert!(crawling > 1e3 * cg, "{example}: {crawling:e} with eps after {steps} steps, {cg:e} without");
        assert!(last(&convention.error) < crawling, "{example}: it does not even fall");
    }
}

#[test]
fn directions_from_the_old_residual_are_far_worse_than_cg() {
    for example in (Family { samples: (4, 7), ..SMOOTH }).draw(NETWORKS) {
        let convention = replayed(&example, "old_residual");
        assert_eq!((&convention.to_wrong_point, convention.wrong_by), (&None, None), "{example}");
        let (cg, steps) = conjugate_gradient(&example);
        // What has overflowed is far worse too.
        let old = convention.error[steps].unwrap_or(f64::INFINITY);
        assert!(old > 1e3 * cg, "{example}: {old:e} after {steps} steps, {cg:e} of CG");
    }
}

/// CG's error after P steps, and their number.
fn conjugate_gradient(example: &Example) -> (f64, usize) {
    let steps = example.parameters();
    let method = json!({ "method": "cg", "iterations": steps });
    let run = run(example, json!({ "curvature": "ggn", "damping": DAMPING }), method);
    (last(&run.trace.relative_error), steps)
}

#[test]
fn the_right_methods_converge_to_the_solution() {
    for example in Family::ANY.draw(NETWORKS) {
        for method in [
            json!({ "method": "cg", "iterations": LAST }),
            json!({ "method": "neumann", "iterations": 10 * LAST, "scale": "auto" }),
        ] {
            let run = run(&example, json!({ "curvature": "ggn", "damping": DAMPING }), method);
            let error = last(&run.trace.relative_error);
            assert!(error < 1e-9, "{example} {}: {error:e}", run.method);
        }
    }
}

/// Without damping there is none to put in the wrong place.
#[test]
fn undamped_the_place_of_the_damping_does_not_matter() {
    let decayed = Family { hidden: (0, 0), samples: (7, 7), weight_decays: &[0.05], ..Family::ANY };
    for example in decayed.draw(10) {
        let (analysis, _) = analysed(&example, json!({ "curvature": "ggn" }), "conventions");
        let conventions = analysis.conventions.expect("the matrix is positive definite");
        let beside = conventions.iter().find(|c| c.name == "damping_times_scale").expect("a convention of this name");
        assert!(beside.wrong_by < Some(1e-10), "{example}: {:?}", beside.wrong_by);
    }
}

#[test]
fn an_indefinite_matrix_has_none_and_is_told_the_damping_that_it_needs() {
    let mut indefinite = 0;
    for example in DEEP.draw(NETWORKS) {
        let (a, _) = system(&example.experiment(json!({})));
        if eigenvalues(&a)[0] > -1e-3 {
            continue;
        }
        indefinite += 1;
        let (analysis, _) = analysed(&example, json!({}), "conventions");
        assert_eq!(analysis.conventions, None, "{example}");
        let [message] = &analysis.missing[..] else { panic!("{example}: {:?}", analysis.missing) };
        let needed = number_after(message, "damping above ");
        let smallest = |damping: f64| eigenvalues(&damped(a.clone(), damping))[0];
        assert!(smallest(needed * 1.000_001) > 0.0 && smallest(needed * 0.99) < 0.0, "{example}: {message}");
    }
    assert!(indefinite >= 10, "only {indefinite} of the networks are indefinite");
}

/// Of a Gauss-Newton matrix on one datum all but one eigenvalue are zero, some of them below it by rounding.
#[test]
fn a_singular_matrix_has_none_and_is_told_that_any_damping_will_do() {
    for example in DEEP.draw(NETWORKS) {
        let mut changes = json!({ "curvature": "ggn", "weight_decay": 0 });
        changes["data"] = json!({ "generator": "notebook", "samples": 1, "seed": 1 });
        let (analysis, _) = analysed(&example, changes, "conventions");
        let [message] = &analysis.missing[..] else { panic!("{example}: {:?}", analysis.missing) };
        assert!(message.ends_with("any damping that is not tiny makes it so."), "{example}: {message}");
    }
}
