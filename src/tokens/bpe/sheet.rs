//! A stretch of a text, split into pieces that are looked up together.
//!
//! What comes next is found out in steps that do not wait for one another: where pieces begin, for the whole stretch, and
//! then what is known of each. So the processor is with the next pieces while it waits for memory, and guesses wrong where
//! a loop ends once a stretch and not every few words.

use super::block::{self, BLOCK};
use super::hash::{KEY_BYTES, Key};
use super::split::Pattern;
use super::vocabulary::Vocabulary;

/// Places of a sheet; a power of two, so that a place masked by it is one.
pub const PLACES: usize = 1 << 11;
/// Places in which pieces begin. A block reaches behind it, and what is written at once of where its pieces begin.
const SHEET: usize = PLACES - 2 * BLOCK;
/// Pieces that are written at once; few blocks have more.
const GROUP: usize = 12;

/// Pieces of a stretch of text, one behind the other.
pub struct Sheet {
    /// The stretch and what follows it, so that two words can be read wherever a piece begins; after the end of the text
    /// whatever was there before.
    bytes: [u8; PLACES + 16],
    /// Where each piece begins, and behind them the end of the last.
    begins: [u16; PLACES],
    pieces: usize,
    end: usize,
}

impl Sheet {
    pub const fn new() -> Self {
        Self { bytes: [0; PLACES + 16], begins: [0; PLACES], pieces: 0, end: 0 }
    }

    /// Splits what comes next of a text from `at` on, where a piece begins. Pieces that fit no key are cut where nothing is
    /// merged across. Gives the end of the piece after them, if that is too long for a sheet.
    pub fn split<P: Pattern>(&mut self, text: &[u8], at: usize, vocabulary: &Vocabulary) -> Option<usize> {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(bytes) = rest.first_chunk() {
            self.bytes = *bytes;
        } else if let Some(bytes) = self.bytes.get_mut(..rest.len()) {
            bytes.copy_from_slice(rest);
        }
        (self.pieces, self.end) = (0, 0);
        let mut long = None;
        while self.end < rest.len().min(SHEET) {
            let ahead = self.bytes.get(self.end..).and_then(<[u8]>::first_chunk::<BLOCK>);
            let Some(block) = ahead else { break };
            let left = rest.len() - self.end;
            if !begins_foreign(block) {
                let pieces = block::split::<P>(block, left.min(BLOCK), left <= BLOCK);
                if pieces.end > 0 {
                    self.add_block(pieces.begins);
                    self.end += pieces.end;
                    continue;
                }
            }
            let end = P::end(text, at + self.end) - at;
            if end > PLACES {
                long = Some(at + end);
                break;
            }
            if end - self.end > KEY_BYTES {
                for (begin, _) in vocabulary.cut(rest.get(self.end..end).unwrap_or_default()) {
                    self.add(self.end + begin);
                }
            } else {
                self.add(self.end);
            }
            self.end = end;
        }
        if let Some(place) = self.begins.get_mut(self.pieces) {
            *place = self.end as u16;
        }
        long
    }

    fn add(&mut self, begin: usize) {
        if let Some(place) = self.begins.get_mut(self.pieces) {
            *place = begin as u16;
            self.pieces += 1;
        }
    }

    /// Adds the pieces of a block, which has one at least.
    #[inline]
    fn add_block(&mut self, mut begins: u64) {
        let pieces = begins.count_ones() as usize;
        let mut groups = self.begins.get_mut(self.pieces..).unwrap_or_default().chunks_exact_mut(GROUP);
        while let (1.., Some(group)) = (begins, groups.next()) {
            for place in group {
                // The bit above is there to save asking whether there is one; what it gives is written over.
                *place = (self.end + (begins | 1 << 63).trailing_zeros() as usize) as u16;
                begins &= begins.wrapping_sub(1);
            }
        }
        self.pieces += pieces;
    }

    /// Where the last piece ends.
    pub const fn end(&self) -> usize {
        self.end
    }

    /// Where each piece begins, and the end of the last.
    #[inline]
    pub fn begins(&self) -> &[u16] {
        self.begins.get(..=self.pieces).unwrap_or_default()
    }

    /// Where that piece begins and ends.
    #[inline]
    pub fn span(&self, piece: u16) -> (usize, usize) {
        let piece = usize::from(piece);
        (usize::from(self.begins[piece & (PLACES - 1)]), usize::from(self.begins[(piece + 1) & (PLACES - 1)]))
    }

    #[inline]
    pub fn bytes(&self, begin: usize, end: usize) -> &[u8] {
        self.bytes.get(begin..end).unwrap_or_default()
    }

    /// The key of the piece that begins there.
    #[inline]
    pub fn key(&self, begin: usize, length: usize) -> Key {
        let begin = begin & (PLACES - 1);
        let bytes = self.bytes.get(begin..begin + 16).and_then(|bytes| bytes.first_chunk());
        Key::of(bytes.unwrap_or(&[0; 16]), length)
    }
}

/// Whether there is anything but ASCII in the first eight bytes: where one word is foreign, the next often is.
#[inline]
fn begins_foreign(block: &[u8; BLOCK]) -> bool {
    block.first_chunk().is_some_and(|bytes| u64::from_le_bytes(*bytes) & 0x8080_8080_8080_8080 != 0)
}
