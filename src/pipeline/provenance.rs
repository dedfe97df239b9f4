//! The lines of `provenance.jsonl`, `rejected.jsonl` and `duplicates.jsonl`.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::judge::Place;
use super::plan::Plan;
use super::work::{Made, Outcome};
use crate::dedup::history::Recorded;
use crate::dedup::near::Similarity;
use crate::diagnostic::{Def, Rejection};
use crate::error::Result;
use crate::model::Origin;
use crate::text::hash::Hex;
use crate::text::json::{write_key, write_string, write_value};
use crate::write::OutFile;

/// The file that says where each row came from.
pub(super) const PROVENANCE: &str = "provenance.jsonl";

fn source_name(plan: &Plan, source: u32) -> &str {
    plan.sources.get(source as usize).map_or("", |planned| planned.source.name.as_str())
}

/// Appends `"origin":{…}`, the place of a record.
fn write_origin(plan: &Plan, outcome: &Outcome, out: &mut Vec<u8>) {
    let Origin { source, line, record, offset, length } = outcome.origin;
    write_key("origin", out);
    out.push(b'{');
    write_key("path", out);
    write_string(source_name(plan, source), out);
    for (name, number) in [("line", line), ("record", record), ("offset", offset), ("length", length)] {
        write_key(name, out);
        write_value(&number, out);
    }
    if let Some(id) = &outcome.id {
        write_key("id", out);
        write_string(id, out);
    }
    out.push(b'}');
}

/// Appends `"part":{…}`: which example of a record that gave several.
fn write_part(number: usize, outcome: &Outcome, out: &mut Vec<u8>) {
    write_key("part", out);
    write_value(&json!({"number": number + 1, "of": outcome.parts.len()}), out);
}

fn write_hex(key: u128, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(Hex::of(key).as_bytes());
    out.push(b'"');
}

/// Appends `{"origin":…,"done":…}`, the rest of an example's provenance line: what is known of it before its side is.
pub(super) fn provenance_rest(plan: &Plan, outcome: &Outcome, number: usize, out: &mut Vec<u8>) {
    let Some(part) = outcome.parts.get(number) else { return };
    out.push(b'{');
    write_origin(plan, outcome, out);
    if outcome.parts.len() > 1 {
        write_part(number, outcome, out);
    }
    if let Some(fingerprint) = part.facts.fingerprint {
        write_key("fingerprint", out);
        write_hex(fingerprint, out);
    }
    for (name, keys) in [("keys", &part.standing.keys), ("inner", &part.standing.inner)] {
        let [first, more @ ..] = keys.as_slice() else { continue };
        write_key(name, out);
        out.push(b'[');
        write_hex(first.key, out);
        for key in more {
            out.push(b',');
            write_hex(key.key, out);
        }
        out.push(b']');
    }
    write_key("done", out);
    if part.mendings.is_empty() && outcome.findings.is_empty() {
        out.extend_from_slice(b"{}");
    } else {
        write_value(&done(outcome, part), out);
    }
    if !part.left_out.is_empty() {
        write_key("left_out", out);
        write_value(&part.left_out, out);
    }
    out.push(b'}');
}

/// What was mended and what the reader noticed, by name; what is both is told once.
fn done(outcome: &Outcome, part: &Made) -> Map<String, Value> {
    let mended = part.mendings.iter().filter(|(_, count)| *count > 0);
    let mended = mended.map(|(def, count)| (def.name.to_owned(), (*count).into()));
    let noticed = outcome.findings.iter().map(|finding| (finding.def.name.to_owned(), 1.into()));
    mended.chain(noticed).collect()
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
    let [before, group, after]: [&[u8]; 3] =
        group.as_ref().map_or([b""; 3], |group| [b",\"group\":\"", group.as_bytes(), b"\""]);
    out.row_of(&[
        b"{\"file\":\"",
        file.as_bytes(),
        b"\",\"row\":",
        row.as_bytes(),
        before,
        group,
        after,
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

/// Appends a line of `rejected.jsonl`: why, where, and the record as it was.
fn write_rejected(
    plan: &Plan,
    outcome: &Outcome,
    part: Option<usize>,
    rejection: &Rejection,
    out: &mut Vec<u8>,
) {
    out.push(b'{');
    for (name, text) in
        [("code", rejection.def.code), ("name", rejection.def.name), ("message", &rejection.message)]
    {
        write_key(name, out);
        write_string(text, out);
    }
    write_origin(plan, outcome, out);
    if let Some(number) = part {
        write_part(number, outcome, out);
    }
    if outcome.raw.len() as u64 != outcome.origin.length {
        write_key("raw_bytes", out);
        write_value(&outcome.raw.len(), out);
    }
    if let Ok(raw) = std::str::from_utf8(&outcome.raw) {
        write_key("raw", out);
        write_string(raw, out);
    } else {
        write_key("raw_escaped", out);
        write_string(&escaped(&outcome.raw), out);
    }
    out.extend_from_slice(b"}\n");
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
