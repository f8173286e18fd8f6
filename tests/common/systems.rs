//! The systems of generated networks entry by entry, and one method's run on one.

use hessian_lab::experiment::Experiment;
use hessian_lab::problem::Problem;
use hessian_lab::report::MethodReport;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use super::generated::Example;
use super::support::report;

/// The run of one method on a network with other fields set.
pub fn run(example: &Example, mut changes: Value, method: Value) -> MethodReport {
    changes["methods"] = json!([method]);
    report(example, changes).methods.remove(0)
}

/// A = C + λ I and b.
pub fn system(experiment: &Experiment) -> (DMatrix<f64>, DVector<f64>) {
    let problem = Problem::new(experiment).expect("a problem");
    let matrix = problem.formed.expect("a small matrix is formed").matrix;
    (damped(matrix, experiment.damping), problem.right_hand_side)
}

/// The matrix + λ I.
pub fn damped(mut matrix: DMatrix<f64>, damping: f64) -> DMatrix<f64> {
    for i in 0..matrix.nrows() {
        matrix[(i, i)] += damping;
    }
    matrix
}

/// The eigenvalues of a symmetric matrix, ascending.
pub fn eigenvalues(matrix: &DMatrix<f64>) -> Vec<f64> {
    let mut eigenvalues = matrix.symmetric_eigenvalues().as_slice().to_vec();
    eigenvalues.sort_by(f64::total_cmp);
    eigenvalues
}
