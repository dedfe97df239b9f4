//! What happened in a chat or channel of Teams.

use serde_json::Value;

use super::at;
use crate::model::{Event, Extra};

/// What happened, by the type of `eventDetail`
/// (<https://learn.microsoft.com/graph/api/resources/eventmessagedetail>); the first that the type begins with counts.
static DETAILS: &[(&str, Event)] = &[
    ("call", Event::Call),
    ("channelMembersAdded", Event::Join),
    ("channelMembersRemoved", Event::Leave),
    ("channel", Event::Room),
    ("chatRenamed", Event::Room),
    ("conversationMemberRoleUpdated", Event::Room),
    ("membersAdded", Event::Join),
    ("membersDeleted", Event::Leave),
    ("membersJoined", Event::Join),
    ("membersLeft", Event::Leave),
    ("messagePinned", Event::Room),
    ("messageUnpinned", Event::Room),
    ("tabUpdated", Event::Room),
    ("team", Event::Room),
];

/// What happened, if the message reports something instead of saying it.
pub(super) fn of(message: &Extra) -> Option<Event> {
    let detail = at(message, &["eventDetail"]);
    if at(message, &["deletedDateTime"]).is_some() {
        return Some(Event::Deletion);
    }
    let says = matches!(message.get("messageType").and_then(Value::as_str), None | Some("message"));
    if says && detail.is_none() {
        return None;
    }
    let kind =
        detail.and_then(|detail| detail.get("@odata.type")).and_then(Value::as_str).unwrap_or_default();
    let kind = kind.strip_prefix("#microsoft.graph.").unwrap_or(kind);
    let known = DETAILS.iter().find(|(known, _)| kind.starts_with(known));
    Some(known.map_or(Event::Other, |(_, event)| *event))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(message: &Value) -> Option<Event> {
        of(message.as_object().unwrap())
    }

    #[test]
    fn by_type_and_detail() {
        let detail = |name: &str| {
            json!({"messageType": "unknownFutureValue",
                "eventDetail": {"@odata.type": format!("#microsoft.graph.{name}EventMessageDetail")}})
        };
        assert_eq!(event(&detail("membersAdded")), Some(Event::Join));
        assert_eq!(event(&detail("channelMembersRemoved")), Some(Event::Leave));
        assert_eq!(event(&detail("callEnded")), Some(Event::Call));
        assert_eq!(event(&detail("teamRenamed")), Some(Event::Room));
        assert_eq!(event(&detail("meetingPolicyUpdated")), Some(Event::Other));
        assert_eq!(event(&json!({"messageType": "systemEventMessage"})), Some(Event::Other));
        assert_eq!(event(&json!({"messageType": "message", "eventDetail": null})), None);
        let deleted = json!({"messageType": "message", "deletedDateTime": "2024-03-01T10:00:00Z"});
        assert_eq!(event(&deleted), Some(Event::Deletion));
    }
}
