//! Instruction rows: `instruction` with `input` or `context`, and one answer.

use serde_json::Value;

use super::{Misfit, has, keys_seen, take_solid_text, take_text, tools};
use crate::model::{Example, Extra, Message, Role};
use crate::read::codes;
use crate::text::json::kind;

/// Keys of the answer, the usual one first.
pub const ANSWER_KEYS: &[&str] = &["output", "response", "answer"];
/// Keys of what the instruction is about.
const INPUT_KEYS: &[&str] = &["input", "context"];

/// Whether a row asks with `instruction` and has a key for the answer.
pub fn is_answered(row: &Extra) -> bool {
    row.get("instruction").is_some_and(Value::is_string)
        && ANSWER_KEYS.iter().any(|key| row.contains_key(*key))
}

/// Reads an instruction row.
pub fn example(mut row: Extra) -> Result<Example, Misfit> {
    let mut messages = prompt(&mut row)?;
    messages.push(Message::text(Role::Assistant, answer(&mut row)?));
    let tools = tools::take_tools(&mut row);
    Ok(Example { messages, tools, label: None, extra: row })
}

/// What stands before the answer: `system`, `history`, and the question, which is the instruction and, on the next
/// line, the input. That join belongs to the format (LLaMA-Factory's `alpaca` reader does the same).
pub fn prompt(row: &mut Extra) -> Result<Vec<Message>, Misfit> {
    if !row.contains_key("instruction") {
        return Err(Misfit::shape("", format!("no `instruction`; {}", keys_seen(row))));
    }
    let mut messages = Vec::with_capacity(3);
    if let Some(system) = take_solid_text(row, "system") {
        messages.push(Message::text(Role::System, system));
    }
    history(row, &mut messages)?;
    let mut question = match row.shift_remove("instruction") {
        Some(Value::String(text)) => text,
        Some(Value::Null) | None => String::new(),
        Some(other) => {
            return Err(Misfit::shape(
                "instruction",
                format!("the instruction is {}, not a text", kind(&other)),
            ));
        }
    };
    // Both keys in one row: the first is the input, the other stays in `extra`.
    for key in INPUT_KEYS {
        match row.get(*key) {
            Some(Value::String(text)) if is_placeholder(text) => _ = row.shift_remove(*key),
            Some(Value::Null) => _ = row.shift_remove(*key),
            Some(_) => {
                if let Some(input) = take_text(row, key) {
                    if question.trim().is_empty() {
                        question = input;
                    } else {
                        question.push('\n');
                        question.push_str(&input);
                    }
                    break;
                }
            }
            None => {}
        }
    }
    if question.trim().is_empty() {
        return Err(Misfit::new(
            &codes::NO_CHAT_SHAPE,
            "",
            "`instruction` and `input` are empty: nothing is asked",
        ));
    }
    messages.push(Message::text(Role::User, question));
    Ok(messages)
}

/// What published files write where there is no input.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.eq_ignore_ascii_case("<noinput>") || text.eq_ignore_ascii_case("n/a")
}

fn history(row: &mut Extra, messages: &mut Vec<Message>) -> Result<(), Misfit> {
    let Some(history) = row.shift_remove("history") else { return Ok(()) };
    let pairs = match history {
        Value::Null => return Ok(()),
        Value::Array(pairs) => pairs,
        other => {
            return Err(Misfit::shape("", format!("`history` is {}, not a list of pairs", kind(&other))));
        }
    };
    for (index, pair) in pairs.into_iter().enumerate() {
        match pair {
            Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
                Ok([Value::String(question), Value::String(answer)]) => {
                    messages.push(Message::text(Role::User, question));
                    messages.push(Message::text(Role::Assistant, answer));
                }
                _ => {
                    return Err(Misfit::shape(
                        format!("history[{index}]"),
                        "no pair of question and answer as texts",
                    ));
                }
            },
            other => {
                return Err(Misfit::shape(
                    format!("history[{index}]"),
                    format!("{} instead of a pair of question and answer", kind(&other)),
                ));
            }
        }
    }
    Ok(())
}

fn answer(row: &mut Extra) -> Result<String, Misfit> {
    let mut found: Option<(&str, String)> = None;
    let mut seen = false;
    for &key in ANSWER_KEYS {
        match row.get(key) {
            None => continue,
            Some(Value::Array(_) | Value::Object(_) | Value::Bool(_)) => {
                return Err(Misfit::shape(
                    key,
                    format!("the answer is {}, not a text", row.get(key).map_or("missing", kind)),
                ));
            }
            Some(_) => seen = true,
        }
        let Some(text) = take_solid_text(row, key) else {
            row.shift_remove(key);
            continue;
        };
        match &found {
            None => found = Some((key, text)),
            Some((_, first)) if *first == text => {}
            Some((first, _)) => {
                return Err(Misfit::shape(
                    "",
                    format!(
                        "`{first}` and `{key}` hold different answers, and nothing says which one is meant"
                    ),
                ));
            }
        }
    }
    match found {
        Some((_, text)) => Ok(text),
        None if seen => Err(Misfit::new(&codes::NO_ANSWERS, "", "the answer is empty")),
        None if has(row, "chosen") => {
            Err(Misfit::shape("", format!("no single answer but a preference; {}", keys_seen(row))))
        }
        None => Err(Misfit::new(
            &codes::NO_ANSWERS,
            "",
            format!("no `output`, `response` or `answer`; beside the instruction {}", keys_seen(row)),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Vec<(String, String)>, Misfit> {
        let Value::Object(row) = value else { panic!("not an object") };
        Ok(example(row)?
            .messages
            .iter()
            .map(|one| (one.role.name().to_owned(), one.texts().collect::<String>()))
            .collect())
    }

    fn texts(value: Value) -> Vec<String> {
        read(value).unwrap().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn inputs_join_on_the_next_line_and_placeholders_do_not() {
        assert_eq!(
            texts(json!({"instruction": "Translate.", "input": "cat", "output": "Katze"})),
            ["Translate.\ncat", "Katze"]
        );
        for empty in [json!(""), json!("<noinput>"), json!(null), json!("N/A")] {
            assert_eq!(
                texts(json!({"instruction": "Sing.", "input": empty, "response": "La"})),
                ["Sing.", "La"]
            );
        }
        assert_eq!(
            texts(json!({"instruction": "Who?", "context": "By Ana.", "response": "Ana"})),
            ["Who?\nBy Ana.", "Ana"]
        );
    }

    #[test]
    fn history_and_system_come_first() {
        let row = json!({"instruction": "c", "output": "d", "system": "s", "history": [["a", "b"]]});
        let roles: Vec<String> = read(row.clone()).unwrap().into_iter().map(|(role, _)| role).collect();
        assert_eq!(roles, ["system", "user", "assistant", "user", "assistant"]);
        assert_eq!(texts(row), ["s", "a", "b", "c", "d"]);
        assert!(read(json!({"instruction": "c", "output": "d", "history": [["a"]]})).is_err());
    }

    #[test]
    fn two_answers_must_be_one() {
        assert_eq!(texts(json!({"instruction": "a", "output": "b", "response": "b"})), ["a", "b"]);
        let misfit = read(json!({"instruction": "a", "output": "b", "response": "c"})).unwrap_err();
        assert_eq!((misfit.def.code, misfit.message.contains("`output` and `response`")), ("READ007", true));
        assert_eq!(read(json!({"instruction": "a", "output": " "})).unwrap_err().def.code, "READ008");
        assert_eq!(read(json!({"instruction": "", "output": "x"})).unwrap_err().def.code, "READ006");
        assert_eq!(read(json!({"q": "", "output": "x"})).unwrap_err().def.code, "READ007");
    }
}
