//! A ticket as a conversation: its comments or audits, in order, the description only where no comment repeats it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::audit;
use super::comment::{self, Around, Placed};
use super::sides::Sides;
use crate::diagnostic::Finding;
use crate::model::{Conversation, Extra, Medium, Turn, Visibility};
use crate::read::codes;
use crate::read::desk::{Fields, list, written};
use crate::read::json::export::Read;
use crate::read::json::{Misfit, keys_seen};
use crate::read::people::People;

/// Reads a ticket, or a page with the comments of one.
pub(super) fn read(mut record: Extra, people: &People) -> Read {
    // `{"ticket": {…}, "comments": […]}`: the ticket is taken out, and the lists beside it stay where they are.
    let wrapped = match record.shift_remove("ticket") {
        Some(Value::Object(ticket)) => Some(ticket),
        Some(other) => {
            record.insert("ticket".into(), other);
            None
        }
        None => None,
    };
    let page = Fields::of(&record);
    let ticket = wrapped.as_ref().map_or(page, Fields::of);
    let mut sides = Sides::of(ticket, page, people);
    let around = Around { outer: None, ticket: Some(ticket) };
    let mut turns = Vec::new();
    let of = |key: &'static str| -> Result<Option<Vec<Fields<'_>>>, Misfit> {
        Ok(match list(&record, key)? {
            Some(found) => Some(found),
            None => wrapped.as_ref().map(|ticket| list(ticket, key)).transpose()?.flatten(),
        })
    };
    let (comments, audits) = (of("comments")?, of("audits")?);
    let changed = audit::privacy(audits.as_deref().unwrap_or_default());
    if let Some(comments) = &comments {
        for comment in comments {
            comment::read(*comment, around, &mut sides, &mut turns)?;
        }
    } else {
        for audit in audits.iter().flatten() {
            audit::read(*audit, Some(ticket), &mut sides, &mut turns)?;
        }
    }
    if let Some(first) = description(ticket, comments.as_deref(), &turns, &mut sides)? {
        turns.insert(0, Placed { id: 0, comment: None, turn: first });
    }
    let id = ticket.id(&["id"]);
    if turns.is_empty() && comments.is_none() && audits.is_none() {
        let says = format!("`comments`, `audits` and `description` are missing; {}", keys_seen(ticket.map()));
        return Err(Misfit::new(&codes::NO_CHAT_SHAPE, "", says));
    }
    let mut findings = sides.findings();
    findings.extend(more_pages(page, comments.as_ref().map(Vec::len)));
    let mut extra = wrapped.unwrap_or(record);
    for key in ["comments", "audits", "users", "description", "id", "next_page", "previous_page", "count"] {
        extra.shift_remove(key);
    }
    let conversation = conversation(id, turns, &changed, extra);
    Ok((Conversation { assumed: sides.assumed(), ..conversation }, findings))
}

/// Reads comments or audits that were gathered by their ticket.
pub(super) fn gathered(messages: &[Extra], people: &People) -> Read {
    let mut sides = Sides::unknown(people);
    let mut turns = Vec::new();
    let rows: Vec<Fields<'_>> = messages.iter().map(Fields::of).collect();
    for row in &rows {
        if row.map().contains_key("events") || row.map().contains_key("child_events") {
            audit::read(*row, None, &mut sides, &mut turns)?;
        } else {
            comment::read(*row, Around { outer: None, ticket: None }, &mut sides, &mut turns)?;
        }
    }
    let id = rows.first().and_then(|row| row.id(&["ticket_id"]));
    Ok((conversation(id, turns, &audit::privacy(&rows), Extra::new()), sides.findings()))
}

fn conversation(
    id: Option<String>,
    mut turns: Vec<Placed>,
    privacy: &BTreeMap<String, bool>,
    extra: Extra,
) -> Conversation {
    for placed in &mut turns {
        match placed.comment.as_ref().and_then(|id| privacy.get(id)) {
            Some(true) => placed.turn.visibility = Visibility::Public,
            Some(false) => placed.turn.visibility = Visibility::Internal,
            None => {}
        }
    }
    if turns.iter().all(|placed| placed.turn.time.is_some()) {
        turns.sort_by_key(|placed| (placed.turn.time, placed.id));
    }
    let turns = turns.into_iter().map(|placed| placed.turn).collect();
    Conversation { id, turns, extra, ..Conversation::default() }
}

/// The description as a turn, unless the comments hold it: it is the first of them again.
fn description(
    ticket: Fields<'_>,
    comments: Option<&[Fields<'_>]>,
    turns: &[Placed],
    sides: &mut Sides<'_>,
) -> Result<Option<Turn>, Misfit> {
    let Some(text) = ticket.first_text(&["description"])? else { return Ok(None) };
    let created = ticket.time(&["created_at"]);
    let same = |other: &str| text.split_whitespace().eq(other.split_whitespace());
    let in_comments = comments.unwrap_or_default().iter().any(|comment| {
        ["body", "plain_body"].iter().any(|key| same(comment.word(key)))
            || (created.is_some() && comment.time(&["created_at"]) == created)
    });
    let in_turns = turns.iter().any(|placed| {
        same(&placed.turn.text)
            || (created.is_some() && placed.comment.is_some() && placed.turn.time == created)
    });
    if in_comments || in_turns {
        return Ok(None);
    }
    let author = ticket.id(&["submitter_id", "requester_id"]);
    let (speaker, role) = sides.speaker(author.as_deref());
    let mail = ticket.within("via").is_some_and(|via| via.word("channel") == "email");
    let visibility =
        if ticket.flag("is_public")? == Some(false) { Visibility::Internal } else { Visibility::Public };
    let text = written(ticket, &[], &["description"])?.text;
    let medium = if mail { Medium::Mail } else { Medium::Chat };
    Ok(Some(Turn { speaker, role, text, time: created, visibility, medium, ..Turn::default() }))
}

/// Whether the page of comments says that there are more of them.
fn more_pages(page: Fields<'_>, held: Option<usize>) -> Option<Finding> {
    let held = held?;
    let counted = page.map().get("count").and_then(Value::as_u64);
    let more = page.map().get("next_page").is_some_and(Value::is_string)
        || counted.is_some_and(|count| count > held as u64);
    more.then(|| {
        let of = counted.map_or(String::new(), |count| format!(" of {count}"));
        Finding::new(
            &codes::PARTIAL_CONVERSATION,
            "comments",
            format!("{held}{of} comments, and a further page"),
        )
    })
}
