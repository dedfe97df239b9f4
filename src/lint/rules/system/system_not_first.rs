//! `SYS001`: instructions that come after something else.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, conversation_mut};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::target::SystemPlace;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SYS001",
        name: "system-not-first",
        severity: Severity::Warning,
        summary: "the system message is not the first message",
        why: "when the model is used, its instructions come first; many targets and chat templates refuse \
              or drop them elsewhere",
        remedy: "move the system message to the beginning",
    },
    good: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"system","content":"Be brief."},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "move the system message to the beginning",
        apply: |body, _| {
            let messages = conversation_mut(body);
            match messages.iter().position(|message| message.role.is_instruction()) {
                Some(index @ 1..) => {
                    let system = messages.remove(index);
                    messages.insert(0, system);
                    1
                }
                _ => 0,
            }
        },
    }),
    source: "first position is required by Fireworks, Databricks, Bedrock and most chat templates \
             (2026-11-21)",
    build: |spec, _| {
        let severity = match spec.system {
            SystemPlace::Anywhere => RULE.def.severity,
            SystemPlace::FirstOnly => Severity::Error,
        };
        Some(Check::row(severity, check))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    // Later ones beside a first one are `several-system-messages`.
    if let Some(index @ 1..) = messages.iter().position(|message| message.role.is_instruction()) {
        let what = format!("the system message is message {} of {}", index + 1, messages.len());
        report.push(part.at(index).finding(&RULE.def, what));
    }
}
