//! Newton's step H⁻¹g for a small network, exactly and by the methods that approximate it, with every curve.

pub mod activation;
pub mod analysis;
mod cost;
pub mod curvature;
pub mod data;
pub mod decode;
mod direct;
pub mod experiment;
pub mod field;
pub mod gradient;
pub mod iterative;
pub mod lab;
pub mod loss;
pub mod network;
pub mod objective;
pub mod operator;
pub mod parameters;
pub mod preconditioning;
pub mod problem;
pub mod report;
pub mod scalar;
pub mod sketch;
pub mod solve;
pub mod system;
pub mod training;
pub mod value;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
mod wasm;
