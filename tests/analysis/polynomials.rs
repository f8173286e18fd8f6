//! Residual polynomials: r_k = p_k(A) b, so that at an eigenvalue p_k is what is left of b along its eigenvector.

use hessian_lab::analysis::modes::Modes;
use hessian_lab::analysis::polynomials::MethodPolynomials;
use hessian_lab::report::Report;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS, report};
use crate::common::systems::{damped, system};
use crate::support::{analysed, held, norm};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Iterates compared: further on, the recurrences of CG and MINRES magnify rounding.
const FIRST: usize = 5;

fn krylov_and_neumann() -> Value {
    json!([
        { "method": "cg", "iterations": FIRST },
        { "method": "cg", "iterations": FIRST, "start": "right_hand_side" },
        { "method": "minres", "iterations": FIRST },
        { "method": "neumann", "iterations": FIRST, "scale": 9.0 },
    ])
}

fn polynomials(example: &Example, changes: Value) -> (Vec<Option<MethodPolynomials>>, Report) {
    let (analysis, report) = analysed(example, changes, "polynomials");
    (analysis.polynomials.expect("the matrix is formed").methods, report)
}

fn modes(example: &Example, changes: Value) -> Modes {
    analysed(example, changes, "modes").0.modes.expect("the matrix is formed")
}

#[test]
fn at_an_eigenvalue_it_is_what_is_left_of_the_right_hand_side() {
    for example in Family::ANY.draw(NETWORKS) {
        for (curvature, damping) in [("hessian", 0.0), ("hessian", 0.3), ("ggn", 0.1), ("fisher_empirical", 0.1)] {
            let changes = json!({ "curvature": curvature, "damping": damping, "methods": krylov_and_neumann() });
            let modes = modes(&example, changes.clone());
            let (polynomials, report) = polynomials(&example, changes);
            for (i, polynomials) in polynomials.iter().enumerate() {
                let values = &polynomials.as_ref().expect("a polynomial").at_eigenvalues;
                for k in 0..=last_sure(&report, i) {
                    let what = format!("{example} {curvature} damped by {damping}, method {i} at {k}");
                    assert_left(&modes, i, k, held(values, k), &what);
                }
            }
        }
    }
}

/// The last iterate before a run has converged so far that its recurrence is rounding.
fn last_sure(report: &Report, method: usize) -> usize {
    let residual = &report.methods[method].trace.residual;
    residual.iter().position(|r| r.is_none_or(|r| r < 1e-6)).map_or(FIRST, |k| k.saturating_sub(1))
}

fn assert_left(modes: &Modes, method: usize, k: usize, values: &[Option<f64>], what: &str) {
    let predicted = parts(values, &modes.right_hand_side);
    let apart: Vec<_> = held(&modes.methods[method].residual, k).iter().zip(&predicted).map(|(r, p)| r - p).collect();
    let size = norm(&modes.right_hand_side) + norm(&predicted);
    assert!(norm(&apart) < 1e-7 * size, "{what}: {:e} apart", norm(&apart) / size);
}

/// p(λᵢ) qᵢᵀ b.
fn parts(values: &[Option<f64>], b: &[f64]) -> Vec<f64> {
    values.iter().zip(b).map(|(p, b)| p.expect("a number") * b).collect()
}

/// As r_k = p_k(A) b and x_k = 0 for A = 0 however long a run from zero is. Between its samples a polynomial of degree k
/// is known exactly by k + 1 of them.
#[test]
fn at_zero_it_is_one() {
    for example in Family::ANY.draw(NETWORKS) {
        let changes = json!({ "curvature": "ggn", "damping": 0.2, "methods": krylov_and_neumann() });
        for (i, polynomials) in polynomials(&example, changes).0.into_iter().enumerate() {
            let MethodPolynomials { points, values, .. } = polynomials.expect("a polynomial");
            for (k, values) in values.iter().enumerate() {
                let at_zero = interpolated(&points, values, k + 1);
                assert!((at_zero - 1.0).abs() < 1e-6, "{example} method {i} at {k}: {at_zero}");
            }
        }
    }
}

/// The value at zero of a polynomial of this degree, by Lagrange's formula through points spread over all of them.
fn interpolated(points: &[f64], values: &[Option<f64>], degree: usize) -> f64 {
    let chosen: Vec<_> = (0..=degree).map(|i| i * (points.len() - 1) / degree.max(1)).collect();
    let weight = |i: usize| {
        let others = chosen.iter().filter(|&&j| j != i);
        others.map(|&j| -points[j] / (points[i] - points[j])).product::<f64>()
    };
    chosen.iter().map(|&i| values[i].expect("a number") * weight(i)).sum()
}

#[test]
fn its_points_hold_the_spectrum_zero_and_a_series_interval() {
    for example in DEEP.draw(NETWORKS) {
        let (polynomials, _) = polynomials(&example, json!({ "methods": krylov_and_neumann() }));
        for (i, polynomials) in polynomials.into_iter().enumerate() {
            let MethodPolynomials { points, values, eigenvalues, .. } = polynomials.expect("a polynomial");
            assert!(points.is_sorted() && eigenvalues.is_sorted(), "{example}");
            let (low, high) = (points[0], points[points.len() - 1]);
            assert!(low < 0.0 && low < eigenvalues[0], "{example}: from {low}");
            assert!(high > eigenvalues[eigenvalues.len() - 1] && (i != 3 || high > 18.0), "{example}: to {high}");
            assert!(values.iter().all(|values| values.len() == points.len()), "{example}");
        }
    }
}

/// After as many steps as there are eigenvalues, the polynomial of CG is zero on all that b has a part of.
#[test]
fn the_zeros_of_cg_sit_on_the_eigenvalues_at_last() {
    for example in (Family { hidden: (0, 0), samples: (6, 7), ..Family::ANY }).draw(NETWORKS) {
        let cg = json!([{ "method": "cg", "iterations": example.parameters() }]);
        let changes = json!({ "curvature": "ggn", "damping": 0.5, "methods": cg });
        let b = modes(&example, changes.clone()).right_hand_side;
        let (polynomials, _) = polynomials(&example, changes);
        let polynomials = polynomials[0].as_ref().expect("a polynomial");
        for (i, value) in polynomials.at_eigenvalues.last().expect("an iterate").iter().enumerate() {
            if b[i].abs() > 1e-3 * norm(&b) {
                assert!(value.expect("a number").abs() < 1e-6, "{example}: {value:?} at eigenvalue {i}");
            }
        }
    }
}

/// P^(−1/2) r = p(P^(−1/2) A P^(−1/2)) P^(−1/2) b.
#[test]
fn preconditioned_it_is_a_polynomial_of_the_preconditioned_matrix() {
    for example in Family::ANY.draw(NETWORKS) {
        let methods = json!([
            { "method": "cg", "iterations": 3, "preconditioner": "kfac" },
            { "method": "neumann", "iterations": 3, "scale": 2.0, "preconditioner": "kfac" },
        ]);
        let changes = json!({ "curvature": "ggn", "damping": 0.3, "methods": methods });
        let (polynomials, report) = polynomials(&example, changes.clone());
        let (a, b) = system(&example.experiment(changes));
        let root = inverse_root(&example, 0.3);
        let left = coordinates(&(&root * &a * &root), &(&root * &b));
        for (i, run) in report.methods.iter().enumerate() {
            let residual = (&root * (&b - &a * DVector::from_column_slice(&run.solution))).norm();
            let values = polynomials[i].as_ref().expect("a polynomial").at_eigenvalues.last().expect("an iterate");
            let predicted = norm(&parts(values, &left));
            let apart = (residual - predicted).abs();
            assert!(apart < 1e-6 * norm(&left), "{example} method {i}: {residual} for {predicted}");
        }
    }
}

/// P^(−1/2) of damped KFAC.
fn inverse_root(example: &Example, damping: f64) -> DMatrix<f64> {
    let report = report(example, json!({ "include": ["matrices"] }));
    let kfac = report.matrices.expect("they were asked for").kfac;
    let eigen = damped(DMatrix::from_vec(report.parameters, report.parameters, kfac), damping).symmetric_eigen();
    let roots = DMatrix::from_diagonal(&eigen.eigenvalues.map(|eigenvalue| eigenvalue.powf(-0.5)));
    &eigen.eigenvectors * roots * eigen.eigenvectors.transpose()
}

/// The vector's coordinates in the eigenvectors of a matrix, by ascending eigenvalue.
fn coordinates(matrix: &DMatrix<f64>, vector: &DVector<f64>) -> Vec<f64> {
    let eigen = ((matrix + matrix.transpose()) * 0.5).symmetric_eigen();
    let coordinates = eigen.eigenvectors.tr_mul(vector);
    let mut order: Vec<_> = (0..vector.len()).collect();
    order.sort_by(|&i, &j| eigen.eigenvalues[i].total_cmp(&eigen.eigenvalues[j]));
    order.into_iter().map(|i| coordinates[i]).collect()
}

/// With a preconditioner and from b, the first residual (I − A) b is no polynomial of P⁻¹A.
#[test]
fn preconditioned_from_the_right_hand_side_there_is_none() {
    for example in DEEP.draw(5) {
        let method = json!({ "method": "cg", "iterations": 3, "preconditioner": "kfac", "start": "right_hand_side" });
        let changes = json!({ "curvature": "ggn", "damping": 0.3, "methods": [method] });
        assert!(polynomials(&example, changes).0[0].is_none(), "{example}");
    }
}

#[test]
fn methods_whose_iterates_are_no_polynomials_have_none() {
    for example in Family::ANY.draw(10) {
        let methods = json!([
            { "method": "exact" },
            { "method": "kfac" },
            { "method": "lissa", "iterations": 3, "scale": 9.0, "batch": 1, "repeats": 1, "seed": 0 },
        ]);
        let polynomials = polynomials(&example, json!({ "methods": methods })).0;
        assert!(polynomials.iter().all(Option::is_none), "{example}");
    }
}

#[test]
fn a_series_that_overflows_has_one_for_each_iterate_there_is() {
    for example in Family::ANY.draw(10) {
        let methods = json!([{ "method": "neumann", "iterations": 500, "scale": 0.01 }]);
        let changes = json!({ "curvature": "ggn", "damping": 1.0, "methods": methods });
        let iterates = modes(&example, changes.clone()).methods[0].error.len();
        let (polynomials, _) = polynomials(&example, changes);
        assert_eq!(polynomials[0].as_ref().expect("a polynomial").values.len(), iterates, "{example}");
    }
}
