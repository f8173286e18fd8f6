//! The numbers that a run's message gives, and that they are right.

use hessian_lab::report::Status;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, curve};
use crate::common::systems::{eigenvalues, run, system};
use crate::common::words::number_after;
use crate::support::SMOOTH;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn iterative(example: &Example, iterations: usize) -> [Value; 4] {
    let batch = example.samples();
    [
        json!({ "method": "cg", "iterations": iterations }),
        json!({ "method": "minres", "iterations": iterations }),
        json!({ "method": "neumann", "iterations": iterations, "scale": "auto" }),
        json!({
            "method": "lissa", "iterations": iterations, "scale": "auto", "batch": batch, "repeats": 1, "seed": 0,
        }),
    ]
}

#[test]
fn limit_says_how_much_is_left() {
    for example in (Family { samples: (5, 7), ..SMOOTH }).draw(20) {
        for method in iterative(&example, 3) {
            let run = run(&example, json!({ "curvature": "ggn", "damping": 0.05 }), method);
            let what = format!("{example} {}", run.method);
            let residual = curve(&run.trace.residual)[3];
            if residual > 1e-9 {
                assert_eq!((run.status, run.status_iteration), (Status::Limit, None), "{what}: {}", run.message);
                let said = number_after(&run.message, "After 3 iterations the residual is ");
                assert!((said / residual - 1.0).abs() < 0.06, "{what}: {said} for {residual}");
                assert!(run.message.contains("condition number"), "{what}: {}", run.message);
            }
        }
    }
}

#[test]
fn a_series_on_an_indefinite_matrix_names_its_eigenvalue_and_how_it_grows() {
    let mut indefinite = 0;
    for example in DEEP.draw(40) {
        let (a, _) = system(&example.experiment(json!({})));
        let smallest = eigenvalues(&a)[0];
        if smallest > -0.05 {
            continue;
        }
        indefinite += 1;
        let run = run(&example, json!({}), neumann(5, json!(10.0)));
        assert_eq!(run.status, Status::Diverged, "{example}: {}", run.message);
        assert_rounded(number_after(&run.message, "The eigenvalue "), smallest, &run.message);
        assert_rounded(number_after(&run.message, "by the factor "), 1.0 - smallest / 10.0, &run.message);
        assert_rounded(number_after(&run.message, "Damping above "), -smallest, &run.message);
    }
    assert!(indefinite >= 20, "only {indefinite} of 40 networks");
}

fn assert_rounded(said: f64, number: f64, message: &str) {
    assert!((said / number - 1.0).abs() < 0.011, "{message} of {number}");
}

fn neumann(iterations: usize, scale: Value) -> Value {
    json!({ "method": "neumann", "iterations": iterations, "scale": scale })
}

#[test]
fn a_series_with_too_small_a_scale_names_its_eigenvalue_and_the_scale_needed() {
    for example in Family::ANY.draw(30) {
        let changes = json!({ "curvature": "ggn", "damping": 0.3 });
        let (a, _) = system(&example.experiment(changes.clone()));
        let largest = *eigenvalues(&a).last().expect("an eigenvalue");
        let at = |scale: f64| run(&example, changes.clone(), neumann(60, json!(scale)));
        let diverged = at(largest / 3.0);
        assert_eq!(diverged.status, Status::Diverged, "{example}: {}", diverged.message);
        assert_rounded(number_after(&diverged.message, "The largest eigenvalue "), largest, &diverged.message);
        assert_rounded(number_after(&diverged.message, "by the factor "), 2.0, &diverged.message);
        let needed = number_after(&diverged.message, "A scale above ");
        assert_ne!(at(needed * (1.0 + 1e-6)).status, Status::Diverged, "{example}: {}", diverged.message);
        assert_eq!(at(needed * 0.99).status, Status::Diverged, "{example}: {}", diverged.message);
    }
}

/// `diverged` is a statement about the series, so it holds for a run too short to show it.
#[test]
fn a_series_that_would_diverge_says_so_before_it_does() {
    for example in Family::ANY.draw(10) {
        let run = run(&example, json!({ "curvature": "ggn", "damping": 0.3 }), neumann(0, json!(0.01)));
        assert_eq!((run.status, run.status_iteration), (Status::Diverged, None), "{example}: {}", run.message);
    }
}

#[test]
fn stochastic_lissa_says_where_its_noise_and_its_damping_are() {
    for example in (Family { samples: (5, 7), ..SMOOTH }).draw(20) {
        let lissa = json!({
            "method": "lissa", "iterations": 20, "scale": 50.0, "batch": 2, "repeats": 3, "seed": 1,
        });
        let damped = run(&example, json!({ "curvature": "ggn", "damping": 0.25 }), lissa.clone());
        assert_eq!(damped.status, Status::Limit, "{example}: {}", damped.message);
        assert!(damped.message.contains("batches of 2"), "{example}: {}", damped.message);
        assert!(damped.message.contains("3 repeats"), "{example}: {}", damped.message);
        assert!(damped.message.contains("more steps lower what is left of the start"), "{example}: {}", damped.message);
        assert_eq!(number_after(&damped.message, "damp by sλ = "), 12.5, "{example}: {}", damped.message);
        let undamped = run(&example, json!({ "curvature": "ggn" }), lissa);
        assert!(!undamped.message.contains("sλ"), "{example}: {}", undamped.message);
    }
}

#[test]
fn stochastic_lissa_with_too_small_a_scale_diverges() {
    for example in (Family { samples: (5, 7), ..SMOOTH }).draw(20) {
        let lissa = json!({
            "method": "lissa", "iterations": 60, "scale": 0.05, "batch": 2, "repeats": 3, "seed": 1,
        });
        let run = run(&example, json!({ "curvature": "ggn", "damping": 1.0 }), lissa);
        assert_eq!(run.status, Status::Diverged, "{example}: {}", run.message);
        assert!(run.message.contains("beyond 2s"), "{example}: {}", run.message);
    }
}

#[test]
fn a_right_hand_side_of_zeros_is_solved_by_zeros_whatever_the_matrix() {
    for example in DEEP.draw(20) {
        let zeros = vec![0.0; example.parameters()];
        for method in iterative(&example, 5) {
            let run = run(&example, json!({ "right_hand_side": zeros }), method);
            let what = format!("{example} {}", run.method);
            assert_eq!((run.status, run.status_iteration), (Status::Converged, None), "{what}: {}", run.message);
            assert_eq!(run.solution, zeros, "{what}");
            for curve in [&run.trace.residual, &run.trace.relative_error, &run.trace.cosine_similarity] {
                assert_eq!(*curve, vec![None; 6], "{what}");
            }
        }
    }
}

#[test]
fn without_damping_singular_blocks_say_so() {
    for example in (Family { samples: (1, 1), weight_decays: &[0.0], ..DEEP }).draw(20) {
        let blocks = run(&example, json!({ "curvature": "ggn" }), json!({ "method": "block_diagonal" }));
        assert!(blocks.message.contains("pseudo-inverse"), "{example}: {}", blocks.message);
        assert!(blocks.solution.iter().all(|x| x.abs() < 1e6), "{example}: {:?}", blocks.solution);
    }
}
