//! JSON as data with places: parsing that reports duplicate keys, finding value boundaries without parsing, and
//! finding the bytes that a path names.

mod edits;
mod locate;
mod members;
mod parse;
mod scan;

pub use edits::{Edit, edits};
pub use locate::locate;
pub use members::{Members, Raw};
pub use parse::{Fault, FaultKind, Parsed, parse, parse_members};
pub use scan::{Bounds, Scanner, close_truncated};
