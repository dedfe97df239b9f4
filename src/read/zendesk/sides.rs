//! Who is on which side of a ticket, and by what name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::Finding;
use crate::model::{Extra, Role};
use crate::read::codes;
use crate::read::desk::{Cast, Fields};
use crate::read::people::{People, Person, scalar};
use crate::read::speakers::key_of;

/// The author of what Zendesk writes by itself.
const ZENDESK: &str = "-1";

/// The people of one ticket.
pub(super) struct Sides<'a> {
    requester: Option<String>,
    assignee: Option<String>,
    in_copy: BTreeSet<String>,
    /// People who stand in the record itself.
    own: People,
    people: &'a People,
    /// Identifiers of people whose side was assumed, and the names they speak under.
    assumed: BTreeSet<String>,
    assumed_names: BTreeSet<String>,
    cast: Cast,
}

impl<'a> Sides<'a> {
    /// The sides of a ticket; `page` is the record it stands in, which may list its users.
    pub(super) fn of(ticket: Fields<'_>, page: Fields<'_>, people: &'a People) -> Self {
        let mut own = People::default();
        for user in page.objects("users").chain(ticket.objects("users")) {
            own.add(user);
        }
        for key in ["requester", "submitter", "assignee"] {
            if let Some(user) = ticket.within(key) {
                own.add(user.map());
            }
        }
        let ids = |key: &str| -> Vec<String> {
            let list = ticket.map().get(key).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(scalar).collect()
        };
        let followers = ids("follower_ids");
        let mut in_copy: BTreeSet<String> = ids("email_cc_ids").into_iter().collect();
        in_copy.extend(ids("collaborator_ids").into_iter().filter(|id| !followers.contains(id)));
        let inner = |key: &'static str| ticket.within(key).and_then(|user| user.id(&["id"]));
        Self {
            requester: ticket.id(&["requester_id"]).or_else(|| inner("requester")),
            assignee: ticket.id(&["assignee_id"]).or_else(|| inner("assignee")),
            in_copy,
            own,
            people,
            assumed: BTreeSet::new(),
            assumed_names: BTreeSet::new(),
            cast: Cast::default(),
        }
    }

    /// Nobody is known but by the list.
    pub(super) fn unknown(people: &'a People) -> Self {
        let none = Extra::new();
        Self::of(Fields::of(&none), Fields::of(&none), people)
    }

    fn person(&self, id: &str) -> Option<&Person> {
        self.own.get(id).or_else(|| self.people.get(id))
    }

    /// The name and side of an author.
    pub(super) fn speaker(&mut self, id: Option<&str>) -> (String, Option<Role>) {
        let Some(id) = id else { return (String::new(), None) };
        let name = self.person(id).and_then(|person| person.name.clone());
        let (speaker, role) = (self.cast.speaker(Some(id), name.as_deref()), self.role(id));
        if self.assumed.contains(id) {
            self.assumed_names.insert(speaker.clone());
        }
        (speaker, role)
    }

    /// Who speaks for a side that was assumed.
    pub(super) fn assumed(&self) -> Vec<String> {
        self.assumed_names.iter().cloned().collect()
    }

    fn role(&mut self, id: &str) -> Option<Role> {
        if id == ZENDESK {
            return Some(Role::Other("bot".into()));
        }
        if self.requester.as_deref() == Some(id) {
            return Some(Role::User);
        }
        let listed = self.listed(id);
        if listed.is_some() || self.requester.is_none() {
            return listed;
        }
        if self.assignee.as_deref() == Some(id) {
            return Some(Role::Assistant);
        }
        // An agent in copy who is taken for a customer is not learned. Of others nothing is assumed, since a customer who is
        // taken for an agent would be; those who are assigned other tickets are known by them.
        let in_copy = self.in_copy.contains(id);
        if in_copy {
            self.assumed.insert(id.to_owned());
        }
        in_copy.then_some(Role::User)
    }

    /// What the lists of users say of an author.
    fn listed(&self, id: &str) -> Option<Role> {
        self.person(id).and_then(|person| match person.word.as_deref() {
            Some("admin" | "agent") => Some(Role::Assistant),
            Some("end-user") => Some(Role::User),
            _ => person.role.clone(),
        })
    }

    /// Whether a name is that of the requester.
    pub(super) fn is_requester(&self, name: &str) -> bool {
        let requester = self.requester.as_deref().and_then(|id| self.person(id)?.name.as_deref());
        requester.is_some_and(|requester| key_of(requester) == key_of(name))
    }

    /// The side of somebody who is known by name only, as far as all who bear it are listed on one.
    pub(super) fn listed_under(&self, name: &str) -> Option<Role> {
        let bearers = self.own.bearers(name).chain(self.people.bearers(name));
        let mut sides = bearers.map(|id| self.listed(id));
        let first = sides.next()??;
        sides.all(|side| side.as_ref() == Some(&first)).then_some(first)
    }

    /// What is to be said of sides that were assumed.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let says = match self.assumed.len() {
            0 => return Vec::new(),
            1 => "1 person in copy is in no list of users, and was".to_owned(),
            many => format!("{many} people in copy are in no list of users, and were"),
        };
        let message = format!("{says} taken for the customer's side");
        vec![Finding::new(&codes::ASSUMED_SIDE, "", message)]
    }
}
