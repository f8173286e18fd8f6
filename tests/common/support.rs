//! What tests over generated networks have in common.

use hessian_lab::curvature::assembly;
use hessian_lab::curvature::gauss_newton::GaussNewton;
use hessian_lab::curvature::hessian::Hessian;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::experiment::Curvature;
use hessian_lab::gradient::Evaluation;
use hessian_lab::lab::Lab;
use hessian_lab::operator::LinearOperator;
use hessian_lab::report::Report;
use hessian_lab::scalar::Scalar;
use nalgebra::{DMatrix, DVector};
use serde_json::Value;

use super::generated::{Example, Family};
use super::{assert_near, distance};

/// Networks a theorem: every activation with every loss three times.
pub const NETWORKS: u64 = 30;

/// What a few hundred roundings of float64 may leave, relative.
pub const ROUNDING: f64 = 1e-12;

/// Networks with at least one hidden layer.
pub const DEEP: Family = Family { hidden: (1, 3), ..Family::ANY };

/// What tells this curvature from the others.
pub fn metric<T: Scalar>(evaluation: &Evaluation<T>, curvature: Curvature) -> OutputMetric<T> {
    match curvature {
        Curvature::Hessian | Curvature::Ggn => OutputMetric::loss_curvature(evaluation),
        Curvature::FisherEmpirical => OutputMetric::empirical(evaluation),
        // As an experiment draws them where it says nothing else.
        Curvature::FisherMc => OutputMetric::monte_carlo(evaluation, 1, 0),
    }
}

/// The curvature as a matrix.
pub fn matrix(evaluation: &Evaluation<f64>, curvature: Curvature) -> DMatrix<f64> {
    let metric = metric(evaluation, curvature);
    match curvature {
        Curvature::Hessian => assembly::hessian(evaluation, &metric),
        _ => assembly::gauss_newton(evaluation, &metric),
    }
}

/// The curvature times a vector.
pub fn product<T: Scalar>(evaluation: &Evaluation<T>, curvature: Curvature, vector: &DVector<T>) -> DVector<T> {
    match curvature {
        Curvature::Hessian => Hessian::new(evaluation).apply(vector),
        _ => GaussNewton::new(evaluation, metric(evaluation, curvature)).apply(vector),
    }
}

/// The report on a network's experiment with other fields set.
pub fn report(example: &Example, changes: Value) -> Report {
    Lab::new().report(&example.experiment(changes)).expect("a report")
}

/// The eigenvalues of the curvature without damping.
pub fn spectrum(report: &Report) -> Vec<f64> {
    report.spectrum.clone().expect("a small matrix is formed")
}

/// A curve that has no gaps.
pub fn curve(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().map(|value| value.expect("a number")).collect()
}

/// What vectors and matrices have in common.
pub trait Numbers {
    /// Their numbers.
    fn numbers(&self) -> &[f64];
}

impl Numbers for &DMatrix<f64> {
    fn numbers(&self) -> &[f64] {
        self.as_slice()
    }
}

impl Numbers for &DVector<f64> {
    fn numbers(&self) -> &[f64] {
        self.as_slice()
    }
}

/// Agreement to a relative tolerance.
pub fn assert_close(actual: impl Numbers, expected: impl Numbers, tolerance: f64, what: &str) {
    assert_near(actual.numbers(), expected.numbers(), tolerance, what);
}

/// A relative distance of more than `bound`.
pub fn assert_apart(actual: &DMatrix<f64>, other: &DMatrix<f64>, bound: f64, what: &str) {
    let apart = distance(actual.as_slice(), other.as_slice());
    assert!(apart > bound, "{what}: only {apart:e} apart");
}

/// I, P × P.
pub fn identity(example: &Example) -> DMatrix<f64> {
    DMatrix::identity(example.parameters(), example.parameters())
}

/// The eigenvalues of P⁻¹A for a positive definite P.
pub fn generalised_eigenvalues(a: &DMatrix<f64>, p: &DMatrix<f64>) -> DVector<f64> {
    let inverse = p.clone().cholesky().expect("P is positive definite").l().try_inverse().expect("so is its root");
    let symmetric = &inverse * a * inverse.transpose();
    ((&symmetric + symmetric.transpose()) * 0.5).symmetric_eigenvalues()
}
