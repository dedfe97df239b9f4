//! `LiveChat` (text.com): archived chats, of which each thread is a conversation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::export::{Export, Known, Read};
use super::json::{Misfit, field};
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Role, Turn, Visibility};
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "livechat",
    title: "LiveChat (text.com): archived chats with their threads and events",
    notes: "\
- A chat holds threads, from one visit each: **one thread is one conversation**, under the thread's identifier; that of \
  the chat stays beside it as `chat_id`. `thread` (as the list of archives has it) and `threads[]` are understood. A chat whose \
  threads cannot be told apart without repeating more than 64 MiB of what stands beside them stays one conversation.\n\
- **Sides** come from `users[].type` of the `author_id`. Bots are agents for LiveChat; a user marked `bot` is a bot.\n\
- `visibility: agents`, in the older interface `recipients: agents`, is an internal note.\n\
- `system_message` is an event by its `system_message_type`, or any event where it has none; `rich_message` and `form` \
  are menus, `filled_form` a form with labels and answers; `file` is a turn with its name; `custom` an event with its JSON.",
    how_to_get: "\
With the Agent Chat API: `POST https://api.livechatinc.com/v3.6/agent/action/list_archives` gives pages of `chats`, \
`next_page_id` the next one; store the pages. An administrator makes the token in *Developer Console → Tools → Personal \
Access Tokens*. (The report exports of the application hold no texts; not verified.)",
    recognised_by: "`users[]` beside `thread` or `threads[]` with `events[]`",
};

/// The reader of `LiveChat`.
#[derive(Clone, Copy)]
pub struct LiveChat;

impl Export for LiveChat {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["chats", "chats_summary"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let thread = |value: &Value| value.get("events").is_some_and(Value::is_array);
        let threads = field::list(record, "threads");
        let found = record.get("thread").is_some_and(thread) || threads.iter().any(thread);
        let sides = |user: &Extra| matches!(field::text(user, "type"), "customer" | "agent");
        let ours = field::objects(record, "users").any(sides) && record.contains_key("threads");
        let users = record.get("users").is_some_and(Value::is_array);
        if ours || (users && found) {
            Known::conversation("`threads[].events[]` and `users[]`")
        } else {
            None
        }
    }

    fn divides(&self) -> Option<&'static str> {
        Some("threads")
    }

    fn conversation(&self, mut record: Extra, _: &People) -> Read {
        let mut threads = match record.shift_remove("threads") {
            Some(Value::Array(threads)) => threads,
            _ => Vec::new(),
        };
        threads.extend(record.shift_remove("thread"));
        let mut users = BTreeMap::new();
        for user in field::objects(&record, "users") {
            if let Some(id) = user.get("id").and_then(scalar) {
                users.insert(id, User::of(user));
            }
        }
        let chat = field::first(&record, &["id", "chat_id"]);
        let (mut turns, mut first_id, mut lists) = (Vec::new(), None, 0);
        let many = threads.len() > 1;
        for thread in threads {
            match thread {
                Value::Object(mut thread) => {
                    first_id = first_id.or_else(|| field::first(&thread, &["id"]).filter(|_| !many));
                    if let Some(Value::Array(events)) = thread.shift_remove("events") {
                        lists += 1;
                        turns.extend(field::turns(events, |event, turns| add(event, &users, turns)));
                    }
                    if !many {
                        thread.shift_remove("id");
                        record.extend(thread);
                    }
                }
                other => turns.push(field::stray(&other)),
            }
        }
        if lists == 0 && turns.is_empty() {
            return Err(Misfit::shape("", "no thread has a list `events`"));
        }
        record.shift_remove("users");
        record.shift_remove("id");
        if let (Some(chat), Some(_)) = (&chat, &first_id) {
            record.insert("chat_id".into(), Value::String(chat.clone()));
        }
        let id = first_id.or(chat);
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }
}

/// Somebody in a chat.
struct User {
    name: Option<String>,
    role: Option<Role>,
}

impl User {
    fn of(user: &Extra) -> Self {
        let role = match field::text(user, "type") {
            _ if user.get("is_bot") == Some(&Value::Bool(true)) => Some(Role::Other("bot".into())),
            "customer" => Some(Role::User),
            "agent" => Some(Role::Assistant),
            "bot" => Some(Role::Other("bot".into())),
            _ => None,
        };
        Self { name: field::first(user, &["name"]), role }
    }
}

fn add(mut event: Extra, users: &BTreeMap<String, User>, turns: &mut Vec<Turn>) {
    let author = field::first(&event, &["author_id"]).unwrap_or_default();
    let user = users.get(&author);
    let internal = ["visibility", "recipients"].iter().any(|key| field::text(&event, key) == "agents");
    let mut turn = Turn {
        role: user.and_then(|user| user.role.clone()),
        speaker: user.and_then(|user| user.name.clone()).unwrap_or(author),
        time: event.get("created_at").and_then(time::of_json),
        visibility: if internal { Visibility::Internal } else { Visibility::Public },
        ..Turn::default()
    };
    let kind = field::text(&event, "type").to_owned();
    turn.text = field::take_text(&mut event, "text");
    match kind.as_str() {
        "message" => {}
        "system_message" => {
            turn.kind = Kind::Event(system(field::text(&event, "system_message_type")));
            if turn.text.is_empty() {
                field::text(&event, "system_message_type").clone_into(&mut turn.text);
            }
        }
        "file" => {
            turn.kind = Kind::Media;
            turn.text = field::first(&event, &["name", "url"]).unwrap_or(turn.text);
        }
        "form" | "filled_form" => {
            turn.kind = Kind::Auto(Auto::Menu);
            turn.text = form(&event);
        }
        "rich_message" => {
            turn.kind = Kind::Auto(Auto::Menu);
            turn.text = rich(&event, turn.text);
        }
        "annotation" => turn.kind = Kind::Event(Event::Rating),
        _ => {
            turn.kind = Kind::Event(Event::Other);
            if turn.text.is_empty() {
                turn.text = Value::Object(event).to_string();
            }
        }
    }
    turns.push(turn);
}

/// What happened, by the type that `LiveChat` gives it.
fn system(kind: &str) -> Event {
    match kind {
        "agent_added" | "agent_joined" | "customer_added" => Event::Join,
        "chat_transferred" => Event::Transfer,
        "agent_left" | "agent_removed" | "customer_removed" | "customer_banned" | "system_archived" => {
            Event::Leave
        }
        _ if kind.starts_with("rating.") => Event::Rating,
        _ if kind.contains("archived") => Event::Leave,
        _ if kind.starts_with("routing.assigned") => Event::Transfer,
        _ if kind.starts_with("routing.") => Event::Assignment,
        _ => Event::Other,
    }
}

/// Labels and answers of a form, a line each.
fn form(event: &Extra) -> String {
    let mut lines = Vec::new();
    for one in field::objects(event, "fields") {
        let label = field::text(one, "label");
        let mut answers: Vec<String> = one.get("answer").and_then(answer).into_iter().collect();
        answers.extend(field::list(one, "answers").iter().filter_map(answer));
        lines.push(match (label.is_empty(), answers.is_empty()) {
            (_, true) => label.to_owned(),
            (true, false) => answers.join(", "),
            (false, false) => format!("{label} {}", answers.join(", ")),
        });
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// An answer is a text, a truth, or an option with a label.
fn answer(value: &Value) -> Option<String> {
    match value {
        Value::Object(option) => field::first(option, &["label", "value", "id"]),
        Value::Bool(yes) => Some(yes.to_string()),
        other => scalar(other),
    }
}

/// What is read on the cards of a rich message, a line each.
fn rich(event: &Extra, text: String) -> String {
    let mut lines = vec![text];
    for card in field::objects(event, "elements") {
        lines.extend(["title", "subtitle"].map(|key| field::text(card, key).to_owned()));
        lines.extend(field::objects(card, "buttons").map(|button| field::text(button, "text").to_owned()));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_by_type() {
        for (kind, wanted) in [
            ("agent_joined", Event::Join),
            ("manual_archived_agent", Event::Leave),
            ("routing.archived_inactive", Event::Leave),
            ("routing.assigned_inactive", Event::Transfer),
            ("routing.idle", Event::Assignment),
            ("rating.chat_rated", Event::Rating),
            ("transcript_sent", Event::Other),
            ("", Event::Other),
        ] {
            assert_eq!(system(kind), wanted, "{kind}");
        }
    }
}
