//! What a run is called where its curve and its spectrum seem to say different things.

use hessian_lab::lab::Lab;
use hessian_lab::operator::Dense;
use hessian_lab::report::{MethodReport, Report, Status};
use hessian_lab::solve::minres::Minres;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::read;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn report(experiment: &Value) -> Report {
    Lab::new().report(&read(experiment)).expect("a report")
}

fn run(experiment: Value, method: Value) -> MethodReport {
    let mut experiment = experiment;
    experiment["methods"] = json!([method]);
    report(&experiment).methods.remove(0)
}

fn last(run: &MethodReport) -> f64 {
    run.trace.residual.last().copied().flatten().expect("a residual")
}

/// A line through two data: one eigenvalue or two are zero, and b has no part there.
fn singular() -> Value {
    json!({
        "network": { "layers": [3, 1], "activation": "identity", "parameters": [0, 0, 0, 0] },
        "data": { "inputs": [[0.2, -0.3, -0.8], [-1, 0, -1.9]], "targets": [0.6, -0.4] },
        "loss": "mse"
    })
}

#[test]
fn a_residual_that_has_risen_again_is_told_of() {
    let lost = run(singular(), json!({ "method": "cg", "iterations": 30 }));
    assert_eq!((lost.status, lost.status_iteration), (Status::Converged, Some(2)));
    assert!(
        last(&lost) > 1.0
            && lost
                .message
                .starts_with("The residual first falls below 1.0e-10 of b at iteration 2; at the last it is ")
            && lost.message.contains(" again."),
        "{}",
        lost.message
    );
    let kept = run(singular(), json!({ "method": "cg", "iterations": 3 }));
    assert!(kept.message.starts_with("The residual is below 1.0e-10 of b from iteration 2 on."), "{}", kept.message);
}

/// CG lessens the energy at every step, not the residual.
#[test]
fn a_residual_that_rises_and_falls_is_not_said_to_stay_below() {
    let problem = json!({
        "network": { "layers": [3, 5, 1], "activation": "sigmoid", "seed": 4 },
        "data": { "generator": "notebook", "samples": 10, "seed": 4 },
        "loss": "mse", "curvature": "ggn", "damping": 1e-6
    });
    let waves = run(problem, json!({ "method": "cg", "iterations": 60 }));
    let first = waves.status_iteration.expect("converged") as usize;
    let tail: Vec<f64> = waves.trace.residual[first..].iter().flatten().copied().collect();
    assert!(tail.iter().any(|&left| left > 1e-10) && last(&waves) <= 1e-10, "{tail:?}");
    let said = format!("The residual first falls below 1.0e-10 of b at iteration {first}.");
    assert!(waves.message.starts_with(&said), "{}", waves.message);
}

/// b/s solves this system, and the batches' matrices lead away from it.
#[test]
fn a_random_series_that_was_right_by_luck_has_not_converged() {
    let problem = json!({
        "network": { "layers": [1, 3], "activation": "relu", "seed": 741 },
        "data": { "generator": "ill_conditioned", "samples": 3, "noise": 0, "seed": 741 },
        "loss": "mse", "training": { "optimizer": "gradient_descent", "steps": 100 }, "precision": "f32"
    });
    let lissa = json!({ "method": "lissa", "iterations": 2, "scale": "auto", "batch": 2, "repeats": 4, "seed": 1 });
    let led_away = run(problem, lissa);
    assert!(led_away.trace.residual[0].is_some_and(|residual| residual < 1e-5) && last(&led_away) > 0.1);
    assert_eq!((led_away.status, led_away.status_iteration), (Status::Limit, None), "{}", led_away.message);
}

#[test]
fn a_residual_that_has_grown_is_not_promised_to_come_down() {
    let problem = json!({
        "network": { "layers": [3, 5, 1], "activation": "sigmoid", "seed": 831 },
        "data": { "generator": "notebook", "samples": 10, "seed": 831 },
        "loss": "mse", "curvature": "ggn"
    });
    for iterations in [24, 40] {
        let grown = run(problem.clone(), json!({ "method": "cg", "iterations": iterations }));
        assert_eq!(grown.status, Status::Limit);
        assert!(
            grown.message.contains(" of b, after ") && grown.message.contains("damping helps"),
            "{}",
            grown.message
        );
    }
    let falling = run(problem, json!({ "method": "cg", "iterations": 17 }));
    assert!(!falling.message.contains(" of b, after "), "{}", falling.message);
}

#[test]
fn rounding_of_drawn_numbers_makes_no_part_of_b_in_the_null_space() {
    for seed in 0..20 {
        let problem = json!({
            "network": { "layers": [1, 8, 1], "activation": "tanh", "seed": seed },
            "data": { "generator": "sine", "samples": 5 },
            "loss": "mse", "curvature": "ggn"
        });
        let series = run(problem, json!({ "method": "neumann", "iterations": 300, "scale": "auto" }));
        assert_eq!(series.status, Status::Limit, "seed {seed}: {}", series.message);
        let residuals = &series.trace.residual;
        assert!(residuals[300] < residuals[0]);
    }
}

/// No x reaches b's part in the null space: MINRES has the least residual after as many steps as there are other eigenvalues.
#[test]
fn a_method_that_ends_by_itself_far_from_b_is_said_to_have_done_what_can_be_done() {
    let mut problem = singular();
    problem["right_hand_side"] = json!([1, 0, 0, 0]);
    let minres = |iterations: u32| run(problem.clone(), json!({ "method": "minres", "iterations": iterations }));
    let done = minres(30);
    assert_eq!(done.status, Status::Limit, "{}", done.message);
    assert!(
        done.message
            .starts_with("After 3 iterations the residual is 0.598 of b, and rounding leaves nothing to gain. ")
            && done.message.contains("in its null space, which no x reaches"),
        "{}",
        done.message
    );
    let on_its_way = minres(2).message;
    assert!(!on_its_way.contains("nothing to gain") && on_its_way.contains("which no x reaches"), "{on_its_way}");
}

#[test]
fn why_there_is_negative_curvature_is_told_by_the_eigenvalues() {
    let mut inconsistent = singular();
    inconsistent["right_hand_side"] = json!([1, 0, 0, 0]);
    let singular = why_negative(inconsistent).expect("negative curvature");
    assert!(singular.contains("this matrix is singular, and rounding decides the sign."), "{singular}");
    let indefinite = why_negative(notebook(0, -0.1)).expect("negative curvature");
    assert!(
        indefinite.contains("negative eigenvalues. Damping above 0.223 makes it positive definite."),
        "{indefinite}"
    );
    // Float32 tells the least eigenvalue from 0 no more: which run meets that is chance.
    let definite: Vec<_> = (0..20).filter_map(|seed| why_negative(notebook(seed, 1e-9))).collect();
    assert!(!definite.is_empty());
    for message in definite {
        assert!(message.contains("by rounding alone: this matrix is positive definite."), "{message}");
    }
}

/// The notebook's problem of a seed in float32, with the damping that takes its least eigenvalue to `least`.
fn notebook(seed: u32, least: f64) -> Value {
    let mut problem = json!({
        "network": { "layers": [3, 5, 1], "activation": "sigmoid", "seed": seed },
        "data": { "generator": "notebook", "samples": 10, "seed": seed },
        "loss": "mse", "precision": "f32", "methods": []
    });
    let smallest = report(&problem).inertia.expect("formed").smallest;
    problem["damping"] = json!(least - smallest);
    problem
}

/// What CG says of negative curvature, if it meets any.
fn why_negative(problem: Value) -> Option<String> {
    let cg = run(problem, json!({ "method": "cg", "iterations": 120 }));
    (cg.status == Status::NegativeCurvature).then_some(cg.message)
}

/// Of a matrix without a negative eigenvalue, rounding makes some of P⁻¹A where P is nearly singular.
#[test]
fn what_rounds_the_eigenvalues_of_a_preconditioned_matrix_makes_none_of_them_negative() {
    for (seed, curvature, preconditioner) in (0..10)
        .flat_map(|seed| ["ggn", "fisher_mc", "fisher_empirical"].map(|curvature| (seed, curvature)))
        .flat_map(|(seed, curvature)| ["kfac", "ekfac"].map(|preconditioner| (seed, curvature, preconditioner)))
    {
        let experiment = json!({
            "network": { "layers": [3, 5, 1], "activation": "sigmoid", "seed": seed },
            "data": { "generator": "notebook", "samples": 10, "seed": seed },
            "loss": "mse", "curvature": curvature, "methods": [
                { "method": "neumann", "iterations": 60, "scale": "auto", "preconditioner": preconditioner }
            ]
        });
        let mut report = report(&experiment);
        let what = format!("{seed} {curvature} {preconditioner}");
        assert_eq!(report.inertia.expect("formed").negative, 0, "{what}");
        let series = report.methods.remove(0);
        assert!(!series.message.contains("negative"), "{what}: {}", series.message);
        assert!(series.message.contains("is 1.05 times the largest eigenvalue."), "{what}: {}", series.message);
        assert!(matches!(series.status, Status::Limit | Status::Converged), "{what}: {}", series.message);
    }
}

/// As much damping as makes some eigenvalue nearly zero makes a residual rise.
#[test]
fn of_a_matrix_with_negative_eigenvalues_the_damping_is_told_that_leaves_none() {
    let limited = run(notebook(1, -0.2), json!({ "method": "minres", "iterations": 5 }));
    assert_eq!(limited.status, Status::Limit);
    let advice = "This matrix has negative eigenvalues. Damping above 0.253 makes it positive definite.";
    assert!(limited.message.contains(advice) && !limited.message.contains("more damping"), "{}", limited.message);
}

/// Of the eigenvalue outside (0, 2s) b has no part.
#[test]
fn a_series_that_converges_is_not_called_diverging() {
    let problem = json!({
        "network": { "layers": [1, 1, 1], "activation": "identity", "parameters": [0, 0, 0, 0] },
        "data": { "inputs": [[1], [-1]], "targets": [3, 1] },
        "loss": "mse"
    });
    let series = run(problem, json!({ "method": "neumann", "iterations": 50, "scale": 1.5 }));
    assert_eq!(series.status, Status::Converged, "{}", series.message);
}

/// With a preconditioner a residual may rise for a while; there are too many parameters for a spectrum.
#[test]
fn a_preconditioned_series_is_judged_by_where_it_goes() {
    let problem = json!({
        "network": { "layers": [4, 32, 32, 3], "activation": "softplus", "seed": 1 },
        "data": { "generator": "notebook", "samples": 30, "seed": 3 },
        "loss": "mse", "curvature": "ggn", "damping": 0.01
    });
    let method =
        |scale: Value| json!({ "method": "neumann", "iterations": 100, "scale": scale, "preconditioner": "kfac" });
    let series = run(problem.clone(), method(json!("auto")));
    assert!(series.trace.residual.windows(2).any(|pair| pair[1] > pair[0]), "it rises for a while");
    assert_eq!(series.status, Status::Limit, "{}", series.message);
    let short = run(problem, method(json!(0.01)));
    assert_eq!(short.status, Status::Diverged, "{}", short.message);
}

#[test]
fn minres_takes_a_long_step_that_proves_itself() {
    let matrix = |small: f64| DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, small]));
    let residual = |small: f64, x: DVector<f64>| (DVector::from_element(2, 0.5_f64.sqrt()) - matrix(small) * x).norm();
    let wide = Dense(matrix(1e-9));
    let b = DVector::from_element(2, 0.5_f64.sqrt());
    let solution = Minres::new(&wide, &b).take(50).last().expect("iterates").solution;
    assert!(residual(1e-9, solution) < 1e-6);
    let narrow = Dense(matrix(1e-5).map(|entry| entry as f32));
    let solution = Minres::new(&narrow, &b.map(|entry| entry as f32)).take(50).last().expect("iterates").solution;
    assert!(residual(1e-5, solution.map(f64::from)) < 1e-2);
}

#[test]
fn a_scale_without_a_positive_eigenvalue_is_said_to_be_none_of_theirs() {
    let problem = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [1, 0] },
        "data": { "inputs": [[1]], "targets": [1] },
        "loss": "mse", "curvature": "fisher_empirical", "right_hand_side": [1, 1]
    });
    let series = run(problem, json!({ "method": "neumann", "iterations": 3, "scale": "auto" }));
    assert!(series.message.ends_with("The scale is 1, as no eigenvalue is positive."), "{}", series.message);
}

/// A line through one datum, x = 1 and bias: eigenvalues 0 and 2R, here with damping 1 and 5 and the scale half of that.
#[test]
fn at_the_edge_of_its_interval_a_series_is_said_to_stand_still() {
    let experiment = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [0.5, 0] },
        "data": { "inputs": [[1]], "targets": [2] },
        "loss": "mse", "damping": 1.0, "right_hand_side": [3, 1], "methods": []
    });
    let report = report(&experiment);
    let largest = report.inertia.expect("formed").largest;
    let series = |scale: f64| run(experiment.clone(), json!({ "method": "neumann", "iterations": 40, "scale": scale }));
    let still = series(largest / 2.0);
    assert_eq!(still.status, Status::Limit);
    assert!(still.message.contains("is at the edge 2s: its part changes sign"), "{}", still.message);
    assert!((0.5..2.0).contains(&last(&still)), "{}", last(&still));
    assert_eq!(series(largest / 2.0 - 1e-6).status, Status::Diverged);
    let inside = series(largest / 2.0 + 1e-6);
    assert!(inside.status == Status::Limit && inside.message.contains("More iterations"), "{}", inside.message);
}

/// Nothing is known of the spectrum of so many parameters: the growth itself tells, long before the numbers overflow.
#[test]
fn a_series_that_ends_by_overflow_is_said_to_grow_from_where_it_began_to() {
    let problem = json!({
        "network": { "layers": [40, 30], "activation": "identity", "seed": 0 },
        "data": { "inputs": [vec![1; 40], vec![-2; 40]], "targets": [vec![1; 30], vec![0; 30]] },
        "loss": "mse", "precision": "f32"
    });
    let series = run(problem, json!({ "method": "neumann", "iterations": 100, "scale": 1 }));
    let residual = |k: usize| series.trace.residual[k].expect("a residual");
    assert!(residual(1) > 5.0 * residual(0) && residual(99) == residual(100) && residual(100) > 1e37);
    assert_eq!(series.status, Status::Diverged);
    assert!(series.message.starts_with("The residual grows from iteration 1 on"), "{}", series.message);
}

/// λ = 2 (x² + 1) = 4.7042 of one datum, and the scale is its half in three digits.
#[test]
fn an_eigenvalue_just_past_the_edge_is_told_apart_from_it() {
    let problem = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [1, 0] },
        "data": { "inputs": [[1.3521_f64.sqrt()]], "targets": [0] }, "loss": "mse"
    });
    let series = run(problem, json!({ "method": "neumann", "iterations": 5, "scale": 2.35 }));
    assert!(series.message.starts_with("The largest eigenvalue 4.704 is beyond 2s = 4.700: "), "{}", series.message);
}

#[test]
fn a_damping_below_rounding_is_not_said_to_be_missing() {
    let problem = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [1, 0] },
        "data": { "inputs": [[1]], "targets": [0] }, "loss": "mse", "damping": 1e-17, "right_hand_side": [1, 0]
    });
    let inverse = run(problem, json!({ "method": "kfac" }));
    assert!(inverse.message.ends_with("singular, so this is the pseudo-inverse. More damping makes it an inverse."));
}

/// tr B is 2e-307 where a class is all but certain, and tr A a million: π = 10¹⁵⁶ though π² overflows.
#[test]
fn the_split_of_the_damping_is_known_where_its_square_overflows() {
    let problem = json!({
        "network": { "layers": [1, 2], "activation": "identity", "parameters": [0, 0, 706, 0] },
        "data": { "inputs": [[1000]], "targets": [1] }, "loss": "cross_entropy", "damping": 1
    });
    let inverse = run(problem, json!({ "method": "kfac", "damping_convention": "pi" }));
    assert_eq!(inverse.status, Status::Ok, "{}", inverse.message);
    crate::common::assert_near(&inverse.solution, &[1000.0, -1000.0, 1.0, -1.0], 1e-9, "the damping alone");
}

/// Of four data three have the curvature diag(0, 2) and one has 202: the mean matrix has the eigenvalue 51.5 or so.
#[test]
fn stochastic_lissa_says_when_batches_alone_make_it_diverge() {
    let problem = json!({
        "network": { "layers": [1, 1], "activation": "identity", "parameters": [0, 0] },
        "data": { "inputs": [[10], [0], [0], [0]], "targets": [1, 2, -1, 0.5] },
        "loss": "mse", "curvature": "ggn"
    });
    let lissa = |iterations: usize, scale: f64, batch: u32| {
        let method = json!({
            "method": "lissa", "iterations": iterations, "scale": scale, "batch": batch, "repeats": 1, "seed": 1,
        });
        run(problem.clone(), method)
    };
    let (finite, past_numbers) = (lissa(400, 40.0, 1), lissa(5000, 40.0, 1));
    for exploded in [&finite, &past_numbers] {
        assert_eq!(exploded.status, Status::Diverged, "{}", exploded.message);
        assert!(exploded.message.contains("single batches have eigenvalues outside (0, 2s)"), "{}", exploded.message);
    }
    let left = finite.trace.residual[400].expect("a residual");
    assert!(finite.status_iteration.is_none() && left > 100.0, "{left}");
    assert!(past_numbers.status_iteration.is_some());
    for noisy in [lissa(400, 110.0, 1), lissa(400, 40.0, 3)] {
        assert_eq!(noisy.status, Status::Limit, "{}", noisy.message);
    }
}

/// With so many parameters there is no spectrum to tell the mean matrix's part from that of its batches.
#[test]
fn stochastic_lissa_that_explodes_without_a_spectrum_blames_neither() {
    let problem = json!({
        "network": { "layers": [4, 32, 32, 3], "activation": "softplus", "seed": 1 },
        "data": { "generator": "notebook", "samples": 8, "seed": 3 },
        "loss": "mse", "curvature": "ggn", "methods": []
    });
    assert!(report(&problem).inertia.is_none());
    let lissa = json!({
        "method": "lissa", "iterations": 20, "scale": 0.01, "batch": 2, "repeats": 1, "seed": 1,
    });
    let exploded = run(problem, lissa);
    assert_eq!(exploded.status, Status::Diverged, "{}", exploded.message);
    let blame = "The matrix, or those of single batches, have eigenvalues outside (0, 2s)";
    assert!(exploded.message.starts_with(blame), "{}", exploded.message);
}

/// A minimum's gradient is rounding, and float32's is another and larger: no method is to blame for what that leaves.
#[test]
fn float32_at_a_minimum_says_that_its_right_hand_side_is_another() {
    let experiment = |precision: &str| {
        json!({
            "network": { "layers": [1, 2, 1], "activation": "tanh", "parameters": [0.5, -0.3, 0.1, 0.2, 0.7, -0.4, 0.1] },
            "data": { "inputs": [[-2], [-1], [1], [2]], "targets": [-1, -0.5, 0.6, 1] },
            "loss": "mse", "weight_decay": 0.01, "training": { "optimizer": "newton", "steps": 200 },
            "damping": 1, "precision": precision, "methods": [
                { "method": "cg", "iterations": 20 },
                { "method": "neumann", "iterations": 20, "scale": 20 },
                { "method": "lissa", "iterations": 50, "scale": 20, "batch": 3, "repeats": 2, "seed": 0 },
            ]
        })
    };
    for run in report(&experiment("f32")).methods {
        assert_eq!(run.status, Status::Limit, "{}", run.message);
        assert!(run.message.contains(" of b: float32 solves for another b, "), "{}", run.message);
    }
    for run in report(&experiment("f64")).methods {
        assert!(!run.message.contains("another b"), "{}", run.message);
    }
}
