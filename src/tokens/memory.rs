//! A small memory of texts that come again: system prompts, definitions of tools and canned answers stand in row after row.
//!
//! A remembered text is compared whole, so that a count never depends on what was counted before, only the time it takes
//! does. A text is kept when it comes once more before another takes its place: most never do, and are not copied. Texts that
//! differ only where no clue looks (a date in a long prompt) are copied again and again, in a fraction of the time of counting.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Shorter texts are counted in a tenth of a microsecond (at some 300 MB/s), which is not worth a look.
const SHORTEST: usize = 32;
/// Longer texts are not kept; with the number of places this bounds the memory. The prompts of tau-bench have 5 to 7 KB.
const LONGEST: usize = 32 << 10;

/// Texts counted lately, with their counts.
pub struct Memory(Box<[Place]>);

/// Where some texts may be kept, one at a time.
#[derive(Clone, Default)]
struct Place {
    /// The clue of the text that came last.
    seen: u64,
    text: Box<str>,
    tokens: u64,
}

/// What a text is looked up by.
#[derive(Clone, Copy)]
pub struct Clue(u64);

impl Clue {
    /// The clue of a text, where it is worth looking up: its length and a few of its bytes, for a text that is
    /// remembered is compared whole, and most are not.
    pub fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let length = bytes.len();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return None;
        }
        let mut hasher = FxHasher::default();
        hasher.write_usize(length);
        for at in [0, length / 2, length - 8] {
            let word = bytes.get(at..).and_then(<[u8]>::first_chunk);
            hasher.write_u64(word.map_or(0, |word| u64::from_le_bytes(*word)));
        }
        Some(Self(hasher.finish()))
    }

    /// One of so many memories, for who has several; places in a memory go by other bits.
    #[cfg(feature = "tokenizer")]
    pub fn among(self, memories: usize) -> usize {
        (self.0 >> 32) as usize % memories.max(1)
    }
}

impl Memory {
    /// A memory that remembers nothing yet and will hold so many texts at most.
    pub fn new(places: usize) -> Self {
        Self(vec![Place::default(); places].into())
    }

    /// The tokens of a text, if it is remembered.
    pub fn tokens(&self, clue: Clue, text: &str) -> Option<u64> {
        let place = self.0.get(self.place(clue))?;
        (*place.text == *text).then_some(place.tokens)
    }

    /// Takes note of a text that is not remembered.
    pub fn note(&mut self, clue: Clue, text: &str, tokens: u64) {
        let place = self.place(clue);
        let Some(place) = self.0.get_mut(place) else { return };
        if place.seen == clue.0 {
            (place.text, place.tokens) = (text.into(), tokens);
        }
        place.seen = clue.0;
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits of a clue say where a text may be")]
    fn place(&self, Clue(clue): Clue) -> usize {
        clue as usize % self.0.len().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it was remembered with these tokens; otherwise it is noted.
    fn is_known(memory: &mut Memory, text: &str, tokens: u64) -> bool {
        let Some(clue) = Clue::of(text) else { return false };
        if let Some(known) = memory.tokens(clue, text) {
            assert_eq!(known, tokens, "{text}");
            return true;
        }
        memory.note(clue, text, tokens);
        false
    }

    #[test]
    fn equal_texts_are_known_from_the_third_time_on_and_others_never_confused() {
        let mut memory = Memory::new(16);
        let text = "x".repeat(SHORTEST);
        assert_eq!([(); 4].map(|()| is_known(&mut memory, &text, 7)), [false, false, true, true]);
        for size in [0, SHORTEST - 1, LONGEST + 1] {
            let text = "x".repeat(size);
            assert_eq!(
                [(); 3].map(|()| is_known(&mut memory, &text, 1)),
                [false; 3],
                "{size} bytes are not kept"
            );
        }
        // Far more texts than places, and one between them: every one has its own count, and that one stays.
        for number in 0..5_000_u64 {
            is_known(&mut memory, &format!("{number:064}"), number);
            assert!(is_known(&mut memory, &text, 7));
        }
        for number in 0..5_000_u64 {
            let other = format!("{:064}", number / 2);
            is_known(&mut memory, &other, number / 2);
        }
    }
}
