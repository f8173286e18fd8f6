//! The training race: who may go uphill, what a step is, what it costs and how its damping moves.

use hessian_lab::activation::Activation;
use hessian_lab::application::race::{Race, RaceRun, RaceStatus};
use hessian_lab::curvature::gauss_newton::GaussNewton;
use hessian_lab::curvature::kfac::{DampingConvention, Kfac};
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::experiment::Racer;
use hessian_lab::lab::Lab;
use hessian_lab::loss::Loss;
use hessian_lab::operator::LinearOperator;
use nalgebra::DVector;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS, report};
use crate::common::{assert_near, read};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The optimizers that look before they leap.
const CAREFUL: [Racer; 5] = [Racer::LineSearch, Racer::Newton, Racer::GaussNewton, Racer::Cg, Racer::Kfac];

/// The optimizers with a damping.
const DAMPED: [Racer; 4] = [Racer::Newton, Racer::GaussNewton, Racer::Cg, Racer::Kfac];

/// Networks that some optimizers take to a minimum soon.
const SMALL: Family = Family {
    hidden: (0, 1),
    activations: &[Activation::Tanh, Activation::Softplus],
    weight_decays: &[0.05],
    ..Family::ANY
};

fn race(example: &Example, spec: Value) -> Race {
    let report = report(example, json!({ "applications": ["race"], "race": spec }));
    report.applications.and_then(|applications| applications.race).expect("it was asked for")
}

fn of(race: &Race, racer: Racer) -> &RaceRun {
    race.optimizers.iter().find(|run| run.optimizer == racer).expect("it runs")
}

#[test]
fn everyone_starts_at_the_same_place_and_has_every_step() {
    for example in Family::ANY.draw(NETWORKS) {
        let race = race(&example, json!({ "steps": 25 }));
        assert_eq!(race.optimizers.iter().map(|run| run.optimizer).collect::<Vec<_>>(), Racer::ALL, "{example}");
        for run in &race.optimizers {
            let what = format!("{example} {:?}", run.optimizer);
            assert_eq!(run.loss[0], example.evaluation.value(), "{what}");
            assert_eq!(run.gradient_norm[0], example.evaluation.gradient().norm(), "{what}");
            let lengths = [run.loss.len(), run.gradient_norm.len(), run.products.len(), run.ratio.len()];
            assert_eq!(lengths, [26; 4], "{what}");
            assert_eq!(run.damping.as_ref().map(Vec::len), DAMPED.contains(&run.optimizer).then_some(26), "{what}");
        }
    }
}

#[test]
fn the_loss_never_goes_up_for_those_that_look() {
    for example in Family::ANY.draw(60) {
        let race = race(&example, json!({ "steps": 60 }));
        for racer in CAREFUL {
            for (k, pair) in of(&race, racer).loss.windows(2).enumerate() {
                assert!(pair[1] <= pair[0] + 1e-13 * (1.0 + pair[0]), "{example} {racer:?} at {k}: {pair:?}");
            }
        }
    }
}

/// Without which the test above would be empty.
#[test]
fn the_loss_goes_up_for_those_that_leap() {
    for racer in [Racer::GradientDescent, Racer::Momentum] {
        let rises = |example: Example| {
            let race = race(&example, json!({ "steps": 60, "learning_rate": 1.0 }));
            of(&race, racer).loss.windows(2).any(|pair| pair[1] > pair[0])
        };
        assert!(DEEP.draw(NETWORKS).any(rises), "{racer:?}");
    }
}

#[test]
fn it_runs_what_training_runs() {
    for example in Family::ANY.draw(12) {
        let race = race(&example, json!({ "steps": 12, "learning_rate": 0.05 }));
        for (racer, optimizer) in [(Racer::GradientDescent, "gradient_descent"), (Racer::Newton, "newton")] {
            for k in [0, 1, 5, 12] {
                let training = json!({ "optimizer": optimizer, "steps": k, "learning_rate": 0.05 });
                let trained = report(&example, json!({ "training": training }));
                assert_eq!(of(&race, racer).loss[k], trained.loss, "{example} {optimizer} at {k}");
            }
        }
    }
}

#[test]
fn it_starts_where_training_ended() {
    for example in DEEP.draw(5) {
        let training = json!({ "optimizer": "gradient_descent", "steps": 9, "learning_rate": 0.05 });
        let trained = report(&example, json!({ "applications": ["race"], "training": training }));
        let race = trained.applications.and_then(|applications| applications.race).expect("it was asked for");
        assert!(race.optimizers.iter().all(|run| run.loss[0] == trained.loss), "{example}");
    }
}

#[test]
fn the_heavy_ball_is_its_recurrence_and_without_momentum_gradient_descent() {
    for example in Family::ANY.draw(12) {
        let race = race(&example, json!({ "steps": 9, "learning_rate": 0.02, "momentum": 0.8 }));
        let (mut theta, mut velocity) = (example.evaluation.theta.clone(), DVector::zeros(example.parameters()));
        let mut losses = vec![example.evaluation.value()];
        for _ in 0..9 {
            velocity = velocity * 0.8 - example.at(theta.clone()).gradient() * 0.02;
            theta += &velocity;
            losses.push(example.at(theta.clone()).value());
        }
        assert_near(&of(&race, Racer::Momentum).loss, &losses, 1e-12, &example.to_string());
        let still = self::race(&example, json!({ "steps": 9, "learning_rate": 0.02, "momentum": 0 }));
        let plain = &of(&still, Racer::GradientDescent).loss;
        assert_near(&of(&still, Racer::Momentum).loss, plain, 1e-13, &example.to_string());
    }
}

#[test]
fn without_hidden_layers_gauss_newton_is_newton_and_reaches_the_minimum() {
    let line = Family { hidden: (0, 0), weight_decays: &[0.05], ..Family::ANY };
    for example in line.draw(NETWORKS) {
        let race = race(&example, json!({ "steps": 60 }));
        let [newton, gauss_newton] = [Racer::Newton, Racer::GaussNewton].map(|racer| of(&race, racer));
        assert_near(&newton.loss[..8], &gauss_newton.loss[..8], 1e-9, &example.to_string());
        for run in [newton, gauss_newton, of(&race, Racer::Cg)] {
            assert_eq!(run.status, RaceStatus::Converged, "{example} {:?}: {}", run.optimizer, run.message);
        }
    }
}

#[test]
fn kfac_steps_to_the_models_minimum_along_its_direction() {
    for example in DEEP.draw(NETWORKS) {
        let evaluation = &example.evaluation;
        let (metric, gradient) = (OutputMetric::loss_curvature(evaluation), evaluation.gradient());
        let kfac = Kfac::new(evaluation, &metric).damped(1.0, DampingConvention::Pi).to_matrix();
        let direction = kfac.lu().solve(&gradient).expect("a regular matrix");
        let curvature = GaussNewton::new(evaluation, metric);
        let damped = curvature.apply(&direction) + &direction;
        let step = &direction * (gradient.dot(&direction) / direction.dot(&damped));
        let predicted = gradient.dot(&step) - 0.5 * step.dot(&curvature.apply(&step));
        let there = example.at(&evaluation.theta - step).value();
        let expected = there.min(evaluation.value());
        let race = race(&example, json!({ "steps": 1, "optimizers": ["kfac"] }));
        let run = of(&race, Racer::Kfac);
        assert_near(&run.loss[1..], &[expected], 1e-10, &example.to_string());
        let ratio = run.ratio[1].expect("a step is proposed");
        assert_near(&[ratio], &[(evaluation.value() - there) / predicted], 1e-8, &example.to_string());
    }
}

#[test]
fn the_damping_follows_the_reduction_ratio() {
    for example in DEEP.draw(NETWORKS) {
        let race = race(&example, json!({ "steps": 30 }));
        for run in DAMPED.map(|racer| of(&race, racer)) {
            let damping = run.damping.as_ref().expect("it is damped");
            assert_eq!(damping[0], 1.0);
            for k in 1..damping.len() {
                let Some(ratio) = run.ratio[k] else { continue };
                let factor = if ratio > 0.75 {
                    0.25
                } else if ratio < 0.25 {
                    4.0
                } else {
                    1.0
                };
                assert_eq!(damping[k], factor * damping[k - 1], "{example} {:?} at {k}: {ratio}", run.optimizer);
                let moved = run.loss[k] != run.loss[k - 1];
                assert_eq!(moved, ratio > 0.0, "{example} {:?} at {k}: {ratio}", run.optimizer);
            }
        }
    }
}

#[test]
fn negative_curvature_stops_newton_and_raises_its_damping() {
    let stops = DEEP.draw(NETWORKS).filter(|example| {
        let race = race(example, json!({ "steps": 30 }));
        let newton = of(&race, Racer::Newton);
        let damping = newton.damping.as_ref().expect("it is damped");
        (1..31).any(|k| {
            newton.ratio[k].is_none() && damping[k] == 4.0 * damping[k - 1] && newton.loss[k] == newton.loss[k - 1]
        })
    });
    assert!(stops.count() > 0);
}

#[test]
fn a_step_costs_what_it_takes() {
    for example in DEEP.draw(NETWORKS) {
        let outputs = example.layout().widths()[example.layout().layers()] as f64;
        let race = race(&example, json!({ "steps": 10, "learning_rate": 0.01 }));
        for k in 0..=10 {
            for racer in [Racer::GradientDescent, Racer::Momentum] {
                assert_eq!(of(&race, racer).products[k], (k + 1) as f64 / 2.0, "{example} {racer:?} at {k}");
            }
        }
        for racer in [Racer::GaussNewton, Racer::Cg, Racer::Kfac] {
            let run = of(&race, racer);
            // One look, the step's own product, what solving it took, and a gradient where it went.
            let moved = f64::from(u8::from(run.loss[1] != run.loss[0]));
            let solving = match racer {
                Racer::Kfac => outputs / 2.0,
                _ => run.curvature_products[1] as f64 - 1.0,
            };
            let expected = 0.5 + 1.0 / 6.0 + 1.0 + solving + moved / 2.0;
            assert!((run.products[1] - expected).abs() < 1e-12, "{example} {racer:?}: {}", run.products[1]);
            assert!(run.products.windows(2).all(|pair| pair[1] >= pair[0]), "{example} {racer:?}");
        }
    }
}

/// The gradient is an eigenvector, so that one step of CG solves for it; the model's own product tells what the step promises.
#[test]
fn a_step_that_cg_finds_at_once_takes_two_products() {
    let experiment = read(&json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [0, 0] },
        "data": { "inputs": [[0]], "targets": [1] }, "loss": "mse", "methods": [],
        "applications": ["race"], "race": { "steps": 1, "optimizers": ["newton", "gauss_newton", "cg", "kfac"] },
    }));
    let report = Lab::new().report(&experiment).expect("a report");
    let race = report.applications.and_then(|applications| applications.race).expect("it was asked for");
    for (racer, products) in [(Racer::Newton, 2), (Racer::GaussNewton, 2), (Racer::Cg, 2), (Racer::Kfac, 1)] {
        assert_eq!(of(&race, racer).curvature_products, [0, products], "{racer:?}");
    }
}

#[test]
fn martens_rule_saves_products() {
    let deep = Family { samples: (7, 7), hidden: (3, 3), activations: &[Activation::Tanh], ..DEEP };
    let spent = deep.draw(NETWORKS).map(|example| {
        let race = race(&example, json!({ "steps": 20, "optimizers": ["gauss_newton", "cg"] }));
        let [full, stopped] = [Racer::GaussNewton, Racer::Cg].map(|racer| of(&race, racer));
        assert!(stopped.curvature_products[1] <= full.curvature_products[1], "{example}");
        [full.curvature_products[20], stopped.curvature_products[20]]
    });
    let [full, stopped] = spent.fold([0, 0], |sum, next| [sum[0] + next[0], sum[1] + next[1]]);
    assert!(stopped < full, "{stopped} for {full}");
}

#[test]
fn divergence_is_told_and_keeps_the_last_finite_numbers() {
    for example in (Family { losses: &[Loss::Mse], ..Family::ANY }).draw(10) {
        let race = race(&example, json!({ "steps": 1000, "learning_rate": 900 }));
        for racer in [Racer::GradientDescent, Racer::Momentum] {
            let run = of(&race, racer);
            assert_eq!(run.status, RaceStatus::Diverged, "{example} {racer:?}");
            assert!(run.message.contains("diverges with the rate 900"), "{}", run.message);
            assert!(run.loss.iter().chain(&run.gradient_norm).all(|number| number.is_finite()), "{example}");
        }
        assert_ne!(of(&race, Racer::LineSearch).status, RaceStatus::Diverged, "{example}");
    }
}

/// What a run's own curves tell of its end: the first step at which the gradient is as good as none.
fn minimum_of(run: &RaceRun) -> Option<usize> {
    let least = (1e-8 * run.gradient_norm[0]).max(1e-12);
    run.gradient_norm.iter().position(|&norm| norm <= least)
}

#[test]
fn a_run_has_converged_from_the_first_gradient_that_is_a_hundred_millionth_of_the_starts() {
    let mut seen = [0; 2];
    for example in SMALL.draw(12) {
        for run in race(&example, json!({ "steps": 60, "learning_rate": 0.1 })).optimizers {
            let (what, minimum) = (format!("{example} {:?}: {}", run.optimizer, run.message), minimum_of(&run));
            assert_eq!(run.status == RaceStatus::Converged, minimum.is_some(), "{what}");
            if let Some(k) = minimum {
                assert_eq!(run.status_step, Some(k), "{what}");
                assert!(run.message.contains(&format!("from step {k} on")), "{what}");
            }
            seen[usize::from(minimum.is_some())] += 1;
        }
    }
    assert!(seen.iter().all(|&count| count >= 10), "{seen:?}");
}

#[test]
fn a_start_in_a_minimum_is_told_as_such() {
    let mut seen = 0;
    for example in SMALL.draw(12) {
        let training = json!({ "optimizer": "newton", "steps": 400 });
        let trained =
            report(&example, json!({ "applications": ["race"], "training": training, "race": { "steps": 2 } }));
        let race = trained.applications.and_then(|applications| applications.race).expect("it was asked for");
        for run in race.optimizers.iter().filter(|run| run.gradient_norm[0] <= 1e-12) {
            assert_eq!((run.status, run.status_step), (RaceStatus::Converged, None), "{example}");
            assert!(run.message.starts_with("It starts in a minimum, or a saddle: "), "{}", run.message);
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

/// At weights of zero the gradient of odd targets is rounding, and two of the Hessian's eigenvalues are near −2.5.
#[test]
fn who_leaves_the_saddle_that_it_starts_at_is_not_said_to_have_converged_there() {
    let experiment = json!({
        "network": { "layers": [1, 2, 1], "activation": "tanh", "parameters": [0, 0, 0, 0, 0, 0, 0] },
        "data": { "inputs": [[-2], [-1], [1], [2]], "targets": [-1, -0.5, 0.5, 1] },
        "loss": "mse", "weight_decay": 0.001, "methods": [], "applications": ["race"], "race": { "steps": 5 }
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let race = report.applications.and_then(|applications| applications.race).expect("it was asked for");
    let newton = of(&race, Racer::Newton);
    assert!(newton.gradient_norm[0] < 1e-12 && newton.loss[5] < newton.loss[0] / 100.0);
    assert_eq!((newton.status, newton.status_step), (RaceStatus::Limit, None), "{}", newton.message);
    let descent = of(&race, Racer::GradientDescent);
    assert_eq!((descent.status, descent.status_step), (RaceStatus::Converged, None), "{}", descent.message);
}

/// The steps that were not taken, or that went uphill.
#[test]
fn a_run_that_comes_to_its_end_counts_what_went_wrong() {
    let mut seen = [0; 4];
    for example in DEEP.draw(12) {
        for rate in [0.01, 2.0] {
            for run in race(&example, json!({ "steps": 8, "learning_rate": rate })).optimizers {
                if run.status != RaceStatus::Limit {
                    continue;
                }
                let count = |fits: fn(&[f64]) -> bool| run.loss.windows(2).filter(|pair| fits(pair)).count();
                let (same, rises) = (count(|pair| pair[1] == pair[0]), count(|pair| pair[1] > pair[0]));
                let damped = DAMPED.contains(&run.optimizer);
                let start = match (damped, rises) {
                    (true, _) => {
                        format!("After 8 steps, {same} of them not taken because the model was wrong there, the")
                    }
                    (false, 0) => "After 8 steps the loss is".into(),
                    (false, _) => format!("After 8 steps, {rises} of them uphill, the loss is"),
                };
                assert!(run.message.starts_with(&start), "{example} {:?}: {} {start}", run.optimizer, run.message);
                let climbs = run.message.contains("climbs less high.");
                assert_eq!(climbs, !damped && rises > 0, "{example} {:?}: {}", run.optimizer, run.message);
                seen[2 * usize::from(damped) + usize::from(if damped { same > 0 } else { rises > 0 })] += 1;
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 0), "{seen:?}");
}

/// Two data that pull as hard as they can, and a step that is too small to be seen.
#[test]
fn a_loss_that_stays_the_same_is_not_uphill() {
    let experiment = read(&json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [0.0, 0.001] },
        "data": { "inputs": [[0.0], [0.0]], "targets": [1000.0, -1000.0] }, "loss": "mse", "methods": [],
        "applications": ["race"], "race": { "steps": 5, "learning_rate": 1e-9, "optimizers": ["gradient_descent"] },
    }));
    let report = Lab::new().report(&experiment).expect("a report");
    let race = report.applications.and_then(|applications| applications.race).expect("it was asked for");
    let run = of(&race, Racer::GradientDescent);
    assert!(run.loss.iter().all(|&loss| loss == run.loss[0]), "{:?}", run.loss);
    assert!(run.message.starts_with("After 5 steps the loss is"), "{}", run.message);
}

#[test]
fn a_run_that_nothing_lowers_any_more_is_settled_and_stays_there() {
    let mut seen = 0;
    for example in SMALL.draw(12) {
        for run in race(&example, json!({ "steps": 300 })).optimizers {
            if run.status == RaceStatus::Settled {
                let k = run.status_step.expect("a step");
                assert!(run.loss[k - 1..].iter().all(|&loss| loss == run.loss[k - 1]), "{example}");
                let start = format!("No step lowers the loss any more after {}", k - 1);
                assert!(run.message.starts_with(&start), "{example}: {}", run.message);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
