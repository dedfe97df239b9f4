//! Turns that stand in another order than they were said.
//!
//! Only when every turn has a time. Newest-first exports are turned round, so that turns of one minute keep their
//! order too; anything else is sorted, equals as they stand.

use crate::diagnostic::{Def, Severity};
use crate::model::Turn;

use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK115`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK115",
        name: "order-by-time",
        severity: Severity::Info,
        summary: "turns were put in the order of their times",
        why: "an answer before its question teaches nonsense",
        remedy: "`--no-mend order-by-time` keeps the order of the source",
    },
    on_by_default: true,
};
/// Milliseconds of a day: times below it are times of day without a date.
const DAY_MS: i64 = 86_400_000;

/// Orders the turns; counts those that stand elsewhere than before. Comes before roles, which depend on the order.
pub(super) fn mend(turns: &mut [Turn], settings: &AssembleSettings) -> u64 {
    let times: Option<Vec<i64>> = turns.iter().map(|turn| turn.time).collect();
    let Some(times) = times.filter(|times| !times.is_sorted()) else { return 0 };
    if !settings.does(&MENDING) || crosses_midnight(&times) {
        return 0;
    }
    if times.is_sorted_by(|a, b| a >= b) {
        turns.reverse();
    } else {
        turns.sort_by_key(|turn| turn.time);
    }
    times.iter().zip(turns.iter()).filter(|(before, turn)| Some(**before) != turn.time).count() as u64
}

/// Whether the times are of a day without date and step back once by more than half a day: the talk went on after
/// midnight, and the order of the source is right.
fn crosses_midnight(times: &[i64]) -> bool {
    let mut back = times.windows(2).filter_map(|pair| match pair {
        [earlier, later] if later < earlier => Some(earlier.saturating_sub(*later)),
        _ => None,
    });
    times.iter().all(|time| (0..DAY_MS).contains(time))
        && back.next().is_some_and(|step| step > DAY_MS / 2)
        && back.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::*;

    fn mended(times: &[Option<i64>]) -> (String, u64) {
        let mut turns: Vec<Turn> = times
            .iter()
            .enumerate()
            .map(|(index, time)| Turn { text: index.to_string(), time: *time, ..Turn::default() })
            .collect();
        let moved = mend(&mut turns, &settings());
        (turns.iter().map(|turn| turn.text.as_str()).collect(), moved)
    }

    #[test]
    fn runs_backwards() {
        assert_eq!(mended(&[Some(9), Some(5), Some(5), Some(1)]), ("3210".into(), 2));
        assert_eq!(mended(&[Some(1), Some(9), Some(5), Some(5)]), ("0231".into(), 2));
    }

    #[test]
    fn stays_when_sorted_or_not_fully_known() {
        assert_eq!(mended(&[Some(1), Some(1), Some(2)]), ("012".into(), 0));
        assert_eq!(mended(&[Some(2), None, Some(1)]), ("012".into(), 0));
        assert_eq!(mended(&[]), (String::new(), 0));
        assert_eq!(mended(&[Some(i64::MAX), Some(i64::MIN)]), ("10".into(), 2));
    }

    #[test]
    fn midnight_is_no_disorder() {
        assert_eq!(mended(&[Some(DAY_MS - 60_000), Some(DAY_MS - 1), Some(60_000)]), ("012".into(), 0));
        assert_eq!(mended(&[Some(7_200_000), Some(3_600_000)]), ("10".into(), 2));
    }
}
