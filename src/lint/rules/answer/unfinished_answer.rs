//! `ANS002`: a last answer that stops in mid-sentence.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::{Message, Role};
use crate::text::cut::tail;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "ANS002",
        name: "unfinished-answer",
        severity: Severity::Warning,
        summary: "the last answer stops in the middle of a sentence",
        why: "a field or a generator with a limit cut it; the model learns to stop there, too",
        remedy: "finish the answer, export it without the limit, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today. It will be with you on Monday, in the usual box"}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today. It will be with you on Monday, together with the"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "answers that end at `max_tokens` in data that another model wrote, and cells cut at 255 characters (seen in \
             public data, 2026-11)",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

// People leave the last full stop out, so that its absence says nothing. What counts is a last word that cannot be the
// last, or a comma, at the end of a sentence of some length.

/// Fewest words of the last line.
const WORDS: usize = 6;
/// Bytes of the end that are looked at.
const LOOKED_AT: usize = 600;

/// Words that no sentence ends with, in lower case, sorted. Not `to`, `in` or `with`, which "what for" questions end with,
/// and no word that ends sentences in another of the languages.
const OPEN: &[&str] = &[
    "although",
    "and",
    "because",
    "dass",
    "dem",
    "einem",
    "einen",
    "einer",
    "et",
    "including",
    "inkl",
    "les",
    "los",
    "my",
    "nuestra",
    "nuestro",
    "o",
    "oder",
    "of",
    "or",
    "our",
    "para",
    "porque",
    "sowie",
    "than",
    "the",
    "their",
    "und",
    "unser",
    "unsere",
    "votre",
    "weil",
    "whose",
    "y",
    "your",
];

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let Some(last) = messages.last().filter(|last| last.role == Role::Assistant) else { return };
    if let Some(end) = text_at_end(last).and_then(open_end) {
        let what = format!("the answer ends with `{}`", excerpt(end, 60));
        report.push(part.at(messages.len() - 1).finding_at(&RULE.def, "content", what));
    }
}

fn text_at_end(message: &Message) -> Option<&str> {
    message.texts().last().filter(|_| message.tool_calls.is_empty())
}

/// The last words of a text that stops in mid-sentence.
fn open_end(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let end = text.chars().next_back()?;
    if !(end.is_alphabetic() || end == ',') {
        return None;
    }
    let line = tail(text, LOOKED_AT).rsplit('\n').next()?.trim_start();
    // Lists, tables, headings, quotations and code have no sentences.
    let marked =
        line.starts_with(|first: char| !(first.is_alphanumeric() || matches!(first, '"' | '“' | '¿' | '¡')));
    let words = line.split_whitespace().count();
    if marked || words < WORDS || line.contains(['{', '}', ';', '=', '|', '`']) || text.contains("```") {
        return None;
    }
    let word = line.rsplit(char::is_whitespace).next()?;
    let is_open = if end == ',' {
        // `Best regards from all of us,` is a sign-off; a comma in a sentence has a sentence before it on its line.
        line.contains(['.', '!', '?'])
    } else {
        // A name or a title may end with anything: `Vitamin A and Zinc OR`.
        word.len() <= 12 && OPEN.binary_search(&word).is_ok()
    };
    let shown = line.char_indices().rev().take(50).last().map_or(0, |(at, _)| at);
    is_open.then(|| line.get(shown..)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(OPEN.is_sorted());
    }

    #[test]
    fn stops_in_mid_sentence() {
        for text in [
            "It left our house today and will be with you and",
            "Please send us the number of your",
            "It left our house. It will be with you on Monday, on Tuesday,",
            "Ihre Bestellung ist heute verschickt worden und",
        ] {
            assert!(open_end(text).is_some(), "{text}");
        }
        for text in [
            "It left our house today and will be with you soon",
            "What did you want to use it for",
            "Kind regards from all of us at the shop,",
            "Thank you and",
            "- one of these, two of those, three of the",
            "Use this: `a` and then the word and",
            "SELECT a FROM b WHERE c AND d = e OR the",
            "",
            "、",
        ] {
            assert_eq!(open_end(text), None, "{text}");
        }
        assert_eq!(open_end(&"é ".repeat(200_000)), None);
    }
}
