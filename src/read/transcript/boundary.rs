//! Where one conversation ends and the next begins in a file of several.
//!
//! What a line looks like is decided here; whether it closes the record at hand (a rule under a title does not) is
//! decided in `frames`. What a sample consistently shows (header blocks after empty lines) is settled once.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::grammar::lines;
use super::words;
use crate::error::{Error, Result};
use crate::text::sanitize::excerpt;

/// Lines of a header block; after so many without a turn a mark begins something new.
pub(super) const LONGEST_BLOCK: usize = 20;

/// What a boundary line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    /// `---`, `===`, `***`.
    Rule,
    /// A line that names the conversation: `=== Chat 41 ===`, `Chat ID: a7`, `Chat started: …`.
    Title {
        /// What sort of title, so that two sorts in one header block do not part it.
        sort: String,
        /// The conversation's identifier.
        id: Option<&'a str>,
    },
    /// The caller's pattern.
    Asked {
        /// What its group `id`, or else its first group, holds.
        id: Option<&'a str>,
    },
    /// The first line of a header block; a field itself.
    Opening,
}

/// The marks that count in one source.
#[derive(Debug, Clone, Default)]
pub(super) struct Boundaries {
    asked: Option<Regex>,
    /// The field that begins every header block, in lower case.
    opening: Option<String>,
    /// Whether two empty lines before a field begin a conversation.
    blank_runs: bool,
    /// Sorts of titles at the top of the source; `None` while that is not known.
    at_top: Option<BTreeSet<String>>,
    /// Whether such a title comes again, so that each conversation has one and rules are somebody's text.
    titled: bool,
}

impl Boundaries {
    /// The caller's pattern, or what the sample shows.
    pub(super) fn settle(pattern: Option<&str>, sample: &str) -> Result<Self> {
        let Some(pattern) = pattern else {
            let (opening, blank_runs) = (opening(sample), blank_runs_open_blocks(sample));
            return Ok(Self { opening, blank_runs, ..Self::default() });
        };
        let asked = Regex::new(pattern).map_err(|error| {
            // The library's text draws the pattern over several lines; the last one says what is wrong.
            let said = error.to_string();
            let short = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Error::usage(format!("`--boundary {}` is no pattern: {short}", excerpt(pattern, 80)))
                .with_hint("give a regular expression that matches the first line of each conversation, such as `^=== `; its group `id` names the conversation")
        })?;
        Ok(Self { asked: Some(asked), ..Self::default() })
    }

    /// Settles which titles count, given the lines of `sample` before its first turn: `Case ID: 7` is a title in a source
    /// that begins so, and elsewhere part of a message.
    pub(super) fn settle_titles<'a>(&mut self, sample: &'a str, top: impl Iterator<Item = &'a str>) {
        let sort = |line: &str, apart| match title(line, apart) {
            Some((Mark::Title { sort, .. }, _)) => Some(sort),
            _ => None,
        };
        let at_top: BTreeSet<String> = top.filter_map(|line| sort(line, true)).collect();
        let again = solid_lines(sample).filter_map(|(line, _, apart)| sort(line, apart));
        let again = again.filter(|sort| at_top.contains(sort)).take(at_top.len() + 1).count();
        self.titled = again > at_top.len();
        self.at_top = Some(at_top);
    }

    /// Whether `mark` may end a conversation that has turns.
    pub(super) fn parts(&self, mark: &Mark<'_>) -> bool {
        !(self.titled && *mark == Mark::Rule)
    }

    /// What `line` marks, after `blanks` empty lines; `apart`: an empty line, a mark or nothing stands before it.
    pub(super) fn mark<'a>(&self, line: &'a str, blanks: usize, apart: bool) -> Option<Mark<'a>> {
        if let Some(asked) = &self.asked {
            let found = asked.captures(line)?;
            let id = found.name("id").or_else(|| found.get(1)).map(|id| id.as_str().trim());
            return Some(Mark::Asked { id: id.filter(|id| !id.is_empty()) });
        }
        if is_rule(line) {
            return Some(Mark::Rule);
        }
        if let Some((title, sure)) = title(line, apart) {
            let known = |sort| self.at_top.as_ref().is_none_or(|sorts| sorts.contains(sort));
            if sure || matches!(&title, Mark::Title { sort, .. } if known(sort)) {
                return Some(title);
            }
        }
        if blanks == 0 && !apart || self.opening.is_none() && !self.blank_runs {
            return None;
        }
        let (key, _) = field(line)?;
        let opens = self.opening.as_deref().is_some_and(|opening| key.to_lowercase() == opening)
            || (self.blank_runs && blanks >= 2 && words::is_field(key));
        opens.then_some(Mark::Opening)
    }

    /// What begins a conversation here, for a note.
    pub(super) fn describe(&self) -> Option<String> {
        if self.asked.is_some() {
            return Some("a conversation begins where `--boundary` matches".to_owned());
        }
        match &self.opening {
            Some(key) => {
                Some(format!("a conversation begins at each header block (`{}: …`)", excerpt(key, 40)))
            }
            None => self
                .blank_runs
                .then(|| "a conversation begins at a header block after two empty lines".to_owned()),
        }
    }
}

/// `---`, `===`, `***`: three or more of one sign and nothing else.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim().as_bytes();
    match line.first() {
        Some(sign @ (b'-' | b'=' | b'*')) => line.len() >= 3 && line.iter().all(|byte| byte == sign),
        _ => false,
    }
}

/// A `Key: value` line: its key and value.
pub(super) fn field(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once([':', '：'])?;
    let key = key.trim();
    let fits = (1..=60).contains(&key.len())
        && key.starts_with(char::is_alphabetic)
        && !key.contains(['<', '>', '{', '}', '"', '\t', '[', ']'])
        && key.split_whitespace().count() <= 5
        && !value.starts_with('/');
    fits.then(|| (key, value.trim()))
}

/// What a conversation is called in a title. The first ones are never an everyday word with a number beside it.
const CONVERSATIONS: &[&str] = &[
    "conversation",
    "chat",
    "transcript",
    "dialog",
    "dialogue",
    "session",
    "gespräch",
    "unterhaltung",
    "chatverlauf",
    "transkript",
    "sitzung",
    "conversación",
    "conversacion",
    "transcripción",
    "sesión",
    "conversa",
    "conversação",
    "sessão",
    "diálogo",
    "conversazione",
    "sessione",
    "dialogo",
    "gesprek",
    "discussion",
    "échange",
];
/// … these are (`call 911`), and count only with `ID`, `#` or a frame of signs.
const CASES: &[&str] =
    &["ticket", "case", "call", "thread", "interaction", "anruf", "llamada", "appel", "chiamada"];

/// A line that names a conversation and says nothing else, and whether it is sure to be no part of a message.
fn title(line: &str, apart: bool) -> Option<(Mark<'_>, bool)> {
    let line = line.trim();
    if line.len() > 160 {
        return None;
    }
    let inner = line.trim_start_matches(['=', '-', '*', '#', '_', '~']);
    let signs = line.get(..line.len() - inner.len())?;
    let framed = signs.starts_with('#') || signs.len() >= 2;
    if !framed && !signs.is_empty() {
        return None;
    }
    let inner = inner.trim_end_matches(['=', '-', '*', '#', '_', '~']).trim();
    let (noun, rest) = split_word(inner);
    let is_noun = |known: &&str| {
        known.len() == noun.len() && known.chars().eq(noun.chars().flat_map(char::to_lowercase))
    };
    let strong = CONVERSATIONS.iter().any(&is_noun);
    if !strong && !CASES.iter().any(is_noun) {
        return None;
    }
    let noun = noun.to_lowercase();
    // Messages in Markdown have headings.
    let sure = framed && !signs.starts_with('#');
    let (second, after) = split_word(rest.trim_start());
    let (rest, noun) = match second.to_lowercase().as_str() {
        // `Chat transcript #3`, `Chat log 3`
        "transcript" | "log" | "session" => (after, format!("{noun} {}", second.to_lowercase())),
        _ => (rest, noun),
    };
    let (word, after) = split_word(rest.trim_start());
    let sort = |word: &str| format!("{}{noun} {word}", signs.chars().next().unwrap_or(' '));
    match word.to_lowercase().as_str() {
        "started" | "start" | "begins" | "began" | "opened"
            if framed || after.trim_start().starts_with(':') =>
        {
            return Some((Mark::Title { sort: sort("started"), id: None }, sure));
        }
        "id" | "no" | "nr" | "number" | "num" | "nummer" | "número" => {
            let id = after.trim_start_matches(['.', ':', '#', ' ', '\t', '=']);
            // `chat no longer works` is no title.
            let parted = after.len() > id.len() && (after.contains([':', '#']) || has_digit(id));
            return (parted && is_identifier(id))
                .then(|| (Mark::Title { sort: sort("id"), id: Some(id) }, sure));
        }
        _ => {}
    }
    let rest = rest.trim();
    if rest.is_empty() {
        return framed.then(|| (Mark::Title { sort: sort(""), id: None }, sure));
    }
    let id = rest.trim_start_matches(['#', ':', '№', ' ']);
    let marked = rest.starts_with(['#', '№']);
    let fits = is_identifier(id) && has_digit(id) && (framed || marked || (strong && apart));
    let sure = sure || (strong && apart && signs.is_empty());
    fits.then(|| (Mark::Title { sort: sort("number"), id: Some(id) }, sure))
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|character: char| !character.is_alphabetic()).unwrap_or(text.len()))
}

fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len()) && !text.contains(char::is_whitespace)
}

fn has_digit(text: &str) -> bool {
    text.contains(|character: char| character.is_ascii_digit())
}

/// Lines of `sample` that are not blank, with the empty lines before each and whether it stands apart.
fn solid_lines(sample: &str) -> impl Iterator<Item = (&str, usize, bool)> {
    let mut blanks = 0;
    let mut apart = true;
    lines(sample).filter_map(move |line| {
        if line.trim().is_empty() {
            blanks += 1;
            return None;
        }
        let found = (line, blanks, apart || blanks > 0);
        blanks = 0;
        apart = is_rule(line) || title(line, found.2).is_some();
        Some(found)
    })
}

/// The field that the file begins with, if it comes again and stands apart each time.
fn opening(sample: &str) -> Option<String> {
    let (first, _) = solid_lines(sample)
        .find(|(line, _, apart)| !is_rule(line) && title(line, *apart).is_none())
        .and_then(|(line, _, _)| field(line))?;
    if !words::is_field(first) {
        return None;
    }
    let mut again = 0;
    for (line, _, apart) in solid_lines(sample) {
        if field(line).is_some_and(|(key, _)| key == first) {
            if !apart {
                return None;
            }
            again += 1;
        }
    }
    (again >= 2).then(|| first.to_lowercase())
}

/// Whether there are runs of two empty lines and a header block follows each.
fn blank_runs_open_blocks(sample: &str) -> bool {
    let mut runs = solid_lines(sample).skip(1).filter(|(_, blanks, _)| *blanks >= 2).peekable();
    runs.peek().is_some()
        && runs.all(|(line, _, apart)| {
            title(line, apart).is_some() || field(line).is_some_and(|(key, _)| words::is_field(key))
        })
}

/// Keys that stand only in header blocks: runs of fields at the beginning of a conversation that end with an empty line
/// or a rule, and hold at least one key that is a field anywhere.
pub(super) fn block_fields(sample: &str, boundaries: &Boundaries) -> BTreeSet<String> {
    let mut seen = BTreeMap::<String, (u32, u32)>::new();
    let mut run: Option<Vec<&str>> = Some(Vec::new());
    let mut close = |run: Option<Vec<&str>>| {
        if let Some(keys) = run.filter(|keys| keys.iter().any(|key| words::is_field(key))) {
            for key in keys {
                seen.entry(key.to_lowercase()).or_default().0 += 1;
            }
        }
    };
    let mut all = BTreeMap::<String, u32>::new();
    for (line, blanks, apart) in solid_lines(sample) {
        if let Some(mark) = boundaries.mark(line, blanks, apart) {
            close(run.take());
            run = Some(Vec::new());
            if mark != Mark::Opening {
                continue;
            }
        } else if blanks > 0 && run.as_ref().is_some_and(|keys| !keys.is_empty()) {
            close(run.take());
        }
        match field(line) {
            Some((key, _)) => {
                *all.entry(key.to_lowercase()).or_default() += 1;
                if let Some(run) = &mut run {
                    run.push(key);
                }
            }
            None => run = None,
        }
    }
    let only_there = |(key, (there, _)): (String, (u32, u32))| {
        (all.get(&key) == Some(&there) && !words::is_role(&key)).then_some(key)
    };
    seen.into_iter().filter_map(only_there).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The identifier of a title, `-` where it has none.
    fn id(line: &str, apart: bool) -> Option<&str> {
        match Boundaries::default().mark(line, 0, apart) {
            Some(Mark::Title { id, .. }) => Some(id.unwrap_or("-")),
            _ => None,
        }
    }

    #[test]
    fn titles() {
        for (line, want) in [
            ("=== Chat 41 ===", "41"),
            ("--- Conversation 12 ---", "12"),
            ("## Ticket #77", "77"),
            ("Chat ID: a-7", "a-7"),
            ("Transcript #3", "3"),
            ("Chat transcript #3", "3"),
            ("Conversation 12", "12"),
            ("Gespräch Nr. 5", "5"),
            ("Ticket ID: 9", "9"),
            ("Conversation: 12", "12"),
        ] {
            assert_eq!(id(line, true), Some(want), "{line}");
        }
        for line in ["=== Chat ===", "Chat started: 2024-03-01 10:00", "=== Chat started 10:00 ==="] {
            assert_eq!(id(line, true), Some("-"), "{line}");
        }
        for line in [
            "Call 911",
            "Chat with us",
            "chat no longer works",
            "Conversation was nice",
            "- Chat 12",
            "Chat transferred to Ana",
            "=== nick has left",
            "Ticket ID: please tell me",
            "=== Bob [x] has joined #chat",
            "Session expired",
        ] {
            assert_eq!(id(line, true), None, "{line}");
        }
        assert_eq!(id("Conversation 12", false), None);
    }

    #[test]
    fn header_blocks_open_conversations() {
        let twice = "Date: 1\nAgent name: Ana\n\nAna: hi\n\nDate: 2\nAgent name: Bo\n\nBo: hi\n";
        assert_eq!(opening(twice).as_deref(), Some("date"));
        assert_eq!(opening("Ana: hi\n\nBob: yo\n\nAna: ok\n"), None);
        assert_eq!(opening("Date: 1\nAna: on which\nDate: 5?\n"), None);
        assert!(blank_runs_open_blocks("Ana: a\n\n\nDate: 2\nBo: b\n"));
        assert!(!blank_runs_open_blocks("Ana: a\n\n\nDate: 2\nBo: b\n\n\nAna: c\n"));
        let rated = "=== Chat 1 ===\nDate: 1\nMood: 5\n\nAna: hi\nBo: yo\n\n=== Chat 2 ===\nDate: 2\nMood: 4\n\nAna: a\n";
        let fields = block_fields(rated, &Boundaries::default());
        assert_eq!(fields.into_iter().collect::<Vec<_>>(), ["date", "mood"]);
    }

    #[test]
    fn a_bad_pattern_is_a_mistake_of_usage() {
        let error = Boundaries::settle(Some("(["), "").unwrap_err();
        assert_eq!(error.kind(), crate::error::ErrorKind::Usage);
        assert!(!error.to_string().contains('\n') && error.hint().is_some(), "{error}");
    }
}
