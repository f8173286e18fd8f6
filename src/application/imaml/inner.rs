//! One task's inner problem, and the meta-gradient through it: implicit, unrolled or by finite differences of its value.

use nalgebra::DVector;

use crate::activation::Activation;
use crate::application::imaml::task::Task;
use crate::curvature::hessian::Hessian;
use crate::gradient::Evaluation;
use crate::loss::Loss;
use crate::objective::Objective;
use crate::operator::{Damped, LinearOperator};
use crate::parameters::Layout;
use crate::solve::conjugate_gradient::{ConjugateGradient, Start};
use crate::training::levenberg_marquardt::{LevenbergMarquardt, Model};
use crate::training::{Descent, Outcome};

/// Newton steps that an inner problem is given.
const MOST_STEPS: usize = 300;

/// min_φ L_train(φ) + ½ λ ‖φ − θ‖², tested by L_test: the training loss has the weight decay, the test loss none.
#[derive(Clone, Debug)]
pub struct Inner {
    /// L_train, of the support.
    pub train: Objective<f64>,
    /// L_test, of the query.
    pub test: Objective<f64>,
    /// λ.
    pub proximal: f64,
}

impl Inner {
    /// The inner problem of `task`.
    pub fn new(layout: &Layout, activation: Activation, weight_decay: f64, proximal: f64, task: &Task) -> Self {
        let objective =
            |inputs: &[f64], decay| Objective::new(layout.clone(), activation, task.data(inputs), Loss::Mse, decay);
        Self { train: objective(&task.support, weight_decay), test: objective(&task.query, 0.0), proximal }
    }

    /// φ*(θ) by Newton's method from θ, to a gradient of `tolerance` or as far as rounding lets it.
    pub fn minimum(&self, theta: &DVector<f64>, tolerance: f64) -> Evaluation<f64> {
        let mut newton = LevenbergMarquardt::new(self.regularized(theta), theta.clone(), Model::Newton);
        for _ in 0..MOST_STEPS {
            if newton.position().gradient.norm() <= tolerance || newton.step().outcome == Outcome::Settled {
                break;
            }
        }
        newton.position().evaluation.clone()
    }

    /// L_test at φ.
    pub fn test_at(&self, phi: &DVector<f64>) -> Evaluation<f64> {
        Evaluation::new(self.test.clone(), phi.clone())
    }

    /// The implicit meta-gradient (I + H/λ)⁻¹ ∇L_test = λ (H + λ I)⁻¹ ∇L_test at φ by so many steps of CG from zero, H the
    /// Hessian of L_train without the proximal term (Rajeswaran, Finn, Kakade and Levine 2019, *Meta-learning with implicit
    /// gradients*, lemma 1 and section 3.1, <https://arxiv.org/abs/1909.04630>). A derivative where φ = φ*(θ).
    pub fn implicit(&self, phi: &DVector<f64>, steps: usize) -> DVector<f64> {
        let train = Evaluation::new(self.train.clone(), phi.clone());
        let operator = Damped { curvature: Box::new(Hessian::new(&train)), damping: self.proximal };
        let gradient = self.test_at(phi).gradient();
        let solver = ConjugateGradient::new(&operator, &gradient, Start::Zero);
        let last = solver.take(steps + 1).last();
        last.map_or(DVector::zeros(phi.len()), |iterate| iterate.solution) * self.proximal
    }

    /// φ_0 = θ, φ_1, …, φ_K by gradient descent on the inner problem with the rate η; as far as they are finite.
    pub fn descend(&self, theta: &DVector<f64>, rate: f64, steps: usize) -> Vec<Evaluation<f64>> {
        let mut path = vec![Evaluation::new(self.regularized(theta), theta.clone())];
        for k in 0..steps {
            let next = &path[k].theta - path[k].gradient() * rate;
            if !next.norm_squared().is_finite() {
                break;
            }
            path.push(Evaluation::new(path[k].objective.clone(), next));
        }
        path
    }

    /// ∇_θ L_test(φ_K) backpropagated through every step of `path`, exactly: with v = ∇L_test(φ_K), from the last step to the
    /// first, u ← u + η λ v and v ← v − η (H(φ_k) + λ I) v; then u + v, since φ_0 = θ. One product a step, and every φ_k is
    /// kept until then.
    pub fn unrolled(&self, path: &[Evaluation<f64>], rate: f64) -> DVector<f64> {
        let mut moved = self.test_at(&path[path.len() - 1].theta).gradient();
        let mut pulled = DVector::zeros(moved.len());
        for place in path[..path.len() - 1].iter().rev() {
            pulled.axpy(rate * self.proximal, &moved, 1.0);
            let product = Hessian::new(place).apply(&moved);
            moved.axpy(-rate, &product, 1.0);
        }
        pulled + moved
    }

    fn regularized(&self, theta: &DVector<f64>) -> Objective<f64> {
        self.train.near(theta, self.proximal)
    }
}
