//! What a run tells: counters that merge, and the forms they are shown in.

pub mod changes;
pub mod findings;
pub mod histogram;
pub mod inspection;
pub mod sarif;
pub mod summary;
pub mod terminal;

pub use summary::Summary;
