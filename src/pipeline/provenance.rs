//! The lines of `provenance.jsonl`, `rejected.jsonl` and `duplicates.jsonl`.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::judge::Place;
use super::plan::Plan;
use super::work::Outcome;
use crate::dedup::history::Recorded;
use crate::dedup::near::Similarity;
use crate::diagnostic::{Def, Rejection};
use crate::error::Result;
use crate::model::Origin;
use crate::text::hash::Hex;
use crate::write::OutFile;

/// The file that says where each row came from.
pub(super) const PROVENANCE: &str = "provenance.jsonl";

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
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Hex>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Hex>,
    done: Map<String, Value>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    left_out: &'a [String],
}

/// Appends `{"origin":…,"done":…}`, the rest of an example's provenance line.
pub(super) fn provenance_rest(plan: &Plan, outcome: &Outcome, number: usize, out: &mut Vec<u8>) {
    let Some(part) = outcome.parts.get(number) else { return };
    let of = outcome.parts.len();
    let rest = ProvenanceRest {
        origin: OriginLine::of(plan, outcome),
        part: (of > 1).then_some(PartLine { number: number + 1, of }),
        fingerprint: part.facts.fingerprint.map(Hex::of),
        keys: part.standing.keys.iter().copied().map(Hex::of).collect(),
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
    write_json(&rest, out);
}

/// Appends compact JSON.
fn write_json(line: &impl Serialize, out: &mut Vec<u8>) {
    // Text and numbers cannot fail to be written into memory.
    let _ = serde_json::to_writer(out, line);
}

/// The members of an object as they stand behind others.
fn members(rest: &[u8]) -> &[u8] {
    rest.strip_prefix(b"{").unwrap_or(rest)
}

/// Writes a line of `provenance.jsonl`; rows are counted from 1.
pub(super) fn write_provenance(
    out: &mut OutFile,
    file: &str,
    row: u64,
    group: Option<u128>,
    rest: &[u8],
) -> Result<()> {
    let row = row.to_string();
    let group = group.map(Hex::of);
    let [before, group, after] =
        group.as_ref().map_or([""; 3], |group| [",\"group\":\"", group.as_str(), "\""]);
    out.row_of(&[
        b"{\"file\":\"",
        file.as_bytes(),
        b"\",\"row\":",
        row.as_bytes(),
        before.as_bytes(),
        group.as_bytes(),
        after.as_bytes(),
        b",",
        members(rest),
    ])
}

/// Writes a line of `duplicates.jsonl`: of what, how similar, and the row itself.
pub(super) fn write_duplicate(
    plan: &Plan,
    out: &mut OutFile,
    twin: Place,
    near: Option<Similarity>,
    row: &[u8],
    rest: &[u8],
) -> Result<()> {
    let twin = json!({"path": source_name(plan, twin.source), "line": twin.line, "offset": twin.offset});
    write_twin(out, &twin, near, row, rest)
}

/// Writes a line of `duplicates.jsonl` about a twin of a row that an earlier run kept.
pub(super) fn write_known(
    out: &mut OutFile,
    known: &Recorded<'_>,
    near: Option<Similarity>,
    row: &[u8],
    rest: &[u8],
) -> Result<()> {
    let Recorded { run, folder, path, line } = known;
    write_twin(out, &json!({"run": run, "folder": folder, "path": path, "line": line}), near, row, rest)
}

fn write_twin(
    out: &mut OutFile,
    twin: &Value,
    near: Option<Similarity>,
    row: &[u8],
    rest: &[u8],
) -> Result<()> {
    let head = match near {
        None => format!("{{\"twin_of\":{twin},\"kind\":\"exact\",\"similarity\":1.0,\"row\":"),
        // Shared shingles by all shingles of both, so that nobody has to believe a rounded number.
        Some(near) => format!(
            "{{\"twin_of\":{twin},\"kind\":\"near\",\"similarity\":{:.4},\"shared\":{},\"union\":{},\"row\":",
            near.ratio(),
            near.shared,
            near.union
        ),
    };
    out.row_of(&[head.as_bytes(), row, b",", members(rest)])
}

/// Writes a line of `rejected.jsonl` about a row that is set aside.
pub(super) fn write_set_aside(out: &mut OutFile, def: &Def, row: &[u8], rest: &[u8]) -> Result<()> {
    let head = json!({"code": def.code, "name": def.name, "message": def.summary}).to_string();
    let head = head.strip_suffix('}').unwrap_or(&head);
    out.row_of(&[head.as_bytes(), b",\"row\":", row, b",", members(rest)])
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

/// Appends the line of `rejected.jsonl` about a record.
pub(super) fn rejected_record(plan: &Plan, outcome: &Outcome, rejection: &Rejection, out: &mut Vec<u8>) {
    write_rejected(plan, outcome, None, rejection, out);
}

/// Appends the line of `rejected.jsonl` about one example of a record.
pub(super) fn rejected_part(
    plan: &Plan,
    outcome: &Outcome,
    number: usize,
    rejection: &Rejection,
    out: &mut Vec<u8>,
) {
    let divided = outcome.parts.len() > 1;
    write_rejected(plan, outcome, divided.then_some(number), rejection, out);
}

fn write_rejected(
    plan: &Plan,
    outcome: &Outcome,
    part: Option<usize>,
    rejection: &Rejection,
    out: &mut Vec<u8>,
) {
    let raw = std::str::from_utf8(&outcome.raw).ok();
    let line = RejectedLine {
        code: rejection.def.code,
        name: rejection.def.name,
        message: &rejection.message,
        origin: OriginLine::of(plan, outcome),
        part: part.map(|part| PartLine { number: part + 1, of: outcome.parts.len() }),
        raw_bytes: (outcome.raw.len() as u64 != outcome.origin.length).then_some(outcome.raw.len()),
        raw,
        raw_escaped: raw.is_none().then(|| escaped(&outcome.raw)),
    };
    write_json(&line, out);
    out.push(b'\n');
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
