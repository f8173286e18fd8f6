//! The command wasm-bindgen: wasm-pack looks for one of the right version on PATH before it runs the tests.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
