//! Where KFAC is exact, where it is not, and that EKFAC is nearer.

use hessian_lab::activation::Activation;
use hessian_lab::curvature::ekfac::Ekfac;
use hessian_lab::curvature::kfac::{DampingConvention, Kfac};
use hessian_lab::curvature::output_metric::OutputMetric;
use hessian_lab::curvature::parts::layer_blocks;
use hessian_lab::experiment::Curvature;
use hessian_lab::loss::Loss;
use hessian_lab::operator::LinearOperator;
use hessian_lab::report::LayerFactors;
use nalgebra::DMatrix;
use serde_json::json;

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS, ROUNDING, assert_apart, assert_close, identity, matrix, report};

const NONLINEAR: &[Activation] = &[Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::Softplus];
const SQUARED_ERROR: Family = Family { losses: &[Loss::Mse], ..Family::ANY };

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn kfac_is_exact_for_one_datum() {
    for example in (Family { samples: (1, 1), ..Family::ANY }).draw(NETWORKS) {
        let [kfac, blocks] = kfac_and_blocks(&example);
        assert_close(&kfac, &blocks, ROUNDING, &example.to_string());
    }
}

#[test]
fn kfac_is_exact_for_linear_networks_with_squared_error() {
    for example in (Family { activations: &[Activation::Identity], ..SQUARED_ERROR }).draw(NETWORKS) {
        let [kfac, blocks] = kfac_and_blocks(&example);
        assert_close(&kfac, &blocks, ROUNDING, &example.to_string());
    }
}

#[test]
fn kfac_is_exact_at_the_output_layer_with_squared_error() {
    for example in SQUARED_ERROR.draw(NETWORKS) {
        let last = example.layout().layers() - 1;
        let [kfac, block] = kfac_and_blocks(&example).map(|matrix| layer_block(&example, &matrix, last));
        assert_close(&kfac, &block, ROUNDING, &example.to_string());
    }
}

#[test]
fn kfac_differs_at_a_hidden_layer_of_a_nonlinear_network() {
    let family = Family { activations: NONLINEAR, samples: (6, 12), weight_decays: &[0.0], ..DEEP };
    // A relu layer that is active on all data or on none is linear in them.
    for example in family.draw(NETWORKS).filter(slopes_vary) {
        let [kfac, block] = kfac_and_blocks(&example).map(|matrix| layer_block(&example, &matrix, 0));
        assert_apart(&kfac, &block, 1e-3, &example.to_string());
    }
}

fn slopes_vary(example: &Example) -> bool {
    let slopes = &example.evaluation.pass.slopes[0];
    example.evaluation.signals[0].norm() > 0.0 && slopes.row_iter().any(|unit| unit.max() - unit.min() > 0.01)
}

#[test]
fn kfac_with_exact_damping_is_its_matrix_plus_the_damping_and_inverts_it() {
    for example in Family::ANY.draw(NETWORKS) {
        let kfac = type_2_kfac(&example);
        let damped = kfac.damped(0.3, DampingConvention::Exact);
        let expected = kfac.to_matrix() + identity(&example) * 0.3;
        assert_close(&damped.to_matrix(), &expected, ROUNDING, &example.to_string());
        let inverse = damped.inverse();
        assert!(!inverse.singular);
        assert_close(&(inverse.operator.to_matrix() * expected), &identity(&example), 1e-10, &example.to_string());
    }
}

/// George et al. 2018: in KFAC's eigenbasis EKFAC's diagonal is the best, and it keeps the trace.
#[test]
fn ekfac_is_nearer_to_the_layer_blocks_than_kfac() {
    for example in Family::ANY.draw(NETWORKS) {
        let [kfac, blocks] = kfac_and_blocks(&example);
        let metric = OutputMetric::loss_curvature(&example.evaluation);
        let ekfac = Ekfac::new(&example.evaluation, &metric, &type_2_kfac(&example)).to_matrix();
        let traces = (ekfac.trace() - blocks.trace()).abs();
        assert!(traces <= ROUNDING * blocks.trace(), "{example}: traces {traces:e} apart");
        let [far, near] = [kfac, ekfac].map(|matrix| (matrix - &blocks).norm());
        assert!(near <= far + ROUNDING * blocks.norm(), "{example}: {near} is farther than {far}");
    }
}

#[test]
fn a_reports_factors_multiply_to_its_kfac_matrix() {
    for example in Family::ANY.draw(NETWORKS) {
        let report = report(&example, json!({ "methods": [], "include": ["matrices"] }));
        let matrices = report.matrices.expect("asked for");
        let layout = example.layout();
        let mut product = identity(&example) * example.evaluation.objective.weight_decay;
        for (l, LayerFactors { a, b }) in matrices.kfac_factors.iter().enumerate() {
            let (inputs, outputs) = (layout.widths()[l] + 1, layout.widths()[l + 1]);
            for (i, k, j, m) in all_pairs(outputs, inputs) {
                let place = (layout.position(l, i, k), layout.position(l, j, m));
                let start = layout.start(l);
                product[(start + place.0, start + place.1)] += b[i * outputs + j] * a[k * inputs + m];
            }
        }
        let kfac = DMatrix::from_row_slice(product.nrows(), product.ncols(), &matrices.kfac);
        assert_close(&kfac, &product, ROUNDING, &example.to_string());
    }
}

/// Every (i, k, j, m) of two weights W̄[i, k] and W̄[j, m].
fn all_pairs(outputs: usize, inputs: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    let weights = move || (0..outputs).flat_map(move |row| (0..inputs).map(move |column| (row, column)));
    weights().flat_map(move |(i, k)| weights().map(move |(j, m)| (i, k, j, m)))
}

fn type_2_kfac(example: &Example) -> Kfac {
    Kfac::new(&example.evaluation, &OutputMetric::loss_curvature(&example.evaluation))
}

fn kfac_and_blocks(example: &Example) -> [DMatrix<f64>; 2] {
    let ggn = matrix(&example.evaluation, Curvature::Ggn);
    [type_2_kfac(example).to_matrix(), layer_blocks(&ggn, example.layout())]
}

fn layer_block(example: &Example, matrix: &DMatrix<f64>, l: usize) -> DMatrix<f64> {
    let (start, count) = (example.layout().start(l), example.layout().layer_count(l));
    matrix.view((start, start), (count, count)).into_owned()
}
