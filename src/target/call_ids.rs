//! Identifiers of calls, which say nothing but which result answers which call.

use std::collections::{BTreeMap, BTreeSet};

use super::spec::{CallIds, TargetSpec};
use crate::model::{Body, Message, Role};
use crate::text::hash::fingerprint;

/// Gives calls and their results identifiers as the target wants them; how many.
pub(super) fn rename(spec: &TargetSpec, body: &mut Body) -> u64 {
    let parted = if spec.refuses(TWICE) { part(body) } else { 0 };
    match spec.call_ids {
        CallIds::Any => parted,
        CallIds::Nine => as_nine(body).max(parted),
    }
}

/// Two calls of one identifier, as the rule about them is called.
const TWICE: &str = "TOOL003";

/// Identifiers that no call or result of a row has.
pub struct Free {
    taken: BTreeSet<String>,
    number: usize,
}

impl Free {
    /// Those of a row.
    pub fn of(body: &Body) -> Self {
        let mut taken = BTreeSet::new();
        for message in body.messages() {
            taken.extend(message.tool_calls.iter().filter_map(|call| call.id.clone()));
            taken.extend(message.tool_call_id.clone());
        }
        Self { taken, number: 0 }
    }

    /// The next one: `call_1`, `call_2`, and so on.
    pub fn take(&mut self) -> String {
        loop {
            self.number += 1;
            let id = format!("call_{}", self.number);
            if !self.taken.contains(&id) {
                return id;
            }
        }
    }
}

/// Length of identifiers where the target has a fixed one.
const NINE: usize = 9;

/// How often another identifier is tried where one is taken.
const SALTS: u32 = 1000;

/// Identifiers of nine letters and digits, made of the fingerprint of the old ones: the same for calls and results, and
/// the same in every run.
fn as_nine(body: &mut Body) -> u64 {
    let mut messages: Vec<&mut Message> = body.messages_mut().collect();
    let ids = |message: &&mut Message| {
        message
            .tool_calls
            .iter()
            .filter_map(|call| call.id.clone())
            .chain(message.tool_call_id.clone())
            .collect::<Vec<_>>()
    };
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: Vec<String> = Vec::new();
    for id in messages.iter().flat_map(ids) {
        if is_nine(&id) {
            taken.push(id);
        }
    }
    for id in messages.iter().flat_map(ids) {
        if is_nine(&id) || renamed.contains_key(&id) {
            continue;
        }
        // Two old ones with one fingerprint are as unlikely as a broken disk; the salt makes even them differ.
        let new = (0..SALTS).map(|salt| nine(&id, salt)).find(|new| !taken.contains(new)).unwrap_or_default();
        taken.push(new.clone());
        renamed.insert(id, new);
    }
    for message in &mut messages {
        let of_calls = message.tool_calls.iter_mut().filter_map(|call| call.id.as_mut());
        for id in of_calls.chain(message.tool_call_id.as_mut()) {
            if let Some(new) = renamed.get(id) {
                new.clone_into(id);
            }
        }
    }
    renamed.len() as u64
}

/// Whether an identifier is nine ASCII letters and digits.
pub fn is_nine(id: &str) -> bool {
    id.len() == NINE && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn nine(id: &str, salt: u32) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = fingerprint(format!("{salt}\u{1f}{id}").as_bytes());
    let mut next = || {
        let digit = DIGITS.get(usize::try_from(rest % 62).unwrap_or_default()).copied().unwrap_or(b'0');
        rest /= 62;
        char::from(digit)
    };
    (0..NINE).map(|_| next()).collect()
}

/// Gives later calls of one identifier, and the results behind them, identifiers of their own; how many calls.
pub fn part(body: &mut Body) -> u64 {
    let mut free = Free::of(body);
    let messages = match body {
        Body::Example(example) => &mut example.messages,
        Body::Preference(preference) => &mut preference.prompt,
    };
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
            let fresh = free.take();
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
