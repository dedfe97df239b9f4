//! `KEY001`: a key on the top level that the target does not know.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{row_extra, row_extra_mut, step};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::model::Body;
use crate::target::TargetSpec;
use crate::text::sanitize::excerpt;
use crate::text::similar;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "KEY001",
        name: "unknown-row-key",
        severity: Severity::Error,
        summary: "the row has a key that the target does not know",
        why: "services refuse the whole file for one such key",
        remedy: "leave it out; `chatmill convert` keeps it in the provenance",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}],"ticket_id":"A-17"}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "leave the key out; one that is probably another by a slip stays",
        apply: drop,
    }),
    source: "https://community.openai.com/t/966285 (2024: refused by the server); \
             togethercomputer/together-python `files.py` (2025-12)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        // Where graders read other keys, there is no unknown one.
        (!spec.keeps_other_keys).then(|| Check::row(RULE.def.severity, rule))
    },
};

/// Longest key for which a nearest known one is looked for, in bytes.
const KEY: usize = 64;

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (key, value) in row_extra(item.body) {
        if !is_known(spec, key, value) {
            let shown = excerpt(key, 40);
            let mut finding = Finding::new(&RULE.def, step(key), words(spec, key, value, &shown));
            finding.says = spec.sentence(RULE.def.code).map(|says| says.replace("KEY", &shown));
            report.push(finding);
        }
    }
}

fn is_known(spec: &TargetSpec, key: &str, value: &Value) -> bool {
    spec.row_keys.contains(&key)
        // The deprecated predecessor of `tools`, and `tools` that are no list, have rules of their own.
        || key == "functions"
        || (key == "tools" && !value.is_array())
}

fn drop(body: &mut Body, spec: &'static TargetSpec) -> u64 {
    let extra = row_extra_mut(body);
    let before = extra.len();
    extra.retain(|key, value| {
        // A weight of the row says what is learned, and a slip in a name hides what belongs to the row.
        is_known(spec, key, value) || key == "weight" || meant(spec, key).is_some()
    });
    (before - extra.len()) as u64
}

/// The key that is probably meant.
fn meant(spec: &TargetSpec, key: &str) -> Option<&'static str> {
    (key.len() <= KEY).then(|| similar::nearest(key, spec.row_keys.iter().copied())).flatten()
}

fn words(spec: &TargetSpec, key: &str, value: &Value, shown: &str) -> String {
    if key == "weight" && value.is_number() {
        return "`weight` stands on the row; its place is an answer".to_owned();
    }
    match meant(spec, key) {
        Some(near) => format!("the key `{shown}` is unknown; `{near}` is probably meant"),
        None => format!("the key `{shown}` is unknown"),
    }
}
