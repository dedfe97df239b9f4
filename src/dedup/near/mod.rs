//! Near twins: rows whose sets of shingles are alike, by Jaccard similarity.
//!
//! Rows become sets ([`Shingler`]) and are pushed into a [`SetSpool`]; from then on nothing knows of chats. Searches are joins of
//! sets with prefix, length and position filters (`PPJoin`: Xiao, Wang, Lin, Yu and Wang, "Efficient similarity joins for
//! near-duplicate detection", TODS 36:3, 2011; compared with others by Mann, Augsten and Bouros, "An empirical evaluation of
//! set similarity join techniques", PVLDB 9:9, 2016). They find every pair, and each is checked exactly.

mod across;
mod components;
mod forest;
mod index;
mod minhash;
mod order;
mod overlap;
mod passing;
mod recall;
mod seen;
mod sets;
mod shingler;
mod spool;
mod star;
mod subject;
mod terms;
mod threshold;

pub use across::{ABSENT, Closest, Leak, Leaks, across, closest_across};
pub use components::{Components, components};
pub use recall::{Recall, recall};
pub use sets::{SetSpool, Sets};
pub use shingler::{Cut, Shingler};
pub use star::{star, star_behind};
pub use terms::{Method, Progress, Search};
pub use threshold::{Similarity, Threshold, Twin};

#[cfg(test)]
mod tests;
