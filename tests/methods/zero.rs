//! The rule of what counts as zero, |λ| ≤ P ε |λ|max, on systems made to lie on either side of it.

use hessian_lab::lab::Lab;
use hessian_lab::report::{ExactStatus, Report, Status};
use hessian_lab::solve::spectrum::{Eigenvalues, Spectrum};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::{assert_near, read};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Just above 4 · 3 ε, and just below.
const ABOVE: f64 = 3.001 * 4.0 * f64::EPSILON;
const BELOW: f64 = 2.999 * 4.0 * f64::EPSILON;

fn eigenvalues(of: [f64; 3]) -> Eigenvalues {
    Eigenvalues::ascending(of.to_vec())
}

#[test]
fn an_eigenvalue_counts_as_zero_up_to_p_epsilon_times_the_largest_magnitude() {
    assert_eq!(eigenvalues([1.0, 4.0, -2.0]).zero(), 3.0 * f64::EPSILON * 4.0);
    assert_eq!(eigenvalues([1.0, 4.0, -8.0]).zero(), 3.0 * f64::EPSILON * 8.0);
    for sign in [1.0, -1.0] {
        assert!(eigenvalues([4.0, 1.0, sign * BELOW]).singular());
        assert!(!eigenvalues([4.0, 1.0, sign * ABOVE]).singular());
    }
    assert!(eigenvalues([4.0, 1.0, ABOVE]).positive_definite());
    assert!(!eigenvalues([4.0, 1.0, BELOW]).positive_definite());
    assert!(eigenvalues([4.0, 1.0, -ABOVE]).indefinite());
    assert!(!eigenvalues([4.0, 1.0, -BELOW]).indefinite());
}

#[test]
fn the_condition_number_is_over_the_eigenvalues_that_do_not_count_as_zero() {
    assert_eq!(eigenvalues([4.0, 0.5, BELOW]).condition(), 8.0);
    assert_eq!(eigenvalues([4.0, -0.25, BELOW]).condition(), 16.0);
    assert_eq!(eigenvalues([4.0, 1.0, ABOVE]).condition(), 4.0 / ABOVE);
}

#[test]
fn a_solution_has_no_part_along_what_counts_as_zero() {
    let b = DVector::from_element(3, 1.0);
    for (smallest, part) in [(ABOVE, 1.0 / ABOVE), (BELOW, 0.0), (-ABOVE, -1.0 / ABOVE), (-BELOW, 0.0), (0.0, 0.0)] {
        let matrix = DMatrix::from_diagonal(&DVector::from_column_slice(&[4.0, smallest, 2.0]));
        let solution = Spectrum::new(&matrix).solve(0.0, &b);
        assert_near(solution.as_slice(), &[0.25, part, 0.5], 1e-15, &format!("{smallest:e}"));
    }
}

#[test]
fn the_damping_counts_before_the_rule_does() {
    let matrix = DMatrix::from_diagonal(&DVector::from_column_slice(&[3.0, -1.0, 0.0]));
    let spectrum = Spectrum::new(&matrix);
    assert!(spectrum.damped(0.0).singular() && spectrum.damped(1.0).singular());
    assert!(!spectrum.damped(0.5).singular());
    let solution = spectrum.solve(1.0, &DVector::from_element(3, 1.0));
    assert_near(solution.as_slice(), &[0.25, 0.0, 1.0], 1e-15, "damped onto zero");
}

/// y = w x + b of one datum (x, 0) at w = 1, b = 0: the Hessian is 2 (x, 1)ᵀ(x, 1), its gradient 2x (x, 1).
fn line(changes: Value) -> Value {
    let mut experiment = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [1.0, 0.0] },
        "data": { "inputs": [[2.0]], "targets": [0.0] },
        "loss": "mse",
        "methods": [],
    });
    for (key, value) in changes.as_object().expect("an object") {
        experiment[key] = value.clone();
    }
    experiment
}

/// What is known of that line by hand: the eigenvalues are 0 and 10, and the shortest solution is (2, 1) 4/10.
#[test]
fn a_singular_experiment_is_told_apart_from_a_solved_one() {
    let singular = report(line(json!({})));
    assert_eq!(singular.exact.status, ExactStatus::Singular);
    assert_near(&singular.exact.solution.expect("a solution"), &[0.8, 0.4], 1e-14, "the shortest");
    assert!(singular.exact.message.contains("the shortest least-squares solution"), "{}", singular.exact.message);
    let solved = report(line(json!({ "damping": 1e-6 })));
    assert_eq!(solved.exact.status, ExactStatus::Ok);
    assert!(solved.exact.message.contains("condition number is 1.0e7"), "{}", solved.exact.message);
}

fn report(experiment: Value) -> Report {
    Lab::new().report(&read(&experiment)).expect("a report")
}

fn every_method() -> Value {
    json!([
        { "method": "exact" },
        { "method": "cg", "iterations": 40 },
        { "method": "minres", "iterations": 40 },
        { "method": "neumann", "iterations": 40, "scale": "auto" },
        { "method": "lissa", "iterations": 40, "scale": "auto", "batch": 1, "repeats": 1, "seed": 0 },
        { "method": "kfac" },
        { "method": "ekfac" },
        { "method": "block_diagonal" },
    ])
}

#[test]
fn every_method_finds_the_shortest_solution_of_a_consistent_singular_system() {
    for run in report(line(json!({ "methods": every_method() }))).methods {
        assert_near(&run.solution, &[0.8, 0.4], 1e-10, &run.method);
        assert!([Status::Ok, Status::Converged].contains(&run.status), "{}: {:?}", run.method, run.status);
    }
}

/// b = (1, −2) is all null space, and a series adds it once more with every term.
#[test]
fn a_series_diverges_on_a_singular_system_without_a_solution() {
    let changes = json!({ "right_hand_side": [1.0, -2.0], "methods": every_method() });
    let report = report(line(changes));
    assert_near(&report.exact.solution.expect("a solution"), &[0.0, 0.0], 1e-14, "the shortest");
    for run in report.methods {
        let series = ["neumann", "lissa"].contains(&run.method.as_str());
        assert_eq!(run.status == Status::Diverged, series, "{}: {}", run.method, run.message);
        if series {
            assert!(run.message.contains("null space"), "{}: {}", run.method, run.message);
        }
    }
}
