//! The solution that every error is measured against.

use hessian_lab::experiment::Curvature;
use hessian_lab::report::{ExactStatus, Report};
use hessian_lab::solve::spectrum::Eigenvalues;
use nalgebra::{DMatrix, DVector};
use serde_json::json;

use crate::common::assert_near;
use crate::common::generated::Family;
use crate::common::support::{DEEP, NETWORKS, ROUNDING, assert_close, identity, matrix, report};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_exact_solution_solves_the_system() {
    for mut example in Family::ANY.draw(NETWORKS) {
        let b = example.vector();
        let report = report(&example, json!({ "damping": 0.05, "right_hand_side": b.as_slice() }));
        let a = matrix(&example.evaluation, Curvature::Hessian) + identity(&example) * 0.05;
        let x = exact(&report);
        let scale = a.norm() * x.norm() + b.norm();
        assert!((a * x - b).norm() <= ROUNDING * scale, "{example}");
    }
}

#[test]
fn the_exact_solution_of_a_singular_system_is_the_least_squares_solution_of_minimum_norm() {
    let mut singular = 0;
    let few = Family { samples: (1, 2), weight_decays: &[0.0], ..DEEP };
    for mut example in few.draw(NETWORKS) {
        let ggn = matrix(&example.evaluation, Curvature::Ggn);
        let Some(pseudo_inverse) = pseudo_inverse(&ggn) else { continue };
        singular += 1;
        for b in [example.evaluation.gradient(), example.vector()] {
            let report = report(&example, json!({ "curvature": "ggn", "right_hand_side": b.as_slice() }));
            assert_eq!(report.exact.status, ExactStatus::Singular, "{example}");
            assert_close(&exact(&report), &(&pseudo_inverse * b), 1e-8, &example.to_string());
        }
    }
    assert!(singular >= 10, "only {singular} of the networks are singular");
}

/// The Moore-Penrose inverse, where the matrix is singular beyond doubt: no eigenvalue between 1e-13 and 1e-5 of the
/// largest, and some below.
fn pseudo_inverse(matrix: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let sizes = matrix.singular_values() / matrix.norm();
    let clear = sizes.iter().all(|size| !(1e-13..1e-5).contains(size)) && sizes.min() < 1e-13;
    clear.then(|| matrix.clone().pseudo_inverse(1e-9 * matrix.norm()).expect("the threshold is positive"))
}

#[test]
fn a_direct_method_solves_with_its_own_matrix() {
    for example in Family::ANY.draw(NETWORKS) {
        let methods = ["kfac", "ekfac", "block_diagonal", "diagonal"].map(|method| json!({ "method": method }));
        let report = report(&example, json!({ "damping": 0.3, "methods": methods, "include": ["matrices"] }));
        let matrices = report.matrices.as_ref().expect("they were asked for");
        let diagonal = DMatrix::from_diagonal(&square(&matrices.ggn).diagonal());
        let own = [square(&matrices.kfac), square(&matrices.ekfac), square(&matrices.block_diagonal), diagonal];
        for (run, own) in report.methods.iter().zip(own) {
            let damped = own + identity(&example) * 0.3;
            let expected = damped.lu().solve(&DVector::from_column_slice(&report.gradient)).expect("a regular matrix");
            assert_near(&run.solution, expected.as_slice(), 1e-10, &format!("{example} {}", run.method));
        }
    }
}

fn square(entries: &[f64]) -> DMatrix<f64> {
    let count = entries.len().isqrt();
    DMatrix::from_row_slice(count, count, entries)
}

fn exact(report: &Report) -> DVector<f64> {
    DVector::from_vec(report.exact.solution.clone().expect("a small system is solved"))
}

/// P ε |λ|max of four eigenvalues is 9e-16 of the largest.
#[test]
fn which_eigenvalues_count_as_zero_does_not_depend_on_the_unit() {
    for unit in [1e-100, 1.0, 1e100] {
        let of = |numbers: [f64; 4]| Eigenvalues::ascending(numbers.map(|number| number * unit).to_vec());
        let kinds = [
            (of([1.0, 1e-15, 0.3, 0.2]), [false, true, false], 1e15),
            (of([1.0, 8e-16, 0.3, 0.2]), [true, false, false], 5.0),
            (of([1.0, 0.0, 0.3, 0.2]), [true, false, false], 5.0),
            (of([1.0, -8e-16, 0.3, 0.2]), [true, false, false], 5.0),
            (of([1.0, -1e-15, 0.3, 0.2]), [false, false, true], 1e15),
            (of([0.1, -2.0, 0.3, 0.2]), [false, false, true], 20.0),
        ];
        for (eigenvalues, kind, condition) in kinds {
            let said = [eigenvalues.singular(), eigenvalues.positive_definite(), eigenvalues.indefinite()];
            assert_eq!(said, kind, "{eigenvalues:?}");
            assert!((eigenvalues.condition() / condition - 1.0).abs() < 1e-12, "{eigenvalues:?}");
        }
    }
}

#[test]
fn a_matrix_of_zeros_is_singular_and_neither_definite_nor_indefinite() {
    let zeros = Eigenvalues::ascending(vec![0.0; 3]);
    assert_eq!([zeros.singular(), zeros.positive_definite(), zeros.indefinite()], [true, false, false]);
    assert_eq!(zeros.condition(), 0.0);
}
