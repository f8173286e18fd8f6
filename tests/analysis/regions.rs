//! The regions at or above a level: their outlines turn about the grid's points there, and about no others.

use std::f64::consts::PI;

use hessian_lab::analysis::regions::{Grid, Ring};
use rand_pcg::Pcg32;

use crate::common::generated::normals;
use crate::support::turns;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const X: [f64; 7] = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5];
const Y: [f64; 5] = [2.0, 2.25, 2.5, 2.75, 3.0];

fn regions(x: &[f64], y: &[f64], function: impl Fn(f64, f64) -> f64, levels: &[f64]) -> Vec<Vec<Ring>> {
    let values: Vec<_> = y.iter().flat_map(|&y| x.iter().map(move |&x| [x, y])).map(|[x, y]| function(x, y)).collect();
    let values: Vec<_> = values.into_iter().map(|value| value.is_finite().then_some(value)).collect();
    Grid { x, y, values: &values }.regions(levels)
}

fn corners(ring: &Ring) -> Vec<[f64; 2]> {
    ring.chunks_exact(2).map(|place| [place[0], place[1]]).collect()
}

/// Negative where what is bounded lies on the right.
fn area(ring: &Ring) -> f64 {
    let corners = corners(ring);
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|(a, b)| 0.5 * (a[0] * b[1] - a[1] * b[0])).sum()
}

fn even(low: f64, high: f64, count: usize) -> Vec<f64> {
    (0..count).map(|index| low + (high - low) * index as f64 / (count - 1) as f64).collect()
}

#[test]
fn outlines_turn_once_about_what_is_as_high_and_not_about_what_is_lower() {
    let mut generator = Pcg32::new(7, 100);
    for draw in 0..200 {
        let values = normals(&mut generator, X.len(), Y.len());
        let function = |x: f64, y: f64| values[(((x + 1.5) * 2.0) as usize, ((y - 2.0) * 4.0) as usize)];
        let levels = [-2.0, -0.5, 0.0, 0.4, 1.5];
        for (level, rings) in levels.iter().zip(regions(&X, &Y, function, &levels)) {
            for x in &X[1..X.len() - 1] {
                for y in &Y[1..Y.len() - 1] {
                    let expected = if function(*x, *y) >= *level { 1.0 } else { 0.0 };
                    let actual = turns(&rings, [*x, *y]);
                    assert!((actual - expected).abs() < 1e-9, "{draw}: {actual} about {x}, {y} at {level}");
                }
            }
        }
    }
}

/// To a function that is linear they are exact.
#[test]
fn a_slope_is_cut_where_it_has_the_level() {
    for (slope, expected) in [([1.0, 0.0], 1.25), ([0.0, 1.0], 2.25), ([-1.0, 0.0], 1.25), ([2.0, 0.0], 1.375)] {
        let rings = regions(&X, &Y, |x, y| slope[0] * x + slope[1] * (y - 2.0), &[0.25]).remove(0);
        assert_eq!(rings.len(), 1);
        assert!((area(&rings[0]) - expected).abs() < 1e-12, "{slope:?}: {}", area(&rings[0]));
        assert_eq!(corners(&rings[0]).len(), 4, "only the ends of straight lines: {:?}", rings[0]);
    }
}

#[test]
fn all_of_the_grid_and_nothing_have_their_outlines_too() {
    let [all, none] = <[_; 2]>::try_from(regions(&X, &Y, |_, _| 1.0, &[1.0, 1.5])).expect("two levels");
    assert_eq!((all.len(), corners(&all[0]).len(), area(&all[0])), (1, 4, 3.0));
    assert!(none.is_empty());
}

/// A hole's outline turns the other way; the area's error falls with the square of the grid's step.
#[test]
fn a_bowl_has_a_hole_of_its_size() {
    let error = |count: usize| {
        let grid = even(-2.0, 2.0, count);
        let rings = regions(&grid, &grid, |x, y| x * x + y * y, &[1.0]).remove(0);
        assert_eq!(rings.iter().map(|ring| area(ring) > 0.0).filter(|&outer| outer).count(), 1);
        assert_eq!(rings.len(), 2);
        for [x, y] in rings.iter().flat_map(corners) {
            let step = 4.0 / (count - 1) as f64;
            let is_border = x.abs() == 2.0 || y.abs() == 2.0;
            assert!(is_border || (x.hypot(y) - 1.0).abs() < step * step / 2.0, "{x}, {y}");
        }
        16.0 - PI - rings.iter().map(area).sum::<f64>()
    };
    let [coarse, fine] = [41, 81].map(error);
    assert!(coarse.abs() < 0.02 && (coarse / fine - 4.0).abs() < 0.5, "{coarse} and {fine}");
}

/// Between two high corners and two low ones the mean of all decides.
#[test]
fn a_saddle_is_joined_where_its_middle_is_high() {
    let saddle =
        |level: f64| regions(&[0.0, 1.0], &[0.0, 1.0], |x, y| if x == y { 1.0 } else { 0.0 }, &[level]).remove(0);
    assert_eq!((saddle(0.4).len(), saddle(0.6).len()), (1, 2));
    assert!((area(&saddle(0.4)[0]) - 0.84).abs() < 1e-12);
    assert!((saddle(0.6).iter().map(area).sum::<f64>() - 0.16).abs() < 1e-12);
}

#[test]
fn what_overflows_is_above_every_level() {
    let pole = |x: f64, y: f64| if x == 0.0 && y == 2.5 { f64::INFINITY } else { 0.0 };
    let rings = regions(&X, &Y, pole, &[1e300]).remove(0);
    assert_eq!(rings.len(), 1);
    assert!((turns(&rings, [0.0, 2.5]) - 1.0).abs() < 1e-9);
    assert!(rings[0].iter().all(|number| number.is_finite()));
}

#[test]
fn a_peak_and_a_ridge_that_just_reach_the_level_bound_nothing() {
    let peak = |x: f64, y: f64| if (x, y) == (0.5, 2.25) { 1.0 } else { 0.0 };
    let ridge = |x: f64, y: f64| if y == 2.5 && (-0.5..=0.0).contains(&x) { 1.0 } else { 0.0 };
    for function in [&peak as &dyn Fn(f64, f64) -> f64, &ridge] {
        assert_eq!(regions(&X, &Y, function, &[1.0]), [Vec::<Ring>::new()]);
        assert_eq!(regions(&X, &Y, function, &[0.9])[0].len(), 1);
    }
}
