//! `TURN020`: an order of roles that is refused.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, whose};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;
use crate::target::ToolResults;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN020",
        name: "order-of-roles",
        severity: Severity::Error,
        summary: "a tool result or a system message follows a role that it may not follow",
        why: "the validator of Mistral has an order of roles: a result follows a call or a result, a system message no answer",
        remedy: "put results behind their calls, and system messages at the beginning",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."},{"role":"system","content":"Be brief."},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| {
        (spec.tool_results == ToolResults::Counted)
            .then(|| Check::row(RULE.def.severity, check).only_with(Marks::TURNS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    for (index, pair) in messages.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let refused = matches!(
            (&before.role, &after.role),
            (Role::System | Role::User, Role::Tool) | (Role::Assistant | Role::Tool, Role::System)
        );
        if refused {
            let what = format!(
                "the message is {}, and the one before is {}",
                whose(&after.role),
                whose(&before.role)
            );
            report.push(part.at(index + 1).finding(&RULE.def, what));
        }
    }
}
