//! The headers of a message or of one of its parts, as far as anything here needs them.
//!
//! mail-parser reads the values (addresses, dates, encoded words, parameters in pieces); where the block ends is found
//! here, since it is missing or broken in hostile and old mail.

use std::borrow::Cow;
use std::sync::LazyLock;

use mail_parser::{Address, ContentType, DateTime, Header, HeaderName, HeaderValue, MessageParser};

use super::charset::Charsets;

/// Longest name of a field; the longest in use have some 50 letters.
const NAME_BYTES: usize = 100;
/// Years that a mail can be from; others are faults of clocks and spam.
const YEARS: std::ops::RangeInclusive<u16> = 1971..=2099;

/// Where Gmail writes its labels.
const LABELS: HeaderName<'static> = HeaderName::Other(Cow::Borrowed("X-Gmail-Labels"));

/// Reads each field by what it holds, those it does not know as they stand.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .with_mime_headers()
        .with_date_headers()
        .with_address_headers()
        .with_message_ids()
        .header_received(HeaderName::Received)
        .header_text(HeaderName::Subject)
        .header_text(LABELS)
        .default_header_raw()
});

/// The headers of a message or part.
#[derive(Default)]
pub struct Headers<'a> {
    fields: Vec<Header<'a>>,
}

/// Whether a line begins with the name of a field and a colon.
pub fn is_field(line: &[u8]) -> bool {
    let name =
        line.iter().take(NAME_BYTES).take_while(|byte| matches!(byte, b'!'..=b'9' | b';'..=b'~')).count();
    let rest = line.get(name..).unwrap_or_default();
    let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    name > 0 && rest.get(spaces) == Some(&b':')
}

/// The block of headers and the body behind it. The block ends at a blank line, or before the first line that is no
/// header and continues none.
pub fn split(message: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(rest) = message.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = &rest[..length];
        let is_blank = line.trim_ascii_end().is_empty();
        let continues = at > 0 && matches!(line.first(), Some(b' ' | b'\t'));
        // `>From ` is a separator of a mailbox within a mailbox.
        let goes_on = continues || is_field(line) || (at == 0 && line.starts_with(b">From "));
        if is_blank && !(continues && line.len() > 2) {
            return (&message[..at], &rest[length..]);
        }
        if !goes_on {
            return message.split_at(at);
        }
        at += length;
    }
    (message, &[])
}

/// Fields that mail begins with and hardly anything else, in lower case.
const TELLING: &[&str] = &[
    "arc-seal",
    "authentication-results",
    "content-type",
    "delivered-to",
    "dkim-signature",
    "in-reply-to",
    "list-id",
    "message-id",
    "mime-version",
    "received",
    "references",
    "return-path",
    "x-gm-thrid",
    "x-mozilla-status",
    "x-original-to",
    "x-received",
];

/// The fields by which the head of a file is known as a mail, for the user; `named` when its name says so too.
pub fn telling_fields(head: &[u8], named: bool) -> Option<String> {
    let (block, _) = split(head);
    let block = String::from_utf8_lossy(block);
    let mut fields: Vec<&str> = Vec::new();
    for line in block.lines().filter(|line| !line.starts_with([' ', '\t'])) {
        let Some((name, _)) = line.split_once(':') else { continue };
        let name = name.trim_end();
        if !fields.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            fields.push(name);
        }
        if fields.len() == 40 {
            break;
        }
    }
    let has = |wanted: &str| fields.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let telling = fields.iter().filter(|name| TELLING.contains(&name.to_ascii_lowercase().as_str())).count();
    let is_card = has("from") && has("subject") && (has("to") || has("date"));
    let is_mail = (telling > 0 && (has("from") || telling > 2)) || is_card || (named && has("from"));
    if !is_mail {
        return None;
    }
    let shown: Vec<String> = fields
        .iter()
        .filter(|name| {
            let name = name.to_ascii_lowercase();
            TELLING.contains(&name.as_str()) || matches!(name.as_str(), "from" | "subject" | "date" | "to")
        })
        .take(4)
        .map(|name| format!("`{name}`"))
        .collect();
    Some(shown.join(", "))
}

/// A block of headers as UTF-8: raw letters of another encoding in it are read as the message's own, else as usual.
pub fn readable(block: &[u8], charsets: Charsets) -> Cow<'_, [u8]> {
    if std::str::from_utf8(block).is_ok() {
        return Cow::Borrowed(block);
    }
    let declared = memchr::memmem::find(block, b"charset=").map(|at| {
        let value = block.get(at + 8..).unwrap_or_default();
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        let end = value
            .iter()
            .take(40)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            .count();
        String::from_utf8_lossy(&value[..end]).into_owned()
    });
    let text = charsets.text(block, declared.as_deref()).text;
    Cow::Owned(text.into_bytes())
}

impl<'a> Headers<'a> {
    /// Reads a block of headers in UTF-8; `None` when there is no field in it.
    pub fn parse(block: &'a [u8]) -> Option<Self> {
        let root = PARSER.parse_headers(block)?.parts.into_iter().next()?;
        (!root.headers.is_empty()).then_some(Self { fields: root.headers })
    }

    fn value(&self, name: &HeaderName<'_>) -> Option<&HeaderValue<'a>> {
        self.fields.iter().find(|field| field.name == *name).map(|field| &field.value)
    }

    /// A field that has no other way in here, on one line.
    pub fn other(&self, name: &str) -> Option<String> {
        let field = self.fields.iter().find(|field| field.name().eq_ignore_ascii_case(name))?;
        field.value.as_text().map(on_one_line)
    }

    /// Whether the field is there.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name().eq_ignore_ascii_case(name))
    }

    /// Gmail's labels.
    pub fn labels(&self) -> Vec<String> {
        let labels = self.value(&LABELS).and_then(HeaderValue::as_text).map(on_one_line).unwrap_or_default();
        let labels = labels.split(',').map(|label| label.trim().to_owned());
        labels.filter(|label| !label.is_empty()).collect()
    }

    /// The subject, decoded, on one line; empty where there is none.
    pub fn subject(&self) -> String {
        self.value(&HeaderName::Subject).and_then(HeaderValue::as_text).map(on_one_line).unwrap_or_default()
    }

    /// The identifier of the message, without its brackets.
    pub fn message_id(&self) -> Option<&str> {
        let id = self.value(&HeaderName::MessageId).and_then(HeaderValue::as_text);
        id.map(str::trim).filter(|id| !id.is_empty())
    }

    /// The identifiers of the messages that this one answers, the nearest last.
    pub fn answered(&self) -> Vec<String> {
        let ids = |name: &HeaderName<'_>| match self.value(name) {
            Some(HeaderValue::Text(id)) => vec![id.to_string()],
            Some(HeaderValue::TextList(list)) => list.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let mut all = ids(&HeaderName::References);
        all.extend(ids(&HeaderName::InReplyTo));
        all.retain(|id| !id.trim().is_empty());
        all
    }

    /// Who wrote it, as `(name, address)`, either of which may be empty.
    pub fn author(&self) -> (String, String) {
        [HeaderName::From, HeaderName::Sender, HeaderName::ReplyTo]
            .into_iter()
            .filter_map(|name| self.value(&name)?.as_address()?.iter().next().map(person))
            .find(|(name, address)| !name.is_empty() || !address.is_empty())
            .unwrap_or_default()
    }

    /// The addresses of those it was sent to, in lower case.
    pub fn recipients(&self) -> Vec<String> {
        let lists = [HeaderName::To, HeaderName::Cc, HeaderName::Bcc]
            .into_iter()
            .filter_map(|name| self.value(&name)?.as_address());
        lists.flat_map(Address::iter).filter_map(|one| one.address()).map(str::to_lowercase).collect()
    }

    /// When it was sent, in milliseconds since 1970; when it came, where the date is missing or cannot be.
    pub fn time(&self) -> Option<i64> {
        let sent = self.value(&HeaderName::Date).and_then(HeaderValue::as_datetime).and_then(milliseconds);
        let resent =
            || self.value(&HeaderName::ResentDate).and_then(HeaderValue::as_datetime).and_then(milliseconds);
        let received = || {
            let first = self.value(&HeaderName::Received)?.as_received()?.date()?;
            milliseconds(&first)
        };
        sent.or_else(resent).or_else(received)
    }

    /// What the part holds.
    pub fn content_type(&self) -> Option<&ContentType<'a>> {
        self.value(&HeaderName::ContentType)?.as_content_type()
    }

    /// Whether it is to be shown or kept beside.
    pub fn disposition(&self) -> Option<&ContentType<'a>> {
        self.value(&HeaderName::ContentDisposition)?.as_content_type()
    }

    /// How the bytes are written, in lower case.
    pub fn transfer_encoding(&self) -> String {
        let value = self.value(&HeaderName::ContentTransferEncoding).and_then(HeaderValue::as_text);
        value.unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The name of the file in the part.
    pub fn file_name(&self) -> Option<String> {
        let named = self.disposition().and_then(|kind| kind.attribute("filename"));
        let named = named.or_else(|| self.content_type().and_then(|kind| kind.attribute("name")))?;
        let name = on_one_line(named);
        (!name.is_empty()).then_some(name)
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Name and address of somebody, on one line and without quotes around the name.
fn person(one: &mail_parser::Addr<'_>) -> (String, String) {
    let tidy = |text: Option<&str>| text.map(on_one_line).unwrap_or_default();
    let name = tidy(one.name()).trim_matches(['"', '\'', ' ']).to_owned();
    let address = tidy(one.address()).trim_matches(['<', '>', ' ']).to_owned();
    if name.eq_ignore_ascii_case(&address) { (String::new(), address) } else { (name, address) }
}

fn milliseconds(time: &DateTime) -> Option<i64> {
    (time.is_valid() && YEARS.contains(&time.year)).then(|| time.to_timestamp().saturating_mul(1000))
}
