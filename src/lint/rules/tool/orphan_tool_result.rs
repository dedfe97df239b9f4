//! `TOOL004`: a result of a call that was never made.

use std::collections::BTreeSet;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, conversation_mut};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::model::{Body, Role};
use crate::target::TargetSpec;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL004",
        name: "orphan-tool-result",
        severity: Severity::Error,
        summary: "a tool result answers no call before it",
        why: "services refuse it, trainers drop the example; a result from nowhere teaches to expect \
              knowledge that was not asked for",
        remedy: "put the result behind its call and give it the `id` of the call as `tool_call_id`",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "give a result without `tool_call_id` that of the only call before it without a result",
        apply: assign,
    }),
    source: "the chat API's own answer (https://platform.openai.com/docs/guides/function-calling); \
             mistralai/mistral-common bc022b9, `validator.py` (2026-07)",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut calls = BTreeSet::new();
    for (at, message) in messages.iter().enumerate() {
        // Calls that cannot be read are named by their own rule; their results are no orphans.
        if message.extra.contains_key("tool_calls") {
            return;
        }
        calls.extend(message.tool_calls.iter().filter_map(|call| call.id.as_deref()));
        if message.role != Role::Tool || message.extra.contains_key("tool_call_id") {
            continue;
        }
        let (key, what) = match message.tool_call_id.as_deref() {
            None => ("", "the tool result has no `tool_call_id`".to_owned()),
            Some(id) if calls.contains(id) => continue,
            Some(id) => (".tool_call_id", format!("no call before it has the `id` `{}`", excerpt(id, 40))),
        };
        report.push(Finding::new(&RULE.def, format!("{}{key}", part.at(at)), what));
    }
}

fn assign(body: &mut Body, _: &'static TargetSpec) -> u64 {
    let mut open: Vec<String> = Vec::new();
    let mut assigned = 0;
    for message in conversation_mut(body) {
        if message.role != Role::Tool {
            // What was not answered behind its call is not answered here.
            open = message.tool_calls.iter().filter_map(|call| call.id.clone()).collect();
            continue;
        }
        match (&message.tool_call_id, open.as_slice()) {
            (Some(id), _) => open.retain(|open| open != id),
            (None, [_]) if !message.extra.contains_key("tool_call_id") => {
                message.tool_call_id = open.pop();
                assigned += 1;
            }
            _ => {}
        }
    }
    assigned
}
