//! The HTML of a chat: announcements in `<p align="center">`, messages behind the time that has passed since the start.
//!
//! ```text
//! <p align="center">Chat Started: Friday, March 01, 2024, 10:00:00 (+0000)</p><p align="center">Agent Ana P</p>
//! ( 4s ) Ana P: Hi, how can I help?<br>( 1m 31s ) Visitor: it&#39;s broken<br>
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Conversation, Event, Extra, Kind, Role, Turn};
use crate::read::codes;
use crate::read::desk::Fields;
use crate::read::json::Misfit;
use crate::read::json::export::Read;
use crate::read::labels::label_of;
use crate::read::speakers::{SpeakerRole, key_of};
use crate::text::html::to_text;
use crate::text::time;

/// Longest name of a speaker, in bytes: longer beginnings of a message are no names.
const LONGEST_NAME: usize = 120;
/// Longest tag of a paragraph, in bytes.
const LONGEST_TAG: usize = 200;
/// Longest elapsed time, in bytes: four numbers with their units.
const LONGEST_ELAPSED: usize = 40;

/// Whether a cell is such a chat.
pub(super) fn is_chat(body: &str) -> bool {
    let start = body.trim_start();
    start.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("<p")) && body.contains("Chat Started:")
        || elapsed(start).is_some_and(|(_, rest)| named(rest).is_some())
}

/// Reads one row.
pub(super) fn read(mut row: Extra) -> Read {
    let fields = Fields::of(&row);
    let Some(body) = fields.first_text(&["Body"])? else {
        return Err(Misfit::new(&codes::NO_CHAT_SHAPE, "Body", "is empty: nobody took the chat"));
    };
    let column = fields.time(&["StartTime", "RequestTime", "CreatedDate"]);
    let turns = turns(body, column);
    if turns.iter().all(|turn| turn.kind.is_event()) {
        return Err(Misfit::new(&codes::NO_CHAT_SHAPE, "Body", "holds no line like `( 10s ) Name: text`"));
    }
    let id = fields.id(&["Id", "ChatKey"]);
    for key in ["Id", "Body"] {
        row.shift_remove(key);
    }
    Ok((Conversation { id, turns, extra: row, ..Conversation::default() }, Vec::new()))
}

/// A piece of the HTML.
enum Piece<'a> {
    /// The inside of a paragraph.
    Announced(&'a str),
    /// Milliseconds since the start, and what stands up to the next piece.
    Said(i64, &'a str),
    /// Anything else.
    Stray(&'a str),
}

fn turns(body: &str, start: Option<i64>) -> Vec<Turn> {
    let pieces = pieces(body);
    let started = pieces.iter().find_map(|piece| match piece {
        Piece::Announced(inside) => time::parse(to_text(inside).strip_prefix("Chat Started:")?),
        _ => None,
    });
    let start = start.or(started);
    let mut turns = Vec::new();
    let mut now = start;
    for piece in pieces {
        match piece {
            Piece::Announced(inside) => {
                let text = to_text(inside);
                let kind = Kind::Event(announced(&text));
                turns.push(Turn { text, time: now, kind, ..Turn::default() });
            }
            Piece::Said(after, rest) => {
                now = start.map(|start| start.saturating_add(after));
                let (speaker, text) =
                    named(rest).map_or((String::new(), rest), |(name, text)| (to_text(name), text));
                turns.push(Turn { speaker, text: to_text(text), time: now, ..Turn::default() });
            }
            Piece::Stray(rest) => {
                let text = to_text(rest);
                if !text.trim().is_empty() {
                    turns.push(Turn { text, time: now, kind: Kind::Event(Event::Other), ..Turn::default() });
                }
            }
        }
    }
    set_sides(&mut turns);
    turns
}

/// What an announcement tells of an agent stands behind this word.
const AGENT: &str = "Agent ";

fn announced(text: &str) -> Event {
    if text.contains("ransferred") {
        Event::Transfer
    } else if text.starts_with("Chat Ended") || text.starts_with("Visitor left") {
        Event::Leave
    } else if text.starts_with(AGENT) {
        Event::Join
    } else {
        Event::Other
    }
}

/// Cuts the HTML at its paragraphs, and at elapsed times that begin a line.
fn pieces(body: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        if let Some((inside, after)) = paragraph(rest) {
            pieces.push(Piece::Announced(inside));
            rest = after;
            continue;
        }
        let begun = elapsed(rest);
        let from = begun.map_or(0, |(_, after)| rest.len() - after.len());
        let end = next_piece(rest, from);
        let (piece, after) = rest.split_at(end);
        pieces.push(match begun {
            Some((time, _)) => Piece::Said(time, piece.get(from..).unwrap_or_default()),
            None => Piece::Stray(piece),
        });
        rest = after;
    }
    pieces
}

/// The inside of the paragraph that begins here, and what follows it.
fn paragraph(text: &str) -> Option<(&str, &str)> {
    let tag = text.get(..2).filter(|tag| tag.eq_ignore_ascii_case("<p"))?;
    let opened = text.strip_prefix(tag)?;
    if !opened.starts_with([' ', '>']) {
        return None;
    }
    // Looking further would cost every `<p` without an end the whole rest.
    let end = memchr::memchr(b'>', opened.as_bytes().get(..opened.len().min(LONGEST_TAG))?)?;
    let inside = opened.get(end + 1..)?;
    let closes = |at: &usize| {
        inside.as_bytes().get(at + 1..at + 4).is_some_and(|tag| tag.eq_ignore_ascii_case(b"/p>"))
    };
    match memchr::memchr_iter(b'<', inside.as_bytes()).find(closes) {
        Some(end) => Some((inside.get(..end)?, inside.get(end + 4..)?)),
        None => Some((inside, "")),
    }
}

/// Where the next paragraph, or the next elapsed time behind a line break, begins; looked for behind `from`.
fn next_piece(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes.get(from..).unwrap_or_default()).map(|at| at + from) {
        let tag = bytes.get(at + 1..).unwrap_or_default();
        if tag.first().is_some_and(|byte| byte.eq_ignore_ascii_case(&b'p'))
            && at > 0
            && tag.get(1).is_some_and(|byte| matches!(byte, b' ' | b'>'))
        {
            return at;
        }
        if tag.get(..2).is_some_and(|name| name.eq_ignore_ascii_case(b"br"))
            && let Some(close) = memchr::memchr(b'>', tag.get(..8.min(tag.len())).unwrap_or_default())
        {
            let after = at + close + 2;
            let next = text.get(after..).unwrap_or_default();
            let skipped = next.len() - next.trim_start().len();
            if elapsed(next.trim_start()).is_some_and(|(_, rest)| named(rest).is_some()) {
                return after + skipped;
            }
        }
    }
    text.len()
}

/// `( 1h 2m 3s ) rest`: the milliseconds, and the rest.
fn elapsed(text: &str) -> Option<(i64, &str)> {
    let open = text.strip_prefix('(')?;
    let end = memchr::memchr(b')', open.as_bytes().get(..open.len().min(LONGEST_ELAPSED))?)?;
    let (inside, rest) = (open.get(..end)?, open.get(end + 1..)?);
    let mut seconds = 0i64;
    let mut parts = 0;
    for part in inside.split_ascii_whitespace() {
        let unit = match part.as_bytes().last()? {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            _ => return None,
        };
        let number: i64 =
            part.get(..part.len() - 1)?.parse().ok().filter(|number| (0..1_000_000).contains(number))?;
        seconds += unit * number;
        parts += 1;
    }
    (parts > 0).then_some((seconds * 1_000, rest.trim_start()))
}

/// The name before the first colon of a message, and its text.
fn named(text: &str) -> Option<(&str, &str)> {
    let end = memchr::memchr(b':', text.as_bytes().get(..text.len().min(LONGEST_NAME + 1))?)?;
    let (name, rest) = (text.get(..end)?, text.get(end + 1..)?);
    let plain = !name.trim().is_empty() && !name.contains('<');
    plain.then(|| (name.trim(), rest.trim_start()))
}

/// Sets the sides: agents are those announced; where an announcement names nobody who speaks, the first who speaks after
/// it. Who is left is the customer; of several, the one who still speaks with the agent.
fn set_sides(turns: &mut [Turn]) {
    let mut roles = BTreeMap::<String, Role>::new();
    let mut sides = BTreeMap::<String, Role>::new();
    let speakers: BTreeSet<&str> = spoken(turns).map(|turn| turn.speaker.as_str()).collect();
    // Who speaks next and is no customer by name, for each turn.
    let mut next = vec![None; turns.len()];
    let mut last = None;
    for (turn, next) in turns.iter().zip(&mut next).rev() {
        if !turn.kind.is_event() && !turn.speaker.is_empty() && !is_customer(&turn.speaker) {
            last = Some(turn.speaker.as_str());
        }
        *next = last;
    }
    for (turn, next) in turns.iter().zip(next) {
        let Some(name) = turn.text.strip_prefix(AGENT).filter(|_| turn.kind.is_event()) else { continue };
        let name = name.trim();
        // `Ana P joined` names the longest beginning that speaks.
        let beginnings = name.match_indices(' ').map(|(end, _)| end).take_while(|end| *end <= LONGEST_NAME);
        let named = beginnings
            .filter_map(|end| speakers.get(name.get(..end)?).copied())
            .filter(|name| !is_customer(name));
        let named = speakers.get(name).copied().or_else(|| named.last());
        // A later announcement of somebody who never speaks must not make an agent of the customer.
        let unfilled = name.is_empty() || name.contains(['(', '{']) || roles.is_empty();
        if let Some(agent) = named.or(next.filter(|_| unfilled)) {
            roles.insert(agent.to_owned(), Role::Assistant);
        }
    }
    let others: Vec<&str> = speakers.into_iter().filter(|speaker| !roles.contains_key(*speaker)).collect();
    let with_agent: BTreeSet<&str> = spoken(turns)
        .map(|turn| turn.speaker.as_str())
        .skip_while(|speaker| !roles.contains_key(*speaker))
        .filter(|speaker| !roles.contains_key(*speaker))
        .collect();
    for other in &others {
        let role = match (roles.is_empty() || others.len() > 1, with_agent.len()) {
            (false, _) => Some(Role::User),
            // A bot hands over to the agent and is silent from then on.
            (true, 1) if with_agent.contains(other) => Some(Role::User),
            (true, 1) => Some(Role::Other("bot".into())),
            (true, _) => is_customer(other).then_some(Role::User),
        };
        if let Some(role) = role {
            sides.insert((*other).to_owned(), role);
        }
    }
    roles.extend(sides);
    for turn in turns.iter_mut().filter(|turn| !turn.kind.is_event()) {
        turn.role = roles.get(&turn.speaker).cloned();
    }
}

fn spoken(turns: &[Turn]) -> impl Iterator<Item = &Turn> {
    turns.iter().filter(|turn| !turn.kind.is_event() && !turn.speaker.is_empty())
}

fn is_customer(speaker: &str) -> bool {
    label_of(&key_of(speaker)).is_some_and(|label| label.role == SpeakerRole::User)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> Vec<(String, Option<Role>, String)> {
        let turns = turns(body, None).into_iter().filter(|turn| !turn.kind.is_event());
        turns.map(|turn| (turn.speaker, turn.role, turn.text)).collect()
    }

    fn said(speaker: &str, role: Role, text: &str) -> (String, Option<Role>, String) {
        (speaker.into(), Some(role), text.into())
    }

    #[test]
    fn elapsed_times() {
        assert_eq!(elapsed("( 10s ) x"), Some((10_000, "x")));
        assert_eq!(elapsed("( 1d 1h 2m 3s )x"), Some((90_123_000, "x")));
        for text in
            ["( 10 ) x", "()", "(", "( s )", "10s", "( 5s", "(x5s) a", "( 99999999999s ) x", "( ü ) x"]
        {
            assert_eq!(elapsed(text), None, "{text}");
        }
    }

    #[test]
    fn line_breaks_within_and_between() {
        let body = "<p align=\"center\">Agent Ana P</p>( 4s ) Ana P: a<br>b: c<br>( 5s ) Visitor: ( 6s ) me<br>\
                    (7s) no name<br>( 8s ) Visitor: it&#39;s &amp;lt;<br>";
        assert_eq!(
            told(body),
            [
                said("Ana P", Role::Assistant, "a\nb: c"),
                said("Visitor", Role::User, "( 6s ) me\n(7s) no name"),
                said("Visitor", Role::User, "it's &lt;"),
            ]
        );
    }

    #[test]
    fn unfilled_announcements_and_transfers() {
        let body = "<p>Agent (UserFirstName)</p>( 4s ) Royalle G: a<br>( 5s ) Kim: b<br><p>Agent Jo joined</p>\
                    ( 6s ) Jo: c<br>( 7s ) Kim: d<br><p>Agent Nobody</p>( 8s ) Kim: e<br>";
        let roles: Vec<Option<Role>> = told(body).into_iter().map(|(_, role, _)| role).collect();
        let (user, agent) = (Some(Role::User), Some(Role::Assistant));
        assert_eq!(roles, [agent.clone(), user.clone(), agent, user.clone(), user]);
        // Nobody is announced, and two speak who are not told apart.
        assert!(told("( 1s ) Kim: a<br>( 2s ) Helper: b<br>").iter().all(|(_, role, _)| role.is_none()));
    }

    #[test]
    fn broken_pieces_end() {
        for body in [
            "<p",
            "<p>",
            "<p align",
            "( 4s )",
            "<br><br",
            "( 4s ) x: <",
            "<pre>( 1s ) a: b",
            "<p>a</p",
            "ü<p ü",
        ] {
            let _ = turns(body, Some(i64::MAX));
        }
    }
}
