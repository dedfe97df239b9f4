//! Identifiers for calls that have none of their own: numbered by their place, so that they say nothing that nobody said.

use std::collections::BTreeSet;

use crate::lint::place::messages;
use crate::model::Body;

/// Identifiers that no call or result of a row has.
pub(super) struct Free {
    taken: BTreeSet<String>,
    number: usize,
}

impl Free {
    /// Those of a row.
    pub(super) fn of(body: &Body) -> Self {
        let mut taken = BTreeSet::new();
        for (_, message) in messages(body) {
            taken.extend(message.tool_calls.iter().filter_map(|call| call.id.clone()));
            taken.extend(message.tool_call_id.clone());
        }
        Self { taken, number: 0 }
    }

    /// The next one: `call_1`, `call_2`, and so on.
    pub(super) fn next(&mut self) -> String {
        loop {
            self.number += 1;
            let id = format!("call_{}", self.number);
            if !self.taken.contains(&id) {
                return id;
            }
        }
    }
}
