//! What the exports of help desks have in common: fields that may be missing or wrong, bodies in HTML, names of people
//! who must stay apart, the order of turns.

mod body;
mod cast;
mod fields;

pub(super) use body::{Written, attached, written};
pub(super) use cast::Cast;
pub(super) use fields::{Fields, list, list_at};

use crate::model::Turn;

/// Puts turns in order where every one has a time: exports with the newest first are turned round, so that turns of one
/// second keep their order, anything else is sorted, equals as they stand.
pub(super) fn oldest_first(turns: &mut [Turn]) {
    let times: Option<Vec<i64>> = turns.iter().map(|turn| turn.time).collect();
    let Some(times) = times.filter(|times| !times.is_sorted()) else { return };
    if times.is_sorted_by(|a, b| a >= b) {
        turns.reverse();
    }
    turns.sort_by_key(|turn| turn.time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first_is_turned_round() {
        let turn = |time: i64, text: &str| Turn { time: Some(time), text: text.into(), ..Turn::default() };
        let mut turns = vec![turn(3, "d"), turn(2, "c"), turn(2, "b"), turn(1, "a")];
        oldest_first(&mut turns);
        let texts: Vec<&str> = turns.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
        let mut turns = vec![turn(2, "b"), turn(1, "a"), Turn::default()];
        oldest_first(&mut turns);
        assert_eq!(turns[0].text, "b");
    }
}
