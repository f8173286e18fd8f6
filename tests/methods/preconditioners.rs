//! Preconditioned by KFAC or EKFAC, an iteration is the plain one on the system P^(−1/2) A P^(−1/2).

use hessian_lab::experiment::{Experiment, Include};
use hessian_lab::lab::Lab;
use hessian_lab::report::{Report, Status};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

use crate::common::assert_near;
use crate::common::generated::{Example, Family};
use crate::common::support::{DEEP, curve};
use crate::common::systems::{damped, eigenvalues, run, system};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PRECONDITIONERS: [&str; 2] = ["kfac", "ekfac"];

/// A, b and the symmetric square root P^(1/2) of a preconditioner with its inverse, all dense.
struct Preconditioned {
    a: DMatrix<f64>,
    b: DVector<f64>,
    root: DMatrix<f64>,
    inverse_root: DMatrix<f64>,
}

impl Preconditioned {
    fn new(experiment: &Experiment, preconditioner: &str) -> Self {
        let (a, b) = system(experiment);
        let eigen = damped(kronecker(experiment, preconditioner), experiment.damping).symmetric_eigen();
        let power = |exponent: f64| {
            let powers = eigen.eigenvalues.map(|eigenvalue| eigenvalue.powf(exponent));
            &eigen.eigenvectors * DMatrix::from_diagonal(&powers) * eigen.eigenvectors.transpose()
        };
        Self { a, b, root: power(0.5), inverse_root: power(-0.5) }
    }

    /// P^(−1/2) A P^(−1/2), made symmetric to the last bit.
    fn symmetrized(&self) -> DMatrix<f64> {
        let matrix = &self.inverse_root * &self.a * &self.inverse_root;
        (&matrix + matrix.transpose()) * 0.5
    }
}

/// The undamped matrix, from a report.
fn kronecker(experiment: &Experiment, preconditioner: &str) -> DMatrix<f64> {
    let mut experiment = experiment.clone();
    experiment.include = vec![Include::Matrices];
    let Report { matrices, parameters, .. } = Lab::new().report(&experiment).expect("a report");
    let matrices = matrices.expect("they were asked for");
    let entries = if preconditioner == "kfac" { matrices.kfac } else { matrices.ekfac };
    DMatrix::from_vec(parameters, parameters, entries)
}

#[test]
fn preconditioned_cg_is_cg_on_the_symmetrised_system() {
    for example in Family::ANY.draw(30) {
        for (preconditioner, start) in
            [("kfac", "zero"), ("kfac", "right_hand_side"), ("ekfac", "zero"), ("ekfac", "right_hand_side")]
        {
            let changes = json!({ "curvature": "ggn", "damping": 0.1 });
            let system = Preconditioned::new(&example.experiment(changes.clone()), preconditioner);
            let (matrix, b) = (system.symmetrized(), &system.inverse_root * &system.b);
            let first = if start == "zero" { &b * 0.0 } else { &system.root * &system.b };
            let method = json!({ "method": "cg", "iterations": 4, "start": start, "preconditioner": preconditioner });
            let run = run(&example, changes, method);
            let expected = &system.inverse_root * conjugate_gradient(&matrix, &b, first, 4);
            let what = format!("{example} {preconditioner} from {start}");
            assert_near(&run.solution, expected.as_slice(), 1e-6, &what);
        }
    }
}

/// The textbook's CG, until nothing is left to gain.
fn conjugate_gradient(a: &DMatrix<f64>, b: &DVector<f64>, mut x: DVector<f64>, steps: usize) -> DVector<f64> {
    let mut r = b - a * &x;
    let mut p = r.clone();
    for _ in 0..steps {
        if r.norm() <= 1e-13 * b.norm() {
            break;
        }
        let (weight, product) = (r.norm_squared(), a * &p);
        let alpha = weight / p.dot(&product);
        x += &p * alpha;
        r -= product * alpha;
        p = &r + &p * (r.norm_squared() / weight);
    }
    x
}

#[test]
fn a_preconditioned_neumann_series_starts_from_the_preconditioner_alone() {
    for example in Family::ANY.draw(20) {
        for preconditioner in PRECONDITIONERS {
            let direct = json!({ "method": preconditioner });
            let [series, direct] = [neumann(0, json!(4.0), preconditioner), direct]
                .map(|method| run(&example, json!({ "damping": 0.2 }), method).solution);
            let quarter: Vec<f64> = direct.iter().map(|x| x / 4.0).collect();
            assert_near(&series, &quarter, 1e-12, &format!("{example} {preconditioner}"));
        }
    }
}

fn neumann(iterations: usize, scale: Value, preconditioner: &str) -> Value {
    json!({ "method": "neumann", "iterations": iterations, "scale": scale, "preconditioner": preconditioner })
}

#[test]
fn a_preconditioned_neumann_series_converges_to_the_solution_inside_its_interval_only() {
    for example in Family::ANY.draw(20) {
        for preconditioner in PRECONDITIONERS {
            let changes = json!({ "curvature": "ggn", "damping": 0.5 });
            let matrix = Preconditioned::new(&example.experiment(changes.clone()), preconditioner).symmetrized();
            let eigenvalues = eigenvalues(&matrix);
            let largest = eigenvalues[eigenvalues.len() - 1];
            let [inside, beyond] = [(0.505, 2000), (0.4, 200)].map(|(part, iterations)| {
                run(&example, changes.clone(), neumann(iterations, json!(part * largest), preconditioner))
            });
            let what = format!("{example} {preconditioner}");
            assert_eq!(inside.status, Status::Converged, "{what}: {}", inside.message);
            assert!(curve(&inside.trace.relative_error)[2000] < 1e-8, "{what}");
            assert_eq!(beyond.status, Status::Diverged, "{what}: {}", beyond.message);
            assert!(beyond.trace.residual[200] > Some(1.0), "{what}");
        }
    }
}

/// A positive definite P takes no negative eigenvalue away.
#[test]
fn a_preconditioned_neumann_series_diverges_on_an_indefinite_matrix() {
    for example in plainly_indefinite() {
        for preconditioner in PRECONDITIONERS {
            for scale in [1.0, 100.0] {
                let run = run(&example, json!({ "damping": 0.01 }), neumann(300, json!(scale), preconditioner));
                let what = format!("{example} {preconditioner} at {scale}");
                assert_eq!(run.status, Status::Diverged, "{what}: {}", run.message);
                assert!(run.message.contains("is negative"), "{what}: {}", run.message);
            }
        }
    }
}

fn plainly_indefinite() -> impl Iterator<Item = Example> {
    let smallest = |example: &Example| eigenvalues(&system(&example.experiment(json!({}))).0)[0];
    DEEP.draw(30).filter(move |example| smallest(example) < -0.1)
}

#[test]
fn auto_takes_the_eigenvalues_of_the_preconditioned_matrix() {
    for example in Family::ANY.draw(20) {
        for preconditioner in PRECONDITIONERS {
            let changes = json!({ "curvature": "ggn", "damping": 0.2 });
            let matrix = Preconditioned::new(&example.experiment(changes.clone()), preconditioner).symmetrized();
            let eigenvalues = eigenvalues(&matrix);
            let middle = (eigenvalues[0] + eigenvalues[eigenvalues.len() - 1]) / 2.0;
            let run = run(&example, changes, neumann(5, json!("auto"), preconditioner));
            let scale = run.scale.expect("it was chosen");
            assert!((scale / middle - 1.0).abs() < 1e-9, "{example} {preconditioner}: {scale} for {middle}");
        }
    }
}

#[test]
fn without_damping_a_singular_preconditioner_says_so() {
    for example in (Family { samples: (1, 1), weight_decays: &[0.0], ..DEEP }).draw(10) {
        for method in
            [json!({ "method": "cg", "iterations": 3, "preconditioner": "kfac" }), neumann(3, json!(1.0), "ekfac")]
        {
            let says = |damping: f64| {
                let changes = json!({ "curvature": "ggn", "damping": damping });
                run(&example, changes, method.clone()).message.contains("pseudo-inverse")
            };
            assert!(says(0.0) && !says(0.1), "{example} {method}");
        }
    }
}
