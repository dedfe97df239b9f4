//! The speakers of one conversation, and what follows from who stands beside whom.

use std::collections::BTreeMap;

use crate::model::{Kind, Turn, Visibility};

use super::marks::{Marks, mark_of};
use super::{SpeakerRole, key_of};

/// The speakers of one conversation, in order of appearance.
pub(super) struct Cast<'a> {
    /// Each distinct speaker.
    pub speakers: Vec<Speaker<'a>>,
    /// For each turn the index of its speaker.
    pub of_turn: Vec<usize>,
}

/// One speaker of one conversation.
pub(super) struct Speaker<'a> {
    /// The name as first written.
    pub name: &'a str,
    /// The folded name.
    pub key: String,
    /// Turns of any kind.
    pub turns: u64,
    /// Turns that both sides see and that are no events and not automatic: only these make a side.
    pub spoken: u64,
    /// Notes among agents.
    pub notes: u64,
    /// What the source's marks say.
    pub marks: Marks,
    /// Never speaks but where people stand under their names.
    named: bool,
}

/// Whether a turn counts when sides are looked for.
pub(super) fn is_spoken(turn: &Turn) -> bool {
    turn.visibility == Visibility::Public && matches!(turn.kind, Kind::Text | Kind::Media)
}

impl<'a> Cast<'a> {
    /// Gathers the speakers of `turns`.
    pub fn of(turns: &'a [Turn]) -> Self {
        let mut speakers: Vec<Speaker<'a>> = Vec::new();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
        let mut of_turn = Vec::with_capacity(turns.len());
        for turn in turns {
            let index = *by_name.entry(&turn.speaker).or_insert_with(|| {
                let key = key_of(&turn.speaker);
                *by_key.entry(key.clone()).or_insert_with(|| {
                    speakers.push(Speaker::new(&turn.speaker, key));
                    speakers.len() - 1
                })
            });
            of_turn.push(index);
            if let Some(speaker) = speakers.get_mut(index) {
                speaker.count(turn);
            }
        }
        Self { speakers, of_turn }
    }
}

impl<'a> Speaker<'a> {
    /// Whether the name is that of somebody, not a label: all that is said under it is said where people have names.
    pub fn is_named(&self) -> bool {
        self.named && self.spoken > 0
    }

    fn new(name: &'a str, key: String) -> Self {
        Self { name, key, turns: 0, spoken: 0, notes: 0, marks: Marks::None, named: true }
    }

    fn count(&mut self, turn: &Turn) {
        self.turns += 1;
        if is_spoken(turn) {
            self.spoken += 1;
            self.named &= turn.medium.has_names();
        } else if turn.kind == Kind::Text {
            self.notes += 1;
        }
        // The mark of an event says who caused it, which is no weaker than the mark of a text.
        if let Some(mark) = mark_of(turn) {
            self.marks.add(mark);
        }
    }
}

/// One speaking member of a conversation, as far as known without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    /// The role, once known.
    pub role: Option<SpeakerRole>,
    /// The turns carry marks of both sides (one name, or none, for everybody).
    pub mixed: bool,
    /// The label of a numbered name that is known by nothing better.
    pub stem: Option<&'static str>,
    /// Has no name, so that it may be anybody, and nothing follows from who the others are.
    pub nameless: bool,
    /// Seems to answer: a colleague of an assistant, or a machine by its name. Never the customer because others answer.
    pub answers: bool,
}

/// Fills in what follows from the others: rivals lose their role, the one unknown side is the other side, and a bot
/// without a human of its side is the assistant.
pub(super) fn complement(members: &mut [Member]) {
    if are_rivals(members) {
        for member in members.iter_mut() {
            member.role = None;
        }
        return;
    }
    let has =
        |members: &[Member], role| members.iter().any(|member| member.mixed || member.role == Some(role));
    let assistant = has(members, SpeakerRole::Assistant);
    let user = has(members, SpeakerRole::User);
    let bot = members.iter().any(|member| member.role == Some(SpeakerRole::Bot));
    let unknown = members.iter().filter(|member| member.role.is_none() && !member.mixed).count();
    let other_side = match (assistant, user) {
        (true, false) => Some(SpeakerRole::User),
        // Several unknown beside a customer may be agents or more customers.
        (false, true) if unknown == 1 => Some(SpeakerRole::Assistant),
        // Two unknown beside a bot are, as a rule, a customer and the human who took over.
        (false, false) if bot && unknown == 1 => Some(SpeakerRole::User),
        _ => None,
    };
    let follows = |member: &&mut Member| {
        let fits = !(member.answers && other_side == Some(SpeakerRole::User));
        member.role.is_none() && !member.mixed && !member.nameless && fits
    };
    for member in members.iter_mut().filter(follows) {
        member.role = other_side;
    }
    if !has(members, SpeakerRole::Assistant) {
        for member in members.iter_mut().filter(|member| member.role == Some(SpeakerRole::Bot)) {
            member.role = Some(SpeakerRole::Assistant);
        }
    }
}

/// Whether the sides are nothing but numbered speakers of one label (`agent_1` and `agent_2`).
fn are_rivals(members: &[Member]) -> bool {
    let mut sides =
        members.iter().filter(|member| member.mixed || member.role.is_none_or(SpeakerRole::is_side));
    let Some(stem) = sides.next().and_then(|first| first.stem) else { return false };
    let mut others = 0;
    sides.all(|member| {
        others += 1;
        member.stem == Some(stem)
    }) && others > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use SpeakerRole::{Assistant, Bot, User};

    const NOBODY: Member = Member { role: None, mixed: false, stem: None, nameless: false, answers: false };

    fn settled(roles: &[Option<SpeakerRole>]) -> Vec<Option<SpeakerRole>> {
        let mut members: Vec<Member> = roles.iter().map(|role| Member { role: *role, ..NOBODY }).collect();
        complement(&mut members);
        members.iter().map(|member| member.role).collect()
    }

    #[test]
    fn the_one_unknown_side_is_the_other_side() {
        assert_eq!(settled(&[Some(Assistant), None, None]), [Some(Assistant), Some(User), Some(User)]);
        assert_eq!(settled(&[Some(User), None]), [Some(User), Some(Assistant)]);
        assert_eq!(settled(&[Some(User), None, None]), [Some(User), None, None]);
        assert_eq!(settled(&[Some(User), Some(Assistant), None]), [Some(User), Some(Assistant), None]);
        assert_eq!(settled(&[None, None]), [None, None]);
    }

    #[test]
    fn nobody_follows_from_others_and_who_answers_is_no_customer() {
        let beside = |known, other: Member| {
            let mut members = [Member { role: Some(known), ..NOBODY }, other];
            complement(&mut members);
            members[1].role
        };
        let nameless = Member { nameless: true, ..NOBODY };
        let answers = Member { answers: true, ..NOBODY };
        for known in [Assistant, User, Bot] {
            assert_eq!(beside(known, nameless), None, "{known}");
        }
        assert_eq!([Assistant, User, Bot].map(|known| beside(known, answers)), [None, Some(Assistant), None]);
        let mut three = [Member { role: Some(Assistant), ..NOBODY }, NOBODY, answers];
        complement(&mut three);
        assert_eq!((three[1].role, three[2].role), (Some(User), None));
    }

    #[test]
    fn a_bot_is_the_assistant_only_without_a_human_of_its_side() {
        assert_eq!(settled(&[Some(User), Some(Bot)]), [Some(User), Some(Assistant)]);
        assert_eq!(settled(&[None, Some(Bot)]), [Some(User), Some(Assistant)]);
        assert_eq!(settled(&[Some(User), Some(Bot), None]), [Some(User), Some(Bot), Some(Assistant)]);
        assert_eq!(settled(&[None, None, Some(Bot)])[..2], [None, None]);
    }

    #[test]
    fn numbered_speakers_of_one_label_are_rivals_only_among_themselves() {
        let agent = Member { role: Some(Assistant), stem: Some("agent"), ..NOBODY };
        let customer = Member { role: Some(User), ..NOBODY };
        let mut two = [agent, agent];
        complement(&mut two);
        assert!(two.iter().all(|member| member.role.is_none()));
        let mut three = [agent, agent, customer];
        complement(&mut three);
        assert_eq!(three, [agent, agent, customer]);
        let mut one = [agent];
        complement(&mut one);
        assert_eq!(one, [agent]);
    }
}
