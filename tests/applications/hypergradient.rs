//! The weight decay's hypergradient against losses that were retrained to.

use hessian_lab::application::hypergradient::Hypergradient;
use hessian_lab::application::retraining::Retrained;
use hessian_lab::application::weight_decay_curve::{CurvePart, Descent, DescentStep, HypergradientRetrained};
use hessian_lab::experiment::Experiment;
use hessian_lab::lab::Lab;
use serde_json::{Value, json};

use crate::common::generated::Example;
use crate::support::{SMOOTH, WEIGHT_DECAY, applications, experiment, methods, trained};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn hypergradient(example: &Example, mut changes: Value) -> Hypergradient {
    changes["applications"] = json!(["hypergradient"]);
    applications(example, trained(changes)).hypergradient.expect("asked for")
}

fn retrained(example: &Example, mut changes: Value) -> HypergradientRetrained {
    changes["applications"] = json!(["hypergradient_retrained"]);
    applications(example, trained(changes)).hypergradient_retrained.expect("asked for")
}

#[test]
fn the_hypergradient_is_the_slope_of_the_retrained_loss() {
    for example in SMOOTH.draw(18) {
        let exact = hypergradient(&example, json!({ "methods": methods() }));
        let slope = exact.weight_decay.expect("H is formed");
        // Both losses are retrained to from the minimum in between, so that one branch of minima is followed.
        let minimum = Lab::new().report(&experiment(&example, trained(json!({})))).expect("a report").theta;
        let (decay, step) = (WEIGHT_DECAY, 1e-4);
        let loss = |factor: f64| {
            let mut changes = json!({ "weight_decay": decay * factor });
            changes["network"] = json!({
                "layers": example.layout().widths(),
                "activation": example.evaluation.objective.activation,
                "parameters": minimum,
            });
            hypergradient(&example, changes).validation_loss
        };
        let difference = (loss(1.0 + step) - loss(1.0 - step)) / (2.0 * step * decay);
        let scale = exact.validation_loss;
        assert!((slope - difference).abs() < 1e-6 * (slope.abs() + scale), "{example}: {slope:e} {difference:e}");
        assert!((exact.elasticity.expect("H is formed") * scale - decay * slope).abs() < 1e-14 * scale, "{example}");
        for method in &exact.by_method[..2] {
            let other = method.weight_decay.expect("a number");
            assert!((other - slope).abs() < 1e-6 * (slope.abs() + scale), "{example} {}", method.method);
        }
    }
}

#[test]
fn the_curve_passes_through_the_present_loss_and_covers_four_decades_evenly() {
    for example in SMOOTH.draw(6) {
        let here = hypergradient(&example, json!({}));
        let curve = retrained(&example, json!({})).curve;
        assert_eq!(curve.len(), 21, "{example}");
        let middle = curve[10].validation_loss.expect("a minimum");
        assert!((curve[10].weight_decay - WEIGHT_DECAY).abs() < 1e-15);
        assert!((middle - here.validation_loss).abs() < 1e-9 * middle, "{example}");
        for pair in curve.windows(2) {
            let ratio = (pair[1].weight_decay / pair[0].weight_decay).log10();
            assert!((ratio - 0.2).abs() < 1e-12, "{example}");
        }
        let [down, up] = [&curve[9], &curve[11]].map(|point| point.validation_loss.expect("a minimum"));
        let slope = (up / down).ln() / (0.4 * std::f64::consts::LN_10);
        let tangent = here.elasticity.expect("H is formed");
        assert!((slope - tangent).abs() < 0.05, "{example}: {slope} {tangent}");
    }
}

#[test]
fn the_exact_hypergradient_leads_downhill_and_each_step_is_as_documented() {
    for example in SMOOTH.draw(6) {
        let retrained = retrained(&example, json!({ "methods": [{ "method": "exact" }, { "method": "kfac" }] }));
        assert_eq!(retrained.descents.len(), 2, "{example}");
        for (place, descent) in retrained.descents.iter().enumerate() {
            let (mut rate, mut before) = (4.0, f64::INFINITY);
            assert_eq!(descent.steps[0].point.weight_decay, WEIGHT_DECAY.ln().exp(), "{example}");
            for pair in descent.steps.windows(2) {
                assert_eq!((pair[0].method, pair[1].step), (place, pair[0].step + 1));
                let loss = pair[0].point.validation_loss.expect("a minimum");
                if loss > before {
                    rate /= 2.0;
                }
                before = loss;
                let longest = std::f64::consts::LN_10 / 2.0;
                let step = -(rate * pair[0].elasticity.expect("a slope")).clamp(-longest, longest);
                let taken = (pair[1].point.weight_decay / pair[0].point.weight_decay).ln();
                assert!((taken - step).abs() < 1e-9, "{example}: {taken} {step}");
            }
        }
        let exact = &retrained.descents[0].steps;
        let loss = |step: usize| exact[step].point.validation_loss.expect("a minimum");
        assert_eq!(exact.len(), 9, "{example}");
        assert!(loss(8) < loss(0) + 1e-12, "{example}: {} {}", loss(0), loss(8));
    }
}

#[test]
fn a_place_of_the_descent_has_the_loss_and_the_slope_that_an_experiment_there_has() {
    let example = SMOOTH.draw(2).last().expect("a network");
    let retrained = retrained(&example, json!({ "methods": [{ "method": "kfac" }] }));
    let step = &retrained.descents[0].steps[1];
    let changes = json!({ "weight_decay": step.point.weight_decay, "methods": [{ "method": "kfac" }] });
    let there = hypergradient(&example, changes);
    let loss = step.point.validation_loss.expect("a minimum");
    assert!((there.validation_loss - loss).abs() < 1e-8 * loss);
    let elasticity = there.by_method[0].elasticity.expect("a slope");
    assert!((elasticity - step.elasticity.expect("a slope")).abs() < 1e-6);
}

#[test]
fn step_by_step_and_all_at_once_tell_the_same() {
    let example = SMOOTH.draw(3).last().expect("a network");
    let changes = json!({ "methods": methods(), "applications": ["hypergradient_retrained"] });
    let experiment = experiment(&example, trained(changes));
    let mut lab = Lab::new();
    let whole = lab.report(&experiment).expect("a report").applications.expect("asked for");
    let whole = whole.hypergradient_retrained.expect("asked for");
    let retraining = lab.retrain(&experiment).expect("retrainings");
    assert_eq!(retraining.total(), 21 + 6 * 9);
    let (mut points, mut steps) = (Vec::new(), Vec::new());
    for part in retraining {
        match part {
            Retrained::Hypergradient { curve: CurvePart::Point(point) } => points.push(point),
            Retrained::Hypergradient { curve: CurvePart::Step(step) } => steps.push(step),
            Retrained::Influence { .. } => panic!("a weight decay"),
        }
    }
    // Upwards from the experiment's μ, and then downwards from it: each starts from a minimum near by.
    let places = (0..=10).chain((1..=10).map(|down| -down));
    for (point, place) in points.iter().zip(places) {
        let expected = WEIGHT_DECAY * 10.0_f64.powf(f64::from(place) / 5.0);
        assert!((point.weight_decay / expected - 1.0).abs() < 1e-12, "{place}: {}", point.weight_decay);
    }
    points.sort_by(|a, b| a.weight_decay.total_cmp(&b.weight_decay));
    assert_eq!(points, whole.curve);
    assert_eq!(steps, whole.descents.into_iter().flat_map(|descent| descent.steps).collect::<Vec<_>>());
}

fn descents(experiment: &Experiment) -> Vec<Descent> {
    let applications = Lab::new().report(experiment).expect("a report").applications.expect("asked for");
    applications.hypergradient_retrained.expect("asked for").descents
}

/// With so long a rate gradient descent leaves the minimum that it starts from: no place of a descent is trained from again.
#[test]
fn a_descent_is_the_same_beside_others_alone_and_with_trained_parameters_given() {
    let example = SMOOTH.draw(2).last().expect("a network");
    let with = |methods: Value| {
        let training = json!({ "optimizer": "gradient_descent", "steps": 60, "learning_rate": 1.5 });
        let applications = json!(["hypergradient_retrained"]);
        experiment(&example, json!({ "methods": methods, "training": training, "applications": applications }))
    };
    let (kfac, exact) = (json!({ "method": "kfac" }), json!({ "method": "exact" }));
    let both = with(json!([kfac, exact]));
    let steps = |descent: &Descent| {
        let step = |step: &DescentStep| (step.point.clone(), step.elasticity.expect("a slope").to_bits());
        descent.steps.iter().map(step).collect::<Vec<_>>()
    };
    let beside: Vec<_> = descents(&both).iter().map(steps).collect();
    assert_ne!(beside[0], beside[1]);
    for (place, method) in [kfac, exact].into_iter().enumerate() {
        assert_eq!(steps(&descents(&with(json!([method])))[0]), beside[place]);
    }
    let mut given = both.clone();
    given.network.parameters = Some(Lab::new().report(&both).expect("a report").theta);
    given.training = None;
    assert_eq!(descents(&given).iter().map(steps).collect::<Vec<_>>(), beside);
}
