//! Groups that an earlier run has on several sides: nothing moves, so what joins them is set aside.
//!
//! Old rows stay where they were. A new row that belongs together with rows of two sides would leak whichever it went to,
//! so it is set aside; what is left falls apart into groups of one side each.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::split::{Earlier, Side, SideSet};

/// A row of such a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    /// Its number.
    pub row: u32,
    /// The side it was on.
    pub old: Option<Side>,
    /// What it has in common with others.
    pub keys: Vec<u128>,
    /// The prompts inside it, before its earlier answers.
    pub inner: Vec<u128>,
    /// Rows it is a twin of, or of one record with.
    pub beside: Vec<u32>,
}

/// Where the members go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parted {
    /// The side of a row.
    pub sides: FxHashMap<u32, Side>,
    /// Rows that would leak on any side.
    pub set_aside: FxHashSet<u32>,
}

/// What was parted has so far.
#[derive(Default)]
struct Placed {
    keys: FxHashMap<u128, Side>,
    inner: FxHashMap<u128, SideSet>,
}

/// Parts the members, in the order of identity; `free` says the side of a row that belongs to none of the `earlier` run.
pub(super) fn part(members: &[Member], earlier: &Earlier, free: impl Fn(&Member) -> Side) -> Parted {
    let mut parted = Parted::default();
    let mut placed = Placed::default();
    let nothing = Earlier::default();
    // Of old rows that belong together those that judge go first, and the others are set aside.
    for side in [Side::Test, Side::Valid, Side::Train] {
        for member in members.iter().filter(|member| member.old == Some(side)) {
            let beside = sides_of(member, &parted, &placed, &nothing);
            if beside.iter().any(|other| other != side) {
                parted.set_aside.insert(member.row);
            } else {
                place(member, side, &mut parted, &mut placed);
            }
        }
    }
    let neighbours = Neighbours::of(members);
    let decided = |member: &Member, parted: &Parted| {
        parted.sides.contains_key(&member.row) || parted.set_aside.contains(&member.row)
    };
    let mut due: BTreeSet<usize> = (0..members.len()).collect();
    let mut undecided = members.iter();
    loop {
        // As if all were looked at again and again in their order, without those about which nothing is new.
        let mut due_again = BTreeSet::new();
        while let Some(index) = due.pop_first() {
            let Some(member) = members.get(index).filter(|member| !decided(member, &parted)) else {
                continue;
            };
            let sides = sides_of(member, &parted, &placed, earlier);
            match sides.only() {
                Some(side) => {
                    for other in neighbours.hear_of(member, side, &placed) {
                        let list = if other > index { &mut due } else { &mut due_again };
                        list.insert(other);
                    }
                    place(member, side, &mut parted, &mut placed);
                }
                None if sides.is_empty() => {}
                None => _ = parted.set_aside.insert(member.row),
            }
        }
        if !due_again.is_empty() {
            due = due_again;
            continue;
        }
        // What joined the rest to a side is set aside: the first of it chooses, and others follow.
        let Some(member) = undecided.find(|member| !decided(member, &parted)) else { return parted };
        let side = free(member);
        due = neighbours.hear_of(member, side, &placed).collect();
        place(member, side, &mut parted, &mut placed);
    }
}

/// Whom the place of a member says something.
#[derive(Default)]
struct Neighbours {
    by_key: FxHashMap<u128, Vec<usize>>,
    by_inner: FxHashMap<u128, Vec<usize>>,
    by_row: FxHashMap<u32, Vec<usize>>,
}

impl Neighbours {
    fn of(members: &[Member]) -> Self {
        let mut all = Self::default();
        for (index, member) in members.iter().enumerate() {
            member.keys.iter().for_each(|key| all.by_key.entry(*key).or_default().push(index));
            member.inner.iter().for_each(|key| all.by_inner.entry(*key).or_default().push(index));
            member.beside.iter().for_each(|row| all.by_row.entry(*row).or_default().push(index));
        }
        all
    }

    /// The members to look at once this one is on `side`; what is `placed` with the same keys there has told them already.
    fn hear_of(&self, member: &Member, side: Side, placed: &Placed) -> impl Iterator<Item = usize> {
        let new = member.keys.iter().filter(|key| !placed.keys.contains_key(key));
        let by_key = new.flat_map(|key| [self.by_key.get(key), self.by_inner.get(key)]);
        let told = move |key: &&u128| {
            placed.inner.get(*key).is_some_and(|sides| sides.iter().any(|other| other == side))
        };
        let around = member.inner.iter().filter(move |key| !told(key)).map(|key| self.by_key.get(key));
        by_key.chain(around).chain([self.by_row.get(&member.row)]).flatten().flatten().copied()
    }
}

/// The sides on which something stands that the member belongs together with.
fn sides_of(member: &Member, parted: &Parted, placed: &Placed, earlier: &Earlier) -> SideSet {
    let mut sides = SideSet::default();
    let held = member.keys.iter().map(|key| (key, false)).chain(member.inner.iter().map(|key| (key, true)));
    for (key, inner) in held {
        match placed.keys.get(key) {
            Some(side) => sides.add(*side),
            None => sides.extend(earlier.of_key(*key, inner).iter()),
        }
        let around = placed.inner.get(key).filter(|_| !inner);
        sides.extend(around.into_iter().flat_map(|around| around.iter()));
    }
    sides.extend(member.beside.iter().filter_map(|row| parted.sides.get(row).copied()));
    sides
}

fn place(member: &Member, side: Side, parted: &mut Parted, placed: &mut Placed) {
    parted.sides.insert(member.row, side);
    placed.keys.extend(member.keys.iter().map(|key| (*key, side)));
    for key in &member.inner {
        placed.inner.entry(*key).or_default().add(side);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(row: u32, old: Option<Side>, keys: &[u128], inner: &[u128]) -> Member {
        Member { row, old, keys: keys.to_vec(), inner: inner.to_vec(), beside: Vec::new() }
    }

    #[test]
    fn the_new_row_that_joins_two_sides_is_set_aside() {
        let members = [
            member(0, Some(Side::Train), &[1], &[]),
            member(1, Some(Side::Valid), &[2], &[]),
            member(2, None, &[1, 2], &[]),
            member(3, None, &[2, 3], &[]),
            member(4, None, &[3], &[]),
        ];
        let parted = part(&members, &Earlier::default(), |_| Side::Test);
        assert_eq!(parted.set_aside.iter().copied().collect::<Vec<_>>(), [2]);
        assert_eq!(
            [0, 1, 3, 4].map(|row| parted.sides[&row]),
            [Side::Train, Side::Valid, Side::Valid, Side::Valid]
        );
    }

    #[test]
    fn of_old_rows_those_that_judge_stay() {
        let members = [member(0, Some(Side::Train), &[1], &[]), member(1, Some(Side::Valid), &[1], &[])];
        let parted = part(&members, &Earlier::default(), |_| Side::Train);
        assert!(parted.set_aside.contains(&0) && parted.sides[&1] == Side::Valid);
    }

    #[test]
    fn old_rows_that_begin_alike_stay_and_the_new_row_that_is_their_beginning_is_set_aside() {
        let members = [
            member(0, Some(Side::Train), &[1], &[9]),
            member(1, Some(Side::Valid), &[2], &[9]),
            member(2, None, &[9], &[]),
            member(3, None, &[3], &[9, 2]),
        ];
        let parted = part(&members, &Earlier::default(), |_| Side::Train);
        assert_eq!(parted.set_aside.iter().copied().collect::<Vec<_>>(), [2]);
        assert_eq!([0, 1, 3].map(|row| parted.sides[&row]), [Side::Train, Side::Valid, Side::Valid]);
    }

    /// The same by looking at all members again and again.
    fn part_slowly(members: &[Member], earlier: &Earlier, free: impl Fn(&Member) -> Side) -> Parted {
        let mut parted = Parted::default();
        let mut placed = Placed::default();
        // Of old rows that belong together those that judge go first, and the others are set aside.
        for side in [Side::Test, Side::Valid, Side::Train] {
            for member in members.iter().filter(|member| member.old == Some(side)) {
                let beside = sides_of(member, &parted, &placed, &Earlier::default());
                if beside.iter().any(|other| other != side) {
                    parted.set_aside.insert(member.row);
                } else {
                    place(member, side, &mut parted, &mut placed);
                }
            }
        }
        loop {
            let before = parted.sides.len() + parted.set_aside.len();
            for member in members {
                if parted.sides.contains_key(&member.row) || parted.set_aside.contains(&member.row) {
                    continue;
                }
                let sides = sides_of(member, &parted, &placed, earlier);
                match sides.only() {
                    Some(side) => place(member, side, &mut parted, &mut placed),
                    None if sides.is_empty() => {}
                    None => _ = parted.set_aside.insert(member.row),
                }
            }
            if parted.sides.len() + parted.set_aside.len() > before {
                continue;
            }
            // What joined the rest to a side is set aside: the first of it chooses, and others follow.
            let known = |member: &&Member| {
                !parted.sides.contains_key(&member.row) && !parted.set_aside.contains(&member.row)
            };
            let Some(member) = members.iter().find(known) else { return parted };
            place(member, free(member), &mut parted, &mut placed);
        }
    }

    proptest! {
        /// No key, no pair and no row with a prompt inside it ever stands on another side than who has it, and old rows stay
        /// or are set aside.
        #[test]
        fn nothing_straddles(
            rows in proptest::collection::vec(
                (
                    proptest::option::of(0usize..3),
                    proptest::collection::vec(0u128..12, 0..3),
                    proptest::collection::vec(0u128..12, 0..3),
                    proptest::option::of(0u32..40),
                ),
                0..40,
            ),
            pins in proptest::collection::vec(proptest::option::of(0usize..3), 12),
        ) {
            let members: Vec<Member> = (0..).zip(&rows).map(|(row, (old, keys, inner, beside))| Member {
                beside: beside.iter().copied().filter(|other| (*other as usize) < rows.len()).collect(),
                ..member(row, old.map(|side| Side::ALL[side]), keys, inner)
            }).collect();
            let members = both_ways(members);
            let mut earlier = Earlier::default();
            for (key, pin) in (0..).zip(pins) {
                if let Some(side) = pin {
                    earlier.add(key, [key], [key + 1], Side::ALL[side]);
                }
            }
            let free = |member: &Member| Side::ALL[member.row as usize % 3];
            let parted = part(&members, &earlier, free);
            prop_assert_eq!(&parted, &part_slowly(&members, &earlier, free));
            let mut side_of_key: FxHashMap<u128, Side> = FxHashMap::default();
            for member in &members {
                prop_assert!(parted.sides.contains_key(&member.row) != parted.set_aside.contains(&member.row));
                let Some(side) = parted.sides.get(&member.row) else { continue };
                prop_assert!(member.old.is_none_or(|old| old == *side));
                for key in &member.keys {
                    prop_assert_eq!(*side_of_key.entry(*key).or_insert(*side), *side);
                }
                for other in &member.beside {
                    prop_assert!(parted.sides.get(other).is_none_or(|at| at == side));
                }
            }
            for member in &members {
                let Some(side) = parted.sides.get(&member.row) else { continue };
                for key in &member.inner {
                    prop_assert!(side_of_key.get(key).is_none_or(|own| own == side));
                }
            }
        }
    }

    fn both_ways(mut members: Vec<Member>) -> Vec<Member> {
        let pairs: Vec<(u32, u32)> = members
            .iter()
            .flat_map(|member| member.beside.iter().map(|other| (*other, member.row)))
            .collect();
        for (row, other) in pairs {
            members[row as usize].beside.push(other);
        }
        members
    }
}
