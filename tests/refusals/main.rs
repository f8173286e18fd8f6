//! What is refused and in which words, field by field, and what is taken as it was meant.

mod combinations;
mod fields;
mod hostile;
mod input;
mod round_trip;
mod rules;
mod sketch;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
