//! Which keys of a message say who speaks, what is said and when: vocabulary, and choosing among them.

use serde_json::Value;

use super::path::Path;
use crate::model::Extra;
use crate::read::labels;

/// Keys of the speaker, the surest first; compared in lower case without `_` and `-`. From published corpora and
/// exports (ABCD, STAR, Taskmaster, SGD, Topical-Chat, `CrossWOZ`, Amazon Connect and others).
const SPEAKERS: &[&str] = &[
    "role",
    "speaker",
    "from",
    "sender",
    "author",
    "agent",
    "participant",
    "participantrole",
    "speakerrole",
    "sendertype",
    "authortype",
    "who",
    "user",
    "username",
];
/// Keys that name a speaker in some files and something else in most.
const WEAK_SPEAKERS: &[&str] = &["name", "type"];
/// Keys of the text, the surest first.
const TEXTS: &[&str] = &["content", "text", "message", "body", "utterance", "msg", "transcript"];
/// … and the one that holds text in some files.
const WEAK_TEXTS: &[&str] = &["value"];
/// Keys of the time.
const TIMES: &[&str] = &[
    "timestamp",
    "time",
    "ts",
    "createdat",
    "created",
    "datetime",
    "date",
    "unixtime",
    "sentat",
    "absolutetime",
];
/// Inside a speaker that is an object.
const INNER_SPEAKERS: &[&str] = &["role", "type", "kind", "name", "username", "displayname", "email", "id"];
/// Inside a text that is an object.
const INNER_TEXTS: &[&str] = &["text", "content", "body", "message", "plain", "value"];
/// Marks of a note that only the support side sees.
const INTERNAL: &[&str] = &["private", "internal", "isinternal", "isprivate"];

/// Share of the messages that must have the text, in percent: turns of tools and events have none (in Taskmaster-3
/// 56 % have it, in STAR 80 %).
const TEXT_SHARE: usize = 30;
/// Share of the messages that must have the speaker, in percent.
const SPEAKER_SHARE: usize = 50;

/// Where things are in a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Keys {
    /// Who speaks; `None` when nothing says so.
    pub speaker: Option<Path>,
    /// What is said.
    pub text: Path,
    /// When.
    pub time: Option<Path>,
    /// How sure: 3 when both keys are usual ones, 2 when one of them is, 1 when a path was given.
    pub strength: u8,
}

/// What the user said about the keys of a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Given {
    /// The speaker.
    pub speaker: Option<Path>,
    /// The text.
    pub text: Option<Path>,
    /// The time.
    pub time: Option<Path>,
}

/// The letters of a key by which names are compared: lower case, without `_`, `-` and spaces.
fn letters(key: &str) -> impl Iterator<Item = char> {
    key.chars().filter(|one| !matches!(one, '_' | '-' | ' ')).flat_map(char::to_lowercase)
}

/// A key in the form in which names are compared.
pub(super) fn plain(key: &str) -> String {
    letters(key).collect()
}

/// Whether a key is this name, which is in the form of [`plain`]; most keys differ in the first letter.
pub(super) fn is_like(key: &str, name: &str) -> bool {
    letters(key).eq(name.chars())
}

/// Whether a key is one of these names, which are in the form of [`plain`].
pub(super) fn is_one_of(key: &str, names: &[&str]) -> bool {
    names.iter().any(|name| is_like(key, name))
}

/// Chooses the keys that most of the messages agree on; `None` when they do not look like messages.
pub(super) fn choose(messages: &[&Value], given: &Given) -> Option<Keys> {
    let objects: Vec<&Extra> = messages.iter().filter_map(|message| message.as_object()).collect();
    if objects.is_empty() || objects.len() * 2 < messages.len() {
        return None;
    }
    let found_text = match &given.text {
        Some(path) => messages.iter().any(|one| path.get(one).is_some()).then(|| (path.clone(), 1))?,
        None => text(&objects)?,
    };
    let found_speaker = match &given.speaker {
        Some(path) => Some((messages.iter().any(|one| path.get(one).is_some()).then(|| path.clone())?, 1)),
        None => speaker(messages, &objects, &found_text.0),
    };
    let asked = given.text.is_some() || given.speaker.is_some();
    let strength = match &found_speaker {
        Some((_, strength)) if asked || *strength + found_text.1 > 2 => *strength + found_text.1 - 1,
        None if given.text.is_some() => 1,
        _ => return None,
    };
    let time = given.time.clone().or_else(|| time(&objects));
    Some(Keys { speaker: found_speaker.map(|(path, _)| path), text: found_text.0, time, strength })
}

/// Keys of the objects with how many have them filled, in order of first sight.
fn keys_like<'a>(
    objects: &[&'a Extra],
    wanted: &str,
    fits: impl Fn(&Value) -> bool,
) -> Option<(&'a str, usize)> {
    let mut found: Option<(&str, usize)> = None;
    for object in objects {
        for (key, value) in *object {
            if value.is_null() || !fits(value) {
                continue;
            }
            match &mut found {
                Some((known, count)) if *known == key => *count += 1,
                None if is_like(key, wanted) => found = Some((key, 1)),
                _ => {}
            }
        }
    }
    found
}

fn text(objects: &[&Extra]) -> Option<(Path, u8)> {
    let strong = TEXTS.iter().map(|key| (*key, 2));
    let weak = WEAK_TEXTS.iter().map(|key| (*key, 1));
    for (wanted, strength) in strong.chain(weak) {
        let Some((key, _)) = keys_like(objects, wanted, |_| true) else { continue };
        let path = Path::default().then(key);
        let texts = objects.iter().filter(|one| one.get(key).is_some_and(is_text)).count();
        if texts * 100 >= objects.len() * TEXT_SHARE {
            return Some((path, strength));
        }
        let inner: Vec<&Extra> = objects.iter().filter_map(|one| one.get(key)?.as_object()).collect();
        for wanted in INNER_TEXTS {
            if let Some((inner_key, count)) = keys_like(&inner, wanted, Value::is_string)
                && count * 100 >= objects.len() * TEXT_SHARE
            {
                return Some((path.then(inner_key), strength));
            }
        }
    }
    None
}

fn speaker(messages: &[&Value], objects: &[&Extra], text: &Path) -> Option<(Path, u8)> {
    let strong = SPEAKERS.iter().map(|key| (*key, 2));
    let weak = WEAK_SPEAKERS.iter().map(|key| (*key, 1));
    let enough = |count: usize| count * 100 >= objects.len() * SPEAKER_SHARE;
    for (wanted, strength) in strong.chain(weak) {
        let scalar = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        if let Some((key, count)) = keys_like(objects, wanted, scalar)
            && enough(count)
        {
            let path = Path::default().then(key);
            if path != *text && (strength == 2 || names_parties(messages, &path)) {
                return Some((path, strength));
            }
        }
        let Some((key, _)) = keys_like(objects, wanted, Value::is_object) else { continue };
        let inner: Vec<&Extra> = objects.iter().filter_map(|one| one.get(key)?.as_object()).collect();
        for wanted in INNER_SPEAKERS {
            if let Some((inner_key, count)) = keys_like(&inner, wanted, scalar)
                && enough(count)
            {
                return Some((Path::default().then(key).then(inner_key), strength));
            }
        }
    }
    None
}

/// Whether values look like speakers: one is a known party, or they come again.
fn names_parties(messages: &[&Value], path: &Path) -> bool {
    let mut names: Vec<&str> = messages.iter().filter_map(|one| path.get(one)?.as_str()).collect();
    let all = names.len();
    if names.iter().any(|name| labels::is_party(name)) {
        return true;
    }
    names.sort_unstable();
    names.dedup();
    names.len() > 1 && names.len() < all
}

fn time(objects: &[&Extra]) -> Option<Path> {
    TIMES.iter().find_map(|wanted| {
        let (key, _) = keys_like(objects, wanted, |value| value.is_string() || value.is_number())?;
        Some(Path::default().then(key))
    })
}

/// Whether a value holds text: a string, or a list of strings or of parts with `text`.
pub(super) fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(parts) => {
            !parts.is_empty()
                && parts.iter().all(|part| part.is_string() || part.get("text").is_some_and(Value::is_string))
        }
        _ => false,
    }
}

/// Whether the message is marked as seen by the support side only.
pub(super) fn is_internal(message: &Extra) -> bool {
    message.iter().any(|(key, value)| match value {
        Value::Bool(true) => is_one_of(key, INTERNAL),
        Value::Bool(false) => is_like(key, "public"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn chosen(messages: &Value) -> Option<(Option<String>, String, u8)> {
        let list: Vec<&Value> = messages.as_array().unwrap().iter().collect();
        choose(&list, &Given::default())
            .map(|keys| (keys.speaker.map(|path| path.to_string()), keys.text.to_string(), keys.strength))
    }

    #[test]
    fn usual_keys_are_found() {
        let found =
            |speaker: &str, text: &str, strength| Some((Some(speaker.to_owned()), text.to_owned(), strength));
        assert_eq!(
            chosen(&json!([{"Agent": "User", "Text": "a", "UnixTime": 5}])),
            found("Agent", "Text", 3)
        );
        assert_eq!(chosen(&json!([{"message": "a", "agent": "agent_1"}])), found("agent", "message", 3));
        assert_eq!(
            chosen(&json!([{"author": {"type": "bot"}, "body": "a"}])),
            found("author.type", "body", 3)
        );
        assert_eq!(
            chosen(&json!([{"sender": {"id": 3}, "content": {"text": "a"}}])),
            found("sender.id", "content.text", 3)
        );
        assert_eq!(chosen(&json!([{"from": "a", "value": "b"}])), found("from", "value", 2));
        assert_eq!(chosen(&json!([{"name": "Customer", "text": "b"}])), found("name", "text", 2));
        assert_eq!(
            chosen(&json!([{"role": "agent", "api": {}}, {"role": "user", "text": "x"}])),
            found("role", "text", 3)
        );
    }

    #[test]
    fn lists_of_other_things_are_not_messages() {
        for list in [
            json!([{"name": "lang", "value": "en"}]),
            json!([{"type": "text", "text": "a"}]),
            json!([{"name": "a", "kwargs": {}}]),
            json!([{"Question": "a", "Answer": true}]),
            json!([{"begin": 1, "text": "a"}]),
            json!(["a", "b"]),
        ] {
            assert_eq!(chosen(&list), None, "{list}");
        }
    }
}
