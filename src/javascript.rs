//! Untyped input out of JavaScript values, whatever they are: what JSON has no word for, what goes round in circles, what
//! throws when it is looked at.

use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::prelude::*;

use crate::coverage::words;
use crate::field::{Refusal, spelled};
use crate::value::Value;

/// More than any experiment needs: two sets of data, θ and b, each of the most numbers there may be.
const MOST_VALUES: u32 = 8_000_000;
/// Of a longer string, the rest is not read: no name is so long, and no message quotes so much.
const LONGEST_STRING: u32 = 1_000;
/// Of a longer path, the rest is not named.
const LONGEST_PATH: usize = 100;

// Each of these runs the caller's own code where the value is a proxy or has getters, and that may throw.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys(value: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn kind(value: &JsValue) -> Result<JsString, JsValue>;
}

/// The value as untyped input; refused by its path where it cannot be read.
pub fn untyped(value: &JsValue) -> Result<Value, Refusal> {
    Reader { left: MOST_VALUES }.read(value, 0).map_err(|Refusal { field, problem }| {
        let whole = if field.is_empty() || field.starts_with('[') { "experiment" } else { "" };
        let short: String = field.chars().take(LONGEST_PATH).collect();
        let cut = if short.len() < field.len() { "…" } else { "" };
        Refusal { field: words!("{whole}{short}{cut}"), problem }
    })
}

/// Reads values until they are too many. A refusal's path grows on its way out, so that reading pays nothing for it.
struct Reader {
    left: u32,
}

impl Reader {
    fn read(&mut self, value: &JsValue, depth: usize) -> Result<Value, Refusal> {
        if value.is_null() || value.is_undefined() {
            return Ok(Value::Null);
        }
        if let Some(number) = value.as_f64() {
            return Ok(Value::Number(number));
        }
        if let Some(flag) = value.as_bool() {
            return Ok(Value::Bool(flag));
        }
        match value.dyn_ref::<JsString>() {
            Some(text) => Ok(Value::String(start_of(text))),
            None => self.read_object(value, depth),
        }
    }

    fn read_object(&mut self, value: &JsValue, depth: usize) -> Result<Value, Refusal> {
        if depth > Value::DEEPEST {
            return Err(refusal(&words!("is nested more than {} levels deep", Value::DEEPEST)));
        }
        if is_array(value).map_err(unreadable)? {
            return self.read_items(value, depth);
        }
        let kind = String::from(kind(value).map_err(unreadable)?);
        match kind.strip_prefix("[object ").and_then(|kind| kind.strip_suffix(']')) {
            Some("Object") => self.read_entries(value, depth),
            other => Ok(Value::Foreign(other.unwrap_or(&kind).into())),
        }
    }

    fn read_items(&mut self, array: &JsValue, depth: usize) -> Result<Value, Refusal> {
        let length = get(array, &"length".into())?.as_f64().unwrap_or(f64::INFINITY) as u32;
        self.count(length)?;
        let mut item = |index: u32| get(array, &index.into()).and_then(|item| self.read(&item, depth + 1));
        let items = (0..length).map(|index| item(index).map_err(|refusal| refusal.within(&words!("[{index}]"))));
        Ok(Value::Array(items.collect::<Result<_, _>>()?))
    }

    fn read_entries(&mut self, object: &JsValue, depth: usize) -> Result<Value, Refusal> {
        let keys = keys(object).map_err(unreadable)?;
        self.count(keys.length())?;
        let entry = |key: JsValue| {
            let name = key.dyn_ref().map(start_of).unwrap_or_default();
            match get(object, &key).and_then(|value| self.read(&value, depth + 1)) {
                Ok(value) => Ok((name, value)),
                Err(refusal) => Err(refusal.within(&spelled(&name))),
            }
        };
        Ok(Value::Object(keys.iter().map(entry).collect::<Result<_, _>>()?))
    }

    fn count(&mut self, more: u32) -> Result<(), Refusal> {
        let too_many = || refusal(&words!("holds more than the {MOST_VALUES} values that an experiment may have"));
        self.left = self.left.checked_sub(more).ok_or_else(too_many)?;
        Ok(())
    }
}

fn get(value: &JsValue, key: &JsValue) -> Result<JsValue, Refusal> {
    Reflect::get(value, key).map_err(unreadable)
}

fn unreadable(_: JsValue) -> Refusal {
    refusal("cannot be read, as looking at it throws an error")
}

fn refusal(problem: &str) -> Refusal {
    Refusal { field: String::new(), problem: problem.into() }
}

fn start_of(text: &JsString) -> String {
    String::from(text.slice(0, LONGEST_STRING))
}
