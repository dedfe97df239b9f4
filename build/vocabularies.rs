//! Makes the vocabulary tables of `src/tokens/bpe` from the ranks inside the tiktoken-rs crate.
//!
//! For each vocabulary, little-endian files: the tokens of one byte; those of two and the first tokens that go on between two
//! bytes; a perfect hash (see `hash.rs`) of the tokens that fit a key, and one of the others with their bytes; the two tokens that
//! each is merged from, and a perfect hash of these pairs; and between which characters tokens go on.

use std::path::Path;

use crate::hash::{self, Key};

/// Merged from nothing: a single byte, or a token that merging never makes.
const NONE: u32 = u32::MAX;
/// No token.
const EMPTY: u32 = u32::MAX;
/// No token, in as many bits as a token has.
const NO_TOKEN: u32 = (1 << hash::TOKEN_BITS) - 1;
/// `<|endoftext|>` of `p50k_base`, between its tokens of text
/// (<https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py>, 2026-11-21).
const P50K_END_OF_TEXT: u32 = 50_256;

/// Writes the tables of all vocabularies into `folder`. `r50k_base` is `p50k_base` up to its control token.
pub fn write(folder: &Path) {
    let vocabularies = [
        ("cl100k", tiktoken_rs::cl100k_base()),
        ("o200k", tiktoken_rs::o200k_base()),
        ("p50k", tiktoken_rs::p50k_base()),
    ];
    for (name, vocabulary) in vocabularies {
        let vocabulary = vocabulary.expect("a vocabulary inside tiktoken-rs");
        let mut tokens = Vec::new();
        // Ranks are numbered from 0 without a gap but for the control token of p50k_base; it keeps its number, without bytes.
        for rank in 0.. {
            match vocabulary.decode_bytes(&[rank]) {
                Ok(_) if name == "p50k" && rank == P50K_END_OF_TEXT => tokens.push(Vec::new()),
                Ok(bytes) => tokens.push(bytes),
                Err(_) => break,
            }
        }
        let write = |table: &str, bytes: Vec<u8>| {
            std::fs::write(folder.join(format!("{name}.{table}")), bytes).expect("a table is written");
        };
        let is_short = |bytes: &[u8]| (1..=hash::KEY_BYTES).contains(&bytes.len());
        let short: Vec<(u64, usize)> = (tokens.iter().enumerate())
            .filter(|(_, bytes)| is_short(bytes))
            .map(|(token, bytes)| (key(bytes).hash(), token))
            .collect();
        let short = Perfect::new(&short);
        let long: Vec<&Vec<u8>> = tokens.iter().filter(|bytes| bytes.len() > hash::KEY_BYTES).collect();
        let mut begins = vec![0_u32];
        for bytes in &long {
            begins.push(begins.last().unwrap() + u32::try_from(bytes.len()).unwrap());
        }
        let hashes: Vec<(u64, usize)> = long.iter().map(|bytes| hash::of_bytes(bytes)).zip(0..).collect();
        let words = Perfect::new(&hashes);
        let splits = splits(&tokens);
        let merged: Vec<(u64, usize)> = (splits.iter().enumerate())
            .filter(|(_, [left, _])| *left != NONE)
            .map(|(token, [left, right])| (hash::of_pair(*left, *right), token))
            .collect();
        let pairs = Perfect::new(&merged);
        let short_slot = |slot: &Option<(u64, usize)>| {
            let key = slot.map_or(Key { low: 0, high: 0 }, |(_, token)| key(&tokens[token]));
            [key.low.to_le_bytes(), key.high.to_le_bytes()].concat()
        };
        let pair = |slot: &Option<(u64, usize)>| {
            let pair = slot.map_or(u64::MAX, |(_, token)| {
                let [left, right] = splits[token].map(u64::from);
                left << (2 * hash::TOKEN_BITS) | right << hash::TOKEN_BITS | token as u64
            });
            pair.to_le_bytes()
        };
        let mut single = vec![NONE; 1 << 8];
        let two = |left: u8, right: u8| usize::from(u16::from_le_bytes([left, right]));
        let mut double = vec![NO_TOKEN; 1 << 16];
        for (bytes, token) in tokens.iter().zip(0_u32..) {
            match bytes[..] {
                [byte] => single[usize::from(byte)] = token,
                [left, right] => double[two(left, right)] = token,
                _ => {}
            }
        }
        write("single", single.iter().flat_map(|token| token.to_le_bytes()).collect());
        let mut first = vec![NO_TOKEN; 1 << 16];
        for ([left, right], token) in splits.iter().zip(0_u32..).filter(|([left, _], _)| *left != NONE) {
            let (left, right) = (&tokens[*left as usize], &tokens[*right as usize]);
            let first = &mut first[two(left[left.len() - 1], right[0])];
            *first = token.min(*first);
        }
        let step = |token: u32| token >> hash::STEP_LOG2;
        let twos = double.iter().zip(&first).map(|(token, first)| token | step(*first) << hash::TOKEN_BITS);
        write("twos", twos.flat_map(u32::to_le_bytes).collect());
        write("short", short.slots.iter().flat_map(short_slot).collect());
        write("short.displacements", short.displacements());
        write("long", long.iter().flat_map(|bytes| bytes.iter().copied()).collect());
        write("long.begins", begins.iter().flat_map(|begin| begin.to_le_bytes()).collect());
        write("long.slots", words.slots());
        write("long.displacements", words.displacements());
        write("splits", splits.iter().flatten().flat_map(|part| part.to_le_bytes()).collect());
        write("pairs", pairs.slots.iter().flat_map(pair).collect());
        write("pairs.displacements", pairs.displacements());
        let seams = Seams::of(&tokens);
        write("seams", seams.characters);
        write("edges", seams.edges.iter().flat_map(|token| token.to_le_bytes()).collect());
    }
}

/// The key of a short token.
fn key(bytes: &[u8]) -> Key {
    Key::of(&hash::padded(bytes), bytes.len())
}

/// The two tokens that each token is merged from last, found by merging its bytes with the tokens before it.
///
/// Merging goes by rank, so nothing after a token takes part in making it, and its parts are always the same two; what
/// is left in more parts is never made (`tests/tokens.rs` compares with tiktoken-rs). A pair that could become a token in another
/// way never gets to: that way would be taken alone, too.
fn splits(tokens: &[Vec<u8>]) -> Vec<[u32; 2]> {
    let mut of_byte = [NONE; 256];
    let mut merged = Map::new(tokens.len());
    let mut splits = Vec::with_capacity(tokens.len());
    let mut parts: Vec<u32> = Vec::new();
    for (token, bytes) in (0_u32..).zip(tokens) {
        if let [byte] = bytes[..] {
            of_byte[byte as usize] = token;
            splits.push([NONE, NONE]);
            continue;
        }
        parts.clear();
        parts.extend(bytes.iter().map(|byte| of_byte[*byte as usize]));
        while parts.len() > 2 {
            let best =
                parts.windows(2).enumerate().map(|(at, pair)| (merged.get(pair[0], pair[1]), at)).min();
            match best {
                Some((made, at)) if made != NONE => {
                    parts[at] = made;
                    parts.remove(at + 1);
                }
                _ => break,
            }
        }
        if let [left, right] = parts[..] {
            assert!(left != NONE && right != NONE, "single bytes come before what is merged from them");
            merged.insert(left, right, token);
            splits.push([left, right]);
        } else {
            splits.push([NONE, NONE]);
        }
    }
    splits
}

/// Pairs to tokens, by linear probing: the standard map takes ten times as long in a build script without optimisation.
struct Map {
    slots: Vec<(u32, u32, u32)>,
}

impl Map {
    fn new(most: usize) -> Self {
        Self { slots: vec![(NONE, NONE, NONE); (most * 2).next_power_of_two()] }
    }

    /// The slot of a pair, or the empty one where it belongs.
    fn place(&self, left: u32, right: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash::of_pair(left, right) as usize & mask;
        while self.slots[at].2 != NONE && (self.slots[at].0 != left || self.slots[at].1 != right) {
            at = (at + 1) & mask;
        }
        at
    }

    fn get(&self, left: u32, right: u32) -> u32 {
        self.slots[self.place(left, right)].2
    }

    fn insert(&mut self, left: u32, right: u32, token: u32) {
        let at = self.place(left, right);
        self.slots[at] = (left, right, token);
    }
}

/// A perfect hash: for each bucket the displacement that gives its keys free slots, the fullest buckets first.
struct Perfect {
    /// Hash and number of the key in each slot.
    slots: Vec<Option<(u64, usize)>>,
    displacements: Vec<u16>,
}

impl Perfect {
    fn new(keys: &[(u64, usize)]) -> Self {
        let mut slots_log2 = keys.len().next_power_of_two().ilog2();
        if keys.len() * 10 > 8 << slots_log2 {
            slots_log2 += 1;
        }
        let mut buckets = vec![Vec::new(); 1 << (slots_log2 - hash::SLOTS_TO_A_BUCKET_LOG2)];
        for key in keys {
            buckets[hash::bucket(key.0, slots_log2)].push(*key);
        }
        let mut order: Vec<usize> = (0..buckets.len()).collect();
        order.sort_by_key(|bucket| std::cmp::Reverse(buckets[*bucket].len()));
        let mut slots = vec![None; 1 << slots_log2];
        let mut displacements = vec![0; buckets.len()];
        let mut places = Vec::new();
        for bucket in order {
            let displacement = (0..=u16::MAX).find(|displacement| {
                places.clear();
                buckets[bucket].iter().all(|(hash, _)| {
                    let place = hash::slot(*hash, *displacement, slots_log2);
                    let free = slots[place].is_none() && !places.contains(&place);
                    places.push(place);
                    free
                })
            });
            let displacement = displacement.expect("no two keys of a vocabulary have one hash");
            for key in &buckets[bucket] {
                slots[hash::slot(key.0, displacement, slots_log2)] = Some(*key);
            }
            displacements[bucket] = displacement;
        }
        Self { slots, displacements }
    }

    /// The slots as numbers of keys with tags of their hashes.
    fn slots(&self) -> Vec<u8> {
        let slot = |slot: &Option<(u64, usize)>| match slot {
            Some((hash, number)) => u32::try_from(*number).unwrap() | hash::tag(*hash) << hash::TOKEN_BITS,
            None => EMPTY,
        };
        self.slots.iter().flat_map(|key| slot(key).to_le_bytes()).collect()
    }

    fn displacements(&self) -> Vec<u8> {
        self.displacements.iter().flat_map(|displacement| displacement.to_le_bytes()).collect()
    }
}

/// Between which characters some token goes on. Where none does, a piece can be cut: nothing is merged across.
struct Seams {
    /// A bit for each two characters in a row in a token, by [`hash::seam`].
    characters: Vec<u8>,
    /// For the bytes around a seam, the first token that goes on there and begins or ends within a character beside it.
    edges: Vec<u32>,
}

impl Seams {
    fn of(tokens: &[Vec<u8>]) -> Self {
        let mut characters = vec![0; 1 << (hash::SEAMS_LOG2 - 3)];
        let mut edges = vec![NONE; 1 << 14];
        for (token, number) in tokens.iter().zip(0_u32..) {
            for at in 1..token.len() {
                let (left, right) = token.split_at(at);
                // Texts are UTF-8: only there can a character begin.
                if right[0] & 0xc0 == 0x80 {
                    continue;
                }
                let last = left.utf8_chunks().last().filter(|chunk| chunk.invalid().is_empty());
                let last = last.and_then(|chunk| chunk.valid().chars().next_back());
                let first = right.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
                if let (Some(last), Some(first)) = (last, first) {
                    let bit = hash::seam(last.into(), first.into());
                    characters[bit / 8] |= 1 << (bit % 8);
                } else {
                    let edge = &mut edges[hash::edge(left[at - 1], right[0])];
                    *edge = number.min(*edge);
                }
            }
        }
        Self { characters, edges }
    }
}
