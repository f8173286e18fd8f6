//! The curves of a run: how long they are, what they count and what they measure.

use std::cell::RefCell;

use hessian_lab::experiment::Curvature;
use hessian_lab::operator::{Dense, LinearOperator};
use hessian_lab::report::MethodReport;
use hessian_lab::solve::neumann::Neumann;
use hessian_lab::solve::trace::{Recording, Reference};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::{CURVATURES, Example, Family};
use crate::common::support::{NETWORKS, identity, matrix, report};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_trace_has_an_entry_for_every_iterate() {
    for example in Family::ANY.draw(NETWORKS) {
        for iterations in [0, 1, 37] {
            for run in report(&example, json!({ "methods": iterative(iterations, &example) })).methods {
                assert_eq!(lengths(&run), [iterations + 1; 5], "{example} {}", run.method);
            }
        }
    }
}

#[test]
fn a_direct_method_has_one_entry() {
    for example in Family::ANY.draw(NETWORKS) {
        let methods =
            ["exact", "kfac", "ekfac", "block_diagonal", "diagonal"].map(|method| json!({ "method": method }));
        for run in report(&example, json!({ "methods": methods })).methods {
            assert_eq!(lengths(&run), [1; 5], "{example} {}", run.method);
        }
    }
}

fn lengths(run: &MethodReport) -> [usize; 5] {
    let trace = &run.trace;
    let curves = [&trace.relative_error, &trace.cosine_similarity, &trace.residual, &trace.energy_error];
    let [error, cosine, residual, energy] = curves.map(Vec::len);
    [trace.products.len(), error, cosine, residual, energy]
}

/// Every iterative method; the last ones preconditioned or sampled.
fn iterative(iterations: usize, example: &Example) -> Value {
    json!([
        { "method": "cg", "iterations": iterations },
        { "method": "cg", "iterations": iterations, "start": "right_hand_side" },
        { "method": "minres", "iterations": iterations },
        { "method": "neumann", "iterations": iterations, "scale": 7 },
        { "method": "lissa", "iterations": iterations, "scale": 7, "batch": example.samples().div_ceil(2),
          "repeats": 3, "seed": 1 },
        { "method": "cg", "iterations": iterations, "preconditioner": "kfac", "on_negative_curvature": "stop" },
        { "method": "neumann", "iterations": iterations, "preconditioner": "ekfac", "scale": "auto" },
    ])
}

#[test]
fn products_count_what_the_method_needs() {
    for example in Family::ANY.draw(NETWORKS) {
        // So few iterations and so ill-conditioned a matrix that no run ends early.
        let changes = json!({ "right_hand_side": ramp(&example), "methods": iterative(2, &example) });
        let batch = example.samples().div_ceil(2) as f64 / example.samples() as f64;
        let expected = [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [0.0, 1.0, 2.0], [0.0, 1.0, 2.0]];
        let expected = expected.into_iter().chain([[0.0, 3.0 * batch, 6.0 * batch]]);
        for (run, expected) in report(&example, changes).methods.iter().zip(expected) {
            // A step of MINRES that rounding may outweigh has to prove itself, by two more.
            if run.method == "minres" && run.trace.products != expected {
                assert!([[1.0, 4.0], [3.0, 4.0], [3.0, 6.0]].contains(&[run.trace.products[1], run.trace.products[2]]));
                continue;
            }
            let apart = run.trace.products.iter().zip(expected).map(|(a, e)| (a - e).abs()).fold(0.0, f64::max);
            assert!(apart < 1e-12, "{example} {}: {:?} for {expected:?}", run.method, run.trace.products);
        }
    }
}

fn ramp(example: &Example) -> Vec<f64> {
    (0..example.parameters()).map(|i| 1.0 + i as f64).collect()
}

#[test]
fn a_direct_approximation_needs_no_product() {
    for example in Family::ANY.draw(5) {
        let methods = ["kfac", "ekfac", "block_diagonal", "diagonal"].map(|method| json!({ "method": method }));
        for run in report(&example, json!({ "methods": methods })).methods {
            assert_eq!(run.trace.products, [0.0], "{example} {}", run.method);
        }
    }
}

/// Single-layer networks with squared error have at most as many distinct eigenvalues as a layer has inputs.
#[test]
fn a_run_that_ended_early_holds_its_last_iterate() {
    let mut ended = 0;
    for example in (Family { hidden: (0, 0), ..Family::ANY }).draw(NETWORKS) {
        let methods = json!([{ "method": "cg", "iterations": 200 }, { "method": "minres", "iterations": 200 }]);
        for run in report(&example, json!({ "damping": 1.0, "methods": methods })).methods {
            let products = &run.trace.products;
            let last = products.iter().position(|count| *count == products[200]).expect("the last is there");
            ended += usize::from(last < 200);
            for curve in [&run.trace.residual, &run.trace.relative_error, &run.trace.energy_error] {
                assert!(curve[last..].iter().all(|value| *value == curve[last]), "{example} {}", run.method);
            }
        }
    }
    assert_eq!(ended, 2 * NETWORKS as usize, "a definite system that small is solved to the last digit");
}

#[test]
fn the_last_entry_measures_the_solution() {
    for example in Family::ANY.draw(NETWORKS) {
        for curvature in CURVATURES {
            let changes = json!({ "curvature": curvature, "damping": 0.4, "methods": iterative(6, &example) });
            let report = report(&example, changes);
            let exact = DVector::from_vec(report.exact.solution.clone().expect("it is small"));
            for run in &report.methods {
                let (what, measured) =
                    (format!("{example} {curvature:?} {}", run.method), measures(&example, curvature, run, &exact));
                let trace = &run.trace;
                for (curve, measured) in
                    [&trace.relative_error, &trace.cosine_similarity, &trace.residual].iter().zip(measured)
                {
                    // Nothing has an angle with the zero vector.
                    let near =
                        curve[6].map_or(measured.is_nan(), |last| (last - measured).abs() <= 1e-9 * (1.0 + measured));
                    assert!(near, "{what}: {:?} for {measured}", curve[6]);
                }
            }
        }
    }
}

/// Relative error, cosine similarity and residual, from the dense matrix.
fn measures(example: &Example, curvature: Curvature, run: &MethodReport, exact: &DVector<f64>) -> [f64; 3] {
    let a = matrix(&example.evaluation, curvature) + identity(example) * 0.4;
    let (x, b) = (DVector::from_column_slice(&run.solution), example.evaluation.gradient());
    [(&x - exact).norm() / exact.norm(), x.dot(exact) / (x.norm() * exact.norm()), (&b - a * &x).norm() / b.norm()]
}

#[test]
fn the_energy_error_is_there_where_the_matrix_is_positive_definite() {
    let mut seen = [false; 2];
    for example in Family::ANY.draw(NETWORKS) {
        let report = report(&example, json!({ "damping": 0.02, "methods": [{ "method": "cg", "iterations": 1 }] }));
        let definite = report.spectrum.as_ref().expect("it is small")[0] + 0.02 > 1e-9;
        let energy = &report.methods[0].trace.energy_error;
        assert_eq!(energy.iter().map(Option::is_some).collect::<Vec<_>>(), [definite; 2], "{example}");
        seen[usize::from(definite)] = true;
    }
    assert_eq!(seen, [true; 2]);
}

#[test]
fn the_slope_is_the_gradient_times_the_solution_and_a_negative_one_is_said_to_go_uphill() {
    let mut uphill = 0;
    for example in Family::ANY.draw(NETWORKS) {
        let report =
            report(&example, json!({ "methods": [{ "method": "exact" }, { "method": "cg", "iterations": 4 }] }));
        for run in &report.methods {
            let slope: f64 = report.gradient.iter().zip(&run.solution).map(|(g, x)| g * x).sum();
            assert!((run.slope - slope).abs() <= 1e-9 * slope.abs(), "{example} {}: {}", run.method, run.slope);
            assert_eq!(run.message.contains("uphill"), run.slope < 0.0, "{example}: {}", run.message);
            uphill += usize::from(run.slope < 0.0);
        }
    }
    assert!(uphill > 0);
}

/// A matrix that notes how many vectors it is multiplied with at once.
struct Noting(Dense<f64>, RefCell<Vec<usize>>);

impl LinearOperator<f64> for Noting {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn apply(&self, vector: &DVector<f64>) -> DVector<f64> {
        self.0.apply(vector)
    }

    fn apply_to_all(&self, vectors: &DMatrix<f64>) -> DMatrix<f64> {
        self.1.borrow_mut().push(vectors.ncols());
        self.0.apply_to_all(vectors)
    }
}

#[test]
fn iterates_are_measured_eight_at_a_time() {
    let b = DVector::from_element(3, 1.0);
    let matrix = Noting(Dense(DMatrix::identity(3, 3)), RefCell::new(Vec::new()));
    let reference = Reference {
        operator: &matrix,
        right_hand_side: &b,
        exact: None,
        gradient: &b,
        exact_energy: None,
        recording: Recording::Curves,
        unit: 1.0,
    };
    let run = reference.trace(Neumann::new(&Dense(DMatrix::identity(3, 3)), &b, 2.0), 19);
    assert_eq!(*matrix.1.borrow(), [8, 8, 4]);
    assert_eq!(run.trace.residual.len(), 20);
}
