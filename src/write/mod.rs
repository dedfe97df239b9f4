//! Outputs, whole or not at all.
//!
//! Files are written into a folder beside their place, flushed and synced, and renamed when everything is done; the
//! manifest comes last.

mod file;
mod folder;
mod registered;
mod replacing;

pub use file::{Ending, OutFile, Written};
pub use folder::{MANIFEST, OutFolder, PARTIAL};
pub use registered::{Register, Registered};
pub use replacing::Replacing;
