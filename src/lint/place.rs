//! The lists of messages in a body, and the JSON path of each message in the target's row.

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::{Def, Finding};
use crate::model::{Body, Extra, Message, Role};
use crate::text::sanitize::{excerpt, is_hidden};

/// Where a list of messages stands. Preferences are named as OpenAI writes them, which is the one preference format
/// that is a target so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The messages of an example.
    Messages,
    /// The prompt of a preference.
    Prompt,
    /// The preferred answer.
    Chosen,
    /// The other answer.
    Rejected,
}

impl Part {
    /// The path of the list.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Prompt => "input.messages",
            Self::Chosen => "preferred_output",
            Self::Rejected => "non_preferred_output",
        }
    }

    /// The place of the message with this index.
    pub(super) fn at(self, index: usize) -> Place {
        Place { part: self, index }
    }
}

/// One message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The list.
    pub(super) part: Part,
    /// Its index there.
    pub(super) index: usize,
}

impl Place {
    /// A finding at this message.
    pub(super) fn finding(self, def: &'static Def, message: impl Into<String>) -> Finding {
        Finding::new(def, self.to_string(), message)
    }

    /// A finding at a key of this message.
    pub(super) fn finding_at(
        self,
        def: &'static Def,
        key: impl fmt::Display,
        message: impl Into<String>,
    ) -> Finding {
        Finding::new(def, format!("{self}.{key}"), message)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}[{}]", self.part.path(), self.index)
    }
}

/// The conversation itself: the messages of an example, the prompt of a preference.
pub(super) fn conversation(body: &Body) -> (Part, &[Message]) {
    match body {
        Body::Example(example) => (Part::Messages, &example.messages),
        Body::Preference(preference) => (Part::Prompt, &preference.prompt),
    }
}

/// Every list of messages, in the order of the row.
pub(super) fn lists(body: &Body) -> impl Iterator<Item = (Part, &[Message])> {
    let answers = match body {
        Body::Example(_) => [None, None],
        Body::Preference(preference) => [
            Some((Part::Chosen, preference.chosen.as_slice())),
            Some((Part::Rejected, preference.rejected.as_slice())),
        ],
    };
    std::iter::once(conversation(body)).chain(answers.into_iter().flatten())
}

/// Every message with its place.
pub(super) fn messages(body: &Body) -> impl Iterator<Item = (Place, &Message)> {
    lists(body).flat_map(|(part, list)| {
        list.iter().enumerate().map(move |(index, message)| (part.at(index), message))
    })
}

/// The conversation itself, to be mended.
pub(super) fn conversation_mut(body: &mut Body) -> &mut Vec<Message> {
    match body {
        Body::Example(example) => &mut example.messages,
        Body::Preference(preference) => &mut preference.prompt,
    }
}

/// Rewrites texts of all messages: `rewrite` gives the new text where it changes one. How many changed.
pub(super) fn rewrite_texts(body: &mut Body, rewrite: impl Fn(&str) -> Option<String>) -> u64 {
    let mut changed = 0;
    for text in body.messages_mut().flat_map(Message::texts_mut) {
        if let Some(new) = rewrite(text) {
            *text = new;
            changed += 1;
        }
    }
    changed
}

/// What stands on the top level without being understood.
pub(super) fn row_extra(body: &Body) -> &Extra {
    match body {
        Body::Example(example) => &example.extra,
        Body::Preference(preference) => &preference.extra,
    }
}

/// What stands on the top level without being understood, to be mended.
pub(super) fn row_extra_mut(body: &mut Body) -> &mut Extra {
    match body {
        Body::Example(example) => &mut example.extra,
        Body::Preference(preference) => &mut preference.extra,
    }
}

/// The definitions of tools, to be mended.
pub(super) fn tools_mut(body: &mut Body) -> &mut Option<Vec<serde_json::Value>> {
    match body {
        Body::Example(example) => &mut example.tools,
        Body::Preference(preference) => &mut preference.tools,
    }
}

/// The definitions of tools.
pub(super) fn tools(body: &Body) -> Option<&[serde_json::Value]> {
    match body {
        Body::Example(example) => example.tools.as_deref(),
        Body::Preference(preference) => preference.tools.as_deref(),
    }
}

/// The path of `tools` in the row.
pub(super) fn tools_path(body: &Body) -> &'static str {
    match body {
        Body::Example(_) => "tools",
        Body::Preference(_) => "input.tools",
    }
}

/// A message named by its role, after "the message is".
pub(super) fn whose(role: &Role) -> Cow<'static, str> {
    match role {
        Role::User => "the user's".into(),
        Role::Assistant => "the assistant's".into(),
        Role::Tool => "a tool result".into(),
        Role::Function => "a function result".into(),
        Role::System => "a system message".into(),
        Role::Developer => "a developer message".into(),
        Role::Other(name) => format!("of role `{}`", excerpt(name, 40)).into(),
    }
}

/// Whether nobody could read anything in `text`: white space and invisible characters only.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_hidden(character))
}

/// A key as one step of a path; empty where it would not be one, because it holds dots, brackets or worse.
pub(super) fn step(key: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$');
    if key.len() <= 64 && key.bytes().all(plain) { key } else { "" }
}
