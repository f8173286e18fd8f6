//! LiSSA: what chance it has, and that in the mean it has none.

use hessian_lab::experiment::Experiment;
use hessian_lab::operator::Damped;
use hessian_lab::problem::Problem;
use hessian_lab::solve::Iterate;
use hessian_lab::solve::lissa::Lissa;
use hessian_lab::solve::neumann::Neumann;
use nalgebra::DVector;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::systems::run;
use crate::support::{NAMES, SMOOTH};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn lissa(iterations: usize, batch: usize, repeats: usize, seed: u32) -> Value {
    json!({
        "method": "lissa", "iterations": iterations, "scale": 20.0, "batch": batch, "repeats": repeats, "seed": seed,
    })
}

/// The mean squared distance to the Neumann series' iterate, times the repeats, does not depend on them.
#[test]
fn its_mean_over_repeats_approaches_the_neumann_series_as_one_over_the_root_of_their_number() {
    for (experiment, samples) in sampled() {
        for batch in [1, samples - 1] {
            let [few, some, many] = [1, 8, 64].map(|repeats| scaled_error(&experiment, batch, repeats));
            for (one, other) in [(few, some), (some, many)] {
                let ratio = other / one;
                assert!((0.6..1.7).contains(&ratio), "batch {batch}: {few:e}, {some:e}, {many:e}");
            }
        }
    }
}

/// Regressions and classifiers, one of each curvature.
fn sampled() -> Vec<(Experiment, usize)> {
    let family = Family { hidden: (1, 1), samples: (4, 6), weight_decays: &[0.05], ..Family::ANY };
    let changes = |example: &Example| {
        let curvature = NAMES[example.seed as usize % NAMES.len()];
        example.experiment(json!({ "curvature": curvature, "damping": 0.2, "fisher_samples": 2 }))
    };
    family.draw(12).step_by(3).map(|example| (changes(&example), example.samples())).collect()
}

/// The mean over seeds of ‖x̄_K − E x_K‖² times the repeats.
fn scaled_error(experiment: &Experiment, batch: usize, repeats: usize) -> f64 {
    const SEEDS: u32 = 100;
    const STEPS: usize = 4;
    let problem = Problem::new(experiment).expect("a problem");
    let (b, scale) = (&problem.right_hand_side, 10.0);
    let whole = Damped { curvature: problem.curvature(&problem.evaluation), damping: experiment.damping };
    let expected = last(Neumann::new(&whole, b, scale), STEPS);
    let batches = problem.batches(&problem.evaluation, experiment.damping);
    let error = |seed| (last(Lissa::new(&batches, b, scale, batch, repeats, seed), STEPS) - &expected).norm_squared();
    (0..SEEDS).map(error).sum::<f64>() / f64::from(SEEDS) * repeats as f64
}

fn last(solver: impl Iterator<Item = Iterate<f64>>, steps: usize) -> DVector<f64> {
    solver.take(steps + 1).last().expect("an iterate").solution
}

#[test]
fn its_seed_is_all_its_chance() {
    for example in (Family { samples: (4, 7), ..SMOOTH }).draw(10) {
        let run = |seed| run(&example, json!({ "damping": 0.3 }), lissa(5, 2, 2, seed));
        assert_eq!(run(1), run(1), "{example}");
        assert_ne!(run(1).solution, run(2).solution, "{example}");
    }
}

/// Were repeats alike, their mean would be no better than one.
#[test]
fn its_repeats_differ() {
    for example in (Family { samples: (4, 7), ..SMOOTH }).draw(10) {
        let [one, two] = [1, 2].map(|repeats| run(&example, json!({ "damping": 0.3 }), lissa(5, 2, repeats, 1)));
        assert_ne!(one.solution, two.solution, "{example}");
    }
}
