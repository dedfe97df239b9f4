//! Which side each example goes to: what belongs together, where an earlier run had it, how much goes where.

use rustc_hash::{FxHashMap, FxHashSet};

use super::held::{FirstOwn, HeldKey};
use super::parting::{Member, Parted, part};
use crate::disk::packed;
use crate::error::Result;
use crate::split::{
    Choice, Earlier, Group, Groups, Side, SideSet, SplitSettings, assign, by_hash, hash_does, misses,
};
use crate::text::hash::Fingerprinter;

/// What of an example decides about its side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Its number.
    pub number: u32,
    /// The record that gave it.
    pub record: u32,
    /// What it says.
    pub fingerprint: u128,
    /// The least of its keys.
    pub key: u128,
    /// What it counts for when sides are balanced.
    pub stratum: u32,
    /// When it was last written to.
    pub newest: Option<i64>,
}
packed!(Candidate {
    number: u32,
    record: u32,
    fingerprint: u128,
    key: u128,
    stratum: u32,
    newest: Option<i64>
});

/// The examples that are to be put on sides, as often as they are looked at.
pub(super) trait Candidates {
    /// All of them, in the order of identity.
    fn all(&self) -> impl Iterator<Item = Result<Candidate>> + '_;

    /// Whether the example is one of them.
    fn has(&self, number: u32) -> bool;

    /// Every key and who has it, by key.
    fn keys(&self) -> impl Iterator<Item = Result<HeldKey>> + '_;

    /// Twins that stay.
    fn links(&self) -> &[(u32, u32)];
}

/// The sides.
pub(super) struct Sides {
    groups: Groups,
    /// The least key of each group of several.
    least: FxHashMap<u32, u128>,
    settings: SplitSettings,
    /// The side of each group by its key, where the hash alone does not say it.
    chosen: Option<FxHashMap<u128, Side>>,
    /// Members of groups that an earlier run has on several sides.
    parted: Parted,
    /// The first of these on each side of each group.
    firsts: FxHashSet<u32>,
    /// How the sides were chosen.
    pub choice: Choice,
    /// Rows that stand where an earlier run had them.
    pub as_before: u64,
    /// An earlier run was named, and it knows nothing of all this.
    pub nothing_earlier: bool,
    /// Sides that have clearly more or fewer rows than was asked for: what they have and should have.
    pub misses: Vec<(Side, u64, f64)>,
}

impl Sides {
    /// Decides for all candidates.
    pub fn decide(candidates: &impl Candidates, settings: &SplitSettings, earlier: &Earlier) -> Result<Self> {
        let groups = join(candidates)?;
        let mut least: FxHashMap<u32, u128> = FxHashMap::default();
        for candidate in candidates.all() {
            let Candidate { number, key, .. } = candidate?;
            if groups.is_joined(number) {
                let known = least.entry(groups.root(number)).or_insert(key);
                *known = key.min(*known);
            }
        }
        let mut sides = Self {
            groups,
            least,
            settings: settings.clone(),
            chosen: None,
            parted: Parted::default(),
            firsts: FxHashSet::default(),
            choice: Choice::Hash,
            as_before: 0,
            nothing_earlier: false,
            misses: Vec::new(),
        };
        let pins = if earlier.is_empty() { FxHashMap::default() } else { sides.pins(candidates, earlier)? };
        sides.nothing_earlier = !earlier.is_empty() && pins.is_empty();
        sides.parted = sides.part(candidates, &pins, earlier)?;
        sides.firsts = sides.firsts();
        if pins.is_empty() && hash_does(settings) {
            let rows = sides.rows(candidates)?;
            if misses(rows, settings).is_empty() {
                return Ok(sides);
            }
        }
        sides.choose(candidates, &pins)?;
        for candidate in candidates.all().filter(|_| !earlier.is_empty()) {
            let Candidate { number, fingerprint, key, .. } = candidate?;
            let before = earlier.of_row(fingerprint);
            sides.as_before += u64::from(before.is_some() && before == sides.side(number, key));
        }
        if !settings.by_time() {
            sides.misses = misses(sides.rows(candidates)?, settings);
        }
        Ok(sides)
    }

    /// The group of an example, by its key, which is equal in every run that has the same examples in it; and whether the
    /// example is the first of it.
    pub fn group(&self, number: u32, key: u128) -> (u128, bool) {
        let group = self.whole_group(number, key);
        match self.parted.sides.get(&number) {
            None => (group, self.groups.root(number) == number),
            // What was parted is a group on each side.
            Some(side) => (on_side(group, *side), self.firsts.contains(&number)),
        }
    }

    fn whole_group(&self, number: u32, key: u128) -> u128 {
        if !self.groups.is_joined(number) {
            return key;
        }
        let root = self.groups.root(number);
        self.least.get(&root).copied().unwrap_or(key)
    }

    /// The side of an example; `None` when it is set aside.
    pub fn side(&self, number: u32, key: u128) -> Option<Side> {
        if self.parted.set_aside.contains(&number) {
            return None;
        }
        if let Some(side) = self.parted.sides.get(&number) {
            return Some(*side);
        }
        let group = self.whole_group(number, key);
        let chosen = self.chosen.as_ref().and_then(|chosen| chosen.get(&group).copied());
        Some(chosen.unwrap_or_else(|| by_hash(group, &self.settings)))
    }

    /// Rows on each side.
    fn rows(&self, candidates: &impl Candidates) -> Result<[u64; 3]> {
        let mut rows = [0; 3];
        for candidate in candidates.all() {
            let Candidate { number, key, .. } = candidate?;
            if let Some(side) = self.side(number, key) {
                rows[side as usize] += 1;
            }
        }
        Ok(rows)
    }

    /// The sides on which an earlier run has rows of each group, by the group's first row.
    fn pins(&self, candidates: &impl Candidates, earlier: &Earlier) -> Result<FxHashMap<u32, SideSet>> {
        let mut pins: FxHashMap<u32, SideSet> = FxHashMap::default();
        for candidate in candidates.all() {
            let Candidate { number, fingerprint, .. } = candidate?;
            if let Some(side) = earlier.of_row(fingerprint) {
                pins.entry(self.groups.root(number)).or_default().add(side);
            }
        }
        for entry in candidates.keys() {
            let HeldKey { key, inner, row, .. } = entry?;
            let stood = earlier.of_key(key, inner);
            if !stood.is_empty() && candidates.has(row) {
                pins.entry(self.groups.root(row)).or_default().extend(stood.iter());
            }
        }
        Ok(pins)
    }

    /// Parts the groups that an earlier run has on several sides.
    fn part(
        &self,
        candidates: &impl Candidates,
        pins: &FxHashMap<u32, SideSet>,
        earlier: &Earlier,
    ) -> Result<Parted> {
        let straddling: FxHashSet<u32> =
            pins.iter().filter(|(_, pins)| pins.only().is_none()).map(|(root, _)| *root).collect();
        if straddling.is_empty() {
            return Ok(Parted::default());
        }
        let mut members: Vec<Member> = Vec::new();
        let mut least: FxHashMap<u32, u128> = FxHashMap::default();
        let mut index: FxHashMap<u32, usize> = FxHashMap::default();
        let mut last: Option<(u32, u32)> = None;
        for candidate in candidates.all() {
            let candidate = candidate?;
            if !straddling.contains(&self.groups.root(candidate.number)) {
                continue;
            }
            let old = earlier.of_row(candidate.fingerprint);
            index.insert(candidate.number, members.len());
            least.insert(candidate.number, candidate.key);
            let before = last.filter(|(record, _)| *record == candidate.record).map(|(_, row)| row);
            last = Some((candidate.record, candidate.number));
            members.push(Member { row: candidate.number, old, ..Member::default() });
            if let Some(before) = before {
                beside(&mut members, &index, before, candidate.number);
            }
        }
        for entry in candidates.keys() {
            let HeldKey { key, inner, row, .. } = entry?;
            if let Some(member) = index.get(&row).and_then(|at| members.get_mut(*at)) {
                if inner { &mut member.inner } else { &mut member.keys }.push(key);
            }
        }
        for (a, b) in candidates.links() {
            beside(&mut members, &index, *a, *b);
        }
        let free =
            |member: &Member| by_hash(least.get(&member.row).copied().unwrap_or_default(), &self.settings);
        Ok(part(&members, earlier, free))
    }

    fn firsts(&self) -> FxHashSet<u32> {
        let mut first: FxHashMap<(u32, Side), u32> = FxHashMap::default();
        let mut rows: Vec<(u32, Side)> = self.parted.sides.iter().map(|(row, side)| (*row, *side)).collect();
        rows.sort_unstable();
        for (row, side) in rows {
            first.entry((self.groups.root(row), side)).or_insert(row);
        }
        first.into_values().collect()
    }

    /// Chooses sides over all groups.
    fn choose(&mut self, candidates: &impl Candidates, pins: &FxHashMap<u32, SideSet>) -> Result<()> {
        let mut index: FxHashMap<u128, usize> = FxHashMap::default();
        let mut groups: Vec<Group> = Vec::new();
        // The stratum of most rows of a group, by majority vote: its lead over all others so far.
        let mut leads: Vec<u64> = Vec::new();
        for candidate in candidates.all() {
            let candidate = candidate?;
            let Some(_) = self.side(candidate.number, candidate.key) else { continue };
            let (key, _) = self.group(candidate.number, candidate.key);
            let root = self.groups.root(candidate.number);
            let parted = self.parted.sides.get(&candidate.number).copied();
            let pinned = parted.or_else(|| pins.get(&root).and_then(|pins| pins.only()));
            let at = *index.entry(key).or_insert_with(|| {
                groups.push(Group { key, rows: 0, stratum: candidate.stratum, newest: None, pinned });
                leads.push(0);
                groups.len() - 1
            });
            let (group, lead) = (&mut groups[at], &mut leads[at]);
            group.rows += 1;
            group.newest = group.newest.max(candidate.newest);
            if group.stratum == candidate.stratum {
                *lead += 1;
            } else if *lead == 0 {
                (group.stratum, *lead) = (candidate.stratum, 1);
            } else {
                *lead -= 1;
            }
        }
        let (sides, choice) = assign(&groups, &self.settings);
        self.choice = choice;
        self.chosen = Some(groups.iter().zip(sides).map(|(group, side)| (group.key, side)).collect());
        Ok(())
    }
}

/// The group of what was parted, on one side.
fn on_side(group: u128, side: Side) -> u128 {
    let mut key = Fingerprinter::default();
    key.update(&group.to_le_bytes());
    key.update(side.name().as_bytes());
    key.finish()
}

fn beside(members: &mut [Member], index: &FxHashMap<u32, usize>, a: u32, b: u32) {
    for (one, other) in [(a, b), (b, a)] {
        if let Some(member) = index.get(&one).and_then(|at| members.get_mut(*at)) {
            member.beside.push(other);
        }
    }
}

/// Joins what belongs together: parts of one record, equal keys, prompts with the rows that go on from them, twins that
/// stay.
fn join(candidates: &impl Candidates) -> Result<Groups> {
    let mut groups = Groups::default();
    let mut last: Option<(u32, u32)> = None;
    for candidate in candidates.all() {
        let Candidate { number, record, .. } = candidate?;
        match last {
            Some((same, first)) if same == record => groups.join(first, number),
            _ => last = Some((record, number)),
        }
    }
    let mut first = FirstOwn::default();
    for entry in candidates.keys() {
        let held = entry?;
        if let Some(row) = Some(held).filter(|held| candidates.has(held.row)).and_then(|held| first.of(held))
        {
            groups.join(row, held.row);
        }
    }
    for (a, b) in candidates.links() {
        groups.join(*a, *b);
    }
    Ok(groups)
}
