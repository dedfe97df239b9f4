//! Who says what in a cue.

use std::collections::{BTreeMap, BTreeSet};

use super::cues::Cue;
use crate::model::{Kind, Medium, Turn};
use crate::read::labels;
use crate::read::speakers::key_of;
use crate::read::transcript::talk::label_of_line;
use crate::text::entities;

/// Longest name, in characters: the longest that 164 published meetings hold is under 50.
const LONGEST_NAME: usize = 60;
/// Most words of a name that no voice has.
const MOST_WORDS: usize = 4;
/// A silence of one speaker after which a new turn begins, in milliseconds.
const SILENCE: i64 = 30_000;

/// Where a file writes its speakers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// `<v Name>text`; where a cue has no such mark, `Name: text` for these names in folded form.
    Voice(BTreeSet<String>),
    /// `Name: text`, in most cues.
    Label,
    /// `Name: text` for these names only: in other cues a colon is a colon.
    Some(Vec<String>),
    /// `(Name)` on a line of its own.
    Bracket,
    /// Nowhere.
    None,
}

impl Style {
    /// What most cues of a sample show.
    pub fn of(cues: &[Cue<'_>]) -> Self {
        let with = |test: &dyn Fn(&str) -> bool| {
            cues.iter().filter(|cue| cue.lines.first().is_some_and(|line| test(line))).count()
        };
        let spoken = cues.iter().filter(|cue| !cue.lines.is_empty()).count();
        if cues.iter().any(|cue| cue.lines.iter().any(|line| voice(line).is_some())) {
            return Self::Voice(names_beside_voices(cues));
        }
        let labelled = with(&|line| label(line).is_some());
        if labelled > 0 && labelled * 10 >= spoken * 8 {
            return Self::Label;
        }
        let bracketed = with(&|line| bracketed(line).is_some());
        if bracketed > 0 && bracketed * 10 >= spoken * 5 && cues.iter().any(|cue| cue.lines.len() > 1) {
            return Self::Bracket;
        }
        let mut names: BTreeMap<&str, u32> = BTreeMap::new();
        for (name, _) in cues.iter().flat_map(|cue| &cue.lines).filter_map(|line| label(line)) {
            *names.entry(name).or_default() += 1;
        }
        let speaks = |name: &str, times: u32| times >= 3 || labels::speaks(&name.to_lowercase());
        let names: Vec<String> = names
            .into_iter()
            .filter(|(name, times)| speaks(name, *times))
            .map(|(name, _)| name.to_owned())
            .collect();
        if names.len() > 1 { Self::Some(names) } else { Self::None }
    }

    /// For the user.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Voice(_) => "speakers stand in `<v Name>`",
            Self::Label => "speakers stand before the first `: ` of a cue",
            Self::Some(_) => "speakers stand before a `: ` where the name comes back",
            Self::Bracket => "speakers stand in `(Name)` on a line of their own",
            Self::None => "no speakers are named",
        }
    }

    /// The speaker at the beginning of a line, and what is left of it.
    fn speaker<'a>(&self, line: &'a str) -> Option<(&'a str, &'a str)> {
        match self {
            Self::None => None,
            Self::Voice(names) => {
                let (name, text) = label(line)?;
                if names.contains(&key_of(name)) || labels::speaks(&name.to_lowercase()) {
                    return Some((name, text));
                }
                // Somebody else who speaks once: not whoever spoke before.
                is_name(line).then_some(("", line))
            }
            Self::Label => label(line),
            Self::Some(names) => label(line).filter(|(name, _)| names.iter().any(|known| known == name)),
            Self::Bracket => bracketed(line).map(|name| (name, "")),
        }
    }
}

/// `Name: text`; the name holds no mark that ends a sentence, and is not a time.
fn label(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix(">>").map_or(line, str::trim_start);
    let (name, rest) = match line.split_once(": ") {
        Some(split) => split,
        None => (line.strip_suffix(':')?, ""),
    };
    let sane = name.chars().count() <= LONGEST_NAME
        && name.chars().any(char::is_alphanumeric)
        && !name.contains(['?', '!', '<', '>'])
        && !name.contains(". ")
        && !name.starts_with('-');
    sane.then(|| (name.trim(), rest.trim_start()))
}

/// Who speaks in a file with voices: those that the voices name, and names before a colon that come again.
fn names_beside_voices(cues: &[Cue<'_>]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut met = BTreeSet::new();
    for line in cues.iter().flat_map(|cue| &cue.lines) {
        let voices = line.match_indices("<v").filter_map(|(at, _)| voice(line.get(at..)?));
        names.extend(voices.map(|(name, _)| key_of(&clean(name))));
        if let Some((name, _)) = label(line).filter(|_| is_name(line))
            && !met.insert(key_of(name))
        {
            names.insert(key_of(name));
        }
    }
    names
}

/// Whether what stands before the colon is written like a name, and is no field: few words, the first with a capital.
fn is_name(line: &str) -> bool {
    label_of_line(line).is_some_and(|(name, _)| {
        name.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase())
            && name.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() <= MOST_WORDS
    })
}

fn bracketed(line: &str) -> Option<&str> {
    let name = line.strip_prefix('(')?.strip_suffix(')')?;
    (!name.is_empty() && name.chars().count() <= LONGEST_NAME).then_some(name)
}

/// `<v Name>` or `<v.loud Name>` at the beginning: the name and what follows.
fn voice(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("<v")?;
    let (tag, rest) = rest.split_once('>')?;
    let name =
        if tag.starts_with('.') { tag.split_once([' ', '\t'])?.1 } else { tag.strip_prefix([' ', '\t'])? };
    Some((name.trim(), rest))
}

/// A piece of a cue that one speaker says.
struct Piece {
    speaker: Option<String>,
    text: String,
    /// Begins with a mark of another speaker who is not named.
    changes: bool,
}

/// The turns of all cues: pieces in a row of one speaker are one turn.
pub(super) fn turns(cues: &[Cue<'_>], style: &Style) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut last_end = 0;
    let mut shown: Vec<&str> = Vec::new();
    for cue in cues {
        // Rolling captions: what stood there before is shown once more above what is new.
        let repeated = repeated(&shown, &cue.lines);
        let lines = &cue.lines[repeated..];
        shown.clone_from(&cue.lines);
        for piece in pieces(lines, style) {
            let kind = if is_sound(&piece.text) { Kind::Media } else { Kind::Text };
            let speaker = match (&piece.speaker, turns.last()) {
                (Some(speaker), _) => speaker.clone(),
                (None, Some(last)) if !piece.changes && *style != Style::None => last.speaker.clone(),
                _ => String::new(),
            };
            let goes_on = |last: &&mut Turn| {
                last.speaker == speaker
                    && last.kind == kind
                    && !piece.changes
                    && cue.start - last_end <= SILENCE
            };
            match turns.last_mut().filter(goes_on) {
                Some(last) => {
                    if !last.text.is_empty() && !piece.text.is_empty() {
                        last.text.push(' ');
                    }
                    last.text.push_str(&piece.text);
                }
                None => turns.push(Turn {
                    speaker,
                    text: piece.text,
                    time: Some(cue.start),
                    kind,
                    medium: Medium::Speech,
                    ..Turn::default()
                }),
            }
        }
        last_end = cue.end;
    }
    turns
}

/// How many lines at the beginning of a cue are those at the end of the one before.
fn repeated(before: &[&str], lines: &[&str]) -> usize {
    let most = before.len().min(lines.len());
    // A whole cue that comes again may be said again; it is rolling only where something new follows, or the text is timed.
    let plain = |line: &&str| clean(line);
    (1..=most)
        .rev()
        .find(|count| {
            let end = before[before.len() - count..].iter().map(plain);
            let timed = lines.iter().any(|line| line.contains("<c>"))
                || before.iter().any(|line| line.contains("<c>"));
            (lines.len() > *count || timed) && end.eq(lines[..*count].iter().map(plain))
        })
        .unwrap_or(0)
}

fn pieces(lines: &[&str], style: &Style) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut say = |speaker: Option<&str>, text: &str, changes: bool| {
        let text = clean(text);
        match found.last_mut() {
            Some(last) if speaker.is_none() && !changes => {
                if !last.text.is_empty() && !text.is_empty() {
                    last.text.push(' ');
                }
                last.text.push_str(&text);
            }
            _ => found.push(Piece { speaker: speaker.map(clean), text, changes }),
        }
    };
    let dashed = lines.len() > 1
        && lines.iter().filter(|line| line.starts_with("- ") || line.starts_with('–')).count() > 1;
    // A voice goes on to its end tag, or to the end of the cue.
    let mut open = false;
    for line in lines {
        let mut rest = *line;
        if matches!(style, Style::Voice(_)) && (open || rest.contains("<v")) {
            // Several voices may stand in one line, closed or not.
            while let Some(at) = rest.find("<v") {
                let Some((name, after)) = voice(&rest[at..]) else { break };
                if !rest[..at].trim().is_empty() {
                    say(None, &rest[..at], false);
                }
                let end =
                    after.find("<v").filter(|end| voice(&after[*end..]).is_some()).unwrap_or(after.len());
                say(Some(name), &after[..end], false);
                rest = &after[end..];
                open = true;
            }
            if !rest.trim().is_empty() {
                say(None, rest, false);
            }
            open &= !line.trim_end().ends_with("</v>");
            continue;
        }
        let changes = rest.starts_with(">>") || (dashed && rest.starts_with(['-', '–']));
        if let Some((name, text)) = style.speaker(rest) {
            say(Some(name), text, false);
        } else {
            let text = if changes { rest.trim_start_matches(['>', '-', '–']).trim_start() } else { rest };
            say(None, text, changes);
        }
    }
    found
}

/// A text without tags, word times and positions, entities decoded.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        // What is no tag begins with one ASCII character.
        let (length, kept) = tag(from).map_or((1, &from[..1]), |length| (length, ""));
        out.push_str(kept);
        rest = &from[length..];
    }
    out.push_str(rest);
    let text = entities::decode(&out);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The length of a tag of subtitles at the beginning: `<i>`, `</c>`, `<00:01.000>`, `<v Ana>`, `{\an8}`.
fn tag(text: &str) -> Option<usize> {
    if text.starts_with("{\\") {
        return text.find('}').map(|end| end + 1);
    }
    let end = text.find('>').filter(|end| *end <= 200)?;
    let inside = text[1..end].trim_start_matches('/');
    let name: &str = inside.split([' ', '.', '\t']).next().unwrap_or(inside);
    let known = matches!(name, "" | "v" | "c" | "i" | "b" | "u" | "s" | "font" | "ruby" | "rt" | "lang")
        || inside.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    known.then_some(end + 1)
}

/// Whether a text is but the name of a sound: `[Music]`, `(applause)`, `♪ la la ♪`.
fn is_sound(text: &str) -> bool {
    let enclosed = |open: char, close: char| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inside| !inside.contains([open, close]) && inside.split_whitespace().count() <= 3)
    };
    enclosed('[', ']') || enclosed('(', ')') || (text.starts_with('♪') && text.ends_with('♪'))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::cues::cues;
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let cues = cues(text);
        turns(&cues, &Style::of(&cues))
            .iter()
            .map(|turn| {
                format!("{}{}: {}", if turn.kind == Kind::Media { "*" } else { "" }, turn.speaker, turn.text)
            })
            .collect()
    }

    fn file(texts: &[&str]) -> String {
        let mut file = String::from("WEBVTT\n\n");
        for (number, text) in texts.iter().enumerate() {
            let _ = write!(file, "00:{number:02}.000 --> 00:{number:02}.900\n{text}\n\n");
        }
        file
    }

    #[test]
    fn zoom_names_before_a_colon() {
        let text = file(&[
            "Ana | Support: Hello,",
            "Ana | Support: how are you?",
            "Marius (M): fine: thanks",
            "Marius (M): ok",
        ]);
        assert_eq!(said(&text), ["Ana | Support: Hello, how are you?", "Marius (M): fine: thanks ok"]);
    }

    #[test]
    fn teams_voices_closed_or_not_and_several_in_a_cue() {
        let text = file(&[
            "<v Jane Doe>Hi &amp; welcome</v>",
            "<v Jane Doe>all",
            "<v.loud Kim>one</v> <v Ana>two",
            "goes on",
        ]);
        assert_eq!(said(&text), ["Jane Doe: Hi & welcome all", "Kim: one", "Ana: two goes on"]);
    }

    #[test]
    fn labels_between_voices() {
        let text = file(&[
            "Bea | Support: How can I help?",
            "<v Kim>My cup</v>\nana: It left.",
            "<v Kim>Note this: it is late",
            "Mo: ok",
            "so be it",
            "<v Ana>That: you know</v>",
            "one thing: tomorrow",
            "Bea | Support: bye",
        ]);
        let wanted = [
            "Bea | Support: How can I help?",
            "Kim: My cup",
            "ana: It left.",
            "Kim: Note this: it is late",
            ": Mo: ok so be it",
            "Ana: That: you know one thing: tomorrow",
            "Bea | Support: bye",
        ];
        assert_eq!(said(&text), wanted);
    }

    #[test]
    fn unnamed_speakers_who_change() {
        assert_eq!(said(&file(&[">> hi", "there", ">> hello"])), [": hi there", ": hello"]);
        assert_eq!(said(&file(&["- hi\n- hello"])), [": hi", ": hello"]);
        assert_eq!(said(&file(&["(Ana)\nhi", "(Kim)\nhello"])), ["Ana: hi", "Kim: hello"]);
    }

    #[test]
    fn rolling_captions_count_once() {
        let text =
            file(&["<00:00:01.000><c>so</c> today", "so today\nwe <c>look</c>", "we look", "we look\nagain"]);
        assert_eq!(said(&text), [": so today we look again"]);
        assert_eq!(said(&file(&["no", "no"])), [": no no"]);
    }

    #[test]
    fn sounds_tags_and_colons_that_name_nobody() {
        assert_eq!(
            said(&file(&["{\\an8}<i>Hello</i> a < b", "[Music]", "at 10: the end"])),
            [": Hello a < b", "*: [Music]", ": at 10: the end"]
        );
    }

    #[test]
    fn a_long_silence_begins_a_new_turn() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n\n01:00.000 --> 01:01.000\nback\n";
        assert_eq!(said(text), [": hi", ": back"]);
    }
}
