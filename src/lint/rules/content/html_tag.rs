//! `CONT013`: tags of HTML that nobody turned into text.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Body;
use crate::text::html;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT013",
        name: "html-tag",
        severity: Severity::Warning,
        summary: "a text holds tags of HTML outside code, in a conversation that is not about mark-up",
        why: "help desks and mail keep texts as HTML; the model learns to write `<br>` and `</p>` to people",
        remedy: "convert the export itself with chatmill, which writes the text behind the tags; if it is meant, write \
                 it as code or ignore this rule",
    },
    good: r#"{"messages":[{"role":"user","content":"Is 3 < 5 and 7 > 5? Write to <kim@shop.example>"},{"role":"assistant","content":"Yes; `<br>` is a line break."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.<br>Regards"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "comments of Zendesk, Intercom and Freshdesk are HTML in their exports (their API references, read \
             2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::LESS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let before = report.len();
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(found) = html::find_tag(text).and_then(|at| text.get(at..)) {
                let end = found.find('>').map_or(found.len(), |end| end + 1);
                let shown = excerpt(found.get(..end).unwrap_or(found), 40);
                report.push(place.finding_at(
                    &RULE.def,
                    "content",
                    format!("`{shown}` was not turned into text"),
                ));
            }
        }
    }
    // Asked only where there is a tag: whoever speaks of web pages means the tags.
    if report.len() > before && is_about_markup(item.body) {
        report.truncate(before);
    }
}

fn is_about_markup(body: &Body) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = "html|css|xml|svg|jsx|javascript|jquery|php|react|angular|vue|bootstrap|flask|django|web ?page|\
                     mark-?up|markdown|hyperlink|source code|snippet|wordpress|shopify liquid";
        Regex::new(&format!(r"(?i)\b(?:{words})s?\b|网页|代码|标签")).ok()
    });
    WORDS.as_ref().is_some_and(|words| {
        messages(body).flat_map(|(_, message)| message.texts()).any(|text| words.is_match(text))
    })
}
