//! `CONT041`: an answer of a preference whose content is `null`.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Part, messages};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Content;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT041",
        name: "null-answer",
        severity: Severity::Error,
        summary: "the content of an answer is `null` in a preference",
        why: "the check before an upload refuses the file, also where the answer calls a tool",
        remedy: "leave `content` out of an answer that calls a tool",
    },
    good: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}]},"preferred_output":[{"role":"assistant","content":"It left our house today."}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    bad: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]},"preferred_output":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"track","arguments":"{}"}}]}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    target: "together-preference",
    needs: Needs::NOTHING,
    fix: None,
    source: "togethercomputer/together-python 2.14.0, `src/together/lib/utils/files.py` (read 2026-11-21)",
    build: |spec, _| {
        (!spec.null_answers).then(|| Check::row(RULE.def.severity, check).only_with(Marks::NO_CONTENT))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let answer = matches!(place.part, Part::Chosen | Part::Rejected);
        // Without anything in its place, it is missing: that has a rule of its own.
        let instead = !message.tool_calls.is_empty() || !message.extra.is_empty();
        if answer && instead && message.content == Content::Null {
            report.push(place.finding_at(&RULE.def, "content", "the content of the answer is null"));
        }
    }
}
