//! `CONT011`: control characters and escape sequences of terminals.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::text::number::count;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT011",
        name: "control-character",
        severity: Severity::Warning,
        summary: "a text holds control characters",
        why: "they are left over from terminals, spreadsheets and broken exports; a NUL ends the text for programs in \
              C, and databases refuse it",
        remedy: "take them out; an escape sequence of a terminal goes as a whole",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is\tmy order?\r\n"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?\u0000"},{"role":"assistant","content":"\u001b[32mIt left\u001b[0m our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "take control characters and escape sequences out",
        apply: |body, _| rewrite_texts(body, |text| text.bytes().any(is_control).then(|| strip(text))),
    }),
    source: "https://www.postgresql.org/docs/current/datatype-json.html (`\\u0000` is refused; read 2026-11-21); \
             ECMA-48, control sequences",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::CONTROL)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(first) = text.bytes().find(|byte| is_control(*byte)) {
                let all = text.bytes().filter(|byte| is_control(*byte)).count() as u64;
                let what = format!("{}, the first is U+{first:04X}", count(all, "control character"));
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// The controls of ASCII but tab and line ends; vertical tab and form feed are the matter of `line-separator`, those
/// beyond ASCII mostly that of `mojibake`.
fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !(0x09..=0x0d).contains(&byte)
}

/// Longest control sequence, in bytes: `ESC [ 38;2;255;255;255 m` has 19.
const LONGEST: usize = 32;

fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_control) {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        rest = rest.get(sequence(rest.as_bytes())..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Bytes of the control sequence that begins here (`ESC [`, parameters, a final letter), or of one control alone.
fn sequence(bytes: &[u8]) -> usize {
    let Some(parameters) = bytes.strip_prefix(b"\x1b[") else { return 1 };
    let length = parameters.iter().take(LONGEST).take_while(|byte| (0x20..=0x3f).contains(*byte)).count();
    match parameters.get(length) {
        Some(0x40..=0x7e) => length + 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_go_as_a_whole() {
        assert_eq!(strip("\x1b[1;32mok\x1b[0m \x1b[2J\x07done\0é\x7f"), "ok done\u{e9}");
        assert_eq!(strip("\x1b[é \x1b] \x1b"), "[é ] ");
        assert_eq!(strip(&"\x1b[".repeat(100_000)).len(), 100_000);
    }
}
