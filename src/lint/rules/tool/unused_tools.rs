//! `TOOL012`: tools that are declared for nothing.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, tools, tools_path};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::number::count;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL012",
        name: "unused-tools",
        severity: Severity::Info,
        summary: "the row declares tools, and none is called in it",
        why: "the definitions are paid for in every epoch; some such rows teach when not to call, and too many teach not \
              to call at all",
        remedy: "keep them where the model should see that no tool is needed, and leave `tools` out elsewhere",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}},{"type":"function","function":{"name":"send_mail"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Thanks!"},{"role":"assistant","content":"You are welcome."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (definitions are input tokens of every \
             example; read in a copy, 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let declared = tools(item.body).map_or(0, <[_]>::len) as u64;
    // Calls that cannot be read, and those of old, are calls.
    let any_call = || {
        messages(item.body).any(|(_, message)| {
            let written = ["tool_calls", "function_call"].iter().any(|key| message.extra.contains_key(*key));
            written || !message.tool_calls.is_empty()
        })
    };
    if declared > 0 && !any_call() {
        let verb =
            if declared == 1 { "is declared and not called" } else { "are declared and none is called" };
        let what = format!("{} {verb}", count(declared, "tool"));
        report.push(Finding::new(&RULE.def, tools_path(item.body), what));
    }
}
