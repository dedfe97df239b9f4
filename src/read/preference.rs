//! Preference rows: one prompt with a chosen and a rejected answer.

use serde_json::Value;

use super::json::{self, Misfit, chat, has, instruction, keys_seen, sharegpt, take_solid_text, tools};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::transcript::grammar::is_human_assistant;
use super::transcript::talk;
use super::{ReadSettings, Sample, Source, codes};
use crate::error::Result;
use crate::model::{Extra, Message, Preference, Raw, Role};
use crate::target::rows::decode_preference;
use crate::text::json::kind;

static SPEC: ReaderSpec = ReaderSpec {
    name: "preference",
    title: "Preference pairs (`prompt`, `chosen`, `rejected`): TRL, hh-rlhf, LLaMA-Factory, OpenAI",
    notes: "Answers are texts, messages, lists of messages, or whole transcripts (`\\n\\nHuman:`, `\\n\\nAssistant:`). Where \
            both answers hold the whole conversation, the prompt is what they begin with in common. Understood \
            too: `conversations` with `chosen` and `rejected` turns, `instruction` with both, \
            `chosen_messages`/`rejected_messages`, and OpenAI's `input`, `preferred_output`, \
            `non_preferred_output`.",
    how_to_get: "",
    recognised_by: "`chosen` and `rejected`, or `preferred_output` and `non_preferred_output`",
};

/// Keys of the two answers, the usual ones first.
const ANSWERS: &[(&str, &str)] = &[
    ("chosen", "rejected"),
    ("chosen_messages", "rejected_messages"),
    ("chosen_response", "rejected_response"),
];
const OPENAI: (&str, &str) = ("preferred_output", "non_preferred_output");

/// The reader of preference rows.
pub struct PreferencePairs;

impl Reader for PreferencePairs {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let pairs = || ANSWERS.iter().chain(std::iter::once(&OPENAI));
        let both = |row: &Extra, pair: &(&str, &str)| row.contains_key(pair.0) && row.contains_key(pair.1);
        let fits = json::majority(head, |row| pairs().any(|pair| both(row, pair)))?;
        let (chosen, rejected) = pairs()
            .find(|pair| head.records.iter().filter_map(Value::as_object).any(|row| both(row, pair)))
            .unwrap_or(&OPENAI);
        Some(Guess {
            confidence: 94,
            why: format!("`{chosen}` and `{rejected}` in {fits} of {} rows looked at", head.records.len()),
        })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        json::rows::open(source, sample, settings, |row| preference(row).map(Raw::Preference))
    }
}

fn preference(mut row: Extra) -> Result<Preference, Misfit> {
    if row.contains_key(OPENAI.0) {
        return decode_preference(Value::Object(row)).map_err(Misfit::first);
    }
    let Some((chosen_key, rejected_key)) = ANSWERS
        .iter()
        .copied()
        .find(|(chosen, rejected)| row.contains_key(*chosen) || row.contains_key(*rejected))
    else {
        return Err(Misfit::shape("", format!("no `chosen` and `rejected`; {}", keys_seen(&row))));
    };
    let chosen = answer(&mut row, chosen_key)?;
    let rejected = answer(&mut row, rejected_key)?;
    let tools = tools::take_tools(&mut row);
    let (mut prompt, chosen, rejected) = match (chosen, rejected) {
        (Answer::Whole(chosen), Answer::Whole(rejected)) => {
            let (prompt, chosen, rejected) = common_beginning(chosen, rejected);
            drop_repeated_prompt(&mut row, &prompt);
            (prompt, chosen, rejected)
        }
        (Answer::Next(chosen), Answer::Next(rejected)) => (prompt_of(&mut row)?, chosen, rejected),
        _ => {
            return Err(Misfit::shape(
                "",
                format!(
                    "one of `{chosen_key}` and `{rejected_key}` is a whole conversation, the other an answer"
                ),
            ));
        }
    };
    if prompt.is_empty() {
        return Err(Misfit::new(
            &codes::NO_CHAT_SHAPE,
            "",
            format!("`{chosen_key}` and `{rejected_key}` have no beginning in common: there is no prompt"),
        ));
    }
    if prompt.first().is_some_and(|first| first.role != Role::System)
        && let Some(system) = take_solid_text(&mut row, "system")
    {
        prompt.insert(0, Message::text(Role::System, system));
    }
    Ok(Preference { prompt, chosen, rejected, tools, extra: row })
}

/// What stands under `chosen` or `rejected`.
enum Answer {
    /// What follows the prompt.
    Next(Vec<Message>),
    /// The conversation from its beginning.
    Whole(Vec<Message>),
}

fn answer(row: &mut Extra, key: &str) -> Result<Answer, Misfit> {
    let value =
        row.shift_remove(key).ok_or_else(|| Misfit::shape("", format!("no `{key}`; {}", keys_seen(row))))?;
    Ok(match value {
        Value::String(text) if is_human_assistant(&text) => Answer::Whole(block_messages(&text)),
        Value::String(text) => Answer::Next(vec![Message::text(Role::Assistant, text)]),
        Value::Object(turn) => Answer::Next(vec![one_message(turn, key)?]),
        Value::Array(list) if list.is_empty() => {
            return Err(Misfit::new(&codes::NO_ANSWERS, key, "the list of messages is empty"));
        }
        Value::Array(list) => {
            let messages = message_list(list, key)?;
            let goes_on =
                messages.first().is_some_and(|first| matches!(first.role, Role::Assistant | Role::Tool));
            if goes_on { Answer::Next(messages) } else { Answer::Whole(messages) }
        }
        other => {
            return Err(Misfit::shape(
                key,
                format!("the answer is {}, no text and no messages", kind(&other)),
            ));
        }
    })
}

/// The messages of a transcript of hh-rlhf, empty ones kept.
fn block_messages(text: &str) -> Vec<Message> {
    let turns = talk::turns(text).unwrap_or_default();
    turns.into_iter().map(|turn| Message::text(turn.role.unwrap_or(Role::User), turn.text)).collect()
}

fn one_message(turn: Extra, key: &str) -> Result<Message, Misfit> {
    if turn.contains_key("from") {
        return sharegpt::message(Value::Object(turn), format_args!("{key}"));
    }
    chat::messages(vec![Value::Object(turn)], key)?.pop().ok_or_else(|| Misfit::shape(key, "no message"))
}

fn message_list(list: Vec<Value>, key: &str) -> Result<Vec<Message>, Misfit> {
    if list.iter().any(|turn| turn.get("from").is_some()) {
        sharegpt::turns(list, key)
    } else {
        chat::messages(list, key)
    }
}

/// The prompt that stands beside the answers.
fn prompt_of(row: &mut Extra) -> Result<Vec<Message>, Misfit> {
    if let Some(key) = sharegpt::LIST_KEYS.iter().find(|key| row.get(**key).is_some_and(Value::is_array))
        && let Some(Value::Array(list)) = row.shift_remove(*key)
    {
        return message_list(list, key);
    }
    for key in ["prompt", "question"] {
        match row.get_mut(key) {
            Some(Value::Array(list)) => {
                let list = std::mem::take(list);
                row.shift_remove(key);
                return message_list(list, key);
            }
            Some(Value::String(_)) => {
                let Some(text) = take_solid_text(row, key) else { continue };
                if !is_human_assistant(&text) {
                    return Ok(vec![Message::text(Role::User, text)]);
                }
                let mut messages = block_messages(&text);
                // The prompt of a transcript ends with the mark after which the answer goes on.
                if messages.last().is_some_and(|last| last.role == Role::Assistant && last.is_blank()) {
                    messages.pop();
                }
                return Ok(messages);
            }
            _ => {}
        }
    }
    if has(row, "instruction") {
        return instruction::prompt(row);
    }
    Err(Misfit::new(
        &codes::NO_CHAT_SHAPE,
        "",
        format!("two answers and no prompt; without them {}", keys_seen(row)),
    ))
}

/// Cuts two conversations where they first differ; each keeps one message at least.
fn common_beginning(
    mut chosen: Vec<Message>,
    mut rejected: Vec<Message>,
) -> (Vec<Message>, Vec<Message>, Vec<Message>) {
    let most = chosen.len().min(rejected.len()).saturating_sub(1);
    let common = chosen.iter().zip(&rejected).take(most).take_while(|(one, other)| one == other).count();
    let chosen_rest = chosen.split_off(common);
    let rejected_rest = rejected.split_off(common);
    (chosen, chosen_rest, rejected_rest)
}

/// A `prompt` that only repeats what the conversations begin with says nothing of its own.
fn drop_repeated_prompt(row: &mut Extra, prompt: &[Message]) {
    let repeated = row
        .get("prompt")
        .and_then(Value::as_str)
        .is_some_and(|text| prompt.iter().any(|one| one.role == Role::User && one.texts().eq([text])));
    if repeated {
        row.shift_remove("prompt");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<(String, String, String), Misfit> {
        let Value::Object(row) = value else { panic!("not an object") };
        let found = preference(row)?;
        let text = |list: &[Message]| {
            let texts: Vec<String> = list
                .iter()
                .map(|one| format!("{}:{}", &one.role.name()[..1], one.texts().collect::<String>()))
                .collect();
            texts.join(" ")
        };
        Ok((text(&found.prompt), text(&found.chosen), text(&found.rejected)))
    }

    fn wanted(prompt: &str, chosen: &str, rejected: &str) -> (String, String, String) {
        (prompt.into(), chosen.into(), rejected.into())
    }

    #[test]
    fn texts_lists_and_turns() {
        let rows = [
            json!({"prompt": "a", "chosen": "b", "rejected": "c"}),
            json!({"prompt": [{"role": "user", "content": "a"}], "chosen": [{"role": "assistant", "content": "b"}],
                "rejected": [{"role": "assistant", "content": "c"}]}),
            json!({"prompt": "a", "chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
                "rejected": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "c"}]}),
            json!({"conversations": [{"from": "human", "value": "a"}], "chosen": {"from": "gpt", "value": "b"},
                "rejected": {"from": "gpt", "value": "c"}}),
            json!({"instruction": "a", "input": "", "chosen": "b", "rejected": "c"}),
            json!({"prompt": "\n\nHuman: a\n\nAssistant:", "chosen": "b", "rejected": "c"}),
            json!({"input": {"messages": [{"role": "user", "content": "a"}]},
                "preferred_output": [{"role": "assistant", "content": "b"}],
                "non_preferred_output": [{"role": "assistant", "content": "c"}]}),
            json!({"chosen_messages": [{"role": "user", "content": [{"type": "text", "value": "a"}]},
                {"role": "assistant", "content": [{"type": "text", "value": "b"}]}],
                "rejected_messages": [{"role": "user", "content": [{"type": "text", "value": "a"}]},
                {"role": "assistant", "content": [{"type": "text", "value": "c"}]}]}),
        ];
        for row in rows {
            assert_eq!(read(row.clone()).unwrap(), wanted("u:a", "a:b", "a:c"), "{row}");
        }
    }

    #[test]
    fn transcripts_part_where_they_differ() {
        let row = json!({"chosen": "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: d",
            "rejected": "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: e\n\nHuman: f"});
        assert_eq!(read(row).unwrap(), wanted("u:a a:b u:c", "a:d", "a:e u:f"));
        let same =
            json!({"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: b"});
        assert_eq!(read(same).unwrap(), wanted("u:a", "a:b", "a:b"));
    }

    #[test]
    fn what_is_missing_is_said() {
        let code = |value: Value| read(value).unwrap_err();
        assert_eq!(
            code(json!({"prompt": "a", "chosen": "b"})),
            Misfit::shape("", "no `rejected`; the key is `prompt`")
        );
        for row in [
            json!({"chosen": "b", "rejected": "c"}),
            json!({"chosen": [], "rejected": "c"}),
            json!({"prompt": "a", "chosen": "\n\nHuman: a", "rejected": "c"}),
            json!({"chosen": "\n\nHuman: a", "rejected": "\n\nHuman: c"}),
            json!({"text": "a"}),
        ] {
            assert!(read(row).is_err());
        }
    }
}
