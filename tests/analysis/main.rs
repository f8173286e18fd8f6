//! What the lenses draw: each analysis against its definition, over generated networks.

mod bounds;
mod budget;
#[path = "../common/mod.rs"]
mod common;
mod conventions;
mod glimpse;
mod missing;
mod modes;
mod polynomials;
mod quadratic;
mod reduction;
mod regions;
mod sketches;
mod slice;
mod support;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
