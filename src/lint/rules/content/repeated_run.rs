//! `CONT017`: the same words over and over, as generators write that got stuck.

use wide::u8x16;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::Role;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT017",
        name: "repeated-run",
        severity: Severity::Warning,
        summary: "an answer says the same many times in a row",
        why: "that is how a generator writes that got stuck, or an export that joined a text to itself; a model that \
              learns it gets stuck, too",
        remedy: "cut the repetitions, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Ha ha ha ha ha ha! It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"(please-wait-a-moment) (please-wait-a-moment) (please-wait-a-moment) (please-wait-a-moment) (please-wait-a-moment) (please-wait-a-moment) (please-wait-a-moment)"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://arxiv.org/abs/1904.09751 (generators that repeat themselves); \
             https://arxiv.org/abs/2112.11446, table A1 (texts left out for repetition; both read 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

/// How often something stands in a row at least, and how long the whole run is, in bytes: people say "no no no no", and a
/// chorus comes four times.
const TIMES: usize = 6;
const RUN: usize = 120;
/// Longest unit looked for, in bytes.
const UNIT: usize = 240;
/// How many bytes at a place must come again.
const NEEDLE: usize = 12;
/// Places looked at together.
const BLOCK: usize = 16;
/// Bytes between the places from which a run is looked for: every run has one at least a unit and a needle before its end.
const STEP: usize = RUN - RUN / TIMES - NEEDLE;
/// How many distances are tried at a place: what comes again within a unit is none itself.
const TRIES: usize = 4;
/// Letters that a unit has at least, and more than one of them: rules of tables, rows of zeros and masks (`xxxxxx`) have not.
const LETTERS: usize = 3;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body).filter(|(_, message)| message.role == Role::Assistant) {
        for text in message.texts() {
            if let Some((unit, times)) = find(text) {
                let what = format!("`{}` stands {times} times in a row", excerpt(unit.trim(), 40));
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// The first unit that stands many times in a row, and how often.
fn find(text: &str) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // A run that is found from here ends so far behind it at least.
    while at + RUN - STEP < bytes.len() && bytes.len() >= RUN {
        let mut next = at + STEP;
        for distance in distances(bytes.get(at..bytes.len().min(at + UNIT + NEEDLE))?) {
            let (start, end) = run(bytes, at, distance);
            let times = (end - start) / distance;
            if times >= TIMES && end - start >= RUN {
                let unit = unit(text, start, distance);
                if has_letters(unit) {
                    return Some((unit, times));
                }
            }
            // What was compared is not compared again from within.
            next = next.max(end.saturating_sub(distance + NEEDLE));
        }
        at = next;
    }
    None
}

/// How far from the beginning of some bytes, at most [`UNIT`] and a needle, the first [`NEEDLE`] of them come again: the first
/// distances, none within another.
fn distances(bytes: &[u8]) -> impl Iterator<Item = usize> {
    // Filled up, so that every place can be looked at in a whole block.
    let mut window = [0; UNIT + NEEDLE + 2 * BLOCK];
    window[..bytes.len()].copy_from_slice(bytes);
    let last = bytes.len().saturating_sub(NEEDLE);
    let block = |at: usize| {
        let bytes = window.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map_or(u8x16::ZERO, |bytes| u8x16::new(*bytes))
    };
    let (first, end) = (u8x16::splat(window[0]), u8x16::splat(window[NEEDLE - 1]));
    let (mut distances, mut count, mut free) = ([0; TRIES], 0, 1);
    for begin in (0..=last).step_by(BLOCK) {
        // Where the first and the last byte stand as they do in the needle.
        let mut alike = (block(begin).simd_eq(first) & block(begin + NEEDLE - 1).simd_eq(end)).to_bitmask();
        while alike != 0 && count < TRIES {
            let at = begin + alike.trailing_zeros() as usize;
            alike &= alike - 1;
            if (free..=last).contains(&at) && window[at..at + NEEDLE] == window[..NEEDLE] {
                distances[count] = at;
                (count, free) = (count + 1, at + NEEDLE);
            }
        }
    }
    distances.into_iter().take(count)
}

/// The stretch around `at` in which every byte is the one `distance` before it.
fn run(bytes: &[u8], at: usize, distance: usize) -> (usize, usize) {
    let pairs = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().zip(bytes.get(from + distance..).unwrap_or_default())
    };
    let length = pairs(at).take_while(|(one, other)| one == other).count();
    let before = bytes.get(..at).unwrap_or_default();
    let shifted = bytes.get(..at + distance).unwrap_or_default();
    let back = before
        .iter()
        .rev()
        .zip(shifted.iter().rev())
        .take(STEP)
        .take_while(|(one, other)| one == other)
        .count();
    (at - back, at + length + distance)
}

fn has_letters(unit: &str) -> bool {
    let letters = || unit.chars().filter(|letter| letter.is_alphabetic());
    letters().take(LETTERS).count() == LETTERS && letters().any(|letter| Some(letter) != letters().next())
}

/// One unit, from the beginning of a word where the run has one.
fn unit(text: &str, start: usize, distance: usize) -> &str {
    let bounds = (start..start + distance)
        .filter(|at| text.is_char_boundary(*at) && text.is_char_boundary(at + distance));
    let begins = |at: &usize| {
        at.checked_sub(1).and_then(|before| text.as_bytes().get(before)).is_none_or(u8::is_ascii_whitespace)
    };
    let at = bounds.clone().find(begins).or_else(|| bounds.clone().next()).unwrap_or(start);
    text.get(at..at + distance).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use memchr::memmem;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn distances_are_those_of_a_plain_search(text in "[ab\\u{0}]{1,252}|(a[ab]{1,14}){13,16}") {
            let bytes = text.as_bytes();
            let window = bytes.get(1..).unwrap_or_default();
            let plainly = bytes.get(..NEEDLE).map_or(Vec::new(), |needle| {
                memmem::find_iter(window, needle).map(|at| at + 1).take(TRIES).collect()
            });
            prop_assert_eq!(distances(bytes).collect::<Vec<_>>(), plainly);
        }
    }

    #[test]
    fn finds_lines_sentences_and_words() {
        let line = "Thank you for your patience.\n";
        assert_eq!(find(&format!("Hello!\n{}", line.repeat(9))), Some((line, 9)));
        let text = format!("I am {}done", "very ".repeat(60));
        let (unit, times) = find(&text).unwrap();
        assert_eq!((unit.trim(), times), ("very", 60));
        // A unit within which words come again.
        let unit = "the more the more the merrier and the more the less; ";
        assert_eq!(find(&unit.repeat(8)).map(|(_, times)| times), Some(8));
        let unit = "謝謝您的耐心等候。";
        assert_eq!(find(&unit.repeat(12)).map(|(_, times)| times), Some(12));
        // Wherever it begins, and whatever its length.
        for length in 4..=26 {
            let unit: String = ('a'..='z').take(length - 1).chain([' ']).collect();
            for before in 0..STEP {
                let run = unit.repeat(TIMES.max(RUN / length + 1));
                let text = format!("{}{run}", "0123456789".repeat(9).get(..before).unwrap());
                assert!(find(&text).is_some(), "{text}");
            }
        }
    }

    #[test]
    fn what_people_write_is_no_run() {
        let table = "| --- | --- | --- |\n".repeat(20);
        let zeros = "0, 0, 0, 0, ".repeat(40);
        let chorus = "Row, row, row your boat, gently down the stream.\n".repeat(4);
        let (masked, rule, party) = ("x".repeat(900), "═".repeat(80), "🎉".repeat(80));
        for text in [
            "no no no no no no",
            "ha".repeat(20).as_str(),
            &table,
            &zeros,
            &chorus,
            &masked,
            &rule,
            &party,
            "",
            "é",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_text_takes_one_pass() {
        for text in [
            "a".repeat(2_000_000),
            "ab".repeat(1_000_000),
            "0 ".repeat(1_000_000),
            "é".repeat(500_000),
            "a b  ".repeat(400_000),
            format!("{}x", "0".repeat(200)).repeat(5_000),
        ] {
            let _ = find(&text);
        }
    }
}
