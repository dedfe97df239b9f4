//! Finding the list of messages inside a record that nothing else is known of.

use std::collections::VecDeque;

use serde_json::Value;

use super::keys::{Given, Keys, choose};
use super::path::Path;
use crate::read::labels;
use crate::read::transcript::talk;

/// Levels that are looked into; deeper lists belong to something else.
const LEVELS: usize = 5;
/// Values that are looked at in one record, so that a huge record costs no more than a usual one.
const VALUES: usize = 4_000;
/// Messages of one list by which it is judged.
const JUDGED: usize = 100;
/// Longest speaker in a pair `[speaker, text]`, in bytes.
const PAIR_SPEAKER: usize = 40;

/// How messages are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// A list of objects.
    Objects(Keys),
    /// A list of `[speaker, text]`.
    Pairs,
    /// One string: a transcript in any form.
    Labelled,
}

/// Where messages are in a record, and how they are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// From the record to the list.
    pub path: Path,
    /// The list is JSON inside a string.
    pub in_string: bool,
    /// How its messages are written.
    pub form: Form,
}

/// The most of [`Place::strength`].
pub(super) const STRONGEST: u8 = 3;

impl Place {
    /// How sure it is that these are messages, from 1 to [`STRONGEST`].
    pub fn strength(&self) -> u8 {
        match &self.form {
            Form::Objects(keys) => keys.strength,
            Form::Pairs => STRONGEST,
            Form::Labelled => 1,
        }
    }
}

/// Every place in a record that looks like messages: nearest to the top first, of one level in the order of the
/// record. Lists inside lists are not looked into: they belong to the elements.
pub(super) fn places(record: &Value, given: &Given) -> Vec<Place> {
    let mut found = Vec::new();
    let mut queue = VecDeque::from([(Path::default(), record)]);
    let mut seen = 0;
    while let Some((path, value)) = queue.pop_front() {
        seen += 1;
        if seen > VALUES {
            break;
        }
        match value {
            Value::Object(map) if path.steps().len() < LEVELS => {
                queue.extend(map.iter().map(|(key, value)| (path.then(key), value)));
            }
            Value::Array(_) | Value::String(_) => found.extend(place(path, value, given)),
            _ => {}
        }
    }
    found
}

/// The messages in `value`, which stands at `path`, if it holds any.
pub(super) fn place(path: Path, value: &Value, given: &Given) -> Option<Place> {
    match value {
        Value::Array(list) => form(list, given).map(|form| Place { path, in_string: false, form }),
        Value::String(text) => match list_in_string(text) {
            Some(list) => form(&list, given).map(|form| Place { path, in_string: true, form }),
            None => talk::opening(text).map(|_| Place { path, in_string: false, form: Form::Labelled }),
        },
        _ => None,
    }
}

/// The list that a string holds as JSON.
pub(super) fn list_in_string(text: &str) -> Option<Vec<Value>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn form(list: &[Value], given: &Given) -> Option<Form> {
    let judged: Vec<&Value> = list.iter().take(JUDGED).collect();
    if is_pairs(&judged) {
        return Some(Form::Pairs);
    }
    choose(&judged, given).map(Form::Objects)
}

/// Pairs of speaker and text: short firsts that come again, so that pairs of question and answer are none.
fn is_pairs(list: &[&Value]) -> bool {
    let mut speakers = Vec::with_capacity(list.len());
    for element in list {
        match element.as_array().map(Vec::as_slice) {
            Some([Value::String(speaker), Value::String(_)]) if speaker.len() <= PAIR_SPEAKER => {
                speakers.push(speaker.as_str());
            }
            _ => return false,
        }
    }
    let all = speakers.len();
    let party = speakers.iter().any(|speaker| labels::is_party(speaker));
    speakers.sort_unstable();
    speakers.dedup();
    all > 0 && (party || speakers.len() < all && speakers.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(record: &Value) -> Vec<(String, u8, bool)> {
        places(record, &Given::default())
            .into_iter()
            .map(|place| (place.path.to_string(), place.strength(), place.in_string))
            .collect()
    }

    #[test]
    fn nearest_and_first_come_first() {
        let record = json!({
            "id": 3,
            "info": {"deep": {"log": [{"role": "user", "content": "a"}]}},
            "original": [["agent", "Hi"], ["customer", "Yo"]],
            "delexed": [{"speaker": "agent", "text": "hi", "tags": [{"role": "x", "text": "y"}]}],
        });
        assert_eq!(
            found(&record),
            [("original".into(), 3, false), ("delexed".into(), 3, false), ("info.deep.log".into(), 3, false)]
        );
    }

    #[test]
    fn messages_in_strings() {
        assert_eq!(
            found(
                &json!({"context": "[{\"role\": \"user\", \"text\": \"a\"}]", "generation": "{\"role\": \"agent\"}"})
            ),
            [("context".into(), 3, true)]
        );
        assert_eq!(found(&json!({"shown": "user: a\nassistant: b"})), [("shown".into(), 1, false)]);
        assert_eq!(found(&json!({"shown": "Note: a\nBut: b"})), []);
    }

    #[test]
    fn other_pairs_are_not_messages() {
        assert_eq!(found(&json!({"history": [["What is up?", "Not much"], ["And now?", "Nothing"]]})), []);
        assert_eq!(found(&json!({"grid": [[1, 2], [3, 4]], "empty": []})), []);
    }
}
