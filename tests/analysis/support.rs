//! What the analyses' tests have in common.

use std::f64::consts::TAU;

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

/// How often outlines, whose corners' x and y stand one after the other, turn about a place, counter-clockwise.
pub fn turns(rings: &[Vec<f64>], [x, y]: [f64; 2]) -> f64 {
    let turn = |ring: &Vec<f64>| {
        let ways: Vec<_> = ring.chunks_exact(2).map(|corner| [corner[0] - x, corner[1] - y]).collect();
        let next = ways.iter().cycle().skip(1);
        let angle = |(a, b): (&[f64; 2], &[f64; 2])| (a[0] * b[1] - a[1] * b[0]).atan2(a[0] * b[0] + a[1] * b[1]);
        ways.iter().zip(next).map(angle).sum::<f64>() / TAU
    };
    rings.iter().map(turn).sum()
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
