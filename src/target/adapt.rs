//! Saying the same in the target's way: another name of a role, other identifiers, one text instead of several. Each is
//! counted under a code of its own; nothing that anybody wrote is lost.

use serde_json::Value;

use super::call_ids;
use super::codes;
use super::spec::TargetSpec;
use crate::diagnostic::Def;
use crate::model::{Body, Content, Role};

/// Writes `body` as `spec` wants it, as far as that changes nothing that is meant; what was done how often.
pub fn adapt(spec: &TargetSpec, body: &mut Body) -> Vec<(&'static Def, u64)> {
    let steps: [(&'static Def, u64); 5] = [
        // Before texts are looked at, for it makes one.
        (&codes::REFUSAL_AS_CONTENT, refusal_as_content(spec, body)),
        (&codes::DEVELOPER_AS_SYSTEM, developer_as_system(spec, body)),
        (&codes::PARTS_JOINED, join_parts(spec, body)),
        (&codes::CALL_IDS_RENAMED, call_ids::rename(spec, body)),
        (&codes::FORBIDDEN_TEXT_PARTED, part_forbidden_text(spec, body)),
    ];
    steps.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn developer_as_system(spec: &TargetSpec, body: &mut Body) -> u64 {
    let (from, to) = match (spec.accepts_role(&Role::System), spec.accepts_role(&Role::Developer)) {
        (true, false) => (Role::Developer, Role::System),
        (false, true) => (Role::System, Role::Developer),
        _ => return 0,
    };
    let renamed = body.messages_mut().filter(|message| message.role == from);
    renamed.map(|message| message.role = to.clone()).count() as u64
}

/// What stands under `refusal`, where the target has no such key and the answer says nothing else.
fn refusal_as_content(spec: &TargetSpec, body: &mut Body) -> u64 {
    if spec.message_keys.contains(&"refusal") {
        return 0;
    }
    let mut moved = 0;
    for message in body.messages_mut().filter(|message| message.role == Role::Assistant) {
        let says_nothing = message.is_blank() && message.tool_calls.is_empty();
        if !(says_nothing && message.extra.get("refusal").is_some_and(says_something)) {
            continue;
        }
        if let Some(Value::String(words)) = message.extra.shift_remove("refusal") {
            message.content = Content::Text(words);
            moved += 1;
        }
    }
    moved
}

fn says_something(value: &Value) -> bool {
    value.as_str().is_some_and(|words| !words.trim().is_empty())
}

/// Text parts as one text, a line end between two, where the target takes no parts or rather has texts.
fn join_parts(spec: &TargetSpec, body: &mut Body) -> u64 {
    if spec.content_parts && !spec.joins_parts {
        return 0;
    }
    let mut joined = 0;
    for message in body.messages_mut() {
        let Content::Parts(parts) = &message.content else { continue };
        let texts: Option<Vec<&str>> = parts.iter().map(text_of).collect();
        if let Some(texts) = texts {
            message.content = Content::Text(texts.join("\n"));
            joined += 1;
        }
    }
    joined
}

/// The text of a part that is nothing else.
fn text_of(part: &Value) -> Option<&str> {
    let part = part.as_object()?;
    let plain = part.keys().all(|key| matches!(key.as_str(), "type" | "text"))
        && part.get("type").and_then(Value::as_str) == Some("text");
    part.get("text").and_then(Value::as_str).filter(|_| plain)
}

/// `System:` as `System :` and `<image>` as `< image>`, where the target refuses the words anywhere.
fn part_forbidden_text(spec: &TargetSpec, body: &mut Body) -> u64 {
    if !spec.forbidden_in_any_case {
        // Control tokens are another matter: there is no other way of saying them.
        return 0;
    }
    let mut parted = 0;
    for message in body.messages_mut() {
        for text in message.texts_mut() {
            for word in spec.forbidden_text {
                parted += part_word(text, word);
            }
        }
    }
    parted
}

fn part_word(text: &mut String, word: &str) -> u64 {
    // Words are ASCII, so that the length stays when capitals are changed.
    let place = if word.ends_with(':') { word.len() - 1 } else { 1 };
    let mut count = 0;
    let mut from = 0;
    while let Some(found) = find_in_any_case(text.as_bytes().get(from..).unwrap_or_default(), word.as_bytes())
    {
        text.insert(from + found + place, ' ');
        from += found + word.len();
        count += 1;
    }
    count
}

fn find_in_any_case(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::target::by_name;

    fn adapted(target: &str, row: Value) -> (Value, Vec<(&'static str, u64)>) {
        let chat = by_name("openai-chat").unwrap();
        let spec = by_name(target).unwrap().spec();
        let mut body = chat.decode(row).unwrap();
        let done = adapt(spec, &mut body).into_iter().map(|(def, count)| (def.name, count)).collect();
        assert_eq!(adapt(spec, &mut body), [], "a second time");
        let mut out = Vec::new();
        chat.encode(&body, &mut out).unwrap();
        (serde_json::from_slice(&out).unwrap(), done)
    }

    #[test]
    fn identifiers_stay_together() {
        let call =
            |id: &str| json!({"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}});
        let row = json!({"messages": [
            {"role": "assistant", "content": null, "tool_calls": [call("call_1"), call("abcDEF123")]},
            {"role": "tool", "content": "a", "tool_call_id": "call_1"},
            {"role": "tool", "content": "b", "tool_call_id": "abcDEF123"}]});
        let (row, done) = adapted("mistral", row);
        assert_eq!(done, [("call-ids-renamed", 1)]);
        let id = row["messages"][0]["tool_calls"][0]["id"].as_str().unwrap();
        assert!(call_ids::is_nine(id));
        assert_eq!(
            (&row["messages"][1]["tool_call_id"], row["messages"][2]["tool_call_id"].as_str().unwrap()),
            (&json!(id), "abcDEF123")
        );
    }

    #[test]
    fn calls_of_one_identifier_are_told_apart_where_that_matters() {
        let call = json!({"role": "assistant", "content": null,
            "tool_calls": [{"id": "abcDEF123", "type": "function", "function": {"name": "f", "arguments": "{}"}}]});
        let result = json!({"role": "tool", "content": "a", "tool_call_id": "abcDEF123"});
        let row = json!({"messages": [call, result, call, result]});
        assert_eq!(adapted("openai-chat", row.clone()), (row.clone(), Vec::new()));
        let (row, done) = adapted("mistral", row);
        assert_eq!(done, [("call-ids-renamed", 1)]);
        let id = |at: usize| row["messages"][at]["tool_calls"][0]["id"].clone();
        assert_eq!((id(0), &row["messages"][1]["tool_call_id"]), (json!("abcDEF123"), &json!("abcDEF123")));
        assert_eq!(&id(2), &row["messages"][3]["tool_call_id"]);
        assert!(id(2) != id(0) && call_ids::is_nine(id(2).as_str().unwrap()));
    }

    #[test]
    fn roles_and_parts() {
        let row = json!({"messages": [{"role": "developer", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]});
        let (row, done) = adapted("mistral", row);
        assert_eq!(row, json!({"messages": [{"role": "system", "content": "a\nb"}]}));
        assert_eq!(done, [("developer-as-system", 1), ("parts-joined", 1)]);
        let picture = json!({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]});
        assert_eq!(adapted("mistral", picture.clone()).0, picture);
        assert_eq!(
            adapted("azure-rft", json!({"messages": [{"role": "system", "content": "a"}]})).0["messages"][0]
                ["role"],
            "developer"
        );
    }

    #[test]
    fn the_words_of_a_refusal_are_an_answer() {
        let row = |message: Value| json!({"messages": [{"role": "user", "content": "a"}, message]});
        let refusal = row(json!({"role": "assistant", "content": "", "refusal": "I cannot."}));
        let (written, done) = adapted("together-chat", refusal.clone());
        assert_eq!(written["messages"][1], json!({"role": "assistant", "content": "I cannot."}));
        assert_eq!(done, [("refusal-as-content", 1)]);
        // Where there is the key it stays, and what an answer says beside it is not written over.
        assert_eq!(adapted("openai-chat", refusal.clone()), (refusal, Vec::new()));
        for answer in [
            json!({"role": "assistant", "content": "No.", "refusal": "I cannot."}),
            json!({"role": "assistant", "content": "", "refusal": " "}),
        ] {
            assert_eq!(adapted("together-chat", row(answer.clone())), (row(answer), Vec::new()));
        }
    }

    #[test]
    fn forbidden_words_are_parted() {
        let row =
            json!({"messages": [{"role": "user", "content": "The file SYSTEM: and user:user: <IMAGE> ü"}]});
        let (row, done) = adapted("bedrock-nova", row);
        assert_eq!(row["messages"][0]["content"], "The file SYSTEM : and user :user : < IMAGE> ü");
        assert_eq!(done, [("forbidden-text-parted", 4)]);
    }
}
