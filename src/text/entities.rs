//! Character references of HTML (`&amp;`, `&#39;`, `&hellip;`) in what is otherwise plain text.
//!
//! Exports escape plain text too (Slack `&lt; &gt; &amp;`, Twitter `&amp;`, Salesforce `&#39;`), some twice. HTML is for
//! [`html`](crate::text::html), which decodes its own.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

use super::markdown;

/// Longest reference looked at, in bytes; the longest name is `&CounterClockwiseContourIntegral;` with 33.
const LONGEST: usize = 40;

/// `text` with its references decoded, once: `&amp;lt;` becomes `&lt;`.
///
/// Only what ends with `;` is a reference. HTML also knows `&copy` without, but in plain text that is the address
/// `?a=1&copy=2`. Unknown names stay. `&nbsp;` becomes U+00A0, as the standard has it; see
/// [`marks::normalize_spaces`](crate::text::marks::normalize_spaces). Numbers are read as browsers read them: 0x80 to
/// 0x9f are Windows-1252, and what is no character is U+FFFD
/// (<https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state>).
pub fn decode(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(skip) = memchr(b'&', text.as_bytes().get(at..).unwrap_or_default()) {
        at += skip;
        if let Some((decoded, length)) = reference(text.get(at..).unwrap_or_default()) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push_str(&decoded);
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

/// Where the first reference outside Markdown code stands, in bytes.
pub fn find(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(skip) = memchr2(b'&', b'`', text.as_bytes().get(at..).unwrap_or_default()) {
        at += skip;
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with('`') {
            at += markdown::code_length(rest.as_bytes())?;
        } else if let Some((_, length)) = reference(rest) {
            return Some(at..at + length);
        } else {
            at += 1;
        }
    }
    None
}

/// `text` with the references outside Markdown code decoded, once; `None` where there are none.
pub fn decode_outside_code(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = find(rest) {
        out.push_str(rest.get(..at.start).unwrap_or_default());
        out.push_str(&decode(rest.get(at.clone()).unwrap_or_default()));
        rest = rest.get(at.end..).unwrap_or_default();
    }
    (rest.len() < text.len()).then(|| out + rest)
}

/// What the reference at the beginning of `text` stands for, and its length in bytes.
fn reference(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let end = text
        .bytes()
        .skip(1)
        .take(LONGEST)
        .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'))?;
    let whole = text.get(..end + 2).filter(|whole| whole.ends_with(';'))?;
    let known = match whole.strip_prefix("&#") {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => {
                hex.len() > 1 && hex.trim_end_matches(';').bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            None => {
                number.len() > 1 && number.trim_end_matches(';').bytes().all(|byte| byte.is_ascii_digit())
            }
        },
        // Names without `;` are prefixes of others: `&notit;` is not `¬it;` here.
        None => htmlize::ENTITIES.contains_key(whole.as_bytes()),
    };
    known.then(|| (htmlize::unescape(whole), whole.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decodes_once() {
        for (escaped, text) in [
            ("a &amp; b &lt;c&gt; it&#39;s &#x2019; &hellip;", "a & b <c> it's ’ …"),
            ("&amp;lt; &amp;amp;", "&lt; &amp;"),
            ("a&nbsp;b", "a\u{a0}b"),
            ("&#128;&#151;", "€—"),
            ("&#0;&#xD800;&#99999999999;", "\u{fffd}\u{fffd}\u{fffd}"),
            ("&CounterClockwiseContourIntegral;", "∳"),
            ("&&amp;&", "&&&"),
        ] {
            assert_eq!(decode(escaped), text, "{escaped}");
        }
    }

    #[test]
    fn leaves_what_is_no_reference() {
        for text in [
            "",
            "AT&T",
            "?a=1&copy=2&lt=3",
            "&nothing;",
            "&;",
            "&#;",
            "&#x;",
            "&#12a;",
            "&notit;",
            "a & b;",
            "&amp",
            "&é;",
            "&#xé;",
            "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;",
        ] {
            assert!(matches!(decode(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn finds_references_outside_code() {
        for (text, found) in [
            ("a &amp;gt; b", Some("&amp;")),
            ("`&lt;` and &#39;", Some("&#39;")),
            ("```\n&lt;\n```", None),
            ("``` &lt;", None),
            ("AT&T, a & b; ?a=1&copy=2", None),
        ] {
            assert_eq!(find(text).map(|at| &text[at]), found, "{text}");
        }
    }

    #[test]
    fn code_is_left_as_it_is() {
        let decoded = decode_outside_code("it&#39;s `&lt;` &amp;lt; &\n```\n&gt;\n``` &gt;");
        assert_eq!(decoded.unwrap(), "it's `&lt;` &lt; &\n```\n&gt;\n``` >");
        assert_eq!(decode_outside_code("`&lt;` & AT&T;"), None);
    }

    proptest! {
        #[test]
        fn escaping_is_undone(text in any::<String>()) {
            let escaped = htmlize::escape_all_quotes(&text);
            prop_assert_eq!(decode(&escaped), text.as_str());
        }

        #[test]
        fn nothing_panics(text in "[&#xa;mplt0-9;é]{0,40}") {
            decode(&text);
            find(&text);
        }
    }
}
