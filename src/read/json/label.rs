//! The mark of unpaired preferences (KTO): whether the answer of a row is wanted.

use serde_json::Value;

use crate::model::Extra;

/// Keys of the mark, the usual one first (`kto_tag` is LLaMA-Factory's).
const KEYS: &[&str] = &["label", "kto_tag"];

/// The mark of a row and its key, where there is one that says yes or no.
pub fn of(row: &Extra) -> Option<(&'static str, bool)> {
    KEYS.iter().copied().find_map(|key| {
        let wanted = match row.get(key)? {
            Value::Bool(wanted) => *wanted,
            Value::Number(number) if number.as_u64() == Some(1) => true,
            Value::Number(number) if number.as_u64() == Some(0) => false,
            Value::String(text) if text.eq_ignore_ascii_case("true") => true,
            Value::String(text) if text.eq_ignore_ascii_case("false") => false,
            _ => return None,
        };
        Some((key, wanted))
    })
}

/// The key of the mark, whatever it says.
pub fn key(row: &Extra) -> Option<&'static str> {
    KEYS.iter().copied().find(|key| row.contains_key(*key))
}
