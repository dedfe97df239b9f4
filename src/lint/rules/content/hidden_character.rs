//! `CONT009`: characters that nobody sees.

use std::borrow::Cow;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::text::marks::strip_invisible;
use crate::text::number::count;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT009",
        name: "hidden-character",
        severity: Severity::Warning,
        summary: "a text holds characters without a shape that change nothing but its bytes",
        why: "zero-width spaces and marks of direction split words into other tokens, hide twins from one another and \
              can hide instructions from whoever reads the file",
        remedy: "take them out; `--fix` and `--mend strip-invisible` do it and keep the joiners that letters and emoji \
                 need",
    },
    good: r#"{"messages":[{"role":"user","content":"می\u200cخواهم بدانم 👩\u200d👧"},{"role":"assistant","content":"It left our house today ❤\ufe0f."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"\u200eWhere is my or\u00adder?"},{"role":"assistant","content":"It left\u200b our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "take the characters out that nobody sees",
        apply: |body, _| {
            rewrite_texts(body, |text| match strip_invisible(text) {
                Cow::Borrowed(_) => None,
                Cow::Owned(stripped) => Some(stripped),
            })
        },
    }),
    source: "https://www.unicode.org/reports/tr36/ and tr39 (invisible characters, marks of direction, tags; read \
             2026-11-21); U+200E before every attachment of WhatsApp, seen in public exports",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::NON_ASCII)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some((first, hidden)) = find(text) {
                let what =
                    format!("{}, the first is U+{:04X}", count(hidden, "hidden character"), first as u32);
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// The first hidden character, and how many there are.
fn find(text: &str) -> Option<(char, u64)> {
    let Cow::Owned(stripped) = strip_invisible(text) else { return None };
    let pairs = text.chars().zip(stripped.chars().map(Some).chain(std::iter::repeat(None)));
    let first = pairs.into_iter().find(|(one, other)| Some(*one) != *other)?.0;
    Some((first, (text.chars().count() - stripped.chars().count()) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_and_counts_all() {
        assert_eq!(find("a\u{200b}b\u{200b}\u{feff}"), Some(('\u{200b}', 3)));
        assert_eq!(find("ab\u{e0041}\u{e0042}"), Some(('\u{e0041}', 2)));
        assert_eq!(find("a\u{a0}b ü"), None);
    }
}
