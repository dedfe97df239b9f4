//! `TOOL006`: a call of a tool that the row does not declare.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Part, conversation, row_extra, tools};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Body;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL006",
        name: "undeclared-tool",
        severity: Severity::Warning,
        summary: "a called tool is not among the `tools` of the row",
        why: "the model learns to call what it was not given; when it is used, the tools stand before it",
        remedy: "declare the tool in `tools` as it will be declared when the model is used",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"send_mail"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "refused by Bedrock's `nova_ft_dataset_validator.py` (aws-samples/amazon-nova-samples); \
             https://platform.openai.com/docs/guides/function-calling (2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let answers = match item.body {
        Body::Preference(preference) => preference.chosen.as_slice(),
        Body::Example(_) => &[],
    };
    let any_call = messages.iter().chain(answers).any(|message| !message.tool_calls.is_empty());
    // Legacy `functions` and `tools` that are no list are named by their own rules.
    let elsewhere = ["functions", "tools"].iter().any(|key| row_extra(item.body).contains_key(*key));
    if !any_call || elsewhere {
        return;
    }
    let declared: Option<BTreeSet<&str>> =
        tools(item.body).map(|tools| tools.iter().filter_map(declared_name).collect());
    let mut told = BTreeSet::new();
    for (list, messages) in [(part, messages), (Part::Chosen, answers)] {
        for (at, message) in messages.iter().enumerate() {
            for (index, call) in message.tool_calls.iter().enumerate() {
                let name = call.name.as_str();
                let known = declared.as_ref().is_some_and(|declared| declared.contains(name));
                if known || !told.insert(name) {
                    continue;
                }
                let key = format_args!("tool_calls[{index}].function.name");
                let mut tell = |what: &str| {
                    let what = format!("`{}` is called, and the row declares {what}", excerpt(name, 64));
                    report.push(list.at(at).finding_at(&RULE.def, key, what));
                };
                if declared.is_none() {
                    // One is enough: whatever else is called is not declared, either.
                    tell("no tools");
                    return;
                }
                tell("other tools only");
            }
        }
    }
}

fn declared_name(tool: &Value) -> Option<&str> {
    // A definition without its wrapper is wrong, which its own rule says, but it declares.
    tool.get("function").unwrap_or(tool).get("name").and_then(Value::as_str)
}
