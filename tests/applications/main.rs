//! What an inverse-Hessian product is for: each application against its definition.

#[path = "../common/mod.rs"]
mod common;
mod hypergradient;
mod imaml;
mod influence;
mod leave_one_out;
mod lissa;
mod race;
mod refused;
mod support;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
