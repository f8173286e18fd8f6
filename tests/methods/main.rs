//! Every method as the contract has it: what it computes, what it costs, what it says.

#[path = "../common/mod.rs"]
mod common;
mod damping_conventions;
mod draws;
mod lissa;
mod messages;
mod minres;
mod monte_carlo;
mod negative_curvature;
mod precision;
mod preconditioners;
mod products;
mod scales;
mod support;
mod verdicts;
mod weight_decay;
mod zero;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
