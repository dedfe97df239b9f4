//! `CONT016`: what programs and companies put under a mail.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{is_blank, messages, rewrite_texts};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::text::mail::{disclaimer, signature};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT016",
        name: "mail-footer",
        severity: Severity::Warning,
        summary: "a message ends with what a mail program, a help desk or a legal department put under it",
        why: "the model learns to send its answers from an iPhone, and to call them confidential",
        remedy: "leave it out; `prepare` and `convert` do it when the mail itself is read",
    },
    good: r#"{"messages":[{"role":"user","content":"My iPhone is broken.\nIt was sent from my brother."},{"role":"assistant","content":"Is it confidential?\n\nBest regards\nAna"}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?\n\nSent from my iPhone"},{"role":"assistant","content":"It left our house today.\n\nSent from my iPad"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Unsafe,
        does: "leave out the lines of devices, signatures and paragraphs about secrecy at the end, if something is left",
        apply: |body, _| rewrite_texts(body, cut),
    }),
    source: "https://github.com/mailgun/talon 71d9b6e; RFC 3676, 4.3; footers of Zendesk and Salesforce in their \
             notifications (read 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::LINE_FEED)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        // It stands under something.
        for text in message.texts().filter(|text| text.contains('\n')) {
            let found = signature::find(text).or_else(|| disclaimer::find(text)).or_else(|| help_desk(text));
            if let Some(line) = found {
                let what = format!("`{}` is no word of the writer", excerpt(line, 60));
                report.push(place.finding_at(&RULE.def, "content", what));
            }
        }
    }
}

/// What help desks put into their notifications: references to a case, who delivered it, where to write the answer.
fn help_desk(text: &str) -> Option<&str> {
    // Nothing but literals and a reference of Salesforce, so that most texts are passed at the speed of a search.
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let desks = "zendesk|freshdesk|intercom|gorgias|help ?scout|zoho desk|hubspot|livechat";
        let words = format!(
            r"reply above this line|ref:[_!]00D[0-9A-Za-z_!.]{{8,60}}:ref|this e-?mail is a service from|(?:delivered|powered) by (?:{desks})"
        );
        Regex::new(&format!("(?i){words}")).ok()
    });
    WORDS.as_ref()?.find_iter(text).find_map(|found| {
        let (before, after) = (line_before(text, found.start())?, line_after(text, found.end())?);
        let letters = |rest: &[u8]| rest.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
        let is_line = match found.as_str().as_bytes().first()? {
            b'r' | b'R' => true,
            b't' | b'T' => !letters(before),
            _ => !letters(before) && !letters(after),
        };
        is_line.then(|| found.as_str())
    })
}

/// Most bytes of a line to either side of what is looked for; beyond it is no line of a help desk.
const LINE: usize = 120;

fn line_before(text: &str, at: usize) -> Option<&[u8]> {
    let head = text.as_bytes().get(at.saturating_sub(LINE + 1)..at)?;
    let line = memchr::memrchr(b'\n', head).map_or(head, |end| head.get(end + 1..).unwrap_or_default());
    (line.len() <= LINE).then_some(line)
}

fn line_after(text: &str, at: usize) -> Option<&[u8]> {
    let rest = text.as_bytes().get(at..text.len().min(at + LINE + 1))?;
    let line = memchr::memchr(b'\n', rest).map_or(rest, |end| rest.get(..end).unwrap_or_default());
    (line.len() <= LINE).then_some(line)
}

fn cut(text: &str) -> Option<String> {
    let mut left = text;
    // A paragraph about secrecy may stand above the line of a telephone or below it.
    for _ in 0..2 {
        if disclaimer::find(left).is_some() {
            left = disclaimer::cut(left).unwrap_or(left);
        }
        if signature::find(left).is_some() {
            left = signature::cut(left, "").unwrap_or(left);
        }
    }
    (left.len() < text.trim_end().len() && !is_blank(left)).then(|| left.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_help_desks() {
        for text in [
            "##- Please type your reply above this line -##\nHello",
            "Hello\nref:_00D20Abc._5002xYz12:ref",
            "Hello\nThis email is a service from Acme. Delivered by Zendesk",
            "Hello\n\nPowered by Freshdesk",
        ] {
            assert!(help_desk(text).is_some(), "{text}");
        }
        for text in [
            "Powered by Zendesk and coffee",
            "We are powered by Zendesk",
            "ref: 00D12",
            "Please reply above the line",
        ] {
            assert_eq!(help_desk(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_text_takes_one_pass() {
        for piece in
            ["powered by zendesk ", "ref:_00D", "reply above this lin", "\n-- \n", "\nSent from my iPhone"]
        {
            let text = piece.repeat(20_000);
            let _ = (help_desk(&text), cut(&text));
        }
    }

    #[test]
    fn all_of_it_goes() {
        let secrecy =
            "This e-mail and any attachments are confidential and intended solely for the addressee.";
        let text = format!("It left our house.\n\nSent from my iPhone\n\n{secrecy}");
        assert_eq!(cut(&text).as_deref(), Some("It left our house."));
        assert_eq!(cut("Sent from my iPhone"), None);
        assert_eq!(cut("It left our house. \n"), None);
    }
}
