//! One field of untyped input and its path, so that every refusal can name the field, what it was and what it may be.

use std::fmt;
use std::ops::RangeInclusive;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;

use crate::coverage::{FULL, words};
use crate::value::Value;

/// Why an experiment was refused: `network.layers[1]: 0 is not a width between 1 and 128`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The field's path, or `experiment` for the whole.
    pub field: String,
    /// What it was and what it may be.
    pub problem: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.field, self.problem)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The same of the field one step further out: an entry's [`spelled`] key, or an item's `[3]`.
    pub fn within(self, step: &str) -> Self {
        Self { field: joined(step, &self.field), ..self }
    }
}

fn joined(path: &str, step: &str) -> String {
    let point = if path.is_empty() || step.is_empty() || step.starts_with('[') { "" } else { "." };
    words!("{path}{point}{step}")
}

/// A key as paths have it: quoted where it is not a plain name, and no longer than a message can bear.
pub fn spelled(key: &str) -> String {
    const LONGEST: usize = 40;
    if !FULL {
        return String::new();
    }
    let plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if (1..=LONGEST).contains(&key.len()) && key.chars().all(plain) {
        return key.into();
    }
    words!("{}", Value::String(key.into()))
}

/// A value and where it was found.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Field<'a> {
    /// The whole input.
    pub fn root(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    /// The value itself.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// A refusal of this field.
    #[cfg(feature = "full")]
    pub fn refuse(&self, problem: impl fmt::Display) -> Refusal {
        let field = if self.path.is_empty() { "experiment".to_owned() } else { self.path.clone() };
        Refusal { field, problem: problem.to_string() }
    }

    /// A refusal without words: what is refused here is asked of the full lab, which has them.
    #[cfg(not(feature = "full"))]
    #[inline(always)]
    pub fn refuse(&self, _: impl fmt::Display) -> Refusal {
        Refusal { field: String::new(), problem: String::new() }
    }

    /// The field as an object that has no other entries than the `known` ones.
    pub fn object(&self, known: &[&str]) -> Result<Object<'a>, Refusal> {
        let Value::Object(entries) = self.value else {
            return Err(self.refuse(format_args!("{} is not an object", self.value)));
        };
        let object = Object { field: self.clone(), entries };
        if let Some((key, value)) = entries.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            let problem = words!("there is no such field; the fields here are {}", known.join(", "));
            return Err(object.child(key, value).refuse(problem));
        }
        // JSON may give a field twice, and programs then differ in which one they take.
        match known.iter().find(|name| entries.iter().filter(|(key, _)| key == *name).count() > 1) {
            Some(name) => Err(object.child(name, self.value).refuse("is given more than once")),
            None => Ok(object),
        }
    }

    /// The items of an array whose length lies in `lengths`.
    pub fn items(&self, what: &str, lengths: RangeInclusive<usize>) -> Result<Vec<Field<'a>>, Refusal> {
        let (least, most) = (lengths.start(), lengths.end());
        let allowed = if least == most { words!("{least}") } else { words!("{least} to {most}") };
        let Value::Array(items) = self.value else {
            return Err(self.refuse(format_args!("{} is not an array of {allowed} {what}", self.value)));
        };
        if !lengths.contains(&items.len()) {
            return Err(self.refuse(format_args!("has {} {what} where {allowed} belong", items.len())));
        }
        let item = |(i, value)| Field { path: words!("{}[{i}]", self.path), value };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// A finite number in `range`; `what` says what kind of number belongs here.
    pub fn number(&self, what: &str, range: RangeInclusive<f64>) -> Result<f64, Refusal> {
        match self.value {
            Value::Number(number) if range.contains(number) => Ok(*number),
            other => {
                let [least, most] = [range.start(), range.end()].map(limit);
                Err(self.refuse(format_args!("{other} is not {what} between {least} and {most}")))
            }
        }
    }

    /// A finite number of any size.
    pub fn finite(&self, what: &str) -> Result<f64, Refusal> {
        match self.value {
            Value::Number(number) if number.abs() <= LARGEST => Ok(*number),
            other => Err(self.refuse(format_args!("{other} is not {what}, a finite number of at most {LARGEST:e}"))),
        }
    }

    /// A whole number in `range`.
    pub fn integer(&self, what: &str, range: RangeInclusive<u32>) -> Result<u32, Refusal> {
        match self.value {
            Value::Number(number)
                if number.fract() == 0.0 && (f64::from(*range.start())..=f64::from(*range.end())).contains(number) =>
            {
                Ok(*number as u32)
            }
            other => {
                Err(self.refuse(format_args!("{other} is not {what} between {} and {}", range.start(), range.end())))
            }
        }
    }

    /// One of an enum's names.
    pub fn choice<T: Deserialize<'static>>(&self) -> Result<T, Refusal> {
        let Value::String(name) = self.value else {
            return Err(self.refuse(format_args!("{} is not a name", self.value)));
        };
        let deserializer: StrDeserializer<UnknownName> = name.as_str().into_deserializer();
        T::deserialize(deserializer)
            .map_err(|UnknownName(allowed)| self.refuse(format_args!("{} {allowed}", self.value)))
    }
}

/// The largest magnitude that a given number may have: its square and products of a few still fit in float32.
const LARGEST: f64 = 1e6;

/// A limit as messages write it: 0, 0.999, 1000, 1e6.
fn limit(number: &f64) -> String {
    let plain = *number == 0.0 || (1e-3..1e5).contains(&number.abs());
    if plain { words!("{number}") } else { words!("{number:e}") }
}

/// An object's entries.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    field: Field<'a>,
    entries: &'a [(String, Value)],
}

impl<'a> Object<'a> {
    /// The entry called `key`, where it is there.
    pub fn get(&self, key: &str) -> Option<Field<'a>> {
        self.entries.iter().find(|(name, _)| name == key).map(|(name, value)| self.child(name, value))
    }

    /// The entry called `key`, which must be there.
    pub fn require(&self, key: &str) -> Result<Field<'a>, Refusal> {
        self.get(key).ok_or_else(|| self.child(key, self.field.value).refuse("is missing"))
    }

    /// The entry called `key` as `read` reads it, or `default` where it is not there.
    pub fn optional<T>(
        &self,
        key: &str,
        default: T,
        read: impl FnOnce(Field<'a>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.get(key).map_or(Ok(default), read)
    }

    fn child(&self, key: &str, value: &'a Value) -> Field<'a> {
        Field { path: joined(&self.field.path, &spelled(key)), value }
    }
}

/// What serde reports of a name that is none of an enum's.
#[derive(Debug)]
struct UnknownName(String);

impl fmt::Display for UnknownName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UnknownName {}

impl serde::de::Error for UnknownName {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(words!("{message}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(words!("is not one of {}", expected.join(", ")))
    }
}
