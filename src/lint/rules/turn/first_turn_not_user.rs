//! `TURN001`: the conversation is opened by somebody else than the user.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, conversation_mut, whose};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN001",
        name: "first-turn-not-user",
        severity: Severity::Info,
        summary: "the first message after the instructions is not the user's",
        why: "the opening is learned as an answer to nothing; several targets refuse it, and trainers that \
              pair questions with answers drop the example",
        remedy: "leave the greeting out, or begin with what the user wrote",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"assistant","content":"Welcome, how can I help?"},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "strict",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "leave out what comes before the first message of the user, where the target wants the user first",
        apply: |body, spec| {
            let messages = conversation_mut(body);
            let first = messages.iter().position(|message| message.role == Role::User);
            let opening = messages.get(..first.unwrap_or(0)).unwrap_or_default();
            // An unknown role is named by its own rule.
            if !spec.user_first || opening.iter().any(|message| matches!(message.role, Role::Other(_))) {
                return 0;
            }
            let (before, mut index) = (messages.len(), 0);
            messages.retain(|message| {
                index += 1;
                message.role.is_instruction() || index > first.unwrap_or(0)
            });
            (before - messages.len()) as u64
        },
    }),
    source: "refused by Bedrock's dataset validators, dropped by hiyouga/LLaMA-Factory ff6d4d1 \
             `converter.py` (2026-08)",
    build: |spec, _| {
        let severity = if spec.user_first { Severity::Error } else { RULE.def.severity };
        spec.needs_user.then(|| Check::row(severity, check).only_with(Marks::TURNS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let first = messages.iter().enumerate().find(|(_, message)| !message.role.is_instruction());
    let Some((index, first)) = first else { return };
    // An unknown role is named by its own rule; a conversation without any user is another fault.
    let known = !matches!(first.role, Role::User | Role::Other(_));
    if known && messages.iter().any(|message| message.role == Role::User) {
        let what = format!("the first message is {}", whose(&first.role));
        report.push(part.at(index).finding(&RULE.def, what));
    }
}
