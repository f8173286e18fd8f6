//! Times tasks natively. Each argument is a network and the tasks to time on it, as JSON; each answer is a line of JSON.
//! `hessian-lab-bench '{"layers":[3,5,1],"samples":10,"tasks":["gradient"]}'`

use std::env;
use std::time::Instant;

use hessian_lab_bench::{Bench, PEAK_FLOPS};
use serde_json::{Map, Value, json};

/// Samples of which the median is taken, and what one should take at least and all at most.
const SAMPLES: usize = 15;
const SAMPLE_SECONDS: f64 = 0.01;
const MOST_SECONDS: f64 = 2.0;

fn main() {
    for argument in env::args().skip(1) {
        let wanted: Value = serde_json::from_str(&argument).expect("an argument is JSON");
        println!("{}", answer(&wanted));
    }
}

fn answer(wanted: &Value) -> Value {
    let whole = |value: &Value| value.as_u64().expect("a whole number") as usize;
    let list = |name: &str| wanted[name].as_array().expect("a list").clone();
    let layers: Vec<usize> = list("layers").iter().map(whole).collect();
    let mut bench = Bench::new(&layers, whole(&wanted["samples"]));
    let mut times = Map::new();
    for task in list("tasks") {
        let task = task.as_str().expect("a task's name");
        times.insert(task.into(), json!(milliseconds(&mut bench, task)));
    }
    json!({ "parameters": bench.parameters(), "check": bench.check(), "peak_flops": PEAK_FLOPS, "times": times })
}

/// The median time of a task in milliseconds; none where it cannot be done.
fn milliseconds(bench: &mut Bench, task: &str) -> Option<f64> {
    let mut once = |repetitions: usize| {
        let start = Instant::now();
        bench.run(task, repetitions).then(|| start.elapsed().as_secs_f64() / repetitions as f64)
    };
    once(1)?;
    let repetitions = (SAMPLE_SECONDS / once(1)?).ceil().clamp(1.0, 1e6) as usize;
    let started = Instant::now();
    let mut samples = Vec::new();
    while samples.len() < SAMPLES && (samples.len() < 3 || started.elapsed().as_secs_f64() < MOST_SECONDS) {
        samples.push(once(repetitions)?);
    }
    samples.sort_by(f64::total_cmp);
    Some(1000.0 * samples[samples.len() / 2])
}
