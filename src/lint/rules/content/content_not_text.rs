//! `CONT003`: content that must be a string and is not.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, whose};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::{Body, Content, Message, Role};
use crate::target::TargetSpec;
use crate::text::json::kind;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT003",
        name: "content-not-text",
        severity: Severity::Error,
        summary: "the content of a message must be a string and is something else",
        why: "services refuse the file at the first such message",
        remedy: "write the text itself; join the texts of a list of parts",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"Sent today"}]},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "join the texts of the parts line by line; write a number as a string",
        apply: write,
    }),
    source: "https://community.openai.com/t/965584 (2024-10: the server refused a list as the content of a \
             tool result, although the schema has it)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        Some(Check::row(RULE.def.severity, rule).only_with(Marks::PARTS | Marks::MESSAGE_EXTRA))
    },
};

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let what = match (&message.content, message.extra.get("content")) {
            (Content::Absent, Some(misfit)) => format!("the content is {}", kind(misfit)),
            (Content::Parts(_), _) if is_result(message) => {
                format!("the content is a list, and the message is {}", whose(&message.role))
            }
            (Content::Parts(_), _) if !spec.content_parts => {
                "the content is a list, and the target takes a string".to_owned()
            }
            _ => continue,
        };
        report.push(place.finding_at(&RULE.def, "content", what));
    }
}

/// Services take no list as a tool's result, whatever they take elsewhere.
fn is_result(message: &Message) -> bool {
    matches!(message.role, Role::Tool | Role::Function)
}

fn write(body: &mut Body, spec: &'static TargetSpec) -> u64 {
    let mut written = 0;
    for message in body.messages_mut() {
        let text = match (&message.content, message.extra.get("content")) {
            (Content::Absent, Some(Value::Number(number))) => Some(number.to_string()),
            (Content::Parts(parts), _) if is_result(message) || !spec.content_parts => joined(parts),
            _ => None,
        };
        if let Some(text) = text {
            message.content = Content::Text(text);
            message.extra.shift_remove("content");
            written += 1;
        }
    }
    written
}

/// The texts of parts that are all text.
fn joined(parts: &[Value]) -> Option<String> {
    let text = |part: &Value| match (part.get("type")?.as_str()?, part.get("text")?.as_str()?) {
        ("text", text) => Some(text.to_owned()),
        _ => None,
    };
    let texts: Option<Vec<String>> = parts.iter().map(text).collect();
    texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join("\n"))
}
