//! What the user can say about how inputs are to be read.

use serde::Serialize;

/// Settings of reading; everything `None` means: recognise it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReadSettings {
    /// The reader to use for every input (`--from`).
    pub from: Option<String>,
    /// Where things are in nested JSON.
    pub paths: PathSettings,
    /// Which columns of a table hold what.
    pub columns: ColumnSettings,
    /// The encoding of every input, as a WHATWG label; recognised when `None`.
    pub encoding: Option<String>,
    /// A pattern that begins a new conversation in a plain-text transcript (`--boundary`).
    pub boundary: Option<String>,
    /// A pause longer than this, in milliseconds, ends a conversation in a source that has no other boundary
    /// (`--gap`); each reader of such sources states the pause it takes when this is `None`. A copy, made by the plan.
    #[serde(skip)]
    pub gap_ms: Option<i64>,
    /// Names of speakers that the user gives, who speak however seldom (`--assistant`, `--user`, `--ignore`). A copy, made
    /// by the plan.
    #[serde(skip)]
    pub speakers: Vec<String>,
    /// A list of the people in the export, with names and sides by identifier (`--users`). The manifest has it with its
    /// digest.
    #[serde(skip)]
    pub users: Option<String>,
    /// The query whose rows are read from SQLite databases (`--query`).
    pub query: Option<String>,
    /// Keep separators and stop suffixes of prompt/completion files as they are.
    pub keep_affixes: bool,
    /// Bounds on hostile input.
    pub limits: Limits,
}

/// Paths in nested JSON: keys joined by dots.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PathSettings {
    /// From the top of the file to the list (or object keyed by id) of records.
    pub records: Option<String>,
    /// From a record to its list of messages.
    pub messages: Option<String>,
    /// From a message to its speaker.
    pub role: Option<String>,
    /// From a message to its text.
    pub text: Option<String>,
    /// From a message to its time.
    pub time: Option<String>,
    /// From a record to its identifier.
    pub id: Option<String>,
    /// From a record to its instructions (system prompt).
    pub system: Option<String>,
}

/// Columns of a table, by name (or by number from 1 where there is no header).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ColumnSettings {
    /// The field separator; recognised when `None`.
    pub delimiter: Option<u8>,
    /// The conversation a row belongs to.
    pub id: Option<String>,
    /// Who speaks.
    pub role: Option<String>,
    /// What is said.
    pub text: Option<String>,
    /// When it is said.
    pub time: Option<String>,
    /// The order within a conversation.
    pub order: Option<String>,
    /// The question, in a table of one example a row.
    pub prompt: Option<String>,
    /// The answer, in a table of one example a row.
    pub answer: Option<String>,
    /// The instructions, in a table of one example a row.
    pub system: Option<String>,
    /// A whole transcript in one cell.
    pub transcript: Option<String>,
    /// The identifier of a row that others reply to.
    pub message_id: Option<String>,
    /// The identifier of the row this one replies to.
    pub reply_to: Option<String>,
}

/// A pause for people: "24 hours", "90 minutes", "45 seconds".
pub fn shown_pause(milliseconds: i64) -> String {
    let units = [(3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond")];
    let (size, unit) =
        units.into_iter().find(|(size, _)| milliseconds % size == 0).unwrap_or((1, "millisecond"));
    let count = milliseconds / size;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Bounds on size and expansion; what exceeds one is named with the bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limits {
    /// Longest record in bytes; longer ones are rejected, not buffered.
    pub record_bytes: usize,
    /// Highest ratio of unpacked to packed bytes of a compressed input.
    pub ratio: u64,
}

/// 16 MiB: some eighty times the largest example any published target takes (128 Ki tokens of four bytes).
pub const RECORD_BYTES: usize = 16 << 20;

/// Text compresses 3 to 20 times, logs up to 100 or so; deflate cannot pass 1,032 and zstandard reaches 32,000.
pub const RATIO: u64 = 500;

/// The pause that ends a conversation in the talk of a chat room, where the user says nothing else: half an hour, the
/// length after which a web session is taken to be over (<https://support.google.com/analytics/answer/2731565>).
pub const TALK_GAP_MS: i64 = 30 * 60 * 1000;

impl Default for Limits {
    fn default() -> Self {
        Self { record_bytes: RECORD_BYTES, ratio: RATIO }
    }
}
