//! Groups to sides.
//!
//! The first choice is a seeded hash of the group against the shares and nothing else: adding data moves no old group.
//! Where a side then misses its amount by more than the tolerance, because groups are few or large, or where the sides
//! are to be balanced by something, groups are taken in the order of the same hash until the amount is reached, so that
//! a change of the data moves groups at the border only. An earlier run's sides come before both.

use serde::{Deserialize, Serialize};

use super::settings::{Amount, SplitSettings};
use super::side::Side;
use crate::text::hash::unit_interval;

/// What stands on one side, whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Names it; equal in every run.
    pub key: u128,
    /// Rows in it.
    pub rows: u64,
    /// What it counts for when the sides are balanced: most of its rows.
    pub stratum: u32,
    /// When its newest row was written, in milliseconds since 1970.
    pub newest: Option<i64>,
    /// The side an earlier run put it on.
    pub pinned: Option<Side>,
}

/// By what the sides came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// By the hash of each group alone.
    Hash,
    /// By filling each side in the order of the hash.
    Filled,
    /// By time.
    Time,
}

/// The side of each group, in the order given, and how they were chosen.
pub fn assign(groups: &[Group], settings: &SplitSettings) -> (Vec<Side>, Choice) {
    if settings.by_time() {
        return (groups.iter().map(|group| by_time(group, settings)).collect(), Choice::Time);
    }
    let hash = |group: &Group| group.pinned.unwrap_or_else(|| by_hash(group.key, settings));
    let hashed: Vec<Side> = groups.iter().map(hash).collect();
    let mut rows = [0; 3];
    for (group, side) in groups.iter().zip(&hashed) {
        rows[*side as usize] += group.rows;
    }
    if hash_does(settings) && misses(rows, settings).is_empty() {
        return (hashed, Choice::Hash);
    }
    (fill(groups, settings), Choice::Filled)
}

/// Whether the hash of each group may choose its side, if the sums come out: no time, no strata, no number of rows to meet.
pub fn hash_does(settings: &SplitSettings) -> bool {
    let counted = |amount: Amount| matches!(amount, Amount::Rows(rows) if rows > 0);
    !settings.by_time() && settings.stratify.is_none() && !counted(settings.valid) && !counted(settings.test)
}

/// The sides that miss their amount by more than the tolerance, with the rows they have and should have; `rows` by side.
pub fn misses(rows: [u64; 3], settings: &SplitSettings) -> Vec<(Side, u64, f64)> {
    let all: u64 = rows.iter().sum();
    let slack = (settings.tolerance * all as f64).max(1.0);
    [(Side::Valid, settings.valid), (Side::Test, settings.test)]
        .into_iter()
        .filter_map(|(side, amount)| {
            let (has, wanted) = (rows[side as usize], amount.of(all));
            // Rows are whole: a side of less than one row may be empty.
            let empty = has == 0 && wanted >= 1.0;
            (empty || (has as f64 - wanted).abs() > slack).then_some((side, has, wanted))
        })
        .collect()
}

/// Test takes the lowest part of the interval and validation the next, so that a change of one share moves only groups at
/// its own border.
pub fn by_hash(key: u128, settings: &SplitSettings) -> Side {
    let share = |amount: Amount| match amount {
        Amount::Share(share) => share,
        Amount::Rows(_) => 0.0,
    };
    let at = unit_interval(key, settings.seed);
    if at < share(settings.test) {
        Side::Test
    } else if at < share(settings.test) + share(settings.valid) {
        Side::Valid
    } else {
        Side::Train
    }
}

/// By its newest row: whatever is judged by must not lie before what is learned.
fn by_time(group: &Group, settings: &SplitSettings) -> Side {
    let from = |moment: &Option<super::Moment>| {
        moment.as_ref().zip(group.newest).is_some_and(|(moment, newest)| newest >= moment.time)
    };
    match group.pinned {
        Some(side) => side,
        None if from(&settings.test_after) => Side::Test,
        None if from(&settings.after) => Side::Valid,
        None => Side::Train,
    }
}

/// Fills test, then validation, stratum by stratum in the order of the hash. What a stratum could not give or gave too
/// much is made up for by the next, so that the sums come out.
fn fill(groups: &[Group], settings: &SplitSettings) -> Vec<Side> {
    let all: u64 = groups.iter().map(|group| group.rows).sum();
    let mut sides: Vec<Option<Side>> = groups.iter().map(|group| group.pinned).collect();
    let mut order: Vec<usize> = (0..groups.len()).collect();
    let place = |index: &usize| {
        let group = &groups[*index];
        (group.stratum, unit_interval(group.key, settings.seed), group.key)
    };
    order.sort_by(|a, b| {
        let (a, b) = (place(a), place(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
    });
    // Something is left to learn from, whatever is asked for.
    let mut free = groups
        .iter()
        .filter(|group| group.pinned.is_none_or(|side| side == Side::Train))
        .map(|group| group.rows)
        .sum::<u64>();
    for (side, amount) in [(Side::Test, settings.test), (Side::Valid, settings.valid)] {
        if !amount.is_some() || all == 0 {
            continue;
        }
        let share = amount.of(all) / all as f64;
        let mut open = 0.0;
        for stratum in order.chunk_by(|a, b| groups[*a].stratum == groups[*b].stratum) {
            for &index in stratum {
                let rows = groups[index].rows as f64;
                open += share * rows - if sides[index] == Some(side) { rows } else { 0.0 };
            }
            for &index in stratum {
                let rows = groups[index].rows as f64;
                // A group is taken where that comes nearer to the amount than leaving it.
                if sides[index].is_none() && rows <= 2.0 * open && groups[index].rows < free {
                    sides[index] = Some(side);
                    open -= rows;
                    free -= groups[index].rows;
                }
            }
        }
    }
    sides.into_iter().map(|side| side.unwrap_or(Side::Train)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::split::Moment;
    use crate::text::hash::fingerprint;

    fn group(key: u32, rows: u64) -> Group {
        Group { key: fingerprint(&key.to_le_bytes()), rows, stratum: 0, newest: None, pinned: None }
    }

    fn singles(count: u32) -> Vec<Group> {
        (0..count).map(|key| group(key, 1)).collect()
    }

    fn rows(groups: &[Group], sides: &[Side], side: Side) -> u64 {
        groups.iter().zip(sides).filter(|(_, at)| **at == side).map(|(group, _)| group.rows).sum()
    }

    fn shares(valid: f64, test: f64) -> SplitSettings {
        SplitSettings { valid: Amount::Share(valid), test: Amount::Share(test), ..SplitSettings::default() }
    }

    #[test]
    fn many_small_groups_are_chosen_by_the_hash_alone() {
        let groups = singles(20_000);
        let settings = SplitSettings { seed: 3, ..shares(0.2, 0.1) };
        let (sides, choice) = assign(&groups, &settings);
        assert_eq!(choice, Choice::Hash);
        // Three standard deviations of a binomial with n = 20,000 are below 180.
        assert!(rows(&groups, &sides, Side::Valid).abs_diff(4_000) < 180);
        assert!(rows(&groups, &sides, Side::Test).abs_diff(2_000) < 140);
        let other = assign(&groups, &SplitSettings { seed: 4, ..settings }).0;
        assert_ne!(sides, other);
    }

    #[test]
    fn few_groups_fill_each_side_as_near_as_they_can() {
        let groups = singles(20);
        let (sides, _) = assign(&groups, &shares(0.1, 0.05));
        assert_eq!((rows(&groups, &sides, Side::Valid), rows(&groups, &sides, Side::Test)), (2, 1));
        // One group with half of all rows is too large for any side but training.
        let mut lumps = singles(50);
        lumps.push(group(1_000, 50));
        let (sides, choice) = assign(&lumps, &shares(0.1, 0.0));
        assert_eq!((sides[50], choice), (Side::Train, Choice::Filled));
        assert_eq!(rows(&lumps, &sides, Side::Valid), 10);
    }

    #[test]
    fn numbers_of_rows_are_met() {
        let groups = singles(1_000);
        let settings =
            SplitSettings { valid: Amount::Rows(37), test: Amount::Rows(5), ..SplitSettings::default() };
        let (sides, _) = assign(&groups, &settings);
        assert_eq!((rows(&groups, &sides, Side::Valid), rows(&groups, &sides, Side::Test)), (37, 5));
        let more = SplitSettings { valid: Amount::Rows(u64::MAX), ..settings };
        assert_eq!(rows(&groups, &assign(&groups, &more).0, Side::Train), 1, "one is left to learn from");
    }

    #[test]
    fn each_stratum_gives_its_share() {
        let mut groups = singles(1_000);
        for (number, group) in (0u32..).zip(&mut groups) {
            group.stratum = if number < 900 { 0 } else { 1 + (number - 900) / 4 };
        }
        let settings = SplitSettings { stratify: Some("label".parse().unwrap()), ..shares(0.1, 0.0) };
        let (sides, _) = assign(&groups, &settings);
        let of = |stratum: u32| {
            let picked: Vec<_> =
                groups.iter().zip(&sides).filter(|(group, _)| group.stratum == stratum).collect();
            picked.iter().filter(|(_, side)| **side == Side::Valid).count()
        };
        assert_eq!(of(0), 90);
        // Twenty-five strata of four give one each two or three times.
        let small: Vec<usize> = (1..=25).map(of).collect();
        assert_eq!(small.iter().sum::<usize>(), 10);
        assert!(small.iter().all(|valid| *valid <= 1), "{small:?}");
    }

    #[test]
    fn time_parts_groups_by_their_newest_row() {
        let moment = |text: &str| Some(text.parse::<Moment>().unwrap());
        let settings = SplitSettings {
            after: moment("2026-02-01"),
            test_after: moment("2026-03-01"),
            ..SplitSettings::default()
        };
        let at = |day: &str| Group { newest: Some(day.parse::<Moment>().unwrap().time), ..group(1, 1) };
        let groups = [at("2026-01-31"), at("2026-02-01"), at("2026-03-05"), group(2, 1)];
        assert_eq!(assign(&groups, &settings).0, [Side::Train, Side::Valid, Side::Test, Side::Train]);
    }

    fn sizes() -> impl Strategy<Value = Vec<(u64, u32, Option<u8>)>> {
        proptest::collection::vec((1u64..60, 0u32..4, proptest::option::weighted(0.2, 0u8..3)), 1..120)
    }

    proptest! {
        /// What an earlier run put on a side stays, whatever joins it and however the sides are chosen.
        #[test]
        fn pinned_groups_never_move(sizes in sizes(), valid in 0.0..0.5f64, test in 0.0..0.4f64, stratify: bool) {
            let groups: Vec<Group> = (0..).zip(&sizes).map(|(key, (rows, stratum, pin))| Group {
                stratum: *stratum,
                pinned: pin.map(|pin| [Side::Train, Side::Valid, Side::Test][usize::from(pin)]),
                ..group(key, *rows)
            }).collect();
            let settings = SplitSettings { stratify: stratify.then_some(super::super::Stratify::Label), ..shares(valid, test) };
            let (sides, _) = assign(&groups, &settings);
            for (group, side) in groups.iter().zip(&sides) {
                prop_assert!(group.pinned.is_none_or(|pin| pin == *side));
            }
        }

        /// No free group could be moved to or from training to come nearer to what a side should have.
        #[test]
        fn filled_sides_miss_by_less_than_half_a_group(sizes in sizes(), valid in 0.01..0.5f64) {
            let groups: Vec<Group> = (0..).zip(&sizes).map(|(key, (rows, ..))| group(key, *rows)).collect();
            let settings = SplitSettings { tolerance: 0.0, ..shares(valid, 0.0) };
            let (sides, _) = assign(&groups, &settings);
            let all: u64 = groups.iter().map(|group| group.rows).sum();
            let open = valid * all as f64 - rows(&groups, &sides, Side::Valid) as f64;
            let largest = groups.iter().map(|group| group.rows).max().unwrap_or(0) as f64;
            let train = rows(&groups, &sides, Side::Train);
            let last = sides.iter().filter(|side| **side == Side::Train).count() == 1;
            prop_assert!(train > 0);
            prop_assert!(open.abs() <= (largest / 2.0).max(1.0) || last, "{open} of {largest}");
        }
    }
}
