//! The conjugate gradient method, optionally preconditioned.

use nalgebra::DVector;
use serde::{Deserialize, Serialize};

use crate::operator::LinearOperator;
use crate::scalar::Scalar;
use crate::solve::{Coefficients, Event, Iterate};

/// Where CG starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// x₀ = 0: iterate k is the best in the Krylov space of b, in the energy norm.
    #[default]
    Zero,
    /// x₀ = b, as the notebook has it; costs one product.
    RightHandSide,
}

/// What CG does at a direction of negative curvature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum OnNegativeCurvature {
    /// Reports it and goes on as the recurrence has it.
    #[default]
    Continue,
    /// Ends there, with the iterate before.
    Stop,
}

/// Preconditioned conjugate gradients (Hestenes and Stiefel 1952, <https://doi.org/10.6028/jres.049.044>; Saad 2003,
/// *Iterative methods for sparse linear systems*, algorithm 9.1).
///
/// Defined for a positive definite A. At pᵀAp ≤ 0 the event is reported and, unless told to stop, the recurrence goes on
/// as written: what a program that does not look would compute.
pub struct ConjugateGradient<'a, T: Scalar> {
    operator: &'a dyn LinearOperator<T>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
    on_negative_curvature: OnNegativeCurvature,
    solution: DVector<T>,
    residual: DVector<T>,
    direction: DVector<T>,
    /// rᵀ P⁻¹ r.
    weight: T,
    /// ε ‖b‖: below it nothing more can be gained.
    target: T,
    products: f64,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Fresh,
    Running,
    Ended,
}

impl<'a, T: Scalar> ConjugateGradient<'a, T> {
    /// The iteration for `operator` x = `right_hand_side`.
    pub fn new(operator: &'a dyn LinearOperator<T>, right_hand_side: &DVector<T>, start: Start) -> Self {
        let (solution, residual, products) = match start {
            Start::Zero => (DVector::zeros(right_hand_side.len()), right_hand_side.clone(), 0.0),
            Start::RightHandSide => (right_hand_side.clone(), right_hand_side - operator.apply(right_hand_side), 1.0),
        };
        Self {
            operator,
            preconditioner: None,
            on_negative_curvature: OnNegativeCurvature::Continue,
            solution,
            weight: residual.norm_squared(),
            direction: residual.clone(),
            residual,
            target: right_hand_side.norm() * T::of(T::EPSILON),
            products,
            state: State::Fresh,
        }
    }

    /// The same iteration preconditioned by P; `inverse` applies P⁻¹.
    pub fn preconditioned(mut self, inverse: &'a dyn LinearOperator<T>) -> Self {
        self.direction = inverse.apply(&self.residual);
        self.weight = self.residual.dot(&self.direction);
        self.preconditioner = Some(inverse);
        self
    }

    /// The same iteration with this answer to pᵀAp ≤ 0.
    pub fn on_negative_curvature(mut self, answer: OnNegativeCurvature) -> Self {
        self.on_negative_curvature = answer;
        self
    }

    /// The search direction p, after the end at negative curvature the one that met it.
    #[cfg(feature = "full")]
    pub fn direction(&self) -> &DVector<T> {
        &self.direction
    }

    /// One step; what it met, and its α and β.
    fn step(&mut self) -> (Option<Event>, Option<Coefficients>) {
        let product = self.operator.apply(&self.direction);
        self.products += 1.0;
        let curvature = self.direction.dot(&product);
        let event = (curvature <= T::zero()).then(|| self.lack_of_curvature(curvature));
        let stop = event.is_some() && self.on_negative_curvature == OnNegativeCurvature::Stop;
        if curvature == T::zero() || stop {
            self.state = State::Ended;
            return (event, None);
        }
        let alpha = self.weight / curvature;
        self.solution.axpy(alpha, &self.direction, T::one());
        self.residual.axpy(-alpha, &product, T::one());
        let beta = self.turn();
        (event, Some(Coefficients::ConjugateGradient { alpha: alpha.to_f64(), beta: beta.to_f64() }))
    }

    /// What pᵀAp ≤ 0 means; of a direction too short to be squared, nothing about A.
    fn lack_of_curvature(&self, curvature: T) -> Event {
        let relative = (curvature / self.direction.norm_squared()).to_f64();
        if relative.is_finite() { Event::NegativeCurvature(relative) } else { Event::ZeroDivisor }
    }

    /// p ← P⁻¹r + β p; β.
    fn turn(&mut self) -> T {
        let preconditioned = self.preconditioner.map(|inverse| inverse.apply(&self.residual));
        let steepest = preconditioned.as_ref().unwrap_or(&self.residual);
        let weight = self.residual.dot(steepest);
        let beta = weight / self.weight;
        self.direction.axpy(T::one(), steepest, beta);
        self.weight = weight;
        beta
    }

    fn iterate(&self, event: Option<Event>, coefficients: Option<Coefficients>) -> Iterate<T> {
        Iterate { solution: self.solution.clone(), products: self.products, event, coefficients }
    }
}

impl<T: Scalar> Iterator for ConjugateGradient<'_, T> {
    type Item = Iterate<T>;

    fn next(&mut self) -> Option<Iterate<T>> {
        if self.state == State::Fresh {
            self.state = State::Running;
            return Some(self.iterate(None, None));
        }
        if self.state == State::Ended || self.target.is_finite() && self.residual.norm() <= self.target {
            return None;
        }
        if self.weight == T::zero() {
            self.state = State::Ended;
            return Some(self.iterate(Some(Event::ZeroDivisor), None));
        }
        let (event, coefficients) = self.step();
        Some(self.iterate(event, coefficients))
    }
}
