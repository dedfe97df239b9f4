//! Marks of sources in answers: they point at search results and files that the export does not hold.
//!
//! - `【12†source】`, `【12:3†report.pdf】`
//! - `:contentReference[oaicite:3]{index=3}`
//! - U+E200 … U+E201 around a kind and its arguments with U+E202 between them (`cite`, `filecite`, `i`, `navlist`); the
//!   kinds `entity` and `url` hold words of the sentence, which stay. U+E203 and U+E204 surround words that a source
//!   belongs to; only the two marks go.

use std::borrow::Cow;

use serde_json::Value;

use crate::text::cut::head;

const OPEN: char = '\u{e200}';
const CLOSE: char = '\u{e201}';
const BETWEEN: char = '\u{e202}';
/// Longest mark looked at, in bytes; what is longer is no mark.
const LONGEST: usize = 4_096;
/// Longest number in `【12†…】` and the like.
const DIGITS: usize = 6;

/// The text without marks, and how many there were.
pub(super) fn cut(text: &str) -> (Cow<'_, str>, usize) {
    let begins = |character: char| matches!(character, '\u{e200}'..='\u{e206}' | '【' | ':');
    let (mut out, mut marks) = (String::new(), 0);
    let (mut copied, mut at) = (0, 0);
    while let Some(skip) = text.get(at..).and_then(|rest| rest.find(begins)) {
        at += skip;
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { break };
        if let Some((length, words)) = mark(rest, first) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push_str(&words);
            at += length;
            copied = at;
            marks += 1;
        } else {
            at += first.len_utf8();
        }
    }
    if marks == 0 {
        return (Cow::Borrowed(text), 0);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    (Cow::Owned(out), marks)
}

/// The length of the mark at the beginning of `rest`, and the words in it that stay.
fn mark(rest: &str, first: char) -> Option<(usize, String)> {
    match first {
        OPEN => {
            let inside = rest.get(OPEN.len_utf8()..)?;
            let near = head(inside, LONGEST);
            let Some(end) = near.find([OPEN, CLOSE]).filter(|end| near[*end..].starts_with(CLOSE)) else {
                return Some((OPEN.len_utf8(), String::new()));
            };
            Some((OPEN.len_utf8() + end + CLOSE.len_utf8(), words(inside.get(..end)?)))
        }
        '\u{e201}'..='\u{e206}' => Some((first.len_utf8(), String::new())),
        '【' => {
            let inside = rest.get('【'.len_utf8()..)?;
            let number = digits(inside);
            let after = inside.get(number..).filter(|_| number > 0)?;
            let after = match after.strip_prefix(':') {
                Some(more) => more.get(digits(more)..)?,
                None => after,
            };
            let source = after.strip_prefix('†')?;
            let near = head(source, LONGEST);
            // Up to the next one that begins, so that many of them cost no more than their length.
            let end = near.find(['【', '】', '\n']).filter(|end| near[*end..].starts_with('】'))?;
            Some((rest.len() - source.len() + end + '】'.len_utf8(), String::new()))
        }
        _ => {
            let inside = rest.strip_prefix(":contentReference[oaicite:")?;
            let after = inside.get(digits(inside)..)?.strip_prefix("]{index=")?;
            let end = after.get(digits(after)..)?.strip_prefix('}')?;
            Some((rest.len() - end.len(), String::new()))
        }
    }
}

/// The words of the sentence in what stands between U+E200 and U+E201.
fn words(inside: &str) -> String {
    let Some((kind, arguments)) = inside.split_once(BETWEEN) else { return String::new() };
    match kind {
        "entity" => serde_json::from_str::<Value>(arguments)
            .ok()
            .and_then(|entity| entity.get(1)?.as_str().map(str::to_owned))
            .unwrap_or_default(),
        "url" => arguments.split(BETWEEN).next().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take(DIGITS).take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        for (text, wanted, marks) in [
            ("Tea is old【12†source】.", "Tea is old.", 1),
            ("Tea【3:0†tea.pdf】 and【4†L1-L9】 milk", "Tea and milk", 2),
            ("Old\u{e200}cite\u{e202}turn0search1\u{e202}turn0search2\u{e201}.", "Old.", 1),
            ("In \u{e200}entity\u{e202}[\"city\",\"Graz\",\"Austria\"]\u{e201} now", "In Graz now", 1),
            ("See \u{e200}url\u{e202}the shop\u{e202}turn0search0\u{e201}", "See the shop", 1),
            ("\u{e203}So it is\u{e204}\u{e202}turn0search0", "So it isturn0search0", 3),
            ("Yes :contentReference[oaicite:3]{index=3}", "Yes ", 1),
            ("\u{e200}lost \u{e200}cite\u{e202}x\u{e201} end", "lost  end", 2),
        ] {
            let (cut, count) = cut(text);
            assert_eq!((cut.as_ref(), count), (wanted, marks), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_mark_stays() {
        for text in [
            "【注】 text",
            "【12】",
            "【12†source",
            "【†x】",
            "a: b",
            ":contentReference[oaicite:x]",
            "10:30",
            "【1†\n】",
        ] {
            assert_eq!(cut(text), (Cow::Borrowed(text), 0));
        }
    }

    #[test]
    fn hostile_marks_cost_little() {
        let many = "\u{e200}".repeat(100_000);
        assert_eq!(cut(&many).1, 100_000);
        let many = "【1†".repeat(100_000);
        assert_eq!(cut(&many).1, 0);
    }
}
