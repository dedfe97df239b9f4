//! When an answer was given.
//!
//! Messages have no times any more, so each answer is looked for among the turns it was made of, in their order; mending changes
//! ends of texts (signatures, quotations) rather than beginnings.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Raw, Turn};

/// Times before this are times of day, or since the beginning of a recording.
const TIME_OF_DAY: i64 = 7 * 86_400_000;
/// Characters of a turn's first line by which it is known again.
const BEGINNING: usize = 40;

/// The times of a conversation's turns.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// In their order.
    times: Vec<i64>,
    /// Where turns with one beginning are, by its hash.
    places: FxHashMap<u64, Vec<usize>>,
    next: usize,
}

impl Times {
    /// Of a record, before it is put together.
    pub(super) fn of(raw: &Raw) -> Self {
        let Raw::Conversation(conversation) = raw else { return Self::default() };
        let timed =
            |turn: &Turn| turn.time.filter(|time| is_date(*time)).map(|time| (time, beginning(&turn.text)));
        let mut turns: Vec<(i64, u64)> = conversation.turns.iter().filter_map(timed).collect();
        turns.sort_by_key(|(time, _)| *time);
        let mut places: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (place, (_, beginning)) in turns.iter().enumerate() {
            places.entry(*beginning).or_default().push(place);
        }
        Self { times: turns.into_iter().map(|(time, _)| time).collect(), places, next: 0 }
    }

    /// When an answer was given: the time of its turn, otherwise of the one behind the last that was found.
    pub(super) fn of_answer(&mut self, answer: &str) -> Option<i64> {
        let places = self.places.get(&beginning(answer)).map(Vec::as_slice).unwrap_or_default();
        if let Some(place) = places.get(places.partition_point(|place| *place < self.next)) {
            self.next = place + 1;
            return self.times.get(*place).copied();
        }
        self.times.get(self.next).or(self.times.last()).copied()
    }
}

/// The beginning of a text, as a hash.
fn beginning(text: &str) -> u64 {
    let line = text.trim().lines().next().unwrap_or_default();
    let end = line.char_indices().nth(BEGINNING).map_or(line.len(), |(end, _)| end);
    xxh3_64(line.get(..end).unwrap_or_default().trim_end().as_bytes())
}

/// A time that stands beside the messages, unless it is a time of day.
pub(super) fn is_date(time: i64) -> bool {
    time >= TIME_OF_DAY
}

/// The day of a time, in UTC.
pub(super) fn day(time: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(time).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Conversation;

    #[test]
    fn answers_find_their_turns_in_order() {
        let turn = |time, text: &str| Turn { time, text: text.to_owned(), ..Turn::default() };
        let raw = Raw::Conversation(Conversation {
            turns: vec![
                turn(Some(1_700_000_000_000), "How long?"),
                turn(Some(1_700_000_100_000), " 30 days. \n-- \nAna"),
                turn(Some(1_700_000_200_000), "Sure?"),
                turn(Some(1_700_000_300_000), "30 days."),
                turn(Some(36_000_000), "10 o'clock"),
            ],
            ..Conversation::default()
        });
        let mut times = Times::of(&raw);
        assert_eq!(times.of_answer("10 o'clock"), Some(1_700_000_000_000));
        assert_eq!(times.of_answer("30 days. \n-- \nAna and more"), Some(1_700_000_100_000));
        assert_eq!(times.of_answer("30 days."), Some(1_700_000_300_000));
        assert_eq!(times.of_answer("never said"), Some(1_700_000_300_000));
        assert_eq!(day(1_700_000_000_000).as_deref(), Some("2023-11-14"));
    }
}
