//! Where a JSON value ends, without parsing it: a byte machine that can be fed in pieces.

use memchr::memchr2;

/// Finds the end of one JSON value in bytes that arrive in pieces.
///
/// Only strings and brackets matter; a scalar ends at a separator. The machine accepts anything a parser will
/// later judge: it finds boundaries, not faults.
#[derive(Debug, Clone, Default)]
pub struct Scanner {
    depth: u64,
    in_string: bool,
    escaped: bool,
    started: bool,
    scalar: bool,
}

/// What [`Scanner::feed`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    /// The value goes on beyond these bytes.
    Open,
    /// The value ends before this index.
    End(usize),
}

impl Scanner {
    /// Goes on through `bytes`; the value must begin at the first byte of the first call.
    pub fn feed(&mut self, bytes: &[u8]) -> Bounds {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                match memchr2(b'"', b'\\', &bytes[at..]) {
                    None => return Bounds::Open,
                    Some(skip) if bytes[at + skip] == b'\\' => {
                        self.escaped = true;
                        at += skip + 1;
                    }
                    Some(skip) => {
                        self.in_string = false;
                        at += skip + 1;
                        if self.depth == 0 {
                            return Bounds::End(at);
                        }
                    }
                }
                continue;
            }
            let byte = bytes[at];
            match byte {
                b'"' if !self.scalar => {
                    self.started = true;
                    self.in_string = true;
                }
                b'{' | b'[' if !self.scalar => {
                    self.started = true;
                    self.depth += 1;
                }
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Bounds::End(at + 1);
                    }
                }
                b',' | b'}' | b']' | b':' | b' ' | b'\t' | b'\r' | b'\n'
                    if self.depth == 0 && self.started =>
                {
                    return Bounds::End(at);
                }
                _ if self.depth == 0 => {
                    self.started = true;
                    self.scalar = true;
                }
                _ => {
                    // Inside brackets only strings and brackets matter: go to the next one. Byte by byte, since what
                    // lies between is short, and two vector searches for five bytes would pass over the same text
                    // again at every bracket of one kind.
                    at += bytes[at..]
                        .iter()
                        .position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))
                        .unwrap_or(bytes.len() - at);
                    continue;
                }
            }
            at += 1;
        }
        Bounds::Open
    }
}

/// Closes a JSON document that was cut anywhere, so that its beginning can be parsed: open strings and brackets
/// are closed and a dangling key, comma or half-written scalar is taken away. For looking at samples only.
pub fn close_truncated(bytes: &[u8]) -> Vec<u8> {
    let mut stack = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    // The last place where cutting leaves complete members, with the brackets open there.
    let (mut safe, mut safe_depth) = (0, 0);
    for (index, &byte) in bytes.iter().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                stack.push(if byte == b'{' { b'}' } else { b']' });
                (safe, safe_depth) = (index + 1, stack.len());
            }
            b'}' | b']' => {
                stack.pop();
                (safe, safe_depth) = (index + 1, stack.len());
            }
            b',' => (safe, safe_depth) = (index, stack.len()),
            _ => {}
        }
    }
    let mut closed = bytes[..safe].to_vec();
    closed.extend(stack[..safe_depth.min(stack.len())].iter().rev());
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_ends_whatever_the_pieces() {
        let text = br#"{"a":[1,"]}\"",{"b":"\\"}],"c":null} ,"#;
        let end = text.len() - 2;
        for cut in 0..text.len() {
            let mut scanner = Scanner::default();
            let found = match scanner.feed(&text[..cut]) {
                Bounds::End(at) => at,
                Bounds::Open => match scanner.feed(&text[cut..]) {
                    Bounds::End(at) => cut + at,
                    Bounds::Open => panic!("no end"),
                },
            };
            assert_eq!(found, end, "cut at {cut}");
        }
    }

    #[test]
    fn scalars_end_at_separators() {
        assert_eq!(Scanner::default().feed(b"12,"), Bounds::End(2));
        assert_eq!(Scanner::default().feed(br#""a,b",1"#), Bounds::End(5));
        assert_eq!(Scanner::default().feed(b"12"), Bounds::Open);
    }

    #[test]
    fn truncated_documents_are_closed() {
        let text = br#"[{"a":"x","b":[1,2,{"c":"long text"#;
        for cut in 1..text.len() {
            let closed = close_truncated(&text[..cut]);
            assert!(super::super::parse(&closed).is_ok(), "{}", String::from_utf8_lossy(&closed));
        }
    }
}
