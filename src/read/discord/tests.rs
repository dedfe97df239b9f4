//! What exports of Discord read as.

use serde_json::{Value, json};

use super::json::{Channel, Messages};
use super::plain::{Form, Plain, time_of};
use super::*;
use crate::model::{Origin, Raw, Turn};
use crate::read::reader::Decode;
use crate::read::{Batch, Frame};

fn turns(decoder: &dyn Decode, rows: &[String]) -> Vec<String> {
    let mut ends = Vec::new();
    let mut end = 0;
    for row in rows {
        ends.push(end + row.len());
        end += row.len() + 1;
    }
    let mut batch = Batch::default();
    batch.push_rows(Origin::default(), rows.join("\n").as_bytes(), &ends);
    let frame: Frame<'_> = batch.frames().next().unwrap();
    let Raw::Conversation(conversation) = decoder.decode(&frame).unwrap().raw else { panic!("none") };
    let show = |turn: &Turn| match format!("{:?}", turn.kind).as_str() {
        "Text" => format!("{}: {}", turn.speaker, turn.text),
        kind => format!("{}: {} ({kind})", turn.speaker, turn.text),
    };
    conversation.turns.iter().map(show).collect()
}

fn read(messages: &[Value]) -> Vec<String> {
    let rows: Vec<String> = messages.iter().map(Value::to_string).collect();
    turns(&Messages { channel: Channel::of(None) }, &rows)
}

#[test]
fn types_embeds_files_and_reactions() {
    let kim = json!({"id": "5", "name": "kim", "discriminator": "0001"});
    let read = read(&[
        json!({"id": "1", "type": "Default", "author": kim, "content": "<@6> is it down?",
            "mentions": [{"id": "6", "name": "ana"}], "reactions": [{"emoji": {"name": "👍"}, "count": 2}]}),
        json!({"id": "2", "type": "GuildMemberJoin", "author": kim, "content": "Joined the server."}),
        json!({"id": "3", "type": "Default", "author": {"id": "9", "name": "status", "isBot": true}, "content": "",
            "embeds": [{"title": "Down", "description": "since 10:00", "fields": [{"name": "Where", "value": "EU"}]}]}),
        json!({"id": "4", "type": "Default", "author": kim, "content": "",
            "attachments": [{"fileName": "log.txt"}], "stickers": [{"name": "sad"}]}),
        json!({"id": "5", "type": "Default", "author": kim, "content": "", "forwardedMessage": {"content": "theirs"}}),
        json!({"id": "6", "type": "Default", "author": null, "content": 7}),
    ]);
    assert_eq!(
        read,
        [
            "kim#0001: @ana is it down?",
            ": 👍 (Event(Reaction))",
            "kim#0001: Joined the server. (Event(Join))",
            "status: Down\nsince 10:00\nWhere: EU",
            "kim#0001: log.txt (Media)",
            "kim#0001: sad (Media)",
            "kim#0001: theirs (Media)",
            ": "
        ]
    );
}

#[test]
fn dates_as_the_exporter_writes_them() {
    let new_year = time_of("2020-01-01T01:33:00.1230000+00:00", false).unwrap();
    assert_eq!(time_of("01-Jan-20 01:33 AM", false), Some(new_year - 123));
    assert_eq!(time_of("01/02/2024 10:00 AM", true), time_of("02/01/2024 10:00 AM", false));
    let plain = |dates: &[&str]| {
        let rows: Vec<String> = dates.iter().map(|date| format!("1,kim,{date},hi,,\n")).collect();
        let head = format!("AuthorID,Author,Date,Content,Attachments,Reactions\n{}", rows.concat());
        let plain = Plain::of(Form::Table, &Sample::new("x.csv", head.into_bytes(), true));
        time_of("02/01/2024 10:00", true) == Some(plain.time("02/01/2024 10:00").unwrap())
    };
    assert!(plain(&["13/01/2024 10:00"]));
    assert!(!plain(&["01/13/2024 10:00"]));
    assert!(plain(&["31/01/2024 10:00", "01/02/2024 10:00"]));
    assert!(plain(&["05/01/2024 10:00", "01/02/2024 10:00"]));
    assert!(!plain(&["05/01/2024 10:00", "05/02/2024 10:00"]));
}

#[test]
fn texts_are_cut_at_headers_behind_blank_lines() {
    let text = "==============================================================\nGuild: Shop\nChannel: Help / support\n==============================================================\n\n\
        [01/03/2024 10:00 AM] kim\nhello\n[01/03/2024 10:00 AM] not a header\n\n[no date] nor this\n\n{Attachments}\nhttps://x.example/a.png\n\n\
        [01/03/2024 10:05 AM] ana (pinned)\nhi\n\n{Reactions}\n👍 (2)\n\n\
        ==============================================================\nExported 2 message(s)\n==============================================================\n";
    assert!(text::is_text(text.as_bytes()));
    let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "x");
    let mut batch = Batch::default();
    assert!(!text::Texts::new(feed, 0, 1000).fill(&mut batch).unwrap());
    let rows: Vec<String> =
        batch.frames().map(|frame| String::from_utf8_lossy(frame.bytes).into_owned()).collect();
    assert_eq!(batch.frames().map(|frame| frame.origin.line).collect::<Vec<_>>(), [6, 15]);
    let plain = Plain::of(Form::Text, &Sample::new("x.txt", text.as_bytes().to_vec(), true));
    assert_eq!(
        turns(&plain, &rows),
        [
            "kim: hello\n[01/03/2024 10:00 AM] not a header\n\n[no date] nor this",
            "kim: https://x.example/a.png (Media)",
            "ana: hi",
            ": 👍 (2) (Event(Reaction))"
        ]
    );
}
