//! What a run tells: counters that merge, and the forms they are shown in.

pub mod bills;
pub mod break_even;
pub mod calibration;
pub mod changes;
pub mod comparison;
pub mod conflicts;
pub mod difference;
pub mod difference_page;
pub mod fates;
pub mod findings;
pub mod histogram;
pub mod inspection;
pub mod migration;
pub mod proof;
pub mod sarif;
pub mod self_hosted;
pub mod summary;
pub mod terminal;

pub use summary::Summary;

/// What a person without colour sees.
#[cfg(test)]
fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once('m')).fold(first, |plain, (_, rest)| plain + rest)
}
