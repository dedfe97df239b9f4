//! What single cells mean: nothing, yes or no, escaped characters.

use std::borrow::Cow;

/// The text of a cell that is used: words for "nothing" are empty, Excel's escapes are characters again.
pub(super) fn clean(cell: &str) -> Cow<'_, str> {
    if is_nothing(cell.trim()) { Cow::Borrowed("") } else { unescape(cell) }
}

/// The text of a cell that somebody said: like [`clean`], but words that people answer with stay.
pub(super) fn said(cell: &str) -> Cow<'_, str> {
    if is_unsaid(cell.trim()) { Cow::Borrowed("") } else { unescape(cell) }
}

/// Words that pandas, SQL clients and spreadsheets write for an empty cell, when they are all there is.
pub(super) fn is_nothing(cell: &str) -> bool {
    is_unsaid(cell) || is_ambiguous(cell)
}

/// Those of them that nobody says.
fn is_unsaid(cell: &str) -> bool {
    matches!(cell, "" | "nan" | "NaN" | "NULL" | "#N/A" | "<NA>" | "\\N" | "NaT")
}

/// Those of them that are an answer, too: "Any allergies?" "None".
pub(super) fn is_ambiguous(cell: &str) -> bool {
    matches!(cell, "None" | "null" | "N/A" | "-")
}

/// `_x000D_`, `_x000A_`, `_x0009_` as the characters they stand for, and `_x005F_` as the underscore that
/// protects such a text (ECMA-376, `ST_Xstring`).
fn unescape(cell: &str) -> Cow<'_, str> {
    if !cell.contains("_x00") {
        return Cow::Borrowed(cell);
    }
    let mut out = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(at) = rest.find("_x00") {
        out.push_str(&rest[..at]);
        let found = rest.get(at..at + 7).and_then(|escape| match escape {
            "_x000D_" | "_x000d_" => Some('\r'),
            "_x000A_" | "_x000a_" => Some('\n'),
            "_x0009_" => Some('\t'),
            "_x005F_" | "_x005f_" => Some('_'),
            _ => None,
        });
        if let Some(character) = found {
            out.push(character);
            rest = &rest[at + 7..];
        } else {
            out.push_str("_x00");
            rest = &rest[at + 4..];
        }
    }
    out.push_str(rest);
    out.into()
}

/// Yes or no, in the words of exports.
pub(super) fn truth(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
        _ => None,
    }
}

/// An identifier without what spreadsheets and data frames add to numbers: `3.0` is `3`.
pub(super) fn identifier(cell: &str) -> &str {
    let cell = cell.trim();
    if is_nothing(cell) {
        return "";
    }
    match cell.split_once('.') {
        Some((whole, zeros))
            if !whole.is_empty()
                && !zeros.is_empty()
                && whole.bytes().all(|byte| byte.is_ascii_digit())
                && zeros.bytes().all(|byte| byte == b'0') =>
        {
            whole
        }
        _ => cell,
    }
}

/// Whether a spreadsheet has rounded this identifier (`4.02935E+11`), so that different ones became equal.
pub(super) fn is_rounded(cell: &str) -> bool {
    let Some((digits, exponent)) = cell.trim().split_once(['E', 'e']) else { return false };
    exponent.starts_with('+')
        && exponent.len() > 2
        && exponent[1..].bytes().all(|byte| byte.is_ascii_digit())
        && digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cleaned() {
        assert_eq!(clean("a_x000D_\nb_x005F_x000A_c _x00ZZ_ _x00"), "a\r\nb_x000A_c _x00ZZ_ _x00");
        assert_eq!(clean(" NaN "), "");
        assert_eq!(clean("None of these"), "None of these");
        assert_eq!(
            (clean("None"), said("None"), said(" NaN "), said("a_x000A_b")),
            ("".into(), "None".into(), "".into(), "a\nb".into())
        );
        assert_eq!(clean("_x00é"), "_x00é");
    }

    #[test]
    fn identifiers() {
        assert_eq!(identifier(" 3.0 "), "3");
        assert_eq!(identifier("3.5"), "3.5");
        assert_eq!(identifier("nan"), "");
        assert!(is_rounded("4.02935E+11") && !is_rounded("E+1") && !is_rounded("abcE+11"));
    }
}
