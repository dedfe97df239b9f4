//! `CONT001`: a message without content.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Content, Message, Role};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT001",
        name: "missing-content",
        severity: Severity::Error,
        summary: "a message has no content and nothing that could stand for it",
        why: "there is nothing to read or to learn, and services refuse the file",
        remedy: "fill in what was said, or leave the message out; only a call of a tool may stand without \
                 content",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::NO_CONTENT)),
};

/// Keys that may stand in place of the assistant's content.
const INSTEAD: &[&str] = &["function_call", "refusal", "audio", "tool_calls"];

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let what = match message.content {
            // A content of a wrong kind lies among the unknown keys and is named by its own rule.
            Content::Absent if message.extra.contains_key("content") => continue,
            Content::Absent => "the message has no `content`",
            Content::Null => "`content` is null",
            Content::Text(_) | Content::Parts(_) => continue,
        };
        if !may_lack(message) {
            let path =
                if message.content == Content::Null { format!("{place}.content") } else { place.to_string() };
            report.push(Finding::new(&RULE.def, path, what));
        }
    }
}

fn may_lack(message: &Message) -> bool {
    match message.role {
        Role::Assistant | Role::Other(_) => {
            !message.tool_calls.is_empty() || INSTEAD.iter().any(|key| message.extra.contains_key(*key))
        }
        // The predecessor of `tool` may say nothing, but must say so.
        Role::Function => message.content == Content::Null,
        _ => false,
    }
}
