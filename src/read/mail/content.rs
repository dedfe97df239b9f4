//! The text of one part: decoded, in UTF-8, with flowed lines joined and mark-up resolved.

use super::charset::Charsets;
use super::flowed;
use super::headers::Headers;
use super::transfer;
use crate::text::html::to_text;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// With mark-up.
    Html,
}

/// The text of a part.
pub struct Text {
    /// The text, with `\n` between lines.
    pub text: String,
    /// Its encoding was guessed.
    pub guessed: bool,
}

/// Most bytes of a page in which its encoding is looked for.
const HEAD: usize = 1_024;

/// The text of a part.
pub fn text(headers: &Headers<'_>, body: &[u8], form: Form, charsets: Charsets) -> Text {
    let bytes = transfer::decoded(body, &headers.transfer_encoding());
    let kind = headers.content_type();
    let charset = kind.and_then(|kind| kind.attribute("charset"));
    let declared = match (charset, form) {
        (None, Form::Html) => within(&bytes),
        (charset, _) => charset.map(str::to_owned),
    };
    let read = charsets.text(&bytes, declared.as_deref());
    let text = match form {
        Form::Html => to_text(&read.text),
        Form::Plain => {
            let says = |name: &str, value: &str| {
                kind.and_then(|kind| kind.attribute(name))
                    .is_some_and(|said| said.eq_ignore_ascii_case(value))
            };
            let text = if says("format", "flowed") {
                flowed::join(&read.text, says("delsp", "yes"))
            } else {
                read.text.replace("\r\n", "\n").replace('\r', "\n")
            };
            // NUL has no place in a text; mail that went through broken hands has it.
            if text.contains('\0') { text.replace('\0', "") } else { text }
        }
    };
    Text { text, guessed: read.guessed }
}

/// What a page says of its own encoding (`<meta charset=…>`).
fn within(page: &[u8]) -> Option<String> {
    let head = page.get(..HEAD).unwrap_or(page).to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset=")?;
    let value = head.get(at + 8..)?;
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let end =
        value.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    std::str::from_utf8(&value[..end]).ok().map(str::to_owned)
}
