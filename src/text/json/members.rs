//! The members of one JSON object, found without parsing it: for a framing thread that wants two or three keys of a
//! record and leaves the rest to the workers.

use std::borrow::Cow;

use memchr::memchr2;

use super::scan::{Bounds, Scanner};

/// The members of the object that a document is, in order, each as raw key (in its quotes) and raw value.
///
/// Boundaries only: what stands between them may be broken in itself, which a parser will find.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    document: &'a [u8],
    at: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Inside,
    Whole,
    Broken,
}

/// A key or value as it stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a>(pub &'a [u8]);

impl<'a> Members<'a> {
    /// The members of `document`; of anything but an object there are none.
    pub fn of(document: &'a [u8]) -> Self {
        let at = skip_space(document, 0);
        match document.get(at) {
            Some(b'{') => Self { document, at: at + 1, state: State::Inside },
            _ => Self { document, at, state: State::Broken },
        }
    }

    /// The value of a key; of equal ones the last, as parsers keep it.
    pub fn value(document: &'a [u8], key: &str) -> Option<Raw<'a>> {
        Self::of(document).filter(|(name, _)| name.is(key)).last().map(|(_, value)| value)
    }

    /// Whether all members were found and the object ends where the document does. Asked when there are no more.
    pub fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    fn member(&mut self) -> Option<(Raw<'a>, Raw<'a>)> {
        let document = self.document;
        let key_end = string_end(document, self.at)?;
        let colon = skip_space(document, key_end);
        if document.get(colon) != Some(&b':') {
            return None;
        }
        let start = skip_space(document, colon + 1);
        let end = match document.get(start)? {
            b'"' => string_end(document, start)?,
            _ => match Scanner::default().feed(&document[start..]) {
                Bounds::End(length) => start + length,
                Bounds::Open => return None,
            },
        };
        let key = Raw(document.get(self.at..key_end)?);
        self.at = end;
        Some((key, Raw(document.get(start..end)?)))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (Raw<'a>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.state == State::Inside {
            self.at = skip_space(self.document, self.at);
            match self.document.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'"') => match self.member() {
                    None => self.state = State::Broken,
                    member => return member,
                },
                Some(b'}') if skip_space(self.document, self.at + 1) == self.document.len() => {
                    self.state = State::Whole;
                }
                _ => self.state = State::Broken,
            }
        }
        None
    }
}

impl<'a> Raw<'a> {
    /// Whether this is the string `name`, however it is written.
    pub fn is(self, name: &str) -> bool {
        let inner = self.0.get(1..self.0.len().saturating_sub(1)).unwrap_or_default();
        inner == name.as_bytes() || (inner.contains(&b'\\') && self.text().as_deref() == Some(name))
    }

    /// The text of a string, or of a number as written; `None` for anything else and for what is broken.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.0.first()? {
            b'"' if !self.0.contains(&b'\\') => {
                let inner = self.0.get(1..self.0.len().checked_sub(1)?)?;
                std::str::from_utf8(inner).ok().map(Cow::Borrowed)
            }
            b'"' => serde_json::from_slice(self.0).ok().map(Cow::Owned),
            b'-' | b'0'..=b'9' => std::str::from_utf8(self.0).ok().map(Cow::Borrowed),
            _ => None,
        }
    }
}

/// Where the string that begins at `start` ends, behind its quote.
fn string_end(document: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr2(b'"', b'\\', document.get(at..)?)?;
        if document[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn skip_space(document: &[u8], mut at: usize) -> usize {
    while document.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(document: &str) -> (Vec<(String, String)>, bool) {
        let mut members = Members::of(document.as_bytes());
        let text = |raw: Raw<'_>| String::from_utf8_lossy(raw.0).into_owned();
        let found = members.by_ref().map(|(key, value)| (text(key), text(value))).collect();
        (found, members.is_whole())
    }

    #[test]
    fn members_of_the_top_only() {
        let (found, whole) =
            members(r#" {"a" : {"ts":"1","x":[{"ts":2}]}, "b":"}\"{", "c":null,"d":-1.5e3} "#);
        let texts: Vec<&str> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(texts, [r#"{"ts":"1","x":[{"ts":2}]}"#, r#""}\"{""#, "null", "-1.5e3"]);
        assert!(whole);
        assert!(members("{}").1 && members("{\n}\n").1);
    }

    #[test]
    fn keys_and_values_with_escapes() {
        let document = r#"{"t\u0073":"a\/b","ts":12}"#;
        let mut members = Members::of(document.as_bytes());
        let (key, value) = members.next().unwrap();
        assert!(key.is("ts") && !key.is("t"));
        assert_eq!(value.text().as_deref(), Some("a/b"));
        assert_eq!(Members::value(document.as_bytes(), "ts").unwrap().text().as_deref(), Some("12"));
        assert_eq!(Members::value(br#"{"ts":{"ts":1}}"#, "ts").unwrap().text(), None);
        assert_eq!(Members::value(b"{\"ts\":\"\xff\"}", "ts").unwrap().text(), None);
    }

    #[test]
    fn what_is_broken_is_not_whole() {
        let whole = r#"{"a":{"b":"c\\"},"d":[1,"]"],"e":true}"#;
        for cut in 0..whole.len() {
            assert!(!members(&whole[..cut]).1, "{}", &whole[..cut]);
        }
        assert!(members(whole).1);
        for document in ["", "[]", "null", "{1:2}", "{\"a\" 1}", "{\"a\":1}x", "{\"a\":1", "{\"a", "{\"a\\"] {
            assert!(!members(document).1, "{document}");
        }
    }
}
