//! `TOOL005`: a call whose result does not follow.

use std::collections::BTreeSet;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, whose};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Body, Message, Role};
use crate::target::ToolResults;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL005",
        name: "unanswered-tool-call",
        severity: Severity::Warning,
        summary: "the conversation goes on after a call without its result",
        why: "the answer that follows is learned without the knowledge it came from; several targets \
              refuse the example",
        remedy: "put the result of every call right behind it; only a call that ends the example may stand \
                 without",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common bc022b9, `validator.py` (counts must agree, 2026-07); Bedrock's \
             `nova_ft_dataset_validator.py`; the chat API refuses it at inference",
    build: |spec, _| {
        let once = spec.tool_results != ToolResults::Answered;
        let may_end = spec.tool_results != ToolResults::AnsweredOnce;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(may_end, item, report);
        Some(Check::row(if once { Severity::Error } else { RULE.def.severity }, rule).only_with(Marks::TOOLS))
    },
};

/// `may_end`: whether a call may end the example.
fn check(may_end: bool, item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    // What follows the prompt of a preference is an answer.
    let may_end = may_end && matches!(item.body, Body::Example(_));
    for (at, message) in messages.iter().enumerate().filter(|(_, message)| !message.tool_calls.is_empty()) {
        let rest = messages.get(at + 1..).unwrap_or_default();
        if rest.is_empty() && may_end {
            continue;
        }
        let results = rest.iter().take_while(|next| next.role == Role::Tool);
        let answered: BTreeSet<&str> = results.filter_map(|result| result.tool_call_id.as_deref()).collect();
        let next = rest.iter().find(|next| next.role != Role::Tool);
        for (index, call) in message.tool_calls.iter().enumerate() {
            // Without an identifier nothing can answer it, which the rule about the shape of calls says.
            let Some(id) = call.id.as_deref().filter(|id| !id.is_empty() && !answered.contains(id)) else {
                continue;
            };
            let what = words(id, next);
            report.push(part.at(at).finding_at(&RULE.def, format_args!("tool_calls[{index}]"), what));
        }
    }
}

fn words(id: &str, next: Option<&Message>) -> String {
    let id = excerpt(id, 40);
    match next {
        Some(next) => format!("the call `{id}` has no result; the next message is {}", whose(&next.role)),
        None => format!("the call `{id}` has no result"),
    }
}
