//! `TOOL003`: two calls with one identifier.

use std::collections::{BTreeMap, BTreeSet};

use super::ids;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, conversation_mut};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::model::{Body, Message, Role};
use crate::target::TargetSpec;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL003",
        name: "duplicate-tool-call-id",
        severity: Severity::Warning,
        summary: "two calls of one example have the same `id`",
        why: "nobody can say which of them a result answers; Mistral and Bedrock refuse the file",
        remedy: "give every call of an example an identifier of its own",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"tool","tool_call_id":"c2","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "give later calls of the same `id` and the results behind them identifiers of their own",
        apply: renumber,
    }),
    source: "mistralai/mistral-common bc022b9, `validator.py` (2026-07); Bedrock's \
             `nova_ft_dataset_validator.py` (read 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut seen = BTreeSet::new();
    for (at, message) in messages.iter().enumerate() {
        for (index, call) in message.tool_calls.iter().enumerate() {
            let Some(id) = call.id.as_deref().filter(|id| !id.is_empty()) else { continue };
            if !seen.insert(id) {
                let what = format!("the `id` `{}` stands on an earlier call, too", excerpt(id, 40));
                report.push(part.at(at).finding_at(&RULE.def, format_args!("tool_calls[{index}].id"), what));
            }
        }
    }
}

fn renumber(body: &mut Body, _: &'static TargetSpec) -> u64 {
    let mut free = ids::Free::of(body);
    let messages = conversation_mut(body);
    let (mut seen, mut changed) = (BTreeSet::new(), 0);
    for at in 0..messages.len() {
        let Some((message, rest)) = messages.get_mut(at..).and_then(<[Message]>::split_first_mut) else {
            break;
        };
        if message.tool_calls.is_empty() {
            continue;
        }
        let run = rest.iter().take_while(|next| next.role == Role::Tool).count();
        let results = rest.get_mut(..run).unwrap_or_default();
        // Where one message calls twice or is answered twice under one identifier, nobody knows what belongs together.
        let calls = counts(message.tool_calls.iter().filter_map(|call| call.id.as_ref()));
        let answers = counts(results.iter().filter_map(|result| result.tool_call_id.as_ref()));
        let once =
            |counts: &BTreeMap<String, usize>, id: &str| counts.get(id).is_none_or(|count| *count == 1);
        let mut renamed = BTreeMap::new();
        for id in
            message.tool_calls.iter_mut().filter_map(|call| call.id.as_mut()).filter(|id| !id.is_empty())
        {
            if seen.insert(id.clone()) || !once(&calls, id) || !once(&answers, id) {
                continue;
            }
            let fresh = free.next();
            renamed.insert(std::mem::replace(id, fresh.clone()), fresh);
            changed += 1;
        }
        for id in results.iter_mut().filter_map(|result| result.tool_call_id.as_mut()) {
            if let Some(fresh) = renamed.get(id) {
                id.clone_from(fresh);
            }
        }
    }
    changed
}

fn counts<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for id in ids {
        *counts.entry(id.clone()).or_default() += 1;
    }
    counts
}
