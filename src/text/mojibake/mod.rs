//! UTF-8 that somebody read as Windows-1252 or Latin-1 and saved again: `itâ€™s`, `cafÃ©`, `ðŸ™‚`.
//!
//! Every damaged character is a *unit*: two to four characters whose Windows-1252 bytes are one UTF-8 sequence of a
//! character that people write. A text may hold damaged and sound parts side by side (exports joined from two
//! programs), so units are judged one by one and nothing but units is touched.
//!
//! Sound text can hold the same characters by chance, always as a letter before punctuation: `“MAÇÔ`, `perché…”`,
//! `5 Å`. Such units are *doubtful* and count only with a sound reason: a certain unit directly beside them, or, for
//! three-byte units, a certain one with the same first letter elsewhere in the text.
//!
//! What was lost on the way stays lost: a no-break space that became a plain one, a byte that became U+FFFD.

mod unit;

use std::ops::Range;

use unit::{Certainty, Unit};

/// How often a text is repaired at most; three times damaged text exists, more was never seen.
const MOST_ROUNDS: usize = 4;

/// What [`find`] saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the first damaged run, for showing it.
    pub first: Range<usize>,
    /// Damaged characters in the whole text, counted as the characters they were.
    pub count: usize,
}

/// The damage in `text`, if any. Costs one scan for the 51 letters that damage begins with.
pub fn find(text: &str) -> Option<Found> {
    let units = damaged(text);
    let first = units.first()?;
    let mut run = first.range.clone();
    for unit in units.iter().skip(1).take_while({
        let mut end = run.end;
        move |unit| std::mem::replace(&mut end, unit.range.end) == unit.range.start
    }) {
        run.end = unit.range.end;
    }
    Some(Found { first: run, count: units.len() })
}

/// `text` with its damaged characters as they were, or nothing where none is damaged. Text damaged twice is repaired
/// twice.
pub fn repair(text: &str) -> Option<String> {
    let mut repaired = repair_once(text)?;
    for _ in 1..MOST_ROUNDS {
        match repair_once(&repaired) {
            Some(again) => repaired = again,
            None => break,
        }
    }
    Some(repaired)
}

fn repair_once(text: &str) -> Option<String> {
    let units = damaged(text);
    if units.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for unit in units {
        out.push_str(text.get(copied..unit.range.start).unwrap_or_default());
        out.push(unit.character);
        copied = unit.range.end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// The units that count as damage, in order.
fn damaged(text: &str) -> Vec<Unit> {
    let mut units = unit::all(text);
    if units.iter().all(|unit| unit.certainty != Certainty::Certain) && !units.windows(2).any(is_word) {
        return Vec::new();
    }
    settle_words(&mut units);
    // What stands directly beside a certain unit is certain: forwards, then backwards.
    for at in 1..units.len() {
        spread(&mut units, at - 1, at);
    }
    for at in (1..units.len()).rev() {
        spread(&mut units, at, at - 1);
    }
    let mut leads = [false; 256];
    for unit in units.iter().filter(|unit| unit.certainty == Certainty::Certain) {
        leads[usize::from(unit.lead)] = true;
    }
    units.retain(|unit| match unit.certainty {
        Certainty::Certain => true,
        Certainty::Company => leads[usize::from(unit.lead)],
        Certainty::Doubtful => false,
    });
    units
}

/// Two neighbours that need company and are it for one another: letters of one word in another script.
fn is_word(pair: &[Unit]) -> bool {
    matches!(pair, [one, two]
        if one.range.end == two.range.start && one.is_letter_of_script() && two.is_letter_of_script())
}

fn settle_words(units: &mut [Unit]) {
    for at in 1..units.len() {
        if units.get(at - 1..=at).is_some_and(is_word) {
            for unit in units.iter_mut().skip(at - 1).take(2) {
                unit.certainty = Certainty::Certain;
            }
        }
    }
}

fn spread(units: &mut [Unit], from: usize, to: usize) {
    let (Some(source), Some(target)) = (units.get(from), units.get(to)) else { return };
    let touch = source.range.end == target.range.start || target.range.end == source.range.start;
    if touch && source.certainty == Certainty::Certain && target.certainty != Certainty::Certain {
        units[to].certainty = Certainty::Certain;
    }
}

#[cfg(test)]
mod tests;
