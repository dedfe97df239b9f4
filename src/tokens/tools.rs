//! Tools: definitions and calls, estimated, for their rendering in training is not published.
//!
//! For OpenAI's models the estimate of definitions is the formula of OpenAI's cookbook, the upper bound their compact
//! JSON. The templates of open models write them as JSON, some of them indented, under a text of their own.

use serde_json::{Value, json};

use super::Counter;
use super::images::Span;
use crate::model::{Message, ToolCall};

/// How a family of models renders tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tools {
    /// By the formula of OpenAI's cookbook.
    Formula(ToolFrame),
    /// As JSON.
    Json,
}

/// Most tokens of the text that the published templates of open models put before and after definitions (Qwen 3.5 has
/// 214; counted in `o200k_base` over <https://github.com/huggingface/trl>, f2cd577, `trl/chat_templates`).
const JSON_TEXT_MAX: u64 = 240;
/// Most tokens that they put around a call.
const JSON_CALL_MAX: u64 = 30;

/// Constants of the cookbook's formula (OpenAI cookbook, `How_to_count_tokens_with_tiktoken`, section 7,
/// `num_tokens_for_tools`, read 2026-11-21). An enumeration costs three tokens less than its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolFrame {
    /// Each function.
    pub function: u64,
    /// Each function that has properties.
    pub properties: u64,
    /// Each property.
    pub property: u64,
    /// Taken off for each enumeration.
    pub enumeration_less: u64,
    /// Each item of an enumeration.
    pub item: u64,
    /// Once, after all functions.
    pub end: u64,
    /// A call besides its name and arguments (<https://github.com/hmarr/openai-chat-tokens>, `function_call`).
    pub call: u64,
}

impl ToolFrame {
    /// gpt-4o and gpt-4o-mini; taken for gpt-4.1 too, which the cookbook does not name.
    pub const GPT_4O: Self =
        Self { function: 7, properties: 3, property: 3, enumeration_less: 3, item: 3, end: 12, call: 3 };
    /// gpt-3.5-turbo and gpt-4.
    pub const GPT_4: Self = Self { function: 10, ..Self::GPT_4O };
}

/// Tokens of the definitions, at least and at most.
pub fn definitions(tools: &[Value], counter: &dyn Counter, frame: &Tools) -> Span {
    if tools.is_empty() {
        return Span::default();
    }
    let written = |text: String| counter.span(&text);
    let compact = tools.iter().fold(Span::default(), |sum, tool| sum + written(tool.to_string()));
    match frame {
        Tools::Formula(frame) => {
            let low = frame.end + tools.iter().map(|tool| definition(tool, counter, frame)).sum::<u64>();
            Span { low, high: low.max(compact.high) }
        }
        Tools::Json => {
            let indented =
                |tool: &Value| written(serde_json::to_string_pretty(tool).unwrap_or_default()).high;
            let indented: u64 = tools.iter().map(indented).sum();
            Span { low: compact.low, high: compact.high.max(2 * indented) + JSON_TEXT_MAX }
        }
    }
}

fn definition(tool: &Value, counter: &dyn Counter, frame: &ToolFrame) -> u64 {
    // The legacy `functions` have no envelope around the function.
    let function = tool.get("function").unwrap_or(tool);
    let head = format!("{}:{}", plain(function.get("name")), described(function));
    let mut tokens = frame.function + counter.count(&head);
    let Some(properties) = function.pointer("/parameters/properties").and_then(Value::as_object) else {
        return tokens;
    };
    if !properties.is_empty() {
        tokens += frame.properties;
    }
    for (name, property) in properties {
        let line = format!("{name}:{}:{}", plain(property.get("type")), described(property));
        let mut own = frame.property + counter.count(&line);
        if let Some(Value::Array(items)) = property.get("enum") {
            own += items.iter().map(|item| frame.item + counter.count(&plain(Some(item)))).sum::<u64>();
            own = own.saturating_sub(frame.enumeration_less);
        }
        tokens += own;
    }
    tokens
}

/// The description without its full stop, as the formula has it.
fn described(thing: &Value) -> String {
    let description = plain(thing.get("description"));
    match description.strip_suffix('.') {
        Some(short) => short.to_owned(),
        None => description,
    }
}

/// A string as it is, nothing as nothing, anything else (a type that is a list) as JSON.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Tokens of the calls in one message.
pub struct Calls {
    /// As billed.
    pub billed: Span,
    /// Names and arguments alone: what is trained.
    pub text: u64,
}

/// Counts the calls of a message, in whichever key they stand.
pub fn calls(message: &Message, counter: &dyn Counter, frame: &Tools) -> Calls {
    let mut sum = Calls { billed: Span::default(), text: 0 };
    if message.tool_calls.is_empty() && message.extra.is_empty() {
        return sum;
    }
    let around = match frame {
        Tools::Formula(frame) => Span { low: frame.call, high: frame.call },
        Tools::Json => Span { low: 0, high: JSON_CALL_MAX },
    };
    let mut add = |name: &str, arguments: &str, written: &str| {
        let text = counter.span(name) + counter.span(arguments);
        sum.text += text.low;
        let billed = text + around;
        let written = counter.span(written).high;
        sum.billed = sum.billed + Span { low: billed.low, high: billed.high.max(written) };
    };
    for call in &message.tool_calls {
        add(&call.name, &call.arguments, &as_written(call));
    }
    if let Some(call @ Value::Object(function)) = message.extra.get("function_call") {
        add(&plain(function.get("name")), &plain(function.get("arguments")), &call.to_string());
    }
    // Calls that are not in the shape of the format were kept as they are.
    if let Some(Value::Array(calls)) = message.extra.get("tool_calls") {
        for call in calls {
            let function = call.get("function").unwrap_or(call);
            add(&plain(function.get("name")), &plain(function.get("arguments")), &call.to_string());
        }
    }
    sum
}

fn as_written(call: &ToolCall) -> String {
    let function = json!({ "name": call.name, "arguments": call.arguments });
    match &call.id {
        Some(id) => json!({ "id": id, "type": "function", "function": function }).to_string(),
        None => json!({ "type": "function", "function": function }).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One token a byte, so that the constants show.
    struct Bytes;

    impl Counter for Bytes {
        fn count(&self, text: &str) -> u64 {
            text.len() as u64
        }
    }

    #[test]
    fn definitions_of_any_shape_are_estimated() {
        let low = |tool: Value| definitions(&[tool], &Bytes, &Tools::Formula(ToolFrame::GPT_4O)).low;
        assert_eq!(definitions(&[], &Bytes, &Tools::Formula(ToolFrame::GPT_4O)), Span::default());
        assert_eq!(
            low(json!({"type": "function", "function": {"name": "f", "description": "Do."}})),
            7 + 4 + 12
        );
        assert_eq!(low(json!({"name": "f", "parameters": {"properties": {}}})), 7 + 2 + 12);
        // A type that is a list stands as JSON; items that are no strings too; nothing goes below zero.
        let odd =
            json!({"name": "f", "parameters": {"properties": {"n": {"type": ["a"], "enum": [1, null]}}}});
        assert_eq!(low(odd), 7 + 2 + 3 + (3 + 8 + (3 + 1) + 3 - 3) + 12);
        let empty = json!({"name": "f", "parameters": {"properties": {"": {"enum": []}}}});
        assert_eq!(low(empty), 7 + 2 + 3 + (3 + 2 - 3) + 12);
        for not_a_tool in [json!(null), json!("f"), json!([1]), json!({"function": 3, "parameters": 4})] {
            assert_eq!(low(not_a_tool), 7 + 1 + 12);
        }
    }

    #[test]
    fn the_bound_is_never_below_the_estimate() {
        let span = definitions(&[json!(1)], &Bytes, &Tools::Formula(ToolFrame::GPT_4O));
        assert_eq!(span, Span { low: 20, high: 20 });
    }
}
