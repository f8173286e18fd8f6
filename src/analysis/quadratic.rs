//! A quadratic function of two variables, and its level curves as paths that can be drawn at once.

use std::f64::consts::PI;

use serde::Serialize;

/// q(d) = value + gradient · d + ½ dᵀ [[xx, xy], [xy, yy]] d.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Quadratic {
    /// q(0).
    pub value: f64,
    /// ∇q(0).
    pub gradient: [f64; 2],
    /// xx, xy, yy.
    pub curvature: [f64; 3],
}

/// Cubic Bézier pieces, each from where the last one ended: the start's x, y, then x, y of two controls and an end, piece by piece.
pub type CubicPath = Vec<f64>;

/// A rectangle: the ends of its range of x, and of y.
pub type Window = [[f64; 2]; 2];

/// How far a drawn curve may lie off the true one, as a part of the window's diagonal: a fifth of a pixel of a thousand.
const TOLERANCE: f64 = 2e-4;
/// Where the curve bends least, one half of it is drawn in so many pieces; each may be halved so often.
const PIECES: usize = 3;
const HALVINGS: u32 = 7;
/// Bent less than this part of its slope over the window, the function counts as linear there.
const STRAIGHT: f64 = 1e-9;

impl Quadratic {
    /// q(x, y).
    pub fn at(&self, [x, y]: [f64; 2]) -> f64 {
        let [xx, xy, yy] = self.curvature;
        self.value + self.gradient[0] * x + self.gradient[1] * y + 0.5 * (xx * x * x + 2.0 * xy * x * y + yy * y * y)
    }

    /// ∇q(x, y).
    pub fn slope(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [xx, xy, yy] = self.curvature;
        [self.gradient[0] + xx * x + xy * y, self.gradient[1] + xy * x + yy * y]
    }

    /// The curve q = `level` as far as it meets a window: an ellipse, a hyperbola, a parabola or lines, and nothing where q is constant.
    pub fn level(&self, level: f64, window: &Window) -> Vec<CubicPath> {
        let mut pen = Pen::new(*self, level, *window);
        match Ridge::of(self, pen.diagonal) {
            Some(ridge) => ridge.draw(level, &mut pen),
            None => self.draw_line(level, &mut pen),
        }
        pen.paths
    }

    /// The level line of the linear part.
    fn draw_line(&self, level: f64, pen: &mut Pen) {
        let [a, b] = self.gradient;
        let norm = a.hypot(b);
        if norm == 0.0 {
            return;
        }
        let frame = Frame { p: [a / norm, b / norm], q: [-b / norm, a / norm] };
        let [low, high] = frame.range_of_q(&pen.window);
        let offset = (level - self.value) / norm;
        let at = |q: f64| Point { place: frame.place(offset, q), way: frame.place(0.0, 1.0) };
        pen.draw(&at, [low, high], 0);
        pen.lift();
    }
}

/// Orthonormal axes about the origin.
#[derive(Clone, Copy)]
struct Frame {
    p: [f64; 2],
    q: [f64; 2],
}

impl Frame {
    fn place(&self, p: f64, q: f64) -> [f64; 2] {
        [self.p[0] * p + self.q[0] * q, self.p[1] * p + self.q[1] * q]
    }

    /// What a window's corners span along q.
    fn range_of_q(&self, [[left, right], [bottom, top]]: &Window) -> [f64; 2] {
        let corners = [[left, bottom], [left, top], [right, bottom], [right, top]];
        let along = corners.map(|[x, y]| self.q[0] * x + self.q[1] * y);
        [along.into_iter().fold(f64::INFINITY, f64::min), along.into_iter().fold(f64::NEG_INFINITY, f64::max)]
    }
}

/// The function along the axes of its curvature: ½ `bend` (p − `middle`)² + `height` + `tilt` q + ½ `rest` q², with |bend| ≥ |rest|.
///
/// A square is completed along the axis of the greater bend alone, so that parabolas, lines and all between them need no case of
/// their own: no centre runs away as the lesser bend vanishes.
struct Ridge {
    frame: Frame,
    bend: f64,
    middle: f64,
    height: f64,
    tilt: f64,
    rest: f64,
}

impl Ridge {
    /// None where the function is linear over a length.
    fn of(function: &Quadratic, length: f64) -> Option<Self> {
        let [xx, xy, yy] = function.curvature;
        let (sine, cosine) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
        let (mean, half) = (0.5 * (xx + yy), (0.5 * (xx - yy)).hypot(xy));
        let (first, second) = ([cosine, sine], [-sine, cosine]);
        let (bend, rest, frame) = match mean >= 0.0 {
            true => (mean + half, mean - half, Frame { p: first, q: second }),
            false => (mean - half, mean + half, Frame { p: second, q: [-first[0], -first[1]] }),
        };
        let [a, b] = function.gradient;
        let (along, tilt) = (a * frame.p[0] + b * frame.p[1], a * frame.q[0] + b * frame.q[1]);
        let middle = -along / bend;
        let height = function.value - 0.5 * along * (along / bend);
        (bend.abs() * length > STRAIGHT * a.hypot(b)).then_some(Self { frame, bend, middle, height, tilt, rest })
    }

    /// Where (p − middle)² = D(q) has room, both its roots.
    fn draw(&self, level: f64, pen: &mut Pen) {
        let square = Parabola {
            constant: 2.0 * (level - self.height) / self.bend,
            linear: -2.0 * self.tilt / self.bend,
            quadratic: -self.rest / self.bend,
        };
        let [low, high] = self.frame.range_of_q(&pen.window);
        for stretch in square.stretches(low, high) {
            self.draw_stretch(&square, &stretch, pen);
        }
    }

    /// Both halves over a stretch of q, in one stroke where they meet at its end.
    fn draw_stretch(&self, square: &Parabola, stretch: &Stretch, pen: &mut Pen) {
        let half = |sign: f64| move |phase: f64| self.point(square, stretch, sign, phase);
        let (upper, lower) = (half(1.0), half(-1.0));
        if stretch.meets[1] {
            pen.stroke(&upper, [0.0, PI]);
            pen.stroke(&lower, [PI, 0.0]);
        } else {
            pen.stroke(&lower, [PI, 0.0]);
            if !stretch.meets[0] {
                pen.lift();
            }
            pen.stroke(&upper, [0.0, PI]);
        }
        pen.lift();
    }

    /// A point of the curve, by the phase of q = mid − half cos(phase): where the halves meet, a root's steepness is an angle's.
    fn point(&self, square: &Parabola, stretch: &Stretch, sign: f64, phase: f64) -> Point {
        let (mid, half) = (0.5 * (stretch.low + stretch.high), 0.5 * (stretch.high - stretch.low));
        let (sine, cosine) = phase.sin_cos();
        let (q, speed) = (mid - half * cosine, half * sine);
        let end = [phase == 0.0, phase == PI].iter().position(|&here| here);
        let (root, climb) = match end {
            Some(end) if stretch.meets[end] => {
                let q = [stretch.low, stretch.high][end];
                (0.0, [1.0, -1.0][end] * (0.5 * half * square.slope(q).abs()).sqrt())
            }
            Some(_) => (square.at(q).max(0.0).sqrt(), 0.0),
            None => {
                let root = square.at(q).max(0.0).sqrt();
                (root, if root > 0.0 { square.slope(q) * speed / (2.0 * root) } else { 0.0 })
            }
        };
        Point { place: self.frame.place(self.middle + sign * root, q), way: self.frame.place(sign * climb, speed) }
    }
}

/// constant + linear q + quadratic q².
struct Parabola {
    constant: f64,
    linear: f64,
    quadratic: f64,
}

/// An interval on which a parabola is positive, and at which of its ends it is zero.
struct Stretch {
    low: f64,
    high: f64,
    meets: [bool; 2],
}

impl Parabola {
    fn at(&self, q: f64) -> f64 {
        self.constant + q * (self.linear + q * self.quadratic)
    }

    fn slope(&self, q: f64) -> f64 {
        self.linear + 2.0 * q * self.quadratic
    }

    /// Its real roots where it changes its sign, by the formula without cancellation.
    fn roots(&self) -> Vec<f64> {
        let discriminant = self.linear * self.linear - 4.0 * self.quadratic * self.constant;
        if discriminant <= 0.0 {
            return Vec::new();
        }
        let sum = -0.5 * (self.linear + discriminant.sqrt().copysign(self.linear));
        [sum / self.quadratic, self.constant / sum].into_iter().filter(|root| root.is_finite()).collect()
    }

    /// Where between two places it is positive.
    fn stretches(&self, low: f64, high: f64) -> Vec<Stretch> {
        let mut inner: Vec<f64> = self.roots().into_iter().filter(|&root| low < root && root < high).collect();
        inner.sort_by(f64::total_cmp);
        let cuts: Vec<f64> = [low].into_iter().chain(inner).chain([high]).collect();
        let last = cuts.len() - 2;
        let stretch =
            |(index, ends): (usize, &[f64])| Stretch { low: ends[0], high: ends[1], meets: [index > 0, index < last] };
        let is_positive = |stretch: &Stretch| self.at(0.5 * (stretch.low + stretch.high)) > 0.0;
        cuts.windows(2).enumerate().map(stretch).filter(is_positive).collect()
    }
}

/// A point of a curve, and the curve's derivative there by its parameter.
#[derive(Clone, Copy)]
struct Point {
    place: [f64; 2],
    way: [f64; 2],
}

/// Writes a level curve down, as finely as it needs, and leaves out what misses the window.
struct Pen {
    function: Quadratic,
    level: f64,
    window: Window,
    diagonal: f64,
    paths: Vec<CubicPath>,
    is_down: bool,
}

impl Pen {
    fn new(function: Quadratic, level: f64, window: Window) -> Self {
        let [[left, right], [bottom, top]] = window;
        let diagonal = (right - left).hypot(top - bottom);
        Self { function, level, window, diagonal, paths: Vec::new(), is_down: false }
    }

    fn lift(&mut self) {
        self.is_down = false;
    }

    /// A smooth curve over a range of its parameter.
    fn stroke(&mut self, at: &dyn Fn(f64) -> Point, [from, to]: [f64; 2]) {
        let place = |index: usize| match index {
            PIECES => to,
            _ => from + (to - from) * index as f64 / PIECES as f64,
        };
        for index in 0..PIECES {
            self.draw(at, [place(index), place(index + 1)], HALVINGS);
        }
    }

    /// One piece, or its halves where it strays.
    fn draw(&mut self, at: &dyn Fn(f64) -> Point, [from, to]: [f64; 2], halvings: u32) {
        let (start, end) = (at(from), at(to));
        let third =
            |point: &Point, sign: f64, axis: usize| point.place[axis] + sign * (to - from) / 3.0 * point.way[axis];
        let controls = [1.0, -1.0].map(|sign| {
            let point = if sign > 0.0 { &start } else { &end };
            [third(point, sign, 0), third(point, sign, 1)]
        });
        let piece = [start.place, controls[0], controls[1], end.place];
        if halvings > 0 && self.strays(&piece) {
            let middle = 0.5 * (from + to);
            self.draw(at, [from, middle], halvings - 1);
            self.draw(at, [middle, to], halvings - 1);
        } else {
            self.write(&piece);
        }
    }

    /// Whether a piece leaves the curve by more than is seen: at its middle and quarters, the function's error over its slope.
    fn strays(&self, piece: &[[f64; 2]; 4]) -> bool {
        [0.25, 0.5, 0.75].into_iter().any(|part| {
            let place = bezier(piece, part);
            let [a, b] = self.function.slope(place);
            (self.function.at(place) - self.level).abs() > TOLERANCE * self.diagonal * a.hypot(b)
        })
    }

    /// A piece's points enclose it: where they all lie to one side of the window, it is not seen.
    fn write(&mut self, piece: &[[f64; 2]; 4]) {
        let misses = |axis: usize| {
            let [low, high] = self.window[axis];
            piece.iter().all(|point| point[axis] < low) || piece.iter().all(|point| point[axis] > high)
        };
        if misses(0) || misses(1) {
            self.lift();
            return;
        }
        if !self.is_down {
            self.paths.push(piece[0].to_vec());
        }
        self.is_down = true;
        let path = self.paths.last_mut().expect("one was begun");
        path.extend(piece[1..].iter().flatten());
    }
}

/// The point of a cubic Bézier curve at a part of its way.
fn bezier(piece: &[[f64; 2]; 4], part: f64) -> [f64; 2] {
    let rest = 1.0 - part;
    let weights = [rest * rest * rest, 3.0 * rest * rest * part, 3.0 * rest * part * part, part * part * part];
    [0, 1].map(|axis| piece.iter().zip(weights).map(|(point, weight)| weight * point[axis]).sum())
}
