//! Private keys between their lines of hyphens.

use std::ops::Range;

use crate::detect::{Class, Detector, Spec, Sureness, Text};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "private-key",
        title: "private key",
        class: Class::Secret,
        sureness: Sureness::Checked,
        found_by: "`-----BEGIN … PRIVATE KEY-----` and what follows in base 64, to the line that ends it",
        left_out: "the lines around a key without a key between them",
        example: "`-----BEGIN PRIVATE KEY-----` and lines of letters and digits",
        source: "RFC 7468, 10 and 11; RFC 4880, 6.2 (read 2026-11-22)",
        words: &["PRIVATE KEY"],
        mask: |_| "-----BEGIN PRIVATE KEY-----…".to_owned(),
    },
    find,
};

/// Characters of base 64 below which there is no key: of the shortest in use, Ed25519, there are 64.
const LEAST: usize = 60;

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut behind = 0;
    for start in memchr::memmem::find_iter(text.bytes(), "-----BEGIN ") {
        if let Some(length) = key(text.text.get(start..).unwrap_or_default()).filter(|_| start >= behind) {
            behind = start + length;
            found.push(start..behind);
        }
    }
}

/// The length of the key that `rest` begins with.
fn key(rest: &str) -> Option<usize> {
    let title = line_end(rest.as_bytes(), 11)?;
    let kind = rest.get(..title - 5)?;
    if !(kind.ends_with("PRIVATE KEY") || kind.ends_with("PRIVATE KEY BLOCK")) {
        return None;
    }
    let body = rest.as_bytes().get(title..)?;
    // Lines may be joined, and line feeds written as `\n`; some have fields such as `Proc-Type: 4,ENCRYPTED`.
    let part = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || byte.is_ascii_whitespace()
            || matches!(byte, b'+' | b'/' | b'=' | b'\\' | b':' | b',' | b'.' | b'"' | b'-')
    };
    let most = memchr::memmem::find(body, b"-----").unwrap_or(body.len());
    let length = body.iter().take(most).take_while(|byte| part(byte)).count();
    let letters = body.iter().take(length).filter(|byte| byte.is_ascii_alphanumeric()).count();
    let ends = body.get(length..).is_some_and(|rest| rest.starts_with(b"-----END "));
    let end = if ends { line_end(body, length + 9).unwrap_or(length) } else { length };
    (letters >= LEAST).then_some(title + end)
}

/// Where the five hyphens end that a line of words from `from` on is followed by.
fn line_end(bytes: &[u8], from: usize) -> Option<usize> {
    let at = bytes.get(from..)?.windows(5).take(60).position(|five| five == b"-----")?;
    Some(from + at + 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found_by;

    #[test]
    fn keys() {
        let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
        for kind in ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
            let key = format!("-----BEGIN {kind}-----\n{line}\n{line}=\n-----END {kind}-----");
            assert_eq!(found_by(&DETECTOR, &format!("key:\n{key}\nok")), [key.as_str()]);
            let flat = key.replace('\n', "\\n");
            assert_eq!(found_by(&DETECTOR, &flat), [flat.as_str()]);
        }
        let cut = format!("-----BEGIN PRIVATE KEY-----\n{line}\n{line}");
        assert_eq!(found_by(&DETECTOR, &cut), [cut.as_str()]);
        for text in [
            "-----BEGIN PRIVATE KEY-----".to_owned(),
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----".to_owned(),
            format!("-----BEGIN PUBLIC KEY-----\n{line}\n{line}\n-----END PUBLIC KEY-----"),
        ] {
            assert_eq!(found_by(&DETECTOR, &text), [""; 0], "{text}");
        }
    }
}
