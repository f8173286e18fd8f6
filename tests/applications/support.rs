//! What the applications' tests have in common.

use hessian_lab::activation::Activation;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};

/// Networks that Newton's method takes to a minimum: smooth, and with weight decay.
pub const SMOOTH: Family = Family {
    activations: &[Activation::Sigmoid, Activation::Tanh, Activation::Softplus],
    weight_decays: &[0.05],
    hidden: (0, 2),
    samples: (8, 14),
    ..Family::ANY
};

/// The changes with validation data added.
pub fn applied(example: &Example, mut changes: Value) -> Value {
    changes["validation"] = json!({ "generator": "notebook", "samples": 9, "seed": example.seed });
    changes
}
