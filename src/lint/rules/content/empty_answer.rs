//! `CONT043`: an answer without content.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Content, Message, Role};
use crate::target::TargetSpec;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT043",
        name: "empty-answer",
        severity: Severity::Error,
        summary: "an answer says nothing and calls no tool, or something else stands in place of its content",
        why: "every answer needs content or calls; neither Mistral nor Together knows `refusal` and `audio`",
        remedy: "fill in what was said, or leave the message out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":""}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "togethercomputer/together-python 2.14.0, `src/together/lib/utils/files.py` (read 2026-11-21); mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        (!spec.empty_answers || !spec.substitutes).then(|| {
            Check::row(RULE.def.severity, rule).only_with(Marks::BLANK | Marks::NO_CONTENT | Marks::PARTS)
        })
    },
};

/// Keys that stand in place of content where the chat format has them.
const INSTEAD: &[&str] = &["function_call", "refusal", "audio"];

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body).filter(|(_, message)| message.role == Role::Assistant) {
        if calls(message) {
            continue;
        }
        let what = match &message.content {
            Content::Absent | Content::Null if !spec.substitutes => INSTEAD
                .iter()
                .find(|key| message.extra.contains_key(**key))
                .map(|key| format!("`{key}` stands in place of content")),
            Content::Text(text) if text.is_empty() && !spec.empty_answers => {
                Some("the answer is empty and calls no tool".to_owned())
            }
            Content::Parts(parts) if parts.is_empty() && !spec.empty_answers => {
                Some("the answer has no part and calls no tool".to_owned())
            }
            _ => None,
        };
        report.extend(what.map(|what| place.finding_at(&RULE.def, "content", what)));
    }
}

fn calls(message: &Message) -> bool {
    !message.tool_calls.is_empty() || message.extra.contains_key("tool_calls")
}
