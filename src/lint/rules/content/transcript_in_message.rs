//! `CONT014`: a conversation written into one message.

use std::sync::LazyLock;

use regex::Regex;

use self::Side::{Agent, Customer};
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Place, messages};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Body, Role};
use crate::text::cut::head;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT014",
        name: "transcript-in-message",
        severity: Severity::Warning,
        summary: "lines of one message begin with the labels of several speakers, or its text with the label of its own",
        why: "the model learns to write both sides of the talk, or its own name before every answer; turns that were not \
              taken apart cannot be trained as turns",
        remedy: "convert the transcript itself with chatmill, which makes a turn of each speaker's lines, or take the \
                 label out",
    },
    good: r#"{"messages":[{"role":"user","content":"Customer: Kim Lee\nOrder: 17\nWhere is it?"},{"role":"assistant","content":"It left our house today. Note: signed for."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is it?"},{"role":"assistant","content":"Agent: It left our house today.\nCustomer: Thanks!\nAgent: Bye."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "transcripts of help desks write labels so (seen in public support data, 2026-11); refused as `Invalid text \
             content` by Bedrock's `nova_ft_dataset_validator.py` for `User:`, `Bot:` and `Assistant:`",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::COLON | Marks::NON_ASCII)),
};

/// Which side a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Customer,
    Agent,
}

/// Labels that name a side before a colon in running text, in lower case. Fewer than readers of transcripts know: a reader
/// has the whole file to tell a label from a field.
const LABELS: &[(&str, Side)] = &[
    ("agent", Agent),
    ("agente", Agent),
    ("ai", Agent),
    ("asistente", Agent),
    ("assistant", Agent),
    ("assistent", Agent),
    ("assistente", Agent),
    ("atendente", Agent),
    ("berater", Agent),
    ("bot", Agent),
    ("caller", Customer),
    ("chatbot", Agent),
    ("chatgpt", Agent),
    ("client", Customer),
    ("cliente", Customer),
    ("conseiller", Agent),
    ("customer", Customer),
    ("customer service", Agent),
    ("customer support", Agent),
    ("gpt", Agent),
    ("human", Customer),
    ("klant", Customer),
    ("klient", Customer),
    ("konsultant", Agent),
    ("kunde", Customer),
    ("kundin", Customer),
    ("medewerker", Agent),
    ("mitarbeiter", Agent),
    ("mitarbeiterin", Agent),
    ("müşteri", Customer),
    ("nutzer", Customer),
    ("operator", Agent),
    ("representative", Agent),
    ("support", Agent),
    ("support agent", Agent),
    ("temsilci", Agent),
    ("user", Customer),
    ("usuario", Customer),
    ("usuário", Customer),
    ("utente", Customer),
    ("utilisateur", Customer),
    ("visitor", Customer),
    ("агент", Agent),
    ("клиент", Customer),
    ("оператор", Agent),
    ("пользователь", Customer),
    ("العميل", Customer),
    ("المساعد", Agent),
    ("المستخدم", Customer),
    ("الوكيل", Agent),
    ("एजेंट", Agent),
    ("ग्राहक", Customer),
    ("お客様", Customer),
    ("アシスタント", Agent),
    ("オペレーター", Agent),
    ("ユーザー", Customer),
    ("助手", Agent),
    ("客户", Customer),
    ("客服", Agent),
    ("用户", Customer),
    ("顾客", Customer),
    ("고객", Customer),
    ("상담원", Agent),
];

/// Longest label with what stands around it, in bytes.
const LONGEST: usize = 48;
/// Characters of the longest label itself.
const CHARACTERS: usize = 16;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        for text in message.texts() {
            let Some((found, at)) = found(text, &message.role) else { continue };
            // Asked only where there is something to say: whoever is asked for a dialogue writes one.
            if is_about_dialogue(text.get(..at).unwrap_or_default()) || is_asked_for(item.body, place) {
                continue;
            }
            let what = match found {
                Found::Both(one, other) => {
                    format!("lines begin with `{}` and with `{}`", excerpt(one, 30), excerpt(other, 30))
                }
                Found::Own(label) => format!("the text begins with `{}`", excerpt(label, 30)),
            };
            report.push(place.finding_at(&RULE.def, "content", what));
        }
    }
}

/// Whether somebody else than the assistant speaks of a dialogue in another message; of many, the first are asked.
fn is_asked_for(body: &Body, place: Place) -> bool {
    let others = messages(body).filter(|(other, message)| *other != place && message.role != Role::Assistant);
    others.take(ASKED).flat_map(|(_, message)| message.texts()).any(is_about_dialogue)
}

/// Messages that are asked about a dialogue, so that a record of thousands of transcripts is not read for each of them.
const ASKED: usize = 8;

fn is_about_dialogue(text: &str) -> bool {
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = "dialog|dialogue|conversation|transcript|script|role-?play|interview|skit|scene|screenplay|play|story|\
                     chat ?bot|gespräch|conversación|conversazione|conversa";
        Regex::new(&format!(r"(?i)\b(?:{words})s?\b|диалог|разговор|对话|對話|剧本|会話|대화")).ok()
    });
    WORDS.as_ref().is_some_and(|words| words.is_match(text))
}

/// What was found in a text.
#[derive(Debug, PartialEq)]
enum Found<'a> {
    /// Labels of both sides.
    Both(&'a str, &'a str),
    /// The label of the message's own side, at the beginning.
    Own(&'a str),
}

/// What was found, and where the first label stands, in bytes.
fn found<'a>(text: &'a str, role: &Role) -> Option<(Found<'a>, usize)> {
    // Nearly every text ends here.
    memchr::memchr(b':', text.as_bytes()).or_else(|| wide_colon(text))?;
    let begin = text.len() - text.trim_start().len();
    let (mut first, mut own, mut fields, mut fenced) = (None, None, false, false);
    let mut at = begin;
    for line in text.get(begin..)?.split_inclusive('\n') {
        let start = at;
        at += line.len();
        fenced ^= line.starts_with("```");
        let Some(name) = before_colon(line).filter(|_| !fenced) else { continue };
        let Some(side) = side(name) else {
            fields |= name.split_whitespace().count() <= 3;
            continue;
        };
        match first {
            None => first = Some((name, side, start)),
            Some((label, earlier, begin)) if earlier != side => {
                return Some((Found::Both(label, name), begin));
            }
            Some(_) => {}
        }
        let is_own = matches!((role, side), (Role::Assistant, Agent) | (Role::User, Customer));
        if start == begin && is_own {
            own = Some(name);
        }
    }
    // `Customer: Kim` above `Order: 17` is a form.
    own.filter(|_| !fields).map(|label| (Found::Own(label), begin))
}

/// What stands before the colon that a line begins with, without numbers, brackets and stars.
fn before_colon(line: &str) -> Option<&str> {
    let colon = memchr::memchr(b':', head(line, LONGEST).as_bytes());
    // One that begins within, however long it is.
    let colon = colon.or_else(|| wide_colon(head(line, LONGEST + '：'.len_utf8() - 1)))?;
    let name = line.get(..colon)?.trim_matches([' ', '\t', '*', '_', '#', '[', ']', '>', '-', '<', '|']);
    let name = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '#'));
    (!name.is_empty()).then_some(name)
}

/// Where the colon of East Asian scripts stands.
fn wide_colon(text: &str) -> Option<usize> {
    if text.is_ascii() { None } else { text.find('：') }
}

fn side(name: &str) -> Option<Side> {
    if name.chars().nth(CHARACTERS).is_some() {
        return None;
    }
    let of = |is_name: &dyn Fn(&str) -> bool| LABELS.iter().find(|(label, _)| is_name(label));
    let found = if name.is_ascii() {
        of(&|label| label.eq_ignore_ascii_case(name))
    } else {
        let folded: String = name.chars().flat_map(char::to_lowercase).collect();
        of(&|label| !label.is_ascii() && label == folded)
    };
    found.map(|(_, side)| *side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(LABELS.is_sorted_by_key(|(label, _)| label));
        assert_eq!(LABELS.iter().map(|(label, _)| label.chars().count()).max(), Some(CHARACTERS));
    }

    #[test]
    fn both_sides_or_the_own_one() {
        for (text, role, wanted) in [
            ("Hi\nUser: a\nAssistant: b", Role::User, Found::Both("User", "Assistant")),
            ("**Kunde 2:** a\n\n**Mitarbeiter:** b", Role::Assistant, Found::Both("Kunde", "Mitarbeiter")),
            ("客户：你好\n客服：您好", Role::User, Found::Both("客户", "客服")),
            (" Assistant: Hello", Role::Assistant, Found::Own("Assistant")),
            ("[USER]: Hello\nthere", Role::User, Found::Own("USER")),
        ] {
            assert_eq!(found(text, &role).map(|(found, _)| found), Some(wanted), "{text}");
        }
        for (text, role) in [
            ("Customer: Kim\nOrder: 17", Role::User),
            ("Agent: Kim", Role::User),
            ("Kim: a\nAna: b", Role::Assistant),
            ("The user: he said. An agent: she said", Role::Assistant),
            ("Try:\n```\nUser: a\nAssistant: b\n```", Role::Assistant),
            ("https://x.example/a", Role::User),
            ("", Role::User),
        ] {
            assert_eq!(found(text, &role), None, "{text}");
        }
    }

    #[test]
    fn a_label_ends_before_the_48th_byte() {
        for colon in [':', '：'] {
            let found = |at: usize| before_colon(&format!("{}客{colon}", "*".repeat(at - 3))).is_some();
            assert_eq!([45, 46, 47, 48, 49].map(found), [true, true, true, false, false], "{colon}");
        }
    }

    #[test]
    fn hostile_text_takes_one_pass() {
        for piece in [":", "a:\n", "user:\n", "：", "*:\n", "```\n:"] {
            let _ = found(&piece.repeat(200_000), &Role::User);
        }
    }
}
