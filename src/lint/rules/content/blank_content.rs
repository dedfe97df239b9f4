//! `CONT002`: content that says nothing.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation_mut, is_blank, messages};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::{Body, Content, Message, Role};
use crate::target::TargetSpec;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT002",
        name: "blank-content",
        severity: Severity::Warning,
        summary: "the content of a message is empty or only white space",
        why: "a blank answer teaches silence; a blank question, answers to nothing; several targets refuse \
              it",
        remedy: "fill in what was said, or leave the message out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":" \n"},{"role":"user","content":"Hello?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "leave the message out, unless it is the only answer or the last message",
        apply: drop,
    }),
    source: "refused by Bedrock's dataset validators; a warning in Microsoft's \
             (microsoft/GitHub-Copilot-for-Azure, `validate/`; read 2026-11-21)",
    build: |spec, _| {
        let refused = spec.blank_content_refused;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(refused, item, report);
        Some(
            Check::row(if refused { Severity::Error } else { RULE.def.severity }, rule)
                .only_with(Marks::BLANK),
        )
    },
};

fn check(refused: bool, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        // A tool may have nothing to say; it is no mistake where it is not refused.
        let result = matches!(message.role, Role::Tool | Role::Function);
        if says_nothing(message) && (refused || !result) {
            let empty = matches!(&message.content, Content::Text(text) if text.is_empty());
            let what = if empty { "the content is empty" } else { "the content is only white space" };
            report.push(place.finding_at(&RULE.def, "content", what));
        }
    }
}

fn drop(body: &mut Body, _: &'static TargetSpec) -> u64 {
    let messages = conversation_mut(body);
    let before = messages.len();
    let goes =
        |message: &Message| says_nothing(message) && !matches!(message.role, Role::Tool | Role::Function);
    let Some(last) = messages.pop() else { return 0 };
    // Without any answer the rest would be of no use.
    let answers = |message: &Message| message.role == Role::Assistant && !goes(message);
    if answers(&last) || messages.iter().any(answers) {
        messages.retain(|message| !goes(message));
    }
    messages.push(last);
    (before - messages.len()) as u64
}

fn says_nothing(message: &Message) -> bool {
    // Beside a call, an empty content is how many programs write `null`.
    let calls = || {
        !message.tool_calls.is_empty()
            || ["tool_calls", "function_call"].iter().any(|key| message.extra.contains_key(*key))
    };
    match &message.content {
        Content::Absent | Content::Null => false,
        Content::Text(text) => is_blank(text) && !calls(),
        // An empty list and parts of other kinds are the matter of `invalid-content-part`.
        Content::Parts(parts) => {
            let blank = |part: &Value| part.get("text").and_then(Value::as_str).is_some_and(is_blank);
            !parts.is_empty() && parts.iter().all(blank) && !calls()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_text_is_blank() {
        let blank = |text: &str| says_nothing(&Message::text(Role::User, text));
        assert!(blank("") && blank("\u{200b}\u{a0}\u{feff}"));
        assert!(!blank(".") && !blank("\u{200b}a"));
    }
}
