//! What a measuring command left out, and why, as `prepare` says it.

use std::fmt::Write as _;

use chatmill::pipeline::refused::Refused;
use chatmill::text::number::{count, thousands};
use chatmill::text::sanitize::{excerpt, excerpt_path};

use super::exit::Exit;

/// Reasons that are named.
const SHOWN: usize = 8;

/// The exit of a command that measured so many examples: where there is none, nothing was found out.
pub fn exit(measured: u64) -> Exit {
    if measured > 0 { Exit::AsPromised } else { Exit::Findings }
}

/// A line on what is measured although it would be rejected; nothing where nothing is.
pub fn too_long(examples: u64) -> String {
    if examples == 0 {
        return String::new();
    }
    format!(
        "counted here, and rejected by `prepare` and `convert` because of their length: {}\n",
        count(examples, "example")
    )
}

/// A line on how much, and one for each reason with a case of it; nothing where all is measured.
pub fn lines(refused: &Refused) -> String {
    let mut out = String::new();
    if refused.is_empty() {
        return out;
    }
    let mut what = Vec::new();
    if refused.records > 0 {
        what.push(count(refused.records, "record"));
    }
    if refused.examples > 0 {
        what.push(format!("{} of records that are divided", count(refused.examples, "window")));
    }
    let answers = match refused.answers {
        0 => String::new(),
        answers => format!(", with {}", count(answers, "answer")),
    };
    let _ = writeln!(out, "not counted, because they would be rejected: {}{answers}", what.join(" and "));
    for tally in refused.reasons.iter().take(SHOWN) {
        let _ = write!(out, "{:>12}  {} {}", thousands(tally.count), tally.name, tally.code);
        let _ = match tally.first.first() {
            None => writeln!(out),
            Some(case) => {
                writeln!(
                    out,
                    ", such as {}:{}: {}",
                    excerpt_path(&case.path, 60),
                    case.line,
                    excerpt(&case.message, 200)
                )
            }
        };
    }
    if let Some(more) = refused.reasons.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(out, "{:>12}  and {} more", "", count(more as u64, "reason"));
    }
    out
}
