//! Where a function that is known on a grid reaches a level: marching squares (Lorensen and Cline 1987, in two dimensions), linear
//! along the grid's lines.

/// A closed outline: its corners' x, y, one after the other, with what it bounds on the left.
pub type Ring = Vec<f64>;

/// A function's values on a grid, row by row.
pub struct Grid<'a> {
    /// The columns' x, ascending.
    pub x: &'a [f64],
    /// The rows' y, ascending.
    pub y: &'a [f64],
    /// f at (x₀, y₀), (x₁, y₀), …; none where it overflows.
    pub values: &'a [Option<f64>],
}

/// The grid within a border of points at which the function reaches no level, so that every outline is closed. A side between
/// two neighbours has the number 2 (row · width + column) of the first where it leads along the row, and one more where it leads up.
struct Bordered {
    width: usize,
    places: Vec<[f64; 2]>,
    values: Vec<f64>,
}

/// No outline crosses this side.
const NONE: u32 = u32::MAX;

impl Grid<'_> {
    /// {f ≥ level} within the grid, for each level.
    pub fn regions(&self, levels: &[f64]) -> Vec<Vec<Ring>> {
        let bordered = Bordered::new(self);
        let crossings = bordered.crossings(levels);
        levels.iter().zip(crossings).map(|(&level, next)| bordered.rings(level, next)).collect()
    }
}

impl Bordered {
    fn new(grid: &Grid) -> Self {
        let (x, y) = (outstretched(grid.x), outstretched(grid.y));
        let width = x.len();
        let mut values = vec![f64::MIN; width * y.len()];
        for (row, line) in grid.values.chunks_exact(grid.x.len()).enumerate() {
            let start = (row + 1) * width + 1;
            let places = &mut values[start..start + line.len()];
            places.iter_mut().zip(line).for_each(|(place, value)| *place = value.unwrap_or(f64::MAX));
        }
        let places = y.iter().flat_map(|&y| x.iter().map(move |&x| [x, y])).collect();
        Self { width, places, values }
    }

    fn rings(&self, level: f64, mut next: Vec<u32>) -> Vec<Ring> {
        let mut rings = Vec::new();
        for start in 0..next.len() {
            if next[start] == NONE {
                continue;
            }
            let mut ring = Outline::default();
            let mut side = start;
            while next[side] != NONE {
                ring.add(self.crossing(side, level));
                side = std::mem::replace(&mut next[side], NONE) as usize;
            }
            rings.extend(ring.closed());
        }
        rings
    }

    /// For each level, from each side that an outline crosses, the next one that it crosses.
    fn crossings(&self, levels: &[f64]) -> Vec<Vec<u32>> {
        let mut crossings = vec![vec![NONE; 2 * self.values.len()]; levels.len()];
        // One that leads from a row's end to the next row is all border.
        for square in 0..self.values.len() - self.width - 1 {
            let above = square + self.width;
            let values = [square, square + 1, above + 1, above].map(|corner| self.values[corner]);
            let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &v| (low.min(v), high.max(v)));
            for (&level, next) in levels.iter().zip(&mut crossings) {
                if low < level && level <= high {
                    self.cross(square, values, level, next);
                }
            }
        }
        crossings
    }

    /// Through the square that has this point at its lower left, from where the inside ends to where it starts, counter-clockwise.
    fn cross(&self, square: usize, values: [f64; 4], level: f64, next: &mut [u32]) {
        let above = square + self.width;
        let inside = values.map(|value| value >= level);
        // Each from the corner of the same number to the next one.
        let sides = [2 * square, 2 * square + 3, 2 * above, 2 * square + 1];
        // Of two starts, in a saddle, the next one leads around what is low, the last one around what is high.
        let is_joined = values.iter().sum::<f64>() >= 4.0 * level;
        for from in (0..4).filter(|&side| inside[side] && !inside[(side + 1) % 4]) {
            let other = |steps| (from + if is_joined { steps } else { 4 - steps }) % 4;
            let to = (1..4).map(other).find(|&side| !inside[side] && inside[(side + 1) % 4]);
            next[sides[from]] = sides[to.expect("what ends starts")] as u32;
        }
    }

    /// Where the function, linear along a side, has the level.
    fn crossing(&self, side: usize, level: f64) -> [f64; 2] {
        let from = side / 2;
        let to = if side.is_multiple_of(2) { from + 1 } else { from + self.width };
        let [start, end] = [from, to].map(|place| self.values[place]);
        let part = (level - start) / (end - start);
        let [a, b] = [from, to].map(|place| self.places[place]);
        [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]
    }
}

/// A side of the grid with the border's ends: it lies on the grid's outermost points.
fn outstretched(side: &[f64]) -> Vec<f64> {
    let ends = [&side[..1], side, &side[side.len() - 1..]];
    ends.concat()
}

/// A ring that is being drawn.
#[derive(Default)]
struct Outline(Vec<[f64; 2]>);

impl Outline {
    /// Of points on a line of the grid, as there are many at the border, the ends are enough.
    fn add(&mut self, point: [f64; 2]) {
        while let [.., before, last] = self.0[..]
            && (0..2).any(|axis| before[axis] == last[axis] && last[axis] == point[axis])
        {
            self.0.pop();
        }
        if self.0.last() != Some(&point) {
            self.0.push(point);
        }
    }

    /// The ring, unless it bounds nothing. It is led past its start, which may lie between its neighbours too.
    fn closed(mut self) -> Option<Ring> {
        let [first, second, ..] = self.0[..] else { return None };
        self.add(first);
        self.add(second);
        let corners = &self.0[1..self.0.len() - 1];
        (!corners.is_empty()).then(|| corners.concat())
    }
}
