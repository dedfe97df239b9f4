//! Who wrote a message of a conversation, from its participants or from the form of the author's name.

use std::collections::BTreeMap;

use crate::model::{Extra, Role};
use crate::read::json::field;
use crate::read::people::{People, scalar};

/// The name Twilio writes where a message is posted without an author.
const SYSTEM: &str = "system";

/// What a participant is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Known {
    /// An address outside: somebody who writes by phone or another network.
    Address(String),
    /// Signed in.
    Identity(String),
}

/// The authors of one conversation.
pub(super) struct Authors<'a> {
    /// Participants that stand in the record itself, by identifier.
    own: BTreeMap<String, Known>,
    people: &'a People,
    /// Whether somebody writes from an address, so that who is signed in is an agent.
    addressed: bool,
}

impl<'a> Authors<'a> {
    /// The authors of these messages. `own` are participants that stand beside them.
    pub(super) fn of(own: &[&Extra], messages: &[Extra], people: &'a People) -> Self {
        let own: BTreeMap<String, Known> =
            own.iter().filter_map(|one| Some((scalar(one.get("sid")?)?, known(one)?))).collect();
        let mut authors = Self { own, people, addressed: false };
        authors.addressed = authors.own.values().any(|known| matches!(known, Known::Address(_)))
            || messages.iter().any(|message| authors.role_alone(message) == Some(Role::User));
        authors
    }

    /// The name and the side of a message's author.
    pub(super) fn author(&self, message: &Extra) -> (String, Option<Role>) {
        let author = field::first(message, &["author", "from"]).unwrap_or_default();
        let participant = field::text(message, "participant_sid");
        let named = match self.own.get(participant) {
            Some(Known::Address(name) | Known::Identity(name)) => Some(name.clone()),
            None => self.people.get(participant).and_then(|person| person.name.clone()),
        };
        let role = self.role_alone(message).or_else(|| {
            let signed_in = self.addressed && author != SYSTEM && !author.is_empty();
            signed_in.then_some(Role::Assistant)
        });
        let speaker =
            if author.is_empty() { named.unwrap_or_else(|| participant.to_owned()) } else { author };
        (speaker, role)
    }

    /// The side that follows from the author alone.
    fn role_alone(&self, message: &Extra) -> Option<Role> {
        let author = field::first(message, &["author", "from"]).unwrap_or_default();
        if author == SYSTEM {
            return Some(Role::Other("bot".into()));
        }
        let participant = field::text(message, "participant_sid");
        let addressed = match self.own.get(participant) {
            Some(known) => matches!(known, Known::Address(_)),
            None => match self.people.get(participant) {
                Some(person) if person.role.is_some() => return person.role.clone(),
                _ => is_address(&author),
            },
        };
        addressed.then_some(Role::User)
    }
}

fn known(participant: &Extra) -> Option<Known> {
    let binding = field::object(participant, "messaging_binding");
    let address = binding.and_then(|binding| field::first(binding, &["address"]));
    let identity = || field::first(participant, &["identity"]).map(Known::Identity);
    address.map(Known::Address).or_else(identity)
}

/// A phone number, or an address in a channel: `+4917000`, `whatsapp:+4917000`, `messenger:123`.
fn is_address(author: &str) -> bool {
    let channels = ["whatsapp", "messenger", "rcs", "sms", "viber", "telegram", "line", "instagram"];
    let number = match author.split_once(':') {
        Some((channel, rest)) if channels.contains(&channel) => return !rest.is_empty(),
        Some(_) => return false,
        None => author,
    };
    number
        .strip_prefix('+')
        .is_some_and(|digits| digits.len() > 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for author in ["+4917000000", "whatsapp:+4917000000", "messenger:12345"] {
            assert!(is_address(author), "{author}");
        }
        for author in ["ana", "4917000000", "agent:ana", "system", "+", "+49a17000", ""] {
            assert!(!is_address(author), "{author}");
        }
    }
}
