//! Predictions of leaving a datum out against really leaving it out.

use hessian_lab::application::Applications;
use hessian_lab::application::influence::influence;
use hessian_lab::application::leave_one_out::{InfluenceRetrained, LeaveOneOut};
use hessian_lab::application::retraining::Retrained;
use hessian_lab::application::validation::{Validation, validation_objective};
use hessian_lab::curvature::hessian::Hessian;
use hessian_lab::experiment::Racer;
use hessian_lab::gradient::Evaluation;
use hessian_lab::lab::Lab;
use hessian_lab::objective::Objective;
use hessian_lab::operator::LinearOperator;
use hessian_lab::problem::Problem;
use nalgebra::DVector;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::{assert_near, read};
use crate::support::{SMOOTH, applications, experiment, methods, trained};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn retrained(example: &Example, mut changes: Value) -> InfluenceRetrained {
    changes["applications"] = json!(["influence_retrained"]);
    applications(example, trained(changes)).influence_retrained.expect("asked for")
}

/// Regularised networks with hidden layers, and so many data that one of them is a small part.
const REGULARISED: Family = Family { samples: (30, 40), hidden: (1, 2), ..SMOOTH };

#[test]
fn the_exact_inverse_foretells_what_retraining_does_and_poor_ones_less() {
    let mut sums = [0.0; 6];
    for example in REGULARISED.draw(24) {
        let retrained = retrained(&example, json!({ "methods": methods() }));
        assert!(
            retrained.left_out.iter().all(|left_out| left_out.change.is_some()),
            "{example}: {}",
            retrained.message
        );
        let correlation = retrained.agreement.correlation.expect("both vary");
        assert!(correlation > 0.95, "{example}: {correlation}");
        let by_method = &retrained.agreement.by_method;
        assert!((by_method[0].correlation.expect("both vary") - correlation).abs() < 1e-9, "{example}");
        assert!((by_method[1].correlation.expect("both vary") - correlation).abs() < 1e-6, "{example}");
        for (sum, method) in sums.iter_mut().zip(by_method) {
            *sum += method.correlation.expect("both vary");
        }
    }
    let poorer = sums[2..].iter().all(|&sum| sum < sums[0] - 0.01);
    assert!(poorer, "poor inverses foretell less, all in all: {sums:?}");
}

/// F_ε = F − ε R ℓᵢ = (1 − ε) F + ε F₋ᵢ, brought to its minimum by plain Newton steps.
fn reweighted(whole: &Objective<f64>, datum: usize, weight: f64, theta: &DVector<f64>) -> DVector<f64> {
    let without = whole.without(datum);
    let mut theta = theta.clone();
    for _ in 0..8 {
        let [a, b] = [whole, &without].map(|objective| Evaluation::new(objective.clone(), theta.clone()));
        let gradient = a.gradient() * (1.0 - weight) + b.gradient() * weight;
        let hessian = Hessian::new(&a).to_matrix() * (1.0 - weight) + Hessian::new(&b).to_matrix() * weight;
        theta -= hessian.lu().solve(&gradient).expect("a definite matrix");
    }
    theta
}

/// Influence is the derivative of the validation loss by the weight that a datum loses: sign, scaling and all.
#[test]
fn influence_is_the_derivative_by_a_datums_weight() {
    for example in SMOOTH.draw(12) {
        let experiment = experiment(&example, trained(json!({})));
        let problem = Problem::new(&experiment).expect("a problem");
        let validation = Validation::new(&problem, &experiment).expect("validation data");
        let influence = influence(&problem, &validation);
        let predicted = influence.on_validation_loss.expect("H is formed");
        let objective = &problem.evaluation.objective;
        let held_out = validation_objective(objective, &experiment).expect("validation data");
        let step = 1e-4;
        let differences: Vec<f64> = (0..example.samples())
            .map(|datum| {
                let loss = |weight| {
                    let theta = reweighted(objective, datum, weight, &problem.evaluation.theta);
                    Evaluation::new(held_out.clone(), theta).loss()
                };
                (loss(step) - loss(-step)) / (2.0 * step)
            })
            .collect();
        assert_near(&predicted, &differences, 1e-6, &example.to_string());
    }
}

/// Without datum i at its full weight is what really leaving it out means: R is kept.
#[test]
fn a_datum_left_out_is_a_datum_of_weight_zero() {
    let (mut followed, mut turned) = (0, 0);
    for example in SMOOTH.draw(4) {
        let experiment = experiment(&example, trained(json!({})));
        let problem = Problem::new(&experiment).expect("a problem");
        let objective = &problem.evaluation.objective;
        let held_out = validation_objective(objective, &experiment).expect("validation data");
        let loss = |theta: DVector<f64>| Evaluation::new(held_out.clone(), theta).loss();
        let before = loss(problem.evaluation.theta.clone());
        for left_out in LeaveOneOut::new(&problem, &experiment).expect("several data") {
            // Little by little, so that one branch of minima is followed.
            let mut theta = problem.evaluation.theta.clone();
            for tenth in 1..=10 {
                theta = reweighted(objective, left_out.datum, 0.1 * f64::from(tenth), &theta);
            }
            let end = Evaluation::new(objective.without(left_out.datum), theta);
            if Hessian::new(&end).to_matrix().symmetric_eigenvalues().min() < 0.0 {
                turned += 1;
                continue;
            }
            followed += 1;
            let change = left_out.change.expect("a minimum");
            assert!((change - (loss(end.theta) - before)).abs() < 1e-8 * before, "{example} datum {}", left_out.datum);
        }
    }
    assert_eq!((followed, turned), (42, 3), "some branches turn into saddle points, which retraining leaves");
}

#[test]
fn step_by_step_and_all_at_once_tell_the_same() {
    for example in SMOOTH.draw(3) {
        let changes = trained(json!({ "methods": methods(), "applications": ["influence_retrained"] }));
        let experiment = experiment(&example, changes);
        let mut lab = Lab::new();
        let whole = lab.report(&experiment).expect("a report").applications.expect("asked for");
        let whole = whole.influence_retrained.expect("asked for");
        let retraining = lab.retrain(&experiment).expect("retrainings");
        assert_eq!(retraining.total(), example.samples());
        let parts: Vec<_> = retraining.collect();
        let left_out: Vec<_> = parts
            .iter()
            .map(|part| match part {
                Retrained::Influence { left_out, .. } => left_out.clone(),
                Retrained::Hypergradient { .. } => panic!("a datum"),
            })
            .collect();
        assert_eq!(left_out, whole.left_out, "{example}");
        let Some(Retrained::Influence { agreement, validation_loss, .. }) = parts.last() else { panic!("a datum") };
        let changes: Vec<_> = whole.left_out.iter().map(|left_out| left_out.change).collect();
        assert_eq!(lab.agreement(&experiment, &changes).as_ref(), Ok(&whole.agreement), "{example}");
        for left_out in &whole.left_out[..2] {
            let without = lab.without(&experiment, left_out.datum as u32).expect("it is there");
            assert_eq!(&without.left_out, left_out, "{example}");
        }
        assert!(lab.without(&experiment, example.samples() as u32).is_err(), "{example}");
        assert_eq!((agreement, *validation_loss), (&whole.agreement, whole.validation_loss), "{example}");
    }
}

/// Through two of these data there is a line, and near its objective, next to zero, rounding leaves a slope: no minimum. Through all
/// three there is none, and the slope is nothing beside the objective.
#[test]
fn a_change_is_told_only_between_two_minima() {
    let experiment = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [0, 0] },
        "data": { "inputs": [[1e6], [7e5], [3e5]], "targets": [333333.3, 233333.7, -1e6] },
        "validation": { "inputs": [[5e5]], "targets": [1] },
        "loss": "mse", "methods": [], "applications": ["influence_retrained"],
        "training": { "optimizer": "newton", "steps": 100 }
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let retrained = report.applications.expect("asked for").influence_retrained.expect("asked for");
    assert!(retrained.message.starts_with("3 of the 3 retrainings ended in no minimum"), "{}", retrained.message);
    assert!(retrained.left_out.iter().all(|left_out| left_out.change.is_none()), "{:?}", retrained.left_out);
}

#[test]
fn what_helps_where_there_is_no_minimum_is_what_is_lacking() {
    let message = |changes: Value| {
        let mut experiment = json!({
            "network": { "layers": [2, 3, 1], "activation": "relu", "seed": 7 },
            "data": { "generator": "blobs", "samples": 8, "seed": 7, "noise": 0.4 }, "loss": "mse", "weight_decay": 0.001,
            "training": { "optimizer": "newton", "steps": 300 }, "methods": [],
            "validation": { "generator": "blobs", "samples": 5, "seed": 1 }, "applications": ["influence_retrained"],
        });
        for (key, value) in changes.as_object().expect("an object of changes") {
            experiment[key] = value.clone();
        }
        let report = Lab::new().report(&read(&experiment)).expect("a report");
        report.applications.expect("asked for").influence_retrained.expect("asked for").message
    };
    let kinks = message(json!({}));
    assert!(kinks.contains("in no minimum") && kinks.ends_with("; a smooth activation helps."), "{kinks}");
    let smooth = message(json!({ "network": { "layers": [2, 3, 1], "activation": "softplus", "seed": 7 } }));
    assert_eq!(smooth, "Each of the 8 retrainings ended in a minimum.");
}

/// Newton's method takes 319 and 881 steps to two of these minima.
#[test]
fn minima_that_are_far_off_are_found() {
    let experiment = json!({
        "network": { "layers": [2, 3, 2, 1], "activation": "softplus", "seed": 630 },
        "data": { "generator": "notebook", "samples": 18, "seed": 57, "noise": 0.05 }, "loss": "mse",
        "weight_decay": 0.0001, "training": { "optimizer": "newton", "steps": 1000 }, "methods": [],
        "validation": { "generator": "notebook", "samples": 5, "seed": 1 }, "applications": ["influence_retrained"],
    });
    let report = Lab::new().report(&read(&experiment)).expect("a report");
    let message = report.applications.expect("asked for").influence_retrained.expect("asked for").message;
    assert_eq!(message, "Each of the 18 retrainings ended in a minimum.");
}

/// Cross-entropy of separable classes falls for ever; weight decay gives it a minimum.
#[test]
fn where_the_loss_falls_for_ever_no_gradient_of_zero_is_a_minimum() {
    let applications = |weight_decay: f64| {
        let experiment = json!({
            "network": { "layers": [2, 2], "activation": "identity", "seed": 1 },
            "data": { "inputs": [[1, 0], [2, 0.5], [-1, 0], [-2, -0.3]], "targets": [0, 0, 1, 1] },
            "validation": { "inputs": [[1.5, 0], [-1.5, 0.2]], "targets": [0, 1] },
            "loss": "cross_entropy", "weight_decay": weight_decay, "damping": 0.1, "methods": [],
            "training": { "optimizer": "newton", "steps": 40 }, "applications": ["influence", "influence_retrained", "race"],
        });
        Lab::new().report(&read(&experiment)).expect("a report").applications.expect("asked for")
    };
    let (endless, decayed) = (applications(0.0), applications(0.01));
    let newton_of = |applications: &Applications| {
        let race = applications.race.as_ref().expect("asked for");
        race.optimizers.iter().find(|run| run.optimizer == Racer::Newton).expect("it runs").message.clone()
    };
    let minimum = endless.influence.as_ref().expect("asked for").minimum.clone();
    assert!(!minimum.reached && minimum.gradient_norm < 1e-12, "{}", minimum.message);
    assert!(minimum.message.contains("there is no minimum") && minimum.message.contains("A weight decay above 0"));
    let retrained = &endless.influence_retrained.as_ref().expect("asked for").message;
    assert!(retrained.ends_with("; a weight decay above 0 helps."), "{retrained}");
    let newton = newton_of(&endless);
    assert!(newton.starts_with("Its gradient is as good as zero from the start"), "{newton}");
    let newton = newton_of(&decayed);
    assert!(decayed.influence.expect("asked for").minimum.reached);
    assert_eq!(
        decayed.influence_retrained.expect("asked for").message,
        "Each of the 4 retrainings ended in a minimum."
    );
    assert!(newton.starts_with("It starts in a minimum, or a saddle: "), "{newton}");
}
