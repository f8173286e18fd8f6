//! What every report promises of its curves, statuses, precision and numbers, and that remembering changes nothing.

#[path = "../common/mod.rs"]
mod common;
mod memory;
mod numbers;
mod precision;
mod statuses;
mod traces;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
