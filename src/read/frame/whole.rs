//! The whole source is one record.

use super::lines::count_newlines;
use super::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};
use crate::error::Result;
use crate::model::Origin;

/// One frame of everything.
pub struct Whole {
    feed: Feed,
    source: u32,
    limit: usize,
}

impl Whole {
    /// All of `feed` as one record of at most `limit` bytes.
    pub fn new(feed: Feed, source: u32, limit: usize) -> Self {
        Self { feed, source, limit }
    }
}

impl Frames for Whole {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while self.feed.bytes().len() <= self.limit && self.feed.more()? {}
        let bytes = self.feed.bytes();
        let leading = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let kept = bytes[leading..].trim_ascii_end();
        if kept.is_empty() {
            return Ok(false);
        }
        let line = 1 + count_newlines(&bytes[..leading]);
        let fault = (bytes.len() > self.limit).then_some(FrameFault::TooLong { limit: self.limit });
        let origin = Origin {
            source: self.source,
            offset: leading as u64,
            length: kept.len() as u64,
            line,
            record: 1,
        };
        let kept = if fault.is_some() { &kept[..kept.len().min(KEPT_OF_TOO_LONG)] } else { kept };
        batch.push(origin, kept, fault);
        Ok(false)
    }
}
