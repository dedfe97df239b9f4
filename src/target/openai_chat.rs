//! OpenAI supervised fine-tuning: `{"messages": […], "tools": […]}`; also what Azure takes.

use serde_json::{Map, Value};

use super::json_line as line;
use super::spec::{Adjacent, Last, Limits, Shape, SystemPlace, TargetSpec, ToolResults};
use super::{Target, codes};
use crate::diagnostic::{Finding, Rejection, Severity};
use crate::model::{Body, Content, Example, Extra, Message, Role, ToolCall};

/// Keys of a message in the published schema, of any role.
pub(super) const MESSAGE_KEYS: &[&str] =
    &["role", "content", "name", "weight", "tool_calls", "tool_call_id", "refusal", "function_call", "audio"];

/// Control tokens of OpenAI's vocabularies (tiktoken `openai_public.py`, 2026-08-16) and of the chat frame. The server
/// was seen to refuse `<|fim_suffix|>` (2026-02); the others are refused here by the same reasoning.
pub(super) const CONTROL_TOKENS: &[&str] = &[
    "<|endoftext|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|endofprompt|>",
    "<|startoftext|>",
    "<|return|>",
    "<|constrain|>",
    "<|channel|>",
    "<|start|>",
    "<|end|>",
    "<|message|>",
    "<|call|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|im_sep|>",
];

/// What the service was seen to answer, by the code of our finding.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // https://community.openai.com/t/965584, 2024-10
    ("CONT003", "Invalid file format. Line N, message M, key \"content\": Input should be a valid string"),
    // https://github.com/johny-b/llmcomp/issues/59, 2026-02
    ("CONT005", "Invalid file format. Example N message contains an invalid token: TOKEN."),
    // https://community.openai.com/t/966285 and others, 2024: seen with `tools` and `weight`
    ("KEY001", "Invalid file format. Example N contains an extra \"KEY\"."),
    // https://github.com/openai/openai-openapi/issues/24 (status details of a file)
    ("READ001", "Invalid file format. Example N cannot be parsed. Error: line contains invalid json"),
    // https://github.com/openai-php/client, fixture of a failed job
    ("SET001", "Training file has N example(s), but must have at least 10 examples"),
    // https://github.com/openai/openai-python/issues/426
    (
        "SHAPE001",
        "Expected file to have JSONL format, where every line is a JSON dictionary. Line N is not a dictionary",
    ),
    // Seen in failed jobs, 2024; a file without any known shape is answered with `Unexpected file format, expected
    // either prompt/completion pairs or chat messages.`
    ("SHAPE002", "Invalid file format. Example N is missing key 'messages'"),
    ("SHAPE004", "Invalid file format. Example N, message M Discriminator 'role' is missing in value"),
    // The chat API's own answer; the same request would be made of a tuned model.
    (
        "TOOL004",
        "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
    ),
];

pub(super) static SPEC: TargetSpec = TargetSpec {
    name: "openai-chat",
    title: "OpenAI and Azure supervised fine-tuning",
    shape: Shape::Example,
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool, Role::Function],
    system: SystemPlace::Anywhere,
    user_first: false,
    adjacent: Adjacent::Allowed,
    last: Last::Assistant,
    tool_results: ToolResults::Answered,
    blank_content_refused: false,
    content_parts: true,
    row_keys: &["messages", "tools", "parallel_tool_calls", "functions"],
    message_keys: MESSAGE_KEYS,
    forbidden_text: CONTROL_TOKENS,
    limits: Limits {
        examples_min: Some(10),
        examples_recommended: Some(50),
        examples_max: None,
        file_bytes: Some(512 << 20),
        tools_max: Some(128),
    },
    severities: &[
        // In no published schema but the one for reinforcement; a refusal by the server has not been seen.
        ("ROLE002", Severity::Warning),
    ],
    sentences: SENTENCES,
    checked: "2026-11-21",
    sources: &[
        "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
        "https://platform.openai.com/docs/guides/supervised-fine-tuning (limits; read 2026-11-21)",
        "https://community.openai.com/t/965584 (tool content must be a string, 2024-10)",
        "https://github.com/johny-b/llmcomp/issues/59 (control tokens refused, 2026-02)",
    ],
};

/// OpenAI and Azure supervised fine-tuning.
pub struct OpenAiChat;

impl Target for OpenAiChat {
    fn spec(&self) -> &'static TargetSpec {
        &SPEC
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        encode_example(body, &SPEC, out)
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        decode_example(row).map(Body::Example).map_err(|mut faults| {
            SPEC.quote(&mut faults);
            faults
        })
    }
}

/// Appends an example as a chat row with the keys of `spec`.
pub(super) fn encode_example(body: &Body, spec: &TargetSpec, out: &mut Vec<u8>) -> Result<(), Rejection> {
    let Body::Example(example) = body else {
        return Err(Rejection::new(
            &codes::NOT_EXPRESSIBLE,
            format!("a preference pair cannot be written for `{}`", spec.name),
        ));
    };
    out.push(b'{');
    line::key("messages", out);
    line::messages(&example.messages, out);
    if let Some(tools) = &example.tools {
        line::key("tools", out);
        line::value(&Value::Array(tools.clone()), out);
    }
    for (name, value) in &example.extra {
        line::key(name, out);
        line::value(value, out);
    }
    out.push(b'}');
    Ok(())
}

/// Reads a chat row. Structural faults are all named; a known key with a value of the wrong type goes to `extra`.
pub fn decode_example(row: Value) -> Result<Example, Vec<Finding>> {
    let Value::Object(mut row) = row else {
        return Err(vec![Finding::new(&codes::ROW_NOT_OBJECT, "", format!("the row is {}", kind(&row)))]);
    };
    let messages = match row.shift_remove("messages") {
        Some(Value::Array(messages)) if !messages.is_empty() => messages,
        other => {
            let says = match other {
                None => match row.keys().next() {
                    Some(key) => format!("no `messages`; the keys are {}", key_list(&row, key)),
                    None => "the row is empty".to_owned(),
                },
                Some(Value::Array(_)) => "`messages` is empty".to_owned(),
                Some(other) => format!("`messages` is {}", kind(&other)),
            };
            return Err(vec![Finding::new(&codes::MESSAGES_MISSING, "", says)]);
        }
    };
    let mut faults = Vec::new();
    let messages = decode_messages(messages, "messages", &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut example = Example { messages, ..Example::default() };
    if let Some(Value::Array(tools)) = row.get_mut("tools") {
        example.tools = Some(std::mem::take(tools));
        row.shift_remove("tools");
    }
    example.extra = row;
    Ok(example)
}

/// Reads a list of messages; `path` names it in findings.
pub fn decode_messages(messages: Vec<Value>, path: &str, faults: &mut Vec<Finding>) -> Vec<Message> {
    let mut decoded = Vec::with_capacity(messages.len());
    for (index, message) in messages.into_iter().enumerate() {
        match message {
            Value::Object(message) => match decode_message(message) {
                Ok(message) => decoded.push(message),
                Err(why) => {
                    faults.push(Finding::new(&codes::ROLE_MISSING, format!("{path}[{index}]"), why));
                }
            },
            other => faults.push(Finding::new(
                &codes::MESSAGE_NOT_OBJECT,
                format!("{path}[{index}]"),
                format!("the message is {}", kind(&other)),
            )),
        }
    }
    decoded
}

fn decode_message(map: Map<String, Value>) -> Result<Message, String> {
    let mut message = Message::text(Role::User, "");
    message.content = Content::Absent;
    let mut role = None;
    for (key, value) in map {
        match (key.as_str(), value) {
            ("role", Value::String(name)) => role = Some(Role::from_name(&name)),
            ("role", other) => return Err(format!("`role` is {}", kind(&other))),
            ("content", Value::String(text)) => message.content = Content::Text(text),
            ("content", Value::Null) => message.content = Content::Null,
            ("content", Value::Array(parts)) => message.content = Content::Parts(parts),
            ("name", Value::String(name)) => message.name = Some(name),
            ("weight", Value::Number(weight)) if matches!(weight.as_u64(), Some(0 | 1)) => {
                message.weight = weight.as_u64().map(|weight| u8::from(weight == 1));
            }
            ("tool_call_id", Value::String(id)) => message.tool_call_id = Some(id),
            ("tool_calls", Value::Array(calls)) if !calls.is_empty() => match decode_calls(calls) {
                Ok(calls) => message.tool_calls = calls,
                Err(calls) => _ = message.extra.insert(key, Value::Array(calls)),
            },
            // `null` where the key is optional means the key is not there; chat logs are full of it.
            (
                "name" | "tool_calls" | "tool_call_id" | "weight" | "refusal" | "function_call" | "audio",
                Value::Null,
            ) => {}
            (_, value) => _ = message.extra.insert(key, value),
        }
    }
    message.role = role.ok_or_else(|| {
        let keys: Vec<&str> = message.extra.keys().map(String::as_str).take(5).collect();
        if keys.is_empty() {
            "the message has no `role`".to_owned()
        } else {
            format!("the message has no `role`, only `{}`", keys.join("`, `"))
        }
    })?;
    Ok(message)
}

/// All calls, or the list back when one of them is not a function call with a name and arguments in a string.
fn decode_calls(calls: Vec<Value>) -> Result<Vec<ToolCall>, Vec<Value>> {
    if calls.iter().all(is_plain_call) {
        Ok(calls.into_iter().filter_map(decode_call).collect())
    } else {
        Err(calls)
    }
}

fn is_plain_call(call: &Value) -> bool {
    let Some(function) = call.get("function").and_then(Value::as_object) else { return false };
    call.get("id").is_none_or(Value::is_string)
        && function.len() == 2
        && function.get("name").is_some_and(Value::is_string)
        && function.get("arguments").is_some_and(Value::is_string)
}

fn decode_call(call: Value) -> Option<ToolCall> {
    let Value::Object(mut call) = call else { return None };
    let Some(Value::Object(mut function)) = call.shift_remove("function") else { return None };
    let mut text = |key: &str| match function.remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let (name, arguments) = (text("name")?, text("arguments")?);
    let id = match call.shift_remove("id") {
        Some(Value::String(id)) => Some(id),
        _ => None,
    };
    let mut extra: Extra = call;
    if extra.get("type").and_then(Value::as_str) == Some("function") {
        extra.shift_remove("type");
    }
    Some(ToolCall { id, name, arguments, extra })
}

/// What a JSON value is, with an article, for messages.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn key_list(row: &Map<String, Value>, first: &str) -> String {
    let names: Vec<String> = std::iter::once(first)
        .chain(row.keys().skip(1).take(5).map(String::as_str))
        .map(|key| format!("`{}`", crate::text::sanitize::excerpt(key, 40)))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> String {
        let row = serde_json::from_str(text).unwrap();
        let body = OpenAiChat.decode(row).unwrap();
        let mut out = Vec::new();
        OpenAiChat.encode(&body, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn everything_the_format_knows_comes_back() {
        let text = r#"{"messages":[{"role":"system","content":"Be short."},{"role":"user","content":[{"type":"text","text":"Hi"}],"name":"kim"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","content":"ok","tool_call_id":"c1"},{"role":"assistant","content":"Done","weight":0}],"tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":false}"#;
        assert_eq!(round_trip(text), text);
    }

    #[test]
    fn faults_are_all_named() {
        let faults = |text: &str| -> Vec<String> {
            let faults = decode_example(serde_json::from_str(text).unwrap()).unwrap_err();
            faults
                .iter()
                .map(|fault| format!("{} {} {}", fault.def.code, fault.path, fault.message))
                .collect()
        };
        assert_eq!(faults("[1]"), ["SHAPE001  the row is a list"]);
        assert_eq!(
            faults(r#"{"prompt":"a","b":1}"#),
            ["SHAPE002  no `messages`; the keys are `prompt`, `b`"]
        );
        assert_eq!(
            faults(r#"{"messages":["x",{"content":"y"},{"role":3}]}"#),
            [
                "SHAPE003 messages[0] the message is a string",
                "SHAPE004 messages[1] the message has no `role`",
                "SHAPE004 messages[2] `role` is a number"
            ]
        );
    }
}
