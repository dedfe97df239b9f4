//! From a finding in a row to its place in the file, with the text around it. Personal data and secrets are never shown,
//! whatever the finding is about.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::detect::{hidden_in_json, hide};
use crate::diagnostic::{Finding, Mark, Placed, Print};
use crate::read::Frame;
use crate::text::hash::fingerprint;
use crate::text::json::{inside, locate};
use crate::text::sanitize::excerpt;

/// Most characters shown before the place.
const BEFORE: usize = 24;
/// Most characters shown of the place itself.
const PLACE: usize = 44;
/// Most characters shown in all: what fits beside an indent into a line of a narrow terminal.
const WHOLE: usize = 76;

/// Bytes to either side of a place in which is looked for what may not be shown: the longest secret may begin so far away.
const HIDDEN: usize = 4_096;
/// Bytes to either side in which is always looked: what is shown, and what stands around a number and says what it is.
const NEAR: usize = 4 * (BEFORE + PLACE + WHOLE);

/// The findings with their places in the file that is called `path`.
pub(super) fn place_all(path: &str, frame: &Frame<'_>, findings: Vec<Finding>) -> Vec<Placed> {
    if findings.is_empty() {
        return Vec::new();
    }
    let content = fingerprint(frame.bytes);
    let mut lines = Lines::of(frame);
    findings.into_iter().map(|finding| place(path, frame, content, &mut lines, finding)).collect()
}

fn place(
    path: &str,
    frame: &Frame<'_>,
    content: u128,
    lines: &mut Lines<'_>,
    mut finding: Finding,
) -> Placed {
    let located = || if finding.path.is_empty() { None } else { locate(frame.bytes, &finding.path) };
    let span = finding.span.or_else(located).map(|(start, end)| {
        let part = finding.within.as_ref().and_then(|bytes| inside(frame.bytes.get(start..end)?, bytes));
        part.map_or((start, end), |part| (start + part.start, start + part.end))
    });
    if let Cow::Owned(hidden) = hide(&finding.message) {
        finding.message = hidden;
    }
    let fingerprint = Print::new(finding.def, &finding.path, content);
    let (start, end) = span.unwrap_or((0, frame.bytes.len()));
    let (line, column) = lines.at(start);
    let (end_line, end_column) = lines.at(end.max(start));
    let (excerpt, mark) = around(frame.bytes, start, end.max(start));
    let mark = mark.filter(|_| span.is_some());
    Placed {
        line,
        column,
        end_line,
        end_column,
        excerpt,
        mark,
        fingerprint,
        ..Placed::in_file(path, finding)
    }
}

/// Lines and columns (in characters, from 1) of bytes of a frame, which are asked for mostly in their order: what was counted
/// before a place is not counted again for the next one.
struct Lines<'a> {
    bytes: &'a [u8],
    first: u64,
    at: usize,
    line: u64,
    column: u64,
}

impl<'a> Lines<'a> {
    fn of(frame: &Frame<'a>) -> Self {
        Self { bytes: frame.bytes, first: frame.origin.line, at: 0, line: frame.origin.line, column: 1 }
    }

    fn at(&mut self, at: usize) -> (u64, u64) {
        let at = at.min(self.bytes.len());
        if at < self.at {
            (self.at, self.line, self.column) = (0, self.first, 1);
        }
        let passed = self.bytes.get(self.at..at).unwrap_or_default();
        let rest = match memchr::memrchr(b'\n', passed) {
            Some(newline) => {
                self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
                self.column = 1;
                passed.get(newline + 1..).unwrap_or_default()
            }
            None => passed,
        };
        self.column += match std::str::from_utf8(rest) {
            Ok(text) => text.chars().count(),
            Err(_) => String::from_utf8_lossy(rest).chars().count(),
        } as u64;
        self.at = at;
        (self.line, self.column)
    }
}

/// The text around a span on the line where it begins, short whatever the length of the line, and where the span is in
/// it.
fn around(bytes: &[u8], start: usize, end: usize) -> (String, Option<Mark>) {
    let start = start.min(bytes.len());
    let line_start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |newline| newline + 1);
    let line_end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |newline| start + newline);
    let end = end.clamp(start, line_end);
    let hidden = hidden(bytes, start);
    // A character has four bytes at most, so that so much of the line holds all that is shown.
    let text = |from: usize, to: usize| shown(bytes, from..to, &hidden);
    let before = text(character_start(bytes, start.saturating_sub(4 * BEFORE)).max(line_start), start);
    let before: Vec<char> = before.chars().collect();
    let head: String = before.iter().skip(before.len().saturating_sub(BEFORE)).collect();
    let cut_before = before.len() > BEFORE || start.saturating_sub(4 * BEFORE) > line_start;
    let marked = text(start, character_start(bytes, end.min(start + 4 * PLACE)));
    let place: String = marked.chars().take(PLACE).collect();
    let cut_place = place.len() < end - start;
    let room = if cut_place { 0 } else { WHOLE.saturating_sub(head.chars().count() + place.chars().count()) };
    let after = text(end, character_start(bytes, line_end.min(end + 4 * room)));
    let tail: String = after.chars().take(room).collect();
    let cut_after = cut_place || tail.len() < line_end - end;
    let mark = Mark { start: head.chars().count() + usize::from(cut_before), length: place.chars().count() };
    let dots = |cut: bool| if cut { "…" } else { "" };
    let shown = format!("{}{head}{place}{tail}{}", dots(cut_before), dots(cut_after));
    // Dots, characters before and behind, and what stands in the place: the longest there is.
    (excerpt(shown.trim_end(), WHOLE + PLACE), Some(mark))
}

/// What of the text around `at` may not be shown, as ranges of `bytes`.
fn hidden(bytes: &[u8], at: usize) -> Vec<Range<usize>> {
    let start = character_start(bytes, at.saturating_sub(HIDDEN));
    let window = bytes.get(start..bytes.len().min(at + HIDDEN)).unwrap_or_default();
    let part = worth_a_look(window, at - start);
    let from = start + part.start;
    let found = hidden_in_json(window.get(part).unwrap_or_default());
    found.into_iter().map(|range| from + range.start..from + range.end).collect()
}

/// The part of a window in which something may begin or end that is shown around `at`: looking at all of it would take
/// longer than everything else that is done with a row. Only private keys have spaces and are longer than [`NEAR`].
fn worth_a_look(window: &[u8], at: usize) -> Range<usize> {
    if memmem::find(window, b"PRIVATE KEY").is_some() {
        return 0..window.len();
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'"');
    let (before, behind) = window.split_at(at.min(window.len()));
    let before = before.get(..before.len().saturating_sub(NEAR)).unwrap_or_default();
    let behind = behind.get(NEAR..).unwrap_or_default();
    let start = before.iter().rposition(is_blank).map_or(0, |blank| blank + 1);
    let length = behind.iter().position(is_blank).unwrap_or(behind.len());
    start..window.len() - behind.len() + length
}

/// Some bytes as text, with a dot for each character that may not be shown.
fn shown(bytes: &[u8], range: Range<usize>, hidden: &[Range<usize>]) -> String {
    let mut text = String::new();
    let mut at = range.start;
    let piece = |from: usize, to: usize| String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default());
    for one in hidden.iter().filter(|one| one.end > range.start && one.start < range.end) {
        let (start, end) = (one.start.max(at), one.end.min(range.end));
        text.push_str(&piece(at, start));
        text.extend(piece(start, end).chars().map(|_| '•'));
        at = end.max(at);
    }
    text.push_str(&piece(at, range.end));
    text
}

/// The first byte at or before `at` that begins a character.
fn character_start(bytes: &[u8], at: usize) -> usize {
    let inside = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
    // Of what is no UTF-8 nothing is known; three bytes are the longest way back in what is.
    (0..=3).map(|back| at.saturating_sub(back)).find(|&at| !inside(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    fn shown(line: &str, place: &str) -> (String, String) {
        let start = line.find(place).unwrap();
        let (excerpt, mark) = around(line.as_bytes(), start, start + place.len());
        let mark = mark.unwrap();
        let marked = excerpt.chars().skip(mark.start).take(mark.length).collect();
        (excerpt, marked)
    }

    #[test]
    fn the_place_is_marked_in_short_and_long_lines() {
        let line = r#"{"messages":[{"role":"kunde","content":"Grüße"}]}"#;
        assert_eq!(shown(line, "\"kunde\""), (line.to_owned(), "\"kunde\"".to_owned()));
        let long = format!("{}\"here\"{}", "日".repeat(50_000), "本".repeat(50_000));
        let (excerpt, marked) = shown(&long, "\"here\"");
        assert_eq!((excerpt.chars().count(), marked.as_str()), (WHOLE + 2, "\"here\""));
        let place = format!("<{}>", "e\u{301}".repeat(300));
        let (excerpt, marked) = shown(&format!("[{place}]"), &place);
        assert!(excerpt.starts_with("[<") && excerpt.ends_with('…') && marked.chars().count() == PLACE);
    }

    #[test]
    fn places_are_the_same_in_any_order() {
        let bytes = "a\nÜb\n\ncd".as_bytes();
        let origin = Origin { line: 7, ..Origin::default() };
        let frame = Frame { bytes, origin, fault: None, row_ends: &[] };
        let alone = |at: usize| Lines::of(&frame).at(at);
        assert_eq!([0, 1, 2, 4, 6, 99].map(alone), [(7, 1), (7, 2), (8, 1), (8, 2), (9, 1), (10, 3)]);
        let mut lines = Lines::of(&frame);
        for at in [0, 4, 4, 9, 2, 5, 1, 8] {
            assert_eq!(lines.at(at), alone(at), "{at}");
        }
    }

    #[test]
    fn only_the_line_of_the_place_is_shown() {
        assert_eq!(shown("{\n  \"a\": 1,\n  \"b\": 2\n}", "1"), ("  \"a\": 1,".to_owned(), "1".to_owned()));
        assert_eq!(shown("{\n  \"a\": [\n1]\n}", "[\n1]"), ("  \"a\": [".to_owned(), "[".to_owned()));
    }

    #[test]
    fn a_near_look_hides_what_a_wide_one_does() {
        let key = format!("sk-proj-{}", "aB3dE6gH9k".repeat(15));
        let token = format!("ya29.{}", "Zx8Yw7Vu6T".repeat(190));
        let block =
            format!("-----BEGIN PRIVATE KEY-----\\n{}-----END PRIVATE KEY-----", "MIIEv9Qw+/\\n".repeat(200));
        let plain = "Please send it to my other address, as I wrote before. ".repeat(30);
        let row = |more: &str| {
            format!(
                "{{\"a\":\"{plain}mail kim.lee@posteo.de or call +49 221 8429 3517 {plain}{key} {plain}{token} {plain}{more}{plain}\"}}"
            )
        };
        for row in [row(""), row(&block)] {
            let bytes = row.as_bytes();
            let mut dotted = 0;
            for at in (0..bytes.len()).step_by(17) {
                let (from, to) = (at.saturating_sub(4 * BEFORE), bytes.len().min(at + 4 * (PLACE + WHOLE)));
                let start = at.saturating_sub(HIDDEN);
                let window = &bytes[start..bytes.len().min(at + HIDDEN)];
                let wide: Vec<_> = hidden_in_json(window)
                    .into_iter()
                    .map(|range| start + range.start..start + range.end)
                    .collect();
                let near = super::shown(bytes, from..to, &hidden(bytes, at));
                assert_eq!(near, super::shown(bytes, from..to, &wide), "{at}");
                dotted += usize::from(near.contains('•'));
            }
            assert!(dotted > 200, "{dotted}");
        }
    }

    #[test]
    fn bytes_of_any_kind_do_not_harm() {
        let bytes: Vec<u8> = (0..=255).cycle().take(2_000).collect();
        for start in 0..bytes.len() {
            let (excerpt, mark) = around(&bytes, start, start + 3);
            let mark = mark.unwrap();
            assert!(mark.start + mark.length <= excerpt.chars().count() + 1, "{start}");
        }
    }
}
