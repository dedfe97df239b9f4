//! Escapes that spreadsheets leave behind in their texts.

use std::borrow::Cow;

use memchr::memmem;

/// Length of an escape: `_xHHHH_`.
const LENGTH: usize = 7;

/// `text` with the escapes of Office Open XML decoded: `_x000D_` is a carriage return, `_x005F_` an underscore that
/// keeps what follows from being an escape (`_x005F_x000D_` is the text `_x000D_`).
///
/// Two escapes of a surrogate pair make one character; half a pair stays as it is, and so does `_x0000_`, which stands
/// for nothing a text can hold. Source: ECMA-376 part 1, 22.4.2.4 and 22.9.2.19 (`ST_Xstring`).
pub fn decode(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let finder = memmem::Finder::new(b"_x");
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(skip) = bytes.get(at..).and_then(|rest| finder.find(rest)) {
        at += skip;
        if let Some((character, length)) = escape(bytes.get(at..).unwrap_or_default()) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push(character);
            at += length;
            copied = at;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// The character of the escape at the beginning of `bytes`, and the escape's length.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let first = unit(bytes)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return (character != '\0').then_some((character, LENGTH));
    }
    let second = unit(bytes.get(LENGTH..)?)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, 2 * LENGTH))
}

/// The UTF-16 unit of one escape.
fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.get(..LENGTH)?.strip_prefix(b"_x")?.strip_suffix(b"_")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decodes_escapes() {
        for (escaped, text) in [
            ("a_x000D_\nb_x000a_", "a\r\nb\n"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x000D_x000A_", "\rx000A_"),
            ("__x0009__", "_\t_"),
            ("_xD83D__xDE42_!", "🙂!"),
            ("é_x00E9_", "éé"),
        ] {
            assert_eq!(decode(escaped), text, "{escaped}");
        }
    }

    #[test]
    fn leaves_what_is_no_escape() {
        for text in [
            "",
            "a_b",
            "_x00_",
            "_x000G_",
            "_x000D",
            "_X000D_",
            "_xD83D_",
            "_xDE42__xD83D_",
            "_x0000_",
            "_xé0D_",
            "_x",
        ] {
            assert!(matches!(decode(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_looks_like_an_escape_can_be_written(text in "[_x0-9A-F\né]{0,40}") {
            let escaped: String = text
                .char_indices()
                .map(|(at, character)| match character {
                    '_' if unit(text[at..].as_bytes()).is_some() => "_x005F_".to_owned(),
                    _ => character.to_string(),
                })
                .collect();
            prop_assert_eq!(decode(&escaped), text);
        }

        #[test]
        fn nothing_panics(text in "[_x0D8Eé]{0,40}") {
            decode(&text);
        }
    }
}
