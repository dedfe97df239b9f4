//! Rows that are whole by themselves: examples, transcripts in a cell, wide tables, and rows that cannot be
//! used.

use super::cell::{self, Held};
use super::row::{Cells, Faults, Table};
use super::shape::Shape;
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Conversation, Example, Message, Raw, Role, Turn};
use crate::read::codes;
use crate::read::frame::{Frame, FrameFault};
use crate::read::reader::{Decode, Decoded};
use crate::read::transcript::grammar::Reading;
use crate::text::encoding::to_text;
use crate::text::number::count;
use crate::text::sanitize::excerpt;

/// Decodes one row.
pub(super) struct Rows {
    pub table: Table,
    pub shape: Shape,
    pub system: Option<usize>,
    /// How conversations in plain text are read, where a cell holds one.
    pub reading: Option<Reading>,
}

impl Decode for Rows {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        usable(frame, &self.table)?;
        let (text, stored) = to_text(frame.bytes);
        let cells = self.table.split(&text);
        let mut faults = Faults::default();
        faults.note(stored, &cells, &self.table)?;
        let raw = match &self.shape {
            Shape::Examples { prompt, answer, context } => {
                self.example(&cells, *prompt, *answer, *context)?
            }
            Shape::Transcripts { transcript, id } => self.transcript(&cells, *transcript, *id)?,
            Shape::Wide { turns, id } => self.wide(&cells, turns, *id)?,
            Shape::Questions { .. } => {
                return Err(Rejection::new(
                    &codes::NO_ANSWERS,
                    format!("no column holds an answer; the columns are {}", self.table.header.listed()),
                ));
            }
            Shape::Unknown | Shape::Messages { .. } | Shape::Replies { .. } => return Err(self.unknown()),
        };
        let mut findings = faults.findings(self.table.header.width());
        if let Shape::Wide { turns, .. } = &self.shape {
            findings.extend(self.unsaid(&cells, turns.iter().map(|(column, _)| *column)));
        }
        Ok(Decoded { raw, findings })
    }
}

/// Frames that no shape can decode.
pub(super) fn usable(frame: &Frame<'_>, table: &Table) -> Result<(), Rejection> {
    if let Some(FrameFault::TooLong { limit }) = frame.fault {
        let message = format!("the record has {} bytes, over the limit of {limit}", frame.origin.length);
        return Err(Rejection::new(&codes::RECORD_TOO_LONG, message));
    }
    if table.repeats_header(frame.bytes) {
        return Err(Rejection::new(&codes::REPEATED_HEADER, "the row repeats the header"));
    }
    Ok(())
}

impl Rows {
    fn example(
        &self,
        cells: &Cells<'_>,
        prompt: usize,
        answer: usize,
        context: Option<usize>,
    ) -> Result<Raw, Rejection> {
        let question = cells.text(prompt);
        let reply = cells.text(answer);
        let shown = |column| self.table.header.shown(column);
        let empty = |column| match cells.ambiguous(column) {
            Some(word) => format!("`{}` is `{word}`, which is read as nothing", shown(column)),
            None => format!("`{}` is empty", shown(column)),
        };
        match (question.trim().is_empty(), reply.trim().is_empty()) {
            (true, true) => {
                let message = format!("`{}` and `{}` are empty", shown(prompt), shown(answer));
                return Err(Rejection::new(&codes::NO_CHAT_SHAPE, message));
            }
            (false, true) => {
                return Err(Rejection::new(&codes::NO_ANSWERS, empty(answer)));
            }
            (true, false) => {
                let message = format!("{}, so there is an answer to nothing", empty(prompt));
                return Err(Rejection::new(&codes::WRONG_SHAPE, message));
            }
            (false, false) => {}
        }
        let mut messages = Vec::with_capacity(3);
        let system = cells.maybe(self.system);
        if !system.trim().is_empty() {
            messages.push(Message::text(Role::System, system));
        }
        let context_text = cells.maybe(context);
        if context_text.trim().is_empty() {
            messages.push(Message::text(Role::User, question));
        } else {
            messages.push(Message::text(Role::User, format!("{question}\n\n{context_text}")));
        }
        messages.push(Message::text(Role::Assistant, reply));
        let extra = self.table.extra(cells, &[Some(prompt), Some(answer), context, self.system]);
        Ok(Raw::Example(Example { messages, extra, ..Example::default() }))
    }

    fn transcript(&self, cells: &Cells<'_>, transcript: usize, id: Option<usize>) -> Result<Raw, Rejection> {
        let text = cells.text(transcript);
        let shown = self.table.header.shown(transcript);
        if text.trim().is_empty() {
            return Err(Rejection::new(&codes::NO_CHAT_SHAPE, format!("`{shown}` is empty")));
        }
        let system = cells.maybe(self.system);
        let system = (!system.trim().is_empty()).then(|| system.into_owned());
        match cell::read(&text, self.reading.as_ref()) {
            Some(Held::Turns(turns)) => {
                let extra = self.table.extra(cells, &[Some(transcript), id, self.system]);
                let id = identifier(cells, id);
                Ok(Raw::Conversation(Conversation { id, system, turns, extra, ..Conversation::default() }))
            }
            Some(Held::Messages(mut example)) => {
                if let Some(system) = system
                    && !example.messages.iter().any(|message| message.role.is_instruction())
                {
                    example.messages.insert(0, Message::text(Role::System, system));
                }
                example.extra.extend(self.table.extra(cells, &[Some(transcript), self.system]));
                Ok(Raw::Example(example))
            }
            None => Err(Rejection::new(
                &codes::NO_CHAT_SHAPE,
                format!("`{shown}` is no list of messages and no transcript: `{}`", excerpt(&text, 60)),
            )),
        }
    }

    fn wide(
        &self,
        cells: &Cells<'_>,
        columns: &[(usize, bool)],
        id: Option<usize>,
    ) -> Result<Raw, Rejection> {
        let mut turns = Vec::new();
        for (column, customer) in columns {
            let text = cells.text(*column);
            if !text.trim().is_empty() {
                turns.push(Turn {
                    speaker: self
                        .table
                        .header
                        .plain
                        .get(*column)
                        .map_or("", String::as_str)
                        .trim_end_matches(|last: char| last.is_ascii_digit())
                        .to_owned(),
                    role: Some(if *customer { Role::User } else { Role::Assistant }),
                    text: text.into_owned(),
                    ..Turn::default()
                });
            }
        }
        if turns.is_empty() {
            return Err(Rejection::new(&codes::NO_CHAT_SHAPE, "all columns of turns are empty"));
        }
        let system = cells.maybe(self.system);
        let system = (!system.trim().is_empty()).then(|| system.into_owned());
        let mut used: Vec<Option<usize>> = columns.iter().map(|(column, _)| Some(*column)).collect();
        used.extend([id, self.system]);
        let extra = self.table.extra(cells, &used);
        let id = identifier(cells, id);
        Ok(Raw::Conversation(Conversation { id, system, turns, extra, ..Conversation::default() }))
    }

    /// What to say of cells whose words are read as nothing and may be answers.
    fn unsaid(&self, cells: &Cells<'_>, columns: impl Iterator<Item = usize>) -> Option<Finding> {
        let mut words = columns.filter_map(|column| Some((column, cells.ambiguous(column)?)));
        let (column, word) = words.next()?;
        let more = match words.count() {
            0 => String::new(),
            others => format!(", and {} like it", count(others as u64, "cell")),
        };
        let shown = self.table.header.shown(column);
        let message = format!("`{shown}` is `{word}`{more}, read as nothing said");
        Some(Finding::new(&codes::WORD_FOR_NOTHING, "", message))
    }

    fn unknown(&self) -> Rejection {
        let columns = self.table.header.listed();
        let message = if self.table.header.row.is_some() {
            format!(
                "no column is known to hold a chat; the columns are {columns}; name them with `--prompt-column` and \
                 `--answer-column`, or `--id-column`, `--role-column` and `--text-column`"
            )
        } else {
            format!(
                "the first row looks like data, so the columns are numbers, {columns}; name them with \
                 `--prompt-column` and `--answer-column`, or `--id-column`, `--role-column` and `--text-column`"
            )
        };
        Rejection::new(&codes::NO_CHAT_SHAPE, message)
    }
}

fn identifier(cells: &Cells<'_>, id: Option<usize>) -> Option<String> {
    let text = cells.maybe(id);
    let id = super::value::identifier(&text);
    (!id.is_empty()).then(|| id.to_owned())
}
