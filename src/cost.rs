//! One bare run of a method, for timing: everything that it needs from the evaluated problem on, and no measurements.

use nalgebra::DVector;

use crate::curvature::ekfac::Ekfac;
use crate::curvature::kfac::Kfac;
use crate::experiment::Method;
use crate::operator::LinearOperator;
use crate::solve::spectrum::Spectrum;
use crate::solve::trace::Recording;
use crate::system::System;

impl System<'_> {
    /// The method's solution, from scratch: with its own matrix and decomposition, or its own factors, where it has some.
    pub fn bare_run(&self, method: &Method) -> DVector<f64> {
        let (problem, b) = (self.problem, self.right_hand_side());
        match method {
            Method::Exact if problem.formed.is_some() => Spectrum::new(&problem.matrix()).solve(self.damping, b),
            Method::Kfac { fisher, damping_convention } => {
                let kfac = problem.build_kfac(*fisher);
                kfac.damped(self.damping, *damping_convention).inverse().operator.apply(b)
            }
            Method::Ekfac => {
                let kfac = Kfac::new(&problem.evaluation, &problem.type2);
                let ekfac = Ekfac::new(&problem.evaluation, &problem.type2, &kfac);
                ekfac.damped(self.damping).inverse().operator.apply(b)
            }
            _ => self.run(method, Recording::Solution).run.solution,
        }
    }
}
