//! The four ways in which KFAC's damping enters: alike where there is none, and not otherwise.

use hessian_lab::activation::Activation;
use hessian_lab::curvature::kfac::{DampingConvention, Kfac};
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::loss::Loss;
use hessian_lab::operator::LinearOperator;
use nalgebra::DMatrix;
use serde_json::json;

use crate::common::generated::{Example, Family};
use crate::common::systems::run;
use crate::common::{assert_near, distance};
use crate::support::SMOOTH;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NAMES: [&str; 4] = ["exact", "pi", "sqrt", "per_factor"];
const CONVENTIONS: [DampingConvention; 4] =
    [DampingConvention::Exact, DampingConvention::Pi, DampingConvention::Sqrt, DampingConvention::PerFactor];

/// Regressions with more data than inputs and no more outputs than hidden units: all factors can be inverted.
fn nonsingular() -> impl Iterator<Item = Example> {
    let family = Family { losses: &[Loss::Mse], samples: (12, 12), hidden: (0, 1), weight_decays: &[0.0], ..SMOOTH };
    family.draw(30).filter(|example| {
        let factors = kfac(example).factors;
        let invertible = |matrix: &DMatrix<f64>| {
            let eigenvalues = matrix.symmetric_eigenvalues();
            eigenvalues.min() > 1e-4 * eigenvalues.max()
        };
        factors.iter().all(|f| invertible(&f.a) && invertible(&f.b))
    })
}

fn kfac(example: &Example) -> Kfac {
    Kfac::new(&example.evaluation, &OutputMetric::loss_curvature(&example.evaluation))
}

#[test]
fn without_damping_they_coincide_on_nonsingular_factors() {
    let examples: Vec<_> = nonsingular().collect();
    assert!(examples.len() >= 10, "only {} of the networks have nonsingular factors", examples.len());
    for example in examples {
        let solution = |name: &str| {
            let run = run(&example, json!({}), json!({ "method": "kfac", "damping_convention": name }));
            assert!(!run.message.contains("pseudo-inverse"), "{example} {name}: {}", run.message);
            run.solution
        };
        for name in &NAMES[1..] {
            assert_near(&solution(name), &solution("exact"), 1e-8, &format!("{example} {name}"));
        }
    }
}

#[test]
fn with_damping_they_differ() {
    for example in nonsingular() {
        let solutions = NAMES.map(|name| {
            run(&example, json!({ "damping": 0.3 }), json!({ "method": "kfac", "damping_convention": name })).solution
        });
        for i in 0..NAMES.len() {
            for j in 0..i {
                let apart = distance(&solutions[i], &solutions[j]);
                assert!(apart > 1e-4, "{example}: {} and {} are {apart:e} apart", NAMES[i], NAMES[j]);
            }
        }
    }
}

/// Every convention against its definition, entry by entry, weight decay counted as damping.
#[test]
fn each_is_the_product_of_its_damped_factors() {
    for example in Family::ANY.draw(30) {
        let kfac = kfac(&example);
        for convention in CONVENTIONS {
            let damped = kfac.damped(0.3, convention).to_matrix();
            let damping = 0.3 + example.evaluation.objective.weight_decay;
            let expected = by_definition(&example, &kfac, damping, convention);
            assert_near(damped.as_slice(), expected.as_slice(), 1e-12, &format!("{example} {convention:?}"));
        }
    }
}

fn by_definition(example: &Example, kfac: &Kfac, damping: f64, convention: DampingConvention) -> DMatrix<f64> {
    let (layout, root) = (example.layout(), damping.sqrt());
    let mut matrix = DMatrix::zeros(layout.count(), layout.count());
    for (l, factors) in kfac.factors.iter().enumerate() {
        let (a, b) = (&factors.a, &factors.b);
        let shifted =
            |matrix: &DMatrix<f64>, shift: f64| matrix + DMatrix::identity(matrix.nrows(), matrix.nrows()) * shift;
        let pi = pi(a, b);
        let block = match convention {
            DampingConvention::Exact => shifted(&b.kronecker(a), damping),
            DampingConvention::Pi => shifted(b, root / pi).kronecker(&shifted(a, pi * root)),
            DampingConvention::Sqrt => shifted(b, root).kronecker(&shifted(a, root)),
            DampingConvention::PerFactor => shifted(b, damping).kronecker(&shifted(a, damping)),
        };
        // B ⊗ A orders W̄ row by row, with each row's bias at its end.
        let places: Vec<_> = (0..b.nrows())
            .flat_map(|i| (0..a.nrows()).map(move |k| layout.start(l) + layout.position(l, i, k)))
            .collect();
        for (row, &i) in places.iter().enumerate() {
            for (column, &j) in places.iter().enumerate() {
                matrix[(i, j)] = block[(row, column)];
            }
        }
    }
    matrix
}

fn pi(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    let squared = (a.trace() / a.nrows() as f64) / (b.trace() / b.nrows() as f64);
    if squared.is_finite() && squared > 0.0 { squared.sqrt() } else { 1.0 }
}

/// A relu layer that is dead on all data carries no gradient back: B = 0.
#[test]
fn pi_is_one_where_a_trace_is_zero() {
    let mut dead = 0;
    for example in
        (Family { activations: &[Activation::Relu], hidden: (2, 3), samples: (1, 2), ..Family::ANY }).draw(60)
    {
        let kfac = kfac(&example);
        if kfac.factors.iter().all(|factors| factors.b.trace() > 0.0) {
            continue;
        }
        dead += 1;
        let [pi, sqrt] = [DampingConvention::Pi, DampingConvention::Sqrt].map(|c| kfac.damped(0.3, c));
        for (l, factors) in kfac.factors.iter().enumerate() {
            if factors.b.trace() == 0.0 {
                assert_eq!(pi.layers[l].diagonal, sqrt.layers[l].diagonal, "{example}: layer {l}");
            }
        }
        let run = run(&example, json!({ "damping": 0.1 }), json!({ "method": "kfac", "damping_convention": "pi" }));
        assert!(run.solution.iter().all(|x| x.is_finite()), "{example}");
    }
    assert!(dead >= 5, "only {dead} of 60 networks have a dead layer");
}

#[test]
fn without_damping_singular_factors_give_the_pseudo_inverse_and_say_so() {
    for example in
        (Family { losses: &[Loss::Mse], samples: (1, 1), weight_decays: &[0.0], hidden: (1, 2), ..Family::ANY })
            .draw(20)
    {
        let expected = kfac(&example).to_matrix().pseudo_inverse(1e-11).expect("a positive threshold");
        let b = example.evaluation.gradient();
        for name in NAMES {
            let run = run(&example, json!({}), json!({ "method": "kfac", "damping_convention": name }));
            assert!(run.message.contains("pseudo-inverse"), "{example} {name}: {}", run.message);
            assert_near(&run.solution, (&expected * &b).as_slice(), 1e-6, &format!("{example} {name}"));
        }
    }
}
