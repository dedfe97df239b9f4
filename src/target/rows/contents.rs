//! Gemini's rows: `{"systemInstruction": {"parts"}, "contents": [{"role": "user" or "model", "parts": [{"text"}]}],
//! "tools": [{"functionDeclarations"}]}`.

use serde_json::{Value, json};

use super::super::{Target, TargetSpec, codes};
use super::chat::{example_of, quoted};
use super::preference::preference_of;
use super::turns::cannot;
use super::{json_line as line, parts, take};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Body, Content, Example, Extra, Message, Preference, Role, ToolCall};
use crate::text::json::kind;

/// A target whose rows are these: an example, or a prompt with two `completions` of which one is scored 1.
pub struct Contents {
    /// What it takes.
    pub spec: &'static TargetSpec,
    /// Whether rows are preferences.
    pub preference: bool,
}

impl Contents {
    fn prompt(&self, messages: &[Message], tools: Option<&[Value]>) -> Result<Extra, Rejection> {
        let (system, talk) = super::system_apart(messages);
        let mut row = Extra::new();
        if let Some(system) = system {
            // The pages write the key for preferences in the other spelling.
            let (key, role) = if self.preference {
                ("system_instruction", None)
            } else {
                ("systemInstruction", Some("system"))
            };
            let mut instruction = Extra::new();
            if let Some(role) = role {
                instruction.insert("role".to_owned(), role.into());
            }
            instruction.insert("parts".to_owned(), Value::Array(parts::texts(system, self.spec)?));
            row.insert(key.to_owned(), Value::Object(instruction));
        }
        row.insert("contents".to_owned(), Value::Array(contents(talk, self.spec)?));
        if let Some(tools) = tools.filter(|tools| !tools.is_empty()) {
            let functions: Option<Vec<Value>> =
                tools.iter().map(|tool| tool.get("function").cloned()).collect();
            let functions = functions.ok_or_else(|| cannot(self.spec, "a tool without a function"))?;
            row.insert("tools".to_owned(), json!([{ "functionDeclarations": functions }]));
        }
        Ok(row)
    }

    fn completion(&self, answer: &[Message], score: u8) -> Result<Value, Rejection> {
        match contents(answer, self.spec)?.as_mut_slice() {
            [one] => Ok(json!({"score": score, "completion": one.take()})),
            _ => Err(cannot(self.spec, "an answer of several messages")),
        }
    }

    fn read(&self, row: Value) -> Result<Body, Vec<Finding>> {
        let mut row = take::object(row)?;
        let list = take::list(&mut row, "contents").map_err(|fault| vec![fault])?;
        let mut messages = Vec::with_capacity(list.len() + 1);
        for key in ["systemInstruction", "system_instruction"] {
            if let Some(parts) = row.get(key).and_then(|instruction| instruction.get("parts")?.as_array()) {
                let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
                messages.push(Message::text(Role::System, texts.join("\n\n")));
                row.shift_remove(key);
                break;
            }
        }
        let mut faults = Vec::new();
        for (index, content) in list.into_iter().enumerate() {
            match read_content(content, &format!("contents[{index}]")) {
                Ok(read) => messages.extend(read),
                Err(fault) => faults.push(fault),
            }
        }
        parts::link_by_order(&mut messages);
        let tools = tools_of(&mut row);
        if !self.preference {
            return if faults.is_empty() {
                Ok(Body::Example(Example { messages, tools, extra: row, ..Example::default() }))
            } else {
                Err(faults)
            };
        }
        let (mut chosen, mut rejected) = (Vec::new(), Vec::new());
        match take::list(&mut row, "completions") {
            Err(fault) => faults.push(fault),
            Ok(completions) => {
                if completions.len() != 2 {
                    let says = format!("there are {} completions, not two", completions.len());
                    faults.push(Finding::new(&codes::MESSAGES_MISSING, "completions", says));
                }
                for (index, mut one) in completions.into_iter().enumerate() {
                    let score = one.get("score").and_then(Value::as_f64);
                    let answer = one.get_mut("completion").map(Value::take).unwrap_or_default();
                    match read_content(answer, &format!("completions[{index}].completion")) {
                        Err(fault) => faults.push(fault),
                        Ok(read) if score == Some(1.0) => chosen.extend(read),
                        Ok(read) => rejected.extend(read),
                    }
                }
                if faults.is_empty() && (chosen.is_empty() || rejected.is_empty()) {
                    let says = "one completion must have the score 1 and one the score 0";
                    faults.push(Finding::new(&codes::MESSAGES_MISSING, "completions", says));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Body::Preference(Preference { prompt: messages, chosen, rejected, tools, extra: row }))
    }
}

impl Target for Contents {
    fn spec(&self) -> &'static TargetSpec {
        self.spec
    }

    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection> {
        let row = if self.preference {
            let preference = preference_of(body)?;
            let mut row = self.prompt(&preference.prompt, preference.tools.as_deref())?;
            let completions =
                vec![self.completion(&preference.chosen, 1)?, self.completion(&preference.rejected, 0)?];
            row.insert("completions".to_owned(), Value::Array(completions));
            row.extend(preference.extra.clone());
            row
        } else {
            let example = example_of(body, self.spec)?;
            let mut row = self.prompt(&example.messages, example.tools.as_deref())?;
            row.extend(example.extra.clone());
            row
        };
        line::value(&Value::Object(row), out);
        Ok(())
    }

    fn decode(&self, row: Value) -> Result<Body, Vec<Finding>> {
        self.read(row).map_err(|faults| quoted(self.spec, faults))
    }

    fn place(&self, body: &Body, path: String) -> String {
        let at = |index: usize, rest: &str| {
            let rest = rest.replacen(".content", ".parts[0].text", usize::from(rest == ".content"));
            format!("contents[{index}]{rest}")
        };
        super::beside_system(body, path, at, "systemInstruction.parts[0].text")
    }
}

fn contents(talk: &[Message], spec: &TargetSpec) -> Result<Vec<Value>, Rejection> {
    let mut contents: Vec<Value> = Vec::with_capacity(talk.len());
    let mut result_before = false;
    // Results name their function, not their call.
    let mut called: Vec<(&str, &str)> = Vec::new();
    for message in talk {
        let is_result = message.role == Role::Tool;
        let mut content = if is_result {
            let id = message.tool_call_id.as_deref();
            let name = called.iter().rev().find(|(known, _)| Some(*known) == id).map(|(_, name)| *name);
            let name = name.ok_or_else(|| cannot(spec, "a result of no call"))?;
            let said = message.texts().collect::<Vec<_>>().join("\n");
            let response = match serde_json::from_str(&said) {
                Ok(Value::Object(object)) => Value::Object(object),
                // `response` is an object; the page's own example puts plain text under `content`.
                _ => json!({ "content": said }),
            };
            vec![json!({"functionResponse": {"name": name, "response": response}})]
        } else {
            parts::texts(message, spec)?
        };
        for call in &message.tool_calls {
            let args: Value = serde_json::from_str(&call.arguments)
                .map_err(|_| cannot(spec, "a call whose arguments are not JSON"))?;
            called.push((call.id.as_deref().unwrap_or_default(), &call.name));
            content.push(json!({"functionCall": {"name": call.name, "args": args}}));
        }
        let joins = result_before && is_result;
        if joins
            && let Some(last) = contents.last_mut().and_then(|last| last.get_mut("parts")?.as_array_mut())
        {
            last.extend(content);
        } else {
            let role = match message.role {
                Role::Assistant => "model",
                Role::Tool => "user",
                _ => message.role.name(),
            };
            contents.push(json!({"role": role, "parts": content}));
        }
        result_before = is_result;
    }
    Ok(contents)
}

fn read_content(content: Value, path: &str) -> Result<Vec<Message>, Finding> {
    let Value::Object(mut content) = content else {
        let says = format!("the content is {}", kind(&content));
        return Err(Finding::new(&codes::MESSAGE_NOT_OBJECT, path, says));
    };
    let role = match content.shift_remove("role") {
        Some(Value::String(role)) => match role.as_str() {
            "model" => Role::Assistant,
            "user" | "function" => Role::User,
            "assistant" => {
                let says = "the role is `assistant`, which is called `model` here";
                return Err(Finding::new(&codes::ROLE_MISSING, path, says));
            }
            other => Role::Other(other.to_owned()),
        },
        // The role is optional where there is one turn.
        None | Some(Value::Null) => Role::User,
        Some(other) => {
            let says = format!("`role` is {}", kind(&other));
            return Err(Finding::new(&codes::ROLE_MISSING, path, says));
        }
    };
    let list = match content.shift_remove("parts") {
        Some(Value::Array(parts)) => parts,
        _ => Vec::new(),
    };
    let mut results = Vec::new();
    let mut said = Message::text(role, "");
    let mut others = Vec::new();
    for part in list {
        if let Some(call) = part.get("functionCall") {
            said.tool_calls.push(ToolCall {
                id: None,
                name: call.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
                arguments: call.get("args").map_or_else(|| "{}".to_owned(), Value::to_string),
                extra: Extra::new(),
            });
        } else if let Some(result) = part.get("functionResponse") {
            let response = result.get("response").cloned().unwrap_or_default();
            let text = match response
                .get("content")
                .filter(|_| response.as_object().is_some_and(|all| all.len() == 1))
            {
                Some(Value::String(text)) => text.clone(),
                _ => response.to_string(),
            };
            results.push(Message::text(Role::Tool, text));
        } else {
            others.push(part);
        }
    }
    if others.is_empty() && said.tool_calls.is_empty() && !results.is_empty() {
        return Ok(results);
    }
    said.content =
        if others.is_empty() && !said.tool_calls.is_empty() { Content::Null } else { parts::content(others) };
    said.extra = content;
    results.push(said);
    Ok(results)
}

fn tools_of(row: &mut Extra) -> Option<Vec<Value>> {
    let lists = row.get("tools")?.as_array()?;
    let mut tools = Vec::new();
    for list in lists {
        let functions =
            list.get("functionDeclarations").or_else(|| list.get("function_declarations"))?.as_array()?;
        tools.extend(functions.iter().map(|function| json!({"type": "function", "function": function})));
    }
    row.shift_remove("tools");
    Some(tools)
}
