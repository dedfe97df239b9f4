//! One Teams message as turns.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{at, card, event};
use crate::model::{Event, Extra, Kind, Medium, Role, Turn};
use crate::read::people::{People, scalar};
use crate::text::html::to_text;
use crate::text::time;

/// Deepest nesting of replies that is read; the API goes no deeper than one.
const DEEPEST: usize = 8;

/// Identifier of a message.
pub(super) fn id_of(message: &Extra) -> Option<String> {
    message.get("id").and_then(scalar)
}

/// When a message was sent.
pub(super) fn time_of(message: &Extra) -> Option<i64> {
    message.get("createdDateTime").and_then(time::of_json)
}

/// Turns the messages of one conversation into turns.
pub(super) struct Teller<'a> {
    people: &'a People,
    /// Names that several identifiers bear in this conversation.
    shared: BTreeSet<String>,
    /// The turns so far.
    pub turns: Vec<Turn>,
}

impl<'a> Teller<'a> {
    /// One who knows the names in `messages`.
    pub fn of(messages: &[Extra], people: &'a People) -> Self {
        let mut bearers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let all = messages.iter().chain(messages.iter().flat_map(replies));
        for user in all.filter_map(|message| at(message, &["from", "user"])) {
            if let (Some(name), Some(id)) = (text(user, "displayName"), text(user, "id")) {
                bearers.entry(name.to_lowercase()).or_default().insert(id);
            }
        }
        let shared = bearers.into_iter().filter(|(_, ids)| ids.len() > 1).map(|(name, _)| name).collect();
        Self { people, shared, turns: Vec::new() }
    }

    /// Adds the turns of a message, and of the replies inside it.
    pub fn tell(&mut self, message: &Extra) {
        self.tell_at(message, 0);
    }

    fn tell_at(&mut self, message: &Extra, depth: usize) {
        let time = time_of(message);
        let kind = event::of(message).map_or(Kind::Text, Kind::Event);
        let who = match at(message, &["from"]) {
            Some(from) => from,
            None => at(message, &["eventDetail", "initiator"]).unwrap_or(&Value::Null),
        };
        let (speaker, role) = self.speaker(who);
        let turn = |text, kind| Turn {
            speaker: speaker.clone(),
            role: role.clone(),
            text,
            time,
            kind,
            medium: Medium::Messenger,
            ..Turn::default()
        };
        let words = words(message);
        let attachments = || at(message, &["attachments"]).and_then(Value::as_array).into_iter().flatten();
        if kind != Kind::Text {
            self.turns.push(turn(words, kind));
        } else if !words.is_empty() {
            self.turns.push(turn(words, kind));
            self.turns.extend(
                attachments().filter(|one| !is_words(one)).map(|one| turn(name_of(one), Kind::Media)),
            );
        } else {
            let before = self.turns.len();
            let posted = attachments().map(|one| {
                match one.get("content").filter(|_| is_words(one)).map(card::words) {
                    Some(words) if !words.is_empty() => turn(words, Kind::Text),
                    _ => turn(name_of(one), Kind::Media),
                }
            });
            self.turns.extend(posted);
            if self.turns.len() == before {
                let picture = content(message).1.contains("<img");
                self.turns.push(turn(String::new(), if picture { Kind::Media } else { Kind::Text }));
            }
        }
        self.reactions(message, time);
        if depth < DEEPEST {
            replies(message).for_each(|reply| self.tell_at(reply, depth + 1));
        }
    }

    fn speaker(&self, from: &Value) -> (String, Option<Role>) {
        if let Some(user) = from.get("user").filter(|user| user.is_object()) {
            let id = text(user, "id");
            let known = id.and_then(|id| self.people.get(id));
            let role = known.and_then(|person| person.role.clone());
            let listed = || self.people.name_of(id?).map(std::borrow::Cow::into_owned);
            let name = match (text(user, "displayName"), id) {
                (Some(name), Some(id)) if self.shared.contains(&name.to_lowercase()) => {
                    format!("{name} ({id})")
                }
                (Some(name), _) => name.to_owned(),
                (None, _) => listed().or_else(|| id.map(str::to_owned)).unwrap_or_default(),
            };
            return (name, role);
        }
        for key in ["application", "device"] {
            if let Some(other) = from.get(key).filter(|other| other.is_object()) {
                let name = text(other, "displayName").or_else(|| text(other, "id")).unwrap_or_default();
                let bot = (key == "application").then(|| Role::Other("bot".into()));
                return (name.to_owned(), bot);
            }
        }
        (String::new(), None)
    }

    fn reactions(&mut self, message: &Extra, time: Option<i64>) {
        for reaction in at(message, &["reactions"]).and_then(Value::as_array).into_iter().flatten() {
            // `user` is an identity set, like `from`; v1.0 of the API nests it once more than the page of it says.
            let user = reaction.get("user").unwrap_or(&Value::Null);
            let nested = user.get("user").is_some_and(Value::is_object);
            let (speaker, _) = if nested { self.speaker(user) } else { self.speaker(reaction) };
            let text = text(reaction, "reactionType").unwrap_or_default().to_owned();
            self.turns.push(Turn {
                speaker,
                text,
                time,
                kind: Kind::Event(Event::Reaction),
                ..Turn::default()
            });
        }
    }
}

/// The replies inside a message.
fn replies(message: &Extra) -> impl Iterator<Item = &Extra> {
    at(message, &["replies"]).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// Whether an attachment holds words of its own, or of another message that stands elsewhere.
fn is_words(attachment: &Value) -> bool {
    let kind = text(attachment, "contentType").unwrap_or_default();
    kind.starts_with("application/vnd.microsoft.") || kind == "messageReference"
}

fn name_of(attachment: &Value) -> String {
    text(attachment, "name").unwrap_or_default().to_owned()
}

/// Subject and text, as people saw them.
fn words(message: &Extra) -> String {
    let (html, body) = content(message);
    let body = if html { to_text(&with_emoji(body)) } else { body.trim_end().to_owned() };
    let body = if body.trim().is_empty() { String::new() } else { body };
    match at(message, &["subject"]).and_then(Value::as_str).map(str::trim) {
        None | Some("") => body,
        Some(subject) if body.is_empty() => subject.to_owned(),
        Some(subject) => format!("{subject}\n{body}"),
    }
}

/// Whether the body is HTML, and the body.
fn content(message: &Extra) -> (bool, &str) {
    let html = at(message, &["body", "contentType"]).and_then(Value::as_str) == Some("html");
    (html, at(message, &["body", "content"]).and_then(Value::as_str).unwrap_or_default())
}

/// Teams writes `<emoji alt="🙂" …></emoji>`, which is no element of HTML: pictures with an alternative text are.
fn with_emoji(html: &str) -> std::borrow::Cow<'_, str> {
    if html.contains("<emoji ") { html.replace("<emoji ", "<img ").into() } else { html.into() }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}
