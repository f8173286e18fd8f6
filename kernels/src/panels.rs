//! Matrices packed four rows abreast, and the product of two such panels in registers.

/// Four numbers abreast.
pub type Four = [f64; 4];

/// A matrix cut into groups of four rows, the last filled up with zeros; within a group, four entries a column.
pub struct Panels {
    depth: usize,
    fours: Vec<Four>,
}

impl Panels {
    /// Room for `rows` rows of `depth` columns, all zero.
    pub fn zeros(rows: usize, depth: usize) -> Self {
        Self { depth, fours: vec![[0.0; 4]; rows.div_ceil(4) * depth] }
    }

    /// The rows `4 group` to `4 group + 3`, one four a column.
    pub fn group(&self, group: usize) -> &[Four] {
        &self.fours[group * self.depth..(group + 1) * self.depth]
    }

    /// The same, to be filled.
    pub fn group_mut(&mut self, group: usize) -> &mut [Four] {
        &mut self.fours[group * self.depth..(group + 1) * self.depth]
    }

    /// The number of groups.
    pub fn groups(&self) -> usize {
        self.fours.len() / self.depth.max(1)
    }

    /// Puts `entries` into row `row`, one a column.
    pub fn set_row(&mut self, row: usize, entries: &[f64]) {
        self.group_mut(row / 4).iter_mut().zip(entries).for_each(|(four, &entry)| four[row % 4] = entry);
    }

    /// Puts `entries` into column `column`, one a row.
    pub fn set_column(&mut self, column: usize, entries: &[f64]) {
        let places = self.fours.iter_mut().skip(column).step_by(self.depth);
        places.zip(entries.chunks(4)).for_each(|(four, entries)| copy_up_to_four(four, entries));
    }
}

/// Copies what is there of four numbers: a copy of four is two moves, one of a length to be looked up a call.
#[inline]
pub fn copy_up_to_four(target: &mut [f64], source: &[f64]) {
    match (target.first_chunk_mut::<4>(), source.first_chunk::<4>()) {
        (Some(target), Some(source)) => *target = *source,
        _ => target.iter_mut().zip(source).for_each(|(target, &source)| *target = source),
    }
}

/// Σ_k `left[k]` ⊗ `right[k]`: sixteen sums that stay in registers.
#[inline]
pub fn tile(left: &[Four], right: &[Four]) -> [Four; 4] {
    let mut sums = [[0.0; 4]; 4];
    for (left, right) in left.iter().zip(right) {
        for i in 0..4 {
            for j in 0..4 {
                sums[i][j] += left[i] * right[j];
            }
        }
    }
    sums
}
