//! Chat rows straight from their bytes, without a tree: for the shape that nearly all rows have.
//!
//! What is read is what [`super::chat`] reads from the tree. Anything that has to be named (a fault, a key that stands
//! twice, a role that is missing) or that needs care makes the row go that way.

use super::super::buffer::{Openings, RowBuffer};
use super::chat::put_member;
use crate::model::{Content, Message, Role};
use crate::text::json::{Cursor, put};

/// Reads a chat row into `row`; `None` when it has to go the long way.
pub(super) fn read(line: &[u8], row: &mut RowBuffer) -> Option<()> {
    let mut cursor = Cursor::new(line)?;
    let (example, mut buffers, mut tools, openings) = row.example()?;
    let mut seen = false;
    cursor.object(|cursor, key| {
        match (key, cursor.peek()?) {
            ("messages", _) => {}
            // What `null` means differs from target to target.
            ("tools", b'n') => return None,
            ("tools", b'[') if example.tools.is_none() => {
                example.tools = Some(tools.read(cursor)?);
                return Some(());
            }
            _ => {
                let value = cursor.value()?;
                return put(&mut example.extra, key, value);
            }
        }
        if std::mem::replace(&mut seen, true) {
            return None;
        }
        cursor.list(|cursor| {
            let (message, text) = buffers.next(&mut example.messages)?;
            read_message(cursor, message, text, openings)
        })
    })?;
    if !cursor.is_at_end() || buffers.finish(&mut example.messages) == 0 {
        return None;
    }
    // Tools that stand twice, once as a list.
    (example.tools.is_none() || !example.extra.contains_key("tools")).then_some(())
}

/// A bit for each key of messages that is understood, to see that none stands twice; none for other keys.
fn bit(key: &str) -> u16 {
    match key {
        "role" => ROLE,
        "content" => CONTENT,
        "name" => 1 << 2,
        "weight" => 1 << 3,
        "tool_call_id" => 1 << 4,
        "tool_calls" => 1 << 5,
        "refusal" => 1 << 6,
        "function_call" => 1 << 7,
        "audio" => 1 << 8,
        _ => 0,
    }
}

const ROLE: u16 = 1;
const CONTENT: u16 = 1 << 1;

fn read_message(
    cursor: &mut Cursor<'_>,
    message: &mut Message,
    mut text: String,
    openings: &mut Openings,
) -> Option<()> {
    cursor.peek()?;
    let start = cursor.at();
    let mut seen = 0u16;
    let known = openings.pass(cursor);
    let is_known = known.is_some();
    if let Some(role) = known {
        cursor.text_rest_into(&mut text)?;
        message.role = role;
        message.content = Content::Text(std::mem::take(&mut text));
        seen = ROLE | CONTENT;
    }
    let member = |cursor: &mut Cursor<'_>, key: &str| {
        let bit = bit(key);
        if seen & bit != 0 || (bit == 0 && message.extra.contains_key(key)) {
            return None;
        }
        let first = seen == ROLE && message.extra.is_empty();
        seen |= bit;
        match (key, cursor.peek()?) {
            ("weight", b'n') => return None,
            ("role", _) => message.role = Role::from_name(cursor.plain_text()?),
            ("content", b'"') => {
                cursor.pass(b'"')?;
                if first {
                    openings.learn(cursor.since(start)?, &message.role);
                }
                cursor.text_rest_into(&mut text)?;
                message.content = Content::Text(std::mem::take(&mut text));
            }
            _ => {
                let value = cursor.value()?;
                put_member(message, key.to_owned(), value);
            }
        }
        Some(())
    };
    if is_known { cursor.object_rest(member) } else { cursor.object(member) }?;
    (seen & ROLE != 0).then_some(())
}
