//! Reports as JavaScript values: plain objects, and arrays whose numbers cross over in one call instead of one by one.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::Array;
use serde::de::value::Error;
use serde::ser::{Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = "
export function arrayOf(numbers) {
    const array = new Array(numbers.length);
    for (let index = 0; index < array.length; index++) array[index] = numbers[index];
    return array;
}")]
extern "C" {
    /// What is handed over is a view of the module's memory, and is copied at once.
    #[wasm_bindgen(js_name = arrayOf)]
    fn array_of(numbers: &[f64]) -> Array;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type Object;
    #[wasm_bindgen(constructor)]
    fn new() -> Object;
    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Object, key: &JsValue, value: JsValue);
    #[wasm_bindgen(method, indexing_setter)]
    fn set_number(this: &Object, key: &JsValue, value: f64);
}

/// The value as JSON would have it: null for what is not there.
pub fn encoded(value: &impl Serialize) -> Result<JsValue, Error> {
    value.serialize(Encoder).map(JsValue::from)
}

/// A number stays one until its place is known.
enum Encoded {
    Number(f64),
    Value(JsValue),
}

impl From<Encoded> for JsValue {
    fn from(encoded: Encoded) -> Self {
        match encoded {
            Encoded::Number(number) => number.into(),
            Encoded::Value(value) => value,
        }
    }
}

thread_local! {
    /// Names of fields and of choices: to make one a string of JavaScript's takes longer than to look it up.
    static NAMES: RefCell<BTreeMap<&'static str, JsValue>> = const { RefCell::new(BTreeMap::new()) };
}

fn named<T>(name: &'static str, act: impl FnOnce(&JsValue) -> T) -> T {
    NAMES.with_borrow_mut(|names| act(names.entry(name).or_insert_with(|| name.into())))
}

/// An array; of numbers, as long as nothing else comes.
struct Items {
    numbers: Vec<f64>,
    others: Option<Array>,
}

impl Items {
    fn of(length: Option<usize>) -> Self {
        Self { numbers: Vec::with_capacity(length.unwrap_or(0)), others: None }
    }

    fn push(&mut self, item: Encoded) {
        if let (Encoded::Number(number), None) = (&item, &self.others) {
            self.numbers.push(*number);
            return;
        }
        let array = self.others.get_or_insert_with(|| array_of(&self.numbers));
        array.push(&item.into());
    }

    fn array(self) -> Encoded {
        Encoded::Value(self.others.unwrap_or_else(|| array_of(&self.numbers)).into())
    }
}

impl SerializeSeq for Items {
    type Ok = Encoded;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.push(item.serialize(Encoder)?);
        Ok(())
    }

    fn end(self) -> Result<Encoded, Error> {
        Ok(self.array())
    }
}

/// serde tells a list of a known length from others; here they are alike.
impl SerializeTuple for Items {
    type Ok = Encoded;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        SerializeSeq::serialize_element(self, item)
    }

    fn end(self) -> Result<Encoded, Error> {
        SerializeSeq::end(self)
    }
}

impl Object {
    fn write(&self, name: &'static str, value: Encoded) {
        named(name, |key| match value {
            Encoded::Number(number) => self.set_number(key, number),
            Encoded::Value(value) => self.set(key, value),
        });
    }
}

impl SerializeStruct for Object {
    type Ok = Encoded;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.write(name, value.serialize(Encoder)?);
        Ok(())
    }

    fn end(self) -> Result<Encoded, Error> {
        Ok(Encoded::Value(self.into()))
    }
}

/// Encodes what reports are made of. All of their whole numbers are counts, far below 2⁵³.
struct Encoder;

macro_rules! numbers {
    ($($method:ident $number:ty),*) => {
        $(fn $method(self, number: $number) -> Result<Encoded, Error> {
            Ok(Encoded::Number(number as f64))
        })*
    };
}

fn foreign<T>() -> Result<T, Error> {
    Err(Error::custom("a report has no such value"))
}

impl Serializer for Encoder {
    type Ok = Encoded;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeStruct = Object;
    type SerializeTupleStruct = Impossible<Encoded, Error>;
    type SerializeTupleVariant = Impossible<Encoded, Error>;
    type SerializeMap = Impossible<Encoded, Error>;
    type SerializeStructVariant = Impossible<Encoded, Error>;

    numbers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_f32 f32, serialize_f64 f64
    }

    fn serialize_bool(self, flag: bool) -> Result<Encoded, Error> {
        Ok(Encoded::Value(flag.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Encoded, Error> {
        Ok(Encoded::Value(text.into()))
    }

    fn serialize_none(self) -> Result<Encoded, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Encoded, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Encoded, Error> {
        Ok(Encoded::Value(JsValue::NULL))
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, choice: &'static str) -> Result<Encoded, Error> {
        Ok(Encoded::Value(named(choice, JsValue::clone)))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Error> {
        Ok(Items::of(length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, Error> {
        Ok(Items::of(Some(length)))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object, Error> {
        Ok(Object::new())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Encoded, Error> {
        value.serialize(self)
    }

    fn serialize_char(self, _: char) -> Result<Encoded, Error> {
        foreign()
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Encoded, Error> {
        foreign()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Encoded, Error> {
        foreign()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Encoded, Error> {
        foreign()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        foreign()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        foreign()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        foreign()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        foreign()
    }
}
