//! Rows of a prompt and its completion: two texts, or two lists of messages.

use serde_json::Value;

use super::{Misfit, chat, has, keys_seen, take_solid_text, tools};
use crate::model::{Example, Extra, Message, Role};
use crate::read::codes;
use crate::text::json::kind;

/// Key pairs in use, the usual one first.
const KEYS: &[(&str, &str)] = &[
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "answer"),
    ("prompt", "output"),
    ("question", "answer"),
    ("question", "response"),
    ("query", "response"),
    ("query", "answer"),
];

/// The keys of prompt and completion in a row, where both are texts or lists of messages.
pub fn keys(row: &Extra) -> Option<(&'static str, &'static str)> {
    let holds = |key: &str| {
        row.get(key).is_some_and(|value| match value {
            Value::String(_) | Value::Number(_) => true,
            Value::Array(_) => chat::is_message_list(value),
            _ => false,
        })
    };
    KEYS.iter().copied().find(|(prompt, completion)| holds(prompt) && holds(completion))
}

/// The texts of a row of two texts, for those who look before they read.
pub fn texts(row: &Extra) -> Option<(&str, &str)> {
    let (prompt, completion) = keys(row)?;
    Some((row.get(prompt)?.as_str()?, row.get(completion)?.as_str()?))
}

/// Reads a row of prompt and completion.
pub fn example(mut row: Extra) -> Result<Example, Misfit> {
    let Some((prompt_key, completion_key)) = keys(&row)
        .or_else(|| KEYS.iter().copied().find(|(prompt, answer)| has(&row, prompt) && has(&row, answer)))
    else {
        let asked = KEYS.iter().map(|(prompt, _)| *prompt).find(|prompt| has(&row, prompt));
        return Err(match asked {
            Some(prompt) if has(&row, "chosen") => Misfit::shape(
                "",
                format!("`{prompt}` has no completion but a preference; {}", keys_seen(&row)),
            ),
            Some(prompt) => Misfit::new(
                &codes::NO_ANSWERS,
                "",
                format!("`{prompt}` has no completion; {}", keys_seen(&row)),
            ),
            None => Misfit::shape("", format!("no `prompt` with a `completion`; {}", keys_seen(&row))),
        });
    };
    let prompt = row.shift_remove(prompt_key).unwrap_or(Value::Null);
    let completion = row.shift_remove(completion_key).unwrap_or(Value::Null);
    let mut messages = Vec::with_capacity(3);
    if let Some(system) = take_solid_text(&mut row, "system") {
        messages.push(Message::text(Role::System, system));
    }
    match side(prompt, prompt_key, Role::User)? {
        Some(mut prompt) => {
            // What stands in the prompt is asked, whoever said it; the completion alone is learned.
            for answer in prompt.iter_mut().filter(|message| message.role == Role::Assistant) {
                answer.weight.get_or_insert(0);
            }
            messages.extend(prompt);
        }
        None => {
            return Err(Misfit::new(
                &codes::NO_CHAT_SHAPE,
                "",
                format!("`{prompt_key}` is empty: text without a question is no conversation"),
            ));
        }
    }
    match side(completion, completion_key, Role::Assistant)? {
        Some(completion) => messages.extend(completion),
        None => return Err(Misfit::new(&codes::NO_ANSWERS, "", format!("`{completion_key}` is empty"))),
    }
    let tools = tools::take_tools(&mut row);
    Ok(Example { messages, tools, label: None, extra: row })
}

/// One side as messages; `None` when there is nothing in it.
fn side(value: Value, key: &str, role: Role) -> Result<Option<Vec<Message>>, Misfit> {
    Ok(match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(vec![Message::text(role, text)]),
        Value::Number(number) => Some(vec![Message::text(role, number.to_string())]),
        Value::Array(list) if list.is_empty() => None,
        Value::Array(list) => Some(chat::messages(list, key)?),
        Value::Null => None,
        other => {
            return Err(Misfit::shape(
                key,
                format!("{}, neither a text nor a list of messages", kind(&other)),
            ));
        }
    })
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
    fn texts_and_lists() {
        let example = read(json!({"prompt": "a", "completion": "b", "id": 1})).unwrap();
        assert_eq!((example.messages.len(), example.extra.len()), (2, 1));
        let example =
            read(json!({"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}],
            "completion": [{"role": "assistant", "content": "b"}]}))
            .unwrap();
        assert_eq!(example.messages[2].role, Role::Assistant);
        let said = |role: &str| json!({"role": role, "content": "x"});
        let earlier = json!([said("user"), said("assistant"), said("user")]);
        let example = read(json!({"prompt": earlier, "completion": [said("assistant")]})).unwrap();
        let weights: Vec<_> = example.messages.iter().map(|message| message.weight).collect();
        assert_eq!(weights, [None, Some(0), None, None]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let code = |value: Value| read(value).unwrap_err().def.code;
        assert_eq!(code(json!({"prompt": "", "completion": "b"})), "READ006");
        assert_eq!(code(json!({"prompt": "a", "completion": " "})), "READ008");
        assert_eq!(code(json!({"prompt": "a"})), "READ008");
        assert_eq!(code(json!({"prompt": "a", "chosen": "b"})), "READ007");
        assert_eq!(code(json!({"text": "a"})), "READ007");
        assert_eq!(code(json!({"prompt": {"a": 1}, "completion": "b"})), "READ007");
    }
}
