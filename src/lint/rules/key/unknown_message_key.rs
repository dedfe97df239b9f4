//! `KEY002`: a key of a message that the target does not know.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Place, messages, step};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::Body;
use crate::target::TargetSpec;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "KEY002",
        name: "unknown-message-key",
        severity: Severity::Error,
        summary: "a message or a call has a key that the target does not know",
        why: "the published schema and checker list the keys, and for the row the server refuses any other",
        remedy: "leave it out; `chatmill convert` does it",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","time":"10:32","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "leave the key out, unless it holds what somebody said or what is learned",
        apply: drop,
    }),
    source: "openai/openai-cookbook, `examples/Chat_finetuning_data_prep.ipynb` (read 2026-11-21)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        Some(Check::row(RULE.def.severity, rule).only_with(Marks::MESSAGE_KEY | Marks::MESSAGE_EXTRA))
    },
};

/// Different unknown keys named in one record.
const NAMED: usize = 32;

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    // Every message of a file has the same odd key: its first place is enough.
    let mut seen: Vec<&str> = Vec::new();
    for (place, message) in messages(item.body) {
        let typed = [
            ("name", message.name.is_some()),
            ("weight", message.weight.is_some()),
            ("tool_calls", !message.tool_calls.is_empty()),
            ("tool_call_id", message.tool_call_id.is_some()),
        ];
        let typed = typed.into_iter().filter(|(_, there)| *there).map(|(key, _)| key);
        let other = message.extra.keys().map(String::as_str).filter(|key| !has_own_rule(key));
        for key in typed.chain(other) {
            if !spec.message_keys.contains(&key) && !seen.contains(&key) && seen.len() < NAMED {
                seen.push(key);
                report.push(finding(place, "", key));
            }
        }
        for (index, call) in message.tool_calls.iter().enumerate() {
            // A `type` that is kept is none that is known, which the rule about the shape of calls says.
            for key in call.extra.keys().map(String::as_str).filter(|key| *key != "type") {
                if !seen.contains(&key) && seen.len() < NAMED {
                    seen.push(key);
                    report.push(finding(place, &format!(".tool_calls[{index}]"), key));
                }
            }
        }
    }
}

/// Keys with rules of their own: about content, and about the predecessor of tools.
fn has_own_rule(key: &str) -> bool {
    matches!(key, "content" | "function_call")
}

/// Keys under which words or thoughts of the speaker stand: whoever leaves them out loses what was to be learned.
const SPOKEN: &[&str] = &[
    "audio",
    "reasoning",
    "reasoning_content",
    "refusal",
    "text",
    "thinking",
    "thought",
    "tool_calls",
    "value",
    "weight",
];

fn drop(body: &mut Body, spec: &'static TargetSpec) -> u64 {
    let mut dropped = 0;
    let takes = |key: &str| spec.message_keys.contains(&key);
    for message in body.messages_mut() {
        let before = message.extra.len();
        message.extra.retain(|key, _| takes(key) || has_own_rule(key) || SPOKEN.contains(&key.as_str()));
        dropped += before - message.extra.len();
        dropped += usize::from(!takes("name") && message.name.take().is_some());
        // 1 is what everybody does without being told; 0 is not.
        dropped += usize::from(!takes("weight") && message.weight.take_if(|weight| *weight == 1).is_some());
        for call in &mut message.tool_calls {
            let before = call.extra.len();
            call.extra.retain(|key, _| key == "type");
            dropped += before - call.extra.len();
        }
    }
    dropped as u64
}

fn finding(place: Place, inside: &str, key: &str) -> Finding {
    let dot = if step(key).is_empty() { "" } else { "." };
    let path = format!("{place}{inside}{dot}{}", step(key));
    Finding::new(&RULE.def, path, format!("the key `{}` is unknown", excerpt(key, 40)))
}
