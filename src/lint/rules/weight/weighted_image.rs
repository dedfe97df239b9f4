//! `WGT020`: a weight beside pictures.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Content;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "WGT020",
        name: "weighted-image",
        severity: Severity::Error,
        summary: "a message with pictures has a `weight` that is not 0",
        why: "pictures are not learned: the check before an upload refuses the file",
        remedy: "leave the weight out, or write 0",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":[{"type":"text","text":"It left our house today."}]}]}"#,
    bad: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}],"weight":1},{"role":"assistant","content":[{"type":"text","text":"It left our house today."}]}]}"#,
    target: "together-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "togethercomputer/together-python 2.14.0, `src/together/lib/utils/files.py` (read 2026-11-21)",
    build: |spec, _| {
        (!spec.weighted_images).then(|| Check::row(RULE.def.severity, check).only_with(Marks::PARTS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let Content::Parts(parts) = &message.content else { continue };
        let image = |part: &Value| part.get("type").and_then(Value::as_str) == Some("image_url");
        // A weight that is none has a rule of its own.
        if message.weight == Some(1) && parts.iter().any(image) {
            report.push(place.finding_at(&RULE.def, "weight", "the message has pictures and `weight` 1"));
        }
    }
}
