//! `TOOL020`: the identifier of a tool call is not nine letters and digits.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::target::{CallIds, is_nine};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL020",
        name: "call-id-format",
        severity: Severity::Error,
        summary: "the identifier of a tool call is not nine letters and digits",
        why: "the tokenizers and the validator of Mistral refuse any other, `call_…` of OpenAI among them",
        remedy: "convert the file with `chatmill convert --to`, which writes others and keeps calls and results together",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"call_1"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common bc022b9, `protocol/instruct/validator.py` (2026-07-23)",
    build: |spec, _| {
        (spec.call_ids == CallIds::Nine).then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for (index, call) in message.tool_calls.iter().enumerate() {
            let id = call.id.as_deref().unwrap_or_default();
            if !is_nine(id) {
                let key = format_args!("tool_calls[{index}].id");
                let what = format!("`{}` is not nine letters and digits", excerpt(id, 40));
                report.push(place.finding_at(&RULE.def, key, what));
            }
        }
    }
}
