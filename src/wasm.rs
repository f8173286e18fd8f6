//! The lab for JavaScript: decode, call, encode; nothing else.

use js_sys::Error;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use crate::decode;
use crate::experiment::Experiment;
use crate::report::Report;
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
    pub fn solve(&mut self, experiment: Ts<Experiment>) -> Result<Ts<Report>, Error> {
        let report = self.0.report(&read(experiment)?).map_err(refused)?;
        let value = report.serialize(&Serializer::json_compatible()).map_err(refused)?;
        Ok(Ts::new_unchecked(value))
    }
}

fn read(experiment: Ts<Experiment>) -> Result<Experiment, Error> {
    let value: Value = from_value(experiment.js_value()).map_err(|error| refused(format!("experiment: {error}")))?;
    decode::experiment(&value).map_err(refused)
}

fn refused(reason: impl ToString) -> Error {
    Error::new(&reason.to_string())
}
