//! Which rows of two datasets have words in common that hardly another row has.
//!
//! Rows are compared by pairs of neighbouring words, of which each row keeps a bounded sample (the smallest hashes, so
//! that equal texts keep equal pairs). Pairs that stand in many rows, such as those of instructions that all rows
//! share, lead to nobody and weigh little. So the time grows with the number of rows, not with its square, also where
//! all rows look alike. [`similar`] is all that the rest of the comparison knows of it.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::pipeline::belt;
use crate::pipeline::pool::Pool;
use crate::pipeline::watch::Watch;
use crate::text::masks::Masks;
use crate::text::shingle::{Cutter, Shingle};

/// Pairs that all samples together may have: 16 bytes each while they are compared.
const ALL_MOST: usize = 16 << 20;
/// Pairs in the sample of a row: 256 tell how similar two texts are within about 5 %; 12 still find texts that are
/// nearly equal.
const SAMPLE: std::ops::RangeInclusive<usize> = 12..=256;
/// A pair of words that stands in more rows of the new dataset leads to none of them.
const ROWS_MOST: u32 = 64;
/// The rarest pairs of a row that are followed, and the rows that are then looked at.
const FOLLOWED: usize = 24;
const LOOKED_AT: usize = 8;
/// Rows worked on at once.
const CHUNK: usize = 1024;

/// The sample of one text, sorted.
pub(super) type Sample = Box<[u32]>;

/// Two rows and how much of their words they share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Similar {
    pub(super) old: u32,
    pub(super) new: u32,
    /// 0 to 1: the weight of the pairs in both, by the geometric mean of the weights of each (Ochiai's coefficient), so
    /// that a conversation that went on is still known by its beginning. A pair in `n` of `N` rows weighs `ln(1 + N/n)`.
    pub(super) score: f32,
}

/// How many pairs a sample may have where there are so many rows.
pub(super) fn sample_most(rows: usize) -> usize {
    (ALL_MOST / rows.max(1)).clamp(*SAMPLE.start(), *SAMPLE.end())
}

/// The sample of what a row says: its shingles with the smallest hashes.
pub(super) fn sample<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Sample {
    let mut cutter = Cutter::new(Shingle::default(), Masks::default());
    let mut shingles = Vec::new();
    for text in texts {
        cutter.add(text);
        cutter.end(0, &mut shingles);
    }
    let mut pairs: Vec<u32> =
        shingles.into_iter().map(|shingle| u32::try_from(shingle >> 32).unwrap_or_default()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.truncate(most);
    pairs.into()
}

/// Rows of both datasets that share at least `least` of their words, for each old row the nearest few; in no order.
pub(super) fn similar(
    old: &[Sample],
    new: &[Sample],
    least: f32,
    pool: &Pool,
    watch: &dyn Watch,
) -> Result<Vec<Similar>> {
    let index = Index::of(old, new);
    let mut found = Vec::new();
    let mut next = 0;
    belt::run(
        pool,
        watch,
        || {
            let begin = next;
            next = (next + CHUNK).min(old.len());
            Ok((begin < next).then_some(begin..next))
        },
        |rows: std::ops::Range<usize>| {
            let mut near = Vec::new();
            for (sample, row) in old.iter().zip(0..).take(rows.end).skip(rows.start) {
                near.extend(
                    index
                        .near(row, sample, new)
                        .filter(|(_, score)| *score >= least)
                        .map(|(new, score)| Similar { old: row, new, score }),
                );
            }
            near
        },
        |near| {
            found.extend(near);
            Ok(())
        },
    )?;
    Ok(found)
}

/// How much of their words two rows share, where nothing is known of others: each pair weighs the same.
pub(super) fn overlap(old: &Sample, new: &Sample) -> f32 {
    let both = shared(old, new).count() as f32;
    let size = (old.len() as f32 * new.len() as f32).sqrt();
    if size > 0.0 { both / size } else { 0.0 }
}

/// Pairs in both samples.
fn shared<'a>(one: &'a Sample, other: &'a Sample) -> impl Iterator<Item = u32> + 'a {
    let mut rest = other.iter().peekable();
    one.iter().copied().filter(move |pair| {
        while rest.next_if(|next| *next < pair).is_some() {}
        rest.peek() == Some(&pair)
    })
}

/// Where the pairs stand that are in both datasets.
struct Index {
    /// Pair and row of the new dataset, sorted.
    places: Vec<(u32, u32)>,
    /// Of a pair in both: its first place, the number of its places, its weight.
    pairs: FxHashMap<u32, (u32, u32, f32)>,
    /// The weights of all pairs of each row.
    old_weights: Vec<f32>,
    new_weights: Vec<f32>,
}

impl Index {
    fn of(old: &[Sample], new: &[Sample]) -> Self {
        let (old_places, places) = (sorted(old), sorted(new));
        let rows = old.len().max(new.len()) as f32;
        let mut index = Self {
            places: Vec::new(),
            pairs: FxHashMap::default(),
            old_weights: vec![0.0; old.len()],
            new_weights: vec![0.0; new.len()],
        };
        let add = |weights: &mut Vec<f32>, places: &[(u32, u32)], weight: f32| {
            for (_, row) in places {
                if let Some(sum) = weights.get_mut(*row as usize) {
                    *sum += weight;
                }
            }
        };
        let mut begin = 0;
        let mut olds = old_places.chunk_by(|one, other| one.0 == other.0).peekable();
        for here in places.chunk_by(|one, other| one.0 == other.0) {
            let pair = here.first().map_or(0, |(pair, _)| *pair);
            while let Some(alone) = olds.next_if(|old| old.first().is_some_and(|(old, _)| *old < pair)) {
                add(&mut index.old_weights, alone, (1.0 + rows / alone.len() as f32).ln());
            }
            let there = olds.next_if(|old| old.first().is_some_and(|(old, _)| *old == pair)).unwrap_or(&[]);
            let weight = (1.0 + rows / here.len().max(there.len()) as f32).ln();
            add(&mut index.new_weights, here, weight);
            add(&mut index.old_weights, there, weight);
            let count = u32::try_from(here.len()).unwrap_or(u32::MAX);
            if !there.is_empty() {
                index.pairs.insert(pair, (begin, count, weight));
            }
            begin = begin.saturating_add(count);
        }
        olds.for_each(|alone| add(&mut index.old_weights, alone, (1.0 + rows / alone.len() as f32).ln()));
        index.places = places;
        index
    }

    /// The rows of the new dataset that have rare pairs in common with an old one, and how similar they are.
    fn near<'a>(
        &'a self,
        row: u32,
        sample: &'a Sample,
        new: &'a [Sample],
    ) -> impl Iterator<Item = (u32, f32)> + 'a {
        let known = sample.iter().filter_map(|pair| self.pairs.get(pair));
        let mut rare: Vec<(u32, u32)> = known
            .filter(|(_, count, _)| *count <= ROWS_MOST)
            .map(|(begin, count, _)| (*count, *begin))
            .collect();
        rare.sort_unstable();
        let places = rare.iter().take(FOLLOWED).flat_map(|(count, begin)| {
            let begin = *begin as usize;
            self.places.get(begin..begin + *count as usize).unwrap_or_default()
        });
        let mut met: Vec<u32> = places.map(|(_, row)| *row).collect();
        met.sort_unstable();
        let mut met: Vec<(std::cmp::Reverse<usize>, u32)> = met
            .chunk_by(|one, other| one == other)
            .filter_map(|times| Some((std::cmp::Reverse(times.len()), *times.first()?)))
            .collect();
        met.sort_unstable();
        let weight = self.old_weights.get(row as usize).copied().unwrap_or_default();
        met.into_iter().take(LOOKED_AT).filter_map(move |(_, met)| {
            let other = self.new_weights.get(met as usize)?;
            let both: f32 = shared(sample, new.get(met as usize)?)
                .filter_map(|pair| self.pairs.get(&pair))
                .map(|(_, _, weight)| weight)
                .sum();
            let size = (weight * other).sqrt();
            (size > 0.0).then_some((met, (both / size).min(1.0)))
        })
    }
}

/// All pairs of all rows, sorted.
fn sorted(samples: &[Sample]) -> Vec<(u32, u32)> {
    let mut places = Vec::with_capacity(samples.iter().map(|sample| sample.len()).sum());
    for (sample, row) in samples.iter().zip(0..) {
        places.extend(sample.iter().map(|pair| (*pair, row)));
    }
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::pipeline::watch::Silent;

    fn samples(texts: &[String]) -> Vec<Sample> {
        texts.iter().map(|text| sample(std::iter::once(text.as_str()), sample_most(texts.len()))).collect()
    }

    fn found(old: &[String], new: &[String]) -> Vec<Similar> {
        let pool = Pool::of(&Settings { threads: 2, ..Settings::default() }).unwrap();
        similar(&samples(old), &samples(new), 0.4, &pool, &Silent).unwrap()
    }

    #[test]
    fn a_row_is_known_by_what_is_its_own() {
        let talk = |order: usize, more: &str| {
            format!("You are the help desk of a shop and polite to all. Where is my order {order}? {more}")
        };
        let old: Vec<String> = (0..200).map(|order| talk(order, "It should be here.")).collect();
        let new: Vec<String> = (0..200).rev().map(|order| talk(order, "It should have been here.")).collect();
        let found = found(&old, &new);
        for row in 0..200 {
            let of_row = found.iter().filter(|similar| similar.old == row);
            let best = of_row.max_by(|one, other| one.score.total_cmp(&other.score)).unwrap();
            assert_eq!(best.new, 199 - row);
        }
    }

    #[test]
    fn strangers_are_not_similar_and_a_beginning_is() {
        let text = |words: std::ops::Range<usize>| {
            words.map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ")
        };
        let old = [text(0..40), text(100..140)];
        let new = [text(200..240), text(0..120)];
        let found = found(&old, &new);
        assert!(matches!(found.as_slice(), [Similar { old: 0, new: 1, .. }]), "{found:?}");
    }

    #[test]
    fn words_of_any_script_make_pairs() {
        assert_eq!(sample(["Where IS\nit"].into_iter(), 99), sample(["where is\nit "].into_iter(), 99));
        let (one, other) =
            (sample(["退款需要三天时间"].into_iter(), 99), sample(["退款需要五天时间"].into_iter(), 99));
        assert!((0.5..1.0).contains(&overlap(&one, &other)), "{}", overlap(&one, &other));
        assert_eq!(sample(["", "?!"].into_iter(), 99).len(), 1);
    }
}
