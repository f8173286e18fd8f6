//! The truth that influence functions predict: each datum left out in turn, and the network retrained to the minimum.

use nalgebra::DVector;
use serde::Serialize;

use crate::application::correlation::correlation;
use crate::application::fit::Fit;
use crate::application::influence::{Influence, influence};
use crate::application::minimum::lacking;
use crate::application::nearest_minimum::NearestMinimum;
use crate::application::validation::Validation;
use crate::experiment::Experiment;
use crate::field::Refusal;
use crate::magnitude::finite;
use crate::objective::Objective;
use crate::problem::Problem;

/// What one datum was worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LeftOut {
    /// Its index, from 0.
    pub datum: usize,
    /// L_val at the minimum without it, less L_val at the minimum with all; null where either is no minimum.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub change: Option<f64>,
    /// ‖∇‖ of the objective without it, where training ended.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub gradient_norm: Option<f64>,
}

/// The network retrained without one datum.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Without {
    /// The datum and what it was worth.
    pub left_out: LeftOut,
    /// What the retrained network makes of its input; null unless it has one input and the loss is `mse`.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Fit | null"))]
    pub fit: Option<Fit>,
}

/// How predictions compare with the truth known so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Agreement {
    /// Pearson's correlation of the exact inverse's predictions with the real changes; null where one of them does not
    /// vary, or H is too large to be formed.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub correlation: Option<f64>,
    /// The same of every method's predictions, in the order of the methods.
    pub by_method: Vec<MethodAgreement>,
}

impl Agreement {
    /// Predictions against the real changes of the first data; null stands for a retraining that ended in no minimum.
    pub fn new(influence: &Influence, changes: &[Option<f64>]) -> Self {
        let exact = influence.on_validation_loss.as_ref();
        let exact: Option<Vec<_>> = exact.map(|numbers| numbers.iter().copied().map(Some).collect());
        let by_method = influence.by_method.iter().map(|method| MethodAgreement {
            method: method.method.clone(),
            correlation: correlation(&method.on_validation_loss, changes),
        });
        Self { correlation: exact.and_then(|exact| correlation(&exact, changes)), by_method: by_method.collect() }
    }
}

/// How one method's predictions compare with the truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MethodAgreement {
    /// The method's name.
    pub method: String,
    /// Pearson's correlation of its predictions with the real changes.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub correlation: Option<f64>,
}

/// Every datum left out in turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct InfluenceRetrained {
    /// L_val at the minimum of all data.
    pub validation_loss: f64,
    /// By datum.
    pub left_out: Vec<LeftOut>,
    /// Predictions against these.
    pub agreement: Agreement,
    /// How far the retrainings got, in a sentence.
    pub message: String,
}

/// Leaves out one datum after the other: R, μ and everything else are kept, λ plays no part, and training starts from the
/// minimum of all data that is nearest to the experiment's θ.
pub struct LeaveOneOut {
    objective: Objective<f64>,
    theta: DVector<f64>,
    validation: Objective<f64>,
    /// L_val at the minimum of all data.
    pub validation_loss: f64,
    /// Whether that is one.
    reached: bool,
    influence: Influence,
    changes: Vec<Option<f64>>,
}

impl LeaveOneOut {
    /// The data of `problem`, none of them left out yet; refused where there is but one.
    pub fn new(problem: &Problem, experiment: &Experiment) -> Result<Self, Refusal> {
        Self::check(problem)?;
        let validation = Validation::new(problem, experiment)?;
        let objective = problem.evaluation.objective.clone();
        let whole = NearestMinimum::from(objective.clone(), problem.evaluation.theta.clone());
        Ok(Self {
            validation_loss: whole.loss_of(&validation.objective),
            influence: influence(problem, &validation),
            validation: validation.objective,
            reached: whole.reached,
            theta: whole.evaluation.theta,
            objective,
            changes: Vec::new(),
        })
    }

    fn check(problem: &Problem) -> Result<(), Refusal> {
        if problem.evaluation.pass.samples() > 1 {
            return Ok(());
        }
        let problem = "there is one datum, and without it nothing to train on; at least 2 are needed".into();
        Err(Refusal { field: "data".into(), problem })
    }

    /// N.
    pub fn total(&self) -> usize {
        self.objective.data.samples()
    }

    /// Predictions against the changes known so far.
    pub fn agreement(&self) -> Agreement {
        Agreement::new(&self.influence, &self.changes)
    }

    /// Every datum left out.
    pub fn finish(mut self) -> InfluenceRetrained {
        let left_out: Vec<LeftOut> = self.by_ref().collect();
        let failed = left_out.iter().filter(|left_out| left_out.change.is_none()).count();
        InfluenceRetrained {
            validation_loss: self.validation_loss,
            agreement: self.agreement(),
            message: self.message(failed),
            left_out,
        }
    }

    fn message(&self, failed: usize) -> String {
        let total = self.total();
        let helps = match lacking(self.objective.activation, self.objective.weight_decay).as_slice() {
            [] => "more weight decay helps".into(),
            [lacks] => format!("{lacks} helps"),
            lacks => format!("{} help", lacks.join(" and ")),
        };
        match (self.reached, failed) {
            (false, _) => {
                format!("Training on all data ends in no minimum, so nothing can be said of leaving one out; {helps}.")
            }
            (true, 0) => format!("Each of the {total} retrainings ended in a minimum."),
            (true, _) => format!(
                "{failed} of the {total} retrainings ended in no minimum and are left out of the correlation; {helps}."
            ),
        }
    }

    /// The minimum of all data but one, trained to from the minimum of all.
    pub fn without(&self, datum: usize) -> Without {
        let minimum = NearestMinimum::from(self.objective.without(datum), self.theta.clone());
        let change = minimum.loss_of(&self.validation) - self.validation_loss;
        let change = finite(change).filter(|_| self.reached && minimum.reached);
        Without {
            left_out: LeftOut { datum, change, gradient_norm: finite(minimum.gradient_norm) },
            fit: Fit::new(&minimum.evaluation),
        }
    }
}

impl Iterator for LeaveOneOut {
    type Item = LeftOut;

    fn next(&mut self) -> Option<LeftOut> {
        let datum = self.changes.len();
        if datum == self.total() {
            return None;
        }
        let left_out = self.without(datum).left_out;
        self.changes.push(left_out.change);
        Some(left_out)
    }
}
