//! The messages of an export, chat after chat, without holding a chat: an account's may be as large as it likes.
//!
//! A frame is the head of the chat (its number in the file, `name`, `type` and `id`) and one message, both JSON.

use crate::error::{Error, Result};
use crate::read::frame::{Batch, Cursor, Feed, FrameFault, Frames};
use crate::text::json::{Bounds, Scanner};

/// Keys on the way to chats.
const WAY: &[&[u8]] = &[b"\"chats\"", b"\"left_chats\"", b"\"list\""];
/// Keys of a chat that are told of each of its messages.
const HEAD: &[&[u8]] = &[b"\"name\"", b"\"type\"", b"\"id\""];
/// Longest value of those: names of chats have at most 255 characters.
const LONGEST_HEAD: usize = 4 << 10;
/// Deepest level at which chats are looked for; real ones stand at the third.
const DEEPEST: usize = 8;

/// The head and the message of a frame.
pub(super) fn parted(frame: &[u8]) -> (&[u8], &[u8]) {
    match Scanner::default().feed(frame) {
        Bounds::End(end) => frame.split_at(end),
        Bounds::Open => (frame, &[]),
    }
}

/// Where the walk is.
enum Level {
    /// In an object; its head as far as it was met.
    Object { head: Vec<u8> },
    /// In a list of chats.
    List,
    /// In the messages of a chat.
    Messages { head: Vec<u8> },
}

/// Frames of messages.
pub(super) struct Chats {
    cursor: Cursor,
    name: String,
    limit: usize,
    chats: u64,
    levels: Vec<Level>,
}

impl Chats {
    pub(super) fn new(feed: Feed, name: String, source: u32, limit: usize) -> Self {
        Self { cursor: Cursor::new(feed, source), name, limit, chats: 0, levels: Vec::new() }
    }

    /// Adds the message that begins here.
    fn push(&mut self, head: &[u8], batch: &mut Batch) -> Result<()> {
        let mut origin = self.cursor.next_record();
        if let Some(length) = self.cursor.measure(0, self.limit)?.length() {
            let own = self.cursor.bytes().get(..length).unwrap_or_default();
            let bytes = [head, b"\n", own].concat();
            // As long as what is kept of it, so that nothing seems to be cut away.
            origin.length = bytes.len() as u64;
            batch.push(origin, &bytes, None);
            self.cursor.consume(length);
        } else {
            let kept = self.cursor.head();
            origin.length = self.cursor.pass()?;
            batch.push(origin, &kept, Some(FrameFault::TooLong { limit: self.limit }));
        }
        Ok(())
    }

    /// A member of the object in which the walk is.
    fn member(&mut self) -> Result<()> {
        let mut key = Vec::new();
        if let Some(length) = self.cursor.measure(0, LONGEST_HEAD)?.length() {
            key.extend_from_slice(self.cursor.bytes().get(..length).unwrap_or_default());
            self.cursor.consume(length);
        } else {
            self.cursor.pass()?;
        }
        if self.cursor.next_solid()? == Some(b':') {
            self.cursor.consume(1);
        }
        let first = self.cursor.next_solid()?;
        let deeper = self.levels.len() < DEEPEST;
        match first {
            Some(b'[') if key == b"\"messages\"" => {
                self.cursor.consume(1);
                self.chats += 1;
                let mut head = format!("{{\"chat\":{}", self.chats).into_bytes();
                if let Some(Level::Object { head: known }) = self.levels.last() {
                    head.extend_from_slice(known);
                }
                head.push(b'}');
                self.levels.push(Level::Messages { head });
            }
            Some(b'{') if deeper && WAY.contains(&key.as_slice()) => {
                self.cursor.consume(1);
                self.levels.push(Level::Object { head: Vec::new() });
            }
            Some(b'[') if deeper && WAY.contains(&key.as_slice()) => {
                self.cursor.consume(1);
                self.levels.push(Level::List);
            }
            Some(b'}') | None => {}
            Some(_) => self.value(&key)?,
        }
        Ok(())
    }

    /// The value of a member that is not walked into.
    fn value(&mut self, key: &[u8]) -> Result<()> {
        let wanted = HEAD.contains(&key) && self.levels.len() <= DEEPEST;
        let length = if wanted { self.cursor.measure(0, LONGEST_HEAD)?.length() } else { None };
        let Some(length) = length else {
            self.cursor.pass()?;
            return Ok(());
        };
        let value = self.cursor.bytes().get(..length).unwrap_or_default().to_vec();
        self.cursor.consume(length);
        // Only what is JSON, since the head must stay readable, and only scalars: no chat has more there.
        let scalar = serde_json::from_slice::<serde_json::Value>(&value)
            .is_ok_and(|value| !value.is_object() && !value.is_array());
        if let Some(Level::Object { head }) = self.levels.last_mut()
            && scalar
            && !contains(head, key)
        {
            head.push(b',');
            head.extend_from_slice(key);
            head.push(b':');
            head.extend_from_slice(&value);
        }
        Ok(())
    }

    fn step(&mut self, batch: &mut Batch) -> Result<bool> {
        let Some(byte) = self.cursor.next_solid()? else {
            if self.levels.is_empty() {
                return Ok(false);
            }
            return Err(Error::input(format!(
                "`{}` ends in the middle of a chat, after {} messages",
                self.name,
                self.cursor.records()
            ))
            .with_hint(
                "the file is cut short: export it again, since the messages that are missing cannot be accounted for",
            ));
        };
        match (self.levels.last(), byte) {
            (Some(Level::Object { .. }), b'}') | (Some(Level::List | Level::Messages { .. }), b']') => {
                self.cursor.consume(1);
                self.levels.pop();
            }
            (_, b',') => self.cursor.consume(1),
            (Some(Level::Object { .. }), b'"') => self.member()?,
            (Some(Level::Object { .. }), _) => {
                self.cursor.pass()?;
            }
            (Some(Level::List) | None, b'{') => {
                self.cursor.consume(1);
                self.levels.push(Level::Object { head: Vec::new() });
            }
            (None, b'[') => {
                self.cursor.consume(1);
                self.levels.push(Level::List);
            }
            (Some(Level::List) | None, _) => self.push(b"{}", batch)?,
            (Some(Level::Messages { head }), _) => {
                let head = head.clone();
                self.push(&head, batch)?;
            }
        }
        Ok(true)
    }
}

/// Whether a head has the key already: of two of a name the first stays.
fn contains(head: &[u8], key: &[u8]) -> bool {
    memchr::memmem::find(head, &[b",", key, b":"].concat()).is_some()
}

impl Frames for Chats {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            if !self.step(batch)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str, limit: usize) -> Result<Vec<String>> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "x");
        let mut chats = Chats::new(feed, "x".into(), 0, limit);
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = chats.fill(&mut batch)?;
            found.extend(batch.frames().map(|frame| String::from_utf8_lossy(frame.bytes).replace('\n', " ")));
            if !more {
                return Ok(found);
            }
        }
    }

    #[test]
    fn one_chat_and_all_chats() {
        assert_eq!(
            messages(
                r#"{"name":"a","type":null,"id":1,"x":{"messages":[9]},"messages":[{"id":1}, 2]}"#,
                1000
            )
            .unwrap(),
            [
                r#"{"chat":1,"name":"a","type":null,"id":1} {"id":1}"#,
                r#"{"chat":1,"name":"a","type":null,"id":1} 2"#
            ]
        );
        let account = r#"{"about":"x","contacts":{"list":[{"id":1,"name":"c"}]},"chats":{"about":"y","list":[
            {"id":1,"messages":[{"a":1}]},{"id":2,"messages":[]},{"id":3,"messages":[{"a":3}]}]},
            "left_chats":{"list":[{"id":4,"messages":[{"a":4}]}]}}"#;
        assert_eq!(
            messages(account, 1000).unwrap(),
            [r#"{"chat":1,"id":1} {"a":1}"#, r#"{"chat":3,"id":3} {"a":3}"#, r#"{"chat":4,"id":4} {"a":4}"#]
        );
        assert_eq!(messages(r#"{"messages":[1]} {"messages":[2]}"#, 100).unwrap().len(), 2);
    }

    #[test]
    fn cut_and_hostile_files_end() {
        assert!(messages(r#"{"messages":[{"id":1},"#, 100).unwrap_err().to_string().contains("after 1"));
        let long = format!(r#"{{"messages":[{{"a":"{}"}},2]}}"#, "x".repeat(300_000));
        let found = messages(&long, 1000).unwrap();
        assert_eq!((found.len(), found[1].as_str()), (2, r#"{"chat":1} 2"#));
        for text in [
            "{}",
            "[",
            "{",
            "}",
            "]",
            ":",
            "{:}",
            "{\"a\"}",
            "{\"messages\":[}]}",
            "{\"messages\" [1]",
            "x",
            "{\"list\":[[[[",
            "{\"id\":,\"messages\":[1]}",
            "{\"name\":{\"a\":1},\"messages\":[1]}",
            "\"",
            "{\"a\":\"",
            "",
        ] {
            let _ = messages(text, 100);
        }
        let deep = "{\"list\":[".repeat(10_000);
        let _ = messages(&deep, 100);
    }
}
