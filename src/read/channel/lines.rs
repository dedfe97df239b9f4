//! The text of a log's lines, whatever their encodings.

use std::borrow::Cow;

use memchr::memchr_iter;

use crate::diagnostic::Finding;
use crate::read::codes;
use crate::text::encoding::{Stored, to_text};

/// The text of `bytes`, and how many of its lines were not UTF-8: logs of many years and many programs mix encodings
/// from line to line, so each is read by itself.
pub(in crate::read) fn text_of(bytes: &[u8]) -> (Cow<'_, str>, usize) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), 0);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let (mut start, mut odd) = (0, 0);
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let (line, stored) = to_text(bytes.get(start..end).unwrap_or_default());
        odd += usize::from(stored == Stored::Windows1252);
        text.push_str(&line);
        if end < bytes.len() {
            text.push('\n');
        }
        start = end + 1;
    }
    (Cow::Owned(text), odd)
}

/// What is said of lines that were not UTF-8.
pub(in crate::read) fn encoding_finding(odd: usize) -> Option<Finding> {
    let what = match odd {
        0 => return None,
        1 => "one line was read as Windows-1252".to_owned(),
        many => format!("{many} lines were read as Windows-1252"),
    };
    Some(Finding::new(&codes::WINDOWS_1252, "", what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_encoding() {
        let (text, odd) = text_of(b"caf\xc3\xa9\r\ncaf\xe9\n\x80 5");
        assert_eq!((&*text, odd), ("café\r\ncafé\n€ 5", 2));
        assert_eq!(text_of(b"plain"), (Cow::Borrowed("plain"), 0));
    }
}
