//! Numbers for the kernels' tests.

/// A stream of numbers in (−1, 1), Knuth's 64-bit linear congruential generator.
pub struct Stream(pub u64);

impl Stream {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    pub fn vector(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.next()).collect()
    }

    pub fn symmetric(&mut self, size: usize) -> Vec<f64> {
        let entries = self.vector(size * size);
        (0..size * size).map(|at| entries[at] + entries[at % size * size + at / size]).collect()
    }
}
