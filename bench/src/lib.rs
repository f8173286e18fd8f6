//! The work that is timed, one task a name, on any network; who calls it has the clock.

#[cfg(target_arch = "wasm32")]
pub mod wasm;

use std::hint::black_box;

use hessian_lab::curvature::assembly;
use hessian_lab::curvature::kfac::DampingConvention;
use hessian_lab::experiment::{Experiment, Fisher};
use hessian_lab::{Evaluation, Hessian, Lab, LinearOperator, OutputMetric, Problem, Value, decode};
use hessian_lab_kernels::{Decomposition, tile};
use nalgebra::{DMatrix, DVector};
use serde_json::json;

/// Multiplications and additions of one task named peak.
pub const PEAK_FLOPS: f64 = 2.0 * 16.0 * PEAK_STEPS as f64;
const PEAK_STEPS: usize = 4096;
const STRETCH: usize = 256;

/// A sigmoid network with squared error on the notebook's data, at one θ.
pub struct Bench {
    experiment: Experiment,
    problem: Problem,
    matrix: Option<DMatrix<f64>>,
    lab: Lab,
    moves: u32,
}

impl Bench {
    /// The network of these widths with so many data.
    pub fn new(layers: &[usize], samples: usize) -> Self {
        let experiment = experiment(layers, samples);
        let problem = Problem::new(&experiment).expect("numbers of ordinary size");
        let matrix = problem.formed.as_ref().map(|formed| formed.matrix.clone());
        Self { experiment, problem, matrix, lab: Lab::new(), moves: 0 }
    }

    /// P.
    pub fn parameters(&self) -> usize {
        self.problem.parameters()
    }

    /// Does a task so many times; false for one that this network is too large for.
    pub fn run(&mut self, task: &str, repetitions: usize) -> bool {
        (0..repetitions).all(|_| self.once(task))
    }

    fn once(&mut self, task: &str) -> bool {
        let evaluation = &self.problem.evaluation;
        // Gradients and matrices start at θ, as the peers' do; a product is one of many at the same θ.
        let evaluate = || Evaluation::new(evaluation.objective.clone(), evaluation.theta.clone());
        match task {
            "peak" => peak(PEAK_STEPS),
            "gradient" => drop(black_box(evaluate().gradient())),
            "product" => drop(black_box(Hessian::new(evaluation).apply(&self.problem.gradient))),
            "kfac_build" => drop(black_box(self.problem.build_kfac(Fisher::Type2))),
            "kfac_solve" => {
                let damped = self.problem.kfac(Fisher::Type2).damped(0.1, DampingConvention::Exact);
                black_box(damped.inverse().operator.apply(&self.problem.gradient));
            }
            "hessian" => drop(black_box(assembled(&evaluate(), assembly::hessian))),
            "ggn" => drop(black_box(assembled(&evaluate(), assembly::gauss_newton))),
            "experiment" => drop(black_box(Lab::new().report(&self.experiment))),
            "damping_move" | "scale_move" => self.move_slider(task),
            _ => return self.decompose(task),
        }
        true
    }

    /// The tasks that need the matrix to be there.
    fn decompose(&self, task: &str) -> bool {
        let Some(matrix) = &self.matrix else { return false };
        let decompose = || Decomposition::new(matrix.as_slice(), matrix.nrows());
        match task {
            "eigenvalues" => drop(black_box(decompose())),
            "eigenvectors" => {
                let identity: DMatrix<f64> = DMatrix::identity(matrix.nrows(), matrix.nrows());
                black_box(decompose().vectors(identity.as_slice()));
            }
            _ => return false,
        }
        true
    }

    /// A report by a lab that remembers the one before, at a damping or a scale that it has not seen.
    fn move_slider(&mut self, task: &str) {
        self.moves += 1;
        let place = f64::from(self.moves % 1000);
        if task == "damping_move" {
            self.experiment.damping = 0.01 + 0.001 * place;
        } else if let Some(hessian_lab::Method::Neumann { scale, .. }) = self.experiment.methods.last_mut() {
            *scale = hessian_lab::experiment::Scale::Given(4.0 + 0.001 * place);
        }
        black_box(self.lab.report(&self.experiment)).expect("a report");
        self.experiment.damping = 0.0;
    }

    /// ‖H ∇‖, so that runs in different places can be seen to do the same.
    pub fn check(&self) -> f64 {
        let product: DVector<f64> = Hessian::new(&self.problem.evaluation).apply(&self.problem.gradient);
        product.norm()
    }
}

type Assembly = fn(&Evaluation<f64>, &OutputMetric<f64>) -> DMatrix<f64>;

fn assembled(evaluation: &Evaluation<f64>, assembly: Assembly) -> DMatrix<f64> {
    assembly(evaluation, &OutputMetric::loss_curvature(evaluation))
}

/// The whole experiment: gradient, matrix, eigenvalues, exact solution, forty steps of CG and of the Neumann series.
fn experiment(layers: &[usize], samples: usize) -> Experiment {
    let described = json!({
        "network": { "layers": layers, "activation": "sigmoid", "seed": 1 },
        "data": { "generator": "notebook", "samples": samples, "seed": 1 },
        "loss": "mse",
        "methods": [
            { "method": "exact" },
            { "method": "cg", "iterations": 40 },
            { "method": "neumann", "iterations": 40, "scale": 4.5 },
        ],
    });
    let value: Value = serde_json::from_value(described).expect("JSON is untyped input");
    decode::experiment(&value).expect("a good experiment")
}

/// The kernel of every matrix product, on numbers in the nearest cache: sixteen sums, two abreast in a register.
fn peak(steps: usize) {
    let (left, right) = black_box(([[0.999; 4]; STRETCH], [[0.5; 4]; STRETCH]));
    for _ in 0..steps / STRETCH {
        black_box(tile(black_box(&left), &right));
    }
}
