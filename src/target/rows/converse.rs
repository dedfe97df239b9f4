//! Bedrock's Converse rows: `{"schemaVersion", "system": [{"text"}], "messages": [{"role", "content": [{"text"}]}],
//! "toolConfig"}`. Calls stand as `toolUse` in the assistant's content, their results as `toolResult` in the user's.

use serde_json::{Value, json};

use super::super::{Target, TargetSpec, codes};
use super::chat::{example_of, quoted};
use super::turns::cannot;
use super::{json_line as line, parts, take};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Body, Content, Example, Extra, Message, Role, ToolCall};
use crate::text::json::kind;

/// The version that Amazon's examples bear; the validator takes any text.
const VERSION: &str = "bedrock-conversation-2024";

/// A target whose rows are these.
pub struct Converse(pub &'static TargetSpec);

impl Target for Converse {
    fn spec(&self) -> &'static TargetSpec {
        self.0
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        let example = example_of(body, self.0)?;
        let (system, talk) = super::system_apart(&example.messages);
        let mut row = Extra::new();
        row.insert("schemaVersion".to_owned(), VERSION.into());
        if let Some(system) = system {
            row.insert("system".to_owned(), Value::Array(parts::texts(system, self.0)?));
        }
        row.insert("messages".to_owned(), Value::Array(messages(talk, self.0)?));
        if let Some(tools) = example.tools.as_deref().filter(|tools| !tools.is_empty()) {
            let tools: Option<Vec<Value>> = tools.iter().map(tool_spec).collect();
            let tools = tools.ok_or_else(|| cannot(self.0, "a tool without a function"))?;
            row.insert("toolConfig".to_owned(), json!({ "tools": tools }));
        }
        row.extend(example.extra.clone());
        line::value(&Value::Object(row), out);
        Ok(())
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        let read = || {
            let mut row = take::object(row)?;
            let list = take::list(&mut row, "messages").map_err(|fault| vec![fault])?;
            let mut faults = Vec::new();
            let mut messages = Vec::with_capacity(list.len() + 1);
            match row.shift_remove("system") {
                None => {}
                Some(Value::Array(parts)) => messages.extend(system_of(&parts)),
                Some(other) => {
                    let says = format!("`system` is {}, not a list of texts", kind(&other));
                    faults.push(Finding::new(&codes::MESSAGES_MISSING, "system", says));
                }
            }
            for (index, message) in list.into_iter().enumerate() {
                match read_message(message, index) {
                    Ok(read) => messages.extend(read),
                    Err(fault) => faults.push(fault),
                }
            }
            if !faults.is_empty() {
                return Err(faults);
            }
            row.shift_remove("schemaVersion");
            let tools = tools_of(&mut row);
            Ok(Body::Example(Example { messages, tools, extra: row, ..Example::default() }))
        };
        read().map_err(|faults| quoted(self.0, faults))
    }

    fn place(&self, body: &Body, path: String) -> String {
        let at = |index: usize, rest: &str| {
            let rest = rest.replacen(".content", ".content[0].text", usize::from(rest == ".content"));
            format!("messages[{index}]{rest}")
        };
        super::beside_system(body, path, at, "system[0].text")
    }
}

fn messages(talk: &[Message], spec: &TargetSpec) -> Result<Vec<Value>, Rejection> {
    let mut messages: Vec<Value> = Vec::with_capacity(talk.len());
    let mut result_before = false;
    for message in talk {
        let is_result = message.role == Role::Tool;
        let mut content = if is_result { vec![result(message, spec)?] } else { parts::texts(message, spec)? };
        for call in &message.tool_calls {
            let input: Value = serde_json::from_str(&call.arguments)
                .map_err(|_| cannot(spec, "a call whose arguments are not JSON"))?;
            let id = call.id.clone().unwrap_or_default();
            content.push(json!({"toolUse": {"toolUseId": id, "name": call.name, "input": input}}));
        }
        // Results of one message's calls, and what the user says behind them, are one turn of the user.
        let joins = result_before && matches!(message.role, Role::Tool | Role::User);
        if joins
            && let Some(last) = messages.last_mut().and_then(|last| last.get_mut("content")?.as_array_mut())
        {
            last.extend(content);
        } else {
            let role = if is_result { "user" } else { message.role.name() };
            messages.push(json!({"role": role, "content": content}));
        }
        result_before = is_result;
    }
    Ok(messages)
}

fn result(message: &Message, spec: &TargetSpec) -> Result<Value, Rejection> {
    let id = message.tool_call_id.as_deref().ok_or_else(|| cannot(spec, "a result of no call"))?;
    Ok(json!({"toolResult": {"toolUseId": id, "content": parts::texts(message, spec)?}}))
}

fn tool_spec(tool: &Value) -> Option<Value> {
    let function = tool.get("function")?.as_object()?;
    let mut spec = Extra::new();
    for (name, value) in function {
        match name.as_str() {
            "name" | "description" => _ = spec.insert(name.clone(), value.clone()),
            "parameters" => _ = spec.insert("inputSchema".to_owned(), json!({ "json": value })),
            _ => {}
        }
    }
    Some(json!({ "toolSpec": spec }))
}

fn tools_of(row: &mut Extra) -> Option<Vec<Value>> {
    let tools = row.get("toolConfig")?.get("tools")?.as_array()?;
    let function = |tool: &Value| {
        let spec = tool.get("toolSpec")?.as_object()?;
        let mut function = Extra::new();
        for (name, value) in spec {
            match name.as_str() {
                "inputSchema" => _ = function.insert("parameters".to_owned(), value.get("json")?.clone()),
                _ => _ = function.insert(name.clone(), value.clone()),
            }
        }
        Some(json!({"type": "function", "function": function}))
    };
    let tools: Vec<Value> = tools.iter().map(function).collect::<Option<_>>()?;
    row.shift_remove("toolConfig");
    Some(tools)
}

fn system_of(parts: &[Value]) -> Option<Message> {
    let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
    (!texts.is_empty()).then(|| Message::text(Role::System, texts.join("\n\n")))
}

/// One message, or the results it holds and what it says behind them.
fn read_message(message: Value, index: usize) -> Result<Vec<Message>, Finding> {
    let path = format!("messages[{index}]");
    let Value::Object(mut message) = message else {
        let says = format!("the message is {}", kind(&message));
        return Err(Finding::new(&codes::MESSAGE_NOT_OBJECT, path, says));
    };
    let role = match message.shift_remove("role") {
        Some(Value::String(role)) => Role::from_name(&role),
        _ => return Err(Finding::new(&codes::ROLE_MISSING, path, "the message has no `role`")),
    };
    let list = match message.shift_remove("content") {
        Some(Value::Array(parts)) => parts,
        Some(Value::String(text)) => {
            // The converse format has no plain texts: a rule says so of content that is one.
            let mut said = Message::text(role, text);
            said.extra = message;
            said.extra.insert("content".to_owned(), Value::Null);
            return Ok(vec![said]);
        }
        _ => Vec::new(),
    };
    let mut results = Vec::new();
    let mut said = Message::text(role, "");
    said.content = Content::Absent;
    let mut texts = Vec::new();
    for part in list {
        if let Some(call) = part.get("toolUse") {
            said.tool_calls.push(ToolCall {
                id: call.get("toolUseId").and_then(Value::as_str).map(str::to_owned),
                name: call.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
                arguments: call.get("input").map_or_else(|| "{}".to_owned(), Value::to_string),
                extra: Extra::new(),
            });
        } else if let Some(result) = part.get("toolResult") {
            let mut message = Message::text(Role::Tool, "");
            let inner = result.get("content").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            message.content = Content::Text(inner.iter().map(part_text).collect::<Vec<_>>().join("\n"));
            message.tool_call_id = result.get("toolUseId").and_then(Value::as_str).map(str::to_owned);
            results.push(message);
        } else {
            texts.push(part);
        }
    }
    if texts.is_empty() && said.tool_calls.is_empty() && !results.is_empty() {
        return Ok(results);
    }
    said.content =
        if texts.is_empty() && !said.tool_calls.is_empty() { Content::Null } else { parts::content(texts) };
    said.extra = message;
    results.push(said);
    Ok(results)
}

fn part_text(part: &Value) -> String {
    match part.get("text") {
        Some(Value::String(text)) => text.clone(),
        _ => part.get("json").map_or_else(String::new, Value::to_string),
    }
}
