//! One Discord message as turns.

use serde_json::Value;

use super::json::{Means, means};
use super::names::{Names, account};
use crate::model::{Event, Extra, Kind, Medium, Role, Turn};
use crate::read::people::side;
use crate::text::time;

/// Turns the messages of one conversation into turns.
pub(super) struct Teller {
    names: Names,
    /// The turns so far.
    pub turns: Vec<Turn>,
}

impl Teller {
    /// One who knows the names in `messages`.
    pub fn of(messages: &[Extra]) -> Self {
        Self { names: Names::of(messages), turns: Vec::new() }
    }

    /// Adds the turns of a message.
    pub fn tell(&mut self, message: &Extra) {
        let time = message.get("timestamp").and_then(time::of_json);
        let author = message.get("author").unwrap_or(&Value::Null);
        let (speaker, role) = (account(author).unwrap_or_default(), role_of(author));
        let turn = |text: String, kind| Turn {
            speaker: speaker.clone(),
            role: role.clone(),
            text,
            time,
            kind,
            medium: Medium::Messenger,
            ..Turn::default()
        };
        let content = self.names.resolve(text(message, "content"));
        let kind = text(message, "type");
        if matches!(means(kind), Means::Event) {
            self.turns.push(turn(content, Kind::Event(event(kind))));
        } else {
            let before = self.turns.len();
            if !content.trim().is_empty() {
                self.turns.push(turn(content, Kind::Text));
            } else if let Some(forwarded) = message.get("forwardedMessage").and_then(Value::as_object) {
                // Somebody else's words, from another place.
                let forwarded = self.names.resolve(text(forwarded, "content"));
                self.turns.push(turn(forwarded, Kind::Media));
            } else {
                let words = self.names.resolve(&embedded(message));
                self.turns.extend((!words.is_empty()).then(|| turn(words, Kind::Text)));
            }
            for (list, key) in [("attachments", "fileName"), ("stickers", "name")] {
                let names = objects(message, list).map(|item| text(item, key).to_owned());
                self.turns.extend(names.map(|name| turn(name, Kind::Media)));
            }
            if self.turns.len() == before {
                self.turns.push(turn(String::new(), Kind::Text));
            }
        }
        self.reactions(message, time);
    }

    fn reactions(&mut self, message: &Extra, time: Option<i64>) {
        for reaction in objects(message, "reactions") {
            let name = reaction.get("emoji").and_then(|emoji| emoji.get("name")).and_then(Value::as_str);
            let kind = Kind::Event(Event::Reaction);
            let turn = |speaker| Turn {
                speaker,
                text: name.unwrap_or_default().to_owned(),
                time,
                kind,
                ..Turn::default()
            };
            let before = self.turns.len();
            let users = reaction.get("users").and_then(Value::as_array).into_iter().flatten();
            self.turns.extend(users.map(|user| turn(account(user).unwrap_or_default())));
            if self.turns.len() == before {
                self.turns.push(turn(String::new()));
            }
        }
    }
}

/// The mark of an author: a bot, or a role on the server that is a common word for a side.
fn role_of(author: &Value) -> Option<Role> {
    if author.get("isBot") == Some(&Value::Bool(true)) {
        return Some(Role::Other("bot".into()));
    }
    let roles = author.get("roles").and_then(Value::as_array)?;
    roles.iter().find_map(|role| side(role.get("name")?.as_str()?))
}

fn event(kind: &str) -> Event {
    match kind {
        "RecipientAdd" | "GuildMemberJoin" | "1" | "7" => Event::Join,
        "RecipientRemove" | "2" => Event::Leave,
        "Call" | "3" => Event::Call,
        "ChannelNameChange"
        | "ChannelIconChange"
        | "ChannelPinnedMessage"
        | "ThreadCreated"
        | "4"
        | "5"
        | "6"
        | "18" => Event::Room,
        _ => Event::Other,
    }
}

/// The words of embeds: title, description and fields.
fn embedded(message: &Extra) -> String {
    let mut lines: Vec<String> = Vec::new();
    for embed in objects(message, "embeds") {
        let words = ["title", "description"].into_iter().map(|key| text(embed, key));
        lines.extend(words.filter(|words| !words.trim().is_empty()).map(str::to_owned));
        for field in objects(embed, "fields") {
            match (text(field, "name").trim(), text(field, "value").trim()) {
                ("", "") => {}
                ("", words) | (words, "") => lines.push(words.to_owned()),
                (name, value) => lines.push(format!("{name}: {value}")),
            }
        }
    }
    lines.join("\n")
}

fn text<'a>(map: &'a Extra, key: &str) -> &'a str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn objects<'a>(map: &'a Extra, key: &str) -> impl Iterator<Item = &'a Extra> {
    map.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}
