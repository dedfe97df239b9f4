//! From the bytes of a part to its text, whatever the part says of its encoding.

use encoding_rs::Encoding;
use mail_parser::decoders::charsets::map::charset_decoder;

use crate::text::encoding::{Stored, to_text};

/// What to do where a part does not say its encoding, or says one that its bytes disprove.
#[derive(Debug, Clone, Copy, Default)]
pub struct Charsets {
    /// The encoding that the caller gave.
    pub fallback: Option<&'static Encoding>,
}

/// A text, and whether its encoding was guessed.
pub struct Read {
    /// The text.
    pub text: String,
    /// Neither the part nor the caller said it, and it was not UTF-8.
    pub guessed: bool,
}

impl Charsets {
    /// Those of the caller: a WHATWG label.
    pub fn new(label: Option<&str>) -> Self {
        Self { fallback: label.and_then(|label| Encoding::for_label(label.as_bytes())) }
    }

    /// The text of `bytes` that are declared to be `charset`.
    ///
    /// Letters above ASCII that are valid UTF-8 are hardly ever anything else, so UTF-8 beats encodings of one byte a
    /// letter (`us-ascii` and `iso-8859-1` stand on mails of any encoding), but not `gb2312` and its like.
    pub fn text(self, bytes: &[u8], charset: Option<&str>) -> Read {
        let utf8 = std::str::from_utf8(bytes).ok();
        let declared = charset.map(|label| label.trim().trim_matches(['"', '\'']));
        let known = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
        if let Some(text) = utf8
            && (known.is_none_or(Encoding::is_single_byte) || known == Some(encoding_rs::UTF_8))
            && (known.is_some() || !is_other(declared) || !bytes.is_ascii())
        {
            return Read { text: text.to_owned(), guessed: false };
        }
        // Declared as plain ASCII or Western and not UTF-8: ASCII says nothing about the letters above it.
        let is_ascii =
            declared.is_none_or(|label| label.to_ascii_lowercase().contains("ascii") || label.is_empty());
        if let Some(encoding) = known.filter(|known| !is_ascii && *known != encoding_rs::UTF_8) {
            let (text, _, broken) = encoding.decode(bytes);
            let text = utf8.filter(|_| broken).map_or_else(|| text.into_owned(), str::to_owned);
            return Read { text, guessed: false };
        }
        if let Some(encoding) = self.fallback {
            return Read { text: encoding.decode(bytes).0.into_owned(), guessed: false };
        }
        let unknown = declared.filter(|_| known.is_none() && !is_ascii);
        if let Some(decode) = unknown.and_then(|label| charset_decoder(label.as_bytes())) {
            return Read { text: decode(bytes), guessed: false };
        }
        let (text, stored) = to_text(bytes);
        Read { text: text.into_owned(), guessed: stored == Stored::Windows1252 }
    }
}

/// Whether an encoding is declared that is no way of writing ASCII (UTF-7 has no byte above it and yet means others).
fn is_other(declared: Option<&str>) -> bool {
    declared.is_some_and(|label| label.to_ascii_lowercase().contains("utf-7"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], charset: &str) -> String {
        let charset = Some(charset).filter(|charset| !charset.is_empty());
        Charsets::default().text(bytes, charset).text
    }

    #[test]
    fn what_is_declared_and_what_the_bytes_say() {
        assert_eq!(read(b"Gr\xfc\xdfe", "iso-8859-1"), "Grüße");
        assert_eq!(read(b"Gr\xfc\xdfe", "us-ascii"), "Grüße");
        assert_eq!(read(b"Gr\xfc\xdfe", "utf-8"), "Grüße");
        assert_eq!(read(b"Gr\xfc\xdfe", ""), "Grüße");
        assert_eq!(read(b"Gr\xfc\xdfe", "x-unknown"), "Grüße");
        assert_eq!(read("Grüße".as_bytes(), "iso-8859-1"), "Grüße");
        assert_eq!(read("Grüße".as_bytes(), "us-ascii"), "Grüße");
        assert_eq!(read(b"\xc4\xe3\xba\xc3", "gb2312"), "你好");
        assert_eq!(read("你好吗朋友".as_bytes(), "gb2312").chars().count(), 5);
        assert_eq!(read(b"Hi Mom +Jjo-!", "utf-7"), "Hi Mom ☺!");
        assert_eq!(read(b"\x1b$B$3$s\x1b(B", "iso-2022-jp"), "こん");
    }

    #[test]
    fn the_caller_knows_better_than_nobody() {
        let charsets = Charsets::new(Some("windows-1251"));
        assert_eq!(charsets.text(b"\xcf\xf0\xe8\xe2\xe5\xf2", None).text, "Привет");
        assert_eq!(charsets.text(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("us-ascii")).text, "Привет");
        assert_eq!(charsets.text(b"Gr\xfc\xdfe", Some("iso-8859-1")).text, "Grüße");
        assert!(Charsets::default().text(b"\xfc", None).guessed);
    }
}
