//! What messages of Teams read as.

use serde_json::{Value, json};

use super::*;
use crate::model::Turn;

fn read(messages: &[Value]) -> (Option<String>, Vec<String>, Vec<String>) {
    let messages = messages.iter().map(|message| message.as_object().unwrap().clone()).collect();
    let (conversation, findings) = Teams.messages(messages, &People::default()).unwrap();
    let show = |turn: &Turn| match format!("{:?}", turn.kind).as_str() {
        "Text" => format!("{}: {}", turn.speaker, turn.text),
        kind => format!("{}: {} ({kind})", turn.speaker, turn.text),
    };
    let turns = conversation.turns.iter().map(show).collect();
    (conversation.id, turns, findings.into_iter().map(|finding| finding.message).collect())
}

fn html(id: &str, name: &str, content: &str) -> Value {
    json!({"id": id, "messageType": "message", "createdDateTime": "2024-03-01T10:00:00Z",
        "from": {"user": {"id": format!("i{name}"), "displayName": name}},
        "body": {"contentType": "html", "content": content}})
}

#[test]
fn bodies_as_people_saw_them() {
    let mut post = html(
        "1",
        "Kim",
        "<p>Hi <at id=\"0\">Ana</at>, it is <emoji id=\"x\" alt=\"🙂\"></emoji> &amp; down</p>",
    );
    post["subject"] = json!("Printer");
    let mut plain = html("2", "Ana", "a <b> &amp; c\n");
    plain["body"]["contentType"] = json!("text");
    let picture = html("3", "Kim", "<p><img src=\"x\"></p>");
    let mut file = html("4", "Kim", "<attachment id=\"a\"></attachment>");
    file["attachments"] = json!([{"id": "a", "contentType": "reference", "name": "log.txt"}]);
    let (_, turns, _) = read(&[post, plain, picture, file]);
    assert_eq!(
        turns,
        [
            "Kim: Printer\nHi Ana, it is 🙂 & down",
            "Ana: a <b> &amp; c",
            "Kim:  (Media)",
            "Kim: log.txt (Media)"
        ]
    );
}

#[test]
fn applications_cards_and_namesakes() {
    let mut bot = html("1", "", "<attachment id=\"c\"></attachment>");
    bot["from"] = json!({"application": {"displayName": "Tickets"}, "user": null});
    bot["attachments"] = json!([{"contentType": "application/vnd.microsoft.card.adaptive",
        "content": "{\"body\":[{\"type\":\"TextBlock\",\"text\":\"Ticket 7 opened\"}]}"}]);
    let mut liked = html("2", "Kim", "<p>a</p>");
    liked["reactions"] = json!([{"reactionType": "like", "user": {"user": {"displayName": "Ana"}}}]);
    let (_, turns, _) = read(&[bot, liked, html("3", "kim", "<p>b</p>")]);
    assert_eq!(
        turns,
        ["Tickets: Ticket 7 opened", "Kim (iKim): a", "Ana: like (Event(Reaction))", "kim (ikim): b"]
    );
}

#[test]
fn posts_with_replies_inside_and_without() {
    let mut post = html("1", "Kim", "<p>a</p>");
    post["channelIdentity"] = json!({"channelId": "c1"});
    post["replies"] = json!([html("2", "Ana", "<p>b</p>")]);
    let (id, turns, noticed) = read(&[post]);
    assert_eq!((id.as_deref(), turns.len(), noticed.len()), (Some("c1/1"), 2, 0));
    let mut reply = html("2", "Ana", "<p>b</p>");
    reply["replyToId"] = json!("1");
    assert!(read(&[reply]).2[0].contains("the post 1 is missing"));
}

#[test]
fn where_messages_belong() {
    let place = |message: &Value| {
        let message = message.as_object().unwrap();
        (Teams.belongs(message), Teams.talk(message).map(|talk| (talk.room != 0, talk.said)))
    };
    let mut message = html("2", "Ana", "b");
    message["replyToId"] = json!("1");
    let belongs = Belongs { key: Some("2".into()), joins: vec!["1".into()] };
    assert_eq!(place(&message), (belongs, Some((false, true))));
    message["channelIdentity"] = json!({"channelId": "c"});
    assert_eq!(place(&message), (Belongs { key: Some("1".into()), joins: Vec::new() }, None));
    let mut chat = html("2", "Ana", "b");
    chat["chatId"] = json!("19:x");
    assert_eq!(place(&chat).1, Some((true, true)));
}
