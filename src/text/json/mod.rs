//! JSON as data with places: parsing that reports duplicate keys, finding value boundaries without parsing, and
//! finding the bytes that a path names.

mod locate;
mod parse;
mod scan;

pub use locate::locate;
pub use parse::{Fault, FaultKind, Parsed, parse};
pub use scan::{Bounds, Scanner, close_truncated};
