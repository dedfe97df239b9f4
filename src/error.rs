//! The one error type: the run cannot go on.
//!
//! Bad data is never an [`Error`]; it is a finding or a rejection with a place (see `diagnostic`). An error
//! carries what went wrong, where, and the way out (`hint`), each in one lower-case line without a full stop.

use std::fmt::{self, Write as _};

/// Shorthand used everywhere in the library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of obstacle ended the run; decides nothing but the exit code and the first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line or the configuration asks for something that does not exist or contradicts itself.
    Usage,
    /// An input cannot be opened, is cut short, or is no format known here.
    Input,
    /// An output cannot be written.
    Output,
    /// A sum that must agree does not: a defect of chatmill itself.
    Internal,
    /// The user or the system asked to stop.
    Interrupted,
}

/// A run that cannot go on: what, where, and the way out.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
}

impl Error {
    /// An error of `kind` with a message in lower case, without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// A mistake in the command line or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// An input that cannot be used.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// An output that cannot be written.
    pub fn output(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Output, message)
    }

    /// A broken promise of chatmill itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// The end that the user or the system asked for; whoever knows it says what is [left](Error::leaving).
    pub fn interrupted() -> Self {
        Self::new(ErrorKind::Interrupted, "stopped before the end")
    }

    /// Adds to an interruption what the run leaves behind.
    #[must_use]
    pub fn leaving(mut self, left: impl FnOnce() -> String) -> Self {
        if self.kind == ErrorKind::Interrupted {
            let _ = write!(self.message, "; {}", left());
        }
        self
    }

    /// Adds the way out, shown after `hint:`.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What kind of obstacle it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The way out, where one is known.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
