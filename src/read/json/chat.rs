//! Rows and messages of the chat format, with the spelling of LLaMA-Factory's second format (content parts that hold
//! `value` instead of `text`, parts for reasoning and tool calls, `loss_weight` instead of `weight`) and with Axolotl's
//! `train` for `weight`.
//!
//! The first is told by its parts; everything else is decoded as written, faults included, for rules to judge.

use std::fmt::Arguments;

use serde_json::{Value, json};

use super::{Misfit, tools};
use crate::model::{Example, Extra, Message, Role};
use crate::read::codes;
use crate::target::rows::{TRAIN, decode_example, decode_messages};

/// Roles of the chat format, as written.
pub const ROLES: &[&str] = &["system", "developer", "user", "assistant", "tool", "function"];

/// Whether `list` is a list of messages with roles of the chat format.
pub fn is_message_list(list: &Value) -> bool {
    list.as_array().is_some_and(|messages| {
        messages.iter().all(|message| {
            message.get("role").and_then(Value::as_str).is_some_and(|role| ROLES.contains(&role))
        })
    })
}

/// Reads a row with `messages`, or one that wraps it as a batch request does (`custom_id`, `body`).
pub fn example(mut row: Extra) -> Result<Example, Misfit> {
    if !row.contains_key("messages")
        && let Some(Value::Object(body)) = row.get_mut("body")
        && body.contains_key("messages")
    {
        let mut example = example(std::mem::take(body))?;
        let rest = std::mem::take(&mut example.extra);
        if rest.is_empty() {
            row.shift_remove("body");
        } else {
            row.insert("body".into(), Value::Object(rest));
        }
        example.extra = row;
        return Ok(example);
    }
    let mut typed = false;
    if let Some(Value::Array(list)) = row.get_mut("messages") {
        typed = unfold(list, "messages")?;
    }
    // A list is the format's own and stays as written, so that a check sees what the service would.
    let tools =
        if row.get("tools").is_some_and(Value::is_string) { tools::take_tools(&mut row) } else { None };
    let mut example = decode_example(Value::Object(row)).map_err(Misfit::first)?;
    example.messages.iter_mut().for_each(read_train);
    if typed {
        tools::link_results(&mut example.messages);
    }
    example.tools = tools.or(example.tools);
    Ok(example)
}

/// Reads a list of messages that stands at `path`.
pub fn messages(mut list: Vec<Value>, path: &str) -> Result<Vec<Message>, Misfit> {
    let typed = unfold(&mut list, path)?;
    let mut faults = Vec::new();
    let mut messages = decode_messages(list, path, &mut faults);
    if !faults.is_empty() {
        return Err(Misfit::first(faults));
    }
    messages.iter_mut().for_each(read_train);
    if typed {
        tools::link_results(&mut messages);
    }
    Ok(messages)
}

/// Rewrites messages whose content parts hold `value` into plain chat messages; whether there were any.
fn unfold(list: &mut [Value], path: &str) -> Result<bool, Misfit> {
    let mut any = false;
    for (index, message) in list.iter_mut().enumerate() {
        let Value::Object(message) = message else { continue };
        let parts = match message.get_mut("content") {
            Some(Value::Array(parts)) if parts.iter().any(is_value_part) => std::mem::take(parts),
            _ => continue,
        };
        any = true;
        unfold_parts(message, parts, format_args!("{path}[{index}].content"))?;
        unfold_weight(message);
    }
    Ok(any)
}

fn is_value_part(part: &Value) -> bool {
    part.get("value").is_some() && part.get("type").is_some_and(Value::is_string)
}

/// Texts are joined without anything between them, as that format's templates render them.
fn unfold_parts(message: &mut Extra, parts: Vec<Value>, path: Arguments<'_>) -> Result<(), Misfit> {
    let (mut kept, mut reasoning, mut calls) = (Vec::new(), String::new(), Vec::new());
    for (index, mut part) in parts.into_iter().enumerate() {
        let value = if is_value_part(&part) { part.get_mut("value").map(Value::take) } else { None };
        match (part.get("type").and_then(Value::as_str), value) {
            (Some("text"), Some(Value::String(text))) => kept.push(json!({"type": "text", "text": text})),
            (Some("reasoning"), Some(Value::String(text))) => reasoning.push_str(&text),
            (Some("image_url"), Some(Value::String(url))) => {
                kept.push(json!({"type": "image_url", "image_url": {"url": url}}));
            }
            (Some("tool_call"), Some(value)) => {
                let text = match value {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                let parsed = tools::parse_calls(&text).map_err(|why| {
                    Misfit::new(
                        &codes::JSON_INVALID,
                        format!("{path}[{index}].value"),
                        format!("the tool call is {why}"),
                    )
                })?;
                calls.extend(parsed);
            }
            (_, Some(value)) => {
                if let Some(slot) = part.get_mut("value") {
                    *slot = value;
                }
                kept.push(part);
            }
            (_, None) => kept.push(part),
        }
    }
    let only_text = kept.iter().all(|part| part.get("type").is_some_and(|kind| kind == "text"));
    let content = if kept.is_empty() && !calls.is_empty() {
        Value::Null
    } else if only_text {
        Value::String(kept.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect())
    } else {
        Value::Array(kept)
    };
    message.insert("content".into(), content);
    if !reasoning.is_empty() {
        message.insert("reasoning_content".into(), Value::String(reasoning));
    }
    if !calls.is_empty() {
        let calls = calls.into_iter().map(|call| {
            // Missing ids are given by `link_results`, which sees the whole conversation.
            let mut entry = call.extra;
            if let Some(id) = call.id {
                entry.insert("id".into(), Value::String(id));
            }
            entry.insert("function".into(), json!({"name": call.name, "arguments": call.arguments}));
            Value::Object(entry)
        });
        message.insert("tool_calls".into(), Value::Array(calls.collect()));
    }
    Ok(())
}

/// Axolotl's `train` of an answer is its weight, where it has none. Of other messages `false` is what everybody does, and is
/// not kept.
pub fn read_train(message: &mut Message) {
    let Some(Value::Bool(train)) = message.extra.get(TRAIN) else { return };
    let train = *train;
    if message.role == Role::Assistant {
        message.weight.get_or_insert(u8::from(train));
    } else if train {
        return;
    }
    message.extra.shift_remove(TRAIN);
}

/// 0 and 1 mean what `weight` means. On other roles than the assistant 0 is what everybody does, and is not kept.
fn unfold_weight(message: &mut Extra) {
    let Some(weight) = message.get("loss_weight").and_then(Value::as_f64) else { return };
    let assistant = message.get("role").is_some_and(|role| role == "assistant");
    let is = |whole: f64| (weight - whole).abs() < f64::EPSILON;
    let whole = if is(0.0) {
        0
    } else if is(1.0) {
        1
    } else {
        return;
    };
    if assistant {
        message.shift_remove("loss_weight");
        message.insert("weight".into(), json!(whole));
    } else if whole == 0 {
        message.shift_remove("loss_weight");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Content;

    fn read(value: Value) -> Result<Example, Misfit> {
        let Value::Object(row) = value else { panic!("not an object") };
        example(row)
    }

    #[test]
    fn typed_parts_become_messages() {
        let example = read(json!({"messages": [
            {"role": "user", "content": [{"type": "text", "value": "What is "}, {"type": "text", "value": "open?"}], "loss_weight": 0.0},
            {"role": "assistant", "content": [{"type": "reasoning", "value": "Look."}, {"type": "tool_call", "value": "{\"name\":\"f\",\"arguments\":{\"a\":1}}"}]},
            {"role": "tool", "content": [{"type": "text", "value": "3"}]},
            {"role": "assistant", "content": [{"type": "text", "value": "Three."}], "loss_weight": 1.0},
        ], "tools": "[{\"name\":\"f\"}]"}))
        .unwrap();
        assert_eq!(example.messages[0].content, Content::Text("What is open?".into()));
        assert!(example.messages[0].extra.is_empty());
        assert_eq!(example.messages[1].content, Content::Null);
        assert_eq!(example.messages[1].extra["reasoning_content"], "Look.");
        assert_eq!(example.messages[1].tool_calls[0].arguments, r#"{"a":1}"#);
        assert_eq!(example.messages[2].tool_call_id.as_deref(), Some("call_1"));
        assert_eq!(example.messages[3].weight, Some(1));
        assert_eq!(example.tools.unwrap()[0]["type"], "function");
    }

    #[test]
    fn what_axolotl_trains_is_a_weight() {
        let example = read(json!({"messages": [
            {"role": "user", "content": "a", "train": false},
            {"role": "assistant", "content": "b", "train": false},
            {"role": "user", "content": "c", "train": true},
            {"role": "assistant", "content": "d", "train": true},
            {"role": "assistant", "content": "e", "train": "no"},
            {"role": "assistant", "content": "f", "train": true, "weight": 0},
        ]}))
        .unwrap();
        let weights: Vec<Option<u8>> = example.messages.iter().map(|message| message.weight).collect();
        assert_eq!(weights, [None, Some(0), None, Some(1), None, Some(0)]);
        let kept: Vec<usize> =
            (0..6).filter(|index| example.messages[*index].extra.contains_key("train")).collect();
        // That a question is trained, and what is no Boolean, stays as it was written.
        assert_eq!(kept, [2, 4]);
    }

    #[test]
    fn images_stay_parts_and_plain_parts_are_untouched() {
        let example = read(json!({"messages": [
            {"role": "user", "content": [{"type": "image_url", "value": "a.jpg"}, {"type": "text", "value": "Who?"}]},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        ], "images": ["a.jpg"]}))
        .unwrap();
        assert_eq!(
            example.messages[0].content,
            Content::Parts(vec![
                json!({"type": "image_url", "image_url": {"url": "a.jpg"}}),
                json!({"type": "text", "text": "Who?"})
            ])
        );
        assert_eq!(example.messages[1].content, Content::Parts(vec![json!({"type": "text", "text": "Hi"})]));
        assert_eq!(example.extra["images"][0], "a.jpg");
    }

    #[test]
    fn batch_requests_are_unwrapped_without_loss() {
        let example = read(json!({"custom_id": "a", "url": "/v1", "body": {"model": "m", "messages": [
            {"role": "user", "content": "Hi"}], "tools": []}}))
        .unwrap();
        assert_eq!((example.messages.len(), example.tools), (1, Some(vec![])));
        assert_eq!(
            Value::Object(example.extra),
            json!({"custom_id": "a", "url": "/v1", "body": {"model": "m"}})
        );
    }

    #[test]
    fn a_call_that_is_no_json_is_placed() {
        let misfit = read(json!({"messages": [
            {"role": "assistant", "content": [{"type": "tool_call", "value": "f(1)"}]}]}))
        .unwrap_err();
        assert_eq!((misfit.def.code, misfit.path.as_str()), ("READ001", "messages[0].content[0].value"));
    }
}
