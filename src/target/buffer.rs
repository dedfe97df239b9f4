//! A place to read one row after another into, so that texts need not be allocated anew for each.

use serde_json::Value;

use crate::model::{Body, Content, Example, Message, Role};
use crate::text::json::Cursor;

/// The example read last, with the buffers of those before.
#[derive(Debug)]
pub struct RowBuffer {
    body: Body,
    /// Texts of longer rows, emptied: they are what is worth keeping of a message, and small to move.
    spare: Vec<String>,
    tools: KnownTools,
    openings: Openings,
}

/// How messages begin, from the brace to the quote before their text: `{"role": "user", "content": "`. All messages of a
/// file begin in two or three ways, and what is known need not be read again.
#[derive(Debug, Default)]
pub(super) struct Openings(Vec<(String, Role)>);

/// Most openings that are known at once, and the longest, in bytes.
const OPENINGS: usize = 4;
const LONGEST_OPENING: usize = 128;

impl Openings {
    /// Goes past an opening that is known; whose message it is.
    pub(super) fn pass(&self, cursor: &mut Cursor<'_>) -> Option<Role> {
        let known = self.0.iter().find(|(written, _)| cursor.pass_known(written).is_some());
        known.map(|(_, role)| role.clone())
    }

    /// Remembers how a message began that has no other key before its role and its text.
    pub(super) fn learn(&mut self, written: &str, role: &Role) {
        if self.0.len() < OPENINGS && written.len() <= LONGEST_OPENING {
            self.0.push((written.to_owned(), role.clone()));
        }
    }
}

/// The tools read last: nearly all rows of a file have the same.
#[derive(Debug, Default)]
struct KnownTools {
    /// As they were written.
    written: String,
    /// As values, while no example has them.
    values: Option<Vec<Value>>,
}

impl Default for RowBuffer {
    fn default() -> Self {
        Self {
            body: Body::Example(Example::default()),
            spare: Vec::new(),
            tools: KnownTools::default(),
            openings: Openings::default(),
        }
    }
}

impl RowBuffer {
    /// What was read last; after a row that could not be read so it means nothing.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// What was read last, taken out.
    pub fn take(&mut self) -> Body {
        std::mem::replace(&mut self.body, Body::Example(Example::default()))
    }

    /// Takes a body back that nobody needs any more, for its buffers.
    pub fn give_back(&mut self, body: Body) {
        if let Body::Example(example) = body {
            // Its tools may have been changed: they are no more what was read.
            self.body = Body::Example(Example { tools: None, ..example });
        }
    }

    /// The body as an example to be filled again, and what hands out messages and tools for it and knows
    /// openings.
    pub(super) fn example(&mut self) -> Option<(&mut Example, Messages<'_>, Tools<'_>, &mut Openings)> {
        let Body::Example(example) = &mut self.body else { return None };
        if let Some(tools) = example.tools.take() {
            self.tools.values = Some(tools);
        }
        example.label = None;
        example.extra.clear();
        let messages = Messages { spare: &mut self.spare, used: 0 };
        Some((example, messages, Tools(&mut self.tools), &mut self.openings))
    }
}

/// Reads the list of tools, if it is not the one read last.
pub(super) struct Tools<'a>(&'a mut KnownTools);

impl Tools<'_> {
    /// The list that stands next.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>) -> Option<Vec<Value>> {
        let KnownTools { written, values } = &mut *self.0;
        if let Some(tools) = values.take_if(|_| cursor.pass_known(written).is_some()) {
            return Some(tools);
        }
        let start = cursor.at();
        let Value::Array(tools) = cursor.value()? else { return None };
        written.clear();
        written.push_str(cursor.since(start)?);
        Some(tools)
    }
}

/// Hands out messages to be filled, used ones first.
pub(super) struct Messages<'a> {
    spare: &'a mut Vec<String>,
    used: usize,
}

impl Messages<'_> {
    /// An empty message behind those that were asked for before, and an empty text.
    pub(super) fn next<'m>(&mut self, messages: &'m mut Vec<Message>) -> Option<(&'m mut Message, String)> {
        if self.used == messages.len() {
            messages.push(Message::text(Role::User, self.spare.pop().unwrap_or_default()));
        }
        let message = messages.get_mut(self.used)?;
        self.used += 1;
        message.name = None;
        message.weight = None;
        message.tool_calls.clear();
        message.tool_call_id = None;
        if !message.extra.is_empty() {
            message.extra.clear();
        }
        let text = emptied(&mut message.content);
        Some((message, text))
    }

    /// Puts the messages aside that were not asked for; how many are left.
    pub(super) fn finish(self, messages: &mut Vec<Message>) -> usize {
        self.spare.extend(messages.drain(self.used..).map(|mut message| emptied(&mut message.content)));
        self.used
    }
}

/// Takes the text out and leaves no content.
fn emptied(content: &mut Content) -> String {
    match std::mem::replace(content, Content::Absent) {
        Content::Text(mut text) => {
            text.clear();
            text
        }
        _ => String::new(),
    }
}
