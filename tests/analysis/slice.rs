//! The objective in a plane beside its quadratic model.

use hessian_lab::analysis::slice::Slice;
use hessian_lab::loss::Loss;
use nalgebra::{DMatrix, DVector, RowDVector};
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::NETWORKS;
use crate::common::systems::system;
use crate::support::{SMOOTH, analysed, iterative, norm};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn slice(example: &Example, changes: Value) -> Slice {
    analysed(example, changes, "slice").0.slice.expect("the matrix is formed")
}

/// The basis of the plane by its definition: u along −g, v along −x* without its part along u.
fn plane(example: &Example, changes: &Value) -> [DVector<f64>; 2] {
    let (a, b) = system(&example.experiment(changes.clone()));
    let across = -example.evaluation.gradient().normalize();
    let exact = -a.lu().solve(&b).expect("a regular matrix");
    let up = &exact - &across * across.dot(&exact);
    let vanishes = up.norm() <= 1e-12 * exact.norm();
    [across, if vanishes { up * 0.0 } else { up.normalize() }]
}

#[test]
fn objective_and_model_are_one_without_hidden_layers() {
    for example in (Family { hidden: (0, 0), losses: &[Loss::Mse], ..Family::ANY }).draw(NETWORKS) {
        let slice = slice(&example, json!({ "damping": 0.3 }));
        for (objective, model) in slice.objective.iter().zip(&slice.model) {
            let (objective, model) = (objective.expect("a number"), model.expect("a number"));
            assert!((objective - model).abs() <= 1e-11 * (1.0 + objective), "{example}: {objective} and {model}");
        }
    }
}

#[test]
fn the_objective_is_that_of_the_point() {
    for example in Family::ANY.draw(NETWORKS) {
        let changes = json!({ "curvature": "ggn", "damping": 0.2 });
        let [across, up] = plane(&example, &changes);
        let slice = slice(&example, changes);
        assert_eq!(slice.objective.len(), slice.x.len() * slice.y.len(), "{example}");
        for (row, column) in [(0, 0), (7, 31), (40, 3), (20, 20)] {
            let theta = &example.evaluation.theta + &across * slice.x[column] + &up * slice.y[row];
            let expected = example.at(theta).value();
            let actual = slice.objective[row * slice.x.len() + column].expect("a number");
            assert!((actual - expected).abs() <= 1e-9 * (1.0 + expected), "{example}: {actual} for {expected}");
        }
    }
}

/// At θ the objective's value, slopes and bends within the plane are the model's, the damping not among them.
#[test]
fn the_model_touches_the_objective_to_second_order() {
    for example in SMOOTH.draw(NETWORKS) {
        let changes = json!({ "damping": 3.0 });
        let plane = plane(&example, &changes);
        let model = fitted(&slice(&example, changes));
        for [x, y] in [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.8, -0.6]] {
            let [value, slope, bend] = differences(&example, &(&plane[0] * x + &plane[1] * y));
            let along = model[1] * x + model[2] * y;
            let bent = 2.0 * (model[3] * x * x + model[4] * x * y + model[5] * y * y);
            assert!((model[0] - value).abs() <= 1e-9 * (1.0 + value), "{example}: {} for {value}", model[0]);
            assert!((along - slope).abs() <= 1e-5 * (1.0 + slope.abs()), "{example}: slope {along} for {slope}");
            assert!((bent - bend).abs() <= 1e-4 * (1.0 + bend.abs()), "{example}: bend {bent} for {bend}");
        }
    }
}

/// The objective at θ and its first two derivatives along a direction.
fn differences(example: &Example, direction: &DVector<f64>) -> [f64; 3] {
    let step = 1e-4;
    let [down, value, up] =
        [-step, 0.0, step].map(|step| example.at(&example.evaluation.theta + direction * step).value());
    [value, (up - down) / (2.0 * step), (up - 2.0 * value + down) / (step * step)]
}

/// The coefficients of 1, x, y, x², xy, y² in the model, from six of its points.
fn fitted(slice: &Slice) -> DVector<f64> {
    let chosen = [(0, 0), (0, 40), (40, 0), (40, 40), (20, 0), (0, 20)];
    let rows = chosen.map(|(row, column)| {
        let (x, y) = (slice.x[column], slice.y[row]);
        RowDVector::from_vec(vec![1.0, x, y, x * x, x * y, y * y])
    });
    let values = chosen.map(|(row, column)| slice.model[row * slice.x.len() + column].expect("a number"));
    DMatrix::from_rows(&rows).lu().solve(&DVector::from_column_slice(&values)).expect("six points of a parabola")
}

#[test]
fn the_exact_step_lies_in_the_plane_and_on_the_grid() {
    for example in Family::ANY.draw(NETWORKS) {
        let changes = json!({ "curvature": "ggn", "damping": 0.2, "methods": [{ "method": "exact" }] });
        let (analysis, report) = analysed(&example, changes, "slice");
        let slice = analysis.slice.expect("the matrix is formed");
        let size = norm(report.exact.solution.as_ref().expect("small"));
        assert!((norm(&slice.exact) / size - 1.0).abs() < 1e-9, "{example}");
        assert_eq!(slice.methods[0].points, [slice.exact], "{example}");
        assert!(slice.methods[0].off_plane[0] < 1e-6 * size, "{example}");
        for (axis, end) in [&slice.x, &slice.y].into_iter().zip(slice.exact) {
            let (low, high) = (axis[0], axis[axis.len() - 1]);
            assert!(axis.is_sorted() && low < 0.0 && high > 0.0 && low < end && end < high, "{example}");
        }
    }
}

/// In the plane and beside it together, a step keeps its length.
#[test]
fn a_paths_points_and_distances_make_up_its_steps() {
    for example in Family::ANY.draw(NETWORKS) {
        let changes = json!({ "curvature": "ggn", "damping": 0.2, "methods": iterative(5, &example) });
        let [across, up] = plane(&example, &changes);
        let (analysis, report) = analysed(&example, changes, "slice");
        for (path, run) in analysis.slice.expect("the matrix is formed").methods.iter().zip(&report.methods) {
            let (&[x, y], off) = (path.points.last().expect("an iterate"), path.off_plane.last().expect("an iterate"));
            let step = -DVector::from_column_slice(&run.solution);
            let apart = (across.dot(&step) - x).abs() + (up.dot(&step) - y).abs();
            assert!(apart <= 1e-9 * step.norm(), "{example} {}: {apart:e} apart", run.method);
            let length = norm(&[x, y, *off]);
            assert!((length - step.norm()).abs() <= 1e-9 * step.norm(), "{example} {}: {length}", run.method);
        }
    }
}
