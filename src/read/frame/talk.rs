//! Talk in a room: what ends a conversation where nobody says so is a pause.
//!
//! A message belongs to what was said before it within the longest pause, in the order of time, whatever the order of
//! the source. A reply belongs to what it replies to, and to the talk like any message when that is missing; talk that
//! follows it within the pause joins it only when no other talk is nearer, so that an answer to an old question does not
//! pull in the talk around it. What merely happened belongs to the talk before it.

use rustc_hash::FxHashMap;

use super::groups::Groups;
use crate::error::{Error, Result};

/// A message in a room.
pub(super) struct Moment {
    /// When, in milliseconds.
    pub time: i64,
    /// The group of the message.
    pub group: u32,
    /// Whether somebody said something.
    pub said: bool,
    /// The key of what it replies to.
    pub joins: Option<u128>,
}

/// The talk of all rooms.
#[derive(Default)]
pub(super) struct Rooms {
    numbers: FxHashMap<u128, u32>,
    moments: Vec<(u32, Moment)>,
}

impl Rooms {
    /// Adds a message to a room.
    pub fn add(&mut self, room: u128, moment: Moment) -> Result<()> {
        let next = u32::try_from(self.numbers.len())
            .map_err(|_| Error::input("an export of more than 4,294,967,295 rooms"))?;
        let number = *self.numbers.entry(room).or_insert(next);
        self.moments.push((number, moment));
        Ok(())
    }

    /// Joins what belongs together, with `gap` milliseconds as the longest pause.
    pub fn settle(mut self, gap: i64, groups: &mut Groups) {
        // Stable: what was said at the same time stays in the order of the source.
        self.moments.sort_by_key(|(room, moment)| (*room, moment.time));
        for room in self.moments.chunk_by(|one, next| one.0 == next.0) {
            settle_room(room.iter().map(|(_, moment)| moment), gap, groups);
        }
    }
}

fn settle_room<'a>(moments: impl Iterator<Item = &'a Moment>, gap: i64, groups: &mut Groups) {
    let (mut talk, mut reply): (Option<&Moment>, Option<&Moment>) = (None, None);
    // What happened before anybody said anything.
    let mut opening: Option<u32> = None;
    for moment in moments {
        if !moment.said {
            match talk.or(reply) {
                Some(before) => groups.join(moment.group, before.group),
                None => groups.join(moment.group, *opening.get_or_insert(moment.group)),
            }
            continue;
        }
        if let Some(first) = opening.take() {
            groups.join(moment.group, first);
        }
        if let Some(other) = moment.joins.and_then(|key| groups.known(key)) {
            groups.join(moment.group, other);
            reply = Some(moment);
            continue;
        }
        let near = |last: &&Moment| moment.time.saturating_sub(last.time) <= gap;
        if let Some(before) = talk.filter(near).or_else(|| reply.filter(near)) {
            groups.join(moment.group, before.group);
        }
        talk = Some(moment);
    }
}
