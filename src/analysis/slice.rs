//! The objective and its quadratic model in a plane through θ, with every method's step in it.

use nalgebra::DVector;
use serde::Serialize;

use crate::analysis::landscape::Landscape;
use crate::analysis::quadratic::{CubicPath, Quadratic, Window};
use crate::analysis::regions::{Grid, Ring};
use crate::analysis::sight::Sight;
use crate::analysis::{MethodRun, not_formed};
use crate::magnitude::finite;
use crate::system::System;

/// Points a side, of which a glimpse has every second.
const SIDE: usize = 41;
/// How many levels the contours are drawn at.
const LEVELS: usize = 14;
/// Of the room about θ and the exact step, the part that counts as near.
const NEAR: f64 = 0.4;
/// A value near θ and the exact step counts so often in the choice of levels, one beyond once.
const NEARER: usize = 3;

/// The plane θ + x u + y v, with u along the first direction and v the second's part orthogonal to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Slice {
    /// The x of the grid's columns, ascending.
    pub x: Vec<f64>,
    /// The y of the grid's rows, ascending.
    pub y: Vec<f64>,
    /// The objective, row by row; null where it overflows.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub objective: Vec<Option<f64>>,
    /// f(θ) + gᵀd + ½ dᵀ C d in the plane, with the undamped curvature.
    pub model: Quadratic,
    /// Values at which to draw contours, ascending: quantiles of the objective's and the model's values on the grid.
    pub levels: Vec<f64>,
    /// Where the objective is at or above each level, by their outlines.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[][][]"))]
    pub regions: Vec<Vec<Ring>>,
    /// The model's contours on the grid's rectangle, by level.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[][][]"))]
    pub contours: Vec<Vec<CubicPath>>,
    /// Where the exact step −x* ends.
    pub exact: [f64; 2],
    /// One for each method, in their order.
    pub methods: Vec<StepPath>,
}

/// One method's steps −x_k, projected onto the plane; a run that ended early has fewer entries, and its last one holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StepPath {
    /// Their coordinates in the plane.
    pub points: Vec<[f64; 2]>,
    /// How far beside the plane each ends.
    pub off_plane: Vec<f64>,
}

/// The slice spanned by −g and the exact step −x*.
pub fn slice(system: &System, runs: &[MethodRun], sight: Sight) -> Result<Slice, String> {
    let Some(exact) = &system.exact else { return Err(not_formed("slice", system)) };
    Ok(slice_through(system, runs, &Plane::new(&-&system.problem.gradient, &-exact), &-exact, sight))
}

/// The slice through any plane, wide enough for θ and for θ + `step`.
pub fn slice_through(system: &System, runs: &[MethodRun], plane: &Plane, step: &DVector<f64>, sight: Sight) -> Slice {
    let methods: Vec<_> = runs.iter().map(|(_, answer)| plane.path(sight.path(&answer.run.iterates))).collect();
    let exact = plane.coordinates(step);
    let (x, y) = extent(exact, sight.side(SIDE));
    let model = model_in(plane, system);
    let (objective, theta) = (&system.problem.evaluation.objective, &system.problem.evaluation.theta);
    let points: Vec<_> = y.iter().flat_map(|&y| x.iter().map(move |&x| [x, y])).collect();
    let mut landscape = Landscape::new(objective, theta, &plane.across, &plane.up);
    let objective: Vec<_> = points.iter().map(|&point| finite(landscape.value(point))).collect();
    let window = [[x[0], x[x.len() - 1]], [y[0], y[y.len() - 1]]];
    let levels = levels(&points, &objective, &model, [near(exact[0], window[0]), near(exact[1], window[1])]);
    let contours = levels.iter().map(|&level| model.level(level, &window)).collect();
    let regions = Grid { x: &x, y: &y, values: &objective }.regions(&levels);
    Slice { x, y, objective, model, levels, regions, contours, exact, methods }
}

/// The quadratic model within a plane.
fn model_in(plane: &Plane, system: &System) -> Quadratic {
    let curvature = |vector: &DVector<f64>| system.operator.apply(vector) - vector * system.damping;
    let (across, up) = (curvature(&plane.across), curvature(&plane.up));
    Quadratic {
        value: system.problem.evaluation.value(),
        gradient: plane.coordinates(&system.problem.gradient),
        curvature: [plane.across.dot(&across), plane.up.dot(&across), plane.up.dot(&up)],
    }
}

/// The part of a side of the grid that is near θ and the exact step's end.
fn near(end: f64, [low, high]: [f64; 2]) -> [f64; 2] {
    let (first, last) = (end.min(0.0), end.max(0.0));
    [first + NEAR * (low - first), last + NEAR * (high - last)]
}

/// Levels that cut the picture into bands of about equal area, those near its middle counted more.
fn levels(points: &[[f64; 2]], objective: &[Option<f64>], model: &Quadratic, near: Window) -> Vec<f64> {
    let is_near = |point: &[f64; 2]| (0..2).all(|axis| near[axis][0] <= point[axis] && point[axis] <= near[axis][1]);
    let values = points.iter().zip(objective).flat_map(|(point, &objective)| {
        let times = if is_near(point) { NEARER } else { 1 };
        [objective, finite(model.at(*point))].into_iter().flatten().map(move |value| (value, times))
    });
    let mut sorted: Vec<(f64, usize)> = values.collect();
    sorted.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let mut count = 0;
    let up_to = |&(_, times): &(f64, usize)| {
        count += times;
        count
    };
    let passed: Vec<usize> = sorted.iter().map(up_to).collect();
    let place = |index: usize| (2 * index + 1) * count.saturating_sub(1) / (2 * LEVELS);
    let at = |index: usize| passed.partition_point(|&passed| passed <= place(index));
    let mut levels: Vec<f64> = (0..LEVELS).filter_map(|index| Some(sorted.get(at(index))?.0)).collect();
    levels.dedup();
    levels
}

/// An orthonormal basis of a plane; a direction that vanishes or adds none to the first leaves a zero vector.
pub struct Plane {
    /// u.
    pub across: DVector<f64>,
    /// v.
    pub up: DVector<f64>,
}

impl Plane {
    /// The plane spanned by two directions.
    pub fn new(first: &DVector<f64>, second: &DVector<f64>) -> Self {
        let across = unit(first, first.norm());
        let rest = second - &across * across.dot(second);
        Self { up: unit(&rest, second.norm()), across }
    }

    /// The coordinates of a vector's projection.
    pub fn coordinates(&self, vector: &DVector<f64>) -> [f64; 2] {
        [self.across.dot(vector), self.up.dot(vector)]
    }

    fn path(&self, iterates: &[DVector<f64>]) -> StepPath {
        let points: Vec<_> = iterates.iter().map(|x| self.coordinates(&-x)).collect();
        let off = |(x, &[a, b]): (&DVector<f64>, &[f64; 2])| (-x - &self.across * a - &self.up * b).norm();
        StepPath { off_plane: iterates.iter().zip(&points).map(off).collect(), points }
    }
}

fn unit(vector: &DVector<f64>, size: f64) -> DVector<f64> {
    let norm = vector.norm();
    if norm > 1e-12 * size { vector / norm } else { DVector::zeros(vector.len()) }
}

/// Ranges that hold θ at (0, 0) and the exact step with half as much room about them.
fn extent(exact: [f64; 2], side: usize) -> (Vec<f64>, Vec<f64>) {
    let size = exact[0].hypot(exact[1]);
    let size = if size > 0.0 { size } else { 1.0 };
    let range = |end: f64| {
        let (low, high) = (end.min(0.0) - 0.5 * size, end.max(0.0) + 0.5 * size);
        (0..side).map(|i| low + (high - low) * i as f64 / (side - 1) as f64).collect()
    };
    (range(exact[0]), range(exact[1]))
}
