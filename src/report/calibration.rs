//! What a finished job teaches, as people read it.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::Style;
use serde::Serialize;

use crate::cost::{Learned, Residual, Tokens};
use crate::text::number::{count, thousands};
use crate::text::sanitize::excerpt;

const BOLD: Style = Style::new().bold();

/// What a finished job teaches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// The job beside its count.
    pub job: Learned,
    /// Billed tokens for one counted at least.
    pub factor: f64,
    /// Where between the bounds the billed tokens lay: 0 at the lower, 1 at the upper.
    pub place: f64,
    /// Jobs of this model and of such rows that are known, this one among them.
    pub jobs: u64,
    /// Tokens of one pass as counted.
    pub counted: Tokens,
    /// The same, narrowed by those jobs.
    pub narrowed: Tokens,
}

impl Calibration {
    /// What `learned` teaches together with all that is `known` of such rows.
    pub fn of(learned: Learned, known: &Residual, counted: Tokens) -> Self {
        Self {
            factor: learned.factor(),
            place: learned.place(),
            jobs: known.jobs.len() as u64,
            counted,
            narrowed: known.narrow(counted),
            job: learned,
        }
    }
}

/// What a person reads; `kept` is the file that keeps it.
pub fn page(found: &Calibration, kept: Option<&Path>) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "{BOLD}{label:>8}{BOLD:#}  {text}");
    };
    let job = &found.job;
    let id = if job.id.is_empty() { String::new() } else { format!("{}: ", excerpt(&job.id, 80)) };
    line(
        "job",
        &format!(
            "{id}{} on {} in {}, {} a pass",
            count(job.trained_tokens, "token"),
            job.model,
            count(job.epochs, "epoch"),
            thousands(job.trained_tokens / job.epochs.max(1))
        ),
    );
    line("counted", &format!("{} a pass", found.counted.show()));
    line("factor", &format!("{:.4} billed for one counted at least", found.factor));
    let place = found.place;
    line(
        "place",
        &match place {
            _ if found.counted.low == found.counted.high => {
                "the count is one number, and says nothing of where other bills lie".to_owned()
            }
            place if place < 0.0 => "below the lower bound: the count is too high".to_owned(),
            place if place > 1.0 => {
                "above the upper bound: something is billed that is not counted".to_owned()
            }
            place => format!("{:.0} % of the way from the lower to the upper bound", place * 100.0),
        },
    );
    let width = |tokens: Tokens| tokens.high.saturating_sub(tokens.low);
    if width(found.counted) > 0 {
        line(
            "narrowed",
            &format!(
                "{} a pass by {}: {} tokens wide instead of {}",
                found.narrowed.show(),
                count(found.jobs, "job"),
                thousands(width(found.narrowed)),
                thousands(width(found.counted))
            ),
        );
    }
    match kept {
        Some(path) => {
            let path = excerpt(&path.display().to_string(), 200);
            line(
                "kept",
                &format!(
                    "{path}: `--residual {path}`, or `residual` under `[cost]` in chatmill.toml, narrows the next bill"
                ),
            );
        }
        None => line("kept", "nowhere; `--residual FILE` keeps it and narrows the next bill"),
    }
    out
}
