//! A small memory of what was found out about texts that come again: system prompts, definitions of tools and canned answers
//! stand in row after row.
//!
//! A remembered text is compared whole, so that what is found never depends on what came before, only the time it takes
//! does. A text is kept when it comes once more before another takes its place: most never do, and are not copied. Texts that
//! differ only where no clue looks (a date in a long prompt) are copied again and again, in a fraction of the time that
//! is spent on them anyway.

use std::hash::Hasher;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHasher;

/// Shorter texts are counted in a tenth of a microsecond (at some 300 MB/s), which is not worth a look.
const SHORTEST: usize = 32;
/// Longer texts are not kept; with the number of places this bounds the memory. The prompts of tau-bench have 5 to 7 KB.
const LONGEST: usize = 32 << 10;

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

    /// One of `among` things, by bits that begin at `from`.
    fn choose(self, from: u32, among: usize) -> usize {
        usize::try_from((self.0 >> from & 0xffff_ffff) % among.max(1) as u64).unwrap_or(0)
    }
}

/// What is known of texts that came lately; for one thread.
pub struct Memory<T>(Box<[Place<T>]>);

/// Where some texts may be kept, one at a time.
#[derive(Clone, Default)]
struct Place<T> {
    /// The clue of the text that came last.
    seen: u64,
    text: Box<str>,
    value: T,
}

impl<T: Clone + Default> Memory<T> {
    /// A memory that remembers nothing yet and will hold so many texts at most.
    pub fn new(places: usize) -> Self {
        Self(vec![Place::default(); places].into())
    }

    /// What is known of a text, if it is remembered.
    pub fn get(&self, clue: Clue, text: &str) -> Option<T> {
        let place = self.0.get(clue.choose(0, self.0.len()))?;
        (*place.text == *text).then(|| place.value.clone())
    }

    /// Takes note of a text that is not remembered; `value` is asked for if it is kept.
    pub fn note(&mut self, clue: Clue, text: &str, value: impl FnOnce() -> T) {
        let place = clue.choose(0, self.0.len());
        let Some(place) = self.0.get_mut(place) else { return };
        if place.seen == clue.0 {
            (place.text, place.value) = (text.into(), value());
        }
        place.seen = clue.0;
    }
}

/// The same for several threads: as some memories, so that they seldom wait for one another.
pub struct Shared<T>(Box<[Mutex<Memory<T>>]>);

/// Memories of a shared one.
const MEMORIES: usize = 16;

impl<T: Clone + Default> Shared<T> {
    /// A memory that remembers nothing yet and will hold so many texts at most.
    pub fn new(places: usize) -> Self {
        Self((0..MEMORIES).map(|_| Mutex::new(Memory::new(places / MEMORIES))).collect())
    }

    /// What is known of a text, or else is found out by `find`; nobody waits for that.
    pub fn recall(&self, text: &str, find: impl FnOnce() -> T) -> T {
        let memory = Clue::of(text).and_then(|clue| Some((clue, self.0.get(clue.choose(32, self.0.len()))?)));
        let Some((clue, memory)) = memory else { return find() };
        // A memory is whole at every moment, so a poisoned lock is as good as another.
        let memory = || memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory().get(clue, text) {
            return known;
        }
        let found = find();
        memory().note(clue, text, || found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it was remembered with these tokens; otherwise it is noted.
    fn is_known(memory: &mut Memory<u64>, text: &str, tokens: u64) -> bool {
        let Some(clue) = Clue::of(text) else { return false };
        if let Some(known) = memory.get(clue, text) {
            assert_eq!(known, tokens, "{text}");
            return true;
        }
        memory.note(clue, text, || tokens);
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
        for number in 5_000..6_000_u64 {
            let other = format!("{number:064}");
            let known = [(); 4].map(|()| is_known(&mut memory, &other, number));
            assert_eq!(known, [false, false, true, true], "{number}");
        }
    }

    #[test]
    fn what_several_threads_share_is_found_out_twice() {
        let shared = Shared::new(64);
        let text = "x".repeat(SHORTEST);
        assert_eq!([(); 2].map(|()| shared.recall(&text, || 7)), [7, 7]);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| assert_eq!(shared.recall(&text, || unreachable!("it is remembered")), 7));
            }
        });
        assert_eq!(shared.recall("short", || 1), 1);
    }
}
