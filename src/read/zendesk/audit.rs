//! Audits: everything that happened to a ticket. Only comments are speech.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comment::{self, Around, Placed};
use super::sides::Sides;
use crate::model::{Auto, Event, Kind, Medium, Turn, Visibility};
use crate::read::desk::{Fields, list};
use crate::read::json::Misfit;

/// Adds the turns of an audit (`events[]`), or of an entry of the event export (`child_events[]`).
pub(super) fn read(
    audit: Fields<'_>,
    ticket: Option<Fields<'_>>,
    sides: &mut Sides<'_>,
    turns: &mut Vec<Placed>,
) -> Result<(), Misfit> {
    let key = if audit.map().contains_key("child_events") { "child_events" } else { "events" };
    let events = list(audit.map(), key)?.unwrap_or_default();
    for event in events {
        let name = event.first_word(&["event_type", "type"]).unwrap_or_default();
        match name {
            "Comment" | "VoiceComment" | "FacebookComment" => {
                comment::read(event, Around { outer: Some(audit), ticket }, sides, turns)?;
            }
            _ => turns.push(other(event, name, audit, sides)?),
        }
    }
    Ok(())
}

/// An event that nobody said, or that a machine did.
fn other(event: Fields<'_>, name: &str, audit: Fields<'_>, sides: &mut Sides<'_>) -> Result<Placed, Misfit> {
    let author = event.id(&["author_id"]).or_else(|| audit.id(&["author_id", "updater_id"]));
    let kind = match name {
        "Notification" | "NotificationWithCcs" | "SmsNotification" | "OrganizationActivity" => {
            Kind::Auto(Auto::Reply)
        }
        "AnswerBotNotification" | "AutomaticAnswerSend" => Kind::Auto(Auto::Other),
        "SatisfactionRating" => Kind::Event(Event::Rating),
        "Create" | "Change" | "TicketSharingEvent" => Kind::Event(Event::Assignment),
        "CommentRedactionEvent" | "AttachmentRedactionEvent" => Kind::Event(Event::Deletion),
        _ => Kind::Event(Event::Other),
    };
    let text = match (event.text("body")?, event.map().get("value").and_then(crate::read::people::scalar)) {
        (Some(body), _) => body.to_owned(),
        (None, Some(value)) => value,
        (None, None) => String::new(),
    };
    let turn = Turn {
        speaker: sides.speaker(author.as_deref()).0,
        role: None,
        text,
        time: audit.time(&["created_at", "timestamp"]),
        visibility: Visibility::Public,
        kind,
        medium: Medium::Chat,
        ..Turn::default()
    };
    Ok(Placed { id: event.id(&["id"]).and_then(|id| id.parse().ok()).unwrap_or(0), comment: None, turn })
}

/// Comments whose privacy was changed later: whether they are public in the end.
pub(super) fn privacy(audits: &[Fields<'_>]) -> BTreeMap<String, bool> {
    let mut last = BTreeMap::new();
    for audit in audits {
        for event in audit.objects("events").chain(audit.objects("child_events")).map(Fields::of) {
            let changes = event.first_word(&["event_type", "type"]) == Some("CommentPrivacyChange");
            if let (true, Some(id), Some(Value::Bool(public))) =
                (changes, event.id(&["comment_id"]), event.map().get("public"))
            {
                last.insert(id, *public);
            }
        }
    }
    last
}
