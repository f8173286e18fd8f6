//! LiSSA: the Neumann series with each term's matrix replaced by that of a random batch.

use nalgebra::DVector;
use rand::seq::index::sample;
use rand_pcg::Pcg32;

use crate::operator::SampledOperator;
use crate::scalar::Scalar;
use crate::solve::Iterate;

/// The random stream that batches are drawn from; repeat r draws from this one plus r.
const FIRST_STREAM: u64 = 1000;

/// x₀ = b/s; x ← x + (b − (C_batch + λ I) x)/s, one batch a step, averaged over independent repeats (Agarwal, Bullins and
/// Hazan 2017, algorithm 1, <https://arxiv.org/abs/1602.03943>).
///
/// λ is inside the matrix, so that the fixed point of the expectation is (C + λ I)⁻¹ b; with the whole data as its batch
/// it is the Neumann series. Codes that multiply x by 1 − λ beside a scaled product solve (C + s λ I) x = b instead.
pub struct Lissa<'a, T: Scalar> {
    operator: &'a dyn SampledOperator<T>,
    right_hand_side: DVector<T>,
    step: T,
    batch: usize,
    repeats: Vec<Repeat<T>>,
    products: f64,
    started: bool,
}

struct Repeat<T: Scalar> {
    solution: DVector<T>,
    batches: Batches,
}

/// The batches of one repeat, each drawn without replacement: indices of data, ascending.
pub struct Batches {
    generator: Pcg32,
    samples: usize,
    size: usize,
}

impl Batches {
    /// Batches of `size` of `samples` data.
    pub fn new(seed: u32, repeat: usize, samples: usize, size: usize) -> Self {
        Self { generator: Pcg32::new(u64::from(seed), FIRST_STREAM + repeat as u64), samples, size }
    }
}

impl Iterator for Batches {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        let mut indices = sample(&mut self.generator, self.samples, self.size).into_vec();
        // In order, a batch of all data sums as the whole does.
        indices.sort_unstable();
        Some(indices)
    }
}

impl<'a, T: Scalar> Lissa<'a, T> {
    /// The iteration with the scale s > 0, batches of `batch` data without replacement, and `repeats` runs of it.
    pub fn new(
        operator: &'a dyn SampledOperator<T>,
        right_hand_side: &DVector<T>,
        scale: f64,
        batch: usize,
        repeats: usize,
        seed: u32,
    ) -> Self {
        let step = T::of(1.0 / scale);
        let repeat =
            |r| Repeat { solution: right_hand_side * step, batches: Batches::new(seed, r, operator.samples(), batch) };
        Self {
            repeats: (0..repeats).map(repeat).collect(),
            operator,
            right_hand_side: right_hand_side.clone(),
            step,
            batch,
            products: 0.0,
            started: false,
        }
    }

    /// The present iterate of each run.
    pub fn runs(&self) -> impl Iterator<Item = &DVector<T>> {
        self.repeats.iter().map(|repeat| &repeat.solution)
    }

    fn step(&mut self) {
        for repeat in &mut self.repeats {
            let Some(batch) = repeat.batches.next() else { unreachable!("batches never end") };
            let residual = &self.right_hand_side - self.operator.apply_batch(&batch, &repeat.solution);
            repeat.solution.axpy(self.step, &residual, T::one());
        }
        self.products += (self.repeats.len() * self.batch) as f64 / self.operator.samples() as f64;
    }

    fn mean(&self) -> DVector<T> {
        let zero = DVector::zeros(self.right_hand_side.len());
        let sum = self.repeats.iter().fold(zero, |sum, repeat| sum + &repeat.solution);
        sum / T::of(self.repeats.len() as f64)
    }
}

impl<T: Scalar> Iterator for Lissa<'_, T> {
    type Item = Iterate<T>;

    fn next(&mut self) -> Option<Iterate<T>> {
        if self.started {
            self.step();
        }
        self.started = true;
        Some(Iterate { solution: self.mean(), products: self.products, event: None, coefficients: None })
    }
}
