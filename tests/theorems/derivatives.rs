//! Values by their definition; gradients, Hessians and products against differences and against each other.

use hessian_lab::activation::Activation;
use hessian_lab::experiment::Curvature;
use hessian_lab::gradient::Evaluation;
use hessian_lab::loss::Targets;
use hessian_lab::scalar::cast_vector;
use nalgebra::{DMatrix, DVector};

use crate::common::generated::{CURVATURES, Example, Family};
use crate::common::support::{NETWORKS, ROUNDING, assert_close, matrix, product};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// θ in PyTorch's order, squared errors over N · C, cross-entropies over N, and half of μ ‖θ‖².
#[test]
fn the_value_is_what_its_definition_says() {
    for example in Family::ANY.draw(NETWORKS) {
        let objective = &example.evaluation.objective;
        let losses = (0..example.samples()).map(|n| loss(&objective.data.targets, n, &outputs(&example, n)));
        let mean = losses.sum::<f64>() / example.samples() as f64;
        let expected = mean + 0.5 * objective.weight_decay * example.evaluation.theta.norm_squared();
        let value = example.evaluation.value();
        assert!((value - expected).abs() <= ROUNDING * expected, "{example}: {value} for {expected}");
    }
}

/// Datum `n`'s outputs, weight by weight.
fn outputs(example: &Example, n: usize) -> Vec<f64> {
    let mut parameters = example.evaluation.theta.iter();
    let mut values: Vec<f64> = example.evaluation.objective.data.inputs.column(n).iter().copied().collect();
    for l in 0..example.layout().layers() {
        let width = example.layout().shape(l).1;
        let weights: Vec<f64> = parameters.by_ref().take(width * values.len()).copied().collect();
        let biases = parameters.by_ref().take(width);
        let sum = |row: &[f64]| row.iter().zip(&values).map(|(weight, value)| weight * value).sum::<f64>();
        let sums: Vec<f64> = weights.chunks(values.len()).zip(biases).map(|(row, bias)| sum(row) + bias).collect();
        let last = l + 1 == example.layout().layers();
        values = if last { sums } else { sums.into_iter().map(|s| activate(example, s)).collect() };
    }
    values
}

fn activate(example: &Example, s: f64) -> f64 {
    match example.evaluation.objective.activation {
        Activation::Sigmoid => 1.0 / (1.0 + (-s).exp()),
        Activation::Tanh => s.tanh(),
        Activation::Relu => s.max(0.0),
        Activation::Softplus => (1.0 + s.exp()).ln(),
        Activation::Identity => s,
    }
}

fn loss(targets: &Targets<f64>, n: usize, outputs: &[f64]) -> f64 {
    match targets {
        Targets::Values(values) => {
            outputs.iter().zip(&values.column(n)).map(|(f, y)| (f - y).powi(2)).sum::<f64>() / outputs.len() as f64
        }
        Targets::Classes(classes) => outputs.iter().map(|f| f.exp()).sum::<f64>().ln() - outputs[classes[n]],
    }
}

#[test]
fn a_product_is_the_matrix_times_the_vector() {
    // Data are summed 256 at a time.
    let many = Family { samples: (250, 530), ..Family::ANY };
    for mut example in Family::ANY.draw(NETWORKS).chain(many.draw(10)) {
        let vector = example.vector();
        for curvature in CURVATURES {
            let matrix = matrix(&example.evaluation, curvature);
            let product = product(&example.evaluation, curvature, &vector);
            assert_close(&product, &(matrix * &vector), ROUNDING, &format!("{example} {curvature:?}"));
        }
    }
}

#[test]
fn a_product_in_float32_agrees_with_float64() {
    for mut example in Family::ANY.draw(NETWORKS) {
        let narrow: Evaluation<f32> =
            Evaluation::new(example.evaluation.objective.cast(), cast_vector(&example.evaluation.theta));
        let vector = example.vector();
        for curvature in CURVATURES {
            let wide = product(&example.evaluation, curvature, &vector);
            let product: DVector<f64> = cast_vector(&product(&narrow, curvature, &cast_vector(&vector)));
            // The products of a network whose datum is fitted by chance are differences of larger numbers.
            let size = wide.norm().max(0.01 * vector.norm());
            let apart = (product - wide).norm() / size;
            assert!(apart < 1e-5, "{example} {curvature:?}: {apart:e} apart");
        }
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_value() {
    for mut example in smooth_nearby() {
        let direction = example.vector().normalize();
        let slope = derivative(|step| DMatrix::from_element(1, 1, moved(&example, &direction, step).value()));
        let gradient = example.evaluation.gradient();
        let apart = (gradient.dot(&direction) - slope[0]).abs();
        assert!(apart <= 1e-9 * (1.0 + gradient.norm()), "{example}: {apart:e} apart");
    }
}

#[test]
fn the_hessian_is_the_slope_of_the_gradient() {
    for example in smooth_nearby() {
        let hessian = matrix(&example.evaluation, Curvature::Hessian);
        for (i, column) in hessian.column_iter().enumerate() {
            let unit = DVector::from_fn(example.parameters(), |j, _| if i == j { 1.0 } else { 0.0 });
            let slope = derivative(|step| moved(&example, &unit, step).gradient());
            let apart = (column - slope).norm();
            assert!(apart <= 1e-8 * (1.0 + hessian.norm()), "{example}: column {i} is {apart:e} apart");
        }
    }
}

/// Networks whose derivatives exist in a neighbourhood that differences can be taken in: no relu near its kink.
fn smooth_nearby() -> impl Iterator<Item = Example> {
    let smooth = |example: &Example| {
        example.evaluation.objective.activation != Activation::Relu || example.nearest_kink() > 0.05
    };
    Family::ANY.draw(2 * NETWORKS).filter(smooth)
}

fn moved(example: &Example, direction: &DVector<f64>, step: f64) -> Evaluation<f64> {
    example.at(&example.evaluation.theta + direction * step)
}

/// The derivative at 0 by central differences of fourth order: the truncation, h⁴ f⁽⁵⁾/30, and the rounding, ε f/h, are
/// both about 1e-13 at h = 1e-3.
fn derivative<S>(f: impl Fn(f64) -> S) -> S
where
    S: std::ops::Sub<Output = S> + std::ops::Mul<f64, Output = S>,
{
    const STEP: f64 = 1e-3;
    let central = |step: f64| (f(step) - f(-step)) * (1.0 / (2.0 * step));
    central(STEP) * (4.0 / 3.0) - central(2.0 * STEP) * (1.0 / 3.0)
}

#[test]
fn products_are_symmetric() {
    for mut example in Family::ANY.draw(NETWORKS) {
        let (u, v) = (example.vector(), example.vector());
        for curvature in CURVATURES {
            let (left, right) =
                (product(&example.evaluation, curvature, &u), product(&example.evaluation, curvature, &v));
            let apart = (v.dot(&left) - u.dot(&right)).abs();
            assert!(apart <= ROUNDING * v.norm() * left.norm(), "{example} {curvature:?}: {apart:e} apart");
        }
    }
}
