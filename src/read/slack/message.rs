//! One Slack message as turns: what was said, its files, the reactions under it.

use serde_json::Value;

use super::blocks::Words;
use super::directory::Directory;
use super::mark_up::{decode, resolve};
use super::sort::milliseconds;
use super::subtype::{Means, means};
use crate::model::{Auto, Event, Extra, Kind, Medium, Role, Turn};
use crate::read::people::scalar;

/// All members that are ever used.
pub(super) const ALL: &[&str] = &[
    "attachments",
    "blocks",
    "bot_profile",
    "user_profile",
    "bot_id",
    "client_msg_id",
    "comment",
    "deleted_ts",
    "file",
    "files",
    "message",
    "original",
    "previous_message",
    "reactions",
    "reply_count",
    "subtype",
    "text",
    "thread_ts",
    "ts",
    "type",
    "user",
    "username",
];
/// So many of them, the first, are wanted of messages of apps, without text or of unknown people only, which are read
/// once more for them.
const SELDOM: usize = 4;
/// Members that every message is read for.
pub(super) const USUAL: &[&str] = ALL.split_at(SELDOM).1;

/// Whether [`USUAL`] members do not say everything.
pub(super) fn needs_all(message: &Extra, names: &Directory) -> bool {
    let user = text(message, "user");
    text(message, "text").trim().is_empty()
        || solid(message, "bot_id").is_some()
        || user.is_empty()
        || names.user(user).is_none()
}

/// What a message is.
pub(super) fn means_of(message: &Extra) -> Means {
    let typed = solid(message, "client_msg_id").is_some();
    means(text(message, "type"), message.get("subtype").and_then(Value::as_str), typed)
}

/// Reads messages of one channel.
pub(super) struct Reading<'a> {
    /// Who is who.
    pub names: &'a Directory,
    /// How many entities were escaped twice.
    pub twice: u64,
}

impl Reading<'_> {
    /// Adds the turns of a message that is a turn by itself.
    pub fn turns(&mut self, message: &Extra, kind: Kind, turns: &mut Vec<Turn>) {
        let first = turns.len();
        let time = time_of(message);
        let (speaker, role) = self.speaker(message);
        let text = self.text(message);
        let turn = |text, kind| Turn {
            speaker: speaker.clone(),
            role: role.clone(),
            text,
            time,
            kind,
            medium: Medium::Messenger,
            ..Turn::default()
        };
        if kind == Kind::Text {
            self.speech(message, text, &turn, turns);
        } else {
            turns.push(turn(text, kind));
        }
        self.reactions(message, time, turns);
        debug_assert!(turns.len() > first);
    }

    /// Adds the words of a message and its files.
    fn speech(
        &mut self,
        message: &Extra,
        text: String,
        turn: &dyn Fn(String, Kind) -> Turn,
        turns: &mut Vec<Turn>,
    ) {
        let files: Vec<&Extra> = objects(message.get("files")).collect();
        if let (true, Some(file)) = (files.is_empty(), message.get("file").and_then(Value::as_object)) {
            // The old form: the text is Slack's account of the upload, and the words stand in a comment.
            turns.push(turn(text, Kind::Media));
            if let Some(comment) = file.get("initial_comment").and_then(Value::as_object) {
                self.comment(comment, turn(String::new(), Kind::Text), turns);
            }
            return;
        }
        let silent = text.trim().is_empty();
        if !silent || files.is_empty() {
            // Somebody else's message, passed on without a word, is no speech.
            let shares = silent && objects(message.get("attachments")).next().is_some();
            // An app that says nothing in its text posts a card: news of a service, and no answer to anybody.
            let card = is_app(message) && solid(message, "text").is_none();
            turns.push(turn(
                text,
                if card {
                    Kind::Auto(Auto::Other)
                } else if shares {
                    Kind::Media
                } else {
                    Kind::Text
                },
            ));
        }
        for file in files {
            let mut name = String::new();
            let written = solid(file, "title").or_else(|| solid(file, "name")).unwrap_or_default();
            decode(written, &mut name, &mut self.twice);
            turns.push(turn(name, Kind::Media));
        }
    }

    /// Adds a comment on a file, in the old form.
    pub fn file_comment(&mut self, message: &Extra, turns: &mut Vec<Turn>) {
        let (speaker, role) = self.speaker(message);
        let turn = Turn { speaker, role, time: time_of(message), ..Turn::default() };
        match message.get("comment").and_then(Value::as_object) {
            Some(comment) => self.comment(comment, turn, turns),
            None => turns.push(Turn { text: self.text(message), ..turn }),
        }
        self.reactions(message, time_of(message), turns);
    }

    fn comment(&mut self, comment: &Extra, turn: Turn, turns: &mut Vec<Turn>) {
        let text = self.resolved(text(comment, "comment"));
        let (speaker, role) = match solid(comment, "user") {
            Some(user) => self.speaker_of(user, comment),
            None => (turn.speaker, turn.role),
        };
        turns.push(Turn { speaker, role, text, ..turn });
    }

    /// The text that people saw.
    pub fn text(&mut self, message: &Extra) -> String {
        let text = self.resolved(text(message, "text"));
        let by_app = is_app(message);
        if !text.trim().is_empty() && !by_app {
            return text;
        }
        let mut words = Words::new(self.names);
        if by_app && let Some(attachments) = message.get("attachments") {
            words.attachments(attachments);
        }
        if text.trim().is_empty()
            && words.is_empty()
            && let Some(blocks) = message.get("blocks")
        {
            words.blocks(blocks);
        }
        self.twice += words.twice;
        let more = words.into_text();
        match (text.trim().is_empty(), more.is_empty()) {
            (_, true) => text,
            (true, false) => more,
            (false, false) => format!("{text}\n{more}"),
        }
    }

    fn resolved(&mut self, text: &str) -> String {
        let resolved = resolve(text, self.names);
        self.twice += resolved.twice;
        resolved.text.into_owned()
    }

    /// Name and mark of who posted a message.
    pub fn speaker(&self, message: &Extra) -> (String, Option<Role>) {
        if let Some(user) = solid(message, "user") {
            return self.speaker_of(user, message);
        }
        let bot = solid(message, "bot_id");
        let profile = message.get("bot_profile").and_then(Value::as_object);
        let name = solid(message, "username").or_else(|| solid(profile?, "name"));
        let name = name.map(str::to_owned).or_else(|| Some(self.names.user(bot?)?.to_owned()));
        let role = (bot.is_some() || text(message, "subtype") == "bot_message").then(bot_role);
        (name.or_else(|| bot.map(str::to_owned)).unwrap_or_default(), role)
    }

    fn speaker_of(&self, user: &str, message: &Extra) -> (String, Option<Role>) {
        let object = |key: &str| message.get(key).and_then(Value::as_object);
        let known = self.names.person(user);
        let name = self.names.user(user).map(str::to_owned).or_else(|| {
            let profile = object("user_profile");
            let name = ["display_name", "real_name", "name"].iter().find_map(|key| solid(profile?, key));
            name.or_else(|| solid(object("bot_profile")?, "name")).map(str::to_owned)
        });
        // An app may post in the name of a person: then the list knows a person.
        let by_app = known.is_none() && is_app(message);
        let bot = by_app || Directory::is_slackbot(user);
        let role = known.and_then(|person| person.role.clone()).or_else(|| bot.then(bot_role));
        (name.unwrap_or_else(|| user.to_owned()), role)
    }

    /// Adds a turn for everybody who reacted, or one where the export does not say who.
    fn reactions(&self, message: &Extra, time: Option<i64>, turns: &mut Vec<Turn>) {
        for reaction in objects(message.get("reactions")) {
            let text = format!(":{}:", text(reaction, "name"));
            let kind = Kind::Event(Event::Reaction);
            let turn = |speaker: String| Turn { speaker, text: text.clone(), time, kind, ..Turn::default() };
            let users = reaction.get("users").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let names = users.iter().filter_map(Value::as_str);
            let names = names.map(|user| self.names.user(user).unwrap_or(user).to_owned());
            let before = turns.len();
            turns.extend(names.map(&turn));
            if turns.len() == before {
                turns.push(turn(String::new()));
            }
        }
    }
}

/// Whether an app posted the message.
fn is_app(message: &Extra) -> bool {
    solid(message, "bot_id").is_some()
        || text(message, "subtype") == "bot_message"
        || message.get("bot_profile").is_some_and(Value::is_object)
}

fn bot_role() -> Role {
    Role::Other("bot".into())
}

/// The time of a message.
pub(super) fn time_of(message: &Extra) -> Option<i64> {
    milliseconds(&scalar(message.get("ts")?)?)
}

fn text<'a>(map: &'a Extra, key: &str) -> &'a str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A text with more in it than white space.
pub(super) fn solid<'a>(map: &'a Extra, key: &str) -> Option<&'a str> {
    Some(text(map, key)).filter(|text| !text.trim().is_empty())
}

fn objects(list: Option<&Value>) -> impl Iterator<Item = &Extra> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}
