//! How much of an analysis is asked for: all of it, or what a picture shows that will not stay.

use std::ops::Range;

/// All of an analysis, or a glimpse of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    iterate: Option<usize>,
}

impl Sight {
    /// Everything.
    pub const ALL: Self = Self { iterate: None };

    /// A glimpse at this iterate, where there is one.
    pub fn new(glimpse: Option<u32>) -> Self {
        Self { iterate: glimpse.map(|k| k as usize) }
    }

    /// Which of a run's `count` iterates come: one that ended early holds its last.
    pub fn places(self, count: usize) -> Range<usize> {
        let end = self.end(count);
        if self.iterate.is_some() { end.saturating_sub(1)..end } else { 0..end }
    }

    /// The entries that come, of one an iterate.
    pub fn of<T>(self, entries: &[T]) -> &[T] {
        &entries[self.places(entries.len())]
    }

    /// The entries that come of a path to an iterate.
    pub fn path<T>(self, entries: &[T]) -> &[T] {
        &entries[..self.end(entries.len())]
    }

    /// Points a side of a grid of `side` points: every second one in a glimpse.
    pub fn side(self, side: usize) -> usize {
        if self.iterate.is_some() { side.div_ceil(2) } else { side }
    }

    fn end(self, count: usize) -> usize {
        self.iterate.map_or(count, |k| count.min(k + 1))
    }
}
