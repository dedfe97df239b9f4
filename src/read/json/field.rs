//! Fields of records and messages that may be missing or of another type than they should be.

use serde_json::Value;

use super::Misfit;
use crate::model::{Event, Extra, Kind, Turn};
use crate::read::people::scalar;
use crate::text::json::kind;

/// The text under a key; empty where there is none.
pub fn text<'a>(map: &'a Extra, key: &str) -> &'a str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Takes the text under a key out; empty where there is none.
pub fn take_text(map: &mut Extra, key: &str) -> String {
    match map.get_mut(key) {
        Some(Value::String(text)) => std::mem::take(text),
        _ => String::new(),
    }
}

/// The first of the keys under which a text or number stands, as text.
pub fn first(map: &Extra, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| scalar(map.get(*key)?))
}

/// The object under a key.
pub fn object<'a>(map: &'a Extra, key: &str) -> Option<&'a Extra> {
    map.get(key).and_then(Value::as_object)
}

/// The list under a key; empty where there is none.
pub fn list<'a>(map: &'a Extra, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The objects in the list under a key.
pub fn objects<'a>(map: &'a Extra, key: &str) -> impl Iterator<Item = &'a Extra> {
    list(map, key).iter().filter_map(Value::as_object)
}

/// Takes the list of messages out of a record, or says that it is missing, empty or no list. `path` names the key.
pub fn take_list(map: &mut Extra, key: &str, path: &str) -> Result<Vec<Value>, Misfit> {
    match map.shift_remove(key) {
        Some(Value::Array(list)) if list.is_empty() => Err(Misfit::shape(path, "the list is empty")),
        Some(Value::Array(list)) => Ok(list),
        Some(other) => Err(Misfit::shape(path, format!("is {}, not a list", kind(&other)))),
        None => Err(Misfit::shape("", format!("`{path}` is missing; {}", super::keys_seen(map)))),
    }
}

/// Makes turns of the elements of a list of messages; an element that is no object becomes an event, so that leaving it
/// out is counted.
pub fn turns(list: Vec<Value>, mut read: impl FnMut(Extra, &mut Vec<Turn>)) -> Vec<Turn> {
    let mut turns = Vec::with_capacity(list.len());
    for element in list {
        match element {
            Value::Object(message) => read(message, &mut turns),
            other => turns.push(stray(&other)),
        }
    }
    turns
}

/// What is no message, as an event with its JSON.
pub fn stray(value: &Value) -> Turn {
    Turn { text: value.to_string(), kind: Kind::Event(Event::Other), ..Turn::default() }
}

/// Puts turns in the order of their times; one without a time stays behind the turn before it.
pub fn order(turns: &mut Vec<Turn>) {
    let mut last = i64::MIN;
    let mut placed: Vec<(i64, Turn)> = Vec::with_capacity(turns.len());
    for turn in turns.drain(..) {
        last = turn.time.unwrap_or(last);
        placed.push((last, turn));
    }
    placed.sort_by_key(|(time, _)| *time);
    turns.extend(placed.into_iter().map(|(_, turn)| turn));
}

/// A number, also where it is written as a text.
pub fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| rounded(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
fn rounded(number: f64) -> Option<i64> {
    (number.abs() < 9e18).then(|| number.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Extra {
        match value {
            Value::Object(map) => map,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn wrong_types_are_as_good_as_missing() {
        let mut record = map(json!({"a": 7, "b": "x", "c": [1, {"d": 2}], "e": {}, "f": []}));
        assert_eq!((text(&record, "a"), text(&record, "b"), text(&record, "z")), ("", "x", ""));
        assert_eq!(first(&record, &["c", "a"]).as_deref(), Some("7"));
        assert_eq!((list(&record, "b").len(), objects(&record, "c").count()), (0, 1));
        assert!(object(&record, "e").is_some() && object(&record, "c").is_none());
        assert!(take_list(&mut record, "f", "f").is_err());
        assert!(take_list(&mut record, "b", "b").is_err());
        assert!(take_list(&mut record, "z", "z").is_err());
        let turns = turns(take_list(&mut record, "c", "c").unwrap(), |_, turns| turns.push(Turn::default()));
        assert_eq!((turns.len(), turns[0].text.as_str(), turns[0].kind.is_event()), (2, "1", true));
    }

    #[test]
    fn turns_without_a_time_stay_behind_the_one_before() {
        let turn = |time, text: &str| Turn { time, text: text.into(), ..Turn::default() };
        let mut turns = vec![turn(Some(9), "c"), turn(None, "d"), turn(Some(1), "a"), turn(None, "b")];
        order(&mut turns);
        assert_eq!(turns.iter().map(|turn| turn.text.as_str()).collect::<String>(), "abcd");
    }

    #[test]
    fn numbers_in_any_form() {
        assert_eq!(number(&json!(7)), Some(7));
        assert_eq!(number(&json!(" 7 ")), Some(7));
        assert_eq!(number(&json!(6.6)), Some(7));
        assert_eq!(number(&json!(1e300)), None);
        assert_eq!(number(&json!(null)), None);
    }
}
