//! Turns with `from` and `value`, as ShareGPT and LLaMA-Factory write them, and their cousins with `role`, `content`
//! or `text`.

use std::fmt::Arguments;

use serde_json::Value;

use super::{Misfit, has, keys_seen, take_solid_text, tools};
use crate::model::{Content, Example, Extra, Message, Role};
use crate::read::codes;
use crate::text::json::kind;

/// Keys under which the list of turns stands, the usual one first.
pub const LIST_KEYS: &[&str] = &["conversations", "conversation", "items", "messages"];
const SPEAKER_KEYS: &[&str] = &["from", "role"];
const TEXT_KEYS: &[&str] = &["value", "content", "text"];

/// What a speaker's name means in this family of formats.
enum Speaker {
    Role(Role),
    /// The assistant calls functions; the text is JSON.
    Call,
}

/// Names as seen in published datasets, in lower case.
fn known(name: &str) -> Option<Speaker> {
    let lower = name.trim().to_lowercase();
    Some(Speaker::Role(match lower.as_str() {
        "human" | "user" | "prompter" => Role::User,
        "gpt" | "chatgpt" | "bing" | "bard" | "assistant" | "model" | "bot" => Role::Assistant,
        "system" => Role::System,
        "tool" | "observation" | "function_response" => Role::Tool,
        "function_call" | "tool_call" => return Some(Speaker::Call),
        _ => return None,
    }))
}

fn first_key<'a>(turn: &Extra, keys: &[&'a str]) -> Option<&'a str> {
    keys.iter().copied().find(|key| turn.contains_key(*key))
}

/// The key of the list of turns in a row of this family, and whether the turns say `from`.
pub fn list_key(row: &Extra) -> Option<(&'static str, bool)> {
    LIST_KEYS.iter().copied().find_map(|key| {
        let list = row.get(key)?.as_array()?;
        let mut from = false;
        let all = !list.is_empty()
            && list.iter().all(|turn| {
                turn.as_object().is_some_and(|turn| {
                    from |= turn.contains_key("from");
                    first_key(turn, SPEAKER_KEYS).is_some() && first_key(turn, TEXT_KEYS).is_some()
                })
            });
        let names = |turn: &Value| {
            SPEAKER_KEYS
                .iter()
                .find_map(|key| turn.get(*key)?.as_str())
                .is_some_and(|name| known(name).is_some())
        };
        // Under its own name one familiar speaker is enough; the names `items` and `messages` are everybody's.
        let familiar = match key {
            "messages" => from && list.iter().all(names),
            "items" => list.iter().all(names),
            _ if from => list.iter().any(names),
            _ => list.iter().all(names),
        };
        (all && familiar).then_some((key, from))
    })
}

/// Reads a row of turns.
pub fn example(mut row: Extra) -> Result<Example, Misfit> {
    let Some(key) = LIST_KEYS.iter().copied().find(|key| row.get(*key).is_some_and(Value::is_array)) else {
        return Err(Misfit::shape("", format!("no list `conversations`; {}", keys_seen(&row))));
    };
    let Some(Value::Array(list)) = row.shift_remove(key) else {
        return Err(Misfit::shape(key, "no list of turns"));
    };
    if list.is_empty() {
        return Err(Misfit::new(&codes::NO_CHAT_SHAPE, key, "the list of turns is empty"));
    }
    let mut messages = turns(list, key)?;
    // A first turn of the system wins over the column, as in LLaMA-Factory; the column then stays in `extra`.
    if messages.first().is_some_and(|first| first.role != Role::System)
        && let Some(system) = take_solid_text(&mut row, "system")
    {
        messages.insert(0, Message::text(Role::System, system));
    }
    if !has(&row, "system") || row.get("system").is_some_and(|system| system == "") {
        row.shift_remove("system");
    }
    let tools = tools::take_tools(&mut row);
    Ok(Example { messages, tools, label: None, extra: row })
}

/// Reads a list of turns that stands at `path`.
pub fn turns(list: Vec<Value>, path: &str) -> Result<Vec<Message>, Misfit> {
    let mut messages = Vec::with_capacity(list.len());
    let mut called = false;
    for (index, turn) in list.into_iter().enumerate() {
        let message = message(turn, format_args!("{path}[{index}]"))?;
        called |= !message.tool_calls.is_empty();
        messages.push(message);
    }
    if called {
        tools::link_results(&mut messages);
    }
    Ok(messages)
}

/// Reads one turn that stands at `path`. Calls have no ids yet.
pub fn message(turn: Value, path: Arguments<'_>) -> Result<Message, Misfit> {
    let Value::Object(mut turn) = turn else {
        return Err(Misfit::shape(path.to_string(), format!("the turn is {}", kind(&turn))));
    };
    let Some((speaker_key, Value::String(name))) =
        first_key(&turn, SPEAKER_KEYS).and_then(|key| Some((key, turn.get(key)?)))
    else {
        return Err(Misfit::shape(path.to_string(), format!("the turn has no `from`; {}", keys_seen(&turn))));
    };
    let speaker = known(name).unwrap_or_else(|| Speaker::Role(Role::Other(name.clone())));
    let text_key = first_key(&turn, TEXT_KEYS);
    turn.shift_remove(speaker_key);
    let mut message = Message::text(Role::Assistant, "");
    message.content = match text_key.and_then(|key| Some((key, turn.shift_remove(key)?))) {
        None => Content::Absent,
        Some((_, Value::Null)) => Content::Null,
        Some((_, Value::String(text))) => Content::Text(text),
        Some((_, Value::Array(parts))) => Content::Parts(parts),
        Some((_, number @ Value::Number(_))) => Content::Text(number.to_string()),
        Some((key, other)) => {
            turn.insert(key.to_owned(), other);
            Content::Absent
        }
    };
    match speaker {
        Speaker::Role(role) => message.role = role,
        Speaker::Call => {
            let place = || format!("{path}.{}", text_key.unwrap_or("value"));
            let Content::Text(text) = &message.content else {
                return Err(Misfit::new(
                    &codes::JSON_INVALID,
                    place(),
                    "the function call is not JSON in a string",
                ));
            };
            message.tool_calls = tools::parse_calls(text).map_err(|why| {
                Misfit::new(&codes::JSON_INVALID, place(), format!("the function call is {why}"))
            })?;
            message.content = Content::Null;
        }
    }
    if let Some(weight @ (0 | 1)) = turn.get("weight").and_then(Value::as_u64) {
        message.weight = Some(u8::from(weight == 1));
        turn.shift_remove("weight");
    }
    for (key, slot) in [("name", &mut message.name), ("tool_call_id", &mut message.tool_call_id)] {
        if turn.get(key).is_some_and(Value::is_string)
            && let Some(Value::String(text)) = turn.shift_remove(key)
        {
            *slot = Some(text);
        }
    }
    message.extra = turn;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Example, Misfit> {
        let Value::Object(row) = value else { panic!("not an object") };
        example(row)
    }

    #[test]
    fn calls_and_observations_are_linked() {
        let example = read(json!({"id": 4, "conversations": [
            {"from": "Human", "value": "Open tickets?"},
            {"from": "function_call", "value": "{\"name\":\"count\",\"arguments\":{\"state\":\"open\"}}"},
            {"from": "observation", "value": "3"},
            {"from": "gpt", "value": "Three."},
            {"from": "moderator", "value": "Hm.", "at": 5},
        ], "system": "Be short.", "tools": "[{\"name\":\"count\"}]"}))
        .unwrap();
        let roles: Vec<&str> = example.messages.iter().map(|one| one.role.name()).collect();
        assert_eq!(roles, ["system", "user", "assistant", "tool", "assistant", "moderator"]);
        assert_eq!(example.messages[2].tool_calls[0].id.as_deref(), Some("call_1"));
        assert_eq!(example.messages[2].content, Content::Null);
        assert_eq!(example.messages[3].tool_call_id.as_deref(), Some("call_1"));
        assert_eq!(example.messages[5].extra["at"], 5);
        assert_eq!(example.tools.unwrap()[0]["function"]["name"], "count");
        assert_eq!(Value::Object(example.extra), json!({"id": 4}));
    }

    #[test]
    fn a_call_that_is_no_json_is_placed() {
        let misfit =
            read(json!({"conversations": [{"from": "function_call", "value": "count()"}]})).unwrap_err();
        assert_eq!((misfit.def.code, misfit.path.as_str()), ("READ001", "conversations[0].value"));
    }

    #[test]
    fn a_first_system_turn_wins_over_the_column() {
        let example = read(json!({"system": "B", "conversations": [
            {"role": "system", "content": "A"}, {"role": "user", "text": "x"}]}))
        .unwrap();
        assert_eq!(example.messages.len(), 2);
        assert_eq!(example.extra["system"], "B");
    }

    #[test]
    fn lists_of_other_things_are_not_taken() {
        let fits = |value: Value| list_key(value.as_object().unwrap()).is_some();
        assert!(fits(
            json!({"conversations": [{"from": "human", "value": "a"}, {"from": "x", "value": "b"}]})
        ));
        assert!(fits(json!({"messages": [{"from": "human", "value": "a"}]})));
        assert!(!fits(json!({"items": [{"role": "part", "text": "a"}]})));
        assert!(!fits(json!({"conversations": []})));
        assert!(!fits(json!({"conversations": [{"role": "customer", "content": "a"}]})));
    }
}
