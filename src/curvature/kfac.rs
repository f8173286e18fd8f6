//! KFAC: each layer's block of a Gauss-Newton or Fisher matrix replaced by one Kronecker product of two small factors.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use crate::curvature::kronecker::{FactorEigen, KroneckerDiagonal, KroneckerOperator};
use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::multiplication::{add_multiplied_transposed, multiply_transposed};
use crate::parameters::Layout;

/// How a damping λ′ enters the inverse of B ⊗ A.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum DampingConvention {
    /// (B ⊗ A + λ′ I)⁻¹.
    #[default]
    Exact,
    /// ((B + (√λ′/π) I) ⊗ (A + π √λ′ I))⁻¹ with π² = (tr A / dim A) / (tr B / dim B): Martens and Grosse 2015, section
    /// 6.3. π = 1 where a trace is zero.
    Pi,
    /// ((B + √λ′ I) ⊗ (A + √λ′ I))⁻¹.
    Sqrt,
    /// ((B + λ′ I) ⊗ (A + λ′ I))⁻¹.
    PerFactor,
}

/// A = (1/N) Σ ā āᵀ and B = R Σₙ Σ_c g gᵀ of one layer.
#[derive(Clone, Debug)]
pub struct Factors {
    /// A, (in + 1) × (in + 1).
    pub a: DMatrix<f64>,
    /// B, out × out.
    pub b: DMatrix<f64>,
    /// A's eigendecomposition.
    pub eigen_a: FactorEigen,
    /// B's eigendecomposition.
    pub eigen_b: FactorEigen,
}

impl Factors {
    fn new(a: DMatrix<f64>, b: DMatrix<f64>) -> Self {
        Self { eigen_a: FactorEigen::new(&a), eigen_b: FactorEigen::new(&b), a, b }
    }
}

/// B_l ⊗ A_l for every layer's W̄, row-major (Martens and Grosse 2015, section 3, <https://arxiv.org/abs/1503.05671>).
#[derive(Clone, Debug)]
pub struct Kfac {
    /// The order of θ.
    pub layout: Layout,
    /// The layers' factors.
    pub factors: Vec<Factors>,
    weight_decay: f64,
}

impl Kfac {
    /// The factors at `evaluation`'s θ, B from the backpropagated square root of `metric`.
    pub fn new(evaluation: &Evaluation<f64>, metric: &OutputMetric<f64>) -> Self {
        let pass = &evaluation.pass;
        let samples = pass.samples() as f64;
        let a = pass.inputs.iter().map(|inputs| {
            let mut moments = DMatrix::zeros(inputs.nrows(), inputs.nrows());
            multiply_transposed(&mut moments, inputs, inputs);
            moments / samples
        });
        let mut b: Vec<_> = pass.weights.iter().map(|w| DMatrix::zeros(w.nrows(), w.nrows())).collect();
        for column in metric.square_root_columns() {
            for (factor, signal) in b.iter_mut().zip(pass.backpropagate(column)) {
                add_multiplied_transposed(factor, &signal, &signal);
            }
        }
        let factors = a.zip(b).map(|(a, b)| Factors::new(a, b)).collect();
        Self { layout: evaluation.objective.layout.clone(), factors, weight_decay: evaluation.objective.weight_decay }
    }

    /// The matrix, block-diagonal with B ⊗ A + μ I, P × P in θ order.
    pub fn to_matrix(&self) -> DMatrix<f64> {
        let dimension = self.layout.count();
        let mut matrix = DMatrix::from_diagonal_element(dimension, dimension, self.weight_decay);
        for (l, Factors { a, b, .. }) in self.factors.iter().enumerate() {
            let start = self.layout.start(l);
            for (row, column, value) in kronecker_entries(&self.layout, l, a, b) {
                matrix[(start + row, start + column)] += value;
            }
        }
        matrix
    }

    /// KFAC with the damping λ′ = λ + μ put in by `convention`; its [`KroneckerOperator::inverse`] is what solves.
    pub fn damped(&self, damping: f64, convention: DampingConvention) -> KroneckerOperator<f64> {
        let damping = damping + self.weight_decay;
        let layers = self.factors.iter().map(|factors| damped_layer(factors, damping, convention)).collect();
        KroneckerOperator { layout: self.layout.clone(), layers }
    }
}

/// The entries of B ⊗ A with their places in layer `l`'s part of θ.
fn kronecker_entries<'a>(
    layout: &'a Layout,
    l: usize,
    a: &'a DMatrix<f64>,
    b: &'a DMatrix<f64>,
) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
    let weights = move || (0..b.nrows()).flat_map(move |row| (0..a.nrows()).map(move |column| (row, column)));
    weights().flat_map(move |(i, k)| {
        weights().map(move |(j, m)| (layout.position(l, i, k), layout.position(l, j, m), b[(i, j)] * a[(k, m)]))
    })
}

fn damped_layer(factors: &Factors, damping: f64, convention: DampingConvention) -> KroneckerDiagonal<f64> {
    let Factors { a, b, eigen_a, eigen_b } = factors;
    let (on_product, on_a, on_b) = match convention {
        DampingConvention::Exact => (damping, 0.0, 0.0),
        DampingConvention::Pi => {
            let pi = trace_ratio(a, b);
            (0.0, pi * damping.sqrt(), damping.sqrt() / pi)
        }
        DampingConvention::Sqrt => (0.0, damping.sqrt(), damping.sqrt()),
        DampingConvention::PerFactor => (0.0, damping, damping),
    };
    let shifted = |eigenvalues: &DVector<f64>, shift: f64| eigenvalues.add_scalar(shift);
    let diagonal = shifted(&eigen_b.values, on_b) * shifted(&eigen_a.values, on_a).transpose();
    KroneckerDiagonal {
        outer: eigen_b.vectors.clone(),
        inner: eigen_a.vectors.clone(),
        diagonal: diagonal.add_scalar(on_product),
    }
}

/// π = √((tr A / dim A) / (tr B / dim B)).
fn trace_ratio(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    let (mean_a, mean_b) = (a.trace() / a.nrows() as f64, b.trace() / b.nrows() as f64);
    if mean_a > 0.0 && mean_b > 0.0 { mean_a.sqrt() / mean_b.sqrt() } else { 1.0 }
}
