//! The lines of `provenance.jsonl`, `rejected.jsonl` and `duplicates.jsonl`.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::judge::Place;
use super::plan::Plan;
use super::work::Outcome;
use crate::diagnostic::Rejection;
use crate::model::Origin;
use crate::split::Side;

/// What an outcome leaves in the outputs beside its rows, written down by a worker.
pub(super) struct Lines {
    /// The line of `rejected.jsonl`, when the whole record is rejected.
    pub record: Option<Vec<u8>>,
    /// For each example: its line of `rejected.jsonl` when it is rejected, otherwise the rest of its provenance line.
    pub parts: Vec<Vec<u8>>,
}

impl Lines {
    /// The lines of an outcome.
    pub fn of(plan: &Plan, outcome: &Outcome) -> Self {
        Self::with(plan, outcome, |number| provenance_rest(plan, outcome, number))
    }

    /// The lines of what is rejected; nothing for the rest.
    pub fn rejected_only(plan: &Plan, outcome: &Outcome) -> Self {
        Self::with(plan, outcome, |_| Vec::new())
    }

    fn with(plan: &Plan, outcome: &Outcome, rest: impl Fn(usize) -> Vec<u8>) -> Self {
        let divided = outcome.parts.len() > 1;
        Self {
            record: outcome.rejected.as_ref().map(|rejection| rejected_line(plan, outcome, None, rejection)),
            parts: outcome
                .parts
                .iter()
                .enumerate()
                .map(|(number, part)| match &part.rejected {
                    Some(rejection) => rejected_line(plan, outcome, divided.then_some(number), rejection),
                    None => rest(number),
                })
                .collect(),
        }
    }
}

/// The place of a record, as it stands in the outputs.
fn place(plan: &Plan, origin: Origin) -> Map<String, Value> {
    let mut place = Map::new();
    place.insert("path".into(), source_name(plan, origin.source).into());
    place.insert("line".into(), origin.line.into());
    place.insert("record".into(), origin.record.into());
    place.insert("offset".into(), origin.offset.into());
    place.insert("length".into(), origin.length.into());
    place
}

fn source_name(plan: &Plan, source: u32) -> &str {
    plan.sources.get(source as usize).map_or("", |planned| planned.source.name.as_str())
}

/// What is known of an example before its side is: `"origin":…,"done":…}`, the rest of its provenance line.
fn provenance_rest(plan: &Plan, outcome: &Outcome, number: usize) -> Vec<u8> {
    let mut origin = place(plan, outcome.origin);
    if let Some(id) = &outcome.id {
        origin.insert("id".into(), id.as_str().into());
    }
    let part = &outcome.parts[number];
    let mut rest = Map::new();
    rest.insert("origin".into(), Value::Object(origin));
    if outcome.parts.len() > 1 {
        rest.insert("part".into(), json!({"number": number + 1, "of": outcome.parts.len()}));
    }
    let done: Map<String, Value> = part
        .mendings
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(def, count)| (def.name.to_owned(), (*count).into()))
        .chain(outcome.findings.iter().map(|finding| (finding.def.name.to_owned(), 1.into())))
        .collect();
    rest.insert("done".into(), Value::Object(done));
    if !part.left_out.is_empty() {
        rest.insert("left_out".into(), part.left_out.clone().into());
    }
    // Without the opening brace: the side and the row number stand before it.
    Value::Object(rest).to_string().split_off(1).into_bytes()
}

/// A line of `provenance.jsonl`; rows are counted from 1.
pub(super) fn provenance_line(side: Side, row: u64, rest: &[u8]) -> Vec<u8> {
    let mut line = format!("{{\"file\":\"{}.jsonl\",\"row\":{row},", side.name()).into_bytes();
    line.extend_from_slice(rest);
    line
}

/// A line of `duplicates.jsonl`: of what, how similar, and the row itself.
pub(super) fn duplicate_line(plan: &Plan, twin: Place, row: &[u8], rest: &[u8]) -> Vec<u8> {
    let twin = json!({"path": source_name(plan, twin.source), "line": twin.line, "offset": twin.offset});
    let mut line = format!("{{\"twin_of\":{twin},\"similarity\":1.0,\"row\":").into_bytes();
    line.extend_from_slice(row);
    line.push(b',');
    line.extend_from_slice(rest);
    line
}

/// A line of `rejected.jsonl`: why, where, and the record as it was.
fn rejected_line(plan: &Plan, outcome: &Outcome, part: Option<usize>, rejection: &Rejection) -> Vec<u8> {
    let mut origin = place(plan, outcome.origin);
    if let Some(id) = &outcome.id {
        origin.insert("id".into(), id.as_str().into());
    }
    let mut line = Map::new();
    line.insert("code".into(), rejection.def.code.into());
    line.insert("name".into(), rejection.def.name.into());
    line.insert("message".into(), rejection.message.as_str().into());
    line.insert("origin".into(), Value::Object(origin));
    if let Some(part) = part {
        line.insert("part".into(), json!({"number": part + 1, "of": outcome.parts.len()}));
    }
    if outcome.raw.len() as u64 != outcome.origin.length {
        line.insert("raw_bytes".into(), outcome.raw.len().into());
    }
    match std::str::from_utf8(&outcome.raw) {
        Ok(raw) => line.insert("raw".into(), raw.into()),
        Err(_) => line.insert("raw_escaped".into(), escaped(&outcome.raw).into()),
    };
    Value::Object(line).to_string().into_bytes()
}

/// Bytes as text: UTF-8 as it is, a backslash doubled, anything else as `\xNN`.
fn escaped(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_can_be_had_back() {
        assert_eq!(escaped(b"a\\b\xff\xc3\xa4\x80"), "a\\\\b\\xff\u{e4}\\x80");
    }
}
