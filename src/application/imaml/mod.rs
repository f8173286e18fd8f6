//! iMAML: a meta-gradient through the minimum of an inner problem, by an inverse instead of by unrolling.

pub mod inner;
pub mod task;

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use crate::application::imaml::inner::Inner;
use crate::application::imaml::task::{REACH, Task};
use crate::curvature::hessian::Hessian;
use crate::data::rows;
use crate::digits::digits;
use crate::experiment::{Curvature, DataSpec, Experiment, ImamlSpec, Method, RightHandSide};
use crate::field::Refusal;
use crate::gradient::Evaluation;
use crate::magnitude::finite;
use crate::network::ForwardPass;
use crate::parameters::LARGEST_FORMED;
use crate::problem::Problem;
use crate::solve::lanczos::largest_eigenvalue;
use crate::solve::trace::{Recording, Trace};
use crate::system::System;
use crate::training::adam::Adam;
use crate::training::effort::Effort;
use crate::verdict::Status;

/// The gradient that an inner problem of meta-training is solved to; the shown one is solved as far as rounding lets it.
const TOLERANCE: f64 = 1e-6;

/// Points of a curve.
const POINTS: usize = 61;

/// Tasks that meta-training never sees, to test it on.
const UNSEEN: u64 = 12;

/// One task's meta-gradient by every way, and what a short meta-training makes of θ. Errors are relative to the exact
/// meta-gradient ∇_θ L_test(φ*(θ)) = λ (H + λ I)⁻¹ ∇L_test(φ*), φ* = argmin L_train(φ) + ½ λ ‖φ − θ‖² and H the Hessian of
/// L_train at φ* (Rajeswaran, Finn, Kakade and Levine 2019, *Meta-learning with implicit gradients*,
/// <https://arxiv.org/abs/1909.04630>).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Imaml {
    /// The task that is shown: task 0 of the seed.
    pub task: Task,
    /// The sine at the shown task's support.
    pub support_targets: Vec<f64>,
    /// L_train at φ*, weight decay included, the proximal term not.
    pub train_loss: f64,
    /// L_test at φ*.
    pub test_loss: f64,
    /// ‖∇‖ of the inner problem at φ*: the meta-gradient is exact as far as this is zero.
    pub gradient_norm: f64,
    /// The exact meta-gradient, P numbers.
    pub meta_gradient: Vec<f64>,
    /// The meta-gradient at φ* by each of the experiment's methods, in their order.
    pub methods: Vec<ImamlMethod>,
    /// η of the inner gradient steps, given or chosen.
    pub inner_rate: f64,
    /// After more and more inner gradient steps, unrolled and implicit.
    pub steps: Vec<ImamlSteps>,
    /// L_test after adapting, the mean over each meta-step's tasks, before that step.
    pub meta_losses: Vec<f64>,
    /// L_test after adapting, the mean over tasks that meta-training never saw: with the report's θ, and with the meta-trained.
    pub unseen_losses: [f64; 2],
    /// θ after meta-training.
    pub meta_theta: Vec<f64>,
    /// Inputs from −3 to 3.
    pub inputs: Vec<f64>,
    /// The shown task's sine there.
    pub truth: Vec<f64>,
    /// What the network says there before meta-training.
    pub before: TaskFit,
    /// And after it.
    pub after: TaskFit,
    /// One sentence on it all.
    pub message: String,
}

/// A network's outputs over the inputs of [`Imaml`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TaskFit {
    /// With θ.
    pub start: Vec<f64>,
    /// With φ*, adapted to the shown task's support.
    pub adapted: Vec<f64>,
    /// L_test of the shown task at φ*.
    pub test_loss: f64,
}

/// The meta-gradient at φ* by one method.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImamlMethod {
    /// The method's name.
    pub method: String,
    /// How it went.
    pub status: Status,
    /// One sentence on it.
    pub message: String,
    /// Its curves on (H + λ I) x = ∇L_test, whose solution times λ is the meta-gradient: the relative errors are the same.
    pub trace: Trace,
}

/// The meta-gradient after K inner gradient steps from θ. Costs are in products, a gradient being half of one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImamlSteps {
    /// K.
    pub steps: usize,
    /// The error of backpropagation through all K steps; null where they diverge.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub unrolled: Option<f64>,
    /// What it costs: K gradients, the test gradient and K products. It keeps all K iterates.
    pub unrolled_products: f64,
    /// The error of λ (H + λ I)⁻¹ ∇L_test at φ_K by the set number of CG steps; null where the K steps diverge.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub implicit: Option<f64>,
    /// What it costs: K gradients, the test gradient and a product a CG step. It keeps one iterate.
    pub implicit_products: f64,
}

/// The application on `experiment`; refused where it lacks what few-shot sines need.
pub fn imaml(problem: &Problem, experiment: &Experiment) -> Result<Imaml, Refusal> {
    check(problem, experiment)?;
    let learner = Learner { problem, experiment, spec: &experiment.imaml };
    let theta = &problem.evaluation.theta;
    let (task, trained) = (learner.task(0), learner.meta_train());
    let inner = learner.inner(&task);
    let adapted = inner.minimum(theta, 0.0);
    let (methods, exact) = learner.by_method(&inner, &adapted)?;
    let rate = learner.spec.inner_rate.unwrap_or_else(|| 1.0 / learner.largest_curvature(&adapted));
    let inputs: Vec<f64> = (0..POINTS).map(|i| REACH * (2.0 * i as f64 / (POINTS - 1) as f64 - 1.0)).collect();
    let mut answer = Imaml {
        train_loss: Evaluation::new(inner.train.clone(), adapted.theta.clone()).value(),
        test_loss: inner.test_at(&adapted.theta).loss(),
        gradient_norm: adapted.gradient().norm(),
        methods,
        inner_rate: rate,
        steps: learner.by_steps(&inner, rate, &exact),
        meta_gradient: exact.as_slice().to_vec(),
        unseen_losses: [theta, &trained.theta].map(|theta| learner.unseen_loss(theta)),
        support_targets: task.support.iter().map(|&x| task.truth(x)).collect(),
        truth: inputs.iter().map(|&x| task.truth(x)).collect(),
        before: learner.fit(&inner, theta, &inputs),
        after: learner.fit(&inner, &trained.theta, &inputs),
        meta_losses: trained.losses,
        meta_theta: trained.theta.as_slice().to_vec(),
        message: String::new(),
        inputs,
        task,
    };
    answer.message = answer.words(learner.spec);
    Ok(answer)
}

fn check(problem: &Problem, experiment: &Experiment) -> Result<(), Refusal> {
    let refuse = |field: &str, problem: String| Err(Refusal { field: field.into(), problem });
    let layers = &experiment.network.layers;
    // Cross-entropy needs two outputs, so one output is squared error.
    if layers[0] != 1 || layers[layers.len() - 1] != 1 {
        return refuse(
            "network.layers",
            format!("{layers:?} has other ends than the 1 input and 1 output of a sine, as [1, 10, 1] has"),
        );
    }
    if experiment.damping == 0.0 {
        return refuse(
            "damping",
            "0 is no strength of imaml's proximal term; a number above 0, such as 0.1, is".into(),
        );
    }
    if problem.formed.is_none() {
        let parameters = problem.parameters();
        return refuse(
            "applications",
            format!(
                "\"imaml\" measures errors against the exact inverse, formed up to {LARGEST_FORMED} parameters, not {parameters}"
            ),
        );
    }
    check_batches(experiment)
}

/// A batch is drawn from the support here, of which there may be fewer data than of the experiment's.
fn check_batches(experiment: &Experiment) -> Result<(), Refusal> {
    let support = experiment.imaml.support;
    let larger = |(place, method): (usize, &Method)| match method {
        Method::Lissa { batch, .. } if *batch > support => Some(Refusal {
            field: format!("methods[{place}].batch"),
            problem: format!(
                "{batch} is not a batch of the data that imaml adapts to, between 1 and imaml.support = {support}"
            ),
        }),
        _ => None,
    };
    experiment.methods.iter().enumerate().find_map(larger).map_or(Ok(()), Err)
}

struct Learner<'a> {
    problem: &'a Problem,
    experiment: &'a Experiment,
    spec: &'a ImamlSpec,
}

struct MetaTrained {
    theta: DVector<f64>,
    losses: Vec<f64>,
}

impl Learner<'_> {
    fn task(&self, index: u64) -> Task {
        Task::draw(self.spec, index)
    }

    fn inner(&self, task: &Task) -> Inner {
        let objective = &self.problem.evaluation.objective;
        Inner::new(&objective.layout, objective.activation, objective.weight_decay, self.experiment.damping, task)
    }

    /// The meta-gradient at φ* by each method, and the exact one.
    fn by_method(&self, inner: &Inner, adapted: &Evaluation<f64>) -> Result<(Vec<ImamlMethod>, DVector<f64>), Refusal> {
        let mut network = self.experiment.network.clone();
        network.parameters = Some(adapted.theta.as_slice().to_vec());
        let problem = Problem::new(&Experiment {
            network,
            data: DataSpec::Explicit(rows(&inner.train.data)),
            training: None,
            curvature: Curvature::Hessian,
            right_hand_side: RightHandSide::Given(inner.test_at(&adapted.theta).gradient().as_slice().to_vec()),
            ..self.experiment.clone()
        })?;
        let system = System::new(&problem, inner.proximal, self.experiment.precision);
        system.check_exact()?;
        let exact = system.exact.clone().unwrap_or_else(|| DVector::zeros(adapted.theta.len()));
        let of = |method: &Method| {
            let answer = system.run(method, Recording::Curves);
            let (status, message) = (answer.verdict.status, answer.verdict.message);
            ImamlMethod { method: method.name().into(), status, message, trace: answer.run.trace }
        };
        Ok((self.experiment.methods.iter().map(of).collect(), exact * inner.proximal))
    }

    fn largest_curvature(&self, adapted: &Evaluation<f64>) -> f64 {
        largest_eigenvalue(&Hessian::new(adapted))
    }

    /// 0, 1, 2, 3, 4, 6, 8, 12, … inner steps, to the most that are asked for.
    fn by_steps(&self, inner: &Inner, rate: f64, exact: &DVector<f64>) -> Vec<ImamlSteps> {
        let most = self.spec.inner_steps as usize;
        let doubling = (0..).flat_map(|power| [2 << power, 3 << power]);
        let counts = [0, 1].into_iter().chain(doubling).take_while(|&steps| steps < most).chain([most]);
        let path = inner.descend(&self.problem.evaluation.theta, rate, most);
        let error = |gradient: DVector<f64>| finite((gradient - exact).norm() / exact.norm());
        let cost = |gradients, products| Effort { values: 0, gradients, products }.in_products();
        let cg_steps = self.spec.cg_steps as usize;
        let at = |steps: usize| {
            let reached = path.get(..=steps);
            ImamlSteps {
                steps,
                unrolled: reached.and_then(|path| error(inner.unrolled(path, rate))),
                unrolled_products: cost(steps + 1, steps),
                implicit: reached.and_then(|path| error(inner.implicit(&path[steps].theta, cg_steps))),
                implicit_products: cost(steps + 1, cg_steps),
            }
        };
        counts.map(at).collect()
    }

    /// Adam on the mean of implicit meta-gradients over fresh tasks a step. Task 0 and the unseen ones stay out of it.
    fn meta_train(&self) -> MetaTrained {
        let mut theta = self.problem.evaluation.theta.clone();
        let (mut adam, mut losses) = (Adam::new(theta.len(), self.spec.meta_rate), Vec::new());
        let tasks = u64::from(self.spec.tasks);
        for step in 0..u64::from(self.spec.meta_steps) {
            let (mut gradient, mut loss) = (DVector::zeros(theta.len()), 0.0);
            for t in 0..tasks {
                let inner = self.inner(&self.task(1 + UNSEEN + step * tasks + t));
                let phi = inner.minimum(&theta, TOLERANCE).theta;
                gradient += inner.implicit(&phi, self.spec.cg_steps as usize) / tasks as f64;
                loss += inner.test_at(&phi).loss() / tasks as f64;
            }
            let next = adam.step(&theta, &gradient);
            if !next.norm_squared().is_finite() || !loss.is_finite() {
                break;
            }
            losses.push(loss);
            theta = next;
        }
        MetaTrained { theta, losses }
    }

    fn unseen_loss(&self, theta: &DVector<f64>) -> f64 {
        let loss = |index| {
            let inner = self.inner(&self.task(index));
            inner.test_at(&inner.minimum(theta, TOLERANCE).theta).loss()
        };
        (1..=UNSEEN).map(loss).sum::<f64>() / UNSEEN as f64
    }

    fn fit(&self, inner: &Inner, theta: &DVector<f64>, inputs: &[f64]) -> TaskFit {
        let adapted = inner.minimum(theta, TOLERANCE).theta;
        TaskFit {
            start: self.outputs(theta, inputs),
            test_loss: inner.test_at(&adapted).loss(),
            adapted: self.outputs(&adapted, inputs),
        }
    }

    fn outputs(&self, theta: &DVector<f64>, inputs: &[f64]) -> Vec<f64> {
        let objective = &self.problem.evaluation.objective;
        let inputs = DMatrix::from_row_slice(1, inputs.len(), inputs);
        ForwardPass::new(objective.layout.split(theta), objective.activation, &inputs).outputs.as_slice().to_vec()
    }
}

impl Imaml {
    fn words(&self, spec: &ImamlSpec) -> String {
        let [before, after] = self.unseen_losses.map(digits);
        let last = self.steps[self.steps.len() - 1];
        let error = |error: Option<f64>| {
            error.map_or("nothing that is finite".into(), |error| format!("an error of {}", digits(error)))
        };
        format!(
            "Unrolling {} inner steps leaves the meta-gradient {} for {} products; {} CG steps at the same point {} for {}. On \
             tasks it never saw, {} meta-steps take the test loss after adapting from {before} to {after}.",
            last.steps,
            error(last.unrolled),
            digits(last.unrolled_products),
            spec.cg_steps,
            error(last.implicit),
            digits(last.implicit_products),
            self.meta_losses.len(),
        )
    }
}
