//! Products of matrices in either precision, each entry the sum of its terms in their order.

use std::ops::{Add, Mul};

/// A real number that matrices are made of.
pub trait Number: Copy + Default + Add<Output = Self> + Mul<Output = Self> {}

impl Number for f32 {}
impl Number for f64 {}

/// A matrix, column after column.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a, T> {
    /// Its entries.
    pub entries: &'a [T],
    /// How many of them are a column.
    pub length: usize,
}

/// What becomes of the numbers in a product's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// They make way for the product.
    Anew,
    /// Its terms are added to them one by one.
    Onward,
    /// Its terms are added up first, and their sum to them.
    Apart,
}

/// C = A B, or what `sum` makes of C and A B. C has columns of `length` numbers, the first of which, as many as A has rows,
/// count; A may have more columns than B has rows.
pub fn multiply<T: Number>(product: &mut [T], length: usize, left: Columns<T>, right: Columns<T>, sum: Sum) {
    let right = Factor { entries: right.entries, depth: right.length, row: 1, column: right.length };
    right.multiply(product, length, left, sum);
}

/// The same for C = A Bᵀ.
pub fn multiply_transposed<T: Number>(product: &mut [T], length: usize, left: Columns<T>, right: Columns<T>, sum: Sum) {
    let depth = right.entries.len() / right.length;
    Factor { entries: right.entries, depth, row: right.length, column: 1 }.multiply(product, length, left, sum);
}

/// B, its entries by rows and columns that lie so far apart.
struct Factor<'a, T> {
    entries: &'a [T],
    depth: usize,
    row: usize,
    column: usize,
}

impl<T: Number> Factor<'_, T> {
    /// Four columns of C at a time; fewer at the end are done as four, of which the last is repeated.
    fn multiply(&self, product: &mut [T], length: usize, left: Columns<T>, sum: Sum) {
        let fours = left.length / 4 * 4;
        for (group, stripe) in product.chunks_mut(4 * length).enumerate() {
            let last = stripe.len() / length - 1;
            let starts = [0, 1, 2, 3].map(|column: usize| (4 * group + column.min(last)) * self.column);
            (0..fours).step_by(4).for_each(|row| self.block::<4>(stripe, length, left, row, starts, sum));
            (fours..left.length).for_each(|row| self.block::<1>(stripe, length, left, row, starts, sum));
        }
    }

    /// Some rows of four columns of C, whose sums stay in registers.
    fn block<const ROWS: usize>(
        &self,
        stripe: &mut [T],
        length: usize,
        left: Columns<T>,
        row: usize,
        starts: [usize; 4],
        sum: Sum,
    ) {
        let mut sums = [[T::default(); ROWS]; 4];
        if sum == Sum::Onward {
            for (sums, column) in sums.iter_mut().zip(stripe.chunks_exact(length)) {
                sums.copy_from_slice(&column[row..row + ROWS]);
            }
        }
        let sums = self.sums(left, row, starts, sums);
        for (sums, column) in sums.iter().zip(stripe.chunks_exact_mut(length)) {
            for (entry, &terms) in column[row..row + ROWS].iter_mut().zip(sums) {
                *entry = if sum == Sum::Apart { *entry + terms } else { terms };
            }
        }
    }

    /// The sums that these become when the terms are added to them.
    #[inline(never)]
    fn sums<const ROWS: usize>(
        &self,
        left: Columns<T>,
        row: usize,
        starts: [usize; 4],
        mut sums: [[T; ROWS]; 4],
    ) -> [[T; ROWS]; 4] {
        let [a, b, c, d] = starts;
        let mut place = 0;
        for left in left.entries.chunks_exact(left.length).take(self.depth) {
            let left = &left[row..row + ROWS];
            let right =
                [self.entries[a + place], self.entries[b + place], self.entries[c + place], self.entries[d + place]];
            for column in 0..4 {
                for row in 0..ROWS {
                    sums[column][row] = sums[column][row] + left[row] * right[column];
                }
            }
            place += self.row;
        }
        sums
    }
}
