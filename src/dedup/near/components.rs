//! Components: rows that are joined by a chain of pairs at or above the threshold.
//!
//! First stars, whose members are joined with their middle. Then every set looks for sets of other components; the postings of
//! a component stand together, so that all of them are passed over at once by what is joined with it already. A crowd of
//! rows that are all alike is therefore one jump for each of them, not a look at each other.

use rayon::prelude::*;

use super::forest::Forest;
use super::index::{Filter, Index, Posting, between, run};
use super::seen::Seen;
use super::sets::Sets;
use super::spool::Room;
use super::star::Stars;
use super::subject::Subject;
use super::terms::{Search, Term, Terms};
use super::threshold::{Similarity, Threshold, Twin};
use crate::error::Result;

/// Sets that look for others at once, before what they found is joined.
const BATCH: u32 = if cfg!(test) { 8 } else { 4096 };

/// Connected components of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// The smallest row of each row's component; rows that are like no other stand alone.
    pub root: Vec<u32>,
    /// A row of the same component that is a twin of this one, and one step nearer to the root; `None` for roots.
    pub link: Vec<Option<Twin>>,
}

/// Two sets that are alike enough.
type Edge = (u32, u32, Similarity);

/// The connected components of the graph of all pairs at or above the threshold, with a spanning forest as the proof.
///
/// Memory on top of [`Sets`]: that of [`super::star()`] and as much again.
pub fn components(sets: &Sets, search: &Search<'_>) -> Result<Components> {
    let count = u64::from(sets.distinct());
    let first = Search { progress: &|done, _| (search.progress)(done, count * 2), ..*search };
    let stars = Stars::find(sets, 0, &first, None)?;
    let mut forest = Forest::new(sets.distinct());
    let mut edges: Vec<Edge> = Vec::new();
    for set in 0..sets.distinct() {
        if let Some((middle, similarity)) = stars.twin_of(set) {
            forest.join(set, middle);
            edges.push((set, middle, similarity));
        }
    }
    drop(stars);
    join_stars(sets, search, &mut forest, &mut edges)?;
    Ok(spread(sets, &edges))
}

/// Joins stars that have members which are alike enough.
fn join_stars(sets: &Sets, search: &Search<'_>, forest: &mut Forest, edges: &mut Vec<Edge>) -> Result<()> {
    let terms = Terms::new(sets, search.threshold, search.method).for_filled();
    let seen = |_, keys: &[u64], out: &mut Vec<Term>| terms.seen_from_larger(keys, out);
    let index = Index::filled(sets, &terms, seen)?;
    let mut look = Look { sets, index, terms: &terms, threshold: search.threshold, blocks: Vec::new() };
    let count = sets.distinct();
    // Apart as many as at the last grouping, and now.
    let (mut grouped, mut apart) = (usize::MAX, (count as usize).saturating_sub(edges.len()));
    for start in sets.all().step_by(BATCH as usize) {
        (search.progress)(u64::from(count) + u64::from(start), u64::from(count) * 2)?;
        if apart < grouped / 4 * 3 {
            look.group(forest);
            grouped = apart;
        }
        let batch = start..count.min(start + BATCH);
        let found = batch.into_par_iter().map_init(Own::default, |own, set| look.others(set, forest, own));
        let found: Vec<Vec<Edge>> = found.collect::<Result<_>>()?;
        let before = edges.len();
        edges.extend(found.into_iter().flatten().filter(|(a, b, _)| forest.join(*a, *b)));
        apart -= edges.len() - before;
    }
    (search.progress)(u64::from(count) * 2, u64::from(count) * 2)
}

/// Components of so many sets get a block of their own.
const LARGE: u32 = if cfg!(test) { 3 } else { 16 };

/// The block of all sets in smaller components.
const SMALL: u32 = u32::MAX;

/// Room of one thread.
#[derive(Default)]
struct Own {
    room: Room,
    other: Room,
    shown: Vec<Term>,
    /// Sets that were compared.
    seen: Seen,
    /// Roots of components that the set belongs to.
    joined: Vec<u32>,
}

/// Looks for sets of other components.
struct Look<'a> {
    sets: &'a Sets,
    index: Index,
    terms: &'a Terms,
    threshold: Threshold,
    /// The block of each set: what had been its component's root at the last grouping, or [`SMALL`]. In every bucket the
    /// postings of a block stand together.
    blocks: Vec<u32>,
}

impl Look<'_> {
    /// Has the postings of each large component stand together.
    fn group(&mut self, forest: &Forest) {
        self.blocks = self.sets.all().into_par_iter().map(|set| forest.root(set)).collect();
        let mut sizes = vec![0_u32; self.blocks.len()];
        self.blocks.iter().for_each(|root| sizes[*root as usize] += 1);
        self.blocks
            .par_iter_mut()
            .filter(|root| sizes[**root as usize] < LARGE)
            .for_each(|root| *root = SMALL);
        let blocks = &self.blocks;
        self.index.sort_by(|number| blocks[number as usize]);
    }

    /// One set of each other component that is no larger than `set` and alike enough, if there is one.
    fn others(&self, set: u32, forest: &Forest, own: &mut Own) -> Result<Vec<Edge>> {
        let subject = Subject::read(self.sets, set, &mut own.room)?;
        let filter = Filter::new(self.threshold, subject.size);
        let least = self.threshold.least_size(subject.size);
        let block_of = |posting: &Posting| self.blocks[posting.number() as usize];
        let mut found = Vec::new();
        own.joined.clear();
        own.joined.push(forest.root(set));
        own.seen.begin(self.sets.distinct() as usize);
        self.terms.of(subject.keys, &mut own.shown);
        for term in &own.shown {
            let most = self
                .threshold
                .most_size_sharing(subject.size, subject.size - term.position)
                .min(subject.size);
            let mut list = self.index.bucket_list(*term);
            while let (Some(first), Some(last)) = (list.first(), list.last()) {
                let block = block_of(first);
                let end = if block_of(last) == block {
                    list.len()
                } else {
                    run(list, |posting| block_of(&posting) == block)
                };
                let (mut part, rest) = list.split_at(end);
                list = rest;
                // A block is joined as a whole; what is in no block, set by set.
                let whole = (block != SMALL).then(|| forest.root(block));
                if whole.is_some_and(|root| own.joined.contains(&root)) {
                    continue;
                }
                part = between(part, least, most);
                while let Some(&posting) = part.first() {
                    if !filter.passes(*term, posting) {
                        part = &part[run(part, |other| other.shape() == posting.shape())..];
                        continue;
                    }
                    part = &part[1..];
                    let other = posting.number();
                    let root = whole.unwrap_or_else(|| forest.root(other));
                    if own.seen.is_new(other)
                        && !own.joined.contains(&root)
                        && let Some(similarity) =
                            subject.compare(other, self.threshold, None, &mut own.other)?
                    {
                        found.push((set, other, similarity));
                        own.joined.push(root);
                        if whole.is_some() {
                            break;
                        }
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Has the edges of a forest point to the smallest row of each tree.
fn spread(sets: &Sets, edges: &[Edge]) -> Components {
    let count = sets.distinct() as usize;
    let mut starts = vec![0_u32; count + 1];
    edges.iter().flat_map(|(a, b, _)| [*a, *b]).for_each(|set| starts[set as usize + 1] += 1);
    for at in 0..count {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let mut beside = vec![0_u32; edges.len() * 2];
    for (edge, number) in edges.iter().zip(0..) {
        for set in [edge.0, edge.1] {
            beside[next[set as usize] as usize] = number;
            next[set as usize] += 1;
        }
    }
    let mut root = vec![u32::MAX; count];
    let mut link: Vec<Option<(u32, Similarity)>> = vec![None; count];
    let mut waiting = Vec::new();
    for first in 0..sets.distinct() {
        if root[first as usize] != u32::MAX {
            continue;
        }
        root[first as usize] = first;
        waiting.push(first);
        while let Some(set) = waiting.pop() {
            for number in &beside[starts[set as usize] as usize..starts[set as usize + 1] as usize] {
                let (a, b, similarity) = edges[*number as usize];
                let other = if a == set { b } else { a };
                if root[other as usize] == u32::MAX {
                    root[other as usize] = first;
                    link[other as usize] = Some((set, similarity));
                    waiting.push(other);
                }
            }
        }
    }
    of_rows(sets, &root, &link)
}

/// From sets to rows: sets are numbered in the order of their first rows, so the smallest set has the smallest row.
fn of_rows(sets: &Sets, root: &[u32], link: &[Option<(u32, Similarity)>]) -> Components {
    let first = sets.first_rows();
    let place = |row: u32, set: u32| match (first[set as usize], sets.size(set)) {
        (_, 0) => (row, None),
        (first_row, size) if first_row != row => (
            first[root[set as usize] as usize],
            Some(Twin { of: first_row, similarity: Similarity::of(size, size, size) }),
        ),
        _ => {
            let nearer =
                link[set as usize].map(|(of, similarity)| Twin { of: first[of as usize], similarity });
            (first[root[set as usize] as usize], nearer)
        }
    };
    let (root, link) = (0..).zip(sets.of_rows()).map(|(row, set)| place(row, *set)).unzip();
    Components { root, link }
}
