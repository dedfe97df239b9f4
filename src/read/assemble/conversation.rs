//! A conversation on its way to examples: order, roles, what goes, where it is split; then each part by itself.

use crate::diagnostic::Rejection;
use crate::model::{Body, Conversation, Example, Message, Role, Visibility};
use crate::read::speakers::{SpeakerRole, SpeakerTable};
use crate::target::Shape;
use crate::text::sanitize::excerpt;

use super::counts::Counts;
use super::draft::Draft;
use super::settings::AssembleSettings;
use super::talk::{Said, Talk};
use super::{Assembled, Part, codes, split_answers};
use super::{
    add_system, cut_agent_initials, cut_disclaimer, cut_into_windows, cut_mention, cut_quoted_mail,
    cut_signature, cut_tracking, cut_trailing_user, drop_auto_message, drop_empty_turn, drop_event,
    drop_internal_note, drop_media, drop_opening_assistant, drop_repeated_turn, drop_tool_turn,
    join_split_answer, merge_bursts, merge_system, order_by_time, repair_mojibake, split_at_gap,
    strip_invisible,
};

/// Most characters of a speaker's name in a message.
const NAME_SHOWN: usize = 40;
/// Most speakers named in a message.
const SPEAKERS_SHOWN: usize = 5;

/// Assembles one conversation.
pub(super) fn assemble(
    conversation: Conversation,
    table: &SpeakerTable,
    settings: &AssembleSettings,
    measure: Option<&dyn Fn(&Body) -> u64>,
) -> Assembled {
    let Conversation { id, system, mut turns, mut extra, .. } = conversation;
    let read = turns.len() as u64;
    if settings.shape == Shape::Preference {
        let message = "a conversation has one answer to each question";
        return Assembled::rejected(id, read, Rejection::new(&codes::NO_REJECTED_ANSWER, message));
    }
    let mut talk = Talk::default();
    talk.done.add(&order_by_time::MENDING.def, order_by_time::mend(&mut turns, settings));
    let roles = table.roles(&turns);
    for (turn, role) in turns.iter_mut().zip(&roles) {
        let among_us =
            !turn.recipients.is_empty() && turn.recipients.iter().all(|name| table.is_assistant(name));
        if among_us && *role == Some(SpeakerRole::Assistant) {
            turn.visibility = Visibility::Internal;
        }
    }
    talk.said = turns.into_iter().zip(roles).map(|(turn, role)| Said { turn, role }).collect();
    clear(&mut talk, settings);
    if let Some(rejection) = unknown_speakers(&talk.said) {
        return Assembled::rejected_after(id, read, rejection, talk.dropped);
    }
    if talk.said.is_empty() {
        return Assembled::rejected_after(id, read, no_turns(read), talk.dropped);
    }

    let Talk { said, mut dropped, mut done } = talk;
    let parts = split_at_gap::mend(said, settings);
    let several = parts.len() > 1;
    let mut instructions = Vec::new();
    let mut one_sided = None;
    let mut made: Vec<Part> = Vec::new();
    for said in parts {
        let mut draft = Draft::default();
        put_instructions(&mut draft, system.as_deref(), &instructions);
        if several {
            instructions.extend(said_first(&said));
        }
        for Said { turn, role } in said {
            draft.push(Message::text(message_role(role), turn.text), 1);
        }
        match finish(draft, settings, &mut dropped) {
            Err(rejection) => one_sided = one_sided.or(Some(rejection)),
            Ok(mut draft) => {
                draft.done.merge(&std::mem::take(&mut done));
                if several {
                    draft.done.add(&split_at_gap::MENDING.def, 1);
                }
                let extra = if several { extra.clone() } else { std::mem::take(&mut extra) };
                let rest = Example { extra, ..Example::default() };
                made.extend(cut_into_windows::mend(draft, rest, settings, measure, &mut dropped));
            }
        }
    }
    match one_sided.or_else(|| made.is_empty().then(split_answers::rejection)) {
        Some(rejection) if made.is_empty() => Assembled::rejected_after(id, read, rejection, dropped),
        _ => Assembled { id, read, parts: made, dropped: dropped.sorted(), rejected: None },
    }
}

/// Drops what nobody is to learn, each kind under its name.
fn clear(talk: &mut Talk, settings: &AssembleSettings) {
    let before = talk.said.len();
    talk.said.retain(|said| said.role != Some(SpeakerRole::Ignored));
    let ignored = (before - talk.said.len()) as u64;
    talk.dropped.add(&codes::SPEAKER_IGNORED, ignored);
    talk.done.add(&codes::SPEAKER_IGNORED, ignored);
    drop_internal_note::mend(talk, settings);
    drop_event::mend(talk, settings);
    drop_tool_turn::mend(talk, settings);
    drop_auto_message::mend(talk, settings);
    drop_media::mend(talk, settings);
    // From the outside in: what is quoted stands below the disclaimer, the disclaimer below the signature.
    cut_quoted_mail::mend(talk, settings);
    cut_disclaimer::mend(talk, settings);
    cut_signature::mend(talk, settings);
    repair_mojibake::mend(talk, settings);
    strip_invisible::mend(talk, settings);
    cut_mention::mend(talk, settings);
    cut_agent_initials::mend(talk, settings);
    join_split_answer::mend(talk, settings);
    cut_tracking::mend(talk, settings);
    drop_empty_turn::mend(talk, settings);
    drop_repeated_turn::mend(talk, settings);
}

/// Puts the source's instructions first: those of the record, and in later parts those said in the first.
fn put_instructions(draft: &mut Draft, system: Option<&str>, said_before: &[Message]) {
    if let Some(system) = system.filter(|system| !system.trim().is_empty()) {
        draft.push(Message::text(Role::System, system), 0);
    }
    for message in said_before {
        draft.push(message.clone(), 0);
    }
}

/// The instructions at the beginning of a part.
fn said_first(said: &[Said]) -> impl Iterator<Item = Message> {
    said.iter()
        .take_while(|said| said.role == Some(SpeakerRole::System))
        .map(|said| Message::text(Role::System, said.turn.text.as_str()))
}

/// The mendings of one part; an error when only one side is left, with its turns dropped.
fn finish(mut draft: Draft, settings: &AssembleSettings, dropped: &mut Counts) -> Result<Draft, Rejection> {
    let read_here = draft.turns_left();
    drop_opening_assistant::mend(&mut draft, settings, true);
    cut_trailing_user::mend(&mut draft, settings);
    if let Some(rejection) = one_sided(&draft) {
        dropped.add(&codes::ONE_SIDED, read_here);
        return Err(rejection);
    }
    merge_bursts::mend(&mut draft, settings, true);
    add_system::mend(&mut draft, settings);
    merge_system::mend(&mut draft, settings);
    dropped.merge(&draft.dropped);
    Ok(draft)
}

fn one_sided(draft: &Draft) -> Option<Rejection> {
    let count = |role: &Role| draft.messages.iter().filter(|message| message.role == *role).count() as u64;
    let (user, assistant) = (count(&Role::User), count(&Role::Assistant));
    let greeted = draft.dropped != Counts::default();
    let message = match (user, assistant) {
        (0, 0) => "neither side said anything".to_owned(),
        (turns, 0) if greeted => format!("nobody answered the customer's {}", plural(turns)),
        (turns, 0) => format!("only the customer said something, in {}", plural(turns)),
        (0, turns) => format!("only the assistant said something, in {}", plural(turns)),
        _ => return None,
    };
    Some(Rejection::new(&codes::ONE_SIDED, message))
}

fn plural(turns: u64) -> String {
    format!("{turns} turn{}", if turns == 1 { "" } else { "s" })
}

fn no_turns(read: u64) -> Rejection {
    let message = match read {
        0 => "the conversation has no turns".to_owned(),
        1 => "the one turn was dropped".to_owned(),
        turns => format!("all {turns} turns were dropped"),
    };
    Rejection::new(&codes::NO_TURNS_LEFT, message)
}

/// Names the speakers without a role, those with the most turns first.
fn unknown_speakers(said: &[Said]) -> Option<Rejection> {
    let mut unknown: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    for said in said.iter().filter(|said| !is_placed(said.role)) {
        *unknown.entry(said.turn.speaker.trim()).or_default() += 1;
    }
    if unknown.is_empty() {
        return None;
    }
    let mut unknown: Vec<(&str, u64)> = unknown.into_iter().collect();
    unknown.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let names: Vec<String> = unknown
        .iter()
        .take(SPEAKERS_SHOWN)
        .map(|(name, turns)| match *name {
            "" => format!("a speaker without a name ({})", plural(*turns)),
            name => format!("`{}` ({})", excerpt(name, NAME_SHOWN), plural(*turns)),
        })
        .collect();
    let more = unknown.len().saturating_sub(SPEAKERS_SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!("no role is known for {}{more}", names.join(", "));
    Some(Rejection::new(&codes::SPEAKER_UNKNOWN, message))
}

/// Whether a turn can become a message. Events and tools that are not dropped need a role from the caller.
fn is_placed(role: Option<SpeakerRole>) -> bool {
    matches!(role, Some(SpeakerRole::Assistant | SpeakerRole::User | SpeakerRole::System | SpeakerRole::Bot))
}

fn message_role(role: Option<SpeakerRole>) -> Role {
    match role {
        Some(SpeakerRole::User) => Role::User,
        Some(SpeakerRole::System) => Role::System,
        // A bot whose turns the caller wants kept speaks for the support side.
        _ => Role::Assistant,
    }
}
