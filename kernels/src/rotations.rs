//! A symmetric tridiagonal matrix made diagonal by plane rotations, all of which are kept.

use crate::panels::Four;

/// Sweeps an eigenvalue may take on average; it takes fewer than two.
const MOST_SWEEPS: usize = 30;

/// A number below which the square of one that matters has lost digits.
const TINY: f64 = 1e-280;

/// T = V Λ Vᵀ, with V as the product of the rotations of every sweep of the implicit QL algorithm (Parlett 1998, *The
/// symmetric eigenvalue problem*, chapter 8; Wilkinson's shift).
///
/// V itself is never formed: the rotations take 16 bytes each, about P² of them, and turn a vector in O(P²).
#[derive(Clone, Debug, Default)]
pub struct Rotations {
    sweeps: Vec<Sweep>,
    /// (c, s), in the order in which they were made.
    turns: Vec<(f64, f64)>,
}

/// Rotations in the planes (`start`, `start` + `step`), (`start` − `step`, `start`), … of a run of neighbours.
#[derive(Clone, Copy, Debug)]
struct Sweep {
    start: usize,
    /// Whether the matrix was turned end for end: neighbours are then one lower.
    flipped: bool,
    /// Its last rotation's place in the list, plus 1.
    end: usize,
}

/// A block of a tridiagonal matrix in the working.
struct Block<'a> {
    diagonal: &'a mut [f64],
    beside: &'a mut [f64],
    /// The row of T that the block's first is.
    first: usize,
    flipped: bool,
}

impl Rotations {
    /// The rotations that make T diagonal; `diagonal` becomes its eigenvalues, in no order.
    pub fn new(diagonal: &mut [f64], mut beside: Vec<f64>) -> Self {
        let mut rotations = Self::default();
        let mut sweeps = MOST_SWEEPS * diagonal.len();
        let mut first = 0;
        while first < diagonal.len() {
            let last = end_of_block(diagonal, &beside, first);
            let (diagonal, beside) = (&mut diagonal[first..=last], &mut beside[first..last]);
            // Rotations run towards the small end of a graded matrix, whose eigenvalues then keep their digits.
            let flipped = diagonal[last - first].abs() < diagonal[0].abs();
            if flipped {
                diagonal.reverse();
                beside.reverse();
            }
            rotations.diagonalise(Block { diagonal, beside, first, flipped }, &mut sweeps);
            if flipped {
                diagonal.reverse();
            }
            first = last + 1;
        }
        rotations
    }

    fn diagonalise(&mut self, mut block: Block, sweeps: &mut usize) {
        let mut low = 0;
        while low < block.diagonal.len() {
            let high = end_of_block(block.diagonal, block.beside, low);
            if high == low || *sweeps == 0 {
                low += 1;
            } else if high == low + 1 {
                self.finish_pair(&mut block, low);
                low += 2;
            } else {
                self.sweep(&mut block, low, high);
                *sweeps -= 1;
            }
        }
    }

    /// One implicit QL step on the rows `low` to `high`.
    fn sweep(&mut self, block: &mut Block, low: usize, high: usize) {
        let (d, e) = (&mut *block.diagonal, &mut *block.beside);
        let slope = (d[low + 1] - d[low]) / (2.0 * e[low]);
        let root = (slope * slope + 1.0).sqrt();
        let mut g = d[high] - d[low] + e[low] / (slope + root.copysign(slope));
        let (mut c, mut s, mut p) = (1.0, 1.0, 0.0);
        for i in (low..high).rev() {
            let (f, b) = (s * e[i], c * e[i]);
            let length = length(g, f);
            (c, s) = if length > 0.0 { (g / length, f / length) } else { (1.0, 0.0) };
            if i + 1 < high {
                e[i + 1] = length;
            }
            g = d[i + 1] - p;
            let r = (d[i] - g) * s + 2.0 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            self.turns.push((c, s));
        }
        d[low] -= p;
        e[low] = g;
        self.end_sweep(block, high - 1);
    }

    /// The eigenvalues of the rows `low` and `low` + 1 alone, the one larger in magnitude first.
    fn finish_pair(&mut self, block: &mut Block, low: usize) {
        let (a, b, c) = (block.diagonal[low], block.beside[low], block.diagonal[low + 1]);
        let (values, turn) = pair(a, b, c);
        [block.diagonal[low], block.diagonal[low + 1]] = values;
        block.beside[low] = 0.0;
        self.turns.push(turn);
        self.end_sweep(block, low);
    }

    fn end_sweep(&mut self, block: &Block, start: usize) {
        let last = block.first + block.diagonal.len() - 1;
        let start = if block.flipped { last - start } else { block.first + start };
        self.sweeps.push(Sweep { start, flipped: block.flipped, end: self.turns.len() });
    }

    /// Vᵀ times four vectors, in place.
    pub fn rotate(&self, rows: &mut [Four]) {
        let mut begin = 0;
        for sweep in &self.sweeps {
            for (i, &(c, s)) in self.turns[begin..sweep.end].iter().enumerate() {
                let (near, far) = sweep.plane(i);
                let (a, b) = (rows[near], rows[far]);
                for lane in 0..4 {
                    rows[near][lane] = c * a[lane] - s * b[lane];
                    rows[far][lane] = s * a[lane] + c * b[lane];
                }
            }
            begin = sweep.end;
        }
    }

    /// V times four vectors, in place.
    pub fn rotate_back(&self, rows: &mut [Four]) {
        for (k, sweep) in self.sweeps.iter().enumerate().rev() {
            let begin = if k > 0 { self.sweeps[k - 1].end } else { 0 };
            for (i, &(c, s)) in self.turns[begin..sweep.end].iter().enumerate().rev() {
                let (near, far) = sweep.plane(i);
                let (a, b) = (rows[near], rows[far]);
                for lane in 0..4 {
                    rows[near][lane] = c * a[lane] + s * b[lane];
                    rows[far][lane] = c * b[lane] - s * a[lane];
                }
            }
        }
    }
}

impl Sweep {
    /// The rows that its i-th rotation mixes.
    fn plane(&self, i: usize) -> (usize, usize) {
        if self.flipped { (self.start + i, self.start + i - 1) } else { (self.start - i, self.start - i + 1) }
    }
}

/// The last row that is coupled to row `first` by entries that are not negligible beside their two diagonal ones.
fn end_of_block(diagonal: &[f64], beside: &[f64], first: usize) -> usize {
    let coupled = |&i: &usize| {
        let square = beside[i] * beside[i];
        square > f64::EPSILON * f64::EPSILON * 0.25 * diagonal[i].abs() * diagonal[i + 1].abs() + f64::MIN_POSITIVE
    };
    (first..beside.len()).take_while(coupled).last().map_or(first, |i| i + 1)
}

/// √(a² + b²) of numbers that do not overflow when squared.
fn length(a: f64, b: f64) -> f64 {
    let square = a * a + b * b;
    if square > TINY {
        return square.sqrt();
    }
    let scale = 1.0 / TINY;
    ((a * scale) * (a * scale) + (b * scale) * (b * scale)).sqrt() / scale
}

/// The eigenvalues of ((a, b), (b, c)), the larger in magnitude first, and the rotation (LAPACK's `dlaev2`: each is exact to a
/// few roundings, and so is their product where it does not cancel).
fn pair(a: f64, b: f64, c: f64) -> ([f64; 2], (f64, f64)) {
    let (sum, difference) = (a + c, a - c);
    let root = length(difference, 2.0 * b);
    let (larger, smaller) = if a.abs() > c.abs() { (a, c) } else { (c, a) };
    let values = if sum == 0.0 {
        [0.5 * root, -0.5 * root]
    } else {
        let first = 0.5 * (sum + root.copysign(sum));
        [first, (larger / first) * smaller - (b / first) * b]
    };
    let sign = |number: f64| if number < 0.0 { -1.0 } else { 1.0 };
    let (first_sign, gap) = (sign(sum), difference + sign(difference) * root);
    let (cosine, sine) = if gap.abs() > 2.0 * b.abs() {
        let tangent = -2.0 * b / gap;
        let sine = 1.0 / (1.0 + tangent * tangent).sqrt();
        (tangent * sine, sine)
    } else if b == 0.0 {
        (1.0, 0.0)
    } else {
        let tangent = -gap / (2.0 * b);
        let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
        (cosine, tangent * cosine)
    };
    let (cosine, sine) = if first_sign == sign(difference) { (-sine, cosine) } else { (cosine, sine) };
    (values, (cosine, -sine))
}
