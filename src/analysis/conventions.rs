//! Mistakes that have been published, replayed: each iteration and the fixed point that it has instead of A⁻¹b.

use nalgebra::DVector;
use serde::Serialize;

use crate::operator::LinearOperator;
use crate::solve::conjugate_gradient::{ConjugateGradient, Start};
use crate::solve::spectrum::Eigenvalues;
use crate::system::System;

/// Iterations of each replay.
const ITERATIONS: usize = 200;

/// The `eps` of the replay: large enough to be seen, as in codes that guard a division with 1e-3.
const EPSILON: f64 = 1e-3;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Convention {
    /// Its name.
    pub name: String,
    /// What is written, and where it has been seen.
    pub written: String,
    /// What was meant.
    pub meant: String,
    /// ‖x_k − x*‖ / ‖x*‖; null once it overflows.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[]"))]
    pub error: Vec<Option<f64>>,
    /// ‖x_k − x̃‖ / ‖x̃‖ to the wrong point x̃, where theory gives one.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(number | null)[] | null"))]
    pub to_wrong_point: Option<Vec<Option<f64>>>,
    /// ‖x̃ − x*‖ / ‖x*‖.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub wrong_by: Option<f64>,
}

/// All of them on one system, which must be positive definite so that the right iterations converge.
pub fn conventions(system: &System) -> Result<Vec<Convention>, String> {
    let replay = Replay::new(system)?;
    Ok(vec![
        replay.undivided_neumann(),
        replay.damping_times_scale(),
        replay.old_residual(),
        replay.objective_without_half(),
        replay.epsilon_in_denominators(),
    ])
}

struct Replay<'a> {
    system: &'a System<'a>,
    b: &'a DVector<f64>,
    exact: &'a DVector<f64>,
    /// (λmin + λmax)/2.
    scale: f64,
    /// 1.05 λmax, at which C/s + λ I stays below 2 for every λ below 1.
    largest_scale: f64,
}

impl<'a> Replay<'a> {
    fn new(system: &'a System<'a>) -> Result<Self, String> {
        let (Some(exact), Some(eigenvalues)) = (&system.exact, &system.eigenvalues) else {
            return Err(crate::analysis::not_formed("conventions", system));
        };
        if !eigenvalues.positive_definite() {
            return Err(format!(
                "conventions: the matrix is not positive definite, so that even the right iterations fail; {}",
                needed_damping(eigenvalues, system.damping)
            ));
        }
        if exact.norm() == 0.0 {
            return Err("conventions: the right-hand side is zero, and so is every iterate.".into());
        }
        Ok(Self {
            system,
            b: &system.problem.right_hand_side,
            exact,
            scale: (eigenvalues.smallest() + eigenvalues.largest()) / 2.0,
            largest_scale: 1.05 * eigenvalues.largest(),
        })
    }

    fn operator(&self) -> &dyn LinearOperator<f64> {
        &*self.system.operator
    }

    /// x ← b + x − A x/s, the sum without the final division by s.
    fn undivided_neumann(&self) -> Convention {
        let mut x = self.b.clone();
        let step = || {
            let current = x.clone();
            x = self.b + &x - self.operator().apply(&x) / self.scale;
            current
        };
        let wrong = self.exact * self.scale;
        self.convention(
            "undivided_neumann",
            "x ← b + x − A x/s, and x is the answer (the notebook, with s = 4.5)",
            "x/s is the answer: the sum of (I − A/s)^k is s A⁻¹",
            self.replayed(step),
            Some(wrong),
        )
    }

    /// y ← b + (1 − λ) y − C y/s, and x = y/s: its fixed point is (C + s λ I)⁻¹ b, which it
    /// reaches while every eigenvalue of λ I + C/s is below 2, so for λ ≤ 1 in any case.
    fn damping_times_scale(&self) -> Convention {
        let (damping, scale) = (self.system.damping, self.largest_scale);
        let mut y = self.b.clone();
        let step = || {
            let current = &y / scale;
            let curvature = self.operator().apply(&y) - &y * damping;
            y = self.b + &y * (1.0 - damping) - curvature / scale;
            current
        };
        let spectrum = self.system.problem.formed.as_ref().map(|formed| &formed.spectrum);
        let wrong = spectrum.map(|spectrum| spectrum.solve(scale * damping, self.b));
        self.convention(
            "damping_times_scale",
            "y ← b + (1 − λ) y − H y/s, and y/s is the answer (codes of influence functions by LiSSA)",
            "y ← b + y − (H + λ I) y/s: as written, the damping is s λ",
            self.replayed(step),
            wrong,
        )
    }

    /// CG whose direction is turned from the residual before the step, p ← r_old + β p.
    fn old_residual(&self) -> Convention {
        let (mut x, mut r, mut p) = (DVector::zeros(self.b.len()), self.b.clone(), self.b.clone());
        let step = || {
            let current = x.clone();
            let product = self.operator().apply(&p);
            let weight = r.norm_squared();
            let alpha = weight / p.dot(&product);
            x.axpy(alpha, &p, 1.0);
            let next = &r - product * alpha;
            p = &r + &p * (next.norm_squared() / weight);
            r = next;
            current
        };
        self.convention(
            "old_residual",
            "p ← r_k + β p, with the residual before the step",
            "p ← r_{k+1} + β p: only the new residual makes the directions conjugate",
            self.replayed(step),
            None,
        )
    }

    /// The minimiser of aᵀH a + gᵀa, which is −½ H⁻¹ g, found by CG on (2 A) a = −b.
    fn objective_without_half(&self) -> Convention {
        let iterates =
            ConjugateGradient::new(self.operator(), self.b, Start::Zero).map(|iterate| iterate.solution * -0.5);
        self.convention(
            "objective_without_half",
            "min aᵀH a + gᵀa (the notebook)",
            "min ½ aᵀH a − gᵀa: as written, the minimiser is −½ H⁻¹ g",
            iterates.take(ITERATIONS + 1).collect(),
            Some(self.exact * -0.5),
        )
    }

    /// CG with α = rᵀr/(pᵀAp + eps) and β = r₊ᵀr₊/(rᵀr + eps).
    fn epsilon_in_denominators(&self) -> Convention {
        let (mut x, mut r, mut p) = (DVector::zeros(self.b.len()), self.b.clone(), self.b.clone());
        let step = || {
            let current = x.clone();
            let product = self.operator().apply(&p);
            let weight = r.norm_squared();
            let alpha = weight / (p.dot(&product) + EPSILON);
            x.axpy(alpha, &p, 1.0);
            r.axpy(-alpha, &product, 1.0);
            let beta = r.norm_squared() / (weight + EPSILON);
            p = &r + &p * beta;
            current
        };
        self.convention(
            "epsilon_in_denominators",
            "α = rᵀr/(pᵀAp + eps), here with eps = 1e-3 (the notebook's code has the place for it)",
            "α = rᵀr/pᵀAp: once rᵀr falls below eps every step is too short, and the run crawls",
            self.replayed(step),
            None,
        )
    }

    fn replayed(&self, step: impl FnMut() -> DVector<f64>) -> Vec<DVector<f64>> {
        std::iter::repeat_with(step).take(ITERATIONS + 1).collect()
    }

    fn convention(
        &self,
        name: &str,
        written: &str,
        meant: &str,
        iterates: Vec<DVector<f64>>,
        wrong: Option<DVector<f64>>,
    ) -> Convention {
        Convention {
            name: name.into(),
            written: written.into(),
            meant: meant.into(),
            error: distances(&iterates, self.exact),
            wrong_by: wrong.as_ref().and_then(|wrong| distance(wrong, self.exact)),
            to_wrong_point: wrong.map(|wrong| distances(&iterates, &wrong)),
        }
    }
}

fn distances(iterates: &[DVector<f64>], to: &DVector<f64>) -> Vec<Option<f64>> {
    let mut distances: Vec<_> = iterates.iter().map(|x| distance(x, to)).collect();
    let last = distances.last().copied().flatten();
    distances.resize(ITERATIONS + 1, last);
    distances
}

fn distance(x: &DVector<f64>, to: &DVector<f64>) -> Option<f64> {
    crate::magnitude::finite((x - to).norm() / to.norm())
}

fn needed_damping(eigenvalues: &Eigenvalues, damping: f64) -> String {
    if !eigenvalues.indefinite() {
        return "any damping that is not tiny makes it so.".into();
    }
    format!("damping above {} makes it so.", crate::digits::digits_above(damping - eigenvalues.smallest()))
}
