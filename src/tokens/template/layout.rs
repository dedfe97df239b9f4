//! A chat as a template sees it, and which part of what it writes is trained.

use std::ops::Range;

use minijinja::{Environment, Value};
use serde_json::Value as Json;

use super::environment::{BEGIN, END, ENDLESS, render};
use crate::model::{Content, Message, Role};
use crate::tokens::Mask;
use crate::tokens::render::{Chat, Segment};

/// Answers of one chat that are found by rendering what stands before them; of further ones the text itself is looked for.
const ANSWERS: usize = 64;

/// Renders a chat and marks what is trained.
pub(super) fn segments(
    environment: &Environment<'_>,
    marked: bool,
    chat: Chat<'_>,
    mask: Mask,
) -> Result<Vec<Segment>, String> {
    // Arguments are objects to most templates; some join them to texts.
    let objects = View::of(environment, chat, true);
    let (view, whole) = match objects.render(chat.messages.len(), false) {
        Ok(whole) => (objects, whole),
        Err(first) if first.starts_with(ENDLESS) => return Err(first),
        Err(first) => {
            let strings = View::of(environment, chat, false);
            let whole = strings.render(chat.messages.len(), false).map_err(|_| first)?;
            (strings, whole)
        }
    };
    let trained: Vec<usize> = trained(chat.messages, mask);
    if marked {
        return between_marks(&whole, chat.messages, &trained, mask);
    }
    if mask == Mask::Everything {
        return Ok(vec![Segment { text: whole, trained: true }]);
    }
    let spans = spans(&view, &whole, chat.messages, &trained);
    Ok(cut(&whole, &spans))
}

/// The answers that carry loss.
fn trained(messages: &[Message], mask: Mask) -> Vec<usize> {
    let all = messages
        .iter()
        .enumerate()
        .filter(|(_, message)| message.is_trained_answer())
        .map(|(index, _)| index);
    match mask {
        Mask::Nothing | Mask::Everything => Vec::new(),
        Mask::Answers => all.collect(),
        Mask::LastAnswer => {
            let last = messages.iter().rposition(|message| message.role == Role::Assistant);
            all.filter(|index| Some(*index) == last).collect()
        }
    }
}

/// What a template marks, of which the mask may leave some out.
fn between_marks(
    whole: &str,
    messages: &[Message],
    trained: &[usize],
    mask: Mask,
) -> Result<Vec<Segment>, String> {
    let answers: Vec<usize> =
        (0..messages.len()).filter(|index| messages[*index].role == Role::Assistant).collect();
    let mut stretches = Vec::new();
    for (number, stretch) in whole.split(BEGIN).enumerate() {
        stretches.push(match number {
            0 => ("", stretch),
            _ => stretch.split_once(END).ok_or("its marks of what is generated do not match")?,
        });
    }
    // One mark an answer, or several: some templates mark what ends an answer once more.
    let starts = (stretches.len() != answers.len() + 1).then(|| starts(&stretches, messages, &answers));
    let (mut segments, mut at) = (Vec::new(), 0);
    for (number, (generated, rest)) in stretches.into_iter().enumerate() {
        let end = at + generated.len();
        let of = match &starts {
            None => number.checked_sub(1),
            Some(Some(starts)) => Some(starts.iter().rposition(|start| *start < end).unwrap_or(0)),
            Some(None) => None,
        };
        let wanted = match mask {
            Mask::Everything => true,
            Mask::Nothing => false,
            // Where the answers are not found, nothing says which mark is whose.
            Mask::Answers | Mask::LastAnswer if starts == Some(None) => !trained.is_empty(),
            Mask::Answers | Mask::LastAnswer => {
                of.and_then(|of| answers.get(of)).is_some_and(|answer| trained.contains(answer))
            }
        };
        at = end + rest.len();
        push(&mut segments, generated, wanted);
        push(&mut segments, rest, mask == Mask::Everything);
    }
    Ok(segments)
}

/// Where each answer begins in what is rendered; `None` where one is not found.
fn starts(stretches: &[(&str, &str)], messages: &[Message], answers: &[usize]) -> Option<Vec<usize>> {
    let plain: String = stretches.iter().flat_map(|(generated, rest)| [*generated, *rest]).collect();
    let mut from = 0;
    let start = |answer: &usize| {
        let span = found(&plain, from, messages.get(*answer)?)?;
        from = span.end;
        Some(span.start)
    };
    answers.iter().map(start).collect()
}

/// Where the answers stand in the whole.
fn spans(view: &View<'_, '_>, whole: &str, messages: &[Message], trained: &[usize]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut cursor = 0;
    for (number, &index) in trained.iter().enumerate() {
        let beginnings =
            (number < ANSWERS).then(|| (view.render(index, true), view.render(index + 1, false)));
        let span = match beginnings {
            Some((Ok(before), Ok(with))) if with.starts_with(&before) && whole.starts_with(&with) => {
                // The line feed between messages is no part of an answer.
                Some(before.len()..with.trim_end_matches('\n').len().max(before.len()))
            }
            _ => found(whole, cursor, &messages[index]),
        };
        if let Some(span) = span.filter(|span| span.start >= cursor) {
            cursor = span.end;
            spans.push(span);
        }
    }
    spans
}

/// The texts of an answer where they stand after `from`.
fn found(whole: &str, from: usize, message: &Message) -> Option<Range<usize>> {
    let mut span: Option<Range<usize>> = None;
    let calls = message.tool_calls.iter().map(|call| call.name.as_str());
    for text in message.texts().map(str::trim).chain(calls).filter(|text| !text.is_empty()) {
        let at = span.as_ref().map_or(from, |span| span.end);
        let begin = at + whole.get(at..)?.find(text)?;
        span = Some(span.map_or(begin, |span| span.start)..begin + text.len());
    }
    span
}

fn cut(whole: &str, spans: &[Range<usize>]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut cursor = 0;
    for span in spans {
        push(&mut segments, whole.get(cursor..span.start).unwrap_or_default(), false);
        push(&mut segments, whole.get(span.clone()).unwrap_or_default(), true);
        cursor = span.end;
    }
    push(&mut segments, whole.get(cursor..).unwrap_or_default(), false);
    segments
}

fn push(segments: &mut Vec<Segment>, text: &str, trained: bool) {
    if !text.is_empty() {
        segments.push(Segment { text: text.to_owned(), trained });
    }
}

/// A chat as values of the template language.
struct View<'a, 'e> {
    environment: &'a Environment<'e>,
    messages: Vec<Value>,
    tools: Option<Value>,
}

impl<'a, 'e> View<'a, 'e> {
    fn of(environment: &'a Environment<'e>, chat: Chat<'_>, objects: bool) -> Self {
        let messages = chat.messages.iter().map(|message| value_of(message, objects)).collect();
        let tools = (!chat.tools.is_empty()).then(|| chat.tools.iter().map(value).collect());
        Self { environment, messages, tools }
    }

    /// The first `count` messages; with the beginning of an answer, when `prompt`.
    fn render(&self, count: usize, prompt: bool) -> Result<String, String> {
        let messages = self.messages.get(..count).unwrap_or(&self.messages);
        render(self.environment, messages, self.tools.as_ref(), prompt)
    }
}

fn value_of(message: &Message, objects: bool) -> Value {
    let role = message.role.name();
    let mut pairs: Vec<(String, Value)> = vec![("role".to_owned(), Value::from(role))];
    let content = match &message.content {
        Content::Text(text) => Some(clean(text)),
        Content::Parts(parts) => Some(parts.iter().map(value).collect()),
        Content::Null => Some(Value::from(())),
        Content::Absent => None,
    };
    pairs.extend(content.map(|content| ("content".to_owned(), content)));
    pairs.extend(message.name.as_deref().map(|name| ("name".to_owned(), clean(name))));
    pairs.extend(message.tool_call_id.as_deref().map(|id| ("tool_call_id".to_owned(), clean(id))));
    if !message.tool_calls.is_empty() {
        let call = |call: &crate::model::ToolCall| {
            let arguments = match serde_json::from_str::<Json>(&call.arguments) {
                Ok(object @ Json::Object(_)) if objects => value(&object),
                _ => clean(&call.arguments),
            };
            let function = Value::from_pairs([("name", clean(&call.name)), ("arguments", arguments)]);
            let id = call.id.as_deref().map_or_else(|| Value::from(()), clean);
            Value::from_pairs([("id", id), ("type", Value::from("function")), ("function", function)])
        };
        pairs.push(("tool_calls".to_owned(), message.tool_calls.iter().map(call).collect()));
    }
    for (key, extra) in &message.extra {
        if !pairs.iter().any(|(known, _)| known == key) {
            pairs.push((key.clone(), value(extra)));
        }
    }
    Value::from_pairs(pairs)
}

/// A text without the marks of what is generated, should somebody have written them after all.
fn clean(text: &str) -> Value {
    if text.contains(BEGIN) || text.contains(END) {
        return Value::from(text.replace(BEGIN, "").replace(END, ""));
    }
    Value::from(text)
}

/// JSON as a value of the template language. Numbers are taken one by one, since they keep their digits here.
fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => Value::from(number),
            (None, Some(number), _) => Value::from(number),
            (None, None, Some(number)) => Value::from(number),
            (None, None, None) => Value::from(number.to_string()),
        },
        Json::String(text) => clean(text),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(object) => {
            Value::from_pairs(object.iter().map(|(key, item)| (key.clone(), value(item))))
        }
    }
}
