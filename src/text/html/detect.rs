//! Whether a text is HTML at all.

use memchr::{memchr_iter, memchr2};

use crate::text::markdown;

/// Elements that nobody types between angle brackets for another reason, so that a bare start tag is enough.
const CERTAIN: &[&[u8]] = &[
    b"blockquote",
    b"body",
    b"br",
    b"center",
    b"div",
    b"font",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"hr",
    b"html",
    b"img",
    b"li",
    b"ol",
    b"p",
    b"pre",
    b"span",
    b"strong",
    b"table",
    b"tbody",
    b"td",
    b"th",
    b"tr",
    b"ul",
];

/// Elements that need more than a bare start tag: an end tag, or an attribute with a value.
const USUAL: &[&[u8]] = &[
    b"a", b"abbr", b"article", b"b", b"big", b"button", b"cite", b"code", b"dd", b"del", b"dl", b"dt", b"em",
    b"figure", b"footer", b"form", b"header", b"i", b"iframe", b"input", b"ins", b"kbd", b"label", b"link",
    b"main", b"mark", b"meta", b"q", b"s", b"samp", b"script", b"section", b"small", b"strike", b"style",
    b"sub", b"summary", b"sup", b"thead", b"title", b"tt", b"u", b"video",
];

/// Longest name of an element in the lists, and of an attribute looked at.
const LONGEST_NAME: usize = 10;
const LONGEST_ATTRIBUTE: usize = 40;

/// Whether `text` has mark-up: a real tag of HTML's vocabulary, in the form of a tag.
///
/// For fields that may be either. One pass, no parsing: `a < b`, `<nick>`, `<user@host>`, `<https://…>` and `Vec<T>` are
/// text; `<br>`, `</b>`, `<a href=…`, `<!DOCTYPE html` and `<!--` are not. Entities alone are no HTML, see
/// [`entities`](crate::text::entities). A sentence about HTML (`use the <br> tag`) is taken for HTML.
pub fn looks_like_html(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'<', bytes).any(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        bytes.get(at + 1..).is_some_and(|tag| is_tag(tag, before))
    })
}

/// Where the first tag outside Markdown code begins, in bytes; what is a tag is as in [`looks_like_html`].
pub fn find_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skip) = memchr2(b'<', b'`', bytes.get(at..)?) {
        at += skip;
        let rest = bytes.get(at..)?;
        if rest.first() == Some(&b'`') {
            at += markdown::code_length(rest)?;
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        if is_tag(rest.get(1..)?, before) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether `tag`, which follows a `<`, is one; `before` stands before the `<`.
fn is_tag(tag: &[u8], before: Option<u8>) -> bool {
    if let Some(rest) = tag.strip_prefix(b"!") {
        return rest.starts_with(b"--")
            || rest.get(..8).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype "));
    }
    let (closes, tag) = tag.strip_prefix(b"/").map_or((false, tag), |rest| (true, rest));
    let length = tag.iter().take(LONGEST_NAME + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (name, rest) = tag.split_at(length);
    let name = name.to_ascii_lowercase();
    let certain = CERTAIN.contains(&name.as_slice());
    if !certain && !USUAL.contains(&name.as_slice()) {
        return false;
    }
    if closes {
        return rest.first() == Some(&b'>');
    }
    if rest.first().is_some_and(u8::is_ascii_whitespace) && has_attribute(rest) {
        return true;
    }
    let ends = rest.trim_ascii_start();
    let ends = ends.strip_prefix(b"/").unwrap_or(ends).starts_with(b">");
    // `List<P>` and `Option<Table>` are code; a line break may stand behind a word.
    let is_generic = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'));
    certain
        && ends
        && (!is_generic || matches!(name.as_slice(), b"br" | b"hr" | b"div" | b"span" | b"strong"))
}

/// Whether a word with `=` and a value follows.
fn has_attribute(rest: &[u8]) -> bool {
    let rest = rest.get(..rest.len().min(LONGEST_ATTRIBUTE)).unwrap_or(rest).trim_ascii_start();
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_'))
        .count();
    let (name, rest) = rest.split_at(length);
    !name.is_empty()
        && rest
            .strip_prefix(b"=")
            .and_then(<[u8]>::first)
            .is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'#') || byte.is_ascii_alphanumeric())
}
