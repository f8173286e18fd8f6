//! The objective in a plane beside its quadratic model.

use hessian_lab::analysis::quadratic::Quadratic;
use hessian_lab::analysis::slice::{Plane, Slice};
use hessian_lab::loss::Loss;
use nalgebra::DVector;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::NETWORKS;
use crate::common::systems::system;
use crate::support::{SMOOTH, analysed, iterative, norm, turns};

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
        for (index, objective) in slice.objective.iter().enumerate() {
            let place = [slice.x[index % slice.x.len()], slice.y[index / slice.x.len()]];
            let (objective, model) = (objective.expect("a number"), slice.model.at(place));
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

#[test]
fn its_regions_are_those_of_its_levels() {
    for example in Family::ANY.draw(NETWORKS) {
        let slice = slice(&example, json!({ "curvature": "ggn", "damping": 0.2 }));
        assert_eq!(slice.regions.len(), slice.levels.len(), "{example}");
        for (level, rings) in slice.levels.iter().zip(&slice.regions) {
            for (row, column) in [(7, 31), (20, 20), (33, 6), (1, 39)] {
                let objective = slice.objective[row * slice.x.len() + column].expect("a number");
                if (objective - level).abs() <= 1e-9 * level.abs() {
                    continue;
                }
                let expected = if objective > *level { 1.0 } else { 0.0 };
                let actual = turns(rings, [slice.x[column], slice.y[row]]);
                assert!((actual - expected).abs() < 1e-6, "{example}: {actual} turns about {objective} at {level}");
            }
        }
    }
}

/// At θ the objective's value, slopes and bends within the plane are the model's, the damping not among them.
#[test]
fn the_model_touches_the_objective_to_second_order() {
    for example in SMOOTH.draw(NETWORKS) {
        let changes = json!({ "damping": 3.0 });
        let plane = plane(&example, &changes);
        let Quadratic { value: at_theta, gradient, curvature: [xx, xy, yy] } = slice(&example, changes).model;
        for [x, y] in [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.8, -0.6]] {
            let [value, slope, bend] = differences(&example, &(&plane[0] * x + &plane[1] * y));
            let along = gradient[0] * x + gradient[1] * y;
            let bent = xx * x * x + 2.0 * xy * x * y + yy * y * y;
            assert!((at_theta - value).abs() <= 1e-9 * (1.0 + value), "{example}: {at_theta} for {value}");
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

/// Contours are drawn at levels that the picture has, and are the model's own at each.
#[test]
fn contours_are_the_models_at_levels_between_its_extremes() {
    for example in Family::ANY.draw(NETWORKS) {
        let slice = slice(&example, json!({ "curvature": "ggn", "damping": 0.2 }));
        let window = [[slice.x[0], slice.x[40]], [slice.y[0], slice.y[40]]];
        assert!(slice.levels.len() <= 14 && slice.levels.is_sorted(), "{example}");
        assert_eq!(slice.contours.len(), slice.levels.len(), "{example}");
        let corners = [(0, 0), (0, 40), (40, 0), (40, 40)].map(|(a, b)| slice.model.at([slice.x[a], slice.y[b]]));
        let values = || slice.objective.iter().flatten().chain(&corners);
        let (low, high) = (values().copied().fold(f64::INFINITY, f64::min), values().copied().fold(0.0, f64::max));
        for (&level, contour) in slice.levels.iter().zip(&slice.contours) {
            assert!(level <= high && level >= low.min(slice.model.value - high), "{example}: {level}");
            assert_eq!(contour, &slice.model.level(level, &window), "{example}");
        }
    }
}

/// The values that levels are chosen by, each with its weight: thrice where it is near θ and the exact step. And how much of the
/// weight rounding decides about.
fn weighted(slice: &Slice) -> (Vec<(f64, f64)>, f64) {
    let size = norm(&slice.exact);
    // How far a place lies beyond what is near; negative within it.
    let beyond = |place: f64, end: f64, grid: &[f64]| {
        let (low, high) = (end.min(0.0), end.max(0.0));
        (low - place - 0.4 * (low - grid[0])).max(place - high - 0.4 * (grid[40] - high))
    };
    let (mut values, mut slack) = (Vec::new(), 0.0);
    for (index, objective) in slice.objective.iter().enumerate() {
        let [x, y] = [slice.x[index % 41], slice.y[index / 41]];
        let far = beyond(x, slice.exact[0], &slice.x).max(beyond(y, slice.exact[1], &slice.y));
        slack += if far.abs() < 1e-9 * size { 4.0 } else { 0.0 };
        let both = [objective.expect("a number"), slice.model.at([x, y])];
        values.extend(both.map(|value| (value, if far <= 0.0 { 3.0 } else { 1.0 })));
    }
    (values, slack)
}

#[test]
fn levels_are_quantiles_of_the_values_by_their_weight() {
    for example in Family::ANY.draw(NETWORKS) {
        for damping in [0.5, 0.01] {
            let slice = slice(&example, json!({ "damping": damping }));
            let (values, slack) = weighted(&slice);
            let weight = |is_in: &dyn Fn(f64) -> bool| -> f64 {
                values.iter().filter(|(value, _)| is_in(*value)).map(|(_, weight)| weight).sum()
            };
            assert!(slice.levels.is_sorted_by(|a, b| a < b), "{example}");
            for index in 0..14 {
                let place = f64::from(2 * index + 1) / 28.0 * (weight(&|_| true) - 1.0);
                let is_there = |level: &f64| {
                    weight(&|value| value < *level) <= place + slack && place - slack < weight(&|value| value <= *level)
                };
                assert!(slice.levels.iter().any(is_there), "{example} with {damping}: quantile {index}");
            }
        }
    }
}

#[test]
fn a_direction_that_vanishes_or_adds_nothing_spans_nothing() {
    let [zero, one, other] = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]].map(|entries| DVector::from_row_slice(&entries));
    let nowhere = Plane::new(&zero, &zero);
    assert_eq!([&nowhere.across, &nowhere.up], [&zero, &zero]);
    // What is left of a long direction is rounding, where it is shorter by its digits.
    assert_eq!(Plane::new(&one, &(&one * 1e6 + &other * 1e-7)).up, zero);
    assert_eq!(Plane::new(&one, &(&one * 1e-6 + &other * 1e-15)).up, other);
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
            assert_reaches(axis, end, size);
        }
    }
}

#[test]
fn about_a_step_of_no_length_the_grid_is_one_wide() {
    for example in Family::ANY.draw(NETWORKS) {
        let zeros = vec![0.0; example.evaluation.theta.len()];
        let slice = slice(&example, json!({ "damping": 0.5, "right_hand_side": zeros }));
        assert_eq!(slice.exact, [0.0; 2], "{example}");
        for axis in [&slice.x, &slice.y] {
            assert_reaches(axis, 0.0, 1.0);
        }
    }
}

/// Evenly from half a size beyond 0 or `end` to half a size beyond the other.
fn assert_reaches(axis: &[f64], end: f64, size: f64) {
    let (low, high) = (end.min(0.0) - 0.5 * size, end.max(0.0) + 0.5 * size);
    for (index, place) in axis.iter().enumerate() {
        let wanted = low + (high - low) * index as f64 / 40.0;
        assert!((place - wanted).abs() < 1e-9 * size, "{place} and not {wanted} from 0 to {end}");
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
