//! What the analyses' tests have in common.

use hessian_lab::activation::Activation;
use hessian_lab::analysis::Analysis;
use hessian_lab::report::{MethodReport, Report};
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, report};

/// One analysis, and the report that it came with.
pub fn analysed(example: &Example, mut changes: Value, analysis: &str) -> (Analysis, Report) {
    changes["analysis"] = json!([analysis]);
    let mut report = report(example, changes);
    (report.analysis.take().expect("it was asked for"), report)
}

/// Every iterative method, also from b, preconditioned and sampled, and a direct one.
pub fn iterative(iterations: usize, example: &Example) -> Value {
    let batch = example.samples().div_ceil(2);
    json!([
        { "method": "cg", "iterations": iterations },
        { "method": "cg", "iterations": iterations, "start": "right_hand_side" },
        { "method": "cg", "iterations": iterations, "preconditioner": "kfac" },
        { "method": "minres", "iterations": iterations },
        { "method": "neumann", "iterations": iterations, "scale": "auto" },
        { "method": "neumann", "iterations": iterations, "scale": "auto", "preconditioner": "ekfac" },
        { "method": "lissa", "iterations": iterations, "scale": 8.0, "batch": batch, "repeats": 2, "seed": 3 },
        { "method": "kfac" },
    ])
}

/// ‖v‖.
pub fn norm(numbers: &[f64]) -> f64 {
    numbers.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Entry k of a list whose last one holds.
pub fn held<N>(list: &[Vec<N>], k: usize) -> &[N] {
    &list[k.min(list.len() - 1)]
}

/// A method with its place among the runs, for failures.
pub fn named(index: usize, run: &MethodReport) -> String {
    format!("method {index}, {}", run.method)
}

/// Networks with hidden layers, none of whose units can be dead on all data.
pub const SMOOTH: Family =
    Family { activations: &[Activation::Sigmoid, Activation::Tanh, Activation::Softplus], ..DEEP };
