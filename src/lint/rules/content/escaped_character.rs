//! `CONT008`: a character reference of HTML that nobody decoded.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::text::entities;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT008",
        name: "escaped-character",
        severity: Severity::Warning,
        summary: "a text holds a character as HTML escapes it, outside code",
        why: "exports escape texts, some twice; the model learns to write `&amp;` and `&#39;` to people",
        remedy: "convert the export itself with chatmill, which decodes what its system escaped, or decode \
                 the texts once more; if it is meant, write it as code or ignore this rule",
    },
    good: r#"{"messages":[{"role":"user","content":"Is AT&T fine? /track?a=1&copy=2"},{"role":"assistant","content":"Write `&amp;` for an ampersand."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is it?"},{"role":"assistant","content":"It&#39;s on its way."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "decode character references outside code",
        apply: |body, _| rewrite_texts(body, entities::decode_outside_code),
    }),
    source: "seen in public chat logs (2026-11): `&amp;gt;` 2,116 times in one file of Slack messages",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(found) = entities::find(text).and_then(|at| text.get(at)) {
                report.push(place.finding_at(&RULE.def, "content", format!("`{found}` was not decoded")));
            }
        }
    }
}
