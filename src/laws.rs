//! The laws of data besides the notebook's: a sine, classes in the plane, inputs of a chosen condition number.

use std::f64::consts::{PI, TAU};

use nalgebra::{DMatrix, DVector};

use crate::data::Law;
use crate::loss::{Loss, Targets};
use crate::objective::Data;

impl Law<'_> {
    fn noise(&mut self) -> f64 {
        self.generated.noise * self.normal()
    }

    /// One class for each output of a classifier; of a regression with one output, two.
    pub(crate) fn class_count(&self) -> usize {
        self.outputs.max(2)
    }

    pub(crate) fn sine(&mut self) -> Data<f64> {
        let inputs = DMatrix::from_fn(1, self.samples(), |_, _| 6.0 * self.uniform() - 3.0);
        let noise = self.normals(self.outputs) * self.generated.noise;
        let clean = DMatrix::from_fn(self.outputs, self.samples(), |_, n| (PI / 2.0 * inputs[n]).sin());
        Data { inputs, targets: Targets::Values(clean + noise) }
    }

    /// Data of `count` classes in turn, the inputs of each drawn by `point`.
    pub(crate) fn classes(&mut self, count: usize, point: fn(&mut Self, usize, usize) -> DVector<f64>) -> Data<f64> {
        let classes: Vec<usize> = (0..self.samples()).map(|n| n % count).collect();
        let points: Vec<_> = classes.iter().map(|&class| point(self, class, count)).collect();
        let targets =
            match self.loss {
                Loss::CrossEntropy => Targets::Classes(classes),
                Loss::Mse if self.outputs == 1 => {
                    Targets::Values(DMatrix::from_fn(1, classes.len(), |_, n| if classes[n] == 0 { -1.0 } else { 1.0 }))
                }
                Loss::Mse => Targets::Values(DMatrix::from_fn(self.outputs, classes.len(), |c, n| {
                    if classes[n] == c { 1.0 } else { 0.0 }
                })),
            };
        Data { inputs: DMatrix::from_columns(&points), targets }
    }

    /// A point of one of two half-circles of radius 1 that reach into each other, centred on the origin.
    pub(crate) fn moon(&mut self, class: usize, _: usize) -> DVector<f64> {
        let angle = PI * self.uniform();
        let side = if class == 0 { 1.0 } else { -1.0 };
        let (x, y) = (side * (angle.cos() - 0.5), side * (angle.sin() - 0.25));
        DVector::from_column_slice(&[x + self.noise(), y + self.noise()])
    }

    /// A point of one of `count` spiral arms that make one and a half turns out to radius 1.
    pub(crate) fn spiral(&mut self, class: usize, count: usize) -> DVector<f64> {
        let radius = self.uniform().sqrt();
        let angle = 1.5 * TAU * radius + TAU * class as f64 / count as f64;
        DVector::from_column_slice(&[radius * angle.cos() + self.noise(), radius * angle.sin() + self.noise()])
    }

    /// A point of the cloud about the class's place on the unit circle; with one input, on its first axis.
    pub(crate) fn blob(&mut self, class: usize, count: usize) -> DVector<f64> {
        let angle = TAU * class as f64 / count as f64;
        let centre = [angle.cos(), angle.sin()];
        DVector::from_fn(self.inputs, |i, _| centre.get(i).copied().unwrap_or(0.0) + self.noise())
    }

    /// Inputs X (d × N) whose rows are orthogonal to each other and to 1, with X Xᵀ/N = diag of a geometric sequence from
    /// 1 to 1/κ; targets are the inputs' standardised sum plus noise.
    pub(crate) fn ill_conditioned(&mut self) -> Data<f64> {
        let (count, samples) = (self.inputs, self.samples());
        let mut basis = self.normals(count + 1).transpose();
        basis.fill_column(0, 1.0);
        let orthonormal = basis.qr().q().columns(1, count).transpose() * (samples as f64).sqrt();
        let exponent = |i: usize| if count > 1 { i as f64 / (count - 1) as f64 } else { 0.0 };
        let condition = self.generated.condition;
        let inputs = DMatrix::from_fn(count, samples, |i, n| orthonormal[(i, n)] * condition.powf(-0.5 * exponent(i)));
        let signal = orthonormal.row_sum() / (count as f64).sqrt();
        let targets = DMatrix::from_fn(self.outputs, samples, |_, n| signal[n] + self.noise());
        Data { inputs, targets: Targets::Values(targets) }
    }
}
