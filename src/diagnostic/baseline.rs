//! Findings that are known already, so that only new ones count.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::{Placed, Print};
use crate::error::{Error, Result};

/// The number of this form of the file.
const SCHEMA: u64 = 1;

/// Findings by code and print, with how many there are of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    findings: BTreeMap<(String, Print), u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    chatmill_baseline: u64,
    findings: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Baseline {
    /// Records a finding.
    pub fn add(&mut self, placed: &Placed) {
        *self.findings.entry((placed.code.to_owned(), placed.fingerprint)).or_default() += 1;
    }

    /// Whether a finding is known; each one recorded makes one known.
    pub fn takes(&mut self, placed: &Placed) -> bool {
        match self.findings.get_mut(&(placed.code.to_owned(), placed.fingerprint)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Findings that are recorded and were not taken.
    pub fn rest(&self) -> u64 {
        self.findings.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The file: JSON with one finding a line, sorted, so that version control shows what came and went.
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\n\"chatmill_baseline\": {SCHEMA},\n\"findings\": {{");
        let mut last = None;
        for ((code, print), count) in &self.findings {
            if last == Some(code) {
                out.push(',');
            } else {
                // A code is capitals and digits: nothing to escape.
                let _ = write!(out, "{}\n\"{code}\": {{", if last.is_some() { "\n}," } else { "" });
                last = Some(code);
            }
            let _ = write!(out, "\n\"{print}\": {count}");
        }
        out.push_str(if last.is_some() { "\n}\n}\n}\n" } else { "}\n}\n" });
        out
    }

    /// Reads the file that [`Baseline::to_json`] wrote; `name` is what messages call it.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let again = "write it again with `--write-baseline`, or give the right file";
        let broken = |what: String| {
            Error::usage(format!("`{name}` is no baseline of findings: {what}")).with_hint(again)
        };
        let file: File = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if file.chatmill_baseline != SCHEMA {
            let what =
                format!("it has form {}, and this version reads form {SCHEMA}", file.chatmill_baseline);
            return Err(broken(what));
        }
        let mut findings = BTreeMap::new();
        for (code, prints) in file.findings {
            if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(broken("one of its codes is none".to_owned()));
            }
            for (print, count) in prints {
                let print = Print::parse(&print)
                    .ok_or_else(|| broken(format!("a finding of {code} is not 16 hexadecimal digits")))?;
                findings.insert((code.clone(), print), count);
            }
        }
        Ok(Self { findings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Def, Finding, Severity};

    static ONE: Def =
        Def { code: "ONE001", name: "one", severity: Severity::Error, summary: "", why: "", remedy: "" };
    static TWO: Def =
        Def { code: "TWO001", name: "two", severity: Severity::Error, summary: "", why: "", remedy: "" };

    #[test]
    fn what_is_written_is_read_and_counted() {
        let mut baseline = Baseline::default();
        assert_eq!(Baseline::parse(&baseline.to_json(), "b").unwrap(), baseline);
        let one = Placed::in_file("a/x.jsonl", Finding::new(&ONE, "", "m"));
        let two = Placed::in_file("b/x.jsonl", Finding::new(&TWO, "", "m"));
        baseline.add(&one);
        baseline.add(&one);
        baseline.add(&two);
        let text = baseline.to_json();
        assert!(text.contains("\"ONE001\": {") && text.contains(": 2\n"), "{text}");
        let mut read = Baseline::parse(&text, "b").unwrap();
        assert_eq!(read, baseline);
        assert_eq!([&one, &one, &one, &two].map(|placed| read.takes(placed)), [true, true, false, true]);
        assert_eq!((read.rest(), baseline.rest()), (0, 3));
    }

    #[test]
    fn files_of_others_are_errors_with_a_way_out() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"chatmill_baseline\": 2, \"findings\": {}}",
            "{\"chatmill_baseline\": 1, \"findings\": {\"A1\": {\"xyz\": 1}}}",
            "{\"chatmill_baseline\": 1, \"findings\": {\"\\n\": {}}}",
            "{\"chatmill_baseline\": 1, \"findings\": {\"A1\": {\"0000000000000000\": -1}}}",
            "{\"chatmill_baseline\": 1, \"findings\": {}, \"more\": 1}",
        ] {
            let error = Baseline::parse(text, "known.json").unwrap_err();
            assert!(error.to_string().starts_with("`known.json` is no baseline"), "{error}");
            assert!(error.hint().unwrap().contains("--write-baseline"));
        }
    }
}
