//! One comment as turns.

use super::chat;
use super::sides::Sides;
use crate::model::{Auto, Event, Kind, Medium, Role, Turn, Visibility};
use crate::read::desk::{Fields, attached, written};
use crate::read::json::Misfit;

/// A turn and what decides its place.
pub(super) struct Placed {
    /// The identifier of the comment, which grows with time; 0 where it is no number.
    pub id: u64,
    /// The comment itself, for events that refer to it.
    pub comment: Option<String>,
    pub turn: Turn,
}

/// Where a comment stands in: what it does not say of itself.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The audit or event around it.
    pub outer: Option<Fields<'a>>,
    /// The ticket.
    pub ticket: Option<Fields<'a>>,
}

/// Adds the turns of a comment.
pub(super) fn read(
    comment: Fields<'_>,
    around: Around<'_>,
    sides: &mut Sides<'_>,
    turns: &mut Vec<Placed>,
) -> Result<(), Misfit> {
    let author =
        comment.id(&["author_id", "user_id"]).or_else(|| around.outer?.id(&["author_id", "updater_id"]));
    let (speaker, role) = sides.speaker(author.as_deref());
    let body = written(comment, &["html_body"], &["body", "plain_body"])?;
    let (text, mut kind) = body.into_text(attached(comment, "attachments"));
    let channel = channel(comment, around);
    if comment.word("type").eq_ignore_ascii_case("VoiceComment")
        || comment.flag("voice_comment")? == Some(true)
        || channel == "voice"
    {
        kind = Kind::Event(Event::Call);
    } else if is_merge(comment, around, &text) {
        kind = Kind::Event(Event::Assignment);
    } else if matches!(role, Some(Role::Other(_))) && kind == Kind::Text {
        kind = Kind::Auto(Auto::Other);
    }
    let posted = comment.flag("tweet")? == Some(true) || comment.flag("facebook_comment")? == Some(true);
    let medium = match channel {
        "email" => Medium::Mail,
        "sms" | "twitter" | "twitter_dm" | "twitter_like" | "any_channel" => Medium::Post,
        _ if posted => Medium::Post,
        _ => Medium::Chat,
    };
    let time =
        comment.time(&["created_at", "created"]).or_else(|| around.outer?.time(&["created_at", "timestamp"]));
    let visibility =
        if comment.flag("public")? == Some(false) { Visibility::Internal } else { Visibility::Public };
    let turn = Turn { speaker, role, text, time, visibility, kind, medium, ..Turn::default() };
    let comment_id = comment.id(&["id"]);
    let id = comment_id.as_deref().and_then(|id| id.parse().ok()).unwrap_or(0);
    let chat = if kind == Kind::Text && chat::is_channel(channel) { chat::turns(&turn, sides) } else { None };
    let read = chat.unwrap_or_else(|| vec![turn]);
    turns.extend(read.into_iter().map(|turn| Placed { id, comment: comment_id.clone(), turn }));
    Ok(())
}

/// The channel of a comment, else of what stands around it.
fn channel<'a>(comment: Fields<'a>, around: Around<'a>) -> &'a str {
    let of = |fields: Fields<'a>| {
        fields.within("via").map(|via| via.word("channel")).filter(|word| !word.is_empty())
    };
    let given = of(comment).or_else(|| of(around.outer?)).or_else(|| of(around.ticket?));
    given.unwrap_or_default()
}

/// Whether a comment tells of tickets that were merged: by its mark, else by the sentence that Zendesk writes, from its
/// first word.
fn is_merge(comment: Fields<'_>, around: Around<'_>, text: &str) -> bool {
    let marked = |fields: Fields<'_>| {
        fields
            .within("via")
            .and_then(|via| via.map().get("source")?.get("rel")?.as_str())
            .is_some_and(|rel| rel == "merge")
    };
    marked(comment) || around.outer.is_some_and(marked) || says_merge(text)
}

fn says_merge(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let number = |rest: &str| rest.starts_with(|digit: char| digit.is_ascii_digit());
    if ["Ticket #", "Request #"].iter().any(|start| first.strip_prefix(start).is_some_and(number)) {
        return ["was merged", "was closed and merged into"].iter().any(|words| first.contains(words));
    }
    ["This ticket was closed and merged into", "This request was closed and merged into"]
        .iter()
        .any(|start| first.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_are_told_from_talk_about_them() {
        assert!(says_merge("Ticket #123 was merged"));
        assert!(says_merge(
            "Request #12 \"No invoice\" was closed and merged into this request. Last comment: hi"
        ));
        assert!(says_merge("This request was closed and merged into request #124 \"x\"."));
        assert!(!says_merge("My ticket #123 was merged"));
        assert!(!says_merge("Ticket #abc was merged"));
        assert!(!says_merge("Request #12 is late"));
    }
}
