//! What rows have beside their texts, compared over all rows: which fields, and values of which kind.
//!
//! Rows are counted from 1 as they come. Parts of a file are looked at alone and put together in order.

use std::collections::BTreeMap;

use serde_json::Value;

use super::place::{messages, row_extra, tools};
use crate::model::{Body, Content};

/// Names that are told apart, those with the smallest letters: names may be data.
const NAMES_KEPT: usize = 256;
/// Longest path that is told apart, in bytes.
const PATH: usize = 200;

/// The kinds of values that a column of Arrow holds one of; `null` goes with all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Kind {
    const ALL: [Self; 5] = [Self::String, Self::Number, Self::Boolean, Self::Array, Self::Object];

    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::String(_) => Self::String,
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Boolean,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        })
    }

    /// As Arrow calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// A field beside the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Field {
    /// Rows in which it is not empty.
    pub filled: u64,
    /// The first row in which it is missing or empty, from 1.
    pub first_gap: Option<u64>,
}

/// What rows have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Rows that came, unreadable ones, too.
    begun: u64,
    /// Rows that could be read.
    rows: u64,
    /// The first of these.
    first: Option<u64>,
    fields: BTreeMap<Box<str>, Field>,
    /// The first row with each kind, by path.
    kinds: BTreeMap<Box<str>, [Option<u64>; Kind::ALL.len()]>,
}

impl Columns {
    /// Counts a row, of which nothing is known yet.
    pub fn begin_row(&mut self) {
        self.begun += 1;
    }

    /// Looks at the row that was begun last.
    pub fn add(&mut self, body: &Body) {
        let row = self.begun;
        let extra = row_extra(body);
        let before = self.first;
        self.rows += 1;
        self.first.get_or_insert(row);
        for (name, field) in &mut self.fields {
            if extra.get(&**name).is_none_or(is_empty) {
                field.first_gap.get_or_insert(row);
            } else {
                field.filled += 1;
            }
        }
        for (name, value) in extra {
            if name.len() <= PATH && !is_empty(value) && !self.fields.contains_key(name.as_str()) {
                self.fields.insert(name.as_str().into(), Field { filled: 1, first_gap: before });
            }
        }
        bound(&mut self.fields);
        let mut path = String::new();
        for (name, value) in extra {
            self.look_below(name, value, &mut path);
        }
        for tool in tools(body).unwrap_or_default() {
            self.look_below("tools[]", tool, &mut path);
        }
        // Formats have names of their own for messages and their keys.
        path.push_str("message");
        for (_, message) in messages(body) {
            match message.content {
                Content::Text(_) => self.see("message.content", Kind::String),
                Content::Parts(_) => self.see("message.content", Kind::Array),
                Content::Absent | Content::Null => {}
            }
            for (name, value) in &message.extra {
                self.look_below(name, value, &mut path);
            }
        }
        bound(&mut self.kinds);
    }

    /// Looks at the value of a key below `path`.
    fn look_below(&mut self, key: &str, value: &Value, path: &mut String) {
        let end = path.len();
        if end > 0 {
            path.push('.');
        }
        path.push_str(key);
        self.look(value, path);
        path.truncate(end);
    }

    /// Notes the kind of a value at a path, and those of all values in it. Names of keys may hold anything; a path only has
    /// to tell columns apart.
    fn look(&mut self, value: &Value, path: &mut String) {
        if path.len() > PATH {
            return;
        }
        if let Some(kind) = Kind::of(value) {
            self.see(path, kind);
        }
        match value {
            Value::Array(values) => {
                let end = path.len();
                path.push_str("[]");
                values.iter().for_each(|value| self.look(value, path));
                path.truncate(end);
            }
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| self.look_below(key, value, path));
            }
            _ => {}
        }
    }

    fn see(&mut self, path: &str, kind: Kind) {
        let row = self.begun;
        if let Some(kinds) = self.kinds.get_mut(path) {
            kinds[kind as usize].get_or_insert(row);
        } else {
            let mut kinds = [None; Kind::ALL.len()];
            kinds[kind as usize] = Some(row);
            self.kinds.insert(path.into(), kinds);
        }
    }

    /// Adds the rows that follow.
    pub fn merge(&mut self, next: Self) {
        let before = self.begun;
        let later = |row: u64| row + before;
        let first_of_next = next.first.map(later);
        for (name, field) in &mut self.fields {
            if !next.fields.contains_key(name) {
                field.first_gap = field.first_gap.or(first_of_next);
            }
        }
        for (name, field) in next.fields {
            let known = self.fields.entry(name).or_insert(Field { filled: 0, first_gap: self.first });
            known.filled += field.filled;
            known.first_gap = known.first_gap.or(field.first_gap.map(later));
        }
        for (path, kinds) in next.kinds {
            let known = self.kinds.entry(path).or_default();
            for (known, row) in known.iter_mut().zip(kinds) {
                *known = known.or(row.map(later));
            }
        }
        self.begun += next.begun;
        self.rows += next.rows;
        self.first = self.first.or(first_of_next);
        bound(&mut self.fields);
        bound(&mut self.kinds);
    }

    /// Rows that could be read.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The fields beside the messages, sorted by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Field)> {
        self.fields.iter().map(|(name, field)| (&**name, *field))
    }

    /// Where values are not all of one kind, sorted by path: two kinds and the first row with each, the earlier row first.
    pub fn changing(&self) -> impl Iterator<Item = (&str, [(Kind, u64); 2])> {
        self.kinds.iter().filter_map(|(path, kinds)| {
            let mut seen: Vec<(Kind, u64)> =
                Kind::ALL.into_iter().zip(kinds).filter_map(|(kind, row)| Some((kind, (*row)?))).collect();
            seen.sort_by_key(|(_, row)| *row);
            let [one, other, ..] = seen.as_slice() else { return None };
            Some((&**path, [*one, *other]))
        })
    }
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => super::place::is_blank(text),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Keeps the smallest names: who is among the smallest of all is among the smallest of any part, so that what is kept was
/// never dropped before.
fn bound<T>(names: &mut BTreeMap<Box<str>, T>) {
    while names.len() > NAMES_KEPT {
        names.pop_last();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::target::by_name;

    fn of(rows: &[Option<Value>]) -> Columns {
        let mut columns = Columns::default();
        for row in rows {
            columns.begin_row();
            if let Some(row) = row {
                columns.add(&by_name("azure-rft").unwrap().decode(row.clone()).unwrap());
            }
        }
        columns
    }

    fn row(rest: &Value) -> Value {
        let mut row = json!({"messages": [{"role": "user", "content": "Hi"}]});
        rest.as_object().unwrap().iter().for_each(|(key, value)| row[key] = value.clone());
        row
    }

    #[test]
    fn parts_put_together_are_the_whole() {
        let rows = [
            Some(row(&json!({"b": 1}))),
            None,
            Some(row(&json!({"a": "x", "b": ""}))),
            Some(row(
                &json!({"b": "y", "c": [1, "z"], "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}),
            )),
            Some(row(&json!({"a": " ", "b": true, "tools": [{"function": {"parameters": {"default": 1}}}]}))),
            Some(row(&json!({"b": 2, "tools": [{"function": {"parameters": {"default": "1"}}}]}))),
        ];
        let whole = of(&rows);
        for at in 0..=rows.len() {
            for end in at..=rows.len() {
                let mut parts = of(&rows[..at]);
                parts.merge(of(&rows[at..end]));
                parts.merge(of(&rows[end..]));
                assert_eq!(parts, whole, "{at} {end}");
            }
        }
        let fields: Vec<_> =
            whole.fields().map(|(name, field)| (name, field.filled, field.first_gap)).collect();
        assert_eq!(fields, [("a", 1, Some(1)), ("b", 4, Some(3)), ("c", 1, Some(1))]);
        assert_eq!(whole.rows(), 5);
        let changing: Vec<_> = whole.changing().collect();
        assert_eq!(
            changing,
            [
                ("b", [(Kind::Number, 1), (Kind::String, 3)]),
                ("c[]", [(Kind::String, 4), (Kind::Number, 4)]),
                ("message.content", [(Kind::String, 1), (Kind::Array, 4)]),
                ("tools[].function.parameters.default", [(Kind::Number, 5), (Kind::String, 6)]),
            ]
        );
    }

    #[test]
    fn names_are_bounded() {
        let many = |from: usize| {
            let keys: Value = (from..from + 400).map(|n| (format!("k{n:04}"), json!(n))).collect();
            Some(row(&keys))
        };
        let columns = of(&[many(0), many(200)]);
        assert_eq!(columns.fields().count(), NAMES_KEPT);
        assert_eq!(columns.fields().next().unwrap(), ("k0000", Field { filled: 1, first_gap: Some(2) }));
    }
}
