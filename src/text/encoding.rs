//! Bytes that should be UTF-8 and are not.

use std::borrow::Cow;

/// How a piece of text was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Valid UTF-8.
    Utf8,
    /// Not UTF-8; read as Windows-1252, the usual other encoding of Western exports.
    Windows1252,
}

/// The text of `bytes`: UTF-8 where valid, otherwise Windows-1252.
///
/// Every byte sequence has a Windows-1252 reading, so nothing is lost and nothing fails; the caller reports it.
pub fn to_text(bytes: &[u8]) -> (Cow<'_, str>, Stored) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        (Cow::Borrowed(text), Stored::Utf8)
    } else {
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
        (text, Stored::Windows1252)
    }
}

/// Whether the head of a file looks like text at all: hardly any control characters, NUL among them, but those that
/// colour the logs of channels (bold, colour, reset, reverse, italic, underline), which a line may have many of. One that
/// strayed into a text makes no other thing of it, however short it is; UTF-16 without a mark has a NUL in every other
/// byte.
pub fn looks_like_text(head: &[u8]) -> bool {
    const ODD: [u8; 256] = {
        let mut odd = [0; 256];
        let mut byte = 0;
        while byte < 32 {
            odd[byte] = matches!(byte, 0..=1 | 4..=8 | 14 | 16..=21 | 23..=26 | 28 | 30) as u8;
            byte += 1;
        }
        odd
    };
    let odd: usize = head.iter().map(|byte| usize::from(ODD[usize::from(*byte)])).sum();
    odd * 100 <= head.len() || (odd == 1 && std::str::from_utf8(head).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_windows_1252_where_utf8_fails() {
        assert_eq!(to_text("Grüße".as_bytes()), ("Grüße".into(), Stored::Utf8));
        assert_eq!(to_text(b"it\x92s \x80 5"), ("it\u{2019}s \u{20ac} 5".into(), Stored::Windows1252));
    }

    #[test]
    fn pictures_are_not_text() {
        assert!(looks_like_text(b"a\tb\r\n"));
        assert!(looks_like_text(b"<\x0304kim\x0f> \x02yes\x02"));
        assert!(!looks_like_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
        assert!(!looks_like_text(b"{\0\"\0a\0\"\0:\0"));
    }

    #[test]
    fn a_stray_nul_is_a_fault_of_its_line() {
        assert!(looks_like_text(b"{\"a\":\"b\0c\"}\n"));
        let mut long = b"{\"a\":\"b\"}\n".repeat(100);
        for at in [20, 400, 800] {
            long[at] = 0;
        }
        assert!(looks_like_text(&long));
    }
}
