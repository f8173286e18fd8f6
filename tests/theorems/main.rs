//! Theorems as properties of generated networks and matrices, each under the conditions that it needs.

#[path = "../common/mod.rs"]
mod common;
mod curvature;
mod derivatives;
mod exact;
mod kfac;
mod krylov;
mod series;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
