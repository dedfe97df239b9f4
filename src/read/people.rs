//! The people of an export: lists that give names and sides to the identifiers that messages carry.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::csv::export::each_row;
use super::frame::{Batch, Elements, Feed, Frames};
use super::labels::label_of;
use super::sample::{Layout, Sample};
use super::settings::ReadSettings;
use super::source::{Place, Source};
use super::speakers::{SpeakerRole, key_of};
use crate::error::{Error, Result};
use crate::model::{Extra, Role};
use crate::text::json::parse;

/// Somebody an export knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name to show, as the export writes it.
    pub name: Option<String>,
    /// The mail address.
    pub mail: Option<String>,
    /// The side, where the list says it: [`Role::User`], [`Role::Assistant`], or `bot` as another role.
    pub role: Option<Role>,
    /// The word by which the list says what somebody is, for words that only one system uses (`admin`).
    pub word: Option<String>,
}

/// People by identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    by_id: BTreeMap<String, Person>,
    /// Who bears a name, by its folded form.
    namesakes: BTreeMap<String, BTreeSet<String>>,
}

/// Keys of an identifier, the first that is there.
const IDS: &[&str] = &["id", "user_id", "uuid", "Id", "ID", "sid"];
/// Keys of a name, the first that holds one; those of `profile` are looked at too (Slack).
const NAMES: &[&str] =
    &["real_name", "display_name", "displayName", "name", "Name", "username", "nickname", "identity"];
/// Keys of a mail address.
const MAILS: &[&str] = &["email", "mail", "Email"];
/// Keys whose value says which side somebody is on.
const SIDES: &[&str] = &["role", "type", "user_type", "userType", "UserType"];
/// Most people that are kept: some hundred MB; beyond it later ones are known by identifier only.
const MOST: usize = 1_000_000;

impl People {
    /// The people of the companions of `source`, and of the file given by `--users`.
    pub fn beside(source: &Source, settings: &ReadSettings) -> Result<Self> {
        let mut people = Self::default();
        for companion in source.companions.iter() {
            people.read(companion, settings, &[])?;
        }
        people.read_given(settings)?;
        Ok(people)
    }

    /// Adds the people of the file given by `--users`.
    pub fn read_given(&mut self, settings: &ReadSettings) -> Result<()> {
        if let Some(path) = &settings.users {
            let cannot =
                |error: std::io::Error| Error::usage(format!("cannot open `{path}` of --users: {error}"));
            let bytes = std::fs::metadata(path).map_err(cannot)?.len();
            let given = Source::new(path.clone(), Place::File(path.into()), bytes);
            if self.read(&given, settings, &[])? == 0 {
                return Err(Error::usage(format!("`{path}` of --users lists nobody")).with_hint(
                    "give the list of users as the export has it: JSON objects or a table with `id`, `name` and `role`",
                ));
            }
        }
        Ok(())
    }

    /// Adds the people that `source` lists, under `path` (keys from the top) where it is one object; how many.
    pub fn read(&mut self, source: &Source, settings: &ReadSettings, path: &[&str]) -> Result<usize> {
        let sample = Sample::of(source, settings)?;
        let before = self.by_id.len();
        let Some(head) = sample.json() else {
            each_row(source, &sample, settings, |person| self.add(person))?;
            return Ok(self.by_id.len() - before);
        };
        let mut path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        if path.is_empty()
            && head.layout != Layout::Array
            && !is_list(&head.records)
            && let Some(Value::Object(top)) = head.records.first()
            && let Some((key, _)) =
                top.iter().find(|(_, value)| value.as_array().is_some_and(|list| is_list(list)))
        {
            path.push(key.clone());
        }
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let limit = settings.limits.record_bytes;
        let listed = !path.is_empty();
        let mut frames = Elements::new(feed, source.name.clone(), source.index, limit, path);
        if !listed && matches!(head.layout, Layout::Lines | Layout::Concatenated) {
            frames = frames.concatenated();
        }
        let mut batch = Batch::default();
        loop {
            let more = frames.fill(&mut batch)?;
            for frame in batch.frames().filter(|frame| frame.fault.is_none()) {
                if let Ok(parsed) = parse(frame.bytes)
                    && let Value::Object(person) = parsed.value
                {
                    self.add(&person);
                }
            }
            batch.clear();
            if !more {
                return Ok(self.by_id.len() - before);
            }
        }
    }

    /// Adds one entry of a list; one without an identifier is passed over.
    pub fn add(&mut self, entry: &Extra) {
        let Some(id) = IDS.iter().find_map(|key| scalar(entry.get(*key)?)) else { return };
        if self.by_id.len() >= MOST {
            return;
        }
        // Slack keeps the names in `profile`, Freshdesk those of its agents in `contact`.
        let profile = ["profile", "contact"].iter().find_map(|key| entry.get(*key)?.as_object());
        let text = |keys: &[&str]| {
            let within = |map: &Extra| keys.iter().find_map(|key| solid(map.get(*key)?));
            within(entry).or_else(|| profile.and_then(within))
        };
        let bot = ["is_bot", "isBot", "bot"].iter().any(|key| entry.get(*key) == Some(&Value::Bool(true)));
        // Twilio: who is bound to an address outside writes from there and is no agent.
        let binding = entry.get("messaging_binding").and_then(|binding| solid(binding.get("address")?));
        let role = if bot {
            Some(Role::Other("bot".into()))
        } else if binding.is_some() {
            Some(Role::User)
        } else {
            SIDES.iter().find_map(|key| side(entry.get(*key)?.as_str()?))
        };
        let first_and_last = || {
            let part = |keys: [&str; 2]| keys.iter().find_map(|key| entry.get(*key).and_then(solid));
            match (part(["first_name", "firstName"]), part(["last_name", "lastName"])) {
                (Some(first), Some(last)) => Some(format!("{first} {last}")),
                (first, last) => first.or(last),
            }
        };
        let word = SIDES.iter().find_map(|key| solid(entry.get(*key)?));
        // The name that Slack shows, where somebody has chosen one.
        let chosen = profile.and_then(|profile| solid(profile.get("display_name")?));
        let name = chosen.or_else(|| text(NAMES)).or_else(first_and_last).or(binding);
        self.put(id, Person { name, mail: text(MAILS), role, word });
    }

    fn put(&mut self, id: String, person: Person) {
        let before = self.by_id.get(&id).and_then(|before| before.name.as_deref()).map(key_of);
        if let Some(bearers) = before.and_then(|name| self.namesakes.get_mut(&name)) {
            bearers.remove(&id);
        }
        if let Some(name) = &person.name {
            self.namesakes.entry(key_of(name)).or_default().insert(id.clone());
        }
        self.by_id.insert(id, person);
    }

    /// The name to tell somebody by: with the identifier in brackets where several people bear it.
    pub fn name_of(&self, id: &str) -> Option<Cow<'_, str>> {
        let name = self.by_id.get(id)?.name.as_deref()?;
        let several = self.bearers(name).nth(1).is_some();
        Some(if several { Cow::Owned(format!("{name} ({id})")) } else { Cow::Borrowed(name) })
    }

    /// The identifiers of those who bear a name, however it is written.
    pub fn bearers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.namesakes.get(&key_of(name)).into_iter().flatten().map(String::as_str)
    }

    /// Who bears the identifier.
    pub fn get(&self, id: &str) -> Option<&Person> {
        self.by_id.get(id)
    }

    /// Everybody's identifier, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_id.len()
    }
}

/// Whether the elements look like people: objects with an identifier and a name, a mail address or a side.
pub fn is_list(elements: &[Value]) -> bool {
    let judged = &elements[..elements.len().min(20)];
    let person = |value: &Value| {
        value.as_object().is_some_and(|entry| {
            IDS.iter().any(|key| entry.contains_key(*key))
                && [NAMES, MAILS, SIDES].iter().any(|keys| keys.iter().any(|key| entry.contains_key(*key)))
        })
    };
    !judged.is_empty() && judged.iter().filter(|value| person(value)).count() * 2 > judged.len()
}

/// The side that a word of an export means; words that mean no side of a conversation give `None`.
pub fn side(word: &str) -> Option<Role> {
    match label_of(&key_of(word))?.role {
        SpeakerRole::User => Some(Role::User),
        SpeakerRole::Assistant => Some(Role::Assistant),
        SpeakerRole::Bot => Some(Role::Other("bot".into())),
        _ => None,
    }
}

/// An identifier as text: exports write the same one as a number and as a string.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn solid(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn people(entries: &Value) -> People {
        let mut people = People::default();
        entries.as_array().unwrap().iter().for_each(|entry| people.add(entry.as_object().unwrap()));
        people
    }

    #[test]
    fn names_and_sides_of_several_systems() {
        let people = people(&json!([
            {"id": 900, "name": "Kim", "role": "end-user", "email": "kim@ex.org"},
            {"id": "12", "name": "Ana", "role": "agent"},
            {"id": "U1", "name": "ana", "profile": {"real_name": "Ana P"}, "is_bot": false},
            {"id": "B1", "name": "helper", "is_bot": true},
            {"id": "7", "first_name": "Jo", "last_name": "Li"},
            {"name": "nobody"}
        ]));
        assert_eq!(people.count(), 5);
        let of = |id: &str| people.get(id).cloned().unwrap();
        assert_eq!((of("900").role, of("900").mail.as_deref()), (Some(Role::User), Some("kim@ex.org")));
        assert_eq!(of("12").role, Some(Role::Assistant));
        assert_eq!((of("U1").name.as_deref(), of("U1").role), (Some("ana"), None));
        assert_eq!(of("B1").role, Some(Role::Other("bot".into())));
        assert_eq!(of("7").name.as_deref(), Some("Jo Li"));
    }

    #[test]
    fn namesakes_stay_two() {
        let mut people = people(&json!([
            {"id": "U1", "name": "ana", "profile": {"display_name": "Ana", "real_name": "Ana P"}},
            {"id": "U2", "name": "ana2", "profile": {"display_name": "ana"}},
            {"id": "U3", "real_name": "Kim", "profile": {"display_name": ""}}
        ]));
        assert_eq!(people.name_of("U1").unwrap(), "Ana (U1)");
        assert_eq!(people.name_of("U2").unwrap(), "ana (U2)");
        assert_eq!(people.name_of("U3").unwrap(), "Kim");
        assert_eq!(people.name_of("U4"), None);
        people.add(json!({"id": "U2", "name": "Bo"}).as_object().unwrap());
        assert_eq!(people.name_of("U1").unwrap(), "Ana");
    }

    #[test]
    fn lists_of_people_and_other_lists() {
        assert!(is_list(json!([{"id": 1, "name": "Ana"}]).as_array().unwrap()));
        assert!(!is_list(json!([{"id": 1, "text": "hi"}, {"id": 2}]).as_array().unwrap()));
        assert!(!is_list(&[]));
    }
}
