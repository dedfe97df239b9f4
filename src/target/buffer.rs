//! A place to read one row after another into, so that texts need not be allocated anew for each.

use crate::model::{Body, Content, Example, Message, Role};

/// The example read last, with the buffers of those before.
#[derive(Debug)]
pub struct RowBuffer {
    body: Body,
    /// Messages of longer rows, for their buffers.
    spare: Vec<Message>,
}

impl Default for RowBuffer {
    fn default() -> Self {
        Self { body: Body::Example(Example::default()), spare: Vec::new() }
    }
}

impl RowBuffer {
    /// What was read last; after a row that could not be read so it means nothing.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The body as an example without anything but messages to be filled again, and what hands those out.
    pub(super) fn example(&mut self) -> Option<(&mut Example, Messages<'_>)> {
        let Body::Example(example) = &mut self.body else { return None };
        (example.tools, example.label) = (None, None);
        example.extra.clear();
        Some((example, Messages { spare: &mut self.spare, used: 0 }))
    }
}

/// Hands out messages to be filled, used ones first.
pub(super) struct Messages<'a> {
    spare: &'a mut Vec<Message>,
    used: usize,
}

impl Messages<'_> {
    /// An empty message behind those that were asked for before, and an empty text.
    pub(super) fn next<'m>(&mut self, messages: &'m mut Vec<Message>) -> Option<(&'m mut Message, String)> {
        if self.used == messages.len() {
            messages.push(self.spare.pop().unwrap_or_else(|| Message::text(Role::User, "")));
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
        let text = match std::mem::replace(&mut message.content, Content::Absent) {
            Content::Text(mut text) => {
                text.clear();
                text
            }
            _ => String::new(),
        };
        Some((message, text))
    }

    /// Puts the messages aside that were not asked for; how many are left.
    pub(super) fn finish(self, messages: &mut Vec<Message>) -> usize {
        self.spare.extend(messages.drain(self.used..));
        self.used
    }
}
