//! Which row of the new dataset is which row of the old one, and what became of it.
//!
//! Keys decide first: what rows say to the letter, then in normal form, each with the other fields and the side before
//! without, as often as it stands there. What is left is matched by its own identifier, its prompt, and its words.

use super::dataset::{Dataset, Entry};
use super::row::Row;
use super::similar::{Sample, overlap, sample, sample_most, similar};
use crate::error::{Error, Result};
use crate::pipeline::belt;
use crate::pipeline::pool::Pool;
use crate::pipeline::watch::Watch;
use crate::report::difference::{MatchedBy, RowFate, RowFates};

/// No row.
const NONE: u32 = u32::MAX;
/// Rows share so much of their words at least when they are taken for one another by that; where they have an
/// identifier in common, less will do, but not nothing: rows may have been numbered anew.
const WORDS_LEAST: f32 = 0.5;
const ID_LEAST: f32 = 0.1;
/// Rows looked at in one batch, and their bytes.
const BATCH_ROWS: usize = 1024;
const BATCH_BYTES: u64 = 4 << 20;

/// A row of both datasets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) new: u32,
    pub(super) by: MatchedBy,
    /// How much of their words they share, where they were matched by that.
    pub(super) score: f32,
}

/// What became of all rows.
pub(super) struct Matches {
    /// For each old row its new one.
    pub(super) of_old: Vec<Option<Match>>,
    /// For each new row whether it is an old one.
    pub(super) new_taken: Vec<bool>,
    /// Which rows without a match are copies of rows that are in both datasets.
    pub(super) old_copies: Vec<bool>,
    pub(super) new_copies: Vec<bool>,
}

/// What became of two rows that are one; `None` where nothing did.
pub(super) fn fate(old: &Entry, new: &Entry) -> Option<RowFate> {
    if old.keys.normal != new.keys.normal {
        Some(RowFate::Changed)
    } else if old.side.zip(new.side).is_some_and(|(old, new)| old != new) {
        Some(RowFate::Moved)
    } else if old.keys.exact != new.keys.exact {
        Some(RowFate::Reformatted)
    } else {
        (old.keys.fields != new.keys.fields).then_some(RowFate::Fields)
    }
}

impl Matches {
    /// Matches all rows.
    pub(super) fn of(old: &Dataset, new: &Dataset, pool: &Pool, watch: &dyn Watch) -> Result<Self> {
        let mut matching = Matching::new(&old.entries, &new.entries);
        let sided = |entry: &Entry, key: u128| {
            let side = entry.side.map_or(0, |side| 1 + side as u128);
            mixed(key, side)
        };
        matching.join(&|entry| sided(entry, mixed(entry.keys.exact, entry.keys.fields.into())));
        matching.join(&|entry| sided(entry, entry.keys.exact));
        matching.join(&|entry| entry.keys.exact);
        matching.join(&|entry| sided(entry, entry.keys.normal));
        matching.join(&|entry| entry.keys.normal);
        let (old_loose, new_loose) = (matching.loose_old(), matching.loose_new());
        if !old_loose.is_empty() && !new_loose.is_empty() {
            let most = sample_most(old_loose.len() + new_loose.len());
            watch.begin("comparing", 0);
            let matched = samples(old, &old_loose, most, pool, watch)
                .and_then(|old| Ok((old, samples(new, &new_loose, most, pool, watch)?)))
                .and_then(|(old, new)| matching.rest(&old, &new, pool, watch));
            watch.end();
            matched?;
        }
        Ok(matching.finish())
    }

    /// Rows by what became of them; the sums are checked.
    pub(super) fn fates(&self, old: &[Entry], new: &[Entry]) -> Result<RowFates> {
        let mut fates = RowFates::default();
        for (entry, of_old) in old.iter().zip(&self.of_old) {
            let became = of_old.and_then(|matched| Some((matched.by, new.get(matched.new as usize)?)));
            let of_row = became.map_or(Some(RowFate::Removed), |(_, new)| fate(entry, new));
            fates.add(of_row);
            if let (Some(RowFate::Changed), Some((by, _))) = (of_row, became) {
                match by {
                    MatchedBy::Id => fates.changed_by.id += 1,
                    MatchedBy::Prompt => fates.changed_by.prompt += 1,
                    MatchedBy::Words | MatchedBy::Text => fates.changed_by.words += 1,
                }
            }
        }
        self.new_taken.iter().filter(|taken| !**taken).for_each(|_| fates.add(Some(RowFate::Added)));
        let number = |list: &[bool]| list.iter().filter(|is| **is).count() as u64;
        (fates.removed_copies, fates.added_copies) = (number(&self.old_copies), number(&self.new_copies));
        if fates.sums_agree(old.len() as u64, new.len() as u64) {
            return Ok(fates);
        }
        Err(Error::internal(format!(
            "the sums do not agree, which is a defect of chatmill: {} and {} rows, {fates:?}",
            old.len(),
            new.len()
        )))
    }
}

/// A key that is another for another `with`.
fn mixed(key: u128, with: u128) -> u128 {
    // The golden ratio in 128 bits; odd, so that no two factors give one product.
    key ^ with.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
}

/// Rows in the middle of being matched.
struct Matching<'a> {
    old: &'a [Entry],
    new: &'a [Entry],
    of_old: Vec<Option<Match>>,
    of_new: Vec<u32>,
}

impl<'a> Matching<'a> {
    fn new(old: &'a [Entry], new: &'a [Entry]) -> Self {
        Self { old, new, of_old: vec![None; old.len()], of_new: vec![NONE; new.len()] }
    }

    fn loose_old(&self) -> Vec<u32> {
        (0..).zip(&self.of_old).filter(|(_, of)| of.is_none()).map(|(row, _)| row).collect()
    }

    fn loose_new(&self) -> Vec<u32> {
        (0..).zip(&self.of_new).filter(|(_, of)| **of == NONE).map(|(row, _)| row).collect()
    }

    fn take(&mut self, old: u32, new: u32, by: MatchedBy, score: f32) {
        if let (Some(of_old @ None), Some(of_new)) =
            (self.of_old.get_mut(old as usize), self.of_new.get_mut(new as usize))
            && *of_new == NONE
        {
            *of_old = Some(Match { new, by, score });
            *of_new = old;
        }
    }

    /// Matches loose rows with equal keys, as often as they stand there, in their order.
    fn join(&mut self, key: &dyn Fn(&Entry) -> u128) {
        let (old, new) = (keyed(self.old, &self.loose_old(), key), keyed(self.new, &self.loose_new(), key));
        for (olds, news) in groups(&old, &new) {
            for ((_, old), (_, new)) in olds.iter().zip(news) {
                self.take(*old, *new, MatchedBy::Text, 1.0);
            }
        }
    }

    /// Matches what no text did; samples are of the loose rows, in their order.
    fn rest(&mut self, old: &[Sample], new: &[Sample], pool: &Pool, watch: &dyn Watch) -> Result<()> {
        let (old_rows, new_rows) = (self.loose_old(), self.loose_new());
        let place = |rows: &[u32], row: u32| rows.binary_search(&row).unwrap_or_default();
        let alike =
            |one: u32, other: u32| match (old.get(place(&old_rows, one)), new.get(place(&new_rows, other))) {
                (Some(old), Some(new)) => overlap(old, new),
                _ => 0.0,
            };
        let id = |entry: &Entry| entry.keys.id.into();
        for (one, other) in self.alone(&id) {
            let prompt =
                |entries: &[Entry], row: u32| entries.get(row as usize).map(|entry| entry.keys.prompt);
            let asked = prompt(self.old, one).filter(|prompt| *prompt != 0);
            if asked.is_some() && asked == prompt(self.new, other) || alike(one, other) >= ID_LEAST {
                self.take(one, other, MatchedBy::Id, 1.0);
            }
        }
        let prompt = |entry: &Entry| entry.keys.prompt.into();
        for (one, other) in self.alone(&prompt) {
            self.take(one, other, MatchedBy::Prompt, 1.0);
        }
        self.by_words((&old_rows, old), (&new_rows, new), pool, watch)?;
        let (old, new) = (self.loose_old(), self.loose_new());
        let (old, new) = (keyed(self.old, &old, &prompt), keyed(self.new, &new, &prompt));
        for (olds, news) in groups(&old, &new) {
            for ((key, old), (_, new)) in olds.iter().zip(news) {
                if *key != 0 {
                    self.take(*old, *new, MatchedBy::Prompt, 1.0);
                }
            }
        }
        Ok(())
    }

    /// Loose rows that have a key, other than 0, which one row of each dataset has.
    fn alone(&self, key: &dyn Fn(&Entry) -> u128) -> Vec<(u32, u32)> {
        let (old, new) = (keyed(self.old, &self.loose_old(), key), keyed(self.new, &self.loose_new(), key));
        groups(&old, &new)
            .filter_map(|group| match group {
                ([(key, old)], [(_, new)]) if *key != 0 => Some((*old, *new)),
                _ => None,
            })
            .collect()
    }

    /// Matches rows by their words, the most similar first. Rows of one text are looked at once, however many they are.
    fn by_words(
        &mut self,
        (old_rows, old): (&[u32], &[Sample]),
        (new_rows, new): (&[u32], &[Sample]),
        pool: &Pool,
        watch: &dyn Watch,
    ) -> Result<()> {
        let old = self.texts(self.old, old_rows, old, |matching, row| {
            matching.of_old.get(row)?.is_none().then_some(())
        });
        let new = self.texts(self.new, new_rows, new, |matching, row| {
            (*matching.of_new.get(row)? == NONE).then_some(())
        });
        let mut found = similar(&old.samples, &new.samples, WORDS_LEAST, pool, watch)?;
        found.sort_unstable_by(|one, other| {
            other.score.total_cmp(&one.score).then((one.old, one.new).cmp(&(other.old, other.new)))
        });
        let (mut old, mut new) = (old.rows, new.rows);
        for similar in found {
            let (Some(olds), Some(news)) =
                (old.get_mut(similar.old as usize), new.get_mut(similar.new as usize))
            else {
                continue;
            };
            let both = olds.len().min(news.len());
            for (old, new) in olds.drain(..both).zip(news.drain(..both)) {
                self.take(old, new, MatchedBy::Words, similar.score);
            }
        }
        Ok(())
    }

    fn texts(
        &self,
        entries: &[Entry],
        rows: &[u32],
        samples: &[Sample],
        is_loose: impl Fn(&Self, usize) -> Option<()>,
    ) -> Texts {
        let mut keyed: Vec<(u128, u32, usize)> = (rows.iter().zip(0..))
            .filter(|(row, _)| is_loose(self, **row as usize).is_some())
            .filter_map(|(row, place)| Some((entries.get(*row as usize)?.keys.normal, *row, place)))
            .collect();
        keyed.sort_unstable();
        let mut texts: Vec<(Vec<u32>, usize)> = keyed
            .chunk_by(|one, other| one.0 == other.0)
            .filter_map(|group| Some((group.iter().map(|(_, row, _)| *row).collect(), group.first()?.2)))
            .collect();
        // In the order of the input, so that among equally similar ones the first are taken.
        texts.sort_unstable_by_key(|(_, place)| *place);
        let samples = texts.iter().filter_map(|(_, place)| samples.get(*place).cloned()).collect();
        Texts { rows: texts.into_iter().map(|(rows, _)| rows).collect(), samples }
    }

    fn finish(self) -> Matches {
        let copies = |entries: &[Entry], loose: &[u32], others: &[Entry]| {
            let mut there: Vec<u128> = others.iter().map(|entry| entry.keys.normal).collect();
            there.sort_unstable();
            let mut copies = vec![false; entries.len()];
            for row in loose {
                let known = entries.get(*row as usize).map(|entry| entry.keys.normal);
                if let (Some(known), Some(copy)) = (known, copies.get_mut(*row as usize)) {
                    *copy = there.binary_search(&known).is_ok();
                }
            }
            copies
        };
        Matches {
            old_copies: copies(self.old, &self.loose_old(), self.new),
            new_copies: copies(self.new, &self.loose_new(), self.old),
            of_old: self.of_old,
            new_taken: self.of_new.iter().map(|of| *of != NONE).collect(),
        }
    }
}

/// Texts that are in no match yet, and the rows that have them.
struct Texts {
    rows: Vec<Vec<u32>>,
    samples: Vec<Sample>,
}

/// Keys of rows, sorted, rows of one key in their order.
fn keyed(entries: &[Entry], rows: &[u32], key: &dyn Fn(&Entry) -> u128) -> Vec<(u128, u32)> {
    let mut keyed: Vec<(u128, u32)> =
        rows.iter().filter_map(|row| Some((key(entries.get(*row as usize)?), *row))).collect();
    keyed.sort_unstable();
    keyed
}

type Keyed = [(u128, u32)];

/// The rows of each key that both datasets have.
fn groups<'a>(old: &'a Keyed, new: &'a Keyed) -> impl Iterator<Item = (&'a Keyed, &'a Keyed)> {
    let key = |group: &Keyed| group.first().map_or(0, |(key, _)| *key);
    let mut news = new.chunk_by(|one, other| one.0 == other.0).peekable();
    old.chunk_by(|one, other| one.0 == other.0).filter_map(move |olds| {
        while news.next_if(|news| key(news) < key(olds)).is_some() {}
        Some((olds, news.next_if(|news| key(news) == key(olds))?))
    })
}

/// Samples of rows, in their order.
fn samples(
    dataset: &Dataset,
    rows: &[u32],
    most: usize,
    pool: &Pool,
    watch: &dyn Watch,
) -> Result<Vec<Sample>> {
    let mut found = Vec::with_capacity(rows.len());
    let mut rest = rows.iter();
    belt::run(
        pool,
        watch,
        || {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while batch.len() < BATCH_ROWS
                && bytes < BATCH_BYTES
                && let Some(row) = rest.next()
            {
                let Some(entry) = dataset.entries.get(*row as usize) else { continue };
                batch.push(dataset.rows.at(entry.begin, entry.length)?);
                bytes += u64::from(entry.length);
            }
            Ok((!batch.is_empty()).then_some(batch))
        },
        |batch: Vec<Vec<u8>>| {
            let sample_of = |bytes: &Vec<u8>| {
                let row: Row<'_> = serde_json::from_slice(bytes).unwrap_or_default();
                sample(row.texts(), most)
            };
            batch.iter().map(sample_of).collect::<Vec<Sample>>()
        },
        |samples| {
            found.extend(samples);
            Ok(())
        },
    )?;
    Ok(found)
}
