//! What holds for every record, over made-up ones.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::model::{
    Auto, Conversation, Event, Example, Kind, Message, Preference, Role, ToolCall, Turn, Visibility,
};
use crate::read::speakers::{SpeakerSettings, Survey};
use crate::target::{Adjacent, Shape, SystemPlace};

/// The settings that most unit tests start from: a lenient target of examples.
pub(super) fn settings() -> AssembleSettings {
    AssembleSettings {
        system: None,
        gap_ms: None,
        max_tokens: None,
        off: std::collections::BTreeSet::new(),
        on: std::collections::BTreeSet::new(),
        shape: Shape::Example,
        adjacent: Adjacent::Allowed,
        user_first: false,
        system_place: SystemPlace::Anywhere,
        takes_labels: false,
        takes_weights: false,
        one_answer: false,
    }
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        4 => Just(Role::User),
        4 => Just(Role::Assistant),
        1 => Just(Role::System),
        1 => Just(Role::Tool),
        1 => Just(Role::Other("agent".into())),
    ]
}

fn turn() -> impl Strategy<Value = Turn> {
    let speaker = prop::sample::select(vec![
        "customer", "Agent", "agent_2", "bot", "SYSTEM", "Ana", "", "api", "x (User)",
    ]);
    let text = prop::sample::select(vec!["hello", "hi", " ", "", "long text of several words"]);
    let kind = prop_oneof![8 => Just(Kind::Text), 1 => Just(Kind::Event(Event::Join)), 1 => Just(Kind::Media), 1 => Just(Kind::Auto(Auto::Reply))];
    let visibility = prop_oneof![9 => Just(Visibility::Public), 1 => Just(Visibility::Internal)];
    let mark = prop_oneof![5 => Just(None), 1 => role().prop_map(Some)];
    (speaker, mark, text, prop::option::weighted(0.7, 0_i64..40), visibility, kind).prop_map(
        |(speaker, role, text, time, visibility, kind)| Turn {
            speaker: speaker.into(),
            role,
            text: text.into(),
            time,
            visibility,
            kind,
            ..Turn::default()
        },
    )
}

fn message() -> impl Strategy<Value = Message> {
    (role(), "[ab ]{0,3}", any::<bool>(), prop::option::of(0_u8..2)).prop_map(
        |(role, text, calls, weight)| {
            let mut message = Message::text(role, text);
            message.weight = weight;
            if calls && message.role == Role::Assistant {
                let extra = crate::model::Extra::new();
                message.tool_calls.push(ToolCall {
                    id: None,
                    name: "f".into(),
                    arguments: "{}".into(),
                    extra,
                });
            }
            message
        },
    )
}

fn raw() -> impl Strategy<Value = Raw> {
    let messages = |most| prop::collection::vec(message(), 0..most);
    let conversation =
        (prop::collection::vec(turn(), 0..12), prop::option::of("[a ]{1,2}")).prop_map(|(turns, system)| {
            Raw::Conversation(Conversation { system, turns, ..Conversation::default() })
        });
    let example = (messages(10), prop::option::weighted(0.1, any::<bool>()))
        .prop_map(|(messages, label)| Raw::Example(Example { messages, label, ..Example::default() }));
    let preference = (messages(5), messages(3), messages(3)).prop_map(|(prompt, chosen, rejected)| {
        Raw::Preference(Preference { prompt, chosen, rejected, ..Preference::default() })
    });
    prop_oneof![4 => conversation, 2 => example, 1 => preference]
}

fn any_settings() -> impl Strategy<Value = AssembleSettings> {
    let names: Vec<&'static str> = MENDINGS.iter().map(|mending| mending.def.name).collect();
    let some = prop::collection::btree_set(prop::sample::select(names), 0..4);
    let bits = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let numbers = (prop::option::of(0_i64..20), prop::option::of(1_u64..60), prop::option::of("[a ]{0,3}"));
    (some.clone(), some, bits, numbers).prop_map(|(on, off, bits, (gap_ms, max_tokens, system))| {
        AssembleSettings {
            system,
            gap_ms,
            max_tokens,
            off,
            on,
            shape: if bits.0 { Shape::Preference } else { Shape::Example },
            adjacent: if bits.1 { Adjacent::Refused } else { Adjacent::Allowed },
            user_first: bits.2,
            system_place: if bits.3 { SystemPlace::FirstOnly } else { SystemPlace::Anywhere },
            takes_labels: false,
            takes_weights: bits.1,
            one_answer: bits.2,
        }
    })
}

fn turns_of(raw: &Raw) -> u64 {
    (match raw {
        Raw::Conversation(conversation) => conversation.turns.len(),
        Raw::Example(example) => example.messages.len(),
        Raw::Preference(pair) => pair.prompt.len() + pair.chosen.len() + pair.rejected.len(),
    }) as u64
}

fn length(body: &Body) -> u64 {
    let weigh = |messages: &[Message]| -> u64 {
        messages.iter().map(|message| 3 + message.texts().map(|text| text.len() as u64).sum::<u64>()).sum()
    };
    match body {
        Body::Example(example) => weigh(&example.messages),
        Body::Preference(pair) => weigh(&pair.prompt) + weigh(&pair.chosen) + weigh(&pair.rejected),
    }
}

/// The letters of a body, without those of white space: what was said, whoever said it.
fn letters(body: &Body) -> usize {
    let text = serde_json::to_string(&match body {
        Body::Example(example) => texts(&example.messages),
        Body::Preference(pair) => [texts(&pair.prompt), texts(&pair.chosen), texts(&pair.rejected)].concat(),
    });
    text.unwrap_or_default().chars().filter(|letter| letter.is_alphabetic()).count()
}

fn texts(messages: &[Message]) -> Vec<Value> {
    messages.iter().flat_map(Message::texts).map(|text| Value::from(text.replace('\n', " "))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_turn_is_kept_merged_or_dropped(raw in raw(), settings in any_settings(), surveyed in any::<bool>()) {
        let mut survey = Survey::default();
        if let (Raw::Conversation(conversation), true) = (&raw, surveyed) {
            survey.add(conversation);
        }
        let table = survey.settle(&SpeakerSettings::default());
        let read = turns_of(&raw);
        let assembled = assemble(raw.clone(), &table, &settings, Some(&length));
        prop_assert_eq!(assembled.read, read);
        prop_assert!(assembled.is_balanced(), "{:?}", assembled);
        prop_assert!(assembled.dropped.iter().all(|(_, turns)| *turns > 0));
        if let Some(rejection) = &assembled.rejected {
            prop_assert!(assembled.parts.is_empty());
            // What was dropped by name stays so, the rest goes under the reason.
            let mendings = |code: &str| MENDINGS.iter().any(|mending| mending.def.code == code);
            let named = |code: &str| code == rejection.def.code || mendings(code) || code == codes::SPEAKER_IGNORED.code;
            prop_assert!(assembled.dropped.iter().all(|(def, _)| named(def.code)), "{:?}", assembled);
        } else {
            prop_assert!(!assembled.parts.is_empty());
        }
        // Pure: the same again.
        prop_assert_eq!(assemble(raw, &table, &settings, Some(&length)), assembled);
    }

    #[test]
    fn windows_train_every_answer_once(
        roles in prop::collection::vec((prop::sample::select(vec!['u', 'u', 'a', 'a', 'a', 't', 'c', 'm']), 0_usize..30), 0..24),
        system in any::<bool>(),
        max_tokens in 1_u64..120,
        takes_weights in any::<bool>(),
        one_answer in any::<bool>(),
    ) {
        let first = system.then(|| Message::text(Role::System, "be kind"));
        let messages: Vec<Message> = first.into_iter().chain(roles.iter().enumerate().map(|(index, (role, longer))| {
            let text = format!("{index} {}", "x".repeat(*longer));
            let mut message = Message::text(match role { 'u' => Role::User, 't' => Role::Tool, _ => Role::Assistant }, text);
            match role {
                'c' => message.tool_calls.push(ToolCall {
                    id: None, name: "f".into(), arguments: "{}".into(), extra: crate::model::Extra::new(),
                }),
                'm' => message.weight = Some(0),
                _ => {}
            }
            message
        })).collect();
        let settings = AssembleSettings { max_tokens: Some(max_tokens), takes_weights, one_answer, ..settings() };
        let draft = super::draft::Draft::new(messages.clone());
        let mut dropped = super::counts::Counts::default();
        let parts = super::cut_into_windows::mend(draft, Example::default(), &settings, Some(&length), &mut dropped);
        let is_trained = |message: &&Message| message.role == Role::Assistant && message.weight != Some(0);
        let trained = |messages: &[Message]| messages.iter().filter(is_trained).cloned().collect::<Vec<_>>();
        let mut windows = Vec::new();
        for part in &parts {
            let Body::Example(example) = &part.body else { panic!("an example became a pair") };
            windows.extend(trained(&example.messages));
            prop_assert!(!one_answer || super::answer_ends(&example.messages).len() < 2);
            // Too long is only what cannot be cut: from one question to the next after a finished answer.
            if length(&part.body) > max_tokens {
                let own: Vec<&Message> = example.messages.iter().filter(|message| !message.role.is_instruction()).collect();
                let asked = own.iter().position(|message| message.role == Role::User).unwrap_or(0);
                let cut = own[asked..].windows(2).any(|pair| {
                    pair[0].role == Role::Assistant && pair[0].tool_calls.is_empty() && pair[1].role == Role::User
                });
                prop_assert!(!cut, "{:?}", example.messages);
            }
            if system {
                prop_assert!(example.messages[0].role == Role::System);
            }
            // Rows of one answer mask the others, so that messages are not those that came.
            if parts.len() > 1 && !one_answer {
                let after = &example.messages[usize::from(system)..];
                prop_assert!(after.iter().zip(after.iter().skip(1)).all(|(a, b)| a.tool_calls.is_empty() || b.role != Role::User
                    || messages.windows(2).any(|pair| pair[0] == *a && pair[1] == *b)));
            }
        }
        // Each once, in order, whole.
        prop_assert_eq!(windows, trained(&messages));
        let kept = parts.iter().map(|part| part.kept + part.merged).sum::<u64>();
        prop_assert_eq!(kept + dropped.total(), messages.len() as u64);
    }

    #[test]
    fn conversations_become_talks_of_two_sides(
        turns in prop::collection::vec(turn(), 0..12),
        gap_ms in prop::option::of(0_i64..20),
        max_tokens in prop::option::of(1_u64..60),
    ) {
        let said: usize = turns.iter().map(|turn| turn.text.chars().filter(|l| l.is_alphabetic()).count()).sum();
        let raw = Raw::Conversation(Conversation { turns, ..Conversation::default() });
        let settings = AssembleSettings { gap_ms, max_tokens, ..settings() };
        let assembled = assemble(raw, &SpeakerTable::default(), &settings, Some(&length));
        let mut written = 0;
        let mut instructions = 0;
        for part in &assembled.parts {
            let Body::Example(example) = &part.body else { panic!("a conversation became a pair") };
            let talk: Vec<&Message> = example.messages.iter().filter(|message| !message.role.is_instruction()).collect();
            instructions += example.messages.len() - talk.len();
            prop_assert_eq!(&talk[0].role, &Role::User);
            prop_assert_eq!(&talk[talk.len() - 1].role, &Role::Assistant);
            prop_assert!(talk.windows(2).all(|pair| pair[0].role != pair[1].role));
            prop_assert!(talk.iter().all(|message| !message.is_blank()));
            written += letters(&part.body);
        }
        // Nothing is invented; only instructions may stand in several parts.
        if instructions == 0 {
            prop_assert!(written <= said, "{} of {}", written, said);
        }
    }
}
