//! `ANS001`: an answer that refuses.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Part, messages};
use crate::lint::{Check, Item, Marks, Needs, RuleDef, refusal};
use crate::model::Role;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "ANS001",
        name: "refusal",
        severity: Severity::Info,
        summary: "the assistant refuses, or speaks of itself as a language model",
        why: "a model learns how often to refuse from how often it is shown; in data that another model wrote, refusals \
              slip in where an answer was wanted",
        remedy: "keep the refusals that are meant; put an answer in, or leave the example out, where one was wanted",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"I'm sorry, I can't find it. What is its number?"}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"I'm sorry, but as an AI language model I have no access to orders."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (over-refusal; read in a copy, 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::REFUSAL)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    // The answer that lost may refuse.
    let learned = messages(item.body).filter(|(place, _)| place.part != Part::Rejected);
    for (place, message) in learned.filter(|(_, message)| message.role == Role::Assistant) {
        if let Some(found) = message.texts().next().and_then(refusal::find) {
            report.push(place.finding_at(
                &RULE.def,
                "content",
                format!("the answer says `{}`", excerpt(found, 60)),
            ));
        }
    }
}
