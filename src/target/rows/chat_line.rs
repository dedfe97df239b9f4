//! Chat rows straight from their bytes, without a tree: for the shape that nearly all rows have.
//!
//! What is read is what [`super::chat`] reads from the tree. Anything that has to be named (a fault, a key that stands
//! twice, a role that is missing) or that needs care makes the row go that way.

use super::super::buffer::RowBuffer;
use super::chat::put_member;
use super::take;
use crate::model::{Content, Message, Role};
use crate::text::json::{Cursor, put};

/// Reads a chat row into `row`; `None` when it has to go the long way.
pub(super) fn read(line: &[u8], row: &mut RowBuffer) -> Option<()> {
    let mut cursor = Cursor::new(line)?;
    let (example, mut buffers) = row.example()?;
    let mut seen = false;
    cursor.object(|cursor, key| {
        if key != "messages" {
            let value = cursor.value()?;
            return put(&mut example.extra, key, value);
        }
        if std::mem::replace(&mut seen, true) {
            return None;
        }
        cursor.list(|cursor| {
            let (message, text) = buffers.next(&mut example.messages)?;
            read_message(cursor, message, text)
        })
    })?;
    if !cursor.is_at_end() || buffers.finish(&mut example.messages) == 0 {
        return None;
    }
    if !example.extra.is_empty() {
        example.tools = take::tools(&mut example.extra, "tools");
    }
    Some(())
}

/// Keys of messages, each a bit to see that none stands twice.
const KEYS: [&str; 9] =
    ["role", "content", "name", "weight", "tool_call_id", "tool_calls", "refusal", "function_call", "audio"];

fn read_message(cursor: &mut Cursor<'_>, message: &mut Message, mut text: String) -> Option<()> {
    let mut seen = 0u16;
    cursor.object(|cursor, key| {
        if let Some(index) = KEYS.iter().position(|known| *known == key) {
            let bit = 1 << index;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
        } else if message.extra.contains_key(key) {
            return None;
        }
        match (key, cursor.peek()?) {
            ("role", _) => message.role = Role::from_name(cursor.plain_text()?),
            ("content", b'"') => {
                cursor.text_into(&mut text)?;
                message.content = Content::Text(std::mem::take(&mut text));
            }
            _ => {
                let value = cursor.value()?;
                put_member(message, key.to_owned(), value);
            }
        }
        Some(())
    })?;
    (seen & 1 != 0).then_some(())
}
