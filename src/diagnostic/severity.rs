//! How bad a finding is.

use std::fmt;

use serde::Serialize;

/// How bad a finding is; ordered from least to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing: something was mended or left out on purpose.
    Info,
    /// Accepted by the target, usually a mistake.
    Warning,
    /// The target refuses it, or it cannot be used.
    Error,
}

impl Severity {
    /// The word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
