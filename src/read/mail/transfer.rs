//! Base64 and quoted-printable (RFC 2045), leniently: what cannot be decoded stays as it is written.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;

/// The bytes of a part that says it is written as `encoding` (in lower case).
pub fn decoded<'a>(bytes: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding {
        "base64" => Cow::Owned(base64(bytes)),
        "quoted-printable" => Cow::Owned(quoted_printable(bytes)),
        _ => Cow::Borrowed(bytes),
    }
}

/// Base64 up to the first line that is none; what follows (a footer that a mailing list put there) stays as it is.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut end = 0;
    let mut closed = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let solid = line.trim_ascii();
        if !solid.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')) {
            break;
        }
        // Words of a footer can be letters only; padding says that the end was reached.
        if closed && !solid.is_empty() {
            break;
        }
        closed |= solid.ends_with(b"=");
        end += line.len();
    }
    let (coded, rest) = bytes.split_at(end);
    let letters: Vec<u8> =
        coded.iter().copied().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').collect();
    // A cut file leaves one letter over, which holds less than a byte.
    let whole = letters.len() - usize::from(letters.len() % 4 == 1);
    match letters.get(..whole).and_then(base64_decode) {
        Some(mut decoded) => {
            if !rest.trim_ascii().is_empty() {
                decoded.extend_from_slice(b"\n");
                decoded.extend_from_slice(rest);
            }
            decoded
        }
        None => bytes.to_vec(),
    }
}

/// Quoted-printable. mail-parser's own gives a part up at its first stray `=`; here it stays a `=`.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let solid = line.trim_ascii_end();
        let (solid, soft) = match solid.strip_suffix(b"=") {
            Some(solid) => (solid, true),
            None => (solid, false),
        };
        let mut rest = solid;
        while let Some(at) = memchr::memchr(b'=', rest) {
            out.extend_from_slice(&rest[..at]);
            let digit = |offset: usize| rest.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
            if let (Some(high), Some(low)) = (digit(1), digit(2)) {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &rest[at + 3..];
            } else {
                out.push(b'=');
                rest = &rest[at + 1..];
            }
        }
        out.extend_from_slice(rest);
        if !soft && line.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_as_it_comes() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"wr=\r\note:", b"wrote:"),
            (b"a=3Db =E2=82=AC", "a=b €".as_bytes()),
            (b"a = b, 5=zz\n", b"a = b, 5=zz\n"),
            (b"flowed=20\nnext  \n", b"flowed \nnext\n"),
            (b"cut=", b"cut"),
            (b"cut=e", b"cut=e"),
            (b"", b""),
        ];
        for (written, wanted) in cases {
            assert_eq!(quoted_printable(written), *wanted, "{}", String::from_utf8_lossy(written));
        }
    }

    #[test]
    fn base64_as_it_comes() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"SGVsbG8=\n", b"Hello"),
            (b"SGVs\r\nbG8=", b"Hello"),
            (b"SGVsbG8gd", b"Hello "),
            (b"SGVsbG8=\n_____\nthe list\n", b"Hello\n_____\nthe list\n"),
            (b"SGVsbG8=\nlist\n", b"Hello\nlist\n"),
            (b"not base64 at all", b"\nnot base64 at all"),
            (b"", b""),
        ];
        for (written, wanted) in cases {
            assert_eq!(base64(written), *wanted, "{}", String::from_utf8_lossy(written));
        }
    }
}
