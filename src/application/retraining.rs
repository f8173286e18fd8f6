//! Retrainings one by one, for who wants to see how far they are, or to stop.

use serde::Serialize;

use crate::application::influence::influence;
use crate::application::leave_one_out::{Agreement, LeaveOneOut, LeftOut, Without};
use crate::application::validation::Validation;
use crate::application::weight_decay_curve::{CurvePart, WeightDecayCurve};
use crate::experiment::{Application, Experiment};
use crate::field::Refusal;
use crate::lab::Lab;
use crate::problem::Problem;

/// The retrainings that an application asks for, in steps; all of them together are its part of the report.
pub enum Retraining {
    /// Of `influence_retrained`.
    Influence(Box<LeaveOneOut>),
    /// Of `hypergradient_retrained`.
    Hypergradient(Box<WeightDecayCurve>),
}

/// What one retraining told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Retrained {
    /// A datum was left out.
    Influence {
        /// L_val at the minimum of all data.
        validation_loss: f64,
        /// Which, and what came of it.
        left_out: LeftOut,
        /// How predictions compare with what is known so far.
        agreement: Agreement,
    },
    /// Another weight decay was tried.
    Hypergradient {
        /// Which, and what came of it.
        curve: CurvePart,
    },
}

impl Retraining {
    /// The retrainings of the first application of `experiment` that has some; refused where none has.
    pub fn new(problem: &Problem, experiment: &Experiment) -> Result<Self, Refusal> {
        for application in &experiment.applications {
            match application {
                Application::InfluenceRetrained => {
                    return Ok(Self::Influence(Box::new(LeaveOneOut::new(problem, experiment)?)));
                }
                Application::HypergradientRetrained => {
                    return Ok(Self::Hypergradient(Box::new(WeightDecayCurve::new(problem, experiment)?)));
                }
                _ => {}
            }
        }
        let problem = "has nothing to retrain: influence_retrained or hypergradient_retrained would".into();
        Err(Refusal { field: "applications".into(), problem })
    }

    /// How many there are at most.
    pub fn total(&self) -> usize {
        match self {
            Self::Influence(leave_one_out) => leave_one_out.total(),
            Self::Hypergradient(curve) => curve.total(),
        }
    }
}

impl Iterator for Retraining {
    type Item = Retrained;

    fn next(&mut self) -> Option<Retrained> {
        match self {
            Self::Influence(leave_one_out) => {
                let left_out = leave_one_out.next()?;
                let (validation_loss, agreement) = (leave_one_out.validation_loss, leave_one_out.agreement());
                Some(Retrained::Influence { validation_loss, left_out, agreement })
            }
            Self::Hypergradient(curve) => curve.next().map(|curve| Retrained::Hypergradient { curve }),
        }
    }
}

impl Lab {
    /// The retrainings that `experiment` asks for, to be stepped through.
    pub fn retrain(&mut self, experiment: &Experiment) -> Result<Retraining, Refusal> {
        let problem = self.problem(experiment)?;
        problem.check_precision(experiment.precision)?;
        Retraining::new(problem, experiment)
    }

    /// The network of `experiment` retrained without one datum, counted from 0.
    pub fn without(&mut self, experiment: &Experiment, datum: u32) -> Result<Without, Refusal> {
        let bare = Experiment { methods: Vec::new(), ..experiment.clone() };
        let leave_one_out = LeaveOneOut::new(self.problem(experiment)?, &bare)?;
        let (datum, total) = (datum as usize, leave_one_out.total());
        if datum >= total {
            let problem = format!("has no datum {datum}: there are {total}, counted from 0");
            return Err(Refusal { field: "data".into(), problem });
        }
        Ok(leave_one_out.without(datum))
    }

    /// The predictions of `experiment`'s methods against real changes that are known already.
    pub fn agreement(&mut self, experiment: &Experiment, changes: &[Option<f64>]) -> Result<Agreement, Refusal> {
        let problem = self.problem(experiment)?;
        Ok(Agreement::new(&influence(problem, &Validation::new(problem, experiment)?), changes))
    }
}
