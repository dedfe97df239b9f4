//! The chat frame: what a chat costs beyond its texts.
//!
//! A message is rendered `<|im_start|>role<|im_sep|>content<|im_end|>`, so it costs 4 tokens and its content; this agrees
//! with what OpenAI's dashboard shows for plain chats. Everything whose rendering is not published is an interval, and
//! the count is then marked as not exact. Texts are counted by the caller's counter.

use serde_json::Value;

use super::Counter;
use super::images::{Images, Span};
use super::tools::{self, ToolFrame};
use crate::model::{Content, Example, Message, Preference, Role, TokenCount};

/// Tokens of the frame, each with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// A message besides its content, its role being one token (<https://amitness.com/notes/openai-finetuning-cost>,
    /// 2025-03-15: agrees with the billed tokens; every role of the chat format is one token in both vocabularies).
    pub message: u64,
    /// A name besides its text (OpenAI cookbook, `How_to_count_tokens_with_tiktoken`, section 6).
    pub name: u64,
    /// Priming of the answer, counted by the cookbook and not by the dashboard: once an example, in `high` alone (OpenAI
    /// cookbook, `Chat_finetuning_data_prep`, `num_tokens_from_messages`).
    pub priming: u64,
    /// The end of a message, which is trained with it (`<|im_end|>`).
    pub end: u64,
    /// Definitions and calls of tools.
    pub tools: ToolFrame,
    /// Pictures.
    pub images: Images,
}

/// Models with the vocabulary `o200k_base`.
pub(super) const O200K_FRAME: Frame =
    Frame { message: 4, name: 1, priming: 3, end: 1, tools: ToolFrame::GPT_4O, images: Images::TILES };

/// Models with the vocabulary `cl100k_base`.
pub(super) const CL100K_FRAME: Frame =
    Frame { message: 4, name: 1, priming: 3, end: 1, tools: ToolFrame::GPT_4, images: Images::None };

/// Counts an example.
pub fn example(example: &Example, counter: &dyn Counter, frame: &Frame) -> TokenCount {
    let mut sum = messages(&example.messages, counter, frame);
    sum.high += frame.priming;
    let legacy = match example.extra.get("functions") {
        Some(Value::Array(functions)) => functions.as_slice(),
        _ => &[],
    };
    for definitions in [example.tools.as_deref().unwrap_or_default(), legacy] {
        add_estimate(&mut sum, tools::definitions(definitions, counter, &frame.tools));
    }
    sum
}

/// Counts a preference: the prompt once in `total` and twice in `high`, both answers in both.
pub fn preference(preference: &Preference, counter: &dyn Counter, frame: &Frame) -> TokenCount {
    let mut prompt = messages(&preference.prompt, counter, frame);
    let tools = preference.tools.as_deref().unwrap_or_default();
    add_estimate(&mut prompt, tools::definitions(tools, counter, &frame.tools));
    let chosen = messages(&preference.chosen, counter, frame);
    let rejected = messages(&preference.rejected, counter, frame);
    TokenCount {
        content: prompt.content + chosen.content + rejected.content,
        total: prompt.total + chosen.total + rejected.total,
        high: 2 * (prompt.high + frame.priming) + chosen.high + rejected.high,
        trained: chosen.trained + rejected.trained,
        exact: false,
    }
}

fn add_estimate(sum: &mut TokenCount, span: Span) {
    if span != Span::default() {
        sum.total += span.low;
        sum.high += span.high;
        sum.exact = false;
    }
}

fn messages(messages: &[Message], counter: &dyn Counter, frame: &Frame) -> TokenCount {
    let mut sum = TokenCount { exact: true, ..TokenCount::default() };
    for message in messages {
        add_message(&mut sum, message, counter, frame);
    }
    sum
}

fn add_message(sum: &mut TokenCount, message: &Message, counter: &dyn Counter, frame: &Frame) {
    let mut content: u64 = message.texts().map(|text| counter.count(text)).sum();
    if let Some(Value::String(refusal)) = message.extra.get("refusal") {
        content += counter.count(refusal);
    }
    let mut framed = frame.message;
    if let Role::Other(role) = &message.role {
        // The frame has one token for the role; a role nobody knows may be longer.
        framed += counter.count(role).saturating_sub(1);
        sum.exact = false;
    }
    if let Some(name) = &message.name {
        framed += counter.count(name) + frame.name;
    }
    sum.content += content;
    sum.total += content + framed;
    sum.high += content + framed;

    let calls = tools::calls(message, counter, &frame.tools);
    add_estimate(sum, calls.billed);
    if message.role == Role::Assistant && message.weight != Some(0) {
        sum.trained += content + calls.text + frame.end;
    }
    if matches!(message.role, Role::Tool | Role::Function) {
        // How a result is rendered in training is not published; at most its call's identifier stands there too.
        sum.high += message.tool_call_id.as_deref().map_or(0, |id| counter.count(id));
        sum.exact = false;
    }
    if let Content::Parts(parts) = &message.content {
        for part in parts {
            add_part(sum, part, counter, frame);
        }
    }
}

/// What a part holds besides a text.
fn add_part(sum: &mut TokenCount, part: &Value, counter: &dyn Counter, frame: &Frame) {
    match part.get("type").and_then(Value::as_str) {
        Some("image_url") => {
            let span = frame.images.of_part(part);
            // Low detail has one published figure for all sizes; a model without pictures has none.
            let certain = span.low == span.high && frame.images != Images::None;
            sum.total += span.low;
            sum.high += span.high;
            sum.exact &= certain;
        }
        Some("text") if part.get("text").is_some_and(Value::is_string) => {}
        _ => {
            // A kind of part nobody has published a rendering for: nothing, or all of it as it is written.
            sum.high += counter.count(&part.to_string());
            sum.exact = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, ToolCall};
    use crate::tokens::{count, counter, model};
    use serde_json::json;

    fn counted(model_name: &str, body: &Body) -> TokenCount {
        let model = model(model_name).unwrap();
        count(body, &*counter(model).unwrap(), model)
    }

    fn chat(messages: Vec<Message>) -> Example {
        Example { messages, ..Example::default() }
    }

    fn short_chat() -> Vec<Message> {
        vec![
            Message::text(Role::System, "Be short."),          // 3
            Message::text(Role::User, "Where is my order?"),   // 5
            Message::text(Role::Assistant, "It ships today."), // 4
        ]
    }

    #[test]
    fn a_plain_chat_is_exact() {
        let count = counted("gpt-4o", &Body::Example(chat(short_chat())));
        assert_eq!(count, TokenCount { content: 12, total: 24, high: 27, trained: 5, exact: true });
        let none = counted("gpt-4o", &Body::Example(Example::default()));
        assert_eq!(none, TokenCount { content: 0, total: 0, high: 3, trained: 0, exact: true });
    }

    #[test]
    fn names_refusals_and_masks_count() {
        let mut messages = short_chat();
        messages[1].name = Some("kim".to_owned()); // 1 and 1
        messages[2].weight = Some(0);
        let mut refusal = Message::text(Role::Assistant, "");
        refusal.content = Content::Null;
        refusal.extra.insert("refusal".to_owned(), json!("I cannot say.")); // 4
        messages.push(refusal);
        let count = counted("gpt-4o", &Body::Example(chat(messages)));
        assert_eq!(count, TokenCount { content: 16, total: 34, high: 37, trained: 5, exact: true });
    }

    #[test]
    fn the_cookbooks_tool_example_agrees() {
        let mut example = chat(vec![
            Message::text(
                Role::System,
                "You are a helpful assistant that can answer to questions about the weather.",
            ),
            Message::text(Role::User, "What's the weather like in San Francisco?"),
        ]);
        let function = json!({
            "name": "get_current_weather",
            "description": "Get the current weather in a given location",
            "parameters": {
                "type": "object",
                "properties": {
                    "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
                    "unit": {"type": "string", "description": "The unit of temperature to return",
                             "enum": ["celsius", "fahrenheit"]}
                },
                "required": ["location"]
            }
        });
        example.tools = Some(vec![json!({"type": "function", "function": function})]);
        // Published results, the three tokens of priming included: 101 (gpt-4o, gpt-4o-mini), 105 (gpt-3.5-turbo, gpt-4).
        for (name, published, json_tokens) in [("gpt-4o", 101, 85), ("gpt-4", 105, 83)] {
            let count = counted(name, &Body::Example(example.clone()));
            let messages = if name == "gpt-4o" { 30 } else { 31 };
            assert_eq!(count.total + 3, published, "{name}");
            assert_eq!(count.high, messages + json_tokens + 3, "{name}");
            assert!(!count.exact);
        }
        // The legacy key holds the function without its envelope.
        example.tools = None;
        example.extra.insert("functions".to_owned(), json!([function]));
        assert_eq!(counted("gpt-4o", &Body::Example(example)).total + 3, 101);
    }

    #[test]
    fn calls_and_results_are_estimates() {
        let mut call = Message::text(Role::Assistant, "");
        call.content = Content::Null;
        call.tool_calls = vec![ToolCall {
            id: Some("call_1".to_owned()),
            name: "look_up".to_owned(),                 // 2
            arguments: r#"{"order":48213}"#.to_owned(), // 6; all as written 27
            extra: serde_json::Map::new(),
        }];
        let mut result = Message::text(Role::Tool, "shipped"); // 2
        result.tool_call_id = Some("call_1".to_owned()); // 3
        let mut messages = short_chat();
        messages.splice(2..2, [call, result]);
        let count = counted("gpt-4o", &Body::Example(chat(messages)));
        let (total, high) = (24 + 4 + 11 + 4 + 2, 27 + 4 + 27 + 4 + 2 + 3);
        assert_eq!(count, TokenCount { content: 14, total, high, trained: 5 + 9, exact: false });

        // The deprecated key, and a call that is not in the format's shape, are not forgotten.
        for (key, value) in [
            ("function_call", json!({"name": "look_up", "arguments": "{\"order\":48213}"})),
            ("tool_calls", json!([{"function": {"name": "look_up", "arguments": {"order": 48213}}}])),
        ] {
            let mut call = Message::text(Role::Assistant, "");
            call.extra.insert(key.to_owned(), value);
            let count = counted("gpt-4o", &Body::Example(chat(vec![call])));
            assert_eq!((count.total, count.trained, count.exact), (4 + 11, 9, false), "{key}");
        }
    }

    #[test]
    fn pictures_and_unknown_parts_are_intervals() {
        let with = |part: Value| {
            let mut message = Message::text(Role::User, "");
            message.content = Content::Parts(vec![json!({"type": "text", "text": "What is this?"}), part]);
            Body::Example(chat(vec![message]))
        };
        let picture =
            |detail: &str| json!({"type": "image_url", "image_url": {"url": "x", "detail": detail}});
        let count = counted("gpt-4o", &with(picture("low")));
        assert_eq!((count.content, count.total, count.high, count.exact), (4, 93, 96, true));
        let count = counted("gpt-4o", &with(picture("auto")));
        assert_eq!((count.total, count.high, count.exact), (93, 8 + 1_445 + 3, false));
        assert!(!counted("gpt-4.1-mini", &with(picture("low"))).exact);
        assert!(!counted("gpt-4", &with(picture("low"))).exact);
        let audio = json!({"type": "input_audio", "input_audio": {"data": "AAAA"}}); // 13
        let count = counted("gpt-4o", &with(audio));
        assert_eq!((count.total, count.high, count.exact), (8, 8 + 13 + 3, false));
    }

    #[test]
    fn a_preference_has_its_prompt_once_or_twice() {
        let preference = Preference {
            prompt: vec![Message::text(Role::User, "What is this?")], // 4
            chosen: vec![Message::text(Role::Assistant, "A mug.")],   // 3
            rejected: vec![Message::text(Role::Assistant, "I cannot say.")], // 4
            ..Preference::default()
        };
        let count = counted("gpt-4o", &Body::Preference(preference));
        let high = 2 * (8 + 3) + 7 + 8;
        assert_eq!(count, TokenCount { content: 11, total: 23, high, trained: 9, exact: false });
    }
}
