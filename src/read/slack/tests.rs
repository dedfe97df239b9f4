//! What messages of a channel read as.

use std::sync::Arc;

use serde_json::{Value, json};

use super::decode::Decoder;
use super::directory::Directory;
use crate::model::Origin;
use crate::model::{Raw, Turn};
use crate::read::people::People;
use crate::read::reader::{Decode, Decoded};
use crate::read::{Batch, Frame};

fn decoded(messages: &[Value]) -> Decoded {
    let mut people = People::default();
    for person in [json!({"id": "U1", "name": "Ana"}), json!({"id": "U2", "name": "Kim"})] {
        people.add(person.as_object().unwrap());
    }
    let decoder = Decoder { names: Arc::new(Directory::of(people)), channel: "help".into() };
    let rows: Vec<String> = messages.iter().map(Value::to_string).collect();
    let mut ends = Vec::new();
    let mut end = 0;
    for row in &rows {
        ends.push(end + row.len());
        end += row.len() + 1;
    }
    let mut batch = Batch::default();
    batch.push_rows(Origin::default(), rows.join("\n").as_bytes(), &ends);
    let frame: Frame<'_> = batch.frames().next().unwrap();
    decoder.decode(&frame).unwrap()
}

/// Turns as `speaker: text (kind)`, and what was noticed.
fn read(messages: &[Value]) -> (Vec<String>, Vec<String>) {
    let Decoded { raw, findings } = decoded(messages);
    let Raw::Conversation(conversation) = raw else { panic!("no conversation") };
    let show = |turn: &Turn| match format!("{:?}", turn.kind).as_str() {
        "Text" => format!("{}: {}", turn.speaker, turn.text),
        kind => format!("{}: {} ({kind})", turn.speaker, turn.text),
    };
    let turns = conversation.turns.iter().map(show).collect();
    (turns, findings.into_iter().map(|finding| finding.message).collect())
}

fn said(ts: &str, user: &str, text: &str) -> Value {
    json!({"type": "message", "ts": ts, "user": user, "text": text})
}

#[test]
fn a_change_and_a_deletion_in_either_order() {
    let first = said("1709287200.000100", "U1", "hallo");
    let change = json!({"type": "message", "subtype": "message_changed", "ts": "1709287260.0",
        "message": {"type": "message", "ts": "1709287200.000100", "user": "U1", "text": "hello"},
        "previous_message": {"ts": "1709287200.000100", "user": "U1", "text": "hallo"}});
    let (turns, _) = read(&[first.clone(), change.clone()]);
    assert_eq!(turns, ["Ana: hello", "Ana: hallo (Event(Edit))"]);
    let (turns, _) = read(&[change, first.clone()]);
    assert_eq!(turns, ["Ana: hello", "Ana: hallo (Event(Edit))"]);
    let deletion = json!({"type": "message", "subtype": "message_deleted", "ts": "1709287270.0",
        "deleted_ts": "1709287200.000100"});
    let (turns, _) = read(&[first.clone(), deletion.clone()]);
    assert_eq!(turns, ["Ana: hallo (Event(Deletion))", ":  (Event(Deletion))"]);
    let (turns, _) = read(&[deletion, first]);
    assert_eq!(turns, [":  (Event(Deletion))", "Ana: hallo (Event(Deletion))"]);
}

#[test]
fn a_broadcast_counts_once() {
    let thread = "1709287200.000100";
    let root = json!({"type": "message", "ts": thread, "thread_ts": thread, "reply_count": 1, "user": "U1", "text": "q"});
    let reply =
        json!({"type": "message", "ts": "1709287300.0", "thread_ts": thread, "user": "U2", "text": "a"});
    let mut broadcast = reply.clone();
    broadcast["subtype"] = json!("thread_broadcast");
    let (turns, noticed) = read(&[root.clone(), broadcast.clone()]);
    assert_eq!((turns.as_slice(), noticed.len()), (&["Ana: q".to_owned(), "Kim: a".to_owned()][..], 0));
    let (turns, noticed) = read(&[root, reply, broadcast]);
    assert_eq!(turns, ["Ana: q", "Kim: a", "Kim: a (Event(Edit))"]);
    assert!(noticed.is_empty(), "{noticed:?}");
}

#[test]
fn what_is_missing_of_a_thread_is_said() {
    let thread = "1709287200.000100";
    let reply =
        json!({"type": "message", "ts": "1709287300.0", "thread_ts": thread, "user": "U2", "text": "a"});
    assert!(
        read(std::slice::from_ref(&reply)).1[0]
            .contains("the first message of thread 1709287200.000100 is missing")
    );
    let root = json!({"type": "message", "ts": thread, "thread_ts": thread, "reply_count": 3, "user": "U1", "text": "q"});
    assert!(read(&[root, reply]).1[0].contains("3 replies by its own count, of which 1 are there"));
}

#[test]
fn files_old_and_new() {
    let new = json!({"type": "message", "ts": "1.0", "user": "U1", "text": "see", "subtype": "file_share",
        "files": [{"title": "a &amp; b", "name": "ab.png"}, {"mode": "tombstone"}]});
    let old = json!({"type": "message", "ts": "2.0", "user": "U1", "subtype": "file_share",
        "text": "<@U1> uploaded a file: <https://x.example/a|a>",
        "file": {"name": "a", "initial_comment": {"user": "U1", "comment": "look &gt;"}}});
    let comment = json!({"type": "message", "ts": "3.0", "subtype": "file_comment", "text": "<@U2> commented",
        "comment": {"user": "U2", "comment": "nice"}});
    assert_eq!(
        read(&[new, old, comment]).0,
        [
            "Ana: see",
            "Ana: a & b (Media)",
            "Ana:  (Media)",
            "Ana: @Ana uploaded a file: [a](https://x.example/a) (Media)",
            "Ana: look >",
            "Kim: nice"
        ]
    );
}

#[test]
fn apps_and_people_without_a_list() {
    let empty = json!({"type": "message", "subtype": "bot_message", "ts": "1.0", "text": "", "bot_id": "B1"});
    let posted = json!({"type": "message", "subtype": "bot_message", "ts": "2.0", "text": "", "username": "ci",
        "attachments": [{"text": "build 7", "fallback": "build"}]});
    let stranger = json!({"type": "message", "ts": "3.0", "user": "U7", "text": "hi",
        "user_profile": {"display_name": "", "real_name": "Jo Li"}, "attachments": [{"text": "preview", "from_url": "x"}],
        "reactions": [{"name": "tada", "users": ["U1", "U8"]}, {"name": "eyes"}]});
    let blocks = json!({"type": "message", "ts": "4.0", "user": "U1", "text": "",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "by <@U2>"}}]});
    let slackbot = json!({"type": "message", "ts": "5.0", "user": "USLACKBOT", "text": "Reminder"});
    let (turns, _) = read(&[empty, posted, stranger, blocks, slackbot]);
    assert_eq!(
        turns,
        [
            "B1:  (Auto(Other))",
            "ci: build 7 (Auto(Other))",
            "Jo Li: hi",
            "Ana: :tada: (Event(Reaction))",
            "U8: :tada: (Event(Reaction))",
            ": :eyes: (Event(Reaction))",
            "Ana: by @Kim",
            "Slackbot: Reminder"
        ]
    );
}
