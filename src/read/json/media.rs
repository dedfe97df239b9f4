//! Rows whose pictures, sounds or films are files beside the text, as LLaMA-Factory writes them: `<image>` stands in a
//! message, and a list `images` names the file.
//!
//! What the marks stand for cannot be read from the row, and the list is no key of a chat format: left out, the model
//! would learn to answer about what it does not see.

use serde_json::Value;

use super::Misfit;
use crate::model::{Extra, Message};
use crate::read::codes;

/// Keys of the lists and the marks in the texts, as LLaMA-Factory's `data/README.md` gives them (seen 2026-11).
const MEDIA: &[(&str, &str)] = &[("images", "<image>"), ("videos", "<video>"), ("audios", "<audio>")];

/// The fault of a row that refers to files of its own.
pub fn check(extra: &Extra, messages: &[Message]) -> Result<(), Misfit> {
    for (key, mark) in MEDIA {
        let named = match extra.get(*key) {
            Some(Value::Array(list)) => !list.is_empty(),
            Some(Value::String(path)) => !path.is_empty(),
            _ => false,
        };
        if named && messages.iter().flat_map(Message::texts).any(|text| text.contains(mark)) {
            let what = format!("`{mark}` in the text stands for a file that `{key}` names");
            return Err(Misfit::new(&codes::SEPARATE_MEDIA, *key, what));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;
    use serde_json::json;

    #[test]
    fn a_mark_and_a_file_make_the_fault() {
        let fault = |extra: Value, text: &str| {
            let Value::Object(extra) = extra else { panic!("no object") };
            check(&extra, &[Message::text(Role::User, text)]).is_err()
        };
        assert!(fault(json!({"images": ["a.jpg"]}), "<image>Who is it?"));
        assert!(fault(json!({"audios": "a.mp3"}), "Hear <audio>"));
        assert!(!fault(json!({"images": []}), "the <image> tag of SVG"));
        assert!(!fault(json!({"images": ["a.jpg"]}), "Hello"));
        assert!(!fault(json!({}), "<image>"));
    }
}
