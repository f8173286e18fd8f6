//! The exact Hessian of an objective, as a product by the R-operator.

use std::cell::RefCell;

use hessian_lab_kernels::Columns;
use nalgebra::{DMatrix, DVector};

use crate::curvature::output_metric::OutputMetric;
use crate::gradient::Evaluation;
use crate::multiplication::{add_multiplied_transposed, add_product, columns, multiply, multiply_entries};
use crate::operator::LinearOperator;
use crate::scalar::Scalar;
use crate::workspace::Workspace;

/// ∇² of the objective at one θ.
///
/// A product is Pearlmutter's R-operator applied to backpropagation, exact to rounding and about as dear as two
/// gradients: R{g_{l−1}} = (V_lᵀ g_l + W_lᵀ R{g_l}) ∘ φ′ + (W_lᵀ g_l) ∘ φ″ ∘ R{s_{l−1}} (Pearlmutter 1994, *Fast exact
/// multiplication by the Hessian*, section 3, <https://doi.org/10.1162/neco.1994.6.1.147>).
pub struct Hessian<'a, T: Scalar> {
    evaluation: &'a Evaluation<T>,
    loss_curvature: OutputMetric<T>,
    /// (W_{l+1}ᵀ g_{l+1}) ∘ φ″ of each hidden layer l, which no direction changes.
    bent_signals: Vec<DMatrix<T>>,
    workspace: RefCell<Workspace<T>>,
}

impl<'a, T: Scalar> Hessian<'a, T> {
    /// The Hessian at `evaluation`'s θ.
    pub fn new(evaluation: &'a Evaluation<T>) -> Self {
        let pass = &evaluation.pass;
        let mut bent_signals = pass.bends.clone();
        for (l, bent) in bent_signals.iter_mut().enumerate() {
            multiply(bent, columns(&pass.transposed_weights[l + 1]), columns(&evaluation.signals[l + 1]));
            multiply_entries(bent, &pass.bends[l]);
        }
        Self {
            evaluation,
            loss_curvature: OutputMetric::loss_curvature(evaluation),
            bent_signals,
            workspace: RefCell::new(Workspace::new(pass)),
        }
    }

    /// R{g_l} of every layer from the last one's on, given R{s_l} and the direction.
    fn carry_back(&self, vector: &DVector<T>, tangents: &[DMatrix<T>], signals: &mut [DMatrix<T>]) {
        let (pass, layout) = (&self.evaluation.pass, &self.evaluation.objective.layout);
        for l in (1..pass.layers()).rev() {
            let (before, after) = signals.split_at_mut(l);
            let carried = &mut before[l - 1];
            let direction = Columns { entries: layout.weights(l, vector), length: carried.nrows() };
            multiply(carried, direction, columns(&self.evaluation.signals[l]));
            add_product(carried, columns(&pass.transposed_weights[l]), columns(&after[0]));
            let by_slope = carried.as_mut_slice().iter_mut().zip(pass.slopes[l - 1].as_slice());
            let by_bend = self.bent_signals[l - 1].as_slice().iter().zip(tangents[l - 1].as_slice());
            for ((entry, &slope), (&bent, &tangent)) in by_slope.zip(by_bend) {
                *entry = *entry * slope + bent * tangent;
            }
        }
    }
}

impl<T: Scalar> LinearOperator<T> for Hessian<'_, T> {
    fn dimension(&self) -> usize {
        self.evaluation.theta.len()
    }

    /// R{Σₙ gₙ āₙᵀ} = Σₙ R{gₙ} āₙᵀ + gₙ R{āₙ}ᵀ for every layer.
    fn apply(&self, vector: &DVector<T>) -> DVector<T> {
        let (pass, last) = (&self.evaluation.pass, self.evaluation.pass.layers() - 1);
        let Workspace { directions, tangents, hidden, signals, layers } = &mut *self.workspace.borrow_mut();
        self.evaluation.objective.layout.split_into(vector, directions);
        pass.write_tangents(directions, tangents, hidden);
        self.loss_curvature.apply(&tangents[last], &mut signals[last]);
        self.carry_back(vector, tangents, signals);
        pass.by_weights(signals, layers);
        for (l, hidden) in hidden.iter().enumerate() {
            add_multiplied_transposed(&mut layers[l + 1], hidden, &self.evaluation.signals[l + 1]);
        }
        self.evaluation.with_weight_decay(layers, vector)
    }
}
