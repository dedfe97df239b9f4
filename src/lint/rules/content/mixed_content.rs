//! `CONT040`: texts and lists of parts in one conversation.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Part, conversation};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Content;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT040",
        name: "mixed-content",
        severity: Severity::Error,
        summary: "some messages of a conversation are texts and others lists of parts",
        why: "the check before an upload refuses the file: it takes conversations of texts, or of lists of parts",
        remedy: "write every content of the row as a list of parts, or every one as a text",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Where is my order?"}]},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "together-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "togethercomputer/together-python 2.14.0, `src/together/lib/utils/files.py` (read 2026-11-21)",
    build: |spec, _| {
        (!spec.mixed_content).then(|| Check::row(RULE.def.severity, check).only_with(Marks::PARTS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages): (Part, _) = conversation(item.body);
    let list = |content: &Content| match content {
        Content::Text(_) => Some(false),
        Content::Parts(_) => Some(true),
        Content::Absent | Content::Null => None,
    };
    let mut kinds =
        messages.iter().enumerate().filter_map(|(at, message)| Some((at, list(&message.content)?)));
    let Some((first, kind)) = kinds.next() else { return };
    if let Some((at, other)) = kinds.find(|(_, other)| *other != kind) {
        let named = |list: bool| if list { "a list of parts" } else { "a text" };
        let what =
            format!("the content is {}, and that of message {} is {}", named(other), first + 1, named(kind));
        report.push(part.at(at).finding_at(&RULE.def, "content", what));
    }
}
