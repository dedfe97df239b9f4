//! Fields of records that may be missing, and are never of another type unnoticed.

use serde_json::Value;

use crate::model::Extra;
use crate::read::codes;
use crate::read::json::{Misfit, keys_seen};
use crate::read::people::scalar;
use crate::text::json::kind;
use crate::text::sanitize::excerpt;
use crate::text::time;

/// One object of a record, and where it stands for messages about it.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    map: &'a Extra,
    /// The path of the list it is an element of; empty for the record.
    list: &'a str,
    index: usize,
    /// The key of the object within the element; empty for the element.
    inner: &'a str,
}

impl<'a> Fields<'a> {
    /// The record itself.
    pub fn of(map: &'a Extra) -> Self {
        Self { map, list: "", index: 0, inner: "" }
    }

    /// The object.
    pub fn map(self) -> &'a Extra {
        self.map
    }

    /// The object under a key.
    pub fn within(self, key: &'a str) -> Option<Self> {
        Some(Self { map: self.map.get(key)?.as_object()?, inner: key, ..self })
    }

    /// A fault of the value under `key`.
    pub fn misfit(self, key: &str, says: impl Into<String>) -> Misfit {
        let mut path = String::new();
        if !self.list.is_empty() {
            path = format!("{}[{}]", self.list, self.index);
        }
        for step in [self.inner, key] {
            if !step.is_empty() {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(step);
            }
        }
        Misfit::new(&codes::WRONG_SHAPE, path, says)
    }

    /// The text under a key; `None` where there is none, a fault where something else stands.
    pub fn text(self, key: &str) -> Result<Option<&'a str>, Misfit> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.misfit(key, format!("is {}, not a text", kind(other)))),
        }
    }

    /// The first text with more than white space in it.
    pub fn first_text(self, keys: &[&str]) -> Result<Option<&'a str>, Misfit> {
        for key in keys {
            if let Some(text) = self.text(key)?.filter(|text| !text.trim().is_empty()) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// A word of the export's own under a key; empty where there is none.
    pub fn word(self, key: &str) -> &'a str {
        self.map.get(key).and_then(Value::as_str).map(str::trim).unwrap_or_default()
    }

    /// The first word that is there.
    pub fn first_word(self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().map(|key| self.word(key)).find(|word| !word.is_empty())
    }

    /// The first identifier that is there, whether written as number or text.
    pub fn id(self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| scalar(self.map.get(*key)?)).map(|id| id.trim().to_owned())
    }

    /// The first point in time that can be read, in milliseconds since 1970.
    pub fn time(self, keys: &[&str]) -> Option<i64> {
        keys.iter().find_map(|key| time::of_json(self.map.get(*key)?))
    }

    /// A yes or no; tables write it as a word, some interfaces as 0 or 1. Anything else is a fault: whether a note is
    /// private must not be guessed.
    pub fn flag(self, key: &str) -> Result<Option<bool>, Misfit> {
        let value = match self.map.get(key) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Bool(flag)) => return Ok(Some(*flag)),
            Some(value) => value,
        };
        let word = scalar(value).unwrap_or_default().trim().to_ascii_lowercase();
        match word.as_str() {
            "true" | "t" | "yes" | "1" => Ok(Some(true)),
            "false" | "f" | "no" | "0" => Ok(Some(false)),
            "" if value.is_string() => Ok(None),
            "" => Err(self.misfit(key, format!("is {}, not true or false", kind(value)))),
            word => Err(self.misfit(key, format!("is `{}`, not true or false", excerpt(word, 40)))),
        }
    }

    /// A list under a key that is not needed: its objects, none where it is missing or something else.
    pub fn objects(self, key: &str) -> impl Iterator<Item = &'a Extra> {
        let list = self.map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_object)
    }
}

/// The elements of the list under a key of the record; `None` where it is missing.
pub fn list<'a>(record: &'a Extra, key: &'a str) -> Result<Option<Vec<Fields<'a>>>, Misfit> {
    match record.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(list) => elements(list, key).map(Some),
    }
}

/// The elements of the list that keys joined by dots lead to; a fault where it is missing.
pub fn list_at<'a>(record: &'a Extra, path: &'a str) -> Result<Vec<Fields<'a>>, Misfit> {
    let mut steps = path.split('.');
    let found = steps.next().and_then(|step| record.get(step));
    match steps.fold(found, |value, step| value?.get(step)) {
        Some(list) if !list.is_null() => elements(list, path),
        _ => Err(Misfit::shape("", format!("`{path}` is missing; {}", keys_seen(record)))),
    }
}

fn elements<'a>(list: &'a Value, path: &'a str) -> Result<Vec<Fields<'a>>, Misfit> {
    let Value::Array(list) = list else {
        return Err(Misfit::shape(path, format!("is {}, not a list", kind(list))));
    };
    let element = |(index, value): (usize, &'a Value)| match value {
        Value::Object(map) => Ok(Fields { map, list: path, index, inner: "" }),
        other => Err(Misfit::shape(
            format!("{path}[{index}]"),
            format!("is {}, not an object with keys", kind(other)),
        )),
    };
    list.iter().enumerate().map(element).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(value: Value) -> Extra {
        match value {
            Value::Object(record) => record,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn missing_is_nothing_and_wrong_is_a_fault() {
        let record = record(json!({
            "list": [{"body": "a", "public": "TRUE", "id": 7}, {"body": [1], "public": "maybe", "id": ""}],
            "at": {"list": 5}, "empty": null, "bad": [1]
        }));
        let items = list(&record, "list").unwrap().unwrap();
        assert_eq!((items[0].text("body"), items[0].flag("public")), (Ok(Some("a")), Ok(Some(true))));
        assert_eq!((items[0].id(&["z", "id"]).as_deref(), items[1].id(&["id"])), (Some("7"), None));
        assert_eq!((items[0].text("z"), items[0].flag("z"), items[0].word("id")), (Ok(None), Ok(None), ""));
        let fault = |misfit: Misfit| format!("{misfit:?}");
        assert!(fault(items[1].text("body").unwrap_err()).contains("list[1].body"));
        assert!(fault(items[1].flag("public").unwrap_err()).contains("`maybe`"));
        assert!(fault(list_at(&record, "at.list").unwrap_err()).contains("at.list"));
        assert!(fault(list_at(&record, "at.none").unwrap_err()).contains("is missing"));
        assert!(fault(list(&record, "bad").unwrap_err()).contains("bad[0]"));
        assert_eq!(list(&record, "empty").unwrap().map(|items| items.len()), None);
    }
}
