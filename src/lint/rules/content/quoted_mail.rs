//! `CONT015`: earlier mail quoted in a message.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{is_blank, messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::text::mail::quotation;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT015",
        name: "quoted-mail",
        severity: Severity::Warning,
        summary: "a message quotes the mail that it answers",
        why: "the model learns to repeat what was said before, and the same words are paid for in every message of a thread",
        remedy: "leave the quotation out; `--mend cut-quoted-mail` does it when the mail itself is converted",
    },
    good: r#"{"messages":[{"role":"user","content":"The page says:\n> No refunds\n> after thirty\n> days\nIs it true?"},{"role":"assistant","content":"On Monday we wrote: yes."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is it?"},{"role":"assistant","content":"On its way.\n\nOn 3 Apr 2024, at 16:19, Kim wrote:\n> Where is it?"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "leave the quoted mail out, if something is left",
        apply: |body, _| {
            rewrite_texts(body, |text| {
                quotation::find(text)?;
                quotation::cut(text, "").filter(|left| !is_blank(left))
            })
        },
    }),
    source: "https://github.com/mailgun/talon 71d9b6e (quotations of many mail programs; read 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::LINE_FEED)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            if let Some(line) = quotation::find(text) {
                let what = format!("earlier mail is quoted behind `{}`", excerpt(line, 60));
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}
