//! A window over a stream that grows as far as one record needs and forgets what is done.

use std::io::{ErrorKind as IoKind, Read};

use crate::error::{Error, Result};

/// How much is read at once.
const CHUNK: usize = 256 << 10;

/// Unread bytes of a stream with their place in it.
pub struct Feed {
    reader: Box<dyn Read + Send>,
    name: String,
    buffer: Vec<u8>,
    start: usize,
    /// Bytes of the stream before `start`.
    offset: u64,
    ended: bool,
}

impl Feed {
    /// A window over `reader`; `name` is the source's name for errors.
    pub fn new(reader: Box<dyn Read + Send>, name: impl Into<String>) -> Self {
        Self { reader, name: name.into(), buffer: Vec::new(), start: 0, offset: 0, ended: false }
    }

    /// The bytes read and not yet consumed.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Position of the first unconsumed byte in the stream.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads on; `false` when the stream has ended and nothing was added.
    pub fn more(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let before = self.buffer.len();
        self.buffer.resize(before + CHUNK, 0);
        let mut filled = before;
        // Fill the chunk, so that slow pipes do not make small batches and timing does not decide batch borders.
        while filled < self.buffer.len() {
            match self.reader.read(&mut self.buffer[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(error) => return Err(read_error(&self.name, self.offset + filled as u64, &error)),
            }
        }
        self.buffer.truncate(filled);
        Ok(filled > before)
    }

    /// Forgets the first `count` unconsumed bytes.
    pub fn consume(&mut self, count: usize) {
        debug_assert!(count <= self.bytes().len());
        self.start += count;
        self.offset += count as u64;
    }

    /// The first unconsumed byte, reading on where needed.
    pub fn peek(&mut self) -> Result<Option<u8>> {
        while self.bytes().is_empty() {
            if !self.more()? {
                return Ok(None);
            }
        }
        Ok(self.bytes().first().copied())
    }
}

/// The error for a stream that breaks off, with the place.
fn read_error(name: &str, offset: u64, error: &std::io::Error) -> Error {
    let message = format!("cannot read `{name}` beyond byte {offset}: {error}");
    match error.kind() {
        IoKind::UnexpectedEof | IoKind::InvalidData | IoKind::InvalidInput => Error::input(message)
            .with_hint("the file is cut short or damaged: get it again, since the records that are missing cannot be accounted for"),
        _ => Error::input(message),
    }
}
