//! Who takes part in many conversations while the others come and go.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::SpeakerRole;
use super::survey::Tally;

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
