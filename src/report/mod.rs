//! What a run tells: counters that merge, and the forms they are shown in.

pub mod fates;
pub mod findings;
pub mod histogram;
pub mod inspection;
pub mod migration;
pub mod summary;
pub mod terminal;

pub use summary::Summary;
