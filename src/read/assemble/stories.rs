//! Whole records, as they occur in published data, and what becomes of them.

use super::draft::sample::shown;
use super::properties::settings;
use super::*;
use crate::model::{Conversation, Event, Example, Kind, Message, Preference, Role, Turn};
use crate::read::speakers::{SpeakerSettings, Survey};
use crate::target::{Adjacent, Shape};

/// A conversation of `speaker: text` lines.
fn talk(lines: &[(&str, &str)]) -> Conversation {
    let turn = |(speaker, text): &(&str, &str)| Turn {
        speaker: (*speaker).into(),
        text: (*text).into(),
        ..Turn::default()
    };
    Conversation { id: Some("7".into()), turns: lines.iter().map(turn).collect(), ..Conversation::default() }
}

fn made(raw: Raw, settings: &AssembleSettings) -> Assembled {
    let assembled = assemble(raw, &SpeakerTable::default(), settings, None);
    assert!(assembled.is_balanced(), "{assembled:?}");
    assembled
}

fn messages(part: &Part) -> &[Message] {
    match &part.body {
        Body::Example(example) => &example.messages,
        Body::Preference(_) => panic!("a pair"),
    }
}

fn named(counts: &[(&'static Def, u64)]) -> Vec<(&'static str, u64)> {
    counts.iter().map(|(def, count)| (def.name, *count)).collect()
}

#[test]
fn an_agent_first_chat_with_events_bursts_and_a_last_word() {
    let lines = [
        ("agent", "Hi!"),
        ("agent", "How can I help?"),
        ("customer", "wrong size"),
        ("action", "Account pulled up."),
        ("customer", "order 55"),
        ("agent", "sent a label"),
        ("customer", "thanks"),
    ];
    let assembled = made(Raw::Conversation(talk(&lines)), &settings());
    assert_eq!(assembled.id.as_deref(), Some("7"));
    assert_eq!(shown(messages(&assembled.parts[0])), "uwrong size/order 55 asent a label");
    assert_eq!(
        named(&assembled.dropped),
        [("cut-trailing-user", 1), ("drop-event", 1), ("drop-opening-assistant", 2)]
    );
    assert_eq!((assembled.parts[0].kept, assembled.parts[0].merged), (2, 1));
    assert_eq!(
        named(&assembled.parts[0].mendings),
        [("cut-trailing-user", 1), ("drop-event", 1), ("drop-opening-assistant", 2), ("merge-bursts", 1)]
    );
}

#[test]
fn unknown_speakers_are_named_with_their_turns() {
    let assembled =
        made(Raw::Conversation(talk(&[("Bo", "a"), ("Al\u{1b}", "b"), ("Bo", "c"), ("", "d")])), &settings());
    let rejection = assembled.rejected.unwrap();
    assert_eq!(rejection.def.name, "speaker-unknown");
    assert_eq!(
        rejection.message,
        "no role is known for `Bo` (2 turns), a speaker without a name (1 turn), `Al·` (1 turn)"
    );
    assert_eq!(named(&assembled.dropped), [("speaker-unknown", 4)]);
}

#[test]
fn one_side_alone_is_rejected_and_says_which() {
    let only = |lines: &[(&str, &str)]| {
        let assembled = made(Raw::Conversation(talk(lines)), &settings());
        assembled.rejected.map(|rejection| (rejection.def.name, rejection.message)).unwrap()
    };
    assert_eq!(only(&[("user", "a"), ("user", "b")]).1, "only the customer said something, in 2 turns");
    assert_eq!(only(&[("agent", "a")]).1, "only the assistant said something, in 1 turn");
    assert_eq!(only(&[("agent", "hi"), ("user", "b")]).1, "nobody answered the customer's 1 turn");
    assert_eq!(only(&[("user", " ")]), ("no-turns-left", "the one turn was dropped".into()));
    assert_eq!(only(&[]), ("no-turns-left", "the conversation has no turns".into()));
}

#[test]
fn a_one_sided_part_goes_and_the_others_stay() {
    let mut conversation = talk(&[
        ("system", "be kind"),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "c"),
        ("user", "d"),
        ("assistant", "e"),
    ]);
    for (turn, time) in conversation.turns.iter_mut().zip([0, 1, 2, 50, 100, 101]) {
        turn.time = Some(time);
    }
    conversation.extra.insert("tag".into(), "x".into());
    let settings = AssembleSettings { gap_ms: Some(10), ..settings() };
    let assembled = made(Raw::Conversation(conversation), &settings);
    let shown: Vec<String> = assembled.parts.iter().map(|part| shown(messages(part))).collect();
    assert_eq!(shown, ["sbe kind ua ab", "sbe kind ud ae"]);
    assert_eq!(assembled.parts.iter().map(|part| part.kept).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(named(&assembled.dropped), [("one-sided", 1)]);
    assert!(
        assembled.parts.iter().all(|part| matches!(&part.body, Body::Example(e) if e.extra["tag"] == "x"))
    );
}

#[test]
fn ignored_speakers_and_the_systems_of_source_and_caller() {
    let speakers = SpeakerSettings { ignore: vec!["spam*".into()], ..SpeakerSettings::default() };
    let table = Survey::default().settle(&speakers);
    let mut conversation = talk(&[("user", "a"), ("Spammer", "b"), ("agent", "c")]);
    conversation.system = Some("of the source".into());
    let settings = AssembleSettings { system: Some("of the caller".into()), ..settings() };
    let assembled = assemble(Raw::Conversation(conversation), &table, &settings, None);
    assert_eq!(shown(messages(&assembled.parts[0])), "sof the source ua ac");
    assert_eq!(named(&assembled.dropped), [("speaker-ignored", 1)]);
    assert_eq!(named(&assembled.parts[0].mendings), [("speaker-ignored", 1), ("system-kept", 1)]);
    assert!(assembled.is_balanced());
}

#[test]
fn a_bot_kept_beside_an_agent_speaks_for_its_side() {
    let lines = [("bot", "menu"), ("user", "a"), ("bot", "wait"), ("agent", "b")];
    let dropped = made(Raw::Conversation(talk(&lines)), &settings());
    assert_eq!(shown(messages(&dropped.parts[0])), "ua ab");
    assert_eq!(named(&dropped.dropped), [("drop-auto-message", 2)]);
    let mut kept = settings();
    kept.switch("drop-auto-message", false).unwrap();
    assert_eq!(shown(messages(&made(Raw::Conversation(talk(&lines)), &kept).parts[0])), "ua await/b");
}

#[test]
fn events_that_are_not_dropped_need_a_role() {
    let mut conversation = talk(&[("user", "a"), ("", "joined"), ("agent", "b")]);
    conversation.turns[1].kind = Kind::Event(Event::Other);
    let mut kept = settings();
    kept.switch("drop-event", false).unwrap();
    let rejection = made(Raw::Conversation(conversation), &kept).rejected.unwrap();
    assert_eq!(rejection.def.name, "speaker-unknown");
}

#[test]
fn settled_examples_are_touched_as_little_as_the_target_allows() {
    let messages_of = |roles: &str| super::draft::sample::draft(roles).messages;
    let example = |roles: &str| Raw::Example(Example { messages: messages_of(roles), ..Example::default() });
    let lenient = |roles: &str| shown(messages(&made(example(roles), &settings()).parts[0]));
    assert_eq!(lenient("auuaau"), "a1 u2 u3 a4 a5");
    assert_eq!(lenient("uat"), "u1 a2 t3");
    assert_eq!(lenient("uu"), "u1 u2");
    let strict = AssembleSettings { user_first: true, adjacent: Adjacent::Refused, ..settings() };
    let strict = |roles: &str| shown(messages(&made(example(roles), &strict).parts[0]));
    assert_eq!(strict("auuaau"), "u2/3 a4/5");
}

#[test]
fn labels_and_pairs_follow_the_shape_of_the_target() {
    let messages = || vec![Message::text(Role::User, "q"), Message::text(Role::Assistant, "a")];
    let labelled =
        |label| Raw::Example(Example { messages: messages(), label: Some(label), ..Example::default() });
    assert_eq!(made(labelled(true), &settings()).parts.len(), 1);
    assert_eq!(made(labelled(false), &settings()).rejected.unwrap().def.name, "unwanted-answer");
    let pairs = AssembleSettings { shape: Shape::Preference, ..settings() };
    assert_eq!(made(labelled(true), &pairs).rejected.unwrap().def.name, "no-rejected-answer");
    let conversation = Raw::Conversation(talk(&[("user", "a"), ("agent", "b")]));
    assert_eq!(made(conversation, &pairs).rejected.unwrap().def.name, "no-rejected-answer");

    let answer = |text: &str| vec![Message::text(Role::Assistant, text)];
    let pair = Preference {
        prompt: vec![Message::text(Role::User, "q")],
        chosen: answer("good"),
        rejected: answer("bad"),
        ..Preference::default()
    };
    let chosen = made(Raw::Preference(pair.clone()), &settings());
    assert_eq!(shown(self::messages(&chosen.parts[0])), "uq agood");
    assert_eq!(named(&chosen.dropped), [("preference-to-chosen", 1)]);
    let kept = made(Raw::Preference(pair.clone()), &pairs);
    assert_eq!(kept.parts[0].body, Body::Preference(pair.clone()));
    assert_eq!(kept.parts[0].kept, 3);
    let mut off = settings();
    off.switch("preference-to-chosen", false).unwrap();
    assert_eq!(made(Raw::Preference(pair.clone()), &off).parts[0].body, Body::Preference(pair));
}
