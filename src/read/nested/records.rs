//! Where the records of a source are: its lines or elements, a list under a key, members keyed by id, or the whole.

use std::collections::VecDeque;

use serde_json::Value;

use super::find::{Place, place, places};
use super::keys::{Given, choose, is_one_of};
use super::path::{Path, existing};
use crate::error::{Error, Result};
use crate::model::Extra;
use crate::read::sample::{JsonHead, Layout};
use crate::text::similar::suggestion;

/// Levels of the one object in which a list of records is looked for.
const LEVELS: usize = 3;
/// Objects and lists that are looked at there.
const VALUES: usize = 2_000;
/// Records of one list by which it is judged.
const JUDGED: usize = 20;
/// Keys whose value says which conversation a message belongs to, in the form of [`plain`].
const CONVERSATION_IDS: &[&str] = &[
    "conversationid",
    "convoid",
    "dialogueid",
    "dialogid",
    "sessionid",
    "chatid",
    "threadid",
    "ticketid",
    "callid",
    "channelid",
    "roomid",
];

/// How the source is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    /// As its layout has it: lines, elements, or the one object.
    AsLaidOut,
    /// At the elements of the list, or the members of the object, at this path.
    Members {
        /// From the top of the source.
        path: Path,
        /// Members of an object: a frame is `"key": value`.
        keyed: bool,
    },
    /// The one list is one conversation.
    Whole,
}

/// The cut and the records of the sample.
#[derive(Debug)]
pub(super) struct Records<'a> {
    pub cut: Cut,
    pub sampled: Vec<&'a Value>,
}

/// What the user said about a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Asked {
    /// From the top to the records.
    pub records: Option<Path>,
    /// From a record to its messages.
    pub messages: Option<Path>,
    /// Keys of a message.
    pub keys: Given,
}

impl Asked {
    fn has_messages(&self, record: &Value) -> bool {
        self.messages_path(record).is_some()
    }

    /// The first path to messages in a record.
    fn messages_path(&self, record: &Value) -> Option<Path> {
        match &self.messages {
            Some(path) => path.get(record).map(|_| path.clone()),
            None => places(record, &self.keys).into_iter().next().map(|place| place.path),
        }
    }

    /// The messages that a value itself is.
    fn direct(&self, value: &Value) -> Option<Place> {
        if self.messages.is_some() { None } else { place(Path::default(), value, &self.keys) }
    }
}

/// Finds the records; `None` for one object in which nothing looks like them.
pub(super) fn find<'a>(
    name: &str,
    head: &'a JsonHead,
    complete: bool,
    asked: &Asked,
) -> Result<Option<Records<'a>>> {
    if let Some(path) = &asked.records {
        return given(name, head, complete, path).map(Some);
    }
    let all: Vec<&Value> = head.records.iter().collect();
    Ok(match (head.layout, all.first()) {
        (Layout::Object, Some(top)) => in_object(top, asked),
        (Layout::Array, _) if is_one_conversation(&all, asked) => {
            Some(Records { cut: Cut::Whole, sampled: Vec::new() })
        }
        _ => Some(Records { cut: Cut::AsLaidOut, sampled: all }),
    })
}

fn given<'a>(name: &str, head: &'a JsonHead, complete: bool, path: &Path) -> Result<Records<'a>> {
    let hint =
        "give `--records-path` as keys joined by dots, from the top of the file to the list of records";
    let (Layout::Object, Some(top)) = (head.layout, head.records.first()) else {
        return Err(Error::usage(format!(
            "`{name}` is no single object, so there is no `{path}` to take records from"
        ))
        .with_hint("leave `--records-path` out: lines and elements are records already"));
    };
    let (keyed, sampled) = match path.get(top) {
        Some(Value::Array(list)) => (false, list.iter().collect()),
        Some(Value::Object(map)) => (true, map.values().collect()),
        Some(_) => {
            return Err(
                Error::usage(format!("`{path}` in `{name}` holds no list and no object")).with_hint(hint)
            );
        }
        // Beyond the part looked at, framing will say so where it is not there at all.
        None if !complete => (false, Vec::new()),
        None => {
            let known = existing(std::iter::once(top));
            return Err(Error::usage(format!("`{name}` has no `{path}`"))
                .with_hint(suggestion(&path.to_string(), known.iter().map(String::as_str))));
        }
    };
    Ok(Records { cut: Cut::Members { path: path.clone(), keyed }, sampled })
}

/// In one object: members keyed by id, or one dialogue, or a list of records under a key, in this order.
fn in_object<'a>(top: &'a Value, asked: &Asked) -> Option<Records<'a>> {
    let members = |path: Path, keyed, sampled| Records { cut: Cut::Members { path, keyed }, sampled };
    let inside = objects_and_lists(top);
    for (path, value) in &inside {
        if let Some(sampled) = keyed_by_id(value, asked) {
            return Some(members(path.clone(), true, sampled));
        }
    }
    if asked.has_messages(top) {
        return Some(Records { cut: Cut::AsLaidOut, sampled: vec![top] });
    }
    inside.into_iter().find_map(|(path, value)| {
        let list = value.as_array()?;
        let judged = &list[..list.len().min(JUDGED)];
        let fit = judged.iter().filter(|one| asked.has_messages(one)).count();
        (fit > 0 && fit * 2 >= judged.len()).then(|| members(path, false, list.iter().collect()))
    })
}

/// The objects and lists on the first levels of a value, nearest first; lists are not entered.
fn objects_and_lists(top: &Value) -> Vec<(Path, &Value)> {
    let mut found = Vec::new();
    let mut queue = VecDeque::from([(Path::default(), top)]);
    while let Some((path, value)) = queue.pop_front() {
        if found.len() >= VALUES {
            break;
        }
        match value {
            Value::Object(map) => {
                if path.steps().len() < LEVELS {
                    queue.extend(map.iter().map(|(key, value)| (path.then(key), value)));
                }
                found.push((path, value));
            }
            Value::Array(_) => found.push((path, value)),
            _ => {}
        }
    }
    found
}

/// The members of an object whose values are records: half of them or more, and two at least, with messages at the same
/// place, or three lists of messages and nothing else (two may be two views of one dialogue).
fn keyed_by_id<'a>(value: &'a Value, asked: &Asked) -> Option<Vec<&'a Value>> {
    let Value::Object(map) = value else { return None };
    let judged: Vec<&Value> = map.values().take(JUDGED).collect();
    let mut found: Vec<Path> =
        judged.iter().filter(|one| one.is_object()).filter_map(|one| asked.messages_path(one)).collect();
    found.sort_unstable();
    let most = found.chunk_by(|one, other| one == other).map(<[Path]>::len).max().unwrap_or(0);
    let lists = judged.iter().filter(|one| one.is_array() && asked.direct(one).is_some()).count();
    let keyed = (most >= 2 && most * 2 >= judged.len()) || (lists >= 3 && lists == judged.len());
    keyed.then(|| map.values().collect())
}

/// Whether the elements of the one list are the messages of one conversation.
fn is_one_conversation(elements: &[&Value], asked: &Asked) -> bool {
    if asked.messages.is_some() || elements.len() < 2 {
        return false;
    }
    let belongs = |message: &Extra| message.keys().any(|key| is_one_of(key, CONVERSATION_IDS));
    choose(elements, &asked.keys).is_some_and(|keys| keys.strength == 3)
        && !elements.iter().any(|one| one.as_object().is_some_and(belongs))
        && !elements.iter().take(JUDGED).any(|one| asked.has_messages(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Sample;
    use serde_json::json;

    fn cut(value: &Value) -> Option<Cut> {
        let sample = Sample::new("x", serde_json::to_vec_pretty(value).unwrap(), true);
        find("x", sample.json().unwrap(), true, &Asked::default()).unwrap().map(|records| records.cut)
    }

    #[test]
    fn records_are_found_wherever_they_are() {
        let messages = json!([{"role": "user", "content": "a"}, {"role": "bot", "content": "b"}]);
        let members = |path: &str, keyed| Some(Cut::Members { path: Path::parse(path), keyed });
        assert_eq!(cut(&json!([{"turns": messages}, {"turns": messages}])), Some(Cut::AsLaidOut));
        assert_eq!(cut(&json!({"id": 1, "turns": messages})), Some(Cut::AsLaidOut));
        assert_eq!(cut(&json!({"id": 1, "a": {"turns": messages}})), Some(Cut::AsLaidOut));
        assert_eq!(cut(&json!({"t1": {"turns": messages}, "t2": {"turns": messages}})), members("", true));
        assert_eq!(
            cut(&json!({"n": 2, "data": {"items": [{"turns": messages}]}})),
            members("data.items", false)
        );
        let views = json!({"data": {"a": messages, "b": messages, "c": messages}, "n": 1, "m": 2});
        assert_eq!(cut(&views), members("data", true));
        assert_eq!(cut(&messages), Some(Cut::Whole));
        assert_eq!(cut(&json!({"a": {"b": [1, 2]}, "c": {"d": "e"}})), None);
    }

    #[test]
    fn a_missing_path_names_the_nearest() {
        let sample = Sample::new("x", b"{\n\"data\": {\"items\": []}\n}".to_vec(), true);
        let asked = Asked { records: Some(Path::parse("data.itmes")), ..Asked::default() };
        let error = find("x", sample.json().unwrap(), true, &asked).unwrap_err();
        assert_eq!(error.hint(), Some("did you mean `data.items`?"));
    }
}
