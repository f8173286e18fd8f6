//! MINRES on systems without a solution, or with many.

use hessian_lab::loss::Loss;
use hessian_lab::operator::{Dense, LinearOperator};
use hessian_lab::report::Status;
use hessian_lab::solve::minres::Minres;
use nalgebra::{DMatrix, DVector};
use serde_json::json;

use crate::common::generated::Family;
use crate::common::support::{DEEP, curve};
use crate::common::systems::run;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_singular_system_is_solved_by_the_shortest_solution() {
    let few = Family { losses: &[Loss::Mse], samples: (1, 1), weight_decays: &[0.0], ..DEEP };
    for example in few.draw(30) {
        let run = run(&example, json!({ "curvature": "ggn" }), json!({ "method": "minres", "iterations": 40 }));
        assert_eq!(run.status, Status::Converged, "{example}: {}", run.message);
        let error = curve(&run.trace.relative_error).pop();
        assert!(error < Some(1e-6), "{example}: {error:?}");
    }
}

/// Once all that is left of b is in the null space there is nothing to gain, and rounding must not make a loss of it.
#[test]
fn its_residual_does_not_rise_where_no_solution_exists() {
    for mut example in (Family { weight_decays: &[0.0], ..DEEP }).draw(60) {
        let b = example.vector();
        for curvature in ["hessian", "ggn"] {
            let changes = json!({ "curvature": curvature, "right_hand_side": b.as_slice() });
            let run = run(&example, changes, json!({ "method": "minres", "iterations": 3 * example.parameters() }));
            for (k, pair) in curve(&run.trace.residual).windows(2).enumerate() {
                assert!(pair[1] <= pair[0] + 1e-4, "{example} {curvature}: from {} to {} after {k}", pair[0], pair[1]);
            }
        }
    }
}

#[test]
fn a_right_hand_side_of_zeros_costs_nothing() {
    let example = DEEP.draw(1).next().expect("an example");
    let zeros = vec![0.0; example.parameters()];
    let run = run(&example, json!({ "right_hand_side": zeros }), json!({ "method": "minres", "iterations": 5 }));
    assert_eq!(run.trace.products, vec![0.0; 6]);
    assert_eq!(run.solution, zeros);
}

/// The second direction is so long that no step along it could be trusted, but there is none: its cosine is 0. The third step
/// lowers the residual all the same.
#[test]
fn a_direction_that_nothing_moves_along_may_be_of_any_length() {
    let small = 2.0 * (f64::EPSILON / 300.0).sqrt();
    let mut matrix = DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, 1.0, 0.0, 0.0]));
    for (i, beside) in [1.0, small, 2.0 * small].into_iter().enumerate() {
        matrix[(i, i + 1)] = beside;
        matrix[(i + 1, i)] = beside;
    }
    let b = DVector::from_vec(vec![1.0, 0.0, 0.0, 0.0]);
    let matrix = Dense(matrix);
    let iterates: Vec<_> = Minres::new(&matrix, &b).take(4).map(|iterate| iterate.solution).collect();
    let residuals: Vec<_> = iterates.iter().map(|x| (&b - matrix.apply(x)).norm()).collect();
    assert_eq!(iterates[1], iterates[2]);
    assert!((residuals[2] - 0.5_f64.sqrt()).abs() < 1e-12, "{residuals:?}");
    assert!(residuals[3] < 0.69, "{residuals:?}");
}

#[test]
fn it_ends_where_all_that_is_left_is_rounding() {
    for count in 1..=8 {
        let matrix = Dense(DMatrix::from_diagonal(&DVector::from_fn(count, |i, _| 1.0 + i as f64)));
        let b = DVector::from_element(count, 1.0);
        let iterates: Vec<_> = Minres::new(&matrix, &b).take(100).map(|iterate| iterate.solution).collect();
        assert_eq!(iterates.len(), count + 1);
        assert!((&b - matrix.apply(&iterates[count])).norm() < 1e-14);
    }
    let identity = Dense(DMatrix::identity(3, 3));
    for seed in 0..20 {
        let b = DVector::from_fn(3, |i, _| ((3 * seed + i) as f64).sin());
        assert_eq!(Minres::new(&identity, &b).take(100).count(), 2, "{seed}");
    }
}
