//! The level curves of a quadratic function: every kind of them, degenerate ones too.

use std::f64::consts::SQRT_2;

use hessian_lab::analysis::quadratic::{CubicPath, Quadratic, Window};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WINDOW: Window = [[-1.5, 2.5], [-1.0, 2.0]];
const DIAGONAL: f64 = 5.0;

/// What each shows, with levels beside, on and between what is special about it.
fn functions() -> Vec<(&'static str, Quadratic, Vec<f64>)> {
    let of = |gradient, curvature| Quadratic { value: 1.0, gradient, curvature };
    vec![
        ("circles", of([0.0, 0.0], [2.0, 0.0, 2.0]), vec![0.5, 1.0, 1.25, 2.0, 5.0, 30.0]),
        ("ellipses", of([-2.0, -1.0], [4.0, 1.5, 1.0]), vec![0.0, 0.2, 0.9, 1.0, 3.0, 9.0]),
        ("thin ellipses", of([-0.3, -1.0], [100.0, 30.0, 9.1]), vec![-2.0, 0.5, 1.0, 8.0, 200.0]),
        ("a hill", of([1.0, 0.5], [-3.0, 0.4, -1.0]), vec![-9.0, 0.0, 1.0, 1.1, 1.3, 2.0]),
        ("hyperbolas", of([0.0, 0.0], [2.0, 0.0, -1.0]), vec![-1.0, 0.9, 0.999, 1.0, 1.001, 1.1, 3.0]),
        ("turned hyperbolas", of([-0.5, 0.7], [0.3, 2.0, -0.4]), vec![-3.0, 0.5, 1.0, 1.1, 1.6, 4.0]),
        ("a saddle without squares", of([0.2, 0.1], [0.0, 1.0, 0.0]), vec![-1.0, 0.95, 0.98, 1.0, 2.0]),
        ("parabolas", of([1.0, -0.5], [0.0, 0.0, 3.0]), vec![-1.0, 0.5, 1.0, 2.0, 4.0]),
        ("turned parabolas", of([1.0, 0.2], [1.0, 1.0, 1.0]), vec![0.0, 0.5, 1.0, 2.0, 6.0]),
        ("almost parabolas", of([1.0, -0.5], [1e-13, 0.0, 3.0]), vec![-1.0, 0.5, 1.0, 2.0, 4.0]),
        ("parallel lines", of([2.0, 0.0], [4.0, 0.0, 0.0]), vec![0.2, 0.5, 0.6, 1.0, 7.0]),
        ("turned parallel lines", of([0.0, 0.0], [1.0, -1.0, 1.0]), vec![0.5, 1.0, 1.1, 2.0]),
        ("lines", of([3.0, -4.0], [0.0, 0.0, 0.0]), vec![-5.0, 0.0, 1.0, 5.0]),
        ("almost lines", of([3.0, -4.0], [1e-12, 1e-12, -1e-12]), vec![-5.0, 0.0, 1.0, 5.0]),
        ("one direction", of([-1.0, 0.0], [-2.0, 0.0, 0.0]), vec![-3.0, 0.0, 1.0, 1.2]),
    ]
}

/// So many points of every piece.
fn points(path: &CubicPath) -> Vec<[f64; 2]> {
    let count = (path.len() - 2) / 6;
    (0..count)
        .flat_map(|piece| (0..=40).map(move |part| bezier(&path[6 * piece..6 * piece + 8], part as f64 / 40.0)))
        .collect()
}

fn bezier(piece: &[f64], part: f64) -> [f64; 2] {
    let mut places: Vec<[f64; 2]> = piece.chunks(2).map(|place| [place[0], place[1]]).collect();
    while places.len() > 1 {
        places = places
            .windows(2)
            .map(|pair| [0, 1].map(|axis| pair[0][axis] + part * (pair[1][axis] - pair[0][axis])))
            .collect();
    }
    places[0]
}

/// How far off the level's curve a place lies: the function's error over its slope; near a saddle, where that vanishes, over the bend.
fn distance(function: &Quadratic, level: f64, place: [f64; 2]) -> f64 {
    let [a, b] = function.slope(place);
    let bend = function.curvature.iter().map(|x| x.abs()).fold(0.0, f64::max);
    let error = (function.at(place) - level).abs();
    (error / a.hypot(b)).min((error / bend).sqrt())
}

#[test]
fn every_drawn_point_has_the_level() {
    for (name, function, levels) in functions() {
        for level in levels {
            for path in function.level(level, &WINDOW) {
                assert_eq!((path.len() - 2) % 6, 0, "{name} at {level}");
                for place in points(&path) {
                    let off = distance(&function, level, place);
                    assert!(off <= 5e-4 * DIAGONAL, "{name} at {level}: {place:?} lies {off:e} off");
                }
            }
        }
    }
}

/// Between two neighbours on a fine grid, of which the one lies below the level and the other above, a path passes.
#[test]
fn every_crossing_of_a_fine_grid_is_drawn() {
    let count = 120;
    for (name, function, levels) in functions() {
        for level in levels {
            let drawn: Vec<_> = function.level(level, &WINDOW).iter().flat_map(points).collect();
            let place = |column: usize, row: usize| {
                [(0, column), (1, row)].map(|(axis, index)| {
                    WINDOW[axis][0] + (WINDOW[axis][1] - WINDOW[axis][0]) * index as f64 / count as f64
                })
            };
            for (column, row) in (0..count).flat_map(|column| (0..count).map(move |row| (column, row))) {
                let here = place(column, row);
                for there in [place(column + 1, row), place(column, row + 1)] {
                    let [low, high] = [here, there].map(|place| function.at(place) - level);
                    if low * high >= 0.0 {
                        continue;
                    }
                    let part = low / (low - high);
                    let crossing = [0, 1].map(|axis| here[axis] + part * (there[axis] - here[axis]));
                    let nearest = drawn.iter().map(|p| (p[0] - crossing[0]).hypot(p[1] - crossing[1]));
                    let nearest = nearest.fold(f64::INFINITY, f64::min);
                    assert!(nearest < 0.06, "{name} at {level}: nothing within {nearest} of {crossing:?}");
                }
            }
        }
    }
}

/// No piece is drawn that the window does not touch, and a path breaks only where it leaves the window.
#[test]
fn paths_are_as_few_as_the_curve_has_parts_in_the_window() {
    let count = |function: &Quadratic, level: f64| function.level(level, &WINDOW).len();
    let of = |gradient, curvature| Quadratic { value: 0.0, gradient, curvature };
    let circle = of([0.0, 0.0], [2.0, 0.0, 2.0]);
    assert_eq!([-1.0, 0.0, 0.5].map(|level| count(&circle, level)), [0, 0, 1]);
    assert_eq!(count(&circle, 100.0), 0);
    let saddle = of([0.0, 0.0], [2.0, 0.0, -2.0]);
    assert_eq!([-0.25, 0.25].map(|level| count(&saddle, level)), [2, 2]);
    assert_eq!([0.5, 50.0].map(|level| count(&of([0.0, 0.0], [2.0, 0.0, 0.0]), level)), [2, 0]);
    assert_eq!([0.5, 50.0].map(|level| count(&of([1.0, 0.0], [0.0; 3]), level)), [1, 0]);
    assert_eq!([0.5, 50.0].map(|level| count(&of([0.0, 1.0], [0.0; 3]), level)), [1, 0]);
    assert_eq!(count(&of([0.0; 2], [0.0; 3]), 0.0), 0);
}

/// A circle's pieces come back to where they began, and are few.
#[test]
fn a_closed_curve_closes() {
    let circle = Quadratic { value: 0.0, gradient: [0.0, 0.0], curvature: [2.0, 0.0, 2.0] };
    let paths = circle.level(0.5, &WINDOW);
    let [path] = &paths[..] else { panic!("{} paths for a circle", paths.len()) };
    let (start, end) = (&path[..2], &path[path.len() - 2..]);
    assert!((start[0] - end[0]).hypot(start[1] - end[1]) < 1e-12, "from {start:?} to {end:?}");
    assert!(path.len() <= 2 + 6 * 12, "{} numbers for a circle", path.len());
    assert!((start[0].hypot(start[1]) - SQRT_2 / 2.0).abs() < 1e-12);
}
