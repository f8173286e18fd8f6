//! Every field of an experiment, and what it may hold.

/// A field of the full experiment.
pub struct Rule {
    /// Its path.
    pub path: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether the object that it is in needs it.
    pub required: bool,
}

/// What a field may hold.
#[derive(Clone, Copy)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// One of these names.
    Name(&'static [&'static str]),
    /// A number between two others.
    Number(f64, f64),
    /// A whole number between two others.
    Whole(u32, u32),
}

const LARGEST: f64 = 1e6;
const GIVEN: Kind = Kind::Number(-LARGEST, LARGEST);
const SEED: Kind = Kind::Whole(0, u32::MAX);
const ITERATIONS: Kind = Kind::Whole(0, 10_000);
const SCALE: Kind = Kind::Number(1e-9, 1e9);
const METHODS: &[&str] = &["exact", "cg", "minres", "neumann", "lissa", "kfac", "ekfac", "block_diagonal", "diagonal"];
const MATRICES: &[&str] = &["hessian", "ggn", "fisher_empirical", "block_diagonal", "kfac", "kfac_empirical", "ekfac"];
const PRECONDITIONERS: Kind = Kind::Name(&["none", "kfac", "ekfac"]);

const fn required(path: &'static str, kind: Kind) -> Rule {
    Rule { path, kind, required: true }
}

const fn optional(path: &'static str, kind: Kind) -> Rule {
    Rule { path, kind, required: false }
}

/// An item of an array, which can be neither missing nor there on its own.
const fn item(path: &'static str, kind: Kind) -> Rule {
    Rule { path, kind, required: false }
}

/// The rules, one for each field; of items of arrays, one each.
pub const RULES: &[Rule] = &[
    required("network", Kind::Object),
    required("network.layers", Kind::Array),
    item("network.layers[1]", Kind::Whole(1, 128)),
    required("network.activation", Kind::Name(&["sigmoid", "tanh", "relu", "softplus", "identity"])),
    optional("network.parameters", Kind::Array),
    item("network.parameters[3]", GIVEN),
    optional("network.seed", SEED),
    required("data", Kind::Object),
    required("data.inputs", Kind::Array),
    item("data.inputs[1]", Kind::Array),
    item("data.inputs[1][0]", GIVEN),
    required("data.targets", Kind::Array),
    item("data.targets[2]", Kind::Array),
    item("data.targets[2][0]", GIVEN),
    optional("validation", Kind::Object),
    // The other laws do not suit the network: they are among the combinations.
    required("validation.generator", Kind::Name(&["notebook", "moons", "spirals", "blobs", "ill_conditioned"])),
    required("validation.samples", Kind::Whole(1, 10_000)),
    optional("validation.noise", Kind::Number(0.0, 100.0)),
    optional("validation.seed", SEED),
    optional("validation.condition", Kind::Number(1.0, 1e8)),
    required("loss", Kind::Name(&["mse"])),
    optional("weight_decay", Kind::Number(0.0, LARGEST)),
    optional("training", Kind::Object),
    required("training.optimizer", Kind::Name(&["gradient_descent", "newton"])),
    required("training.steps", Kind::Whole(0, 100_000)),
    optional("training.learning_rate", Kind::Number(1e-9, 1e3)),
    optional("curvature", Kind::Name(&["hessian", "ggn", "fisher_mc", "fisher_empirical"])),
    optional("fisher_samples", Kind::Whole(1, 10_000)),
    optional("fisher_seed", SEED),
    optional("damping", Kind::Number(0.0, LARGEST)),
    optional("right_hand_side", Kind::Array),
    item("right_hand_side[4]", GIVEN),
    optional("precision", Kind::Name(&["f64", "f32"])),
    required("methods", Kind::Array),
    item("methods[0]", Kind::Object),
    required("methods[0].method", Kind::Name(METHODS)),
    required("methods[8].method", Kind::Name(METHODS)),
    required("methods[1].iterations", ITERATIONS),
    optional("methods[1].start", Kind::Name(&["zero", "right_hand_side"])),
    optional("methods[1].preconditioner", PRECONDITIONERS),
    optional("methods[1].on_negative_curvature", Kind::Name(&["continue", "stop"])),
    required("methods[2].iterations", ITERATIONS),
    required("methods[3].iterations", ITERATIONS),
    required("methods[3].scale", SCALE),
    optional("methods[3].preconditioner", PRECONDITIONERS),
    required("methods[4].iterations", ITERATIONS),
    required("methods[4].scale", SCALE),
    required("methods[4].batch", Kind::Whole(1, 3)),
    required("methods[4].repeats", Kind::Whole(1, 1000)),
    required("methods[4].seed", SEED),
    optional("methods[5].fisher", Kind::Name(&["type2", "mc", "empirical"])),
    optional("methods[5].damping_convention", Kind::Name(&["exact", "pi", "sqrt", "per_factor"])),
    optional("include", Kind::Array),
    item("include[0]", Kind::Name(&["matrices", "data", "draws"])),
    optional("analysis", Kind::Array),
    item("analysis[0]", Kind::Name(&["modes", "polynomials", "bounds", "slice", "budget", "reduction", "conventions"])),
    optional("applications", Kind::Array),
    item(
        "applications[0]",
        Kind::Name(&[
            "influence",
            "hypergradient",
            "influence_retrained",
            "hypergradient_retrained",
            "imaml",
            "lissa",
            "race",
        ]),
    ),
    optional("imaml", Kind::Object),
    optional("imaml.support", Kind::Whole(1, 100)),
    optional("imaml.query", Kind::Whole(1, 1000)),
    optional("imaml.seed", SEED),
    optional("imaml.cg_steps", Kind::Whole(0, 200)),
    optional("imaml.inner_steps", Kind::Whole(1, 500)),
    optional("imaml.inner_rate", Kind::Number(1e-9, 1e3)),
    optional("imaml.meta_steps", Kind::Whole(0, 500)),
    optional("imaml.meta_rate", Kind::Number(1e-9, 1e3)),
    optional("imaml.tasks", Kind::Whole(1, 32)),
    optional("race", Kind::Object),
    optional("race.optimizers", Kind::Array),
    item(
        "race.optimizers[0]",
        Kind::Name(&["gradient_descent", "momentum", "line_search", "newton", "gauss_newton", "cg", "kfac"]),
    ),
    optional("race.steps", Kind::Whole(1, 1000)),
    optional("race.learning_rate", Kind::Number(1e-9, 1e3)),
    optional("race.momentum", Kind::Number(0.0, 0.999)),
    optional("glimpse", Kind::Whole(0, 10_000)),
    optional("compare", Kind::Array),
    item("compare[0]", Kind::Name(MATRICES)),
    item("compare[1]", Kind::Name(MATRICES)),
];

/// The objects of the full experiment; the empty path is the whole.
pub const OBJECTS: &[&str] = &[
    "",
    "network",
    "data",
    "validation",
    "training",
    "race",
    "imaml",
    "methods[0]",
    "methods[1]",
    "methods[2]",
    "methods[3]",
    "methods[4]",
    "methods[5]",
    "methods[6]",
    "methods[7]",
    "methods[8]",
];
