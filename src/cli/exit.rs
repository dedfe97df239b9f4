//! What the process says when it ends.

use std::process::ExitCode;

use chatmill::diagnostic::Severity;
use chatmill::{Error, ErrorKind};

/// The exit codes that are promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: as promised.
    AsPromised,
    /// 1: findings at or above the bar.
    Findings,
    /// 2: the run failed or the usage was wrong.
    Failed,
    /// 130: the user stopped the run.
    Interrupted,
}

impl Exit {
    /// The exit for an error.
    pub fn of(error: &Error) -> Self {
        if error.kind() == ErrorKind::Interrupted { Self::Interrupted } else { Self::Failed }
    }

    /// The exit for the worst finding against the bar; without a bar findings do not matter.
    pub fn for_worst(worst: Option<Severity>, bar: FailOn) -> Self {
        let bar = match bar {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
            FailOn::Never => return Self::AsPromised,
        };
        if worst.is_some_and(|worst| worst >= bar) { Self::Findings } else { Self::AsPromised }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::AsPromised => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
            Exit::Interrupted => 130,
        })
    }
}

/// The least finding that makes the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Errors: what the target refuses, what could not be used.
    Error,
    /// Warnings too.
    Warning,
    /// Any finding.
    Info,
    /// Nothing.
    Never,
}
