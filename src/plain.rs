//! What is told as plain JavaScript values. A row of numbers crosses in one piece: one by one they cost more than to compute.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Error;

use js_sys::{Array, JsString, Object};
use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Of the language's own ways from the module's memory to an array, the fastest.
    #[wasm_bindgen(js_namespace = Object, js_name = values)]
    fn array_of(numbers: &[f64]) -> Array;

    type Fields;
    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Fields, key: JsString, value: JsValue);
}

/// A value as objects, arrays, strings, numbers, booleans and null.
pub fn plain(value: &impl Serialize) -> Result<JsValue, Error> {
    value.serialize(Plain).map(JsValue::from)
}

/// Not yet a JavaScript value where it may yet be one of a row.
enum Told {
    Null,
    Number(f64),
    Value(JsValue),
}

impl From<Told> for JsValue {
    fn from(told: Told) -> Self {
        match told {
            Told::Null => Self::NULL,
            Told::Number(number) => number.into(),
            Told::Value(value) => value,
        }
    }
}

struct Plain;

/// Numbers of every kind, none of them beyond what a JavaScript number holds exactly.
macro_rules! numbers {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method(self, number: $kind) -> Result<Told, Error> {
            Ok(Told::Number(number as f64))
        })*
    };
}

impl Serializer for Plain {
    type Ok = Told;
    type Error = Error;
    type SerializeSeq = Row;
    type SerializeTuple = Row;
    type SerializeTupleStruct = Impossible<Told, Error>;
    type SerializeTupleVariant = Impossible<Told, Error>;
    type SerializeMap = Impossible<Told, Error>;
    type SerializeStruct = Record;
    type SerializeStructVariant = Impossible<Told, Error>;

    numbers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_f32: f32);
    numbers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f64: f64);

    fn serialize_bool(self, flag: bool) -> Result<Told, Error> {
        Ok(Told::Value(flag.into()))
    }

    fn serialize_char(self, letter: char) -> Result<Told, Error> {
        self.serialize_str(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<Told, Error> {
        Ok(Told::Value(text.into()))
    }

    fn serialize_none(self) -> Result<Told, Error> {
        Ok(Told::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Told, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Told, Error> {
        Ok(Told::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Told, Error> {
        Ok(Told::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Told, Error> {
        Ok(Told::Value(word(name).into()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Told, Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Row, Error> {
        Ok(Row::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Row, Error> {
        Ok(Row::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Record, Error> {
        Ok(Record(Object::new()))
    }

    // No report holds anything else.

    fn serialize_bytes(self, _: &[u8]) -> Result<Told, Error> {
        Err(Error)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Told, Error> {
        Err(Error)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Err(Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Err(Error)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error)
    }
}

/// The items of an array: numbers, with nulls among them, until there is something else.
#[derive(Default)]
struct Row {
    numbers: Vec<f64>,
    nulls: Vec<u32>,
    array: Option<Array>,
}

impl Row {
    fn push(&mut self, told: Told) {
        match (&self.array, told) {
            (Some(array), told) => _ = array.push(&told.into()),
            (None, Told::Number(number)) => self.numbers.push(number),
            (None, Told::Null) => {
                self.nulls.push(self.numbers.len() as u32);
                self.numbers.push(0.0);
            }
            (None, Told::Value(value)) => {
                let array = self.begun();
                array.push(&value);
                self.array = Some(array);
            }
        }
    }

    /// The numbers and nulls so far.
    fn begun(&self) -> Array {
        let array = array_of(&self.numbers);
        for &place in &self.nulls {
            array.set(place, JsValue::NULL);
        }
        array
    }

    fn told(self) -> Told {
        Told::Value(self.array.clone().unwrap_or_else(|| self.begun()).into())
    }
}

impl SerializeSeq for Row {
    type Ok = Told;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Plain).map(|told| self.push(told))
    }

    fn end(self) -> Result<Told, Error> {
        Ok(self.told())
    }
}

impl SerializeTuple for Row {
    type Ok = Told;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Told, Error> {
        SerializeSeq::end(self)
    }
}

/// The fields of an object.
struct Record(Object);

impl SerializeStruct for Record {
    type Ok = Told;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let told = value.serialize(Plain)?;
        self.0.unchecked_ref::<Fields>().set(word(name), told.into());
        Ok(())
    }

    fn end(self) -> Result<Told, Error> {
        Ok(Told::Value(self.0.into()))
    }
}

thread_local! {
    static WORDS: RefCell<BTreeMap<&'static str, JsString>> = RefCell::default();
}

/// A name that is told again and again, and crosses once.
fn word(name: &'static str) -> JsString {
    WORDS.with_borrow_mut(|words| words.entry(name).or_insert_with(|| name.into()).clone())
}
