//! Which messages a machine wrote, by their headers and subjects.

use super::headers::Headers;
use super::structure::Content;
use crate::model::{Auto, Event, Kind};

/// What a message is, besides what its words say.
pub fn kind(headers: &Headers<'_>, content: &Content) -> Kind {
    if let Some(report) = content.report.as_deref() {
        return Kind::Auto(match report {
            "disposition-notification" => Auto::Reply,
            "feedback-report" => Auto::Other,
            _ => Auto::Bounce,
        });
    }
    if is_bounce(headers) {
        return Kind::Auto(Auto::Bounce);
    }
    if content.calendar.as_ref().is_some_and(|calendar| is_response(&calendar.method)) {
        return Kind::Event(Event::Other);
    }
    if is_reply(headers) {
        return Kind::Auto(Auto::Reply);
    }
    if content.is_digest || is_plain_digest(headers) || says(headers, "Auto-Submitted", &["auto-notified"]) {
        return Kind::Auto(Auto::Other);
    }
    Kind::Text
}

/// Answers to an invitation (RFC 5546).
fn is_response(method: &str) -> bool {
    matches!(method, "REPLY" | "COUNTER" | "DECLINECOUNTER")
}

fn is_bounce(headers: &Headers<'_>) -> bool {
    if headers.has("X-Failed-Recipients") {
        return true;
    }
    let (_, address) = headers.author();
    let mailbox = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let from_nobody = headers.other("Return-Path").is_some_and(|path| matches!(path.trim(), "<>" | ""));
    mailbox == "mailer-daemon" || (mailbox == "postmaster" && (from_nobody || begins(headers, BOUNCES)))
}

/// Subjects of reports about mail that did not arrive, folded: Exim, Postfix, qmail, Exchange, Gmail.
const BOUNCES: &[&str] = &[
    "delivery failure",
    "delivery has failed",
    "delivery status notification",
    "failure notice",
    "mail delivery failed",
    "mail delivery failure",
    "mail delivery system",
    "mail delivery subsystem",
    "message undeliverable",
    "nicht zustellbar",
    "non remis",
    "returned mail",
    "undeliverable",
    "undelivered mail",
    "unzustellbar",
    "warning: could not send message",
];

fn is_reply(headers: &Headers<'_>) -> bool {
    // RFC 3834: what a program answers says so. `auto-generated` stands on what help desks send for their agents, and
    // X-Auto-Response-Suppress on much of Outlook's mail: neither says who chose the words.
    says(headers, "Auto-Submitted", &["auto-replied"])
        || says(headers, "Precedence", &["auto_reply", "auto-reply"])
        || [
            "X-Autoreply",
            "X-Auto-Reply",
            "X-Autorespond",
            "X-Autoresponse",
            "X-Autoreply-From",
            "X-Vacation",
        ]
        .iter()
        .any(|name| headers.has(name) && !says(headers, name, &["no", "false"]))
        || says(headers, "Delivered-To", &["autoresponder"])
        || answers_in_bulk(headers)
        || begins(headers, ABSENCES)
}

/// Programs of the time before RFC 3834 mark their answers as bulk; lists and newsletters, which do too, answer nobody.
fn answers_in_bulk(headers: &Headers<'_>) -> bool {
    says(headers, "Precedence", &["bulk", "junk"])
        && headers.has("In-Reply-To")
        && !["List-Id", "List-Unsubscribe", "List-Post", "Mailing-List"].iter().any(|name| headers.has(name))
}

/// Whether a field has one of the values, perhaps before parameters.
fn says(headers: &Headers<'_>, name: &str, values: &[&str]) -> bool {
    headers.other(name).is_some_and(|value| {
        let value = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        values.contains(&value.as_str())
    })
}

/// Subjects that programs write on automatic answers, folded, in the languages of Exchange, Gmail and others.
const ABSENCES: &[&str] = &[
    "abwesend",
    "abwesenheit",
    "abwesenheitsnachricht",
    "abwesenheitsnotiz",
    "afwezig",
    "afwezigheidsassistent",
    "assente",
    "auto response",
    "auto:",
    "auto-reply",
    "auto-response",
    "automaattinen vastaus",
    "automatic reply",
    "automatická odpověď",
    "automatikus válasz",
    "automatisch antwoord",
    "automatische antwort",
    "automatisk svar",
    "automatiskt svar",
    "automatyczna odpowiedź",
    "automaticky odpoveď",
    "automatski odgovor",
    "auto reply",
    "autoantwort",
    "autoreply",
    "autosvar",
    "ausente",
    "ausência temporária",
    "autorespuesta",
    "fora do escritório",
    "fraværende",
    "frånvaro",
    "fuera de la oficina",
    "fuera de oficina",
    "fuori sede",
    "fuori ufficio",
    "nieobecność",
    "nieobecny",
    "otomatik yanıt",
    "out of office",
    "out of the office",
    "poissa",
    "poza biurem",
    "respuesta automática",
    "resposta automática",
    "risposta automatica",
    "răspuns automat",
    "réponse automatique",
    "vacation reply",
    "ikke på kontoret",
    "absence du bureau",
    "αυτόματη απάντηση",
    "автоматический ответ",
    "автоответ",
    "автоматична відповідь",
    "תשובה אוטומטית",
    "الرد التلقائي",
    "رد تلقائي",
    "自动回复",
    "自動回覆",
    "自動返信",
    "自動応答",
    "자동 회신",
    "자동 응답",
];

/// Whether the subject begins with one of the phrases, and the phrase ends there: `Out of office: Ana` does, `Out of
/// office hours delivery?` does not, nor does `Re: Out of office`.
fn begins(headers: &Headers<'_>, phrases: &[&str]) -> bool {
    let subject = headers.subject().to_lowercase();
    phrases.iter().any(|phrase| subject.strip_prefix(phrase).is_some_and(ends_phrase))
}

fn ends_phrase(rest: &str) -> bool {
    const NEXT: &[&str] = &[
        "re",
        "autoreply",
        "reply",
        "message",
        "until",
        "bis",
        "from",
        "du",
        "jusqu'au",
        "hasta",
        "am",
        "vom",
    ];
    let rest = rest.trim_start();
    let word: String =
        rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '\'').collect();
    word.is_empty() || NEXT.contains(&word.as_str())
}

/// A digest as one text, as Mailman writes it: `Users Digest, Vol 12, Issue 3`.
fn is_plain_digest(headers: &Headers<'_>) -> bool {
    let subject = headers.subject();
    ["List-Id", "List-Post", "X-Mailman-Version", "Precedence"].iter().any(|name| headers.has(name))
        && (subject.contains(" Digest, Vol ") || subject.contains(" digest, Vol "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(block: &str) -> Kind {
        kind(
            &Headers::parse(format!("From: a@b.example\n{block}\n\n").as_bytes()).unwrap(),
            &Content::default(),
        )
    }

    #[test]
    fn machines() {
        for block in [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-replied; owner=x",
            "X-Autoreply: yes",
            "Precedence: auto_reply",
            "Precedence: bulk\nIn-Reply-To: <a@b>",
            "Subject: Automatic reply: Broken cup",
            "Subject: Out of Office AutoReply: x",
            "Subject: Out of office",
            "Subject: Abwesenheitsnotiz: x",
            "Subject: =?utf-8?q?R=C3=A9ponse_automatique=C2=A0=3A_x?=",
            "Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSNOiB4?=",
        ] {
            assert_eq!(kind_of(block), Kind::Auto(Auto::Reply), "{block}");
        }
        for block in ["X-Failed-Recipients: x@y", "From: x\nSubject: x"] {
            let wanted = if block.starts_with('X') { Kind::Auto(Auto::Bounce) } else { Kind::Text };
            assert_eq!(kind_of(block), wanted, "{block}");
        }
        let bounce = Headers::parse(b"From: MAILER-DAEMON@x.example\n\n").unwrap();
        assert_eq!(kind(&bounce, &Content::default()), Kind::Auto(Auto::Bounce));
    }

    #[test]
    fn people() {
        for block in [
            "X-Auto-Response-Suppress: All",
            "Auto-Submitted: no",
            "Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>",
            "Precedence: list",
            "Precedence: bulk\nIn-Reply-To: <a@b>\nList-Id: <x.y>",
            "Precedence: bulk",
            "Subject: Out of office hours delivery?",
            "Subject: Re: Out of office",
            "Subject: Undeliverable parcel",
        ] {
            assert_eq!(kind_of(block), Kind::Text, "{block}");
        }
    }
}
