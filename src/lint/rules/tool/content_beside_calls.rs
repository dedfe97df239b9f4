//! `TOOL022`: a message says something and calls a tool.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Content;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL022",
        name: "content-beside-calls",
        severity: Severity::Warning,
        summary: "a message says something and calls a tool",
        why: "the first three tokenizers of Mistral refuse it, and LLaMA-Factory writes the call over the text",
        remedy: "leave the text or the call out, or put the text into a message of its own where the target takes neighbours",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"One moment.","tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common bc022b9, `validator.py` for tokenizers v1 to v3 (2026-07-23); hiyouga/LLaMA-Factory ff6d4d1, `converter.py` (2026-08-18)",
    build: |spec, _| {
        (!spec.content_beside_calls).then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let says = match &message.content {
            Content::Text(text) => !text.is_empty(),
            Content::Parts(parts) => !parts.is_empty(),
            Content::Absent | Content::Null => false,
        };
        if !message.tool_calls.is_empty() && says {
            report.push(place.finding_at(&RULE.def, "content", "there is text beside a call of a tool"));
        }
    }
}
