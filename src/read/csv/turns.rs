//! The rows of one conversation, a message each: put in order and decoded as turns.

use std::borrow::Cow;

use serde_json::Value;

use super::decode::usable;
use super::order::{self, moment};
use super::row::{Cells, Faults, Table};
use super::shape::{Direction, TurnColumns, inbound};
use super::value::{identifier, is_nothing, truth};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Auto, Conversation, Event, Extra, Kind, Medium, Raw, Role, Turn, Visibility};
use crate::read::codes;
use crate::read::frame::Frame;
use crate::read::reader::{Decode, Decoded};
use crate::text::encoding::to_text;

/// What makes rows one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// The same identifier in a column.
    Id(usize),
    /// Rows that reply to each other.
    Replies {
        /// The column of a row's own identifier.
        message: usize,
        /// The column of the identifier it replies to.
        parent: usize,
    },
    /// Rows between the same two, in either direction, until they pause.
    Pair {
        /// The column of who sends.
        from: usize,
        /// The column of who receives.
        to: usize,
        /// The column of the time.
        time: Option<usize>,
        /// The day stands before the month.
        day_first: bool,
        /// A longer pause, in milliseconds, begins another conversation.
        gap_ms: i64,
    },
}

/// The two ends of a message, in an order that does not depend on its direction.
pub(super) fn pair(from: &str, to: &str) -> String {
    let (a, b) = (from.min(to), from.max(to));
    format!("{a} {b}")
}

/// Decodes the rows of one conversation.
pub(super) struct Conversations {
    pub table: Table,
    pub key: Key,
    pub turn: TurnColumns,
    pub system: Option<usize>,
    /// Dates with slashes have the day first, as far as the head of the file tells.
    pub day_first: bool,
    /// The head of the file runs from the newest to the oldest row.
    pub newest_first: bool,
}

/// A turn with what decides its place.
struct Placed {
    turn: Turn,
    order: Option<f64>,
    message: String,
    parent: String,
    depth: usize,
}

impl Decode for Conversations {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        usable(frame, &self.table)?;
        let mut placed = Vec::new();
        let mut faults = Faults::default();
        let mut shared = Shared::new(self.used());
        let mut conversation = Conversation::default();
        for row in frame.rows() {
            let (text, stored) = to_text(row);
            let cells = self.table.split(&text);
            faults.note(stored, &cells, &self.table)?;
            if placed.is_empty() {
                conversation.id = self.id(&cells)?;
            }
            let system = cells.maybe(self.system);
            if conversation.system.is_none() && !system.trim().is_empty() {
                conversation.system = Some(system.into_owned());
            }
            shared.add(&cells);
            placed.push(self.place(&cells));
        }
        if placed.iter().all(|placed| placed.turn.text.trim().is_empty()) {
            let message = format!("`{}` is empty in every row", self.table.header.shown(self.turn.text));
            return Err(Rejection::new(&codes::NO_CHAT_SHAPE, message));
        }
        let (placed, unread) = self.put_in_order(placed);
        if matches!(self.key, Key::Replies { .. }) {
            // The row that began it, wherever it stands in the file.
            conversation.id = placed.first().map(|first| first.message.clone()).filter(|id| !id.is_empty());
        }
        conversation.turns = placed.into_iter().map(|placed| placed.turn).collect();
        conversation.extra = shared.extra(&self.table);
        let mut findings = faults.findings(self.table.header.width());
        findings.extend(unread);
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

impl Conversations {
    /// The identifier of the conversation that a row belongs to.
    fn id(&self, cells: &Cells<'_>) -> Result<Option<String>, Rejection> {
        let cell = |column: usize| identifier(&cells.text(column)).to_owned();
        let none = |column: usize| {
            let shown = self.table.header.shown(column);
            let message = format!("`{shown}` is empty, so the row belongs to no conversation");
            Rejection::new(&codes::WRONG_SHAPE, message)
        };
        match self.key {
            Key::Replies { message, .. } => Ok(Some(cell(message)).filter(|id| !id.is_empty())),
            Key::Id(column) => match cell(column) {
                id if id.is_empty() => Err(none(column)),
                id => Ok(Some(id)),
            },
            Key::Pair { from, to, .. } => match (cell(from), cell(to)) {
                (a, _) if a.is_empty() => Err(none(from)),
                (_, b) if b.is_empty() => Err(none(to)),
                (a, b) => Ok(Some(pair(&a, &b))),
            },
        }
    }

    fn used(&self) -> Vec<usize> {
        let turn = &self.turn;
        let mut used = vec![turn.text];
        used.extend([turn.speaker, turn.time, turn.order, turn.kind, self.system].into_iter().flatten());
        used.extend(turn.inbound.map(|(column, _)| column));
        used.extend(turn.visibility.map(|(column, _)| column));
        match self.key {
            Key::Id(column) => used.push(column),
            Key::Replies { message, parent } => used.extend([message, parent]),
            Key::Pair { from, to, .. } => used.extend([from, to]),
        }
        used
    }

    fn place(&self, cells: &Cells<'_>) -> Placed {
        let columns = &self.turn;
        let speaker = cells.maybe(columns.speaker).trim().to_owned();
        let role = match columns.inbound.and_then(|(column, yes)| Some((inbound(&cells.text(column))?, yes)))
        {
            Some((Direction::In, _)) => Some(Role::User),
            Some((Direction::Out, _)) => Some(Role::Assistant),
            Some((Direction::Flag(flag), yes)) => {
                Some(if flag == yes { Role::User } else { Role::Assistant })
            }
            None if columns.plain_roles => match speaker.to_ascii_lowercase().as_str() {
                "user" => Some(Role::User),
                "assistant" => Some(Role::Assistant),
                _ => None,
            },
            None => None,
        };
        let (kind, note) = kind_of(&cells.maybe(columns.kind));
        let hidden = columns.visibility.is_some_and(|(column, yes)| {
            let word = cells.text(column);
            match word.trim().to_ascii_lowercase().as_str() {
                "internal" | "private" | "note" | "hidden" | "agents" => true,
                "public" | "external" | "visible" => false,
                _ => truth(&word).is_some_and(|flag| flag != yes),
            }
        });
        let time = columns.time.and_then(|column| moment(&cells.text(column), self.day_first));
        let (message, parent) = match self.key {
            Key::Id(_) | Key::Pair { .. } => (String::new(), String::new()),
            Key::Replies { message, parent } => {
                (identifier(&cells.text(message)).to_owned(), identifier(&cells.text(parent)).to_owned())
            }
        };
        Placed {
            turn: Turn {
                speaker,
                role,
                text: cells.said(columns.text).into_owned(),
                time,
                visibility: if hidden || note { Visibility::Internal } else { Visibility::Public },
                kind,
                medium: if matches!(self.key, Key::Id(_)) { Medium::Chat } else { Medium::Post },
                ..Turn::default()
            },
            order: columns.order.and_then(|column| cells.text(column).trim().parse().ok()),
            message,
            parent,
            depth: 0,
        }
    }

    /// By the order column where every row has a number, else by time, else as in the file; and what there is to say of
    /// times. A reply never stands before what it replies to at the same time.
    fn put_in_order(&self, placed: Vec<Placed>) -> (Vec<Placed>, Option<Finding>) {
        let mut placed = placed;
        if placed.iter().all(|placed| placed.order.is_some_and(f64::is_finite)) {
            placed.sort_by(|a, b| a.order.unwrap_or(0.0).total_cmp(&b.order.unwrap_or(0.0)));
            return (placed, None);
        }
        let replies = matches!(self.key, Key::Replies { .. });
        let parents = if replies { set_depths(&mut placed) } else { Vec::new() };
        let Some(column) = self.turn.time else {
            placed.sort_by_key(|placed| placed.depth);
            return (placed, None);
        };
        let times: Vec<Option<i64>> = placed.iter().map(|placed| placed.turn.time).collect();
        let mut order = order::by_time(&times, self.newest_first);
        if replies {
            after_parents(&mut order, &placed, &parents);
        }
        let finding = self.unread_times(column, &times);
        let mut rows: Vec<Option<Placed>> = placed.into_iter().map(Some).collect();
        let placed = order.iter().filter_map(|(row, _)| rows.get_mut(*row)?.take()).collect();
        (placed, finding)
    }

    /// What to say where rows have no time that is understood.
    fn unread_times(&self, column: usize, times: &[Option<i64>]) -> Option<Finding> {
        let unread = times.iter().filter(|time| time.is_none()).count();
        if unread == 0 || times.len() < 2 {
            return None;
        }
        let placed = match (unread == times.len(), self.newest_first) {
            (false, _) => "they stand beside their neighbours",
            (true, false) => "they stay in the order of the file",
            (true, true) => "they are turned round, since the file has the newest first",
        };
        let shown = self.table.header.shown(column);
        let message = format!(
            "`{shown}` holds no time that is understood in {unread} of {} rows; {placed}",
            times.len()
        );
        Some(Finding::new(&codes::UNREAD_TIME, "", message))
    }
}

/// Puts replies without a time of their own behind what they reply to, and of rows of one time the reply last.
fn after_parents(order: &mut [(usize, i64)], placed: &[Placed], parents: &[Option<usize>]) {
    let depth = |row: usize| placed.get(row).map_or(0, |placed| placed.depth);
    let mut times: Vec<i64> = vec![0; placed.len()];
    for (row, time) in order.iter() {
        if let Some(slot) = times.get_mut(*row) {
            *slot = *time;
        }
    }
    let mut rows: Vec<usize> = (0..placed.len()).collect();
    rows.sort_by_key(|row| depth(*row));
    for row in rows {
        let timed = placed.get(row).is_some_and(|placed| placed.turn.time.is_some());
        let parent = parents.get(row).copied().flatten().and_then(|parent| times.get(parent).copied());
        if let (false, Some(parent), Some(slot)) = (timed, parent, times.get_mut(row)) {
            *slot = parent;
        }
    }
    for (row, time) in order.iter_mut() {
        *time = times.get(*row).copied().unwrap_or(*time);
    }
    order.sort_by_key(|(row, time)| (*time, depth(*row)));
}

/// How many replies lead from the root to each turn; chains that run in a circle end where they began. Gives the row
/// that each replies to.
fn set_depths(placed: &mut [Placed]) -> Vec<Option<usize>> {
    let rows: std::collections::BTreeMap<String, usize> =
        placed.iter().enumerate().rev().map(|(at, placed)| (placed.message.clone(), at)).collect();
    let parents: Vec<Option<usize>> = placed.iter().map(|placed| rows.get(&placed.parent).copied()).collect();
    let mut depths: Vec<Option<usize>> = vec![None; placed.len()];
    for start in 0..placed.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        let mut base = 0;
        while let Some(row) = at {
            if let Some(depth) = depths[row] {
                base = depth + 1;
                break;
            }
            // Marks the way, so that a circle ends.
            depths[row] = Some(0);
            path.push(row);
            at = parents[row];
        }
        for (step, row) in path.iter().rev().enumerate() {
            depths[*row] = Some(base + step);
        }
    }
    for (placed, depth) in placed.iter_mut().zip(depths) {
        placed.depth = depth.unwrap_or(0);
    }
    parents
}

/// What a word in a column of message types says: the kind, and whether it is a note among agents.
fn kind_of(word: &str) -> (Kind, bool) {
    match word.trim().to_ascii_lowercase().replace(['-', ' '], "_").as_str() {
        "event" | "system_event" | "systemevent" | "join" | "joined" | "leave" | "left" | "status"
        | "transfer" | "assignment" | "assign" | "rating" | "typing" | "close" | "closed" | "open"
        | "opened" | "participant_joined" | "participant_left" => (Kind::Event(Event::Other), false),
        "image" | "file" | "attachment" | "video" | "audio" | "sticker" | "media" | "voice" | "picture" => {
            (Kind::Media, false)
        }
        "auto" | "auto_reply" | "autoreply" | "auto_response" | "automated" | "bot_menu" => {
            (Kind::Auto(Auto::Other), false)
        }
        "note" | "internal_note" | "private_note" | "internal" => (Kind::Text, true),
        _ => (Kind::Text, false),
    }
}

/// Columns that say the same in every row say it of the conversation.
struct Shared {
    used: Vec<usize>,
    values: Vec<Option<String>>,
    rows: usize,
}

impl Shared {
    fn new(used: Vec<usize>) -> Self {
        Self { used, values: Vec::new(), rows: 0 }
    }

    fn add(&mut self, cells: &Cells<'_>) {
        if self.rows == 0 {
            self.values = cells.texts.cells.iter().map(|cell| Some(cell.clone().into_owned())).collect();
        } else {
            for (column, value) in self.values.iter_mut().enumerate() {
                if value.as_deref() != cells.texts.cells.get(column).map(Cow::as_ref) {
                    *value = None;
                }
            }
        }
        self.rows += 1;
    }

    fn extra(self, table: &Table) -> Extra {
        let mut extra = Extra::new();
        for (column, value) in self.values.into_iter().enumerate() {
            if let Some(value) = value.filter(|value| !is_nothing(value.trim()))
                && !self.used.contains(&column)
            {
                extra.insert(table.name(column), Value::String(value));
            }
        }
        extra
    }
}
