//! An objective evaluated at one θ: its value and, by backpropagation, its gradient.

use nalgebra::{DMatrix, DVector};

use crate::network::ForwardPass;
use crate::objective::Objective;
use crate::scalar::Scalar;

/// An objective at one θ, with the forward pass and the backpropagated loss gradient that its curvature needs.
#[derive(Clone, Debug)]
pub struct Evaluation<T: Scalar> {
    /// The objective.
    pub objective: Objective<T>,
    /// θ.
    pub theta: DVector<T>,
    /// The forward pass of the data.
    pub pass: ForwardPass<T>,
    /// ∂ loss / ∂S_l for every layer, out × N.
    pub signals: Vec<DMatrix<T>>,
}

impl<T: Scalar> Evaluation<T> {
    /// Evaluates `objective` at `theta`.
    pub fn new(objective: Objective<T>, theta: DVector<T>) -> Self {
        let weights = objective.layout.split(&theta);
        let pass = ForwardPass::new(weights, objective.activation, &objective.data.inputs);
        let signals = pass.backpropagate(output_gradient(&objective, &pass.outputs));
        Self { objective, theta, pass, signals }
    }

    /// R Σₙ ℓₙ, without weight decay.
    pub fn loss(&self) -> T {
        self.objective.loss_of(&self.pass.outputs)
    }

    /// R Σₙ ℓₙ + ½ μ ‖θ − c‖².
    pub fn value(&self) -> T {
        self.loss() + self.objective.decay(&self.theta)
    }

    /// ∇(R Σₙ ℓₙ) + μ (θ − c), a vector of P.
    pub fn gradient(&self) -> DVector<T> {
        let transposed = |weights: &DMatrix<T>| DMatrix::zeros(weights.ncols(), weights.nrows());
        let mut layers: Vec<_> = self.pass.weights.iter().map(transposed).collect();
        self.pass.by_weights(&self.signals, &mut layers);
        self.with_weight_decay(&layers, &self.objective.offset(&self.theta))
    }

    /// The outputs f of datum `n`.
    pub fn output(&self, n: usize) -> DVector<T> {
        self.pass.outputs.column(n).into_owned()
    }

    /// The layers' derivatives by W̄ᵀ joined to a vector, plus μ times `vector`: how weight decay enters every derivative.
    pub(crate) fn with_weight_decay(&self, layers: &[DMatrix<T>], vector: &DVector<T>) -> DVector<T> {
        let mut joined = self.objective.layout.join_transposed(layers);
        joined.axpy(self.objective.weight_decay, vector, T::one());
        joined
    }
}

fn output_gradient<T: Scalar>(objective: &Objective<T>, outputs: &DMatrix<T>) -> DMatrix<T> {
    let mut gradient = outputs.clone();
    for (n, mut column) in gradient.column_iter_mut().enumerate() {
        objective.data.targets.write_gradient(n, outputs.column(n).as_slice(), column.as_mut_slice());
    }
    gradient * objective.normalizer
}
