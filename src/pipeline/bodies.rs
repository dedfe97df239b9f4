//! What a record of any source holds, as bodies: rows of chats as they stand, conversations as `convert` would write them.

use std::sync::Arc;

use super::plan::Plan;
use super::work::too_long;
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Body, Example, Message, Raw, Role, Turn};
use crate::read::assemble::{Part, assemble, id_of};
use crate::read::{Decode, Frame};

/// What one record holds.
#[derive(Default)]
pub(super) struct Taken {
    /// The identifier of the record, where it has one.
    pub id: Option<String>,
    /// Its bodies.
    pub bodies: Vec<Body>,
    /// Why nothing can be trained on.
    pub rejected: Option<Rejection>,
    /// The turns of a conversation whose roles are not settled, with speakers for roles: nobody can train on it, and what
    /// was said can be compared all the same.
    pub unsettled: Option<Body>,
    /// What its reader noticed.
    pub findings: Vec<Finding>,
}

impl Taken {
    /// Reads a record.
    pub fn of(plan: &Plan, decoder: &Arc<dyn Decode>, frame: &Frame<'_>) -> Self {
        let decoded = match too_long(frame) {
            Some(rejection) => Err(rejection),
            None => decoder.decode(frame),
        };
        let decoded = match decoded {
            Ok(decoded) => decoded,
            Err(rejection) => return Self { rejected: Some(rejection), ..Self::default() },
        };
        let mut taken = Self { findings: decoded.findings, ..Self::default() };
        match decoded.raw {
            Raw::Example(example) => {
                taken.id = id_of(&example.extra);
                taken.bodies.push(Body::Example(example));
            }
            Raw::Preference(preference) => {
                taken.id = id_of(&preference.extra);
                taken.bodies.push(Body::Preference(preference));
            }
            conversation @ Raw::Conversation(_) => {
                let measure = |body: &Body| plan.length(body);
                let assembled = assemble(conversation, &plan.speakers, &plan.assemble, Some(&measure));
                taken.id = assembled.id;
                taken.bodies.extend(assembled.parts.into_iter().map(|Part { body, .. }| body));
                taken.rejected = assembled.rejected;
                if taken.rejected.is_some() {
                    let again = decoder.decode(frame).ok().map(|decoded| decoded.raw);
                    (taken.id, taken.unsettled) = again.map_or((None, None), as_read);
                }
            }
        }
        taken
    }
}

/// The turns as they are, and the identifier of their conversation.
fn as_read(raw: Raw) -> (Option<String>, Option<Body>) {
    let Raw::Conversation(conversation) = raw else { return (None, None) };
    let message = |turn: Turn| Message::text(turn.role.unwrap_or(Role::Other(turn.speaker)), turn.text);
    let messages: Vec<Message> = conversation.turns.into_iter().map(message).collect();
    let body = Body::Example(Example { messages, extra: conversation.extra, ..Example::default() });
    (
        conversation.id,
        Some(body).filter(|body| !matches!(body, Body::Example(example) if example.messages.is_empty())),
    )
}
