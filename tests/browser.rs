//! The boundary to JavaScript, in a browser: whatever comes in, a plain report or an Error that says why comes out.
#![cfg(target_arch = "wasm32")]

use hessian_lab::wasm::Lab;
use js_sys::{Array, Error, Function, JSON, Object, Reflect};
use tsify::Ts;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The properties of a good experiment, as JavaScript.
const EXPERIMENT: &str = "
    network: { layers: [2, 3, 1], activation: 'tanh', seed: 1 },
    data: { generator: 'notebook', samples: 6, seed: 1 },
    loss: 'mse',
    methods: [
        { method: 'exact' },
        { method: 'cg', iterations: 5 },
        { method: 'cg', iterations: 400, start: 'right_hand_side' },
        { method: 'minres', iterations: 5 },
        { method: 'neumann', iterations: 5, scale: 'auto' },
        { method: 'neumann', iterations: 3000, scale: 1e-9 },
        { method: 'lissa', iterations: 5, scale: 0.001, batch: 2, repeats: 2, seed: 1 },
        { method: 'kfac' },
    ],
    include: ['matrices']";

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    Function::new_no_args(&format!("return ({expression})")).call0(&JsValue::NULL).expect("the test's own JavaScript")
}

/// The experiment with the properties of an object literal set over its own.
fn experiment(changes: &str) -> JsValue {
    js(&format!("{{ {EXPERIMENT}, {changes} }}"))
}

fn solve(experiment: JsValue) -> Result<JsValue, Error> {
    Lab::new().solve(Ts::new_unchecked(experiment)).map(|report| report.js_value())
}

/// The message of the Error that is thrown.
fn refusal(experiment: JsValue) -> String {
    let error = solve(experiment).expect_err("a refusal");
    assert!(error.is_instance_of::<Error>());
    String::from(error.message())
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).expect("an object")
}

#[wasm_bindgen_test]
fn a_report_is_made_of_plain_objects_arrays_and_finite_numbers() {
    for changes in ["damping: 0", "damping: 0.5, precision: 'f32'", "right_hand_side: Array(13).fill(0)"] {
        let report = solve(experiment(changes)).expect("a report");
        assert_plain(&report, "report");
        assert_eq!(Object::keys(&report.into()).length(), 10, "{changes}");
    }
}

/// Asserts that a value is what JSON can hold: no Map, no typed array, no undefined, no NaN.
fn assert_plain(value: &JsValue, path: &str) {
    if let Some(number) = value.as_f64() {
        assert!(number.is_finite(), "{path} is {number}");
    } else if Array::is_array(value) {
        for (index, item) in value.unchecked_ref::<Array>().iter().enumerate() {
            assert_plain(&item, &format!("{path}[{index}]"));
        }
    } else if value.is_object() {
        let object: &Object = value.unchecked_ref();
        let plain = Object::get_prototype_of(value) == Object::get_prototype_of(&Object::new());
        assert!(plain, "{path} is no plain object: {value:?}");
        for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            assert_plain(&get(value, &key), &format!("{path}.{key}"));
        }
    } else {
        assert!(value.is_null() || value.as_bool().is_some() || value.is_string(), "{path} is {value:?}");
    }
}

#[wasm_bindgen_test]
fn a_report_survives_json() {
    let report = solve(experiment("damping: 0.5")).expect("a report");
    let text = JSON::stringify(&report).expect("it can be written");
    let again = JSON::stringify(&JSON::parse(&String::from(text.clone())).expect("it can be read"));
    assert_eq!(again.expect("it can be written again"), text);
}

#[wasm_bindgen_test]
fn what_json_would_hide_is_refused_by_name() {
    for (changes, message) in [
        ("damping: NaN", "damping: NaN is not a damping between 0 and 1e6"),
        ("damping: -Infinity", "damping: -inf is not a damping between 0 and 1e6"),
        ("damping: undefined", "damping: null is not a damping between 0 and 1e6"),
        ("damping: '1'", "damping: \"1\" is not a damping between 0 and 1e6"),
        ("precision: 'f16'", "precision: \"f16\" is not one of f64, f32"),
        ("methods: [,]", "methods[0]: null is not an object with a method's name"),
        ("right_hand_side: Array(13)", "right_hand_side[0]: null is not an entry, a finite number of at most 1e6"),
        ("network: Object.create({ layers: [1, 1] })", "network.layers: is missing"),
    ] {
        assert_eq!(refusal(experiment(changes)), message, "{changes}");
    }
}

#[wasm_bindgen_test]
fn an_unknown_field_is_refused_at_every_level() {
    for (changes, field) in [
        ("dampnig: 1", "dampnig: "),
        ("network: { layers: [2, 1], activation: 'relu', width: 3 }", "network.width: "),
        ("data: { generator: 'notebook', samples: 6, sample: 6 }", "data.sample: "),
        ("methods: [{ method: 'cg', iterations: 1, scale: 1 }]", "methods[0].scale: "),
    ] {
        let message = refusal(experiment(changes));
        assert!(message.starts_with(&format!("{field}there is no such field")), "{message}");
    }
}

#[wasm_bindgen_test]
fn what_goes_round_in_circles_is_refused() {
    for (field, changes) in [
        ("network.layers.layers", "network: (() => { const a = {}; a.layers = a; return a; })()"),
        ("methods[0][0]", "methods: (() => { const a = []; a.push(a, a); return a; })()"),
    ] {
        let message = refusal(experiment(changes));
        assert!(message.starts_with(field) && message.ends_with(": is nested more than 16 levels deep"), "{message}");
    }
}

#[wasm_bindgen_test]
fn what_json_has_no_word_for_is_refused_by_name() {
    for (value, kind) in [
        ("new Float64Array(13)", "Float64Array"),
        ("new ArrayBuffer(13)", "ArrayBuffer"),
        ("new Set([1])", "Set"),
        ("new Map([['method', 'cg']])", "Map"),
        ("() => 1", "Function"),
        ("Symbol('x')", "Symbol"),
        ("10n ** 30n", "BigInt"),
        ("3n", "BigInt"),
        ("new Number(1)", "Number"),
        ("new Date()", "Date"),
    ] {
        for field in ["damping", "right_hand_side", "network", "methods", "loss"] {
            let message = refusal(experiment(&format!("{field}: {value}")));
            assert!(message.starts_with(&format!("{field}: a {kind} is ")), "{message}");
        }
        assert_eq!(refusal(js(value)), format!("experiment: a {kind} is not an object"));
    }
}

#[wasm_bindgen_test]
fn what_throws_when_it_is_looked_at_is_refused_by_name() {
    let mut lab = Lab::new();
    for (changes, field) in [
        ("network: { get layers() { throw new TypeError('no') } }", "network.layers"),
        ("get damping() { throw 'no error at all' }", "damping"),
        ("methods: [new Proxy({}, { ownKeys() { throw 1 } })]", "methods[0]"),
        ("right_hand_side: new Proxy([1], { get() { throw 1 } })", "right_hand_side"),
        ("loss: (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()", "loss"),
    ] {
        // Spread would look at a getter itself, so it is put into the literal.
        let input = js(&format!("{{ {EXPERIMENT}, {changes} }}"));
        let error = lab.solve(Ts::new_unchecked(input)).expect_err("a refusal");
        let message = String::from(error.message());
        assert_eq!(message, format!("{field}: cannot be read, as looking at it throws an error"));
    }
    assert!(lab.solve(Ts::new_unchecked(experiment("damping: 1"))).is_ok(), "it goes on");
}

#[wasm_bindgen_test]
fn what_would_fill_the_memory_is_refused_by_name() {
    for field in ["right_hand_side", "methods", "loss"] {
        let message = refusal(experiment(&format!("{field}: Array(2 ** 32 - 1)")));
        assert_eq!(message, format!("{field}: holds more than the 8000000 values that an experiment may have"));
    }
    let message = refusal(experiment("loss: 'x'.repeat(2 ** 28)"));
    assert!(message.starts_with("loss: ") && message.len() < 150, "{message}");
}

#[wasm_bindgen_test]
fn an_inherited_or_strange_key_is_a_name_like_any_other() {
    for (key, field) in
        [("'__proto__'", "__proto__"), ("'<img>'", "\"<img>\""), ("'a\\nb'", "\"a\\nb\""), ("''", "\"\"")]
    {
        let message = refusal(experiment(&format!("[{key}]: 1")));
        assert!(message.starts_with(&format!("{field}: there is no such field")), "{message}");
    }
    let message = refusal(experiment("['x'.repeat(1e6)]: 1"));
    assert!(message.len() < 400, "{} characters", message.len());
}

#[wasm_bindgen_test]
fn half_a_surrogate_pair_is_a_name_like_any_other() {
    assert!(refusal(experiment("loss: '\\uD800'")).starts_with("loss: "));
    assert!(refusal(experiment("['\\uD800']: 1")).contains("there is no such field"));
}

#[wasm_bindgen_test]
fn a_lab_goes_on_after_a_refusal() {
    let mut lab = Lab::new();
    let mut answer = |changes| {
        let report = lab.solve(Ts::new_unchecked(experiment(changes)));
        report.map(|report| String::from(JSON::stringify(&report.js_value()).expect("it can be written")))
    };
    let before = answer("damping: 0.5").expect("a report");
    assert!(answer("damping: -1").is_err());
    assert!(answer("network: 3").is_err());
    assert_eq!(answer("damping: 0.5").expect("a report"), before);
}
