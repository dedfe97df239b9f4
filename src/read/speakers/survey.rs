//! Looking at a sample: who speaks how often, beside whom, with which marks. Mergeable, bounded, deterministic.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Conversation;

use super::SpeakerRole;
use super::cast::Cast;
use super::habits::Habits;
use super::marks::{Marks, label_of_speaker};
use super::settings::SpeakerSettings;
use super::system::{Uses, use_of};
use super::table::SpeakerTable;

/// Most names that are kept: some 20 MB at most. Whoever takes part in many conversations is among the first.
const NAMES_MAX: usize = 100_000;
/// Most different casts that are kept; later ones count for their speakers only.
const CASTS_MAX: usize = 100_000;
/// Largest cast that is kept: a channel of hundreds has no two sides to find.
const CAST_SPEAKERS_MAX: usize = 32;

/// Longest name that is kept, in bytes; longer ones are no names, and would cost memory without bound.
const NAME_BYTES_MAX: usize = 512;

/// What is known of one name.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// The name as written; of several spellings the first by bytes.
    pub spelling: String,
    /// Turns of any kind.
    pub turns: u64,
    /// Conversations in which the name speaks.
    pub conversations: u64,
    /// Those of them in which somebody else speaks too.
    pub shared: u64,
    /// Turns that are notes among agents.
    pub notes: u64,
    /// The source's marks.
    pub marks: Marks,
    /// Stands under a name of people wherever met, not under a label.
    pub named: bool,
    /// Conversations in which the data marks the side.
    pub marked: u64,
    /// Conversations in which the reader assumed it.
    pub assumed: u64,
    /// What the name does in conversations of two.
    pub habits: Habits,
    /// The conversation where the name was first met, for keeping the first names when there are too many.
    first: u64,
}

/// A speaking member of a cast.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    /// The folded name.
    pub key: Arc<str>,
    /// The marks in conversations of this cast.
    pub marks: Marks,
}

/// What a sample of conversations says of its speakers.
///
/// Surveys of parts are merged in the order of the input; up to the stated bounds the result does not depend on how
/// the input was cut into parts.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    pub(super) conversations: u64,
    pub(super) shared: u64,
    pub(super) names: BTreeMap<Arc<str>, Tally>,
    pub(super) casts: BTreeMap<Box<[Known]>, u64>,
    pub(super) system: Uses,
}

impl Survey {
    /// Looks at one conversation.
    pub fn add(&mut self, conversation: &Conversation) {
        let cast = Cast::of(&conversation.turns);
        let speaking = cast.speakers.iter().filter(|speaker| speaker.spoken > 0).count();
        let mut members = Vec::with_capacity(if speaking > CAST_SPEAKERS_MAX { 0 } else { speaking });
        for (index, speaker) in cast.speakers.iter().enumerate() {
            let nobody = speaker.key.is_empty() && speaker.spoken == 0; // Events that nobody caused.
            if nobody || speaker.name.len().max(speaker.key.len()) > NAME_BYTES_MAX {
                continue;
            }
            let spoke = u64::from(speaker.spoken > 0);
            let marked = spoke > 0 && speaker.marks != Marks::None;
            let assumed = conversation.assumed.iter().any(|name| name == speaker.name);
            let key = self.tally(
                &speaker.key,
                Tally {
                    spelling: speaker.name.trim().to_owned(),
                    turns: speaker.turns,
                    conversations: spoke,
                    shared: if speaking > 1 { spoke } else { 0 },
                    notes: speaker.notes,
                    marks: speaker.marks,
                    // Who only came, or took something back, says nothing of it.
                    named: speaker.spoken == 0 || speaker.is_named(),
                    marked: u64::from(marked && !assumed),
                    assumed: u64::from(marked && assumed),
                    // Only of two parties is one the helper and the other the helped.
                    habits: if speaking == 2 {
                        let mine =
                            cast.of_turn.iter().zip(&conversation.turns).filter(|(of, _)| **of == index);
                        Habits::of(mine.map(|(_, turn)| turn))
                    } else {
                        Habits::default()
                    },
                    first: self.conversations,
                },
            );
            if let Some(key) = key.filter(|_| spoke > 0 && speaking <= CAST_SPEAKERS_MAX) {
                members.push(Known { key, marks: speaker.marks });
            }
        }
        if !members.is_empty() && members.len() == speaking {
            members.sort();
            self.count_cast(members.into(), 1);
        }
        let roles: Vec<Option<SpeakerRole>> = cast
            .speakers
            .iter()
            .map(|speaker| match speaker.marks {
                Marks::One(role) => Some(role),
                _ => label_of_speaker(&speaker.key, speaker.is_named()).map(|label| label.role),
            })
            .collect();
        self.system.add(use_of(&conversation.turns, &cast, &roles));
        self.conversations += 1;
        self.shared += u64::from(speaking > 1);
    }

    /// Adds what was seen in the part of the input that follows.
    pub fn merge(&mut self, later: Self) {
        let mut names: Vec<(Arc<str>, Tally)> = later.names.into_iter().collect();
        names.sort_by(|a, b| (a.1.first, &a.0).cmp(&(b.1.first, &b.0)));
        for (key, mut tally) in names {
            tally.first += self.conversations;
            self.tally(&key, tally);
        }
        for (members, times) in later.casts {
            self.count_cast(members, times);
        }
        self.system.answers += later.system.answers;
        self.system.stands += later.system.stands;
        self.conversations += later.conversations;
        self.shared += later.shared;
    }

    /// How many conversations were looked at.
    pub fn conversations(&self) -> u64 {
        self.conversations
    }

    /// Decides, as far as the survey and the caller allow.
    pub fn settle(&self, settings: &SpeakerSettings) -> SpeakerTable {
        SpeakerTable::new(self, settings)
    }

    /// Adds to a name and gives its shared key; `None` when there are too many names.
    fn tally(&mut self, key: &str, seen: Tally) -> Option<Arc<str>> {
        if let Some((known, _)) = self.names.get_key_value(key) {
            let known = Arc::clone(known);
            let tally = self.names.get_mut(key)?;
            if seen.spelling < tally.spelling {
                tally.spelling = seen.spelling;
            }
            tally.turns += seen.turns;
            tally.conversations += seen.conversations;
            tally.shared += seen.shared;
            tally.notes += seen.notes;
            tally.marks.merge(seen.marks);
            tally.named &= seen.named;
            tally.marked += seen.marked;
            tally.assumed += seen.assumed;
            tally.habits.merge(seen.habits);
            return Some(known);
        }
        if self.names.len() >= NAMES_MAX {
            return None;
        }
        let key: Arc<str> = key.into();
        self.names.insert(Arc::clone(&key), seen);
        Some(key)
    }

    fn count_cast(&mut self, members: Box<[Known]>, times: u64) {
        if let Some(known) = self.casts.get_mut(&members) {
            *known += times;
        } else if self.casts.len() < CASTS_MAX {
            self.casts.insert(members, times);
        }
    }
}
