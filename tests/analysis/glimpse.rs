//! A glimpse is a part of the whole: of each analysis what a picture shows that will not stay.

use hessian_lab::analysis::Analysis;
use serde_json::json;

use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, NETWORKS};
use crate::support::{analysed, held, iterative};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ITERATIONS: usize = 6;
/// The first iterate, one within the runs, and one past their end.
const ITERATES: [usize; 3] = [0, 4, 9];

/// An analysis in whole, and its glimpse at an iterate.
fn both(example: &Example, kind: &str, k: usize) -> (Analysis, Analysis) {
    let changes = json!({ "damping": 0.4, "methods": iterative(ITERATIONS, example) });
    let mut glimpse = changes.clone();
    glimpse["glimpse"] = json!(k);
    (analysed(example, changes, kind).0, analysed(example, glimpse, kind).0)
}

/// The last of a list up to entry k.
fn entry<N: Copy>(list: &[N], k: usize) -> [N; 1] {
    [list[k.min(list.len() - 1)]]
}

#[test]
fn of_modes_the_iterate_comes() {
    for (example, k) in DEEP.draw(NETWORKS).zip(ITERATES.into_iter().cycle()) {
        let (whole, glimpse) = both(&example, "modes", k);
        let (whole, glimpse) = (whole.modes.expect("formed"), glimpse.modes.expect("formed"));
        assert_eq!(glimpse.exact, whole.exact, "{example}");
        for (one, all) in glimpse.methods.iter().zip(&whole.methods) {
            assert_eq!(one.error, [held(&all.error, k)], "{example} at {k}");
            assert_eq!(one.residual, [held(&all.residual, k)], "{example} at {k}");
        }
    }
}

#[test]
fn of_polynomials_the_iterate_comes() {
    for (example, k) in DEEP.draw(NETWORKS).zip(ITERATES.into_iter().cycle()) {
        let (whole, glimpse) = both(&example, "polynomials", k);
        let (whole, glimpse) = (whole.polynomials.expect("formed"), glimpse.polynomials.expect("formed"));
        assert_eq!(glimpse.methods.iter().flatten().count(), 6, "{example}");
        for (one, all) in glimpse.methods.iter().flatten().zip(whole.methods.iter().flatten()) {
            assert_eq!(one.values, [held(&all.values, k)], "{example} at {k}");
            assert_eq!(one.at_eigenvalues, [held(&all.at_eigenvalues, k)], "{example} at {k}");
            assert_eq!(one.points, all.points, "{example} at {k}");
        }
    }
}

#[test]
fn of_reductions_the_iterate_comes() {
    for (example, k) in DEEP.draw(NETWORKS).zip(ITERATES.into_iter().cycle()) {
        let (whole, glimpse) = both(&example, "reduction", k);
        let (whole, glimpse) = (whole.reduction.expect("asked for"), glimpse.reduction.expect("asked for"));
        for (one, all) in glimpse.iter().zip(&whole) {
            assert_eq!(one.actual, entry(&all.actual, k), "{example} at {k}");
            assert_eq!(one.predicted, entry(&all.predicted, k), "{example} at {k}");
            assert_eq!(one.ratio, entry(&all.ratio, k), "{example} at {k}");
        }
    }
}

/// The grid's corners and middle stay.
#[test]
fn of_a_slice_every_second_row_and_column_come_and_the_paths_to_the_iterate() {
    for (example, k) in Family::ANY.draw(NETWORKS).zip(ITERATES.into_iter().cycle()) {
        let (whole, glimpse) = both(&example, "slice", k);
        let (whole, glimpse) = (whole.slice.expect("formed"), glimpse.slice.expect("formed"));
        let side = glimpse.x.len();
        assert_eq!(glimpse.model, whole.model, "{example}");
        assert_eq!(whole.x.len(), 2 * side - 1);
        for (row, column) in [(0, 0), (side - 1, 3), (side / 2, side / 2), (4, side - 1)] {
            let place = 2 * row * whole.x.len() + 2 * column;
            assert!((glimpse.x[column] - whole.x[2 * column]).abs() <= 1e-12 * (1.0 + whole.x[2 * column].abs()));
            let (rough, fine) = (glimpse.objective[row * side + column], whole.objective[place]);
            let (rough, fine) = (rough.expect("a number"), fine.expect("a number"));
            assert!((rough - fine).abs() <= 1e-9 * (1.0 + fine), "{example}: {rough} for {fine}");
        }
        for (one, all) in glimpse.methods.iter().zip(&whole.methods) {
            let end = all.points.len().min(k + 1);
            assert_eq!(one.points, all.points[..end], "{example} at {k}");
            assert_eq!(one.off_plane, all.off_plane[..end], "{example} at {k}");
        }
    }
}
