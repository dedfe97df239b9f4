//! `ROLE001`: a role that the target does not know.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::{Body, Role};
use crate::target::TargetSpec;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "ROLE001",
        name: "unknown-role",
        severity: Severity::Error,
        summary: "a message has a role that the target does not know",
        why: "nobody knows whether the message is to be learned; services refuse the file, some trainers \
              drop the example without a word",
        remedy: "name the roles as the target does, mostly `system`, `user`, `assistant` and `tool`; \
                 `chatmill convert` maps the usual other names",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"human","content":"Where is my order?"},{"role":"gpt","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix { safety: Safety::Unsafe, does: "write the role that is probably meant", apply: rename }),
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        let usual = [Role::System, Role::User, Role::Assistant, Role::Tool];
        let accepted = usual.iter().all(|role| spec.accepts_role(role));
        Some(Check::row(RULE.def.severity, rule).only_with(if accepted {
            Marks::ODD_ROLE
        } else {
            Marks::ALL
        }))
    },
};

/// Names that other formats and exports give to roles, lower case: ShareGPT, Vertex, Cohere, LLaMA-Factory, chat desks
/// (2026-11). Only a hint: which of two people is the agent is known to the data's owner.
const ALIASES: &[(&str, &str)] = &[
    ("agent", "assistant"),
    ("ai", "assistant"),
    ("bot", "assistant"),
    ("chatbot", "assistant"),
    ("chatgpt", "assistant"),
    ("client", "user"),
    ("customer", "user"),
    ("end-user", "user"),
    ("function_call", "assistant"),
    ("function_response", "tool"),
    ("gpt", "assistant"),
    ("human", "user"),
    ("instruction", "system"),
    ("ipython", "tool"),
    ("model", "assistant"),
    ("observation", "tool"),
    ("operator", "assistant"),
    ("prompter", "user"),
    ("representative", "assistant"),
    ("support", "assistant"),
    ("tool_response", "tool"),
    ("visitor", "user"),
];

/// Different unknown roles named in one record; what has more is no chat.
const NAMED: usize = 8;

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    let mut seen: Vec<&Role> = Vec::new();
    for (place, message) in messages(item.body) {
        let role = &message.role;
        // `developer` and `function` have rules of their own.
        if spec.accepts_role(role)
            || matches!(role, Role::Developer | Role::Function)
            || seen.contains(&role)
            || seen.len() == NAMED
        {
            continue;
        }
        seen.push(role);
        report.push(place.finding_at(&RULE.def, "role", words(spec, role.name())));
    }
}

/// The role that is probably meant by a name.
fn meant(spec: &TargetSpec, name: &str) -> Option<&'static str> {
    let plain = excerpt(name.trim(), 40).to_lowercase();
    let known = spec.roles.iter().map(Role::name).find(|known| *known == plain);
    known.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, role)| *role))
}

fn rename(body: &mut Body, spec: &'static TargetSpec) -> u64 {
    let mut renamed = 0;
    for message in body.messages_mut() {
        let Role::Other(name) = &message.role else { continue };
        // Calls and results are more than a name.
        let role = meant(spec, name).map(Role::from_name);
        let talk = role.filter(|role| {
            matches!(role, Role::System | Role::User | Role::Assistant)
                && name != "function_call"
                && spec.accepts_role(role)
        });
        if let Some(role) = talk {
            message.role = role;
            renamed += 1;
        }
    }
    renamed
}

fn words(spec: &TargetSpec, name: &str) -> String {
    let shown = excerpt(name, 40);
    match meant(spec, name) {
        _ if name.is_empty() => "the role is empty".to_owned(),
        Some(role) => format!("`{shown}` is no role here; `{role}` is probably meant"),
        None => {
            let known: Vec<String> = spec.roles.iter().map(|role| format!("`{role}`")).collect();
            format!("`{shown}` is no role here; known are {}", known.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_meant() {
        let spec = crate::target::by_name("openai-chat").unwrap().spec();
        assert_eq!(words(spec, "GPT"), "`GPT` is no role here; `assistant` is probably meant");
        assert_eq!(words(spec, " User"), "` User` is no role here; `user` is probably meant");
        assert!(
            words(spec, "speaker 1").ends_with("known are `system`, `user`, `assistant`, `tool`, `function`")
        );
        assert!(ALIASES.is_sorted());
    }
}
