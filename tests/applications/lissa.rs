//! LiSSA's band: no band with the whole data, and otherwise the noise that sampling theory foretells.

use hessian_lab::activation::Activation;
use hessian_lab::application::lissa::LissaBand;
use hessian_lab::curvature::gauss_newton::GaussNewton;
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::gradient::Evaluation;
use hessian_lab::lab::Lab;
use hessian_lab::operator::LinearOperator;
use hessian_lab::problem::Problem;
use hessian_lab::report::{Report, Status};
use hessian_lab::solve::lissa::Lissa;
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::read;
use crate::common::support::{DEEP, curve, report};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DAMPING: f64 = 1.5;
const SCALE: f64 = 12.0;

/// With more than a few data to draw from, and no curvature beyond 2 s in any batch.
const SAMPLED: Family =
    Family { samples: (6, 7), hidden: (1, 1), activations: &[Activation::Sigmoid, Activation::Tanh], ..DEEP };

fn banded(example: &Example, precision: &str, iterations: usize, batch: usize, repeats: usize, seed: u32) -> Report {
    let method = json!({ "iterations": iterations, "scale": SCALE, "method": "lissa", "batch": batch, "repeats": repeats, "seed": seed });
    let series = json!({ "method": "neumann", "iterations": iterations, "scale": SCALE });
    report(
        example,
        json!({
            "curvature": "ggn", "damping": DAMPING, "precision": precision, "methods": [series, method], "applications": ["lissa"],
        }),
    )
}

fn band(report: &Report) -> &LissaBand {
    let bands = report.applications.as_ref().and_then(|applications| applications.lissa.as_ref());
    &bands.expect("it was asked for")[0]
}

#[test]
fn with_the_whole_data_every_run_is_the_neumann_series() {
    for example in SAMPLED.draw(20) {
        for precision in ["f64", "f32"] {
            let report = banded(&example, precision, 30, example.samples(), 4, 1);
            let (band, neumann) = (band(&report), &report.methods[0].trace.relative_error);
            for (k, curve) in [&band.low, &band.median, &band.high, &band.mean, &band.truncation].iter().enumerate() {
                assert_eq!(*curve, neumann, "{example} {precision} curve {k}");
            }
            assert!(band.noise.iter().all(|&noise| noise == Some(0.0)), "{example} {precision}");
            assert_eq!((band.floor, band.crossing), (Some(0.0), None), "{example} {precision}");
            assert!(band.message.contains("no noise"), "{}", band.message);
        }
    }
}

#[test]
fn its_mean_is_the_methods_own_error_and_the_series_is_neumanns() {
    for example in SAMPLED.draw(20) {
        for precision in ["f64", "f32"] {
            let report = banded(&example, precision, 25, 2, 5, 3);
            let band = band(&report);
            assert_eq!((band.method, band.scale, band.repeats), (1, SCALE, 5), "{example}");
            assert_eq!(band.mean, report.methods[1].trace.relative_error, "{example} {precision}");
            assert_eq!(band.truncation, report.methods[0].trace.relative_error, "{example} {precision}");
            for k in 0..=25 {
                assert!(band.low[k] <= band.median[k] && band.median[k] <= band.high[k], "{example} at {k}");
            }
        }
    }
}

/// Σ_k = E (x_k − m_k)(x_k − m_k)ᵀ of one run, from the per-datum matrices: with batches of B of N without replacement,
/// Σ_{k+1} = (I − A/s) Σ_k (I − A/s) + (c/s²) mean_n D_n (Σ_k + m_k m_kᵀ) D_n, D_n = A_n − A, c = (N − B)/(B (N − 1)).
struct Theory {
    whole: DMatrix<f64>,
    deviations: Vec<DMatrix<f64>>,
    right_hand_side: DVector<f64>,
}

impl Theory {
    fn new(example: &Example) -> Self {
        let evaluation = &example.evaluation;
        let at = |batch: &[usize]| {
            let objective = evaluation.objective.batch(batch);
            let evaluation = Evaluation::new(objective, evaluation.theta.clone());
            GaussNewton::new(&evaluation, OutputMetric::loss_curvature(&evaluation)).to_matrix()
        };
        let damping = DMatrix::identity(example.parameters(), example.parameters()) * DAMPING;
        let all: Vec<_> = (0..example.samples()).collect();
        let whole = at(&all) + damping.clone();
        let deviations = all.iter().map(|&n| at(&[n]) + &damping - &whole).collect();
        Self { whole, deviations, right_hand_side: evaluation.gradient() }
    }

    /// √tr Σ_k / ‖x*‖ for k = 0, 1, ….
    fn strays(&self, batch: usize, iterations: usize) -> Vec<f64> {
        let (count, size) = (self.deviations.len() as f64, self.whole.nrows());
        let c = (count - batch as f64) / (batch as f64 * (count - 1.0));
        let shrink = DMatrix::identity(size, size) - &self.whole / SCALE;
        let exact = self.whole.clone().lu().solve(&self.right_hand_side).expect("a regular matrix");
        let (mut moment, mut mean) = (DMatrix::zeros(size, size), &self.right_hand_side / SCALE);
        let mut strays = vec![0.0];
        for _ in 0..iterations {
            let second = &moment + &mean * mean.transpose();
            let noise = self.deviations.iter().fold(DMatrix::zeros(size, size), |sum, d| sum + d * &second * d);
            moment = &shrink * moment * &shrink + noise * (c / count / SCALE / SCALE);
            mean = &shrink * mean + &self.right_hand_side / SCALE;
            strays.push(moment.trace().sqrt() / exact.norm());
        }
        strays
    }
}

/// With 1,000 runs the estimate of the noise is good to a few parts in a hundred.
#[test]
fn the_noise_is_what_sampling_theory_foretells() {
    for example in SAMPLED.draw(10) {
        for batch in [1, 3] {
            let report = banded(&example, "f64", 30, batch, 1000, 5);
            let theory = Theory::new(&example).strays(batch, 30);
            let noise = curve(&band(&report).noise);
            for k in [1, 2, 5, 10, 20, 30] {
                let ratio = noise[k] * 1000_f64.sqrt() / theory[k];
                assert!((ratio - 1.0).abs() < 0.15, "{example} batch {batch} at {k}: {ratio}");
            }
        }
    }
}

/// The square of the mean's distance from the series, over that of the noise's estimate: 1 in expectation.
#[test]
fn four_times_the_repeats_halve_what_the_mean_strays() {
    let strayed = |repeats: usize| {
        let seeds = (0..40).flat_map(|seed| SAMPLED.draw(5).map(move |example| (seed, example)));
        let squares = seeds.map(|(seed, example)| {
            let report = banded(&example, "f64", 60, 2, repeats, seed);
            let [series, mean] = [0, 1].map(|place| DVector::from_vec(report.methods[place].solution.clone()));
            let exact = DVector::from_vec(report.exact.solution.expect("a definite system"));
            (mean - series).norm_squared() / exact.norm_squared()
        });
        squares.sum::<f64>().sqrt()
    };
    let ratio = strayed(3) / strayed(12);
    assert!((1.7..2.3).contains(&ratio), "{ratio}");
}

#[test]
fn larger_batches_lower_the_floor() {
    for example in SAMPLED.draw(10) {
        let floor = |batch| {
            let report = banded(&example, "f64", 120, batch, 200, 2);
            band(&report).floor.unwrap_or_else(|| panic!("{example}: no floor with batches of {batch}"))
        };
        let floors = [1, 2, 4, 5].map(floor);
        assert!(floors.windows(2).all(|pair| pair[1] < pair[0]), "{example}: {floors:?}");
    }
}

/// Runs of eleven: the second best, the sixth and the tenth; of four: the best, the third and the last.
#[test]
fn low_median_and_high_are_those_runs_errors() {
    for (repeats, places) in [(11, [1, 5, 9]), (4, [0, 2, 3]), (1, [0, 0, 0])] {
        for example in SAMPLED.draw(5) {
            let report = banded(&example, "f64", 12, 2, repeats, 7);
            let problem = Problem::new(&example.experiment(json!({ "curvature": "ggn" }))).expect("a problem");
            let batches = problem.batches(&problem.evaluation, DAMPING);
            let mut lissa = Lissa::new(&batches, &problem.right_hand_side, SCALE, 2, repeats, 7);
            let exact = DVector::from_vec(report.exact.solution.clone().expect("a definite system"));
            for k in 0..=12 {
                lissa.next().expect("it never ends");
                let mut errors: Vec<_> = lissa.runs().map(|run| (run - &exact).norm() / exact.norm()).collect();
                errors.sort_by(f64::total_cmp);
                for (curve, place) in
                    [&band(&report).low, &band(&report).median, &band(&report).high].iter().zip(places)
                {
                    let apart = (curve[k].expect("a number") - errors[place]).abs();
                    assert!(
                        apart <= 1e-9 * errors[place],
                        "{example} at {k}, {repeats} runs, place {place}: {apart:e}"
                    );
                }
            }
        }
    }
}

/// Quarters of runs of any length, some of which still grow by more than a tenth.
#[test]
fn the_floor_is_the_last_quarters_mean_square_where_it_no_longer_grows() {
    let mut seen = [0; 3];
    for example in SAMPLED.draw(10) {
        for iterations in [1, 3, 6, 9, 12, 17, 30, 61] {
            let report = banded(&example, "f64", iterations, 2, 20, 3);
            let noise = curve(&band(&report).noise);
            let quarter = noise.len() / 4;
            let mean_square = |skipped: usize| {
                noise.iter().rev().skip(skipped).take(quarter).map(|x| x * x).sum::<f64>() / quarter as f64
            };
            let (last, before) = (mean_square(0).sqrt(), mean_square(quarter).sqrt());
            let settled = quarter > 0 && last <= 1.1 * before;
            let floor = band(&report).floor;
            assert_eq!(floor.is_some(), settled, "{example} after {iterations}: {before:e} and then {last:e}");
            assert!(floor.is_none_or(|floor| (floor / last - 1.0).abs() < 1e-12), "{example}: {floor:?} for {last:e}");
            seen[if quarter == 0 { 0 } else { 1 + usize::from(settled) }] += 1;
        }
    }
    assert!(seen.iter().all(|&count| count >= 10), "{seen:?}");
}

#[test]
fn it_tells_which_error_is_left() {
    for example in SAMPLED.draw(10) {
        let short = banded(&example, "f64", 2, 4, 50, 1);
        assert!(band(&short).message.starts_with("Truncation is what is left"), "{example}: {}", band(&short).message);
        assert_eq!(band(&short).crossing, None, "{example}");
        let none = banded(&example, "f64", 0, 4, 2, 1);
        assert!(band(&none).message.starts_with("Truncation is what is left"), "{example}: {}", band(&none).message);
        let long = banded(&example, "f64", 300, 1, 2, 1);
        let crossing = band(&long).crossing.expect("noise is left in the end");
        let (noise, left) = (curve(&band(&long).noise), curve(&band(&long).truncation));
        assert!(band(&long).message.starts_with(&format!("From step {crossing} on noise")), "{}", band(&long).message);
        assert!((crossing..=300).all(|k| noise[k] > left[k]), "{example}");
        assert!(noise[crossing - 1] <= left[crossing - 1], "{example}");
    }
}

#[test]
fn a_series_that_diverges_is_told_without_a_number_that_is_none() {
    for example in SAMPLED.draw(10) {
        let method =
            json!({ "method": "lissa", "iterations": 5000, "scale": 0.01, "batch": 2, "repeats": 2, "seed": 0 });
        let report = report(&example, json!({ "methods": [method], "damping": 1, "applications": ["lissa"] }));
        let band = band(&report);
        assert_eq!(band.noise.len(), 5001, "{example}");
        assert_eq!(band.noise[5000], None, "{example}");
        assert!(band.message.contains("at any scale") || band.message.contains("is beyond 2s"), "{}", band.message);
    }
}

#[test]
fn a_series_that_only_begins_to_diverge_is_told_as_such_in_its_methods_words() {
    for example in SAMPLED.draw(10) {
        let method = json!({ "method": "lissa", "iterations": 5, "scale": 0.01, "batch": 2, "repeats": 2, "seed": 0 });
        let report = report(&example, json!({ "methods": [method], "damping": 1, "applications": ["lissa"] }));
        let band = band(&report);
        assert!(curve(&band.truncation).last() > curve(&band.truncation).first(), "{example}");
        assert_told_as_diverging(&report);
    }
}

/// The band says what the method says, and that batches are no cure.
fn assert_told_as_diverging(report: &Report) {
    let LissaBand { method, message, .. } = band(report);
    let method = &report.methods[*method];
    let why = message.strip_suffix(" No batch is large enough to help.").unwrap_or_else(|| panic!("{message}"));
    assert_eq!(method.status, Status::Diverged, "{message}");
    assert!(method.message.starts_with(why), "{message} or {}", method.message);
}

fn banded_report(experiment: Value) -> Report {
    Lab::new().report(&read(&experiment)).expect("a report")
}

/// Truncation still falls where a series has only just begun to diverge.
#[test]
fn a_series_that_diverges_is_told_as_such_while_its_error_still_falls() {
    let indefinite = |iterations: usize| {
        banded_report(json!({
            "network": { "layers": [2, 1, 3], "activation": "identity", "seed": 637 },
            "data": { "generator": "notebook", "samples": 9, "seed": 84 }, "loss": "cross_entropy",
            "weight_decay": 0.01, "damping": 0.2, "applications": ["lissa"],
            "methods": [{ "method": "lissa", "iterations": iterations, "scale": 8, "batch": 7, "repeats": 8, "seed": 18 }],
        }))
    };
    let beyond = banded_report(json!({
        "network": { "layers": [2, 2], "activation": "identity", "seed": 11 },
        "data": { "generator": "notebook", "samples": 8, "seed": 11 }, "loss": "mse", "damping": 0.1,
        "applications": ["lissa"],
        "methods": [{ "method": "lissa", "iterations": 2, "scale": 0.8, "batch": 4, "repeats": 4, "seed": 1 }],
    }));
    let falls = |report: &Report| {
        let truncation = curve(&band(report).truncation);
        truncation[truncation.len() - 1] < truncation[0]
    };
    assert!(falls(&indefinite(13)) && !falls(&indefinite(100)) && falls(&beyond));
    for report in [indefinite(0), indefinite(13), indefinite(100), beyond] {
        assert_told_as_diverging(&report);
    }
}

/// Single batches may have eigenvalues beyond 2s where the mean matrix has none.
#[test]
fn noise_that_grows_has_no_floor_and_is_told_with_what_slows_it() {
    let message = |iterations: usize, batch: usize| {
        let report = banded_report(json!({
            "network": { "layers": [2, 2, 1], "activation": "tanh", "seed": 36 },
            "data": { "generator": "notebook", "samples": 8, "seed": 36 }, "loss": "mse", "curvature": "ggn",
            "damping": 0.05, "applications": ["lissa"],
            "methods": [{
                "method": "lissa", "iterations": iterations, "scale": "auto", "batch": batch, "repeats": 30, "seed": 36,
            }],
        }));
        band(&report).message.clone()
    };
    for (iterations, batch, starts, ends) in [
        (10, 2, "Truncation is what is left: ", "a larger scale or larger batches make noise grow less."),
        (10, 7, "Truncation is what is left: ", "More iterations help."),
        (1500, 2, "From step ", "a larger scale or larger batches make it grow less."),
        (10000, 1, "The runs grow past what the arithmetic holds, though ", "A larger scale or larger batches help."),
    ] {
        let message = message(iterations, batch);
        assert!(message.starts_with(starts) && message.ends_with(ends), "{iterations} {batch}: {message}");
        assert_eq!(message.contains("still grows"), batch == 2 && iterations < 10000, "{message}");
    }
}

#[test]
fn errors_are_relative_to_nothing_where_the_solution_is_zero() {
    let message = |b: [f64; 2]| {
        let report = banded_report(json!({
            "network": { "layers": [1, 1], "activation": "identity", "parameters": [0.3, 0.2] },
            "data": { "inputs": [[0], [0]], "targets": [0.7, -0.1] }, "loss": "mse", "right_hand_side": b,
            "applications": ["lissa"],
            "methods": [{ "method": "lissa", "iterations": 4, "scale": 2, "batch": 1, "repeats": 2, "seed": 1 }],
        }));
        band(&report).message.clone()
    };
    assert_eq!(message([0.0, 0.0]), "The right-hand side is zero, and so is every run.");
    assert!(message([1.0, 0.0]).starts_with("The right-hand side lies in the null space"), "{}", message([1.0, 0.0]));
}

#[test]
fn without_a_lissa_method_or_an_exact_solution_it_is_refused() {
    for example in SAMPLED.draw(1) {
        let experiment = example.experiment(json!({ "methods": [{ "method": "exact" }], "applications": ["lissa"] }));
        let refusal = Lab::new().report(&experiment).expect_err("there is no lissa");
        assert_eq!(refusal.field, "methods", "{refusal}");
        assert!(refusal.problem.contains("no method \"lissa\""), "{refusal}");
    }
    let large = read(&json!({
        "network": { "layers": [40, 30], "activation": "tanh" }, "data": { "generator": "notebook", "samples": 2 },
        "loss": "mse", "methods": [], "applications": ["lissa"],
    }));
    let refusal = Lab::new().report(&large).expect_err("nothing is formed");
    assert_eq!(refusal.field, "applications", "{refusal}");
    assert!(refusal.problem.contains("not 1230"), "{refusal}");
}
