//! One file a command.

pub mod check;
pub mod conflicts;
pub mod convert;
pub mod cost;
pub mod count;
pub mod dedup;
pub mod diff;
pub mod explain;
pub mod fate;
pub mod init;
pub mod inspect;
pub mod list;
pub mod migrate;
pub mod plan;
pub mod prepare;
pub mod split;
pub mod stats;
pub mod verify;
