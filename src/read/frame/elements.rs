//! The elements of a JSON array, or the members of a JSON object, or JSON values one after another, found in a stream
//! of any length.

use super::cursor::{Cursor, Extent};
use super::{Batch, Feed, FrameFault, Frames};
use crate::error::{Error, Result};

/// Frames at the elements of the container that `path` leads to.
///
/// An array gives its elements. An object gives its members, each frame being `"key": value`. Without a container at
/// the top (`path` empty and the first value is neither), values that follow one another are the frames.
pub struct Elements {
    cursor: Cursor,
    name: String,
    limit: usize,
    path: Vec<String>,
    state: State,
    concatenated: bool,
    each_list: bool,
    may_be_cut: bool,
}

#[derive(PartialEq)]
enum State {
    Before,
    Array,
    Object,
    Values,
    Done,
}

impl Elements {
    /// Elements of the container at `path` (keys from the top; empty for the top itself).
    pub fn new(feed: Feed, name: impl Into<String>, source: u32, limit: usize, path: Vec<String>) -> Self {
        Self {
            cursor: Cursor::new(feed, source),
            name: name.into(),
            limit,
            path,
            state: State::Before,
            concatenated: false,
            each_list: false,
            may_be_cut: false,
        }
    }

    /// The elements of every list among the members of the one object, one list after another (`train`, `dev`, `test`);
    /// what else stands in it is no record.
    pub fn of_each_list(feed: Feed, name: impl Into<String>, source: u32, limit: usize) -> Self {
        Self { each_list: true, ..Self::new(feed, name, source, limit, Vec::new()) }
    }

    /// Whole values one after another, whatever they are.
    #[must_use]
    pub fn concatenated(mut self) -> Self {
        self.concatenated = true;
        self
    }

    /// The list may break off, as in an export that was interrupted: what is whole comes, then one last frame with the
    /// beginning of what is not, which is empty where the list breaks off between two records.
    #[must_use]
    pub fn may_be_cut(mut self) -> Self {
        self.may_be_cut = true;
        self
    }

    /// Goes down `path` to the container.
    fn descend(&mut self) -> Result<State> {
        for step in self.path.clone() {
            if self.cursor.next_solid()? != Some(b'{') {
                return Err(self.no_path(&step));
            }
            self.cursor.consume(1);
            loop {
                match self.cursor.next_solid()? {
                    Some(b',') => self.cursor.consume(1),
                    Some(b'"') => {
                        let end = self.cursor.measure(0, self.limit)?.length().unwrap_or(0);
                        let key: Option<String> = serde_json::from_slice(&self.cursor.bytes()[..end]).ok();
                        self.cursor.consume(end);
                        if self.cursor.next_solid()? == Some(b':') {
                            self.cursor.consume(1);
                        }
                        self.cursor.next_solid()?;
                        if key.as_deref() == Some(step.as_str()) {
                            break;
                        }
                        self.cursor.pass()?;
                    }
                    _ => return Err(self.no_path(&step)),
                }
            }
        }
        let first = self.cursor.next_solid()?;
        if self.each_list && first == Some(b'{') {
            self.cursor.consume(1);
            return self.next_list();
        }
        Ok(match first {
            None => State::Done,
            _ if self.concatenated => State::Values,
            Some(b'[') => {
                self.cursor.consume(1);
                State::Array
            }
            Some(b'{') => {
                self.cursor.consume(1);
                State::Object
            }
            Some(_) => State::Values,
        })
    }

    /// Goes on to the next list in the object, or to what follows the object.
    fn next_list(&mut self) -> Result<State> {
        loop {
            match self.cursor.next_solid()? {
                None => return Err(self.cut_short()),
                Some(b'[') => {
                    self.cursor.consume(1);
                    return Ok(State::Array);
                }
                Some(b'}') => {
                    self.cursor.consume(1);
                    match self.cursor.next_solid()? {
                        None => return Ok(State::Done),
                        Some(b'{') => self.cursor.consume(1),
                        Some(_) => return Ok(State::Values),
                    }
                }
                Some(b',' | b':' | b']') => self.cursor.consume(1),
                // A key, or a value that is no list.
                Some(_) => _ = self.cursor.pass()?,
            }
        }
    }

    fn cut_short(&self) -> Error {
        Error::input(format!(
            "`{}` ends in the middle of its list of records, after {} of them",
            self.name,
            self.cursor.records()
        ))
        .with_hint(
            "the file is cut short: get it again, since the records that are missing cannot be accounted for",
        )
    }

    /// What follows the end of the list: another list, or another object that holds one, goes on giving records,
    /// anything else is a record for the decoder to judge, since nothing of a file may be passed over. Only what
    /// stands beside the list in the objects on the way to it is no record.
    fn after_list(&mut self) -> Result<State> {
        if self.each_list {
            return self.next_list();
        }
        for _ in 0..self.path.len() {
            self.leave_object()?;
        }
        while self.cursor.next_solid()? == Some(b',') {
            self.cursor.consume(1);
        }
        let opening = if self.state == State::Object || !self.path.is_empty() { b'{' } else { b'[' };
        match self.cursor.next_solid()? {
            None => Ok(State::Done),
            Some(byte) if byte == opening => self.descend(),
            Some(_) => Ok(State::Values),
        }
    }

    /// Passes over the members that are left of the object around this place, and over its end.
    fn leave_object(&mut self) -> Result<()> {
        while let Some(byte) = self.cursor.next_solid()? {
            match byte {
                b'}' => {
                    self.cursor.consume(1);
                    break;
                }
                b',' | b':' | b']' => self.cursor.consume(1),
                _ => _ = self.cursor.pass()?,
            }
        }
        Ok(())
    }

    fn no_path(&self, step: &str) -> Error {
        Error::usage(format!("`{}` has no `{step}` on the way to `{}`", self.name, self.path.join(".")))
            .with_hint("give `--records-path` as keys joined by dots, from the top of the file to the list of records")
    }

    /// The key and colon before a member's value, as bytes of the frame; `false` when there is none.
    fn member_key(&mut self) -> Result<Option<usize>> {
        let Some(key) = self.cursor.measure(0, self.limit)?.length() else { return Ok(None) };
        let mut at = key;
        loop {
            let bytes = self.cursor.bytes();
            if let Some(skip) =
                bytes[at..].iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b':')
            {
                return Ok(Some(at + skip));
            }
            at = bytes.len();
            if at > self.limit || !self.cursor.more()? {
                return Ok(None);
            }
        }
    }

    fn push(&mut self, batch: &mut Batch) -> Result<()> {
        let mut origin = self.cursor.next_record();
        let value_start = if self.state == State::Object { self.member_key()?.unwrap_or(0) } else { 0 };
        let extent = self.cursor.measure(value_start, self.limit)?;
        if self.may_be_cut && matches!(extent, Extent::Cut(_)) {
            self.state = State::Done;
        }
        if let Some(length) = extent.length() {
            origin.length = length as u64;
            batch.push(origin, self.cursor.bytes().get(..length).unwrap_or_default(), None);
            self.cursor.consume(length);
        } else {
            let head = self.cursor.head();
            self.cursor.consume(value_start);
            origin.length = value_start as u64 + self.cursor.pass()?;
            batch.push(origin, &head, Some(FrameFault::TooLong { limit: self.limit }));
        }
        Ok(())
    }
}

impl Frames for Elements {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        if self.state == State::Before {
            self.state = self.descend()?;
        }
        while !batch.is_full() && self.state != State::Done {
            match (self.cursor.next_solid()?, &self.state) {
                (None, State::Array | State::Object) if self.may_be_cut => self.push(batch)?,
                (None, State::Array | State::Object) => {
                    return Err(self.cut_short());
                }
                (None, _) => self.state = State::Done,
                (Some(b']'), State::Array) | (Some(b'}'), State::Object) => {
                    self.cursor.consume(1);
                    self.state = self.after_list()?;
                }
                (Some(b','), _) => self.cursor.consume(1),
                _ => self.push(batch)?,
            }
        }
        Ok(self.state != State::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(text: &str, path: &[&str], limit: usize) -> Result<Vec<(u64, String, bool)>> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "test");
        let path = path.iter().map(|&step| step.to_owned()).collect();
        let mut elements = Elements::new(feed, "test", 0, limit, path);
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = elements.fill(&mut batch)?;
            found.extend(batch.frames().map(|frame| {
                (frame.origin.line, String::from_utf8_lossy(frame.bytes).into_owned(), frame.fault.is_some())
            }));
            if !more {
                return Ok(found);
            }
        }
    }

    fn texts(text: &str, path: &[&str]) -> Vec<String> {
        frames(text, path, 1 << 20).unwrap().into_iter().map(|(_, text, _)| text).collect()
    }

    #[test]
    fn arrays_objects_and_paths() {
        assert_eq!(texts("[{\"a\":1},\n {\"b\":[2]} , 3]", &[]), ["{\"a\":1}", "{\"b\":[2]}", "3"]);
        assert_eq!(texts(r#"{"k1": {"a":1}, "k2" : [1,2]}"#, &[]), [r#""k1": {"a":1}"#, r#""k2" : [1,2]"#]);
        assert_eq!(texts(r#"{"x":[9],"d":{"items":[1,{"y":2}]}}"#, &["d", "items"]), ["1", "{\"y\":2}"]);
        assert!(texts("[]", &[]).is_empty());
    }

    #[test]
    fn every_list_of_an_object() {
        let texts = |text: &str| -> Result<Vec<String>> {
            let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "test");
            let mut elements = Elements::of_each_list(feed, "test", 0, 100);
            let (mut batch, mut found) = (Batch::default(), Vec::new());
            while elements.fill(&mut batch)? {}
            found.extend(batch.frames().map(|frame| String::from_utf8_lossy(frame.bytes).into_owned()));
            Ok(found)
        };
        assert_eq!(
            texts(r#"{"v":"[9]", "a":[1,[2]], "n":{"x":[8]}, "b" : [3]}"#).unwrap(),
            ["1", "[2]", "3"]
        );
        assert_eq!(texts(r#"{"a":[1]} {"a":[2]} 7"#).unwrap(), ["1", "2", "7"]);
        assert!(texts(r#"{"n":1}"#).unwrap().is_empty());
        assert!(texts(r#"{"a":[1], "b":"#).unwrap_err().to_string().contains("after 1"));
        for text in ["{]", "{]]}", "{\"a\"", "{:", "{\"", "{\"a\":[1]}}"] {
            let _ = texts(text);
        }
    }

    #[test]
    fn nothing_after_the_list_is_passed_over() {
        assert_eq!(texts("[1]\n[2, 3]\n", &[]), ["1", "2", "3"]);
        assert_eq!(texts("[1],[2] rest", &[]), ["1", "2", "rest"]);
        assert_eq!(texts("[1], {\"a\":2}]", &[]), ["1", "{\"a\":2}", "]"]);
        assert_eq!(texts("{\"a\":1} {\"b\":2}", &[]), ["\"a\":1", "\"b\":2"]);
        assert_eq!(texts("{\"d\":[1], \"n\":[2]}\n{\"n\":0, \"d\":[3]} rest", &["d"]), ["1", "3", "rest"]);
    }

    #[test]
    fn lines_are_counted() {
        let found = frames("[\n{\n\"a\":1\n},\n\n{\"b\":2}]", &[], 1 << 20).unwrap();
        assert_eq!((found[0].0, found[1].0), (2, 6));
    }

    #[test]
    fn a_cut_list_is_an_error_and_a_missing_path_names_itself() {
        assert!(frames("[{\"a\":1},", &[], 1 << 20).unwrap_err().to_string().contains("after 1"));
        assert!(frames("{\"a\":1}", &["b"], 1 << 20).unwrap_err().to_string().contains("no `b`"));
    }

    #[test]
    fn a_list_that_may_be_cut_ends_with_what_is_left() {
        let cut = |text: &str| {
            let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "test");
            let mut elements = Elements::new(feed, "test", 0, 100, vec!["d".to_owned()]).may_be_cut();
            let mut batch = Batch::default();
            assert!(!elements.fill(&mut batch).unwrap());
            batch.frames().map(|frame| String::from_utf8_lossy(frame.bytes).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(cut("{\"d\":[{\"a\":1},{\"b\":"), ["{\"a\":1}", "{\"b\":"]);
        assert_eq!(cut("{\"d\":[{\"a\":1},\n "), ["{\"a\":1}", ""]);
        assert_eq!(cut("{\"d\":[{\"a\":1}]"), ["{\"a\":1}"]);
        assert_eq!(cut("{\"d\":["), [""]);
    }

    #[test]
    fn long_elements_are_passed() {
        let text = format!("[{{\"a\":\"{}\"}},{{\"b\":1}}]", "x".repeat(600_000));
        let found = frames(&text, &[], 1000).unwrap();
        assert!(found[0].2 && !found[1].2);
        assert_eq!(found[1].1, "{\"b\":1}");
    }

    #[test]
    fn nonsense_ends() {
        for text in ["[}", "[1 2", "[\"", "{\"a\"", "{\"a\":", "{1:2}", "[,,]", "[:]", "}", "x"] {
            let _ = frames(text, &[], 1000);
        }
    }
}
