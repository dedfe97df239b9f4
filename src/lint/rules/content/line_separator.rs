//! `CONT010`: line ends that are no line feed.

use memchr::memchr2;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::text::beyond_ascii::beyond_ascii;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT010",
        name: "line-separator",
        severity: Severity::Warning,
        summary: "a text holds a line end that is not a line feed",
        why: "strings of JSON may hold U+2028, U+2029 and U+0085 as they are, and readers that split lines as \
              Python's `splitlines` or JavaScript do cut the row there; to the model they are odd tokens for a line end",
        remedy: "write a line feed",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is\nmy order?\r\nThanks"},{"role":"assistant","content":"It left our house today…"}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is\u2028my order?"},{"role":"assistant","content":"It left\u0085our house\u000btoday."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "write a line feed instead",
        apply: |body, _| rewrite_texts(body, |text| find(text).map(|_| text.replace(is_separator, "\n"))),
    }),
    source: "https://docs.python.org/3/library/stdtypes.html#str.splitlines (its table of line boundaries; read \
             2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::CONTROL | Marks::NON_ASCII)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(found) = find(text) {
                let what = format!("a line ends with U+{:04X}", found as u32);
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// Line ends of Unicode but the three that everybody writes; U+001C to U+001E, which Python also splits at, are control
/// characters.
fn is_separator(character: char) -> bool {
    matches!(character, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn find(text: &str) -> Option<char> {
    let in_ascii = memchr2(0x0b, 0x0c, text.as_bytes());
    let other = beyond_ascii(text).find(|(_, character)| is_separator(*character)).map(|(at, _)| at);
    let at = in_ascii.into_iter().chain(other).min()?;
    text.get(at..)?.chars().next()
}
