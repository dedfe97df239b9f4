//! Words that decide whether `Label: text` is somebody speaking: roles, fields of forms, sides in parentheses.
//!
//! Words alone never make an event of what somebody said; they are asked only about the label before a colon and
//! about lines that no speaker begins.

use crate::model::{Auto, Kind, Role};
use crate::read::labels::{self, Label};
use crate::read::speakers::SpeakerRole;

/// What stands before a colon and speaks not: lower case, sorted.
#[rustfmt::skip] // one word a line would hide the rest of the file
static FIELDS: &[&str] = &[
    "aan", "account", "achtung", "actual", "address", "adres", "adresse", "amount", "an", "assunto",
    "asunto", "attachment", "attachments", "attention", "author", "bcc", "beispiel", "bestelling",
    "bestellnummer", "bestellung", "betreff", "browser", "canal", "canale", "category", "cc", "channel",
    "city", "color", "colour", "commande", "content-type", "cost", "country", "critical", "da", "data",
    "date", "datum", "dauer", "de", "debug", "department", "description", "details", "dirección",
    "duración", "durata", "duration", "duração", "durée", "duur", "e-mail", "e.g", "edit", "eg", "ejemplo",
    "email", "end", "ended", "endereço", "enviado", "envoyé", "erreur", "erro", "error", "errore",
    "esempio", "estado", "example", "exemple", "exemplo", "expected", "factura", "facture", "factuur",
    "fatal", "fattura", "fatura", "fax", "fecha", "fehler", "file", "fout", "from", "ftp", "fw", "fwd",
    "gesendet", "guild", "heure", "hint", "hinweis", "hora", "http", "https", "i.e", "id", "ie",
    "importance", "important", "in-reply-to", "indirizzo", "info", "inviato", "invoice", "issue", "item",
    "kanaal", "kanal", "kundennummer", "language", "link", "location", "login", "mail", "mailto",
    "message-id", "mime-version", "mobile", "n.b", "naam", "name", "nb", "nom", "nombre", "nome", "nota",
    "note", "notes", "notice", "notiz", "objet", "observação", "oggetto", "onderwerp", "opmerking", "ora",
    "order", "order summary", "ordine", "organization", "os", "p.s", "para", "participants", "password",
    "pedido", "phone", "platform", "precio", "preis", "prezzo", "preço", "price", "prijs", "priority",
    "priorität", "prix", "problem", "product", "ps", "qty", "quantity", "queue", "rating", "re", "reason",
    "received", "rechnung", "ref", "reference", "references", "remarque", "reply-to", "resolution",
    "result", "results", "score", "sent", "serial", "size", "sku", "source", "start", "started", "stato",
    "status", "statut", "step", "steps", "subject", "subtotal", "sujet", "summary", "summe", "tag", "tags",
    "tel", "telefon", "telefone", "telefono", "telephone", "teléfono", "tema", "thema", "ticket", "tijd",
    "time", "tip", "title", "to", "todo", "topic", "total", "trace", "tracking", "type", "téléphone",
    "uhrzeit", "update", "url", "username", "van", "version", "verzonden", "von", "voorbeeld", "warn",
    "warning", "warnung", "zeit", "à", "время", "дата", "заказ", "тема", "日期", "时间", "订单",
];

/// Last words of a label that names a field (`Agent name`, `Chat ID`, `Chat started`).
#[rustfmt::skip] // one word a line would hide the rest of the file
static FIELD_ENDINGS: &[&str] = &[
    "address", "date", "duration", "email", "ended", "id", "name", "nummer", "no", "number", "started",
    "status", "time",
];

/// The level words of program logs, which stand where a speaker would.
static LOG_LEVELS: &[&str] = &[
    "critical", "debug", "err", "error", "fatal", "info", "notice", "severe", "trace", "verbose", "warn",
    "warning",
];

/// Words of lines that tell what happened to a chat; asked only of lines in brackets or stars.
#[rustfmt::skip] // one word a line would hide the rest of the file
static HAPPENINGS: &[&str] = &[
    "assigned", "beendet", "beigetreten", "closed", "connected", "disconnected", "ended", "entered",
    "exited", "idle", "joined", "joins", "left", "parted", "quit", "rated", "reconnected", "resolved",
    "started", "transferred", "verlassen",
];

/// Whether `label` names a role, alone (`Agent`), numbered (`SPEAKER_00`, `Agent 2`) or in brackets (`Ana (Support)`).
pub(super) fn is_role(label: &str) -> bool {
    labels::speaks(&label.trim().to_lowercase())
}

/// Whether `label` is a field of a form, an e-mail header or a remark, and so nobody who speaks.
pub(super) fn is_field(label: &str) -> bool {
    is_lower_field(&label.trim().to_lowercase())
}

/// [`is_field`] of a label in lower case without white space around it.
pub(super) fn is_lower_field(lower: &str) -> bool {
    let plain = without_number(lower);
    let last = plain.rsplit([' ', '-', '_']).next().unwrap_or(plain);
    is_listed(FIELDS, plain)
        || is_listed(FIELDS, lower)
        || plain.starts_with("x-")
        || (last.len() < plain.len() && FIELD_ENDINGS.contains(&last))
}

/// Whether the word is the level of a program's log line.
pub(super) fn is_log_level(word: &str) -> bool {
    LOG_LEVELS.iter().any(|level| word.trim().eq_ignore_ascii_case(level))
}

/// Whether a line that nobody speaks tells that something happened to the chat.
pub(super) fn tells_event(line: &str) -> bool {
    line.split(|character: char| !character.is_alphanumeric())
        .any(|word| HAPPENINGS.iter().any(|happening| word.eq_ignore_ascii_case(happening)))
}

/// What the bracket after a name says of the side: `Ana (Support)`, `Helper (bot)`.
pub(super) fn side(speaker: &str) -> (Option<Role>, Kind) {
    match labels::in_brackets(speaker) {
        // Numbered ones may be rivals of one side, which is for all turns together to tell.
        Some(Label { role: SpeakerRole::Assistant, numbered: false, .. }) => {
            (Some(Role::Assistant), Kind::Text)
        }
        Some(Label { role: SpeakerRole::User, numbered: false, .. }) => (Some(Role::User), Kind::Text),
        Some(Label { role: SpeakerRole::Bot, .. }) => (Some(Role::Assistant), Kind::Auto(Auto::Other)),
        _ => (None, Kind::Text),
    }
}

/// `agent_2`, `agent #2`, `agent2` and `agent 2` without the number.
fn without_number(label: &str) -> &str {
    let stem = label.trim_end_matches(|character: char| character.is_ascii_digit());
    if stem.len() == label.len() {
        return label;
    }
    stem.trim_end_matches([' ', '_', '-', '#'])
}

fn is_listed(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_disjoint() {
        assert!(FIELDS.is_sorted());
        assert!(FIELDS.iter().all(|field| !is_role(field)));
    }

    #[test]
    fn roles_and_fields() {
        for role in
            ["Agent", "SPEAKER_00", "Speaker 1", "Ana (Support)", "Agent 2", "Kundin", "客服", "Agent [Ana]"]
        {
            assert!(is_role(role), "{role}");
        }
        for field in ["Note", "Order", "Order 55", "Agent name", "Chat ID", "Chat started", "X-Mailer"] {
            assert!(is_field(field) && !is_role(field), "{field}");
        }
        assert!(!is_role("Ana") && !is_field("Ana") && !is_field("Noname"));
    }
}
