//! The settled speakers: asked for every conversation, shown to the user once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Kind, Turn};
use crate::text::number::count;
use crate::text::similar::nearest;

use super::cast::{Cast, Member, Speaker, complement, is_spoken};
use super::habits::Habits;
use super::marks::{Marks, is_machine_name, label_of_speaker, mark_of};
use super::pattern::Pattern;
use super::row::{SpeakerRow, Unmatched};
use super::settings::{SpeakerSettings, list_name};
use super::statistics::{colleagues, regular, team};
use super::survey::{Known, Survey, Tally};
use super::system::{Uses, instructs, is_software, use_of};
use super::{SpeakerRole, key_of};

/// What a speaker is alone, before the neighbours are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Alone {
    role: SpeakerRole,
    evidence: Evidence,
}

impl Alone {
    /// Known by nothing but the word `system` or one like it.
    fn is_word_system(self) -> bool {
        self.role == SpeakerRole::System && matches!(self.evidence, Evidence::Label { .. })
    }
}

/// Why; in the order of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Caller,
    Marks,
    Label { word: &'static str, numbered: bool },
    Notes,
    Habits(Habits),
    Statistics { conversations: u64, of: u64 },
    Team { members: usize, conversations: u64, of: u64 },
}

/// Speakers and their roles.
#[derive(Debug, Clone, Default)]
pub struct SpeakerTable {
    patterns: Vec<(Pattern, SpeakerRole)>,
    surveyed: BTreeMap<Arc<str>, (Marks, Option<Alone>)>,
    /// Who comes back to answer beside a known assistant, as it seems.
    colleagues: BTreeSet<Arc<str>>,
    system: Uses,
    rows: Vec<SpeakerRow>,
    unmatched: Vec<Unmatched>,
    answered: (u64, u64),
}

impl SpeakerTable {
    /// Settles what a survey saw.
    pub(super) fn new(survey: &Survey, settings: &SpeakerSettings) -> Self {
        let mut patterns: Vec<(Pattern, SpeakerRole)> =
            settings.patterns().map(|(role, written)| (Pattern::new(written), role)).collect();
        // Stable: within each half the order of the lists stays.
        patterns.sort_by_key(|(pattern, _)| !pattern.is_exact());
        let mut table = Self { patterns, system: survey.system, ..Self::default() };
        for (key, tally) in &survey.names {
            let named = tally.named && tally.conversations > 0;
            let alone = table.alone(key, tally.marks, tally.notes > 0, named).or_else(|| by_habits(tally));
            table.surveyed.insert(Arc::clone(key), (tally.marks, alone));
        }
        let known = |key: &str| table.surveyed.get(key).and_then(|(_, alone)| alone.map(|alone| alone.role));
        if !table.system_is_assistant()
            && let Some((key, conversations)) = regular(&survey.names, survey.shared, known)
        {
            let evidence = Evidence::Statistics { conversations, of: survey.shared };
            let alone = Some(Alone { role: SpeakerRole::Assistant, evidence });
            if let Some(entry) = table.surveyed.get_mut(key) {
                entry.1 = alone;
            }
        } else if !table.system_is_assistant()
            && let Some((members, conversations)) = team(&survey.names, &survey.casts, survey.shared, known)
        {
            let evidence = Evidence::Team { members: members.len(), conversations, of: survey.shared };
            for key in members {
                if let Some(entry) = table.surveyed.get_mut(key) {
                    entry.1 = Some(Alone { role: SpeakerRole::Assistant, evidence });
                }
            }
        }
        let known = |one: &Known| {
            let alone = table.surveyed.get(&one.key).and_then(|(_, alone)| *alone);
            // An assumed side is none to draw conclusions from.
            let assumed = survey.names.get(&one.key).is_some_and(|tally| tally.assumed > 0);
            table.shown_role(alone, one.marks).filter(|_| !assumed)
        };
        table.colleagues = colleagues(&survey.names, &survey.casts, known).into_iter().cloned().collect();
        table.rows = table.settle_rows(survey);
        table.unmatched = table.find_unmatched(survey, settings);
        table
    }

    /// Every surveyed speaker, those with the most turns first, then by name.
    pub fn rows(&self) -> &[SpeakerRow] {
        &self.rows
    }

    /// In how many of the surveyed conversations of two or more speakers somebody is known to be the assistant, and how
    /// many of them there are.
    pub fn answered(&self) -> (u64, u64) {
        self.answered
    }

    /// Patterns of the caller that fit no surveyed speaker.
    pub fn unmatched_patterns(&self) -> &[Unmatched] {
        &self.unmatched
    }

    /// The role of one turn among the turns of its conversation; [`Self::roles`] for all of them at once.
    pub fn role_of(&self, turn: usize, turns: &[Turn]) -> Option<SpeakerRole> {
        self.roles(turns).get(turn).copied().flatten()
    }

    /// The role of every turn of one conversation, in order; `None` where it is undecided.
    pub fn roles(&self, turns: &[Turn]) -> Vec<Option<SpeakerRole>> {
        let cast = Cast::of(turns);
        let alone: Vec<Option<Alone>> =
            cast.speakers.iter().map(|speaker| self.alone_here(speaker)).collect();
        let mut roles: Vec<Option<SpeakerRole>> =
            alone.iter().map(|alone| alone.map(|known| known.role)).collect();
        let by_caller = |speaker: usize| matches!(alone.get(speaker), Some(Some(known)) if known.evidence == Evidence::Caller);
        let bears_system = |index: usize, role| role == Some(SpeakerRole::System) && !by_caller(index);
        let system_answers = self.system.is_assistant(use_of(turns, &cast, &roles));
        if system_answers {
            for (index, role) in roles.iter_mut().enumerate() {
                if bears_system(index, *role) {
                    *role = Some(SpeakerRole::Assistant);
                }
            }
        }
        let speaking: Vec<usize> = (0..cast.speakers.len())
            .filter(|index| cast.speakers.get(*index).is_some_and(|s| s.spoken > 0))
            .collect();
        let by_word = |index: usize| alone.get(index).copied().flatten().is_some_and(Alone::is_word_system);
        let beside = speaking.iter().filter(|index| !by_word(**index)).filter_map(|&index| {
            Some((cast.speakers.get(index)?.key.as_str(), roles.get(index).copied().flatten()))
        });
        let software = (0..cast.speakers.len()).any(by_word) && is_software(beside);
        if software {
            for (_, role) in roles.iter_mut().enumerate().filter(|(index, _)| by_word(*index)) {
                *role = Some(SpeakerRole::Event);
            }
        }
        let mut members: Vec<Member> = speaking
            .iter()
            .map(|&index| {
                let (name, key, marks) = cast
                    .speakers
                    .get(index)
                    .map_or(("", "", Marks::None), |speaker| (speaker.name, &*speaker.key, speaker.marks));
                let known = alone.get(index).copied().flatten();
                self.member(name, key, roles.get(index).copied().flatten(), marks, known)
            })
            .collect();
        complement(&mut members);
        for (&index, member) in speaking.iter().zip(&members) {
            if let Some(role) = roles.get_mut(index) {
                *role = member.role;
            }
        }
        let mut begun = false;
        turns
            .iter()
            .zip(&cast.of_turn)
            .map(|(turn, &speaker)| {
                let settled = roles.get(speaker).copied().flatten();
                let role = match mark_of(turn) {
                    Some(SpeakerRole::System) if system_answers => Some(SpeakerRole::Assistant),
                    Some(mark) if !by_caller(speaker) && mark != SpeakerRole::Bot => Some(mark),
                    _ => settled,
                };
                let role = match (role, turn.kind) {
                    (Some(SpeakerRole::Event), Kind::Text)
                        if software && !begun && by_word(speaker) && instructs(&turn.text) =>
                    {
                        Some(SpeakerRole::System)
                    }
                    // Instructions stand before the talk; later the word marks a note of the chat software.
                    (Some(SpeakerRole::System), _) if begun && !by_caller(speaker) => {
                        Some(SpeakerRole::Event)
                    }
                    (None, Kind::Event(_)) => Some(SpeakerRole::Event),
                    (None, Kind::Auto(_)) => Some(SpeakerRole::Bot),
                    (role, _) => role,
                };
                begun |= is_spoken(turn) && role.is_none_or(SpeakerRole::is_side);
                role
            })
            .collect()
    }

    /// Whether somebody is known to be on the assistant's side, whatever the conversation.
    pub fn is_assistant(&self, name: &str) -> bool {
        let key = key_of(name);
        let surveyed = self.surveyed.get(key.as_str()).map(|(_, alone)| *alone);
        let alone = surveyed.unwrap_or_else(|| self.alone(&key, Marks::None, false, false));
        alone.is_some_and(|known| known.role == SpeakerRole::Assistant)
    }

    /// What is known of a speaker of one conversation, before the neighbours are looked at.
    fn alone_here(&self, speaker: &Speaker<'_>) -> Option<Alone> {
        let surveyed = self.surveyed.get(speaker.key.as_str());
        // Marks in this very conversation beat those elsewhere.
        if speaker.marks == Marks::None
            && let Some((_, alone)) = surveyed
        {
            return *alone;
        }
        let here = self.alone(&speaker.key, speaker.marks, speaker.notes > 0, speaker.is_named());
        here.or_else(|| surveyed.and_then(|(_, alone)| *alone))
    }

    /// The caller, the marks, the label, the notes.
    fn alone(&self, key: &str, marks: Marks, writes_notes: bool, named: bool) -> Option<Alone> {
        if let Some((_, role)) = self.patterns.iter().find(|(pattern, _)| pattern.matches(key)) {
            return Some(Alone { role: *role, evidence: Evidence::Caller });
        }
        match marks {
            Marks::One(role) => return Some(Alone { role, evidence: Evidence::Marks }),
            Marks::Mixed => return None,
            Marks::None => {}
        }
        if let Some(label) = label_of_speaker(key, named) {
            let evidence = Evidence::Label { word: label.word, numbered: label.numbered };
            return Some(Alone { role: label.role, evidence });
        }
        // Only the support side writes notes that the customer does not see.
        writes_notes.then_some(Alone { role: SpeakerRole::Assistant, evidence: Evidence::Notes })
    }

    fn member(
        &self,
        name: &str,
        key: &str,
        role: Option<SpeakerRole>,
        marks: Marks,
        alone: Option<Alone>,
    ) -> Member {
        let stem = match alone.map(|alone| alone.evidence) {
            Some(Evidence::Label { word, numbered: true }) => Some(word),
            _ => None,
        };
        Member {
            role,
            mixed: role.is_none() && marks == Marks::Mixed,
            stem,
            nameless: key.is_empty(),
            answers: self.colleagues.contains(key) || is_machine_name(name),
        }
    }

    fn system_is_assistant(&self) -> bool {
        self.system.is_assistant(None)
    }

    /// What every surveyed cast makes of its members, gathered by name.
    fn settle_rows(&mut self, survey: &Survey) -> Vec<SpeakerRow> {
        self.answered.1 = survey.shared;
        let mut outcomes: BTreeMap<&str, BTreeMap<Option<SpeakerRole>, u64>> = BTreeMap::new();
        for (cast, times) in &survey.casts {
            let alone = |known: &Known| self.surveyed.get(&known.key).and_then(|(_, alone)| *alone);
            let by_word = |known: &&Known| alone(known).is_some_and(Alone::is_word_system);
            let beside = cast.iter().filter(|known| !by_word(known));
            let software =
                is_software(beside.map(|known| (&*known.key, self.shown_role(alone(known), known.marks))));
            let mut members: Vec<Member> = cast
                .iter()
                .map(|known| {
                    let role = match self.shown_role(alone(known), known.marks) {
                        Some(_) if software && by_word(&known) => Some(SpeakerRole::Event),
                        role => role,
                    };
                    let name = survey.names.get(&known.key).map_or("", |tally| &tally.spelling);
                    self.member(name, &known.key, role, known.marks, alone(known))
                })
                .collect();
            complement(&mut members);
            let answers = |member: &Member| member.mixed || member.role == Some(SpeakerRole::Assistant);
            if members.len() > 1 && members.iter().any(answers) {
                self.answered.0 += times;
            }
            for (known, member) in cast.iter().zip(&members) {
                *outcomes.entry(&known.key).or_default().entry(member.role).or_default() += times;
            }
        }
        let mut rows: Vec<SpeakerRow> = survey
            .names
            .iter()
            .map(|(key, tally)| {
                let alone = self.surveyed.get(key).and_then(|(_, alone)| *alone);
                let (role, why) = self.explain(key, alone, tally, outcomes.get(&**key));
                SpeakerRow {
                    name: tally.spelling.clone(),
                    role,
                    why,
                    turns: tally.turns,
                    conversations: tally.conversations,
                    share: tally.conversations as f64 / survey.conversations.max(1) as f64,
                }
            })
            .collect();
        rows.sort_by(|a, b| b.turns.cmp(&a.turns).then_with(|| a.name.cmp(&b.name)));
        rows
    }

    /// The role before neighbours, with the word `system` read as the survey says.
    fn shown_role(&self, alone: Option<Alone>, marks: Marks) -> Option<SpeakerRole> {
        let role = match (alone, marks) {
            (Some(Alone { role, evidence: Evidence::Caller }), _) => return Some(role),
            (_, Marks::One(role)) => Some(role),
            (alone, _) => alone.map(|alone| alone.role),
        };
        if role == Some(SpeakerRole::System) && self.system_is_assistant() {
            return Some(SpeakerRole::Assistant);
        }
        role
    }

    fn explain(
        &self,
        key: &str,
        alone: Option<Alone>,
        tally: &Tally,
        outcomes: Option<&BTreeMap<Option<SpeakerRole>, u64>>,
    ) -> (Option<SpeakerRole>, String) {
        let news =
            |role: &Option<SpeakerRole>| matches!(role, Some(SpeakerRole::Event | SpeakerRole::System));
        let settled = match outcomes {
            Some(seen) if seen.len() == 1 => seen.keys().next().copied().flatten(),
            Some(seen) if seen.keys().all(news) => Some(SpeakerRole::Event),
            Some(_) => None,
            None => self.shown_role(alone, Marks::None),
        };
        let undecided = outcomes.and_then(|seen| seen.get(&None)).copied().unwrap_or(0);
        let why = match alone {
            _ if tally.marks == Marks::Mixed && tally.assumed > 0 && tally.marked == 0 => {
                "assumed from conversation to conversation, since the data does not say it".to_owned()
            }
            _ if tally.marks == Marks::Mixed => "each turn follows its own mark in the data".to_owned(),
            Some(Alone { evidence: Evidence::Label { word, numbered: true }, .. }) if undecided > 0 => {
                format!(
                    "numbered speakers of the label `{word}` talk to each other, and either may be the assistant"
                )
            }
            Some(alone) => match alone.evidence {
                Evidence::Caller => "named by the caller".to_owned(),
                Evidence::Marks if tally.assumed > 0 => assumed(tally),
                Evidence::Marks => "marked so in the data".to_owned(),
                Evidence::Label { .. } if alone.is_word_system() && settled == Some(SpeakerRole::Event) => {
                    "stands beside people who answer, so it is the software of the chat".to_owned()
                }
                Evidence::Label { .. } if alone.role == SpeakerRole::System && self.system_is_assistant() => {
                    format!(
                        "speaks in turn with the user in {} of {} conversations, so the word does not mean instructions",
                        self.system.answers,
                        self.system.answers + self.system.stands
                    )
                }
                Evidence::Label { .. } if alone.role == SpeakerRole::Bot => {
                    "a bot is the assistant where no human of its side speaks".to_owned()
                }
                Evidence::Label { word, .. } => format!("known label `{word}`"),
                Evidence::Notes => "writes internal notes".to_owned(),
                Evidence::Habits(Habits { offers: 0, signs }) => {
                    format!("signs for a support department in {}", count(signs, "conversation"))
                }
                Evidence::Habits(Habits { offers, .. }) => {
                    format!("offers help at the beginning of {}", count(offers, "conversation"))
                }
                Evidence::Team { members, conversations, of } => format!(
                    "one of {members} who take turns in {conversations} of {of} shared conversations, the others come once"
                ),
                Evidence::Statistics { conversations, of } => {
                    format!(
                        "takes part in {conversations} of {of} shared conversations, the others come and go"
                    )
                }
            },
            None if tally.conversations == 0 => "only events and automatic messages".to_owned(),
            None if outcomes.is_none() => {
                "no mark, no known label, and too many speakers in the conversation to find two sides"
                    .to_owned()
            }
            None if self.colleagues.contains(key) => {
                "comes back beside a known assistant and others who come once, so it may answer, too"
                    .to_owned()
            }
            None if key.is_empty() => {
                "has no name, so it may be anybody; `--user ''` or `--assistant ''` says it".to_owned()
            }
            None if settled.is_some() => "the other side of a known speaker".to_owned(),
            None if undecided == 0 => "another side in different conversations".to_owned(),
            None => format!(
                "no mark, no known label, no clear other side in {undecided} of {} conversations",
                tally.conversations
            ),
        };
        (settled, why)
    }

    fn find_unmatched(&self, survey: &Survey, settings: &SpeakerSettings) -> Vec<Unmatched> {
        let named = self.rows.iter().map(|row| row.name.as_str()).filter(|name| !name.is_empty());
        settings
            .patterns()
            .filter_map(|(role, written)| {
                let pattern = Pattern::new(written);
                let matched = if pattern.is_exact() {
                    survey.names.contains_key(pattern.folded())
                } else {
                    survey.names.keys().any(|key| pattern.matches(key))
                };
                (!matched).then(|| Unmatched {
                    list: list_name(role),
                    pattern: written.to_owned(),
                    nearest: nearest(written, named.clone()).map(str::to_owned),
                    busiest: named.clone().take(5).map(str::to_owned).collect(),
                })
            })
            .collect()
    }
}

/// In how many conversations a side was assumed, and whether the data says it in others.
fn assumed(tally: &Tally) -> String {
    let of = if tally.assumed == tally.conversations {
        String::new()
    } else {
        format!(" in {} of {}", tally.assumed, count(tally.conversations, "conversation"))
    };
    match tally.marked {
        0 => format!("assumed{of}, since the data does not say it"),
        marked => format!("marked so in the data in {}, assumed{of}", count(marked, "conversation")),
    }
}

/// What a speaker's habits say: the support side offers help or signs for a department.
fn by_habits(tally: &Tally) -> Option<Alone> {
    let Habits { offers, signs } = tally.habits;
    let often = |times: u64| times > 0 && times * HABIT_SHARE >= tally.shared;
    let evidence = Evidence::Habits(tally.habits);
    (often(offers) || (often(signs) && signs > 1)).then_some(Alone { role: SpeakerRole::Assistant, evidence })
}

/// One in so many of a speaker's conversations must show the habit.
const HABIT_SHARE: u64 = 5;
