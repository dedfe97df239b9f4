//! Prepares a training set by the library: what `chatmill prepare INPUT… -o FOLDER` does, without a terminal.
//!
//! `cargo run --release --example prepare -- INPUT… FOLDER`

use std::error::Error;
use std::io::Write;
use std::path::Path;

use chatmill::config::Settings;
use chatmill::pipeline::watch::Silent;
use chatmill::pipeline::{Plan, prepare};

fn main() -> Result<(), Box<dyn Error>> {
    let mut inputs: Vec<String> = std::env::args().skip(1).collect();
    let folder = inputs.pop().filter(|_| !inputs.is_empty()).ok_or("give inputs and a new folder")?;
    let plan = Plan::make(Settings { inputs, ..Settings::default() })?;
    let summary = prepare(&plan, Path::new(&folder), false, &Silent)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string_pretty(&summary.ledger)?)?;
    for file in &summary.outputs {
        writeln!(out, "{}: {} rows", file.path, file.examples)?;
    }
    Ok(())
}
