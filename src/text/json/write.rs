//! Writing JSON into memory, piece by piece, without building a tree of values.

use serde_json::Value;

use super::cursor::special_far;

/// Appends `"name":`, with a comma before it unless the object has just begun.
///
/// For names that need no escapes; [`write_member`] is for names of strangers.
#[expect(clippy::inline_always, reason = "a name of known length is stored, and not copied by a call")]
#[inline(always)]
pub fn write_key(name: &'static str, out: &mut Vec<u8>) {
    write_comma(out);
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Appends a member that is kept as it was, with a comma before it unless the object has just begun.
pub fn write_member(name: &str, value: &Value, out: &mut Vec<u8>) {
    write_comma(out);
    write_string(name, out);
    out.push(b':');
    write_value(value, out);
}

#[inline]
fn write_comma(out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
}

/// Appends any value, compact.
pub fn write_value(value: &(impl serde::Serialize + ?Sized), out: &mut Vec<u8>) {
    // Values of JSON cannot fail to be written into memory.
    let _ = serde_json::to_writer(out, value);
}

/// Appends `text` as a JSON string, as `serde_json` writes it.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut from = 0;
    while let Some(at) = special_far(bytes, from) {
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        from = at + 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            _ => {
                let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strings_are_written_as_serde_json_writes_them() {
        let all: String = (0..0x100u32).filter_map(char::from_u32).collect();
        for text in ["", "plain", "a \"quoted\" \\ line\n", "🙂\u{7f}\u{2028}", &all, &all.repeat(3)] {
            let mut out = b"before ".to_vec();
            write_string(text, &mut out);
            assert_eq!(out[7..], serde_json::to_vec(text).unwrap(), "{text:?}");
        }
    }

    #[test]
    fn members_stand_side_by_side() {
        let mut out = b"{".to_vec();
        write_key("a", &mut out);
        write_value(&7u64, &mut out);
        write_member("b\"", &json!([null, "c"]), &mut out);
        out.push(b'}');
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"a":7,"b\"":[null,"c"]}"#);
    }
}
