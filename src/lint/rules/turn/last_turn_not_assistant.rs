//! `TURN002`: the example does not end with the assistant.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, conversation_mut, whose};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::{Body, Message, Role};
use crate::target::{Last, Shape, TargetSpec, ToolResults, Trained};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN002",
        name: "last-turn-not-assistant",
        severity: Severity::Error,
        summary: "the last message is not the assistant's",
        why: "what follows the last answer is learned by nobody, and services were seen to refuse the file",
        remedy: "cut the example after the last answer: `prepare` does it for the user's turns, and for tool results with \
                 `--mend cut-trailing-tool`",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."},{"role":"user","content":"Thanks"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix { safety: Safety::Unsafe, does: "cut the example after the last answer", apply: cut }),
    source: "https://github.com/kohhnagata/clone-factory-v1/issues/3 (2024-09: refused by OpenAI, a single \
             report); mistralai/mistral-common bc022b9 and Bedrock's validators enforce it",
    build: |spec, _| {
        let severity = match spec.last {
            Last::Assistant => RULE.def.severity,
            // Accepted, and yet learned by nobody.
            Last::Any if spec.trained == Trained::Answers => Severity::Warning,
            Last::Any | Last::NotAssistant => return None,
        };
        (spec.shape == Shape::Example).then(|| Check::row(severity, check).only_with(Marks::TURNS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let Some(last) = messages.last() else { return };
    // An unknown role is named by its own rule; a conversation without any answer is another fault.
    let known = !matches!(last.role, Role::Assistant | Role::Other(_));
    if known && messages.iter().any(|message| message.role == Role::Assistant) {
        let what = format!("the last message is {}", whose(&last.role));
        report.push(part.at(messages.len() - 1).finding(&RULE.def, what));
    }
}

fn cut(body: &mut Body, spec: &'static TargetSpec) -> u64 {
    let messages = conversation_mut(body);
    let known = messages.last().is_some_and(|last| !matches!(last.role, Role::Assistant | Role::Other(_)));
    // Where every call must be answered, a call cannot be the last.
    let ends = |message: &Message| {
        message.role == Role::Assistant
            && (message.tool_calls.is_empty() || spec.tool_results == ToolResults::Answered)
    };
    match messages.iter().rposition(ends) {
        Some(last) if known => {
            let before = messages.len();
            messages.truncate(last + 1);
            (before - messages.len()) as u64
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;

    fn said(roles: &[Role]) -> Option<String> {
        let messages = roles.iter().map(|role| Message::text(role.clone(), "x")).collect();
        let body = Body::Example(Example { messages, ..Example::default() });
        let mut report = Vec::new();
        check(&Item::new(&body, None), &mut report);
        report.first().map(|finding| format!("{}: {}", finding.path, finding.message))
    }

    #[test]
    fn says_what_the_last_message_is() {
        use Role::{Assistant, Other, Tool, User};
        assert_eq!(said(&[User, Assistant, Tool]).unwrap(), "messages[2]: the last message is a tool result");
        assert_eq!(said(&[Assistant, User]).unwrap(), "messages[1]: the last message is the user's");
        assert_eq!(said(&[User]), None);
        assert_eq!(said(&[User, Assistant, Other("human".into())]), None);
    }
}
