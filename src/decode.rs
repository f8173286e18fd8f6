//! Reads an experiment from untyped input, or says which field is wrong, what it was and what it may be.

use serde::Deserialize;

use crate::coverage::{FULL, words};
use crate::experiment::{
    Application, DataSpec, DenseMatrix, Experiment, ExplicitData, ExplicitTargets, GeneratedData, Generator, ImamlSpec,
    Method, NetworkSpec, Optimizer, Preconditioner, RaceSpec, RightHandSide, Scale, Training,
};
use crate::field::{Field, Object, Refusal};
use crate::loss::Loss;
use crate::parameters::Layout;
#[cfg(feature = "full")]
use crate::sketch::Sketch;
use crate::value::Value;

type Reading<T> = Result<T, Refusal>;

const MOST_SAMPLES: u32 = 10_000;
const MOST_ITERATIONS: u32 = 10_000;
const MOST_METRIC_NUMBERS: usize = 25_000_000;
const MOST_RECORDED_NUMBERS: usize = 100_000_000;
const MOST_METHODS: usize = 32;
const MOST_NAMES: usize = 32;
const LARGEST_DAMPING: f64 = 1e6;

/// Reads and checks the whole experiment; nothing is clamped or ignored.
pub fn experiment(value: &Value) -> Reading<Experiment> {
    let object = Field::root(value).object(&[
        "network",
        "data",
        "validation",
        "loss",
        "weight_decay",
        "training",
        "curvature",
        "fisher_samples",
        "fisher_seed",
        "damping",
        "right_hand_side",
        "precision",
        "methods",
        "include",
        "analysis",
        "glimpse",
        "applications",
        "race",
        "compare",
        "imaml",
    ])?;
    let network = network(&object.require("network")?)?;
    let problem = Context { layout: network.layout(), loss: object.require("loss")?.choice()? };
    problem.check_outputs(&object.require("network")?)?;
    let data = problem.data(&object.require("data")?)?;
    problem.check_size(&object, &data)?;
    let methods = object.require("methods")?.items("methods", 0..=MOST_METHODS)?;
    let read = Experiment {
        validation: object.get("validation").map(|field| problem.data(&field)).transpose()?,
        loss: problem.loss,
        weight_decay: object.optional("weight_decay", 0.0, |f| f.number("a weight decay", 0.0..=LARGEST_DAMPING))?,
        training: object.get("training").map(|field| training(&field)).transpose()?,
        curvature: object.optional("curvature", Default::default(), |f| f.choice())?,
        fisher_samples: object.optional("fisher_samples", 1, |f| f.integer("a number of draws", 1..=10_000))?,
        fisher_seed: object.optional("fisher_seed", 0, seed)?,
        damping: object.optional("damping", 0.0, |f| f.number("a damping", 0.0..=LARGEST_DAMPING))?,
        right_hand_side: object
            .optional("right_hand_side", RightHandSide::Gradient, |f| problem.right_hand_side(&f))?,
        precision: object.optional("precision", Default::default(), |f| f.choice())?,
        methods: methods.iter().map(|field| method(field, data.samples())).collect::<Reading<_>>()?,
        include: object.optional("include", Vec::new(), names)?,
        analysis: object.optional("analysis", Vec::new(), names)?,
        glimpse: object.get("glimpse").map(|f| f.integer("an iterate", 0..=MOST_ITERATIONS)).transpose()?,
        applications: object.optional("applications", Vec::new(), applications)?,
        race: object.optional("race", Default::default(), |f| race(&f))?,
        compare: object.get("compare").map(|field| pair(&field)).transpose()?,
        imaml: object.optional("imaml", Default::default(), |f| imaml(&f))?,
        network,
        data,
    };
    problem.check_recording(&object, &read)?;
    Ok(read)
}

/// Reads and checks a drawn spectrum.
#[cfg(feature = "full")]
pub fn sketch(value: &Value) -> Reading<Sketch> {
    let object = Field::root(value).object(&["eigenvalues", "precision", "methods"])?;
    let eigenvalues = object.require("eigenvalues")?.items("eigenvalues", 1..=64)?;
    let methods = object.require("methods")?.items("methods", 0..=MOST_METHODS)?;
    Ok(Sketch {
        eigenvalues: eigenvalues.iter().map(|f| f.finite("an eigenvalue")).collect::<Reading<_>>()?,
        precision: object.optional("precision", Default::default(), |f| f.choice())?,
        methods: methods.iter().map(sketch_method).collect::<Reading<_>>()?,
    })
}

#[cfg(feature = "full")]
fn sketch_method(field: &Field) -> Reading<Method> {
    let method = method(field, 1)?;
    let plain = method.preconditioner() == Preconditioner::None;
    match method {
        Method::Cg { .. } | Method::Minres { .. } | Method::Neumann { .. } if plain => Ok(method),
        _ => Err(field.refuse("a drawn spectrum has only cg, minres and neumann, without preconditioners")),
    }
}

/// What only the full build answers, only it reads.
#[inline(always)]
fn for_full(field: &Field) -> Reading<()> {
    if FULL { Ok(()) } else { Err(field.refuse("is for the full build")) }
}

fn names<T: Deserialize<'static>>(field: Field) -> Reading<Vec<T>> {
    field.items("names", 0..=MOST_NAMES)?.iter().map(Field::choice).collect()
}

fn applications(field: Field) -> Reading<Vec<Application>> {
    for_full(&field)?;
    names(field)
}

fn pair(field: &Field) -> Reading<[DenseMatrix; 2]> {
    for_full(field)?;
    let items = field.items("matrices", 2..=2)?;
    Ok([items[0].choice()?, items[1].choice()?])
}

fn seed(field: Field) -> Reading<u32> {
    field.integer("a seed", 0..=u32::MAX)
}

fn network(field: &Field) -> Reading<NetworkSpec> {
    let object = field.object(&["layers", "activation", "parameters", "seed"])?;
    let layers = object.require("layers")?.items("widths", 2..=12)?;
    let layers: Vec<u32> = layers.iter().map(|f| f.integer("a width", 1..=128)).collect::<Reading<_>>()?;
    let activation = object.require("activation")?.choice()?;
    let mut network = NetworkSpec { layers, activation, parameters: None, seed: 0 };
    let count = network.layout().count();
    network.parameters = object
        .get("parameters")
        .map(|f| f.items("parameters for these layers", count..=count)?.iter().map(parameter).collect())
        .transpose()?;
    network.seed = object.optional("seed", 0, seed)?;
    Ok(network)
}

fn parameter(field: &Field) -> Reading<f64> {
    field.finite("a parameter")
}

fn training(field: &Field) -> Reading<Training> {
    for_full(field)?;
    let object = field.object(&["optimizer", "steps", "learning_rate"])?;
    let optimizer: Optimizer = object.require("optimizer")?.choice()?;
    Ok(Training {
        optimizer,
        steps: object.require("steps")?.integer("a number of steps", 0..=100_000)?,
        learning_rate: object.optional("learning_rate", 0.1, learning_rate)?,
    })
}

fn race(field: &Field) -> Reading<RaceSpec> {
    for_full(field)?;
    let object = field.object(&["optimizers", "steps", "learning_rate", "momentum"])?;
    let standard = RaceSpec::default();
    Ok(RaceSpec {
        optimizers: object.optional("optimizers", standard.optimizers, names)?,
        steps: object.optional("steps", standard.steps, |f| f.integer("a number of steps", 1..=1000))?,
        learning_rate: object.optional("learning_rate", standard.learning_rate, learning_rate)?,
        momentum: object.optional("momentum", standard.momentum, |f| f.number("a momentum", 0.0..=0.999))?,
    })
}

fn imaml(field: &Field) -> Reading<ImamlSpec> {
    for_full(field)?;
    let object = field.object(&[
        "support",
        "query",
        "seed",
        "cg_steps",
        "inner_steps",
        "inner_rate",
        "meta_steps",
        "meta_rate",
        "tasks",
    ])?;
    let standard = ImamlSpec::default();
    let whole = |key, default, what, range| object.optional(key, default, |f| f.integer(what, range));
    Ok(ImamlSpec {
        support: whole("support", standard.support, "a number of data", 1..=100)?,
        query: whole("query", standard.query, "a number of data", 1..=1000)?,
        seed: object.optional("seed", standard.seed, seed)?,
        cg_steps: whole("cg_steps", standard.cg_steps, "a number of steps", 0..=200)?,
        inner_steps: whole("inner_steps", standard.inner_steps, "a number of steps", 1..=500)?,
        inner_rate: object.get("inner_rate").map(learning_rate).transpose()?,
        meta_steps: whole("meta_steps", standard.meta_steps, "a number of steps", 0..=500)?,
        meta_rate: object.optional("meta_rate", standard.meta_rate, learning_rate)?,
        tasks: whole("tasks", standard.tasks, "a number of tasks", 1..=32)?,
    })
}

fn learning_rate(field: Field) -> Reading<f64> {
    field.number("a learning rate", 1e-9..=1e3)
}

const METHODS: &str = "exact, cg, minres, neumann, lissa, kfac, ekfac, block_diagonal, diagonal";

fn method(field: &Field, samples: u32) -> Reading<Method> {
    let Value::Object(entries) = field.value() else {
        return Err(field.refuse(format_args!("{} is not an object with a method's name", field.value())));
    };
    let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    let name = field.object(&keys)?.require("method")?;
    let fields = |known: &[&str]| field.object(&[&["method"], known].concat());
    let Value::String(text) = name.value() else {
        return Err(name.refuse(format_args!("{} is not a method's name", name.value())));
    };
    match text.as_str() {
        "exact" => fields(&[]).map(|_| Method::Exact),
        "cg" => conjugate_gradient(&fields(&["iterations", "start", "preconditioner", "on_negative_curvature"])?),
        "neumann" => neumann(&fields(&["iterations", "scale", "preconditioner"])?),
        "kfac" => kfac(&fields(&["fisher", "damping_convention"])?),
        _ if !FULL => for_full(&name).map(|()| Method::Exact),
        "minres" => Ok(Method::Minres { iterations: iterations(&fields(&["iterations"])?)? }),
        "lissa" => lissa(&fields(&["iterations", "scale", "batch", "repeats", "seed"])?, samples),
        "ekfac" => fields(&[]).map(|_| Method::Ekfac),
        "block_diagonal" => fields(&[]).map(|_| Method::BlockDiagonal),
        "diagonal" => fields(&[]).map(|_| Method::Diagonal),
        _ => Err(name.refuse(format_args!("{} is not one of {METHODS}", name.value()))),
    }
}

fn iterations(object: &Object) -> Reading<u32> {
    object.require("iterations")?.integer("a number of iterations", 0..=MOST_ITERATIONS)
}

fn conjugate_gradient(object: &Object) -> Reading<Method> {
    Ok(Method::Cg {
        iterations: iterations(object)?,
        start: object.optional("start", Default::default(), |f| f.choice())?,
        preconditioner: preconditioner(object)?,
        on_negative_curvature: object.optional("on_negative_curvature", Default::default(), |f| f.choice())?,
    })
}

fn neumann(object: &Object) -> Reading<Method> {
    Ok(Method::Neumann {
        iterations: iterations(object)?,
        scale: scale(&object.require("scale")?)?,
        preconditioner: preconditioner(object)?,
    })
}

fn lissa(object: &Object, samples: u32) -> Reading<Method> {
    Ok(Method::Lissa {
        iterations: iterations(object)?,
        scale: scale(&object.require("scale")?)?,
        batch: object.require("batch")?.integer("a batch of these data", 1..=samples)?,
        repeats: object.require("repeats")?.integer("a number of repeats", 1..=1000)?,
        seed: seed(object.require("seed")?)?,
    })
}

fn preconditioner(object: &Object) -> Reading<Preconditioner> {
    object.optional("preconditioner", Preconditioner::None, |field| field.choice())
}

fn scale(field: &Field) -> Reading<Scale> {
    match field.value() {
        Value::String(text) if text == "auto" => Ok(Scale::Auto),
        _ => field.number("\"auto\" or a scale", 1e-9..=1e9).map(Scale::Given),
    }
}

fn kfac(object: &Object) -> Reading<Method> {
    Ok(Method::Kfac {
        fisher: object.optional("fisher", Default::default(), |f| f.choice())?,
        damping_convention: object.optional("damping_convention", Default::default(), |f| f.choice())?,
    })
}

/// What the shapes of data, targets and right-hand sides depend on.
struct Context {
    layout: Layout,
    loss: Loss,
}

impl Context {
    fn inputs(&self) -> usize {
        self.layout.widths()[0]
    }

    fn outputs(&self) -> usize {
        self.layout.widths()[self.layout.layers()]
    }

    fn check_outputs(&self, network: &Field) -> Reading<()> {
        let last = self.layout.layers();
        let layers = network.object(&["layers", "activation", "parameters", "seed"])?.require("layers")?;
        match self.loss {
            Loss::CrossEntropy if self.outputs() < 2 => {
                Err(layers.items("widths", 2..=12)?[last].refuse("cross_entropy needs at least 2 outputs, one a class"))
            }
            _ => Ok(()),
        }
    }

    /// A metric holds C × C numbers a datum, and several of them are kept: so many fit into a browser's memory.
    fn check_size(&self, experiment: &Object, data: &DataSpec) -> Reading<()> {
        let numbers = data.samples() as usize * self.outputs().pow(2);
        if numbers <= MOST_METRIC_NUMBERS {
            return Ok(());
        }
        let most = MOST_METRIC_NUMBERS / self.outputs().pow(2);
        let problem = words!("{} data of {} outputs are too many: at most {most}", data.samples(), self.outputs());
        Err(experiment.require("data")?.refuse(problem))
    }

    /// Analyses keep every iterate of every method.
    fn check_recording(&self, object: &Object, experiment: &Experiment) -> Reading<()> {
        let iterates: usize = experiment.methods.iter().map(|method| method.iterations() as usize + 1).sum();
        let most = MOST_RECORDED_NUMBERS / self.layout.count();
        if experiment.analysis.is_empty() || iterates <= most {
            return Ok(());
        }
        let problem = words!(
            "{iterates} iterates of {} parameters are too many to keep for an analysis: at most {most}",
            self.layout.count()
        );
        Err(object.require("methods")?.refuse(problem))
    }

    fn right_hand_side(&self, field: &Field) -> Reading<RightHandSide> {
        match field.value() {
            Value::String(text) if text == "gradient" => Ok(RightHandSide::Gradient),
            Value::Array(_) if FULL => {
                let count = self.layout.count();
                let items = field.items("numbers, one a parameter", count..=count)?;
                let numbers = items.iter().map(|item| item.finite("an entry")).collect::<Reading<_>>()?;
                Ok(RightHandSide::Given(numbers))
            }
            other => Err(field.refuse(format_args!("{other} is neither \"gradient\" nor an array of numbers"))),
        }
    }

    fn data(&self, field: &Field) -> Reading<DataSpec> {
        let generated = match field.value() {
            Value::Object(entries) => {
                let has = |name: &str| entries.iter().any(|(key, _)| key == name);
                has("generator") || !(has("inputs") || has("targets"))
            }
            other => {
                return Err(
                    field.refuse(format_args!("{other} is not an object with inputs and targets or a generator"))
                );
            }
        };
        if generated {
            self.generated(field).map(DataSpec::Generated)
        } else {
            self.explicit(field).map(DataSpec::Explicit)
        }
    }

    fn explicit(&self, field: &Field) -> Reading<ExplicitData> {
        for_full(field)?;
        let object = field.object(&["inputs", "targets"])?;
        let inputs = rows(&object.require("inputs")?, self.inputs(), 1..=MOST_SAMPLES as usize, "an input")?;
        let targets = self.targets(&object.require("targets")?, inputs.len())?;
        Ok(ExplicitData { inputs, targets })
    }

    fn targets(&self, field: &Field, samples: usize) -> Reading<ExplicitTargets> {
        if self.loss == Loss::CrossEntropy {
            let classes = field.items("targets, one a datum", samples..=samples)?;
            let most = self.outputs() as u32 - 1;
            let classes = classes.iter().map(|class| class.integer("a class", 0..=most)).collect::<Reading<_>>()?;
            return Ok(ExplicitTargets::Classes(classes));
        }
        let flat = matches!(field.value(), Value::Array(items) if matches!(items.first(), Some(Value::Number(_))));
        if flat && self.outputs() == 1 {
            let numbers = field.items("targets, one a datum", samples..=samples)?;
            let numbers = numbers.iter().map(|number| number.finite("a target").map(|number| vec![number]));
            return Ok(ExplicitTargets::Values(numbers.collect::<Reading<_>>()?));
        }
        Ok(ExplicitTargets::Values(rows(field, self.outputs(), samples..=samples, "a target")?))
    }

    fn generated(&self, field: &Field) -> Reading<GeneratedData> {
        let object = field.object(&["generator", "samples", "noise", "seed", "condition"])?;
        let data = GeneratedData {
            generator: object.require("generator")?.choice()?,
            samples: object.require("samples")?.integer("a number of samples", 1..=MOST_SAMPLES)?,
            noise: object.optional("noise", 0.1, |f| f.number("a noise", 0.0..=100.0))?,
            seed: object.optional("seed", 0, seed)?,
            condition: object.optional("condition", 1e3, |f| f.number("a condition number", 1.0..=1e8))?,
        };
        match self.unsuitable(&data) {
            Some(problem) => Err(object.require("generator")?.refuse(problem)),
            None => Ok(data),
        }
    }

    /// Why the law cannot feed this network, where it cannot.
    fn unsuitable(&self, data: &GeneratedData) -> Option<String> {
        if !FULL {
            return (data.generator != Generator::Notebook).then(String::new);
        }
        let (inputs, samples) = (self.inputs(), data.samples as usize);
        let regression = self.loss == Loss::Mse;
        match data.generator {
            Generator::Notebook | Generator::Blobs => None,
            Generator::Sine if !regression => Some("\"sine\" is a regression: it needs the loss mse".into()),
            Generator::Sine if inputs != 1 => Some(words!("\"sine\" has 1 input, and this network {inputs}")),
            Generator::Sine => None,
            Generator::Moons | Generator::Spirals if inputs != 2 => {
                Some(words!("\"moons\" and \"spirals\" have 2 inputs, and this network {inputs}"))
            }
            Generator::Moons | Generator::Spirals => None,
            Generator::IllConditioned if !regression => {
                Some("\"ill_conditioned\" is a regression: it needs the loss mse".into())
            }
            Generator::IllConditioned if samples <= inputs => {
                Some(words!("\"ill_conditioned\" needs more samples than the {inputs} inputs, not {samples}"))
            }
            Generator::IllConditioned => None,
        }
    }
}

/// Rows of `width` finite numbers each.
fn rows(field: &Field, width: usize, count: std::ops::RangeInclusive<usize>, what: &str) -> Reading<Vec<Vec<f64>>> {
    let row = |row: &Field| row.items("numbers", width..=width)?.iter().map(|number| number.finite(what)).collect();
    field.items("rows, one a datum", count)?.iter().map(row).collect()
}
