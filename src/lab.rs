//! The lab answers experiments one after the other and keeps what a slider move does not change.

use std::hint::black_box;
use std::rc::Rc;

use crate::analysis::analyse;
use crate::application::{apply, race};
use crate::curvature::assembly;
use crate::curvature::kfac::Factors;
use crate::curvature::output_metric::OutputMetric;
use crate::curvature::parts::layer_blocks;
use crate::data::rows;
use crate::experiment::{Application, Experiment, Fisher, Include, Method, Precision, RaceSpec, Racer};
use crate::field::Refusal;
use crate::problem::{LARGEST_FORMED, Problem};
use crate::report::{Draws, Exact, LayerFactors, Matrices, MethodReport, Report};
use crate::solve::lissa::Batches;
use crate::solve::trace::Recording;
use crate::system::{Answer, System};

/// Answers experiments. The problem last asked about, its matrix and eigenvectors, and every run of the last report are
/// kept: moving the damping rebuilds no matrix, moving the scale reruns no method without one.
#[derive(Default)]
pub struct Lab {
    problem: Option<Remembered>,
    runs: Vec<RememberedRun>,
}

struct Remembered {
    /// The experiment reduced to what the problem follows from.
    key: Experiment,
    problem: Problem,
}

struct RememberedRun {
    damping: f64,
    precision: Precision,
    method: Method,
    recording: Recording,
    answer: Answer,
    report: MethodReport,
}

impl Lab {
    /// A lab that remembers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The report of `experiment`, or the reason why there is none.
    pub fn report(&mut self, experiment: &Experiment) -> Result<Report, Refusal> {
        self.prepare(experiment)?;
        let Some(Remembered { problem, .. }) = &self.problem else { unreachable!("prepared above") };
        problem.check_precision(experiment.precision)?;
        let system = System::new(problem, experiment.damping, experiment.precision);
        system.check_exact()?;
        let mut runs = std::mem::take(&mut self.runs);
        let recording = if experiment.analysis.is_empty() { Recording::Curves } else { Recording::Iterates };
        self.runs = experiment.methods.iter().map(|method| recall(&mut runs, &system, method, recording)).collect();
        Ok(Report {
            parameters: problem.parameters(),
            samples: problem.evaluation.pass.samples(),
            theta: problem.evaluation.theta.as_slice().to_vec(),
            loss: problem.evaluation.value(),
            gradient: problem.gradient_in(experiment.precision),
            spectrum: problem.formed.as_ref().map(|formed| formed.spectrum.eigenvalues.as_slice().to_vec()),
            exact: Exact::new(&system),
            methods: self.runs.iter().map(|run| run.report.clone()).collect(),
            matrices: matrices(problem, experiment)?,
            draws: experiment.include.contains(&Include::Draws).then(|| draws(problem, experiment)),
            applications: apply(problem, experiment)?,
            data: experiment.include.contains(&Include::Data).then(|| rows(&problem.evaluation.objective.data)),
            analysis: (!experiment.analysis.is_empty()).then(|| {
                let runs: Vec<_> = self.runs.iter().map(|run| (&run.method, &run.answer)).collect();
                analyse(&experiment.analysis, &system, &runs)
            }),
        })
    }

    /// One bare run of each method of `experiment`, and then of each optimizer where it asks for a race, to be timed.
    pub fn bare_runs(&mut self, experiment: &Experiment) -> Result<Vec<Box<dyn Fn() + '_>>, Refusal> {
        self.prepare(experiment)?;
        let Some(Remembered { problem, .. }) = &self.problem else { unreachable!("prepared above") };
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

    /// Makes the experiment's problem, unless it is the one last asked about.
    fn prepare(&mut self, experiment: &Experiment) -> Result<(), Refusal> {
        let key = problem_part(experiment);
        if self.problem.as_ref().is_none_or(|remembered| remembered.key != key) {
            self.problem = None;
            self.runs.clear();
            self.problem = Some(Remembered { problem: Problem::new(&key)?, key });
        }
        Ok(())
    }
}

/// The experiment without what its problem does not depend on.
fn problem_part(experiment: &Experiment) -> Experiment {
    Experiment {
        damping: 0.0,
        precision: Precision::default(),
        methods: Vec::new(),
        include: Vec::new(),
        analysis: Vec::new(),
        applications: Vec::new(),
        race: RaceSpec::default(),
        validation: None,
        compare: None,
        ..experiment.clone()
    }
}

/// The run of `method`, remembered or new.
fn recall(runs: &mut Vec<RememberedRun>, system: &System, method: &Method, recording: Recording) -> RememberedRun {
    let (damping, precision) = (system.damping, system.precision);
    let same = |run: &RememberedRun| {
        (run.damping, run.precision, &run.method) == (damping, precision, method) && run.recording >= recording
    };
    if let Some(index) = runs.iter().position(same) {
        return runs.swap_remove(index);
    }
    let answer = system.run(method, recording);
    let report = MethodReport::new(system, method, &answer);
    RememberedRun { damping, precision, method: method.clone(), recording, answer, report }
}

/// What chance drew for `experiment`.
fn draws(problem: &Problem, experiment: &Experiment) -> Draws {
    let samples = problem.evaluation.pass.samples();
    let batches = |method: &Method| match method {
        Method::Lissa { iterations, batch, repeats, seed, .. } => {
            let steps = |repeat| Batches::new(*seed, repeat, samples, *batch as usize).take(*iterations as usize);
            Some((0..*repeats as usize).map(|repeat| steps(repeat).collect()).collect())
        }
        _ => None,
    };
    Draws {
        fisher_gradients: problem.drawn_gradients(),
        batches: experiment.methods.iter().filter_map(batches).collect(),
    }
}

fn matrices(problem: &Problem, Experiment { include, compare, .. }: &Experiment) -> Result<Option<Matrices>, Refusal> {
    if !include.contains(&Include::Matrices) {
        return Ok(None);
    }
    if problem.formed.is_none() {
        let problem =
            format!("{} parameters are too many for dense matrices, at most {LARGEST_FORMED}", problem.parameters());
        return Err(Refusal { field: "include".into(), problem });
    }
    let evaluation = &problem.evaluation;
    let ggn = assembly::gauss_newton(evaluation, &problem.type2);
    let empirical = OutputMetric::empirical(evaluation);
    // All of them are symmetric, so column-major storage is row-major order too.
    let matrices = Matrices {
        hessian: assembly::hessian(evaluation, &problem.type2).as_slice().to_vec(),
        block_diagonal: layer_blocks(&ggn, &evaluation.objective.layout).as_slice().to_vec(),
        ggn: ggn.as_slice().to_vec(),
        fisher_empirical: assembly::gauss_newton(evaluation, &empirical).as_slice().to_vec(),
        kfac: problem.kfac(Fisher::Type2).to_matrix().as_slice().to_vec(),
        kfac_empirical: problem.kfac(Fisher::Empirical).to_matrix().as_slice().to_vec(),
        ekfac: problem.ekfac().to_matrix().as_slice().to_vec(),
        kfac_factors: problem.kfac(Fisher::Type2).factors.iter().map(layer_factors).collect(),
        difference: None,
    };
    Ok(Some(match compare {
        Some(pair) => matrices.compared(*pair),
        None => matrices,
    }))
}

fn layer_factors(Factors { a, b, .. }: &Factors) -> LayerFactors {
    LayerFactors { a: a.as_slice().to_vec(), b: b.as_slice().to_vec() }
}
