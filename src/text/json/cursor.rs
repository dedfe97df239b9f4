//! Reading JSON of a known shape from front to back, without a tree.
//!
//! For the rows that nearly all rows are. Whatever is broken, deep, or needs care makes a method answer `None`; the
//! caller then parses the document the long way (see [`super::parse`]), which names what is wrong. So nothing is judged
//! here, and what is read is exactly what that parser would have read.

use serde_json::{Map, Number, Value};
use wide::u8x16;

use super::escape::escape;
use super::parse::NUMBER_TOKEN;

/// Deepest value that is read here; `serde_json` goes to 127 from the top of the document.
const DEPTH: usize = 64;
/// Longest number read here, in bytes.
const LONGEST_NUMBER: usize = 64;

/// A place in a document.
#[derive(Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of `document`; `None` when that is not UTF-8.
    pub fn new(document: &'a [u8]) -> Option<Self> {
        Some(Self { text: std::str::from_utf8(document).ok()?, at: 0 })
    }

    /// The byte that comes next behind white space.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Goes past `byte`, which must come next.
    pub fn pass(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Whether nothing but white space is left.
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Reads an object; `member` gets every key with the cursor before its value. No keys with escapes.
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.pass(b'{')?;
        if self.peek()? == b'}' {
            return self.pass(b'}');
        }
        self.members(&mut member)
    }

    /// Goes on reading an object behind one of its values.
    pub fn object_rest(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        match self.next_byte()? {
            b',' => self.members(&mut member),
            b'}' => Some(()),
            _ => None,
        }
    }

    fn members(&mut self, member: &mut impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        loop {
            self.pass(b'"')?;
            // That parser takes an object with this key for a number.
            let key = self.plain().filter(|key| *key != NUMBER_TOKEN)?;
            self.pass(b':')?;
            member(self, key)?;
            match self.next_byte()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Reads a list; `item` gets the cursor before every value.
    pub fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.pass(b'[')?;
        if self.peek()? == b']' {
            return self.pass(b']');
        }
        loop {
            item(self)?;
            match self.next_byte()? {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Reads a string that has no escapes.
    pub fn plain_text(&mut self) -> Option<&'a str> {
        self.pass(b'"')?;
        self.plain()
    }

    /// Appends a string to `out`.
    pub fn text_into(&mut self, out: &mut String) -> Option<()> {
        self.pass(b'"')?;
        self.text_rest_into(out)
    }

    /// Appends a string to `out` that has been entered: its quote is passed.
    pub fn text_rest_into(&mut self, out: &mut String) -> Option<()> {
        loop {
            let end = special_far(self.text.as_bytes(), self.at)?;
            out.push_str(self.text.get(self.at..end)?);
            self.at = end;
            // Escapes come in runs where a writer escapes everything beyond ASCII.
            while self.text.as_bytes().get(self.at)? == &b'\\' {
                let (character, length) = escape(self.text.as_bytes().get(self.at + 1..)?)?;
                out.push(character?);
                self.at += 1 + length;
            }
            match self.text.as_bytes().get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    /// Goes past what is written as `known`, which was read before: a list, an object, or its beginning.
    pub fn pass_known(&mut self, known: &str) -> Option<()> {
        self.peek()?;
        let same = !known.is_empty() && self.text.get(self.at..)?.starts_with(known);
        same.then(|| self.at += known.len())
    }

    /// What was read since it was at `start`.
    pub fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    /// Where it is, in bytes.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Reads `null`.
    pub fn null(&mut self) -> Option<()> {
        self.word("null")
    }

    /// Reads any value.
    pub fn value(&mut self) -> Option<Value> {
        self.value_within(DEPTH)
    }

    fn value_within(&mut self, depth: usize) -> Option<Value> {
        let deeper = depth.checked_sub(1)?;
        Some(match self.peek()? {
            b'"' => {
                let mut text = String::new();
                self.text_into(&mut text)?;
                Value::String(text)
            }
            b'{' => {
                let mut map = Map::new();
                self.object(|cursor, key| {
                    let value = cursor.value_within(deeper)?;
                    put(&mut map, key, value)
                })?;
                Value::Object(map)
            }
            b'[' => {
                let mut items = Vec::new();
                self.list(|cursor| {
                    items.push(cursor.value_within(deeper)?);
                    Some(())
                })?;
                Value::Array(items)
            }
            b't' => self.word("true").map(|()| Value::Bool(true))?,
            b'f' => self.word("false").map(|()| Value::Bool(false))?,
            b'n' => self.null().map(|()| Value::Null)?,
            _ => Value::Number(self.number()?),
        })
    }

    fn number(&mut self) -> Option<Number> {
        let rest = self.text.get(self.at..)?;
        let of_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.bytes().take_while(|byte| of_number(*byte)).count();
        self.at += length;
        // Very long numbers are for those who name what is wrong with them.
        rest.get(..length).filter(|_| length <= LONGEST_NUMBER)?.parse().ok()
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.peek()?;
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn next_byte(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// The rest of a string that has no escapes.
    fn plain(&mut self) -> Option<&'a str> {
        let end = special(self.text.as_bytes(), self.at)?;
        let text = self.text.get(self.at..end)?;
        self.at = end + 1;
        (self.text.as_bytes().get(end) == Some(&b'"')).then_some(text)
    }
}

/// Adds a member to an object; `None` when its key stands there already.
pub fn put(map: &mut Map<String, Value>, key: &str, value: Value) -> Option<()> {
    map.insert(key.to_owned(), value).is_none().then_some(())
}

/// What [`special`] says, for strings that are more than a word: sixteen bytes at a time.
pub(super) fn special_far(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut rest = bytes.get(at..)?;
    while let Some((block, behind)) = rest.split_first_chunk() {
        let block = u8x16::new(*block);
        let is = |byte: u8| block.simd_eq(u8x16::splat(byte));
        let control = block.min(u8x16::splat(0x1f)).simd_eq(block);
        let found = (is(b'"') | is(b'\\') | control).to_bitmask();
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize);
        }
        at += 16;
        rest = behind;
    }
    special(bytes, at)
}

/// Where from `at` on the first byte stands that is no plain part of a string: a quote, a backslash or a control
/// character.
///
/// Eight bytes at a time: most strings are too short for a vector search to pay for its beginning, and none of those
/// looks for three things at once, one of which is a range.
fn special(bytes: &[u8], mut at: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let mut rest = bytes.get(at..)?;
    while let Some((word, behind)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let quote = (word ^ (0x22 * ONES)).wrapping_sub(ONES);
        let backslash = (word ^ (0x5c * ONES)).wrapping_sub(ONES);
        let control = word.wrapping_sub(0x20 * ONES);
        // The lowest bit that is set is right; above it, borrowing may have set others.
        let found = (quote | backslash | control) & !word & HIGH;
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
        rest = behind;
    }
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).map(|skip| at + skip)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn read(document: &str) -> Option<Value> {
        let mut cursor = Cursor::new(document.as_bytes())?;
        let value = cursor.value()?;
        cursor.is_at_end().then_some(value)
    }

    #[test]
    fn reads_what_the_parser_reads() {
        for document in [
            r#" {"a":[1,-0,1.50,1E5,1e-7,123456789012345678901234567890],"b":{"c":null,"d":[true,false]}} "#,
            r#"{"e":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42 ünï 🙂","":{},"l":[]}"#,
            "\t[ ]\r\n",
            r#""long enough for several words, and an end""#,
        ] {
            assert_eq!(read(document), Some(parse(document.as_bytes()).unwrap().value), "{document}");
        }
    }

    #[test]
    fn leaves_the_rest_to_the_parser() {
        for document in [
            "",
            "{",
            "{}x",
            "[1,]",
            "[1 2]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{1:2}",
            "nul",
            "01",
            "+1",
            "-",
            "1.",
            r#"{"a":1,"a":2}"#,
            r#"{"\u0061":1}"#,
            r#""\ud83d""#,
            r#""\ud83d\u0041""#,
            r#""\x""#,
            r#""\u12""#,
            "\"a\nb\"",
            "\"a\u{1}\"",
            r#"{"$serde_json::private::Number":"1"}"#,
            "\u{feff}1",
            "\u{c}1",
            "\"open",
        ] {
            assert_eq!(read(document), None, "{document}");
        }
        assert!(read(&"[".repeat(10_000)).is_none());
        assert!(read(&format!("{}1{}", "[".repeat(DEPTH), "]".repeat(DEPTH))).is_none());
    }

    #[test]
    fn special_bytes_are_found_wherever_they_stand() {
        for length in 0..70 {
            for place in 0..length {
                for byte in 0..=255u8 {
                    let mut text = vec![b'a'; length];
                    text[place] = byte;
                    let plain = !matches!(byte, b'"' | b'\\' | 0..0x20);
                    let wanted = (!plain).then_some(place);
                    assert_eq!(special(&text, 0), wanted, "{byte} at {place} of {length}");
                    assert_eq!(special_far(&text, 0), wanted, "{byte} at {place} of {length}");
                }
            }
        }
    }
}
