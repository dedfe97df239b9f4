//! What is said when messages, or the paths that should lead to them, are not there.

use serde_json::Value;

use super::find::places;
use super::keys::{Given, is_one_of};
use super::path::{Path, existing};
use super::plan::{IDS, Plan, list_of};
use super::records::Asked;
use crate::error::Error;
use crate::model::Extra;
use crate::read::codes;
use crate::read::json::{Misfit, keys_seen};
use crate::text::json::kind;
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;

/// What lists of messages are called, in the form of [`plain`].
const LISTS: &[&str] = &[
    "messages",
    "turns",
    "utterances",
    "events",
    "dialogue",
    "dialog",
    "conversation",
    "conversations",
    "transcript",
    "chat",
];

/// No list of messages was found: nothing more to say, unless the user named paths that should have led to one.
pub(super) fn no_place(records: &[&Value], asked: &Asked) -> crate::Result<Option<Plan>> {
    let given = [("--role-path", &asked.keys.speaker), ("--text-path", &asked.keys.text)];
    if let Some((flag, path)) = given.into_iter().find_map(|(flag, path)| Some((flag, path.as_ref()?)))
        && !records.is_empty()
    {
        let lists: Vec<Value> = match &asked.messages {
            Some(path) => {
                records.iter().filter_map(|record| path.get(record)).filter_map(list_of).flatten().collect()
            }
            None => records
                .iter()
                .flat_map(|record| {
                    places(record, &Given::default()).into_iter().map(move |one| (record, one))
                })
                .filter_map(|(record, one)| list_of(one.path.get(record)?))
                .flatten()
                .collect(),
        };
        if lists.is_empty() {
            return Err(Error::usage(format!(
                "`{flag} {path}` leads into a message, and no list of messages was found"
            ))
            .with_hint(format!("name the list with `--messages-path`; {}", known_keys(records))));
        }
        return Err(unknown(flag, path, lists.iter()));
    }
    if let Some(path) = &asked.messages
        && !records.is_empty()
    {
        let lists: Vec<Value> =
            records.iter().filter_map(|record| list_of(path.get(record)?)).flatten().collect();
        let known = existing(lists.iter());
        let hint = if known.is_empty() {
            "name a list of objects, a list of `[speaker, text]`, or a text with a speaker's label on each turn".to_owned()
        } else {
            let names: Vec<String> = known.iter().take(20).map(|name| format!("`{name}`")).collect();
            format!(
                "say with `--role-path` and `--text-path` which of these are speaker and text: {}",
                names.join(", ")
            )
        };
        return Err(
            Error::usage(format!("what stands at `{path}` does not look like messages")).with_hint(hint)
        );
    }
    Ok(None)
}

/// The keys of the records, for a hint.
fn known_keys(records: &[&Value]) -> String {
    records
        .iter()
        .find_map(|record| record.as_object())
        .map_or_else(|| "the records have no keys".to_owned(), keys_seen)
}

/// The error for a path that leads nowhere.
pub(super) fn unknown<'a>(flag: &str, path: &Path, values: impl Iterator<Item = &'a Value>) -> Error {
    let known = existing(values);
    let error = Error::usage(format!("`{flag} {path}` leads to nothing in any record looked at"));
    if known.is_empty() {
        return error;
    }
    error.with_hint(suggestion(&path.to_string(), known.iter().map(String::as_str)))
}

/// The key under which a record has an empty list that is called like messages, in a record with an identifier: a
/// conversation in which nothing was said, unlike any odd object.
pub(super) fn empty_list(row: &Extra) -> Option<&str> {
    if !row.keys().any(|key| is_one_of(key, IDS)) {
        return None;
    }
    row.iter()
        .find(|(key, value)| value.as_array().is_some_and(Vec::is_empty) && is_one_of(key, LISTS))
        .map(|(key, _)| key.as_str())
}

/// The rejection of a record without messages: with text alone there is nothing answered, otherwise the keys are
/// named with the flags that show the way.
pub(super) fn not_found(record: &Value, wanted: Option<&Path>) -> Misfit {
    let Value::Object(row) = record else {
        return Misfit::new(
            &codes::NO_CHAT_SHAPE,
            "",
            format!("the record is {} without messages", kind(record)),
        );
    };
    if let Some(key) = empty_list(row).filter(|_| wanted.is_none()) {
        return Misfit::new(
            &codes::NO_CHAT_SHAPE,
            "",
            format!("`{}` is empty: nothing was said", excerpt(key, 40)),
        );
    }
    let nested = row.values().any(|value| matches!(value, Value::Array(_) | Value::Object(_)));
    let texts = || {
        row.iter().filter(|(_, value)| value.as_str().is_some_and(|text| text.contains(char::is_whitespace)))
    };
    if wanted.is_none()
        && !nested
        && let (1, Some((key, _))) = (texts().count(), texts().next())
    {
        return Misfit::new(
            &codes::NO_ANSWERS,
            "",
            format!("only a text, `{}`, and nobody answers", excerpt(key, 40)),
        );
    }
    let what = wanted.map_or_else(|| "no messages found".to_owned(), |path| format!("no `{path}`"));
    Misfit::new(
        &codes::NO_CHAT_SHAPE,
        "",
        format!(
            "{what}; {}; say where things are with `--messages-path`, `--role-path` and `--text-path`",
            keys_seen(row)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_without_messages_are_named() {
        assert_eq!(
            not_found(&json!({"text": "Long and wide."}), None),
            Misfit::new(&codes::NO_ANSWERS, "", "only a text, `text`, and nobody answers")
        );
        let other = not_found(&json!({"a": 1, "b": {}}), None);
        assert!(format!("{other:?}").contains("`a`, `b`; say where"));
    }
}
