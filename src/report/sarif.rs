//! Findings as SARIF 2.1.0 (OASIS standard, errata 01 of 2023-08-28), as code scanning services read it.
//!
//! GitHub takes 25,000 results of a run and 10 MB packed (docs.github.com, SARIF support for code scanning, read
//! 2026-11); beyond that it refuses the whole file. So the worst findings are kept, and a notification says what is not
//! there.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::findings::json as to_json;
use crate::diagnostic::{Checked, Def, Placed, Print, Severity};
use crate::text::number::count;
use crate::text::sanitize::excerpt;

/// Most results of a run.
pub const MOST_RESULTS: usize = 25_000;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Findings to be written as one run. The results are kept until the end, so that of too many the worst can be chosen.
pub struct Sarif {
    kept: BTreeMap<(Reverse<Severity>, u64), Placed>,
    number: u64,
    most: usize,
}

impl Sarif {
    /// Keeps `most` findings.
    pub fn new(most: usize) -> Self {
        Self { kept: BTreeMap::new(), number: 0, most }
    }

    /// Adds a finding.
    pub fn add(&mut self, placed: Placed) {
        self.kept.insert((Reverse(placed.severity), self.number), placed);
        self.number += 1;
        if self.kept.len() > self.most {
            self.kept.pop_last();
        }
    }

    /// The file; `describe` gives the description of a code.
    pub fn render(
        self,
        checked: &Checked,
        target: &str,
        describe: &dyn Fn(&str) -> Option<&'static Def>,
    ) -> String {
        let left_out = self.number - self.kept.len() as u64;
        let mut placed: Vec<(u64, Placed)> =
            self.kept.into_iter().map(|((_, number), placed)| (number, placed)).collect();
        placed.sort_by_key(|(number, _)| *number);
        let mut rules: BTreeMap<&str, usize> = placed.iter().map(|(_, placed)| (placed.code, 0)).collect();
        rules.values_mut().enumerate().for_each(|(index, at)| *at = index);
        let described: Vec<Value> =
            rules.keys().map(|code| describe(code).map_or_else(|| json!({"id": code}), rule)).collect();
        let mut paths: BTreeMap<&str, usize> =
            placed.iter().map(|(_, placed)| (placed.path.as_str(), 0)).collect();
        paths.values_mut().enumerate().for_each(|(index, at)| *at = index);
        let artifacts: Vec<Value> =
            paths.keys().map(|path| json!({"location": {"uri": uri(path)}})).collect();
        let mut notifications = Vec::new();
        if left_out > 0 {
            let text = format!(
                "{} are not listed: code scanning takes {} of a run, and the worst are here; `--format json` has all",
                count(left_out, "finding"),
                count(self.most as u64, "result"),
            );
            notifications.push(json!({"level": "warning", "message": {"text": text}}));
        }
        let mut out = String::new();
        let driver = json!({
            "name": "chatmill",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": described,
        });
        let invocations = json!([{"executionSuccessful": true, "toolExecutionNotifications": notifications}]);
        let _ = write!(
            out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\
             \"tool\":{{\"driver\":{driver}}},\n\
             \"automationDetails\":{{\"id\":{}}},\n\
             \"columnKind\":\"unicodeCodePoints\",\n\
             \"invocations\":{invocations},\n\
             \"artifacts\":{},\n\
             \"properties\":{{\"target\":{},\"rows\":{}}},\n\
             \"results\":[",
            Value::from(format!("chatmill/{target}/")),
            Value::from(artifacts),
            Value::from(target),
            checked.rows,
        );
        let mut seen: BTreeMap<Print, u64> = BTreeMap::new();
        for (index, (_, placed)) in placed.iter().enumerate() {
            let time = seen.entry(placed.fingerprint).or_default();
            *time += 1;
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            out.push_str(&to_json(&result(
                placed,
                target,
                rules[placed.code],
                paths[placed.path.as_str()],
                *time,
            )));
        }
        out.push_str("\n]}]}\n");
        out
    }
}

fn rule(def: &'static Def) -> Value {
    json!({
        "id": def.code,
        "name": def.name,
        "shortDescription": {"text": def.summary},
        "fullDescription": {"text": format!("{}: {}", def.summary, def.why)},
        "help": {"text": def.remedy},
        "defaultConfiguration": {"level": level(def.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// One result; `time` is how often its print was met so far, itself included.
fn result(placed: &Placed, target: &str, rule: usize, path: usize, time: u64) -> Value {
    let mut text = excerpt(&placed.message, 300);
    if !placed.at.is_empty() {
        text = format!("{}: {text}", excerpt(&placed.at, 80));
    }
    if let Some(says) = &placed.says {
        let _ = write!(text, "\n{target} says: {}", excerpt(says, 400));
    }
    // Services want a line also where the whole file is meant.
    let region = if placed.line == 0 {
        json!({"startLine": 1})
    } else {
        json!({
            "startLine": placed.line,
            "startColumn": placed.column,
            "endLine": placed.end_line,
            "endColumn": placed.end_column,
        })
    };
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&placed.path), "index": path},
            "region": region,
        },
    });
    if !placed.at.is_empty() {
        let kind = if placed.at.ends_with(']') { "value" } else { "property" };
        location["logicalLocations"] = json!([{"fullyQualifiedName": placed.at, "kind": kind}]);
    }
    json!({
        "ruleId": placed.code,
        "ruleIndex": rule,
        "level": level(placed.severity),
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"chatmill/v1": format!("{}:{time}", placed.fingerprint)},
    })
}

/// A path as a URI reference (RFC 3986): relative as it is, absolute with its scheme.
fn uri(path: &str) -> String {
    let slashed = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let relative = slashed.strip_prefix("./").unwrap_or(&slashed);
    let drive = cfg!(windows) && relative.as_bytes().get(1) == Some(&b':');
    let mut out = match (relative.starts_with('/'), drive) {
        (true, _) => "file://".to_owned(),
        (false, true) => "file:///".to_owned(),
        (false, false) => String::new(),
    };
    for byte in relative.bytes() {
        // A colon in the first step of a relative path would be the end of a scheme.
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) || (drive && byte == b':') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Finding;

    static DEF: Def =
        Def { code: "TEST001", name: "test", severity: Severity::Error, summary: "s", why: "w", remedy: "r" };

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("./a b/c:d\n#?%é.jsonl"), "a%20b/c%3Ad%0A%23%3F%25%C3%A9.jsonl");
        assert_eq!(uri("../x.zip!y.jsonl"), "../x.zip!y.jsonl");
        assert_eq!(uri("/tmp/x.jsonl"), "file:///tmp/x.jsonl");
    }

    #[test]
    fn of_too_many_the_worst_are_kept_in_their_order() {
        let mut sarif = Sarif::new(3);
        for (number, severity) in
            [Severity::Info, Severity::Error, Severity::Info, Severity::Warning, Severity::Error]
                .into_iter()
                .enumerate()
        {
            let mut finding = Finding::new(&DEF, "", format!("number {number}"));
            finding.severity = severity;
            sarif.add(Placed::in_file("a.jsonl", finding));
        }
        let text = sarif.render(&Checked::default(), "openai-chat", &|_| Some(&DEF));
        let file: Value = serde_json::from_str(&text).unwrap();
        let run = &file["runs"][0];
        let texts: Vec<&str> = run["results"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["message"]["text"].as_str())
            .collect();
        assert_eq!(texts, ["number 1", "number 3", "number 4"]);
        let note =
            run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
        assert!(note.starts_with("2 findings are not listed"), "{note}");
        let prints: Vec<&str> = run["results"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["partialFingerprints"]["chatmill/v1"].as_str())
            .collect();
        assert!(prints[0].ends_with(":1") && prints[2].ends_with(":3"), "{prints:?}");
    }
}
