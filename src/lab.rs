//! The lab answers experiments one after the other and keeps what a slider move does not change.

use crate::analysis::analyse;
use crate::analysis::sight::Sight;
#[cfg(feature = "full")]
use crate::application::apply;
use crate::coverage::covers;
use crate::data::rows;
#[cfg(feature = "full")]
use crate::draws::draws;
use crate::experiment::{Experiment, ImamlSpec, Include, Method, Precision, RaceSpec};
use crate::field::Refusal;
#[cfg(feature = "full")]
use crate::matrices::matrices;
use crate::problem::Problem;
use crate::report::{Exact, MethodReport, Report};
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
            inertia: system.inertia(),
            exact: Exact::new(&system),
            methods: self.runs.iter().map(|run| run.report.clone()).collect(),
            #[cfg(feature = "full")]
            matrices: matrices(problem, experiment)?,
            #[cfg(feature = "full")]
            draws: experiment.include.contains(&Include::Draws).then(|| draws(problem, experiment)),
            #[cfg(feature = "full")]
            applications: apply(problem, experiment)?,
            data: experiment.include.contains(&Include::Data).then(|| rows(&problem.evaluation.objective.data)),
            analysis: (!experiment.analysis.is_empty()).then(|| {
                let runs: Vec<_> = self.runs.iter().map(|run| (&run.method, &run.answer)).collect();
                analyse(&experiment.analysis, &system, &runs, Sight::new(experiment.glimpse))
            }),
        })
    }

    /// Makes the experiment's problem, unless it is the one last asked about.
    fn prepare(&mut self, experiment: &Experiment) -> Result<(), Refusal> {
        if !covers(experiment) {
            let problem = "asks for what only the crate with its feature `full` answers";
            return Err(Refusal { field: "experiment".into(), problem: problem.into() });
        }
        let key = problem_part(experiment);
        if self.problem.as_ref().is_none_or(|remembered| remembered.key != key) {
            self.problem = None;
            self.runs.clear();
            self.problem = Some(Remembered { problem: Problem::new(&key)?, key });
        }
        Ok(())
    }

    /// The experiment's problem, remembered or new.
    #[cfg(feature = "full")]
    pub(crate) fn problem(&mut self, experiment: &Experiment) -> Result<&Problem, Refusal> {
        self.prepare(experiment)?;
        let Some(Remembered { problem, .. }) = &self.problem else { unreachable!("prepared above") };
        Ok(problem)
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
        glimpse: None,
        applications: Vec::new(),
        race: RaceSpec::default(),
        imaml: ImamlSpec::default(),
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
