//! Tickets made from chats: the whole chat as lines `(09:12:05) Name: text` in one comment.

use super::sides::Sides;
use crate::model::{Role, Turn};
use crate::read::labels::label_of;
use crate::read::speakers::key_of;
use crate::read::transcript::talk;

/// Whether comments of the channel may hold a chat.
pub(super) fn is_channel(channel: &str) -> bool {
    matches!(
        channel,
        "chat" | "native_messaging" | "messaging" | "web_messaging" | "mobile_sdk" | "web_widget"
    )
}

/// The turns of the chat that the text of a comment is, if it is one: lines with a clock and a name.
///
/// The clock has no date and the zone of whoever exported it; the comment is written when the chat ends, so times are
/// counted back from it.
pub(super) fn turns(comment: &Turn, sides: &Sides<'_>) -> Option<Vec<Turn>> {
    if !comment.text.lines().any(is_clocked) {
        return None;
    }
    let mut turns = talk::turns(&comment.text)?;
    let spoken = || turns.iter().filter(|turn| !turn.kind.is_event());
    if spoken().count() < 2 || spoken().any(|turn| turn.time.is_none()) {
        return None;
    }
    let last = turns.iter().filter_map(|turn| turn.time).max()?;
    for turn in &mut turns {
        turn.time = comment.time.zip(turn.time).map(|(end, clock)| end - (last - clock));
        turn.visibility = comment.visibility;
        turn.medium = comment.medium;
    }
    mark(&mut turns, sides);
    // What stands before the first line with a clock happened before it.
    let first = turns.iter().find_map(|turn| turn.time);
    for turn in turns.iter_mut().take_while(|turn| turn.time.is_none()) {
        turn.time = first;
    }
    for at in 1..turns.len() {
        let before = turns.get(at - 1).and_then(|turn| turn.time);
        if let Some(turn) = turns.get_mut(at) {
            turn.time = turn.time.or(before);
        }
    }
    Some(turns)
}

/// Marks the turns with what their speakers' names say.
///
/// A visitor is named for the ticket when the chat is over, and is often `Visitor 7919` in it. So only where the
/// requester's name stands in the chat are the others known: a chat has one visitor.
fn mark(turns: &mut [Turn], sides: &Sides<'_>) {
    let requester_speaks = turns.iter().any(|turn| sides.is_requester(&turn.speaker));
    for turn in turns.iter_mut().filter(|turn| !turn.speaker.is_empty() && turn.role.is_none()) {
        let name = &turn.speaker;
        turn.role = if sides.is_requester(name) {
            Some(Role::User)
        } else if let Some(listed) = sides.listed_under(name) {
            Some(listed)
        } else {
            (requester_speaks && label_of(&key_of(name)).is_none()).then_some(Role::Assistant)
        };
    }
}

/// Whether a line begins with a clock in parentheses.
fn is_clocked(line: &str) -> bool {
    let Some((clock, _)) = line.strip_prefix('(').and_then(|rest| rest.split_once(')')) else { return false };
    clock.split(':').count() == 3
        && clock
            .split(':')
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}
