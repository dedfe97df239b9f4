//! `TURN003`: two messages of one role side by side.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::Role;
use crate::target::Adjacent;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN003",
        name: "repeated-role",
        severity: Severity::Error,
        summary: "two messages of one role stand side by side",
        why: "several services refuse the file and LLaMA-Factory drops the example without a word",
        remedy: "join neighbours of one role into one message; `chatmill prepare` does it",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Hello"},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "strict",
    needs: Needs::NOTHING,
    source: "togethercomputer/together-python `files.py` (2025-12), Bedrock's dataset validators, \
             hiyouga/LLaMA-Factory ff6d4d1 `converter.py` (2026-08)",
    build: |spec, _| (spec.adjacent == Adjacent::Refused).then(|| Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut run = false;
    for (index, pair) in messages.windows(2).enumerate() {
        let [one, next] = pair else { continue };
        // Results of parallel calls stand side by side by nature, system messages have a rule of their own. Of a run
        // only the beginning is named.
        let repeated = one.role == next.role && matches!(one.role, Role::User | Role::Assistant);
        if repeated && !run {
            let what = format!("two messages of the {} stand side by side", one.role);
            report.push(part.at(index + 1).finding(&RULE.def, what));
        }
        run = repeated;
    }
}
