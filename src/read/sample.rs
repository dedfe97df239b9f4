//! The beginning of a source, looked at by every reader before one is chosen.

use std::io::Read;
use std::sync::OnceLock;

use serde_json::Value;

use super::settings::ReadSettings;
use super::source::Source;
use crate::error::{Error, Result};
use crate::text::json::{Bounds, Scanner, close_truncated, parse};

/// How much is looked at: enough for some records of any format seen, little enough for thousands of files.
const HEAD_BYTES: usize = 256 << 10;
/// Most records of the head that are parsed.
const HEAD_RECORDS: usize = 200;

/// The head of a source, and what JSON it holds.
pub struct Sample {
    /// File name in lower case, without folders and compression suffix.
    pub file_name: String,
    /// The first bytes, as UTF-8 where the source is text, without a byte order mark.
    pub head: Vec<u8>,
    /// Whether `head` is all there is.
    pub complete: bool,
    json: OnceLock<Option<JsonHead>>,
}

/// How a JSON source is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One value a line.
    Lines,
    /// One array.
    Array,
    /// One object, which may be a record, hold the list of records, or be keyed by id.
    Object,
    /// Values over several lines, one after another.
    Concatenated,
}

/// The JSON records at the head of a source.
#[derive(Debug)]
pub struct JsonHead {
    /// How they are laid out.
    pub layout: Layout,
    /// The first of them; for [`Layout::Object`] the one object. The last may be cut short.
    pub records: Vec<Value>,
    /// Lines or elements at the head that are not valid JSON.
    pub broken: usize,
}

impl Sample {
    /// Reads the head of `source`.
    pub fn of(source: &Source, settings: &ReadSettings) -> Result<Self> {
        let mut head = Vec::new();
        source.open(settings)?.take(HEAD_BYTES as u64 + 1).read_to_end(&mut head).map_err(|error| {
            Error::input(format!("cannot read `{}`: {error}", source.name))
                .with_hint("the file is cut short or damaged: get it again")
        })?;
        let complete = head.len() <= HEAD_BYTES;
        head.truncate(HEAD_BYTES);
        Ok(Self::new(source.file_name(), head, complete))
    }

    /// A sample of given bytes.
    pub fn new(file_name: impl Into<String>, head: Vec<u8>, complete: bool) -> Self {
        Self { file_name: file_name.into(), head, complete, json: OnceLock::new() }
    }

    /// The head as text; a character cut at the end is left out, other faults become U+FFFD.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        let head = match std::str::from_utf8(&self.head) {
            Err(error) if error.error_len().is_none() => &self.head[..error.valid_up_to()],
            _ => &self.head,
        };
        crate::text::encoding::to_text(head).0
    }

    /// The JSON at the head, if it begins like JSON and anything of it can be parsed.
    pub fn json(&self) -> Option<&JsonHead> {
        self.json.get_or_init(|| json_head(&self.head, self.complete, HEAD_RECORDS)).as_ref()
    }

    /// Whether the head is JSON and nothing else, so that no reader of lines need look at it.
    pub fn is_json(&self) -> bool {
        self.json().is_some_and(|head| head.broken == 0)
    }

    /// How the JSON at the head is laid out: what [`Sample::json`] says of it, for who wants nothing else.
    pub fn layout(&self) -> Option<Layout> {
        match self.json.get() {
            Some(known) => known.as_ref().map(|head| head.layout),
            None => json_head(&self.head, self.complete, 1).map(|head| head.layout),
        }
    }
}

/// At most `most` records of the head.
fn json_head(head: &[u8], complete: bool, most: usize) -> Option<JsonHead> {
    let head = head.trim_ascii_start();
    let first = *head.first()?;
    if first != b'{' && first != b'[' {
        return None;
    }
    let line_end = memchr::memchr(b'\n', head);
    let first_line = head[..line_end.unwrap_or(head.len())].trim_ascii();
    let whole_first_line = match Scanner::default().feed(first_line) {
        Bounds::End(end) => end == first_line.len(),
        Bounds::Open => false,
    };
    let after = line_end.map_or(&[][..], |end| head[end..].trim_ascii_start());
    let one_a_line = whole_first_line && after.first().is_some_and(|byte| matches!(byte, b'{' | b'['));
    if one_a_line || (first == b'{' && whole_first_line && after.is_empty() && line_end.is_some()) {
        return lines_head(head, complete, most);
    }
    if first == b'[' {
        return Some(array_head(&head[1..], complete, most));
    }
    // A first line that is broken JSON beside lines that are whole is still one value a line.
    let second_line = after[..memchr::memchr(b'\n', after).unwrap_or(after.len())].trim_ascii();
    if second_line.first() == Some(&b'{')
        && parse(second_line).is_ok()
        && second_line.len() > 2
        && first_line.len() > 2
    {
        return lines_head(head, complete, most);
    }
    match Scanner::default().feed(head) {
        Bounds::End(end) if !head[end..].trim_ascii_start().is_empty() => {
            let mut records = Vec::new();
            let mut rest = head;
            while records.len() < most && matches!(rest.first(), Some(b'{' | b'[')) {
                let Bounds::End(end) = Scanner::default().feed(rest) else { break };
                records.extend(parse(&rest[..end]).ok().map(|parsed| parsed.value));
                rest = rest[end..].trim_ascii_start();
            }
            Some(JsonHead { layout: Layout::Concatenated, records, broken: 0 })
        }
        Bounds::End(end) => {
            let parsed = parse(&head[..end]).ok()?;
            Some(JsonHead { layout: Layout::Object, records: vec![parsed.value], broken: 0 })
        }
        Bounds::Open => {
            let parsed = parse(&close_truncated(head)).ok()?;
            Some(JsonHead { layout: Layout::Object, records: vec![parsed.value], broken: 0 })
        }
    }
}

fn lines_head(head: &[u8], complete: bool, most: usize) -> Option<JsonHead> {
    let mut found = JsonHead { layout: Layout::Lines, records: Vec::new(), broken: 0 };
    let mut lines = head.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let cut = lines.peek().is_none() && !complete;
        if cut || found.records.len() >= most {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match parse(line) {
            Ok(parsed) => found.records.push(parsed.value),
            Err(_) => found.broken += 1,
        }
    }
    if found.records.is_empty() {
        // One line longer than the head, or nothing but broken lines.
        found.records.push(parse(&close_truncated(head)).ok()?.value);
    }
    Some(found)
}

fn array_head(mut rest: &[u8], complete: bool, most: usize) -> JsonHead {
    let mut found = JsonHead { layout: Layout::Array, records: Vec::new(), broken: 0 };
    while found.records.len() < most {
        rest = rest.trim_ascii_start();
        match rest.first() {
            None | Some(b']') => break,
            Some(b',') => {
                rest = &rest[1..];
                continue;
            }
            Some(_) => {}
        }
        match Scanner::default().feed(rest) {
            Bounds::End(end) => {
                match parse(&rest[..end]) {
                    Ok(parsed) => found.records.push(parsed.value),
                    Err(_) => found.broken += 1,
                }
                rest = &rest[end.max(1)..];
            }
            Bounds::Open => {
                // Only a first element longer than the head is worth looking at in pieces.
                if found.records.is_empty() && !complete {
                    found.records.extend(parse(&close_truncated(rest)).ok().map(|parsed| parsed.value));
                }
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Option<(Layout, usize)> {
        let sample = || Sample::new("x", text.as_bytes().to_vec(), true);
        let looked = sample();
        let head = looked.json().map(|head| (head.layout, head.records.len()));
        for of in [looked.layout(), sample().layout()] {
            assert_eq!(of, head.map(|(layout, _)| layout), "{text}");
        }
        head
    }

    #[test]
    fn layouts() {
        assert_eq!(head("{\"a\":1}\n{\"a\":2}\n"), Some((Layout::Lines, 2)));
        assert_eq!(head("{\"a\":1}\n"), Some((Layout::Lines, 1)));
        assert_eq!(head("[{\"a\":1},{\"a\":2}]"), Some((Layout::Array, 2)));
        assert_eq!(head("[1]\n[2]\n"), Some((Layout::Lines, 2)));
        assert_eq!(head("{\n\"a\":1\n}"), Some((Layout::Object, 1)));
        assert_eq!(head("{\n\"a\":1\n}\n{\n\"a\":2\n}"), Some((Layout::Concatenated, 2)));
        assert_eq!(head("{\"a\":1,}\n{\"a\":2}\n"), Some((Layout::Lines, 1)));
        assert_eq!(head("hello"), None);
        assert_eq!(head(""), None);
    }

    #[test]
    fn a_cut_head_still_shows_its_first_record() {
        let text = format!("[{{\"a\":[{{\"role\":\"user\"}},{{\"text\":\"{}\"", "x".repeat(100));
        let sample = Sample::new("x", text.into_bytes(), false);
        assert_eq!(sample.json().unwrap().records[0]["a"][0]["role"], "user");
    }
}
