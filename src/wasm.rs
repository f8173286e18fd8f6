//! The lab for JavaScript: decode, call, encode, and time what a page wants to show the cost of.

#[cfg(feature = "full")]
use js_sys::{Error, Float64Array, Reflect};
use tsify::Ts;
#[cfg(feature = "full")]
use tsify::Tsify;
use wasm_bindgen::prelude::*;
#[cfg(feature = "full")]
use web_sys::{Performance, WorkerGlobalScope};

#[cfg(feature = "full")]
use crate::application::leave_one_out::{Agreement, Without};
#[cfg(feature = "full")]
use crate::application::retraining::{self, Retrained};
#[cfg(not(feature = "full"))]
use crate::coverage::covers;
use crate::decode;
use crate::encoder::encoded;
use crate::experiment::Experiment;
#[cfg(feature = "full")]
use crate::field::Refusal;
use crate::javascript::untyped;
#[cfg(feature = "full")]
use crate::magnitude::finite;
use crate::report::Report;
#[cfg(feature = "full")]
use crate::sketch::{Sketch, SketchReport};
#[cfg(feature = "full")]
use crate::value::Value;

/// Answers experiments and remembers what a slider move does not change.
#[wasm_bindgen]
#[derive(Default)]
pub struct Lab(crate::lab::Lab);

#[wasm_bindgen]
impl Lab {
    /// A lab that remembers nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The report of an experiment; throws an Error that names the field where the experiment is refused.
    #[cfg(feature = "full")]
    pub fn solve(&mut self, experiment: Ts<Experiment>) -> Result<Ts<Report>, Error> {
        let report = self.0.report(&read(experiment, decode::experiment)?).map_err(refused)?;
        Ok(Ts::new_unchecked(encoded(&report).map_err(refused)?))
    }

    /// The report of an experiment, where this module covers it and does not refuse it; the full one says why.
    #[cfg(not(feature = "full"))]
    pub fn solve(&mut self, experiment: Ts<Experiment>) -> Option<Ts<Report>> {
        let value = untyped(&experiment.js_value()).ok()?;
        let experiment = decode::experiment(&value).ok().filter(covers)?;
        encoded(&self.0.report(&experiment).ok()?).ok().map(Ts::new_unchecked)
    }

    /// The milliseconds that each method of an experiment takes, without measuring its iterates, and then each optimizer
    /// where it asks for a race: the mean over as many repetitions as take 5 ms or more, since clocks in browsers are coarse.
    #[cfg(feature = "full")]
    pub fn timings(&mut self, experiment: Ts<Experiment>) -> Result<Float64Array, Error> {
        let experiment = read(experiment, decode::experiment)?;
        let clock = clock()?;
        let runs = self.0.bare_runs(&experiment).map_err(refused)?;
        let times: Vec<f64> = runs.iter().map(|run| repeated(&clock, run)).collect();
        Ok(Float64Array::from(times.as_slice()))
    }

    /// Krylov methods and the Neumann series on a drawn spectrum.
    #[cfg(feature = "full")]
    pub fn sketch(&self, sketch: Ts<Sketch>) -> Result<Ts<SketchReport>, Error> {
        let report = read(sketch, decode::sketch)?.report();
        Ok(Ts::new_unchecked(encoded(&report).map_err(refused)?))
    }
}

#[cfg(feature = "full")]
#[wasm_bindgen]
impl Lab {
    /// The retrainings that an experiment's application asks for, to be stepped through: who wants to stop them, stops
    /// asking.
    pub fn retrain(&mut self, experiment: Ts<Experiment>) -> Result<Retraining, Error> {
        self.0.retrain(&read(experiment, decode::experiment)?).map(Retraining).map_err(refused)
    }

    /// The network of an experiment retrained without one datum, counted from 0.
    pub fn without(&mut self, experiment: Ts<Experiment>, datum: u32) -> Result<Ts<Without>, Error> {
        let without = self.0.without(&read(experiment, decode::experiment)?, datum).map_err(refused)?;
        Ok(Ts::new_unchecked(encoded(&without).map_err(refused)?))
    }

    /// The predictions of an experiment's methods against real changes that are known already; NaN stands for one that is
    /// not known.
    pub fn agreement(&mut self, experiment: Ts<Experiment>, changes: &Float64Array) -> Result<Ts<Agreement>, Error> {
        let known: Vec<_> = changes.to_vec().into_iter().map(finite).collect();
        let agreement = self.0.agreement(&read(experiment, decode::experiment)?, &known).map_err(refused)?;
        Ok(Ts::new_unchecked(encoded(&agreement).map_err(refused)?))
    }
}

/// Retrainings, one a step.
#[cfg(feature = "full")]
#[wasm_bindgen]
pub struct Retraining(retraining::Retraining);

#[cfg(feature = "full")]
#[wasm_bindgen]
impl Retraining {
    /// How many there are at most.
    pub fn total(&self) -> usize {
        self.0.total()
    }

    /// What the next one told; undefined after the last.
    pub fn step(&mut self) -> Result<Option<Ts<Retrained>>, Error> {
        let Some(retrained) = self.0.next() else { return Ok(None) };
        Ok(Some(Ts::new_unchecked(encoded(&retrained).map_err(refused)?)))
    }
}

/// The shortest time that is worth dividing.
#[cfg(feature = "full")]
const WORTH_MEASURING: f64 = 5.0;

#[cfg(feature = "full")]
fn repeated(clock: &Performance, run: &impl Fn()) -> f64 {
    let mut repetitions = 1;
    loop {
        let start = clock.now();
        (0..repetitions).for_each(|_| run());
        let elapsed = clock.now() - start;
        if elapsed >= WORTH_MEASURING {
            return elapsed / f64::from(repetitions);
        }
        repetitions *= 2;
    }
}

/// The clock of the worker, or of whatever else this runs in.
#[cfg(feature = "full")]
fn clock() -> Result<Performance, Error> {
    match js_sys::global().dyn_into::<WorkerGlobalScope>() {
        Ok(worker) => worker.performance().ok_or_else(|| refused("there is no clock here")),
        Err(global) => Ok(Reflect::get(&global, &"performance".into()).map_err(Error::from)?.unchecked_into()),
    }
}

#[cfg(feature = "full")]
fn read<T: Tsify, R>(input: Ts<T>, decode: impl Fn(&Value) -> Result<R, Refusal>) -> Result<R, Error> {
    untyped(&input.js_value()).and_then(|value| decode(&value)).map_err(refused)
}

#[cfg(feature = "full")]
fn refused(reason: impl ToString) -> Error {
    Error::new(&reason.to_string())
}
