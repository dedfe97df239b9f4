//! What was settled about a table, for the user.

use super::shape::{Chooser, Shape, TurnColumns};
use super::value::is_rounded;

impl Chooser<'_> {
    /// What was chosen and why, for the user.
    pub(super) fn notes(&self, shape: &Shape, system: Option<usize>) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut part = |name: &str, column: Option<usize>| {
            parts.extend(column.map(|column| format!("{name}=`{}`", self.header.shown(column))));
        };
        let mut rounded = None;
        let what = match shape {
            Shape::Examples { prompt, answer, context } => {
                part("system", system);
                part("context", *context);
                part("prompt", Some(*prompt));
                part("answer", Some(*answer));
                "a row is an example"
            }
            Shape::Messages { id, turn } => {
                part("id", Some(*id));
                name_turn(turn, &mut part);
                rounded = Some(*id);
                "a row is a message, rows of one id are a conversation"
            }
            Shape::Replies { message, parent, turn } => {
                part("message id", Some(*message));
                part("reply to", Some(*parent));
                name_turn(turn, &mut part);
                rounded = Some(*message);
                "a row is a message, all that reply to each other are one conversation, branches included"
            }
            Shape::Transcripts { transcript, id } => {
                part("id", *id);
                part("transcript", Some(*transcript));
                "a row is a conversation in one cell"
            }
            Shape::Wide { turns, id } => {
                part("id", *id);
                parts.push(format!("{} columns of turns", turns.len()));
                "a row is a conversation, a column a turn"
            }
            Shape::Questions { text } => {
                part("question", Some(*text));
                "questions and no answers"
            }
            Shape::Unknown => {
                return vec![format!(
                    "no column is known to hold a chat; the columns are {}",
                    self.header.listed()
                )];
            }
        };
        let mut notes = vec![format!("{what}: {}", parts.join(", "))];
        if rounded.is_some_and(|column| self.values(column).any(is_rounded)) {
            notes.push(
                "identifiers were rounded by a spreadsheet (like `4.02935E+11`): different conversations may \
                 have become one; export again without opening the file in it"
                    .into(),
            );
        }
        notes
    }
}

fn name_turn(turn: &TurnColumns, part: &mut impl FnMut(&str, Option<usize>)) {
    part("role", turn.speaker);
    part("inbound", turn.inbound.map(|(column, _)| column));
    part("text", Some(turn.text));
    part("time", turn.time);
    part("order", turn.order);
    part("visibility", turn.visibility.map(|(column, _)| column));
    part("kind", turn.kind);
}
