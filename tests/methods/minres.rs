//! MINRES on systems without a solution, or with many.

use hessian_lab::loss::Loss;
use hessian_lab::report::Status;
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
