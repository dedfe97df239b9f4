//! `TOOL002`: arguments of a call that are no JSON object.

use serde::de::IgnoredAny;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL002",
        name: "tool-arguments-not-object",
        severity: Severity::Warning,
        summary: "the arguments of a call are not a JSON object",
        why: "the model learns to call tools in a way that no program can read; some trainers stop at the \
              row",
        remedy: "write the arguments as a JSON object in a string; without any, `{}`",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"order 7"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "axolotl-ai-cloud/axolotl 067b021, `chat_template.py` (parses the arguments, 2026-07); Vertex \
             and Bedrock take objects only",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for (index, call) in message.tool_calls.iter().enumerate() {
            let text = call.arguments.trim_ascii();
            let what = match (text.as_bytes().first(), serde_json::from_str::<IgnoredAny>(text)) {
                (None, _) => "the arguments are empty; a call without arguments has `{}`".to_owned(),
                (_, Err(error)) => {
                    let (line, column) = (error.line(), error.column());
                    format!("the arguments are not valid JSON (line {line}, column {column} of the string)")
                }
                (Some(b'{'), Ok(_)) => continue,
                (Some(_), Ok(_)) => "the arguments are JSON, but no object".to_owned(),
            };
            let key = format_args!("tool_calls[{index}].function.arguments");
            report.push(place.finding_at(&RULE.def, key, what));
        }
    }
}
