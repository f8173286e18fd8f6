//! The nonlinearity of the hidden layers, with its first two derivatives.

use serde::{Deserialize, Serialize};

use crate::coverage::full_only;
use crate::scalar::Scalar;

/// φ, applied entry by entry to the pre-activations of every hidden layer; the output layer is linear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// φ(s) = 1 / (1 + e⁻ˢ)
    Sigmoid,
    /// φ(s) = tanh s
    Tanh,
    /// φ(s) = max(s, 0), with φ′(0) = 0 as in PyTorch
    Relu,
    /// φ(s) = ln(1 + eˢ)
    Softplus,
    /// φ(s) = s
    Identity,
}

/// φ(s), φ′(s) and φ″(s) at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jet<T> {
    /// φ(s)
    pub value: T,
    /// φ′(s)
    pub slope: T,
    /// φ″(s)
    pub bend: T,
}

impl Activation {
    /// φ, φ′ and φ″ at the pre-activation `s`.
    pub fn at<T: Scalar>(self, s: T) -> Jet<T> {
        let (zero, one) = (T::zero(), T::one());
        let (value, slope, bend) = match self {
            Self::Sigmoid => sigmoid(s),
            Self::Tanh => {
                full_only();
                let value = s.tanh();
                let slope = tanh_slope(s, value);
                (value, slope, -(value + value) * slope)
            }
            Self::Relu if s > zero => (s, one, zero),
            Self::Relu => (zero, zero, zero),
            Self::Softplus => {
                full_only();
                let (slope, bend, _) = sigmoid(s);
                // max(s, 0) + ln(1 + e^−|s|) neither overflows nor loses the tail.
                (s.max(zero) + (-s.abs()).exp().ln_1p(), slope, bend)
            }
            Self::Identity => (s, one, zero),
        };
        Jet { value, slope, bend }
    }
}

fn sigmoid<T: Scalar>(s: T) -> (T, T, T) {
    let one = T::one();
    let decay = (-s).exp();
    let value = one / (one + decay);
    // 1 − φ(s) is φ(−s); far to the right the difference has lost its digits.
    let rest = if s > T::of(FAR) { decay * value } else { one - value };
    let slope = value * rest;
    (value, slope, slope * (rest - value))
}

/// Where 1 − φ and 1 − φ² have lost a few digits by cancelling, their exponentials are taken.
const FAR: f64 = 4.0;

/// 1 − tanh² s, far out as 4 q / (1 + q)² with q = e^(−2|s|).
fn tanh_slope<T: Scalar>(s: T, value: T) -> T {
    let one = T::one();
    if s.abs() <= T::of(FAR) {
        return one - value * value;
    }
    let q = (-(s.abs() + s.abs())).exp();
    T::of(4.0) * q / ((one + q) * (one + q))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Activation; 5] =
        [Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::Softplus, Activation::Identity];

    #[test]
    fn derivatives_equal_central_differences() {
        let step = 1e-5;
        for activation in ALL {
            for s in [-3.0_f64, -0.7, 0.3, 2.1] {
                let (here, up, down) = (activation.at(s), activation.at(s + step), activation.at(s - step));
                assert!((here.slope - (up.value - down.value) / (2.0 * step)).abs() < 1e-9, "{activation:?} at {s}");
                assert!((here.bend - (up.slope - down.slope) / (2.0 * step)).abs() < 1e-9, "{activation:?} at {s}");
            }
        }
    }

    #[test]
    fn derivatives_keep_their_digits_where_an_activation_is_flat() {
        for s in [3.9_f64, 4.1, 10.0, 20.0, 40.0, 300.0] {
            let e = (-s).exp();
            let near = |derivative: f64, expected: f64| assert!((derivative / expected - 1.0).abs() < 1e-11, "{s}");
            for (sign, bend) in [(1.0, e - 1.0), (-1.0, 1.0 - e)] {
                let jet = Activation::Sigmoid.at(sign * s);
                near(jet.slope, e / (1.0 + e).powi(2));
                near(jet.bend, e * bend / (1.0 + e).powi(3));
                let (jet, q) = (Activation::Tanh.at(sign * s), (-2.0 * s).exp());
                near(jet.slope, 4.0 * q / (1.0 + q).powi(2));
                near(jet.bend, -sign * 8.0 * q * (1.0 - q) / (1.0 + q).powi(3));
            }
        }
    }

    #[test]
    fn no_activation_overflows_far_out() {
        for activation in ALL {
            for s in [-1e4_f64, 1e4] {
                let (wide, narrow) = (activation.at(s), activation.at(s as f32));
                assert!([wide.value, wide.slope, wide.bend].iter().all(|x| x.is_finite()), "{activation:?} at {s}");
                assert!([narrow.value, narrow.slope, narrow.bend].iter().all(|x| x.is_finite()));
            }
        }
    }
}
