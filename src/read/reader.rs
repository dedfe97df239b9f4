//! What a reader is: it recognises a format, cuts it into frames, and decodes one frame at a time.

use std::sync::Arc;

use super::{Frame, Frames, ReadSettings, Sample, Source};
use crate::diagnostic::{Finding, Rejection};
use crate::error::Result;
use crate::model::Raw;
use crate::target::RowBuffer;

/// The description of a reader, from which help, docs and tests are made.
#[derive(Debug, Clone, Copy)]
pub struct ReaderSpec {
    /// Name for `--from`, kebab-case.
    pub name: &'static str,
    /// One line: what the format is.
    pub title: &'static str,
    /// A short paragraph or list in Markdown: the variants understood, what is done with oddities.
    pub notes: &'static str,
    /// How the user gets such a file out of the system, in Markdown; empty for formats that belong to no system.
    pub how_to_get: &'static str,
    /// The keys, columns or marks by which it is recognised, one sentence without a full stop.
    pub recognised_by: &'static str,
}

/// How sure a reader is that a sample is its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// 1 to 100; of several readers the surest one is taken, of equals the first by name.
    pub confidence: u8,
    /// What it saw, shown to the user: "`messages[].role` in 20 of 20 rows".
    pub why: String,
}

/// Files that are read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// Indices of the files that hold conversations, in the order in which they are read.
    pub parts: Vec<usize>,
    /// Indices of the files that say who is who.
    pub companions: Vec<usize>,
    /// What was seen, shown to the user.
    pub why: String,
}

/// A format. Stateless: what a source says of itself (columns, separators) is settled by [`Reader::open`].
pub trait Reader: Sync {
    /// The description.
    fn spec(&self) -> &'static ReaderSpec;

    /// Whether `sample` is this format, and why; `None` when it is not.
    fn sniff(&self, sample: &Sample) -> Option<Guess>;

    /// The most that [`Guess::confidence`] can be here. Who can never be quite sure is asked only where nobody else is.
    fn surest(&self) -> u8 {
        100
    }

    /// Files of one export that are read as one, found by their names and places; each file belongs to one group.
    fn gather(&self, files: &[Source]) -> Vec<Gathered> {
        let _ = files;
        Vec::new()
    }

    /// What a file is that belongs to this format and holds no conversations ("the list of users"); it is handed to
    /// [`Reader::open`] as a companion of the sources of the same export.
    fn companion(&self, sample: &Sample) -> Option<&'static str> {
        let _ = sample;
        None
    }

    /// Settles how this source is read. An unknown column or path is an error that names the known ones.
    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened>;
}

/// A source ready to be walked.
pub struct Opened {
    /// The framing: one thread, in order.
    pub frames: Box<dyn Frames>,
    /// The decoding: pure, any thread.
    pub decoder: Arc<dyn Decode>,
    /// What was settled and why, one line each, shown to the user ("columns: id=`ticket`, text=`body`").
    pub notes: Vec<String>,
}

/// A record as its reader understood it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// What it holds.
    pub raw: Raw,
    /// What the reader noticed or mended on the way (an encoding, a stripped separator), with its code.
    pub findings: Vec<Finding>,
}

impl From<Raw> for Decoded {
    fn from(raw: Raw) -> Self {
        Self { raw, findings: Vec::new() }
    }
}

/// Turns the bytes of one frame into what it holds.
pub trait Decode: Send + Sync {
    /// Decodes one frame; pure, never panics, whatever the bytes.
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection>;

    /// The same with room to read the record into, for who wants it.
    fn decode_into(&self, frame: &Frame<'_>, room: &mut RowBuffer) -> Result<Decoded, Rejection> {
        let _ = room;
        self.decode(frame)
    }
}
