//! iMAML: the implicit meta-gradient against retrained inner problems, unrolling and finite differences.

use hessian_lab::activation::Activation;
use hessian_lab::application::imaml::Imaml;
use hessian_lab::application::imaml::inner::Inner;
use hessian_lab::application::imaml::task::Task;
use hessian_lab::experiment::{Curvature, Experiment, ImamlSpec};
use hessian_lab::lab::Lab;
use hessian_lab::parameters::Layout;
use hessian_lab::problem::Problem;
use hessian_lab::report::Report;
use hessian_lab::training::adam::Adam;
use nalgebra::DVector;
use rand::RngExt;
use rand_pcg::Pcg32;
use serde_json::{Value, json};

use crate::common::support::curve;
use crate::common::{assert_near, distance, read};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PROXIMAL: f64 = 0.3;

const SHAPES: [(&[usize], Activation); 4] = [
    (&[1, 6, 1], Activation::Tanh),
    (&[1, 1], Activation::Identity),
    (&[1, 5, 1], Activation::Sigmoid),
    (&[1, 4, 3, 1], Activation::Softplus),
];

fn experiment(shape: (&[usize], Activation), seed: u32, changes: Value) -> Value {
    let mut experiment = json!({
        "network": { "layers": shape.0, "activation": shape.1, "seed": seed },
        "data": { "generator": "sine", "samples": 8 },
        "loss": "mse", "weight_decay": 0.01, "damping": PROXIMAL, "methods": [],
        "applications": ["imaml"], "imaml": { "seed": seed, "meta_steps": 2 },
    });
    for (key, value) in changes.as_object().expect("an object of changes") {
        experiment[key] = value.clone();
    }
    experiment
}

fn report(experiment: &Value) -> Report {
    Lab::new().report(&read(experiment)).expect("a report")
}

fn imaml(experiment: &Value) -> Imaml {
    report(experiment).applications.and_then(|applications| applications.imaml).expect("it was asked for")
}

/// The shown task's inner problem, and θ.
fn inner((widths, activation): (&[usize], Activation), seed: u32) -> (Inner, DVector<f64>) {
    let layout = Layout::new(widths);
    let task = Task::draw(&ImamlSpec { seed, ..ImamlSpec::default() }, 0);
    (Inner::new(&layout, activation, 0.01, PROXIMAL, &task), layout.draw(seed))
}

fn central_difference(theta: &DVector<f64>, step: f64, value: impl Fn(&DVector<f64>) -> f64) -> DVector<f64> {
    DVector::from_fn(theta.len(), |i, _| {
        let (mut up, mut down) = (theta.clone(), theta.clone());
        up[i] += step;
        down[i] -= step;
        (value(&up) - value(&down)) / (2.0 * step)
    })
}

#[test]
fn the_exact_meta_gradient_is_the_derivative_of_the_test_loss_after_retraining() {
    for shape in SHAPES {
        for seed in 0..3 {
            let (inner, theta) = inner(shape, seed);
            let retrained = |theta: &DVector<f64>| inner.test_at(&inner.minimum(theta, 0.0).theta).loss();
            let expected = central_difference(&theta, 1e-4, retrained);
            let answer = imaml(&experiment(shape, seed, json!({})));
            assert!(answer.gradient_norm < 1e-10, "{shape:?} {seed}: {:e}", answer.gradient_norm);
            assert_near(&answer.meta_gradient, expected.as_slice(), 1e-5, &format!("{shape:?} {seed}"));
            assert_near(&[answer.test_loss], &[retrained(&theta)], 1e-10, &format!("{shape:?} {seed}"));
        }
    }
}

#[test]
fn the_inner_problem_has_its_proximal_term() {
    for shape in SHAPES {
        let (inner, theta) = inner(shape, 1);
        let phi = inner.minimum(&theta, 0.0).theta;
        let train = hessian_lab::gradient::Evaluation::new(inner.train.clone(), phi.clone());
        let balance = train.gradient() + (phi - theta) * PROXIMAL;
        assert!(balance.norm() < 1e-10, "{shape:?}: {:e}", balance.norm());
    }
}

#[test]
fn the_unrolled_gradient_is_the_derivative_of_the_test_loss_after_those_steps() {
    for shape in SHAPES {
        for steps in [0, 1, 7] {
            let (inner, theta) = inner(shape, 2);
            let rate = 0.05;
            let after = |theta: &DVector<f64>| {
                let path = inner.descend(theta, rate, steps);
                inner.test_at(&path[steps].theta).loss()
            };
            let expected = central_difference(&theta, 1e-5, after);
            let unrolled = inner.unrolled(&inner.descend(&theta, rate, steps), rate);
            assert_near(unrolled.as_slice(), expected.as_slice(), 1e-6, &format!("{shape:?} {steps}"));
        }
    }
}

#[test]
fn unrolling_becomes_exact_with_more_and_more_steps() {
    for shape in SHAPES {
        let answer = imaml(&experiment(
            shape,
            0,
            json!({ "damping": 2, "imaml": { "inner_steps": 500, "meta_steps": 0, "cg_steps": 30 } }),
        ));
        let error = |steps: usize| {
            let point = answer.steps.iter().find(|point| point.steps == steps).expect("it is on the grid");
            (point.unrolled.expect("it converges"), point.implicit.expect("it converges"))
        };
        let [few, some, many] = [4, 64, 500].map(error);
        assert!(many.0 < 0.3 * some.0.max(1e-9) && some.0 < few.0, "{shape:?}: {few:?} {some:?} {many:?}");
        assert!(many.1 < 0.3 * some.1.max(1e-9) && some.1 < few.1, "{shape:?}: {few:?} {some:?} {many:?}");
    }
}

#[test]
fn errors_are_relative_to_the_exact_meta_gradient() {
    for shape in SHAPES {
        let (inner, theta) = inner(shape, 5);
        let spec = json!({ "seed": 5, "inner_steps": 6, "cg_steps": 3, "inner_rate": 0.05, "meta_steps": 0 });
        let answer = imaml(&experiment(shape, 5, json!({ "imaml": spec })));
        let (exact, path) = (DVector::from_vec(answer.meta_gradient), inner.descend(&theta, 0.05, 6));
        for point in answer.steps {
            let off = [inner.unrolled(&path[..=point.steps], 0.05), inner.implicit(&path[point.steps].theta, 3)]
                .map(|gradient| (gradient - &exact).norm() / exact.norm());
            let errors = [point.unrolled, point.implicit].map(|error| error.expect("it converges"));
            assert_near(&errors, &off, 1e-9, &format!("{shape:?} after {} steps", point.steps));
        }
    }
}

#[test]
fn more_cg_steps_bring_the_implicit_gradient_closer_and_all_of_them_there() {
    for shape in SHAPES {
        let methods = json!([{ "method": "cg", "iterations": 60 }, { "method": "exact" }, { "method": "neumann", "iterations": 400, "scale": "auto" }, { "method": "kfac" }]);
        let answer = imaml(&experiment(shape, 3, json!({ "methods": methods })));
        let energy = curve(&answer.methods[0].trace.energy_error);
        assert!(energy.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12), "{shape:?}");
        for (place, tolerance) in [(0, 1e-8), (1, 1e-12), (2, 1e-2)] {
            let error = curve(&answer.methods[place].trace.relative_error).pop().expect("an iterate");
            assert!(error < tolerance, "{shape:?} method {place}: {error:e}");
        }
        let names: Vec<_> = answer.methods.iter().map(|method| method.method.as_str()).collect();
        assert_eq!(names, ["cg", "exact", "neumann", "kfac"]);
    }
}

/// At the minimum itself, the implicit gradient by CG is the λ-fold of the method's solution.
#[test]
fn the_set_number_of_cg_steps_is_that_of_the_trace() {
    for shape in SHAPES {
        let (inner, theta) = inner(shape, 4);
        let phi = inner.minimum(&theta, 0.0).theta;
        let answer = imaml(&experiment(shape, 4, json!({ "methods": [{ "method": "cg", "iterations": 4 }] })));
        let errors = curve(&answer.methods[0].trace.relative_error);
        let exact = DVector::from_vec(answer.meta_gradient);
        for (steps, error) in errors.iter().enumerate() {
            let off = (inner.implicit(&phi, steps) - &exact).norm() / exact.norm();
            assert!((off - error).abs() < 1e-6 * (1.0 + error), "{shape:?} {steps}: {off} for {error}");
        }
    }
}

#[test]
fn costs_are_counted_in_products() {
    let answer =
        imaml(&experiment(SHAPES[0], 0, json!({ "imaml": { "inner_steps": 20, "cg_steps": 7, "meta_steps": 0 } })));
    let counts: Vec<_> = answer.steps.iter().map(|point| point.steps).collect();
    assert_eq!(counts, [0, 1, 2, 3, 4, 6, 8, 12, 16, 20]);
    let to_eight = imaml(&experiment(SHAPES[0], 0, json!({ "imaml": { "inner_steps": 8, "meta_steps": 0 } })));
    assert_eq!(to_eight.steps.iter().map(|point| point.steps).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 6, 8]);
    for point in &answer.steps {
        let steps = point.steps as f64;
        assert_eq!(point.unrolled_products, 1.5 * steps + 0.5);
        assert_eq!(point.implicit_products, 0.5 * steps + 7.5);
    }
}

#[test]
fn a_short_meta_training_helps_on_tasks_that_it_never_saw() {
    for seed in 0..4 {
        let imaml = json!({ "seed": seed, "meta_steps": 40 });
        let answer = imaml_of(seed, imaml);
        let [before, after] = answer.unseen_losses;
        assert!(after < 0.8 * before, "{seed}: {before} to {after}");
        assert_eq!(answer.meta_losses.len(), 40);
        assert_ne!(answer.before, answer.after);
    }
}

#[test]
fn a_task_is_drawn_from_a_stream_of_its_own() {
    for index in [0, 1, 7] {
        let task = Task::draw(&ImamlSpec { seed: 5, ..ImamlSpec::default() }, index);
        let mut generator = Pcg32::new(5, 100_000 + index);
        let mut uniform = |low: f64, high: f64| low + (high - low) * generator.random::<f64>();
        assert_eq!(task.amplitude, uniform(0.5, 2.0));
        assert_eq!(task.phase, uniform(0.0, std::f64::consts::PI));
        assert!(task.support.iter().chain(&task.query).all(|&x| x == uniform(-3.0, 3.0)));
    }
}

/// The set-up of a meta-training by two tasks a step.
fn meta(meta_steps: u32) -> (Imaml, Experiment) {
    let changes =
        json!({ "weight_decay": 0, "damping": 0.1, "imaml": { "meta_steps": meta_steps, "tasks": 2, "cg_steps": 3 } });
    let untyped = experiment((&[1, 10, 1], Activation::Tanh), 3, changes);
    (imaml(&untyped), read(&untyped))
}

/// The inner problem of a task, solved as meta-training solves it from θ: the problem, and its φ.
fn adapted(experiment: &Experiment, index: u64, theta: &DVector<f64>) -> (Inner, DVector<f64>) {
    let task = Task::draw(&experiment.imaml, index);
    let inner = Inner::new(&Layout::new(&[1, 10, 1]), Activation::Tanh, 0.0, 0.1, &task);
    let phi = inner.minimum(theta, 1e-6).theta;
    (inner, phi)
}

fn start(experiment: &Experiment) -> DVector<f64> {
    Problem::new(experiment).expect("a problem").evaluation.theta
}

#[test]
fn the_unseen_tasks_are_twelve_and_none_of_those_that_are_trained_on() {
    let (answer, experiment) = meta(2);
    let mean = |tasks: [u64; 2], theta: &DVector<f64>| {
        let loss = |index| {
            let (inner, phi) = adapted(&experiment, index, theta);
            inner.test_at(&phi).loss()
        };
        (tasks[0]..=tasks[1]).map(loss).sum::<f64>() / (tasks[1] - tasks[0] + 1) as f64
    };
    let (first, second) = (start(&experiment), DVector::from_vec(meta(1).0.meta_theta));
    let expected = [mean([1, 12], &first), mean([13, 14], &first), mean([15, 16], &second)];
    let actual = [answer.unseen_losses[0], answer.meta_losses[0], answer.meta_losses[1]];
    assert_near(&actual, &expected, 1e-12, "the unseen tasks, the first step's and the second's");
}

#[test]
fn a_meta_step_is_adams_along_the_mean_of_the_tasks_implicit_gradients() {
    let (answer, experiment) = meta(1);
    let theta = start(&experiment);
    let implicit = |index| {
        let (inner, phi) = adapted(&experiment, index, &theta);
        inner.implicit(&phi, 3)
    };
    let gradient = (implicit(13) + implicit(14)) / 2.0;
    let next = Adam::new(theta.len(), experiment.imaml.meta_rate).step(&theta, &gradient);
    assert_near(&answer.meta_theta, next.as_slice(), 1e-13, "θ after one step");
    // Adam's step hardly depends on the gradient's length, but it does.
    let twice = Adam::new(theta.len(), experiment.imaml.meta_rate).step(&theta, &(gradient * 2.0));
    assert!(distance(&answer.meta_theta, twice.as_slice()) > 1e-11);
}

/// The inverse is that of the inner problem's Hessian, at a minimum that nothing trains on from.
#[test]
fn neither_the_matrix_asked_for_nor_how_theta_came_about_changes_the_answer() {
    let methods = json!([{ "method": "cg", "iterations": 5 }, { "method": "exact" }]);
    let training = json!({ "optimizer": "gradient_descent", "steps": 10, "learning_rate": 0.1 });
    let trained: Experiment =
        read(&experiment(SHAPES[0], 6, json!({ "methods": methods, "training": training, "curvature": "ggn" })));
    let answer = |experiment: &Experiment| {
        let report = Lab::new().report(experiment).expect("a report");
        (report.theta, report.applications.and_then(|applications| applications.imaml).expect("it was asked for"))
    };
    let (theta, expected) = answer(&trained);
    assert!(expected.gradient_norm < 1e-10 && curve(&expected.methods[0].trace.relative_error)[5] < 1.0);
    let mut given = Experiment { training: None, curvature: Curvature::Hessian, ..trained };
    given.network.parameters = Some(theta);
    assert_eq!(answer(&given).1, expected);
}

#[test]
fn it_is_told_in_a_sentence() {
    let (answer, _) = meta(2);
    let last = answer.steps.last().expect("a point");
    for words in [
        format!("Unrolling {} inner steps leaves the meta-gradient an error of", last.steps),
        "3 CG steps at the same point an error of".into(),
        "On tasks it never saw, 2 meta-steps take the test loss after adapting from".into(),
    ] {
        assert!(answer.message.contains(&words), "{}", answer.message);
    }
}

#[test]
fn its_curves_go_evenly_from_minus_three_to_three() {
    let answer = imaml_of(2, json!({ "meta_steps": 1 }));
    let inputs: Vec<_> = (0..61).map(|i| -3.0 + 0.1 * f64::from(i)).collect();
    assert_near(&answer.inputs, &inputs, 1e-14, "the inputs");
    let sine = |x: f64| answer.task.amplitude * (x + answer.task.phase).sin();
    assert_near(&answer.truth, &inputs.iter().map(|&x| sine(x)).collect::<Vec<_>>(), 1e-13, "the sine");
    assert_near(
        &answer.support_targets,
        &answer.task.support.iter().map(|&x| sine(x)).collect::<Vec<_>>(),
        1e-13,
        "its data",
    );
    assert_near(&[answer.before.test_loss], &[answer.test_loss], 1e-6, "before meta-training");
    let everywhere = Task { query: inputs.clone(), ..answer.task.clone() };
    let inner = Inner::new(&Layout::new(&[1, 10, 1]), Activation::Tanh, 0.0, 0.1, &everywhere);
    let outputs = |theta: &DVector<f64>| inner.test_at(theta).pass.outputs.as_slice().to_vec();
    for (fit, theta) in [(&answer.before, Layout::new(&[1, 10, 1]).draw(2)), (&answer.after, answer.meta_theta.into())]
    {
        let phi = inner.minimum(&theta, 1e-6).theta;
        assert_near(&fit.start, &outputs(&theta), 1e-12, "with θ");
        assert_near(&fit.adapted, &outputs(&phi), 1e-12, "with φ");
    }
}

fn imaml_of(seed: u32, spec: Value) -> Imaml {
    imaml(&experiment(
        (&[1, 10, 1], Activation::Tanh),
        seed,
        json!({ "weight_decay": 0, "damping": 0.1, "imaml": spec }),
    ))
}

#[test]
fn without_meta_training_nothing_changes_and_the_same_seed_gives_the_same_answer() {
    let answer = imaml_of(1, json!({ "meta_steps": 0 }));
    assert_eq!(answer.before, answer.after);
    assert_eq!(answer.unseen_losses[0], answer.unseen_losses[1]);
    assert_eq!(answer, imaml_of(1, json!({ "meta_steps": 0 })));
    assert_ne!(answer.task, imaml_of(1, json!({ "meta_steps": 0, "seed": 2 })).task);
}

#[test]
fn inner_steps_that_diverge_have_no_error_and_say_so() {
    let answer = imaml_of(0, json!({ "inner_rate": 100, "inner_steps": 400, "meta_steps": 0 }));
    let last = answer.steps.last().expect("a point");
    assert!(last.unrolled.is_none_or(|error| error > 1.0), "{last:?}");
    assert_eq!(answer.inner_rate, 100.0);
}

/// Adam's first step is as long as the rate: the loss is still finite where it is taken from, and θ's square no longer is.
#[test]
fn a_meta_step_that_leaves_float64_is_not_taken() {
    let described = experiment(SHAPES[0], 1, json!({ "imaml": { "meta_steps": 3 } }));
    let mut experiment = read(&described);
    experiment.imaml.meta_rate = 1e200;
    let report = Lab::new().report(&experiment).expect("a report");
    let answer = report.applications.and_then(|applications| applications.imaml).expect("it was asked for");
    assert!(answer.meta_losses.is_empty(), "{:?}", answer.meta_losses);
    assert_eq!(answer.before, answer.after);
}

fn lissa(batch: usize) -> Value {
    json!({ "method": "lissa", "iterations": 30, "scale": "auto", "batch": batch, "repeats": 2, "seed": 1 })
}

/// With the whole support for its batch LiSSA is Neumann; with less of it, it is not.
#[test]
fn lissa_draws_its_batches_from_the_support() {
    let neumann = json!({ "method": "neumann", "iterations": 30, "scale": "auto" });
    let answer = imaml(&experiment(SHAPES[0], 0, json!({ "methods": [neumann, lissa(5), lissa(3)] })));
    let [series, whole, part] = [0, 1, 2].map(|place: usize| curve(&answer.methods[place].trace.relative_error));
    assert_near(&whole, &series, 1e-12, "the whole support");
    assert!(part.iter().zip(&series).any(|(part, whole)| (part / whole - 1.0).abs() > 1e-3), "{part:?}");
}

#[test]
fn what_it_cannot_do_is_refused_by_the_field_to_change() {
    let classifier = json!({
        "network": { "layers": [1, 2], "activation": "tanh" }, "data": { "inputs": [[1], [2]], "targets": [0, 1] },
        "loss": "cross_entropy", "methods": [], "applications": ["imaml"], "damping": 1,
    });
    let wide = json!({ "network": { "layers": [2, 3, 1], "activation": "tanh" }, "data": { "generator": "notebook", "samples": 3 } });
    let large = json!({ "network": { "layers": [1, 34, 34, 1], "activation": "tanh" } });
    let cases = [
        (classifier, "network.layers", "[1, 10, 1]"),
        (experiment(SHAPES[0], 0, wide), "network.layers", "[2, 3, 1]"),
        (experiment(SHAPES[0], 0, json!({ "damping": 0 })), "damping", "above 0"),
        (experiment(SHAPES[0], 0, large), "applications", "not 1293"),
        (
            experiment(SHAPES[0], 0, json!({ "methods": [{ "method": "exact" }, lissa(6)] })),
            "methods[1].batch",
            "6 is not",
        ),
    ];
    for (experiment, field, why) in cases {
        let refusal = Lab::new().report(&read(&experiment)).expect_err("a refusal");
        assert_eq!(refusal.field, field, "{refusal}");
        assert!(refusal.problem.contains(why), "{refusal}");
    }
}

/// Where H + λ I is indefinite, CG takes all of its steps and pays for them: here pᵀAp ≤ 0 at the second of three.
#[test]
fn conjugate_gradients_take_the_steps_that_they_are_given() {
    let run = |steps: u32| {
        let experiment = json!({
            "network": { "layers": [1, 2, 1], "activation": "tanh", "parameters": [1, 0, 0, 0, 1, 1, 3] },
            "data": { "inputs": [[1]], "targets": [0] }, "loss": "mse", "damping": 0.1, "methods": [],
            "applications": ["imaml"],
            "imaml": { "support": 2, "query": 3, "seed": 1, "cg_steps": steps, "inner_steps": 2, "meta_steps": 0 }
        });
        let report = Lab::new().report(&read(&experiment)).expect("a report");
        report.applications.expect("asked for").imaml.expect("asked for").steps[0].implicit.expect("a number")
    };
    assert_near(&[run(1), run(2), run(3)], &[0.92489315, 1.0892, 0.76312], 1e-4, "found by a CG of other hands");
}
