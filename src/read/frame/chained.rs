//! Several files read as one: each is opened when the one before it has ended, so that thousands of day files need no
//! thousands of open files.

use super::{Batch, Frames};
use crate::error::Result;

/// Opens the part of that number, from 0; `None` when there are no more.
pub type OpenPart = Box<dyn FnMut(usize) -> Option<Result<Box<dyn Frames>>> + Send>;

/// The frames of all parts, one part after the other.
pub struct Chained {
    open: OpenPart,
    next: usize,
    current: Option<Box<dyn Frames>>,
}

impl Chained {
    /// The parts that `open` opens.
    pub fn new(open: OpenPart) -> Self {
        Self { open, next: 0, current: None }
    }
}

impl Frames for Chained {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            match &mut self.current {
                Some(part) => {
                    if !part.fill(batch)? {
                        self.current = None;
                    }
                }
                None => match (self.open)(self.next) {
                    None => return Ok(false),
                    Some(part) => {
                        self.next += 1;
                        self.current = Some(part?);
                    }
                },
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Feed, Lines};
    use super::*;

    #[test]
    fn parts_follow_one_another() {
        let texts = ["a\nb\n", "", "c\n"];
        let open = move |part: usize| {
            let text = texts.get(part)?;
            let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "x");
            let source = u32::try_from(part).ok()?;
            Some(Ok(Box::new(Lines::new(feed, source, 100)) as Box<dyn Frames>))
        };
        let mut batch = Batch::default();
        assert!(!Chained::new(Box::new(open)).fill(&mut batch).unwrap());
        let found: Vec<(u32, &[u8])> =
            batch.frames().map(|frame| (frame.origin.source, frame.bytes)).collect();
        assert_eq!(found, [(0, &b"a"[..]), (0, b"b"), (2, b"c")]);
    }
}
