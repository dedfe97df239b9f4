//! The order of the rows of one conversation by their times, also where some have none.
//!
//! A row without a time stays beside the rows that it stands between; which of them comes first depends on the way the
//! file runs, newest or oldest first.

use crate::text::time;

/// Days from the day that Excel counts from (1899-12-30, with its leap day of 1900 that never was) to 1970-01-01.
const DAYS_TO_1970: f64 = 25_569.0;
/// Days that Excel counts for the years 1954 to 2119: other numbers alone are no dates.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;
/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// The time that a cell says, in milliseconds since 1970; also as Excel counts it (`45353.354`).
pub(super) fn moment(cell: &str, day_first: bool) -> Option<i64> {
    time::parse_with(cell, day_first).or_else(|| serial(cell.trim()))
}

#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
fn serial(cell: &str) -> Option<i64> {
    let plain = cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let days: f64 = plain.then(|| cell.replace(',', ".").parse().ok())??;
    // To the second: a fraction of a day is written with rounding.
    SERIALS.contains(&days).then(|| (((days - DAYS_TO_1970) * DAY / 1000.0).round() * 1000.0) as i64)
}

/// Whether times of neighbours, as they stand, run from the newest to the oldest; `None` where they do not tell.
pub(super) fn newest_first(neighbours: impl Iterator<Item = (i64, i64)>) -> Option<bool> {
    let (mut up, mut down) = (0_usize, 0_usize);
    for (earlier, later) in neighbours {
        up += usize::from(earlier < later);
        down += usize::from(earlier > later);
    }
    (up != down).then_some(down > up)
}

/// The places of rows in the order of their times, and for each place a time to compare: its own, else that of the row
/// said before it. `newest_first` is how the file runs, where these rows do not tell.
pub(super) fn by_time(times: &[Option<i64>], file_newest_first: bool) -> Vec<(usize, i64)> {
    let known: Vec<i64> = times.iter().copied().flatten().collect();
    let backwards = newest_first(known.iter().copied().zip(known.iter().copied().skip(1)));
    let mut places: Vec<usize> = (0..times.len()).collect();
    if backwards.unwrap_or(file_newest_first) {
        places.reverse();
    }
    let own = |place: &usize| times.get(*place).copied().flatten();
    let mut last = places.iter().find_map(own).unwrap_or(0);
    let mut filled: Vec<(usize, i64)> = Vec::with_capacity(places.len());
    for place in &places {
        last = own(place).unwrap_or(last);
        filled.push((*place, last));
    }
    filled.sort_by_key(|(_, time)| *time);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(times: &[Option<i64>], file_newest_first: bool) -> Vec<usize> {
        by_time(times, file_newest_first).into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn rows_without_a_time_stay_beside_their_neighbours() {
        assert_eq!(ordered(&[Some(4), None, Some(2), Some(1)], false), [3, 2, 1, 0]);
        assert_eq!(ordered(&[Some(1), None, Some(2), Some(4)], true), [0, 1, 2, 3]);
        assert_eq!(ordered(&[None, Some(4), Some(2), None], false), [3, 2, 1, 0]);
        assert_eq!(ordered(&[Some(2), None, Some(4), Some(1)], false), [3, 0, 1, 2]);
        // One time, or none, does not tell: the file does.
        assert_eq!(ordered(&[Some(4), None, None], true), [2, 1, 0]);
        assert_eq!(ordered(&[None, None], true), [1, 0]);
        assert_eq!(ordered(&[None, None], false), [0, 1]);
    }

    #[test]
    fn rows_of_one_time_follow_the_way_the_file_runs() {
        assert_eq!(ordered(&[Some(9), Some(5), Some(5), Some(1)], false), [3, 2, 1, 0]);
        assert_eq!(ordered(&[Some(1), Some(5), Some(5), Some(9)], true), [0, 1, 2, 3]);
    }

    #[test]
    fn days_as_excel_counts_them() {
        // 2024-03-01T08:29:46Z, and noon of 2024-01-01.
        assert_eq!(moment("45352.35400", false), time::parse("2024-03-01T08:29:46Z"));
        assert_eq!(moment("45292,5", false), time::parse("2024-01-01T12:00:00Z"));
        for cell in ["1", "12.5", "99999", "45292.5.1", "45292x", "", "Mar 2nd"] {
            assert_eq!(moment(cell, false), None, "{cell}");
        }
    }
}
