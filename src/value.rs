//! Untyped input, as JSON or JavaScript has it, before anything is known about it.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON-like value; numbers may be NaN or infinite here, since JavaScript's may.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null` or `undefined`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number.
    Number(f64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object, its entries in the order they came.
    Object(Vec<(String, Value)>),
    /// What JSON has no word for, by JavaScript's: `Set`, `Function`.
    Foreign(String),
}

impl Value {
    /// How deep a value may sit. An experiment is five levels deep; a limit keeps hostile input from exhausting the stack.
    pub const DEEPEST: usize = 16;
}

impl fmt::Display for Value {
    /// What the value is, short enough for a message.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 40;
        match self {
            Self::Null => write!(formatter, "null"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Number(value) if value.is_finite() && *value != 0.0 && !(1e-10..1e21).contains(&value.abs()) => {
                write!(formatter, "{value:e}")
            }
            Self::Number(value) => write!(formatter, "{value}"),
            Self::String(text) if text.chars().count() <= LONGEST => write!(formatter, "{text:?}"),
            Self::String(text) => write!(formatter, "{:?}…", text.chars().take(LONGEST).collect::<String>()),
            Self::Array(items) => write!(formatter, "an array of {}", items.len()),
            Self::Object(_) => write!(formatter, "an object"),
            Self::Foreign(kind) => write!(formatter, "a {}", kind.chars().take(LONGEST).collect::<String>()),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Level(0).deserialize(deserializer)
    }
}

/// How deep a value sits.
#[derive(Clone, Copy)]
struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.0 > Value::DEEPEST {
            return Err(D::Error::custom(format!("nested more than {} levels deep", Value::DEEPEST)));
        }
        deserializer.deserialize_any(Level(self.0 + 1))
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a value that JSON can hold")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Vec::new();
        while let Some(key) = entries.next_key()? {
            object.push((key, entries.next_value_seed(self)?));
        }
        Ok(Value::Object(object))
    }
}
