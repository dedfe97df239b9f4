//! The little of Markdown that tells code from prose.

use memchr::{memchr2, memmem};

/// Bytes of the code that begins with the backtick at the start of `rest`: a fence, a span within one line, or the
/// backtick alone where it closes nowhere and so is a quotation mark of some kind. `None` for a fence that goes on to
/// the end of the text.
pub fn code_length(rest: &[u8]) -> Option<usize> {
    if rest.starts_with(b"```") {
        return memmem::find(rest.get(3..)?, b"```").map(|end| end + 6);
    }
    let inside = rest.get(1..)?;
    match memchr2(b'`', b'\n', inside) {
        Some(end) if inside.get(end) == Some(&b'`') => Some(end + 2),
        _ => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_ends_where_its_backticks_close() {
        assert_eq!(code_length(b"`a` b"), Some(3));
        assert_eq!(code_length(b"```\na ` b\n``` c"), Some(13));
        assert_eq!(code_length(b"``` a"), None);
        assert_eq!(code_length(b"` alone"), Some(1));
        assert_eq!(code_length(b"` over\nlines`"), Some(1));
        assert_eq!(code_length(b""), None);
    }
}
