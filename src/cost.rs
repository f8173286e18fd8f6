//! One bare run of a method, for timing: everything that it needs from the evaluated problem on, and no measurements.

use std::hint::black_box;
use std::rc::Rc;

use nalgebra::DVector;

use crate::application::race;
use crate::curvature::ekfac::Ekfac;
use crate::curvature::kfac::Kfac;
use crate::experiment::{Application, Experiment, Method, Racer};
use crate::field::Refusal;
use crate::lab::Lab;
use crate::operator::LinearOperator;
use crate::solve::spectrum::Spectrum;
use crate::solve::trace::Recording;
use crate::system::System;

impl Lab {
    /// One bare run of each method of `experiment`, and then of each optimizer where it asks for a race, to be timed.
    pub fn bare_runs(&mut self, experiment: &Experiment) -> Result<Vec<Box<dyn Fn() + '_>>, Refusal> {
        let problem = self.problem(experiment)?;
        let system = Rc::new(System::new(problem, experiment.damping, experiment.precision));
        let method = move |method: &Method| -> Box<dyn Fn() + '_> {
            let (system, method) = (system.clone(), method.clone());
            Box::new(move || drop(black_box(system.bare_run(&method))))
        };
        let racer = |&racer: &Racer| -> Box<dyn Fn() + '_> {
            let (spec, evaluation) = (experiment.race.clone(), &problem.evaluation);
            Box::new(move || race::bare_run(&evaluation.objective, &evaluation.theta, &spec, racer))
        };
        let raced = experiment.applications.contains(&Application::Race);
        let racers = experiment.race.optimizers.iter().filter(|_| raced);
        Ok(experiment.methods.iter().map(method).chain(racers.map(racer)).collect())
    }
}

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
