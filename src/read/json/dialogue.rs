//! Turns of published dialogue sets: a list of objects with a speaker and a text, under keys that the set names.

use serde_json::Value;

use super::{Misfit, keys_seen};
use crate::model::{Conversation, Event, Extra, Kind, Role, Turn};
use crate::read::codes;
use crate::text::json::kind;

/// Where speaker and text stand in a message, and which speaker is on which side.
#[derive(Debug, Clone, Copy)]
pub struct Dialogue {
    /// Key of the list of messages.
    pub list: &'static str,
    /// Key of the speaker.
    pub speaker: &'static str,
    /// Key of the text.
    pub text: &'static str,
    /// Keys of the record's identifier, the first that is there.
    pub ids: &'static [&'static str],
    /// The side of a speaker, by the set's own words.
    pub side: fn(&str) -> Option<Role>,
}

impl Dialogue {
    /// Whether a record has the list, and most of its messages that are looked at have speaker and text.
    pub fn fits(&self, record: &Extra) -> bool {
        most(record.get(self.list), |message| {
            message.get(self.speaker).is_some_and(Value::is_string)
                && message.get(self.text).is_some_and(Value::is_string)
        })
    }

    /// The conversation of a record: its messages as turns, its identifier, and everything else.
    pub fn conversation(&self, key: Option<String>, mut record: Extra) -> Result<Conversation, Misfit> {
        let turns =
            take_list(&mut record, self.list)?.into_iter().map(|message| self.turn(message)).collect();
        let id = key.or_else(|| take_id(&mut record, self.ids));
        Ok(Conversation { id, turns, extra: record, ..Conversation::default() })
    }

    /// One message. What holds no text is an event with its JSON as text, so that leaving it out is named and counted.
    fn turn(&self, message: Value) -> Turn {
        let Value::Object(mut message) = message else { return event(String::new(), &message) };
        let speaker = take_string(&mut message, self.speaker).unwrap_or_default();
        let role = (self.side)(&speaker);
        match super::take_text(&mut message, self.text) {
            Some(text) => Turn { speaker, role, text, ..Turn::default() },
            None => event(speaker, &Value::Object(message)),
        }
    }
}

/// Messages by which a record is judged.
const JUDGED: usize = 20;

/// Whether a value is a list, most of whose elements are as asked for; an empty list is.
pub fn most(list: Option<&Value>, is_one: impl Fn(&Value) -> bool) -> bool {
    list.and_then(Value::as_array).is_some_and(|list| {
        let judged = &list[..list.len().min(JUDGED)];
        judged.is_empty() || judged.iter().filter(|one| is_one(one)).count() * 2 > judged.len()
    })
}

/// Something that happened and that nobody said, shown as JSON.
pub fn event(speaker: String, what: &Value) -> Turn {
    Turn { speaker, text: what.to_string(), kind: Kind::Event(Event::Other), ..Turn::default() }
}

/// Takes a list of messages that holds something.
pub fn take_list(record: &mut Extra, key: &str) -> Result<Vec<Value>, Misfit> {
    match record.shift_remove(key) {
        Some(Value::Array(list)) if list.is_empty() => {
            Err(Misfit::new(&codes::NO_CHAT_SHAPE, "", format!("`{key}` is empty: nothing was said")))
        }
        Some(Value::Array(list)) => Ok(list),
        Some(other) => {
            Err(Misfit::shape(key, format!("{} where the list of messages should be", kind(&other))))
        }
        None => Err(Misfit::shape("", format!("no list `{key}`; {}", keys_seen(record)))),
    }
}

/// Takes the first of the keys that holds an identifier.
pub fn take_id(record: &mut Extra, keys: &[&str]) -> Option<String> {
    let key = keys.iter().find(|key| {
        record
            .get(**key)
            .is_some_and(|value| value.is_number() || value.as_str().is_some_and(|id| !id.is_empty()))
    })?;
    record.shift_remove(*key).map(super::text_of)
}

/// Takes a string; anything else stays where it is.
pub fn take_string(record: &mut Extra, key: &str) -> Option<String> {
    if !record.get(key)?.is_string() {
        return None;
    }
    match record.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static SET: Dialogue = Dialogue {
        list: "turns",
        speaker: "who",
        text: "said",
        ids: &["no"],
        side: |who| (who == "sys").then_some(Role::Assistant),
    };

    #[test]
    fn every_message_becomes_a_turn() {
        let Value::Object(record) = json!({"no": 4, "turns": [
            {"who": "sys", "said": "Hi"}, {"who": "usr", "said": ""}, {"who": "sys", "said": null, "x": 1}, 7, {}], "a": 1})
        else {
            panic!("no object")
        };
        let found = SET.conversation(None, record).unwrap();
        let shown: Vec<(&str, &str, bool)> = found
            .turns
            .iter()
            .map(|turn| (turn.speaker.as_str(), turn.text.as_str(), turn.kind.is_event()))
            .collect();
        assert_eq!(
            shown,
            [
                ("sys", "Hi", false),
                ("usr", "", false),
                ("sys", r#"{"said":null,"x":1}"#, true),
                ("", "7", true),
                ("", "{}", true)
            ]
        );
        assert_eq!((found.turns[0].role.clone(), found.turns[1].role.clone()), (Some(Role::Assistant), None));
        assert_eq!((found.id.as_deref(), found.extra.len()), (Some("4"), 1));
    }
}
