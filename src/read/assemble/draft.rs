//! An example on its way: messages, and for each how many turns stand in it.

use crate::diagnostic::Def;
use crate::model::{Body, Content, Example, Message, Role};

use super::Part;
use super::counts::Counts;

/// Messages with the number of turns in each (0: added, or repeated from another part), and what was done.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub messages: Vec<Message>,
    pub turns: Vec<u64>,
    pub dropped: Counts,
    pub done: Counts,
}

impl Draft {
    /// Messages of which each is one turn.
    pub fn new(messages: Vec<Message>) -> Self {
        let turns = vec![1; messages.len()];
        Self { messages, turns, ..Self::default() }
    }

    /// Puts a message of `turns` turns at the end.
    pub fn push(&mut self, message: Message, turns: u64) {
        self.messages.push(message);
        self.turns.push(turns);
    }

    /// Puts a message that nobody said in the conversation first.
    pub fn put_first(&mut self, message: Message) {
        self.messages.insert(0, message);
        self.turns.insert(0, 0);
    }

    /// How many instructions stand first.
    pub fn instructions(&self) -> usize {
        self.messages.iter().take_while(|message| message.role.is_instruction()).count()
    }

    /// Drops messages `from..to`, under the reason.
    pub fn drop_range(&mut self, from: usize, to: usize, def: &'static Def) {
        let (from, to) = (from.min(self.messages.len()), to.min(self.messages.len()));
        if from >= to {
            return;
        }
        self.messages.drain(from..to);
        let gone: u64 = self.turns.drain(from..to).sum();
        self.dropped.add(def, gone);
        self.done.add(def, gone);
    }

    /// Joins each message to the one before it where `may_join`, with a line feed, and counts under the reason.
    pub fn join_where(&mut self, def: &'static Def, may_join: impl Fn(&Message, &Message) -> bool) {
        let joins = |pair: &[Message]| matches!(pair, [a, b] if may_join(a, b) && is_joinable(a, b));
        if !self.messages.windows(2).any(joins) {
            return;
        }
        let messages = std::mem::take(&mut self.messages);
        let turns = std::mem::take(&mut self.turns);
        for (message, turns) in messages.into_iter().zip(turns) {
            match (self.messages.last_mut(), self.turns.last_mut()) {
                (Some(last), Some(count)) if may_join(last, &message) && is_joinable(last, &message) => {
                    if let (Content::Text(text), Content::Text(more)) = (&mut last.content, &message.content)
                    {
                        if !text.is_empty() && !more.is_empty() {
                            text.push('\n');
                        }
                        text.push_str(more);
                    }
                    *count += turns;
                    self.done.add(def, 1);
                }
                _ => self.push(message, turns),
            }
        }
    }

    /// Turns in all messages.
    pub fn turns_left(&self) -> u64 {
        self.turns.iter().sum()
    }

    /// Whether somebody of that role speaks.
    pub fn has(&self, role: &Role) -> bool {
        self.messages.iter().any(|message| message.role == *role)
    }

    /// Kept and merged turns.
    pub fn kept_and_merged(&self) -> (u64, u64) {
        let kept = self.turns.iter().filter(|turns| **turns > 0).count() as u64;
        (kept, self.turns_left() - kept)
    }

    /// The part, with `rest` for everything that is not a message.
    pub fn into_part(self, rest: Example) -> Part {
        let (kept, merged) = self.kept_and_merged();
        let body = Body::Example(Example { messages: self.messages, ..rest });
        Part { body, mendings: self.done.sorted(), kept, merged, goes_on: false }
    }
}

/// Whether two messages can be told as one without losing anything: plain texts of one role, nothing else on them,
/// or the same. Typed parts, tool calls and results stay alone.
fn is_joinable(first: &Message, second: &Message) -> bool {
    let plain = |message: &Message| {
        matches!(message.content, Content::Text(_))
            && message.tool_calls.is_empty()
            && message.tool_call_id.is_none()
    };
    first.role == second.role
        && plain(first)
        && plain(second)
        && first.name == second.name
        && first.weight == second.weight
        && first.extra == second.extra
}

#[cfg(test)]
pub(super) mod sample {
    use super::*;

    /// A draft of `s`, `u`, `a`, `t` messages with texts `1`, `2`, ….
    pub(in super::super) fn draft(roles: &str) -> Draft {
        let messages = roles.chars().enumerate().map(|(index, role)| {
            let role = match role {
                's' => Role::System,
                'u' => Role::User,
                't' => Role::Tool,
                _ => Role::Assistant,
            };
            Message::text(role, (index + 1).to_string())
        });
        Draft::new(messages.collect())
    }

    /// What is left, as `u1 a2 …`, with line feeds as `/`.
    pub(in super::super) fn shown(messages: &[Message]) -> String {
        let show = |message: &Message| {
            let text: Vec<&str> = message.texts().collect();
            format!("{}{}", &message.role.name()[..1], text.concat().replace('\n', "/"))
        };
        messages.iter().map(show).collect::<Vec<_>>().join(" ")
    }
}
