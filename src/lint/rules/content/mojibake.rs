//! `CONT007`: characters damaged by reading UTF-8 as another encoding.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::text::mojibake;
use crate::text::number::count;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT007",
        name: "mojibake",
        severity: Severity::Warning,
        summary: "a text holds characters damaged by a wrong encoding",
        why: "the model learns to write `â€™` where people write an apostrophe",
        remedy: "export again as UTF-8; `--mend repair-mojibake` repairs conversations on the way",
    },
    good: r#"{"messages":[{"role":"user","content":"Où est ma commande? GARÇÃO"},{"role":"assistant","content":"Elle est arrivée, n’est-ce pas?"}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is it?"},{"role":"assistant","content":"Itâ€™s on its way."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "write the damaged characters as they were",
        apply: |body, _| rewrite_texts(body, mojibake::repair),
    }),
    source: "seen in public chat corpora: `â€™` and `â€Ž` in taxi and movie dialogues (2026-11)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::NON_ASCII)),
};

/// Longest damage shown, in characters.
const SHOWN: usize = 20;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(found) = mojibake::find(text) {
                let damage = excerpt(text.get(found.first.clone()).unwrap_or_default(), SHOWN);
                let characters = count(found.count as u64, "damaged character");
                report.push(place.finding_at(
                    &RULE.def,
                    "content",
                    format!("{characters}, the first is `{damage}`"),
                ));
            }
        }
    }
}
