//! Who takes part in many conversations while the others come and go.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::SpeakerRole;
use super::survey::{Known, Tally};

/// Fewest conversations: two may be chance.
const CONVERSATIONS_MIN: u64 = 3;
/// Smallest share, in percent, of the conversations with two or more speakers.
const SHARE_MIN: u64 = 60;
/// How many of the other speakers, in percent, must appear in one conversation only: customers come once. In a team's
/// own channel everybody comes back, and nobody there is the assistant.
const ONCE_MIN: u64 = 80;

/// The one speaker who by numbers alone must be the assistant, with the number of conversations shared with others.
///
/// `known` says the role of those who are settled by better evidence; when an assistant is among them, numbers have
/// nothing to add.
pub(super) fn regular(
    names: &BTreeMap<Arc<str>, Tally>,
    shared: u64,
    known: impl Fn(&str) -> Option<SpeakerRole>,
) -> Option<(&Arc<str>, u64)> {
    let (mut found, mut others, mut once) = (None, 0_u64, 0_u64);
    for (key, tally) in names.iter().filter(|(_, tally)| tally.conversations > 0) {
        let role = known(key);
        if role == Some(SpeakerRole::Assistant) {
            return None;
        }
        let often = tally.shared >= CONVERSATIONS_MIN && tally.shared * 100 >= shared * SHARE_MIN;
        if often && role.is_none() && !key.is_empty() {
            if found.is_some() {
                return None;
            }
            found = Some((key, tally.shared));
        } else if role.is_none_or(SpeakerRole::is_side) {
            others += 1;
            once += u64::from(tally.conversations == 1);
        }
    }
    found.filter(|_| others > 0 && once * 100 >= others * ONCE_MIN)
}

/// Fewest members of a team.
const TEAM_MIN: usize = 2;
/// In how many of the shared conversations, in percent, exactly one member of a team must speak.
const ONE_OF_TEAM_MIN: u64 = 90;

/// The speakers who by numbers alone must be a team of assistants: each comes back often, one of them is in almost every
/// conversation, and the others come once. With the number of conversations in which one of them speaks.
pub(super) fn team<'a>(
    names: &'a BTreeMap<Arc<str>, Tally>,
    casts: &BTreeMap<Box<[Known]>, u64>,
    shared: u64,
    known: impl Fn(&str) -> Option<SpeakerRole>,
) -> Option<(Vec<&'a Arc<str>>, u64)> {
    let speaks = || names.iter().filter(|(key, tally)| tally.conversations > 0 && !key.is_empty());
    if speaks().any(|(key, _)| known(key).is_some_and(SpeakerRole::is_side)) {
        return None;
    }
    let is_member = |tally: &Tally| tally.shared >= CONVERSATIONS_MIN;
    let members: Vec<&Arc<str>> =
        speaks().filter(|(_, tally)| is_member(tally)).map(|(key, _)| key).collect();
    let others = || speaks().filter(|(_, tally)| !is_member(tally));
    let once = others().filter(|(_, tally)| tally.conversations == 1).count() as u64;
    let others = others().count() as u64;
    if members.len() < TEAM_MIN || others == 0 || once * 100 < others * ONCE_MIN {
        return None;
    }
    let with_one: u64 = casts
        .iter()
        .filter(|(cast, _)| cast.iter().filter(|one| members.binary_search(&&one.key).is_ok()).count() == 1)
        .filter(|(cast, _)| cast.len() > 1)
        .map(|(_, times)| times)
        .sum();
    (with_one * 100 >= shared * ONE_OF_TEAM_MIN).then_some((members, with_one))
}

/// How many of a speaker's conversations with an assistant, in percent, must have somebody else who is met only there.
const BESIDE_ONCE_MIN: u64 = 60;

/// The speakers of unknown side who come back, and answer beside a known assistant somebody who comes once: a second agent
/// or a bot, and no customer. A customer who comes back comes without another, and where a team meets most come back.
pub(super) fn colleagues<'a>(
    names: &'a BTreeMap<Arc<str>, Tally>,
    casts: &BTreeMap<Box<[Known]>, u64>,
    known: impl Fn(&Known) -> Option<SpeakerRole>,
) -> Vec<&'a Arc<str>> {
    let is_open =
        |one: &Known| !one.key.is_empty() && known(one).is_none_or(|role| role == SpeakerRole::User);
    let once = |one: &Known| names.get(&one.key).is_some_and(|tally| tally.conversations == 1);
    let mut met: BTreeMap<&Arc<str>, (u64, u64)> = BTreeMap::new();
    for (cast, times) in casts {
        if !cast.iter().any(|one| known(one) == Some(SpeakerRole::Assistant)) {
            continue;
        }
        let with_one = cast.iter().any(|one| is_open(one) && once(one));
        for one in cast.iter().filter(|one| is_open(one)) {
            let (all, beside) = met.entry(&one.key).or_default();
            *all += times;
            *beside += if with_one && !once(one) && known(one).is_none() { *times } else { 0 };
        }
    }
    let is_colleague =
        |all: u64, beside: u64| all >= CONVERSATIONS_MIN && beside * 100 >= all * BESIDE_ONCE_MIN;
    let (found, others): (Vec<_>, Vec<_>) =
        met.into_iter().partition(|(_, (all, beside))| is_colleague(*all, *beside));
    let come_once = others.iter().filter(|(_, (all, _))| *all == 1).count() as u64;
    if come_once * 100 < others.len() as u64 * ONCE_MIN {
        return Vec::new();
    }
    found.into_iter().filter_map(|(key, _)| Some(names.get_key_value(key)?.0)).collect()
}
