//! Memory at any size: the peak of a process that does nothing else is linear in the parameters.
#![cfg(target_os = "linux")]

mod common;

use std::fs;

use common::read;
use hessian_lab::lab::Lab;
use serde_json::json;

#[test]
fn the_peak_is_linear_in_the_parameters() {
    // Code is loaded and the allocator has begun.
    report(&[4, 4, 8]);
    let before = status("VmRSS:");
    let [(few, small), (many, large)] = [3, 7].map(|hidden| {
        let layers = [vec![64], vec![128; hidden], vec![8]].concat();
        (report(&layers), status("VmHWM:") - before)
    });
    let (bytes, parameters) = (large as f64 / small as f64, many as f64 / few as f64);
    assert!(bytes < 1.3 * parameters, "{small} bytes for {few} parameters, {large} for {many}");
    // Forty numbers a parameter, and as many in reserve; the matrix would take a hundred thousand.
    assert!(large < 80 * 8 * many, "{large} bytes for {many} parameters");
}

/// Runs every method that needs no matrix, and counts the parameters.
fn report(layers: &[usize]) -> usize {
    let experiment = read(&json!({
        "network": { "layers": layers, "activation": "tanh" },
        "data": { "generator": "notebook", "samples": 50 },
        "loss": "mse",
        "damping": 1.0,
        "methods": [
            { "method": "cg", "iterations": 3, "preconditioner": "ekfac" },
            { "method": "minres", "iterations": 3 },
            { "method": "neumann", "iterations": 3, "scale": "auto" },
            { "method": "lissa", "iterations": 3, "scale": 20.0, "batch": 5, "repeats": 2, "seed": 0 },
            { "method": "kfac" },
            { "method": "diagonal" },
        ],
    }));
    Lab::new().report(&experiment).expect("a report").parameters
}

/// Bytes that the kernel counts.
fn status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of this name");
    1024 * line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
