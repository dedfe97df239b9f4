//! One test binary: everything through the front door.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and says so"
)]

mod bad_input;
mod beginnings;
mod bills;
mod cases;
mod check;
mod cli;
mod conflicts;
mod conformance;
mod conservation;
mod cost;
mod dataset_rules;
mod diff;
mod docs;
mod history;
mod hostile;
mod interrupted;
mod json_oddities;
mod layers;
mod leaks;
mod lengths;
mod offers;
mod properties;
mod questions;
mod read_line;
mod real_data;
mod reference;
mod sides;
mod support;
mod tables;
mod targets;
mod tidy;
mod tokens;
mod twins;
mod workers;
