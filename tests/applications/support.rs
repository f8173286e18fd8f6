//! What the applications' tests have in common.

use hessian_lab::activation::Activation;
use hessian_lab::application::Applications;
use hessian_lab::experiment::Experiment;
use serde_json::{Value, json};

use crate::common::generated::{Example, Family};
use crate::common::support::report;

/// μ: enough for minima that stay where they are while a datum comes and goes. Influence is a first derivative, and holds as far
/// as the loss is a quadratic over the way to the minimum without a datum. At μ = 0.05 six of the 24 networks that the
/// correlation is tested on fall below 0.95, the least at 0.60: weaker regularised, they move further than that.
pub const WEIGHT_DECAY: f64 = 0.2;

/// Networks that Newton's method takes to a minimum: smooth, and with weight decay.
pub const SMOOTH: Family = Family {
    activations: &[Activation::Sigmoid, Activation::Tanh, Activation::Softplus],
    weight_decays: &[WEIGHT_DECAY],
    hidden: (0, 2),
    samples: (8, 14),
    ..Family::ANY
};

/// The changes with validation data added.
pub fn applied(example: &Example, mut changes: Value) -> Value {
    changes["validation"] = json!({ "generator": "notebook", "samples": 9, "seed": example.seed });
    changes
}

/// The changes with training to a minimum added.
pub fn trained(mut changes: Value) -> Value {
    changes["training"] = json!({ "optimizer": "newton", "steps": 400 });
    changes
}

/// What the applications of a network's experiment come back with.
pub fn applications(example: &Example, changes: Value) -> Applications {
    report(example, applied(example, changes)).applications.expect("they were asked for")
}

/// The network's experiment with validation data.
pub fn experiment(example: &Example, changes: Value) -> Experiment {
    example.experiment(applied(example, changes))
}

/// Every inverse that the page offers, its iterations few.
pub fn methods() -> Value {
    json!([
        { "method": "exact" },
        { "method": "cg", "iterations": 400 },
        { "method": "neumann", "iterations": 3, "scale": "auto" },
        { "method": "lissa", "iterations": 3, "scale": 20.0, "batch": 2, "repeats": 1, "seed": 1 },
        { "method": "kfac" },
        { "method": "ekfac" },
    ])
}
