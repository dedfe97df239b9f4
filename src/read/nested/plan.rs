//! How the records of a source are read: where the messages are and what their keys mean, settled once, then applied
//! to each record.

use serde_json::Value;

use super::find::{Form, Place, list_in_string, place, places};
use super::keys::{Keys, choose, is_like};
use super::missing::{no_place, not_found, unknown};
use super::path::Path;
use super::records::Asked;
use super::turns;
use crate::model::{Conversation, Example, Extra, Message, Raw, Role, Turn};
use crate::read::codes;
use crate::read::json::{Misfit, chat, text_of, tools};
use crate::text::json::kind;

/// Messages by which the keys are chosen.
const JUDGED: usize = 2_000;
/// Keys of a record's identifier, the usual ones first, in the form of [`plain`].
pub(super) const IDS: &[&str] = &[
    "conversationid",
    "convoid",
    "dialogueid",
    "dialogid",
    "sessionid",
    "chatid",
    "threadid",
    "ticketid",
    "callid",
    "id",
    "uuid",
    "taskid",
];
/// Keys of instructions to the model; what is called `instructions` alone is meant for people in most files.
const SYSTEMS: &[&str] = &["system", "systemprompt"];

/// What was settled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// Where the messages are.
    pub place: Place,
    /// Other places that looked like messages.
    pub others: Vec<Path>,
    /// From a record to its identifier.
    pub id: Option<Path>,
    /// From a record to its instructions.
    pub system: Option<Path>,
    /// The messages are those of the chat format with tool calls, roles included.
    pub chat: bool,
}

impl Plan {
    /// Settles how `records` are read; `None` when nothing looks like messages. A path that exists in none of them is
    /// an error that names the nearest.
    pub fn settle(
        records: &[&Value],
        asked: &Asked,
        id: Option<&Path>,
        system: Option<&Path>,
    ) -> crate::Result<Option<Self>> {
        for (flag, path) in
            [("--id-path", id), ("--system-path", system), ("--messages-path", asked.messages.as_ref())]
        {
            if let Some(path) = path
                && !records.is_empty()
                && !records.iter().any(|record| path.get(record).is_some())
            {
                return Err(unknown(flag, path, records.iter().copied()));
            }
        }
        let Some((place, others)) = best(records, asked) else {
            return no_place(records, asked);
        };
        let lists = lists(records, &place);
        let elements: Vec<&Value> = lists.iter().flatten().take(JUDGED).collect();
        let given = [
            ("--role-path", &asked.keys.speaker),
            ("--text-path", &asked.keys.text),
            ("--time-path", &asked.keys.time),
        ];
        for (flag, path) in given {
            if let Some(path) = path
                && !elements.iter().any(|element| path.get(element).is_some())
            {
                return Err(unknown(flag, path, elements.iter().copied()));
            }
        }
        let mut place = place;
        if let Form::Objects(keys) = &mut place.form
            && let Some(better) = choose(&elements, &asked.keys)
        {
            *keys = better;
        }
        let chat = asked.keys.speaker.is_none()
            && asked.keys.text.is_none()
            && elements.iter().any(|element| has_tool_keys(element));
        let found = |wanted: &[&str], fits: fn(&Value) -> bool| {
            wanted.iter().find_map(|name| key_like(records, name, fits))
        };
        Ok(Some(Self {
            place,
            others,
            id: id.cloned().or_else(|| found(IDS, |value| value.is_string() || value.is_number())),
            system: system.cloned().or_else(|| found(SYSTEMS, Value::is_string)),
            chat,
        }))
    }

    /// Reads one record; `key` is its key where records are keyed by id.
    pub fn read(&self, mut record: Value, key: Option<String>) -> Result<Raw, Misfit> {
        let Some(messages) = self.place.path.take(&mut record) else {
            return Err(not_found(&record, Some(&self.place.path)));
        };
        let found = self.held(messages)?;
        let system = self.system.as_ref().and_then(|path| take_text(path, &mut record));
        match found {
            Held::Chat(list) => {
                let mut messages = chat::messages(list, &self.place.path.to_string())?;
                if let Some(system) = system {
                    messages.insert(0, Message::text(Role::System, system));
                }
                let mut extra = extra_of(record);
                if let Some(key) = key {
                    extra.entry("id").or_insert(Value::String(key));
                }
                let tools = tools::take_tools(&mut extra);
                Ok(Raw::Example(Example { messages, tools, label: None, extra }))
            }
            Held::Turns(head, turns) => {
                let id = key.or_else(|| self.take_id(&mut record));
                Ok(Raw::Conversation(Conversation {
                    id,
                    system: system.or(head),
                    turns,
                    extra: extra_of(record),
                    ..Conversation::default()
                }))
            }
        }
    }

    /// What the messages of one record are.
    fn held(&self, messages: Value) -> Result<Held, Misfit> {
        let misfit = |def, says: String| Misfit::new(def, self.place.path.to_string(), says);
        let list = match messages {
            Value::Array(list) => list,
            Value::String(text) => {
                if let Some(list) = list_in_string(&text) {
                    list
                } else if self.place.in_string {
                    let says = "the list of messages in the string is not JSON".to_owned();
                    return Err(misfit(&codes::JSON_INVALID, says));
                } else {
                    let (head, turns) = turns::labelled(&text);
                    if turns.is_empty() {
                        let says = "no line of the text begins with a speaker's label".to_owned();
                        return Err(misfit(&codes::NO_CHAT_SHAPE, says));
                    }
                    return Ok(Held::Turns(head, turns));
                }
            }
            other => {
                let says = format!("{} where the messages should be", kind(&other));
                return Err(misfit(&codes::NO_CHAT_SHAPE, says));
            }
        };
        if list.is_empty() {
            return Err(misfit(&codes::NO_CHAT_SHAPE, "the list of messages is empty".to_owned()));
        }
        if self.chat || list.iter().any(has_tool_keys) {
            return Ok(Held::Chat(list));
        }
        let keys = match &self.place.form {
            Form::Objects(keys) => Some(keys),
            Form::Pairs | Form::Labelled => None,
        };
        Ok(Held::Turns(None, turns::of_list(list, keys)))
    }

    fn take_id(&self, record: &mut Value) -> Option<String> {
        let path = self.id.as_ref()?;
        // The same task is tried several times: the trial belongs to the name, and stays in `extra` too.
        let trial = match path.steps() {
            [key] if is_like(key, "taskid") => record.get("trial").filter(|trial| trial.is_number()).cloned(),
            _ => None,
        };
        let id = take_text(path, record)?;
        Some(match trial {
            Some(trial) => format!("{id}.{trial}"),
            None => id,
        })
    }

    /// What was settled, for people.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let at = if self.place.path.is_root() {
            "messages: the record itself".to_owned()
        } else {
            format!(
                "messages: `{}`{}",
                self.place.path.shown(),
                if self.place.in_string { ", JSON in a string" } else { "" }
            )
        };
        notes.push(match &self.place.form {
            _ if self.chat => format!("{at}, in the chat format with tool calls"),
            Form::Objects(keys) => format!("{at}; {}", key_names(keys)),
            Form::Pairs => format!("{at}, pairs of speaker and text"),
            Form::Labelled => format!("{at}, lines that begin with a speaker's label"),
        });
        if let Some(first) = self.others.first() {
            let names: Vec<String> =
                self.others.iter().take(4).map(|path| format!("`{}`", path.shown())).collect();
            notes.push(format!(
                "messages seen also at {}; chosen was the surest, of equals the nearest to the top, then the first in \
                 the record (choose with `--messages-path {}`)",
                names.join(", "),
                first.shown()
            ));
        }
        notes
    }
}

/// What stands where the messages are.
enum Held {
    /// Messages of the chat format.
    Chat(Vec<Value>),
    /// Turns, and the text before the first.
    Turns(Option<String>, Vec<Turn>),
}

fn key_names(keys: &Keys) -> String {
    let text = keys.text.shown();
    let names = match &keys.speaker {
        Some(speaker) => format!("speaker `{}`, text `{text}`", speaker.shown()),
        None => format!("text `{text}`, nothing says who speaks"),
    };
    match &keys.time {
        Some(time) => format!("{names}, time `{}`", time.shown()),
        None => names,
    }
}

fn extra_of(record: Value) -> Extra {
    match record {
        Value::Object(map) => map,
        _ => Extra::new(),
    }
}

/// Takes a text that says something.
fn take_text(path: &Path, record: &mut Value) -> Option<String> {
    match path.get(record)? {
        Value::String(text) if !text.trim().is_empty() => {}
        Value::Number(_) => {}
        _ => return None,
    }
    path.take(record).map(text_of)
}

/// Keys that only messages of the chat format have.
fn has_tool_keys(message: &Value) -> bool {
    message.as_object().is_some_and(|message| {
        message.contains_key("role")
            && (message.get("tool_calls").is_some_and(Value::is_array)
                || message.get("tool_call_id").is_some_and(Value::is_string))
    })
}

/// The surest place over all records, and the others.
fn best(records: &[&Value], asked: &Asked) -> Option<(Place, Vec<Path>)> {
    if let Some(path) = &asked.messages {
        let found = records.iter().find_map(|record| place(path.clone(), path.get(record)?, &asked.keys))?;
        return Some((found, Vec::new()));
    }
    let mut votes: Vec<(Place, usize)> = Vec::new();
    for record in records {
        for found in places(record, &asked.keys) {
            match votes.iter_mut().find(|(known, _)| known.path == found.path) {
                Some((_, count)) => *count += 1,
                None => votes.push((found, 1)),
            }
        }
    }
    // Stable: of equals the one seen first stays first, which is the nearest to the top of the first record.
    votes.sort_by_key(|(place, count)| {
        (*count * 2 < records.len(), u8::MAX - place.strength(), place.path.steps().len())
    });
    let mut votes = votes.into_iter();
    let (place, _) = votes.next()?;
    Some((place, votes.map(|(place, _)| place.path).collect()))
}

/// The list a value is, or holds as JSON in a string.
pub(super) fn list_of(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(list) => Some(list.clone()),
        Value::String(text) => list_in_string(text),
        _ => None,
    }
}

fn lists(records: &[&Value], place: &Place) -> Vec<Vec<Value>> {
    let mut kept = 0;
    let mut lists = Vec::new();
    for record in records {
        if kept >= JUDGED {
            break;
        }
        if let Some(list) = place.path.get(record).and_then(list_of) {
            kept += list.len();
            lists.push(list);
        }
    }
    lists
}

/// A key on the top of at least half the records that is called `name`, with a value that fits.
fn key_like(records: &[&Value], name: &str, fits: fn(&Value) -> bool) -> Option<Path> {
    let key = records.iter().find_map(|record| record.as_object()?.keys().find(|key| is_like(key, name)))?;
    let count = records.iter().filter(|record| record.get(key).is_some_and(fits)).count();
    (count * 2 >= records.len()).then(|| Path::default().then(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plan(record: &Value, asked: &Asked) -> crate::Result<Option<Plan>> {
        Plan::settle(&[record], asked, None, None)
    }

    fn read(record: Value) -> Raw {
        plan(&record, &Asked::default()).unwrap().unwrap().read(record, None).unwrap()
    }

    #[test]
    fn chat_messages_with_calls_stay_chat_messages() {
        let record = json!({"task_id": 3, "trial": 0, "traj": [
            {"role": "user", "content": "a"},
            {"content": null, "role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c", "name": "f", "content": "ok"}]});
        let Raw::Example(example) = read(record) else { panic!("no example") };
        assert_eq!((example.messages.len(), example.messages[1].tool_calls.len()), (3, 1));
        assert_eq!(Value::Object(example.extra), json!({"task_id": 3, "trial": 0}));
    }

    #[test]
    fn conversations_keep_id_and_the_rest() {
        let record = json!({"convo_id": 7, "flow": "x", "original": [["agent", "Hi"], ["customer", "Yo"]],
            "delexed": [{"speaker": "agent", "text": "hi"}]});
        let settled = plan(&record, &Asked::default()).unwrap().unwrap();
        assert!(settled.notes()[1].contains("`--messages-path delexed`"));
        let Raw::Conversation(found) = settled.read(record, None).unwrap() else { panic!("no conversation") };
        assert_eq!((found.id.as_deref(), found.turns.len()), (Some("7"), 2));
        assert_eq!(found.extra.keys().collect::<Vec<_>>(), ["flow", "delexed"]);
    }

    #[test]
    fn paths_that_lead_nowhere_name_the_nearest() {
        let record = json!({"data": {"turns": [{"who": {"kind": "x"}, "said": "a"}]}});
        let asked = |messages: &str, speaker: Option<&str>, text: Option<&str>| Asked {
            messages: Some(Path::parse(messages)),
            keys: super::super::keys::Given {
                speaker: speaker.map(Path::parse),
                text: text.map(Path::parse),
                time: None,
            },
            ..Asked::default()
        };
        let hint = |asked: &Asked| plan(&record, asked).unwrap_err().hint().unwrap_or_default().to_owned();
        assert_eq!(hint(&asked("data.turn", None, None)), "did you mean `data.turns`?");
        assert_eq!(hint(&asked("data.turns", None, Some("sayd"))), "did you mean `said`?");
        assert!(hint(&asked("data.turns", None, None)).contains("`who.kind`, `said`"));
        let found = plan(&record, &asked("data.turns", Some("who.kind"), Some("said"))).unwrap().unwrap();
        let Raw::Conversation(found) = found.read(record.clone(), None).unwrap() else {
            panic!("no conversation")
        };
        assert_eq!((found.turns[0].speaker.as_str(), found.turns[0].text.as_str()), ("x", "a"));
    }
}
