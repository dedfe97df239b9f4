//! Logs of messages between two numbers or addresses: a row is a message, and who sends and who receives make the
//! conversation, until they pause.

use std::sync::Arc;

use super::row::Table;
use super::shape::{self, Shape, TurnColumns};
use super::turns::{Conversations, Key};
use super::{Looked, groups};
use crate::read::reader::Opened;
use crate::read::settings::{ColumnSettings, shown_pause};
use crate::read::{ReadSettings, Sample, Source};

/// The columns of such a log, by their names in lower case without punctuation.
pub(in crate::read) struct Pairs {
    /// Who sends.
    pub from: &'static str,
    /// Who receives.
    pub to: &'static str,
    /// Inbound or outbound.
    pub direction: &'static str,
    /// What is said.
    pub text: &'static str,
    /// When, the first that is there.
    pub times: &'static [&'static str],
    /// A longer pause, in milliseconds, begins another conversation.
    pub gap_ms: i64,
}

/// Where the columns are.
struct Found {
    key: Key,
    turn: TurnColumns,
}

fn find(looked: &Looked, pairs: &Pairs) -> Option<Found> {
    let header = &looked.table.header;
    let column = |name: &str| header.plain.iter().position(|plain| plain == name);
    let (from, to) = (column(pairs.from)?, column(pairs.to)?);
    let (text, direction) = (column(pairs.text)?, column(pairs.direction)?);
    let time = pairs.times.iter().find_map(|name| column(name));
    let day_first = looked.day_first(time);
    let turn = TurnColumns {
        text,
        speaker: Some(from),
        plain_roles: false,
        inbound: Some((direction, true)),
        time,
        order: None,
        visibility: None,
        kind: None,
    };
    Some(Found { key: Key::Pair { from, to, time, day_first, gap_ms: pairs.gap_ms }, turn })
}

/// Whether the sample is a table with all the columns, and none that says more of its conversations.
pub(in crate::read) fn has_pairs(sample: &Sample, pairs: &Pairs) -> bool {
    let Some(looked) = Looked::at(sample, None) else { return false };
    let known = || {
        let chosen = shape::choose(&looked.table.header, &looked.rows, &ColumnSettings::default(), "");
        chosen.is_ok_and(|chosen| matches!(chosen.shape, Shape::Messages { .. } | Shape::Replies { .. }))
    };
    find(&looked, pairs).is_some() && !known()
}

/// Opens such a log; `None` where columns are missing.
pub(in crate::read) fn open_pairs(
    source: &Source,
    sample: &Sample,
    settings: &ReadSettings,
    pairs: &Pairs,
) -> Option<Opened> {
    let looked = Looked::at(sample, settings.columns.delimiter)?;
    let Found { key, turn } = find(&looked, pairs)?;
    let day_first = looked.day_first(turn.time);
    let mut notes = looked.notes();
    notes.push(format!(
        "rows between the same two are a conversation, until a pause of {}",
        shown_pause(pairs.gap_ms)
    ));
    let table = Table { prose: vec![turn.text], ..looked.table.clone() };
    let frames = groups::Grouped::new(source, settings, looked.layout, table.clone(), key);
    let newest_first = looked.newest_first(key, turn.time);
    let decoder = Conversations { table, key, turn, system: None, day_first, newest_first };
    Some(Opened { frames: Box::new(frames), decoder: Arc::new(decoder), notes })
}
