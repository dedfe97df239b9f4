//! The parts of a message (RFC 2046): which of them are its words, and what hangs on it.
//!
//! The tree is walked here and not by a library: those at hand nest as deep as the message says, and a message of some
//! megabytes can say a hundred thousand levels.

use super::charset::Charsets;
use super::content::{self, Form};
use super::headers::{self, Headers, is_field};
use super::transfer;

/// Deepest nesting that is looked into; a mail forwarded ten times as an attachment has some 30 levels.
pub const DEEPEST: usize = 40;
/// Most parts of a message that are looked at; a digest of a busy list has some hundred.
const MOST_PARTS: usize = 2_000;

/// A message in a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Nested {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// It is one of a digest.
    pub in_digest: bool,
}

/// An invitation or an answer to one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// `REQUEST`, `REPLY`, `CANCEL` …, in upper case.
    pub method: String,
    /// What it is about.
    pub summary: String,
}

/// What a message holds.
#[derive(Debug, Default)]
pub struct Content {
    /// Its words.
    pub text: String,
    /// How they were written, of the last text that was added.
    form: Option<Form>,
    /// Names of the files; empty where a part has none.
    pub files: Vec<String>,
    /// Messages in it.
    pub nested: Vec<Nested>,
    /// Its invitation.
    pub calendar: Option<Calendar>,
    /// The kind of report, where it is one (`delivery-status`).
    pub report: Option<String>,
    /// It is a digest of a mailing list.
    pub is_digest: bool,
    /// The encoding of its text was guessed.
    pub guessed: bool,
    parts: usize,
}

/// Takes a message apart.
pub fn content(headers: &Headers<'_>, body: &[u8], charsets: Charsets) -> Content {
    let mut content = Content::default();
    Walk { charsets }.part(headers, body, Place::default(), &mut content);
    content
}

/// Where a part stands.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    in_digest: bool,
    /// Beside the words, as pictures are beside the HTML that shows them.
    aside: bool,
}

struct Walk {
    charsets: Charsets,
}

impl Walk {
    fn part(&self, headers: &Headers<'_>, body: &[u8], place: Place, content: &mut Content) {
        content.parts += 1;
        if place.depth > DEEPEST || content.parts > MOST_PARTS {
            if content.parts <= MOST_PARTS + 1 {
                content.files.push(headers.file_name().unwrap_or_default());
            }
            return;
        }
        let (kind, detail) = kind_of(headers, place.in_digest);
        let attached = headers.disposition().is_some_and(mail_parser::ContentType::is_attachment);
        match (kind.as_str(), detail.as_str()) {
            ("multipart", _) => self.multipart(headers, body, &detail, place, content),
            ("message", "rfc822" | "global") => {
                let bytes = transfer::decoded(body, &headers.transfer_encoding()).into_owned();
                content.nested.push(Nested { bytes, in_digest: place.in_digest });
            }
            ("text", "calendar") => {
                let text = content::text(headers, body, Form::Plain, self.charsets).text;
                let method = headers.content_type().and_then(|kind| kind.attribute("method"));
                content.calendar = Some(calendar(&text, method));
            }
            ("text", "plain" | "html") if !attached && !place.aside => {
                let form = if detail == "html" { Form::Html } else { Form::Plain };
                match headers.file_name().filter(|_| !content.text.is_empty()) {
                    Some(file) => content.files.push(file),
                    None => content.add(&content::text(headers, body, form, self.charsets), form),
                }
            }
            // What a report says of the fault to machines, and the headers of what was sent.
            ("message", "delivery-status" | "disposition-notification") | ("text", "rfc822-headers") => {}
            _ => content.files.push(headers.file_name().unwrap_or_else(|| format!("{kind}/{detail}"))),
        }
    }

    fn multipart(&self, headers: &Headers<'_>, body: &[u8], kind: &str, place: Place, content: &mut Content) {
        let boundary = headers.content_type().and_then(|kind| kind.attribute("boundary"));
        let parts = match boundary.filter(|boundary| !boundary.is_empty()) {
            Some(boundary) => parts(body, boundary.as_bytes()),
            None => guessed_boundary(body).map(|boundary| parts(body, boundary)).unwrap_or_default(),
        };
        if parts.is_empty() {
            // No boundary, or none that comes: whatever it is, it is what the message says.
            content.add(&content::text(headers, body, Form::Plain, self.charsets), Form::Plain);
            return;
        }
        if kind == "report" {
            let report = headers.content_type().and_then(|kind| kind.attribute("report-type"));
            content.report = Some(report.unwrap_or_default().to_ascii_lowercase());
        }
        content.is_digest |= kind == "digest";
        let inner = Place { depth: place.depth + 1, in_digest: kind == "digest", aside: place.aside };
        let mut best: Option<Content> = None;
        for (index, part) in parts.into_iter().enumerate() {
            let (block, body) = headers::split(part);
            let block = headers::readable(block, self.charsets);
            let fields = Headers::parse(&block).unwrap_or_default();
            match kind {
                "alternative" => {
                    let mut one = Content { parts: content.parts, ..Content::default() };
                    self.part(&fields, body, inner, &mut one);
                    content.merge(&mut one);
                    if one.is_better_than(best.as_ref()) {
                        best = Some(one);
                    }
                }
                "related" => {
                    self.part(&fields, body, Place { aside: place.aside || index > 0, ..inner }, content);
                }
                _ => self.part(&fields, body, inner, content),
            }
        }
        if let Some(best) = best {
            content.guessed |= best.guessed;
            content.add(&content::Text { text: best.text, guessed: false }, best.form.unwrap_or(Form::Plain));
        }
    }
}

impl Content {
    fn add(&mut self, read: &content::Text, form: Form) {
        if read.text.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(read.text.trim_end());
        self.form = Some(form);
        self.guessed |= read.guessed;
    }

    /// Takes over everything but the words.
    fn merge(&mut self, other: &mut Self) {
        self.files.append(&mut other.files);
        self.nested.append(&mut other.nested);
        self.calendar = self.calendar.take().or_else(|| other.calendar.take());
        self.report = self.report.take().or_else(|| other.report.take());
        self.is_digest |= other.is_digest;
        self.parts = other.parts;
    }

    /// Plain text is what the writer's program made for readers like this one; unless it only says that it is none.
    fn is_better_than(&self, other: Option<&Self>) -> bool {
        let rank = |content: &Self| match content.form {
            None => 0,
            Some(Form::Plain) if content.is_excuse() => 1,
            Some(Form::Html) => 2,
            Some(Form::Plain) => 3,
        };
        other.is_none_or(|other| rank(self) > rank(other))
    }

    /// `Your e-mail program cannot show HTML.`
    fn is_excuse(&self) -> bool {
        self.text.len() < 300 && {
            let text = self.text.to_lowercase();
            text.contains("html")
                && ["support", "format", "view", "display", "client", "unterst", "anzeig"]
                    .iter()
                    .any(|word| text.contains(word))
        }
    }
}

/// Type and subtype, in lower case; what is said nowhere is text, or a message in a digest.
fn kind_of(headers: &Headers<'_>, in_digest: bool) -> (String, String) {
    let declared = headers.content_type().map(|kind| {
        (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase())
    });
    match declared {
        Some((kind, detail)) if kind == "text" && detail.is_empty() => (kind, "plain".into()),
        Some(known) => known,
        None if in_digest => ("message".into(), "rfc822".into()),
        None => ("text".into(), "plain".into()),
    }
}

/// The parts between lines `--boundary`; a last one that nothing closes goes to the end.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mark = [b"--", boundary].concat();
    let mut parts = Vec::new();
    let mut start: Option<usize> = None;
    for at in memchr::memmem::find_iter(body, &mark) {
        let after = body.get(at + mark.len()..).unwrap_or_default();
        let closes = after.starts_with(b"--");
        let at_line = at == 0 || body.get(at - 1) == Some(&b'\n');
        if !at_line || !(closes || after.first().is_none_or(u8::is_ascii_whitespace)) {
            continue;
        }
        if let Some(start) = start {
            let part = body.get(start..at).unwrap_or_default();
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        if closes {
            return parts;
        }
        start = memchr::memchr(b'\n', after).map(|end| at + mark.len() + end + 1);
    }
    parts.extend(start.and_then(|start| body.get(start..)));
    parts
}

/// The boundary that a message without one uses all the same: a line of `--` before a field of a part.
fn guessed_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut lines = body.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let next = *lines.peek()?;
        if let Some(boundary) = line.strip_prefix(b"--")
            && is_field(next)
            && next.len() > 8
            && next[..8].eq_ignore_ascii_case(b"content-")
        {
            return Some(boundary.trim_ascii_end()).filter(|boundary| !boundary.is_empty());
        }
    }
    None
}

/// Method and summary of an invitation (RFC 5545).
fn calendar(text: &str, method: Option<&str>) -> Calendar {
    let text = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let value = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key.split(';').next() == Some(name)).then(|| value.trim().to_owned())
        })
    };
    let method =
        method.map(str::to_owned).or_else(|| value("METHOD")).unwrap_or_default().to_ascii_uppercase();
    let summary =
        value("SUMMARY").unwrap_or_default().replace("\\,", ",").replace("\\;", ";").replace("\\n", " ");
    Calendar { method, summary }
}
