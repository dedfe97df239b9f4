//! The chat frame: what a chat costs beyond its texts, and which of it is trained.
//!
//! Everything whose rendering is not published is an interval, and the count is then marked as not exact. Texts are
//! counted by the caller's counter, itself an interval where the vocabulary is not at hand. The frames of the families
//! are data in `frames`.

use serde_json::Value;

use super::images::{Images, Span};
use super::tools::{self, Tools};
use super::{Counter, Mask};
use crate::model::{Besides, Body, Content, Example, Message, Role, Sequence, TokenCount};

/// Keys of a message that hold what was thought before it was said: as vLLM, Together and Axolotl call it, and as TRL does.
const REASONING: [&str; 3] = ["reasoning_content", "reasoning", "thinking"];
/// Most tokens that stand around it: `<think>\n` and `\n</think>\n\n`, each mark in pieces where it is no token of the
/// vocabulary; harmony's `<|start|>assistant<|channel|>analysis<|message|>` and `<|end|>` are fewer.
const AROUND_REASONING: u64 = 12;

/// Tokens of the frame of a family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its name, for people.
    pub name: &'static str,
    /// Once an example.
    pub once: Span,
    /// A message of instructions besides its content.
    pub system: Span,
    /// Any other message that is no answer.
    pub message: Span,
    /// An answer of the assistant.
    pub answer: Span,
    /// The end of a message, which is trained with an answer.
    pub end: u64,
    /// A name besides its text; `None` where names are not known to be rendered.
    pub names: Option<u64>,
    /// Whether a plain chat was shown to be billed so.
    pub certain: bool,
    /// Definitions and calls of tools.
    pub tools: Tools,
    /// Pictures.
    pub images: Images,
}

/// What one message costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its texts.
    pub content: u64,
    /// All of it.
    pub tokens: Span,
    /// Tokens of it that carry loss: the last ones.
    pub trained: u64,
    /// Whether `tokens.low` is exact.
    pub exact: bool,
}

/// What one example costs, piece by piece, in the order in which it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What stands before the first message: the beginning of every chat, definitions of tools.
    pub lead: Span,
    /// Whether `lead.low` is exact.
    pub lead_exact: bool,
    /// Whether every token of `lead` carries loss.
    pub lead_trained: bool,
    /// One piece a message.
    pub pieces: Vec<Piece>,
}

impl Outline {
    /// The sums.
    pub fn sum(&self) -> TokenCount {
        let mut sum = TokenCount {
            content: 0,
            total: self.lead.low,
            high: self.lead.high,
            trained: if self.lead_trained { self.lead.low } else { 0 },
            before: 0,
            exact: self.lead_exact,
            ..TokenCount::default()
        };
        for piece in &self.pieces {
            if sum.trained == 0 && piece.trained > 0 {
                sum.before = (sum.total + piece.tokens.low).saturating_sub(piece.trained);
            }
            sum.content += piece.content;
            sum.total += piece.tokens.low;
            sum.high += piece.tokens.high;
            sum.trained += piece.trained;
            sum.exact &= piece.exact;
        }
        sum
    }
}

/// Outlines an example.
pub fn outline(example: &Example, counter: &dyn Counter, frame: &Frame, mask: Mask) -> Outline {
    let legacy = match example.extra.get("functions") {
        Some(Value::Array(functions)) => functions.as_slice(),
        _ => &[],
    };
    let tools = [example.tools.as_deref().unwrap_or_default(), legacy];
    outlined(&tools, &example.messages, counter, frame, mask)
}

/// What a body has besides texts.
pub fn besides(body: &Body) -> Besides {
    let (tools, extra) = match body {
        Body::Example(example) => (&example.tools, &example.extra),
        Body::Preference(preference) => (&preference.tools, &preference.extra),
    };
    let tools = tools.is_some() || extra.contains_key("functions");
    let of_body = Besides { tools, ..Besides::default() };
    body.messages().fold(of_body, |all, message| all.or(besides_in(message)))
}

/// What a message has besides texts.
fn besides_in(message: &Message) -> Besides {
    // Most messages have no other keys.
    let extra = Some(&message.extra).filter(|extra| !extra.is_empty());
    let has = |key: &str| extra.is_some_and(|extra| extra.contains_key(key));
    let thinks =
        |key: &&str| extra.and_then(|extra| extra.get(*key)).is_some_and(|thought| !thought.is_null());
    Besides {
        tools: matches!(message.role, Role::Tool | Role::Function)
            || !message.tool_calls.is_empty()
            || has("tool_calls")
            || has("function_call"),
        pictures: has_other_parts(message),
        thoughts: REASONING.iter().any(thinks),
    }
}

/// Whether a content has parts that are no texts.
pub fn has_other_parts(message: &Message) -> bool {
    let is_text = |part: &Value| {
        part.get("type").is_some_and(|kind| kind == "text") && part.get("text").is_some_and(Value::is_string)
    };
    matches!(&message.content, Content::Parts(parts) if !parts.iter().all(is_text))
}

/// Counts one body; see [`super::Meter::count`].
pub fn count(body: &Body, counter: &dyn Counter, frame: &Frame, mask: Mask) -> TokenCount {
    let preference = match body {
        Body::Example(example) => return outline(example, counter, frame, mask).sum(),
        Body::Preference(preference) => preference,
    };
    let tools = preference.tools.as_deref().unwrap_or_default();
    let prompt = outlined(&[tools], &preference.prompt, counter, frame, Mask::Nothing).sum();
    let mut sum = TokenCount { high: 2 * prompt.high, exact: false, ..prompt };
    let mut longest = Sequence { exact: true, ..Sequence::default() };
    for answer in [&preference.chosen, &preference.rejected] {
        let mut sequence = prompt.sequence();
        for piece in pieces(answer, counter, frame, Mask::Answers) {
            if sum.trained == 0 && piece.trained > 0 {
                sum.before = (sum.total + piece.tokens.low).saturating_sub(piece.trained);
            }
            sum.content += piece.content;
            sum.total += piece.tokens.low;
            sum.high += piece.tokens.high;
            sum.trained += piece.trained;
            sequence.low += piece.tokens.low;
            sequence.high += piece.tokens.high;
            sequence.exact &= piece.exact;
        }
        longest = longest.longer(sequence);
    }
    TokenCount { limited: Some(longest), ..sum }
}

fn outlined(
    tools: &[&[Value]],
    messages: &[Message],
    counter: &dyn Counter,
    frame: &Frame,
    mask: Mask,
) -> Outline {
    let (mut lead, mut lead_exact) = (frame.once, frame.certain || frame.once.low == frame.once.high);
    for definitions in tools {
        let span = tools::definitions(definitions, counter, &frame.tools);
        lead_exact &= span == Span::default();
        lead = lead + span;
    }
    let pieces = pieces(messages, counter, frame, mask);
    Outline { lead, lead_exact, lead_trained: mask == Mask::Everything, pieces }
}

fn pieces(messages: &[Message], counter: &dyn Counter, frame: &Frame, mask: Mask) -> Vec<Piece> {
    let last = messages.iter().rposition(|message| message.role == Role::Assistant);
    let one = |(index, message): (usize, &Message)| {
        let trained = match mask {
            Mask::Nothing => false,
            Mask::Everything => true,
            Mask::Answers => message.is_trained_answer(),
            Mask::LastAnswer => message.is_trained_answer() && Some(index) == last,
        };
        piece(message, counter, frame, trained, mask == Mask::Everything)
    };
    messages.iter().enumerate().map(one).collect()
}

fn piece(message: &Message, counter: &dyn Counter, frame: &Frame, trained: bool, whole: bool) -> Piece {
    let mut texts = Span::default();
    for text in message.texts() {
        texts = texts + counter.span(text);
    }
    if let Some(Value::String(refusal)) = message.extra.get("refusal") {
        texts = texts + counter.span(refusal);
    }
    let around = match &message.role {
        role if role.is_instruction() => frame.system,
        Role::Assistant => frame.answer,
        _ => frame.message,
    };
    let is_one = |span: Span| span.low == span.high;
    let mut exact = counter.is_exact() && is_one(texts) && (frame.certain || is_one(around));
    let mut tokens = texts + around;
    if let Role::Other(role) = &message.role {
        // The frame has one token for the role; a role nobody knows may be longer.
        let longer = counter.span(role);
        tokens.low += longer.low.saturating_sub(1);
        tokens.high += longer.high.saturating_sub(1);
        exact = false;
    }
    if let Some(name) = &message.name {
        let name = counter.span(name);
        if let Some(besides) = frame.names {
            tokens = tokens + name + Span { low: besides, high: besides };
            exact &= is_one(name);
        } else {
            tokens.high += name.high + 1;
            exact = false;
        }
    }
    for thought in REASONING.iter().filter_map(|key| message.extra.get(*key)) {
        // Templates leave the thoughts of earlier answers out, or all of them; what one renders carries loss.
        let said = match thought {
            Value::Null => continue,
            Value::String(text) => counter.span(text),
            other => counter.span(&other.to_string()),
        };
        tokens.high += said.high + AROUND_REASONING;
        exact = false;
    }
    let calls = tools::calls(message, counter, &frame.tools);
    if calls.billed != Span::default() {
        tokens = tokens + calls.billed;
        exact = false;
    }
    if matches!(message.role, Role::Tool | Role::Function) {
        // How a result is rendered in training is not published; at most its call's identifier stands there too.
        tokens.high += message.tool_call_id.as_deref().map_or(0, |id| counter.span(id).high);
        exact = false;
    }
    if let Content::Parts(parts) = &message.content {
        for part in parts {
            let (span, certain) = part_besides_text(part, counter, frame);
            tokens = tokens + span;
            exact &= certain;
        }
    }
    let learned = match (trained, whole) {
        (false, _) => 0,
        (true, true) => tokens.low,
        (true, false) => texts.low + calls.text + frame.end,
    };
    Piece { content: texts.low, tokens, trained: learned, exact }
}

/// What a part holds besides a text, and whether that is exact.
fn part_besides_text(part: &Value, counter: &dyn Counter, frame: &Frame) -> (Span, bool) {
    match part.get("type").and_then(Value::as_str) {
        Some("image_url") => {
            let span = frame.images.of_part(part);
            // Low detail has one published figure for all sizes; a model without pictures has none.
            (span, span.low == span.high && frame.images != Images::None)
        }
        Some("text") if part.get("text").is_some_and(Value::is_string) => (Span::default(), true),
        // A kind of part nobody has published a rendering for: nothing, or all of it as it is written.
        _ => (Span { low: 0, high: counter.span(&part.to_string()).high }, false),
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Preference, ToolCall};
    use crate::tokens::{Meter, model};
    use serde_json::json;

    fn counted(model_name: &str, body: &Body) -> TokenCount {
        Meter::of(model(model_name).unwrap()).unwrap().count(body, Mask::Answers)
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
        assert_eq!(
            count,
            TokenCount {
                content: 12,
                total: 24,
                high: 27,
                trained: 5,
                before: 19,
                exact: true,
                ..TokenCount::default()
            }
        );
        let none = counted("gpt-4o", &Body::Example(Example::default()));
        assert_eq!(none, TokenCount { high: 3, exact: true, ..TokenCount::default() });
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
        assert_eq!(
            count,
            TokenCount {
                content: 16,
                total: 34,
                high: 37,
                trained: 5,
                before: 29,
                exact: true,
                ..TokenCount::default()
            }
        );
    }

    #[test]
    fn thoughts_are_in_the_upper_end() {
        let plain = counted("gpt-4o", &Body::Example(chat(short_chat())));
        for key in REASONING {
            let mut messages = short_chat();
            messages[2].extra.insert(key.to_owned(), json!("It ships today.".repeat(100)));
            let count = counted("gpt-4o", &Body::Example(chat(messages)));
            assert!(count.high >= plain.high + 300 && !count.exact, "{key}: {count:?}");
            assert!(count.besides.thoughts && plain.besides == Besides::default(), "{key}");
            assert_eq!((count.total, count.trained), (plain.total, plain.trained), "{key}");
        }
        let mut messages = short_chat();
        messages[2].extra.insert("reasoning".to_owned(), Value::Null);
        assert_eq!(counted("gpt-4o", &Body::Example(chat(messages))), plain);
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
        let besides = Besides { tools: true, ..Besides::default() };
        let wanted = TokenCount {
            content: 14,
            total,
            high,
            trained: 5 + 9,
            before: 22,
            besides,
            ..TokenCount::default()
        };
        assert_eq!(count, wanted);

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
        // The longer answer is the rejected one.
        let limited = Some(Sequence { low: 8 + 8, high: 8 + 8, exact: true });
        let wanted = TokenCount {
            content: 11,
            total: 23,
            high,
            trained: 9,
            before: 11,
            limited,
            ..TokenCount::default()
        };
        assert_eq!(count, wanted);
    }
}
