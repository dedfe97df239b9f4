//! The lines of `provenance.jsonl`, `rejected.jsonl` and `duplicates.jsonl`.

use std::fmt::Write as _;

use serde::Serialize;
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
#[derive(Serialize)]
struct OriginLine<'a> {
    path: &'a str,
    line: u64,
    record: u64,
    offset: u64,
    length: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

impl<'a> OriginLine<'a> {
    fn of(plan: &'a Plan, outcome: &'a Outcome) -> Self {
        let Origin { source, line, record, offset, length } = outcome.origin;
        let path = source_name(plan, source);
        Self { path, line, record, offset, length, id: outcome.id.as_deref() }
    }
}

/// Which example of a record that gave several.
#[derive(Serialize)]
struct PartLine {
    number: usize,
    of: usize,
}

fn source_name(plan: &Plan, source: u32) -> &str {
    plan.sources.get(source as usize).map_or("", |planned| planned.source.name.as_str())
}

/// What is known of an example before its side is.
#[derive(Serialize)]
struct ProvenanceRest<'a> {
    origin: OriginLine<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<PartLine>,
    done: Map<String, Value>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    left_out: &'a [String],
}

/// `"origin":…,"done":…}`, the rest of an example's provenance line.
fn provenance_rest(plan: &Plan, outcome: &Outcome, number: usize) -> Vec<u8> {
    let part = &outcome.parts[number];
    let of = outcome.parts.len();
    let rest = ProvenanceRest {
        origin: OriginLine::of(plan, outcome),
        part: (of > 1).then_some(PartLine { number: number + 1, of }),
        // A mending and a finding of one name are told once.
        done: part
            .mendings
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(def, count)| (def.name.to_owned(), (*count).into()))
            .chain(outcome.findings.iter().map(|finding| (finding.def.name.to_owned(), 1.into())))
            .collect(),
        left_out: &part.left_out,
    };
    // Without the opening brace: the side and the row number stand before it.
    json_bytes(&rest).split_off(1)
}

/// Compact JSON.
fn json_bytes(line: &impl Serialize) -> Vec<u8> {
    // Text and numbers cannot fail to be written into memory.
    serde_json::to_vec(line).unwrap_or_default()
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
#[derive(Serialize)]
struct RejectedLine<'a> {
    code: &'a str,
    name: &'a str,
    message: &'a str,
    origin: OriginLine<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<PartLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_escaped: Option<String>,
}

fn rejected_line(plan: &Plan, outcome: &Outcome, part: Option<usize>, rejection: &Rejection) -> Vec<u8> {
    let raw = std::str::from_utf8(&outcome.raw).ok();
    json_bytes(&RejectedLine {
        code: rejection.def.code,
        name: rejection.def.name,
        message: &rejection.message,
        origin: OriginLine::of(plan, outcome),
        part: part.map(|part| PartLine { number: part + 1, of: outcome.parts.len() }),
        raw_bytes: (outcome.raw.len() as u64 != outcome.origin.length).then_some(outcome.raw.len()),
        raw,
        raw_escaped: raw.is_none().then(|| escaped(&outcome.raw)),
    })
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
