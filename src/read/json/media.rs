//! Rows whose pictures, sounds or films are files beside the text, as LLaMA-Factory writes them: `<image>` stands in a
//! message, and a list `images` names the file.
//!
//! What the marks stand for cannot be read from the row, and the list is a key of few formats: left out, the model would
//! learn to answer about what it does not see.

use serde_json::Value;

use crate::diagnostic::Rejection;
use crate::model::{Body, Example};
use crate::read::codes;
use crate::target::TargetSpec;

/// Keys of the lists and the marks in the texts, as LLaMA-Factory's `data/README.md` gives them (seen 2026-11).
const MEDIA: &[(&str, &str)] = &[("images", "<image>"), ("videos", "<video>"), ("audios", "<audio>")];

/// The fault of a row that refers to files of its own, where the target does not take such lists.
pub fn check(spec: &TargetSpec, body: &Body) -> Result<(), Rejection> {
    let Body::Example(Example { messages, extra, .. }) = body else { return Ok(()) };
    for (key, mark) in MEDIA.iter().filter(|(key, _)| !spec.row_keys.contains(key)) {
        let named = match extra.get(*key) {
            Some(Value::Array(list)) => !list.is_empty(),
            Some(Value::String(path)) => !path.is_empty(),
            _ => false,
        };
        let marked =
            || messages.iter().flat_map(crate::model::Message::texts).any(|text| text.contains(mark));
        if named && marked() {
            let what = format!("{key}: `{mark}` in the text stands for a file that `{key}` names");
            return Err(Rejection::new(&codes::SEPARATE_MEDIA, what));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Message, Role};
    use serde_json::json;

    #[test]
    fn a_mark_and_a_file_make_the_fault() {
        let at = |target: &str, extra: Value, text: &str| {
            let Value::Object(extra) = extra else { panic!("no object") };
            let messages = vec![Message::text(Role::User, text)];
            let body = Body::Example(Example { messages, extra, ..Example::default() });
            check(crate::target::by_name(target).unwrap().spec(), &body).is_err()
        };
        let fault = |extra: Value, text: &str| at("openai-chat", extra, text);
        assert!(fault(json!({"images": ["a.jpg"]}), "<image>Who is it?"));
        assert!(fault(json!({"audios": "a.mp3"}), "Hear <audio>"));
        assert!(!fault(json!({"images": []}), "the <image> tag of SVG"));
        assert!(!fault(json!({"images": ["a.jpg"]}), "Hello"));
        assert!(!fault(json!({}), "<image>"));
        let row = || json!({"images": ["a.jpg"]});
        assert!(!at("llama-factory-openai", row(), "<image>Who is it?"), "it takes such lists");
        assert!(at("trl-chat", row(), "<image>Who is it?"));
    }
}
