//! Products of matrices in either precision, each entry the sum of its terms in their order.

use std::ops::{Add, Mul};
use std::slice::ChunksExact;

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
    Factor::Plain(right).multiply(product, length, left, sum);
}

/// The same for C = A Bᵀ.
pub fn multiply_transposed<T: Number>(product: &mut [T], length: usize, left: Columns<T>, right: Columns<T>, sum: Sum) {
    Factor::Transposed(right.entries.chunks_exact(right.length)).multiply(product, length, left, sum);
}

/// What stands on the right of a product.
enum Factor<'a, T> {
    /// A matrix.
    Plain(Columns<'a, T>),
    /// The transpose of a matrix with these columns.
    Transposed(ChunksExact<'a, T>),
}

impl<T: Number> Factor<'_, T> {
    /// Four columns of C at a time; two or three at the end are done as four, of which the last is repeated.
    fn multiply(&self, product: &mut [T], length: usize, left: Columns<T>, sum: Sum) {
        for (group, stripe) in product.chunks_mut(4 * length).enumerate() {
            let last = stripe.len() / length - 1;
            if last == 0 {
                let factors = self.column(4 * group).map(|factor| [factor]);
                rows(stripe, length, left, factors, sum);
                continue;
            }
            let [a, b, c, d] = [0, 1, 2, 3].map(|column: usize| self.column(4 * group + column.min(last)));
            let factors = a.zip(b).zip(c).zip(d).map(|(((a, b), c), d)| [a, b, c, d]);
            rows(stripe, length, left, factors, sum);
        }
    }

    /// A column of it, as chunks of one length and one place in all of them: one loop reads either kind, without checks.
    #[inline]
    fn column(&self, column: usize) -> impl Iterator<Item = T> + Clone {
        let (chunks, place) = match self {
            Self::Plain(matrix) => (matrix.entries[column * matrix.length..][..matrix.length].chunks_exact(1), 0),
            Self::Transposed(columns) => (columns.clone(), column),
        };
        chunks.map(move |chunk| chunk[place])
    }
}

/// Some columns of C, four rows at a time.
#[inline]
fn rows<T: Number, const COLUMNS: usize>(
    stripe: &mut [T],
    length: usize,
    left: Columns<T>,
    factors: impl Iterator<Item = [T; COLUMNS]> + Clone,
    sum: Sum,
) {
    let fours = left.length / 4 * 4;
    (0..fours).step_by(4).for_each(|row| block::<T, 4, COLUMNS>(stripe, length, left, row, factors.clone(), sum));
    (fours..left.length).for_each(|row| block::<T, 1, COLUMNS>(stripe, length, left, row, factors.clone(), sum));
}

/// Some of their rows, whose sums stay in registers.
#[inline]
fn block<T: Number, const ROWS: usize, const COLUMNS: usize>(
    stripe: &mut [T],
    length: usize,
    left: Columns<T>,
    row: usize,
    factors: impl Iterator<Item = [T; COLUMNS]>,
    sum: Sum,
) {
    let mut sums = [[T::default(); ROWS]; COLUMNS];
    if sum == Sum::Onward {
        for (sums, column) in sums.iter_mut().zip(stripe.chunks_exact(length)) {
            sums.copy_from_slice(&column[row..row + ROWS]);
        }
    }
    for (left, right) in left.entries.chunks_exact(left.length).zip(factors) {
        let left = &left[row..row + ROWS];
        for column in 0..COLUMNS {
            for row in 0..ROWS {
                sums[column][row] = sums[column][row] + left[row] * right[column];
            }
        }
    }
    for (sums, column) in sums.iter().zip(stripe.chunks_exact_mut(length)) {
        for (entry, &terms) in column[row..row + ROWS].iter_mut().zip(sums) {
            *entry = if sum == Sum::Apart { *entry + terms } else { terms };
        }
    }
}
