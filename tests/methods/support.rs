//! What the methods' tests have in common.

use hessian_lab::activation::Activation;

use crate::common::generated::Family;
use crate::common::support::DEEP;

/// Networks with hidden layers, none of whose units can be dead on all data.
pub const SMOOTH: Family =
    Family { activations: &[Activation::Sigmoid, Activation::Tanh, Activation::Softplus], ..DEEP };

/// Every curvature's name.
pub const NAMES: [&str; 4] = ["hessian", "ggn", "fisher_mc", "fisher_empirical"];
