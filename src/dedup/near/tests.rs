//! Every search against brute force, over made-up sets.

use proptest::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::*;

type Set = Vec<u64>;

fn sets_of(rows: &[Set], memory: usize) -> (tempfile::TempDir, Sets) {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = SetSpool::with_memory(folder.path(), memory);
    for (row, number) in rows.iter().zip(0..) {
        assert_eq!(spool.push(row).unwrap(), number);
    }
    let sets = spool.finish().unwrap();
    (folder, sets)
}

fn similarity(a: &Set, b: &Set) -> Option<Similarity> {
    let shared = u32::try_from(a.iter().filter(|one| b.contains(one)).count()).unwrap();
    let union = u32::try_from(a.len() + b.len()).unwrap() - shared;
    (union > 0).then_some(Similarity { shared, union })
}

fn alike(a: &Set, b: &Set, threshold: Threshold) -> Option<Similarity> {
    similarity(a, b).filter(|similarity| similarity.reaches(threshold))
}

fn star_by_force(rows: &[Set], known: usize, threshold: Threshold, order: &[u32]) -> Vec<Option<Twin>> {
    let mut twins: Vec<Option<Twin>> = vec![None; rows.len()];
    let mut kept: Vec<u32> = Vec::new();
    for (place, row) in order.iter().enumerate() {
        let set = &rows[*row as usize];
        if place < known {
            kept.push(*row);
            continue;
        }
        // Equal rows count as one, and the kept ones are those before the first of them.
        let first = order[..place].iter().find(|other| rows[**other as usize] == *set && !set.is_empty());
        let whole =
            Similarity { shared: set.len().try_into().unwrap(), union: set.len().try_into().unwrap() };
        if let Some(first) = first {
            twins[*row as usize] = twins[*first as usize].or(Some(Twin { of: *first, similarity: whole }));
            continue;
        }
        let mut best: Option<Twin> = None;
        for of in &kept {
            if let Some(similarity) = alike(set, &rows[*of as usize], threshold)
                && best.is_none_or(|best| similarity.by_ratio(best.similarity).is_gt())
            {
                best = Some(Twin { of: *of, similarity });
            }
        }
        twins[*row as usize] = best;
        if best.is_none() {
            kept.push(*row);
        }
    }
    twins
}

fn roots_by_force(rows: &[Set], threshold: Threshold) -> Vec<u32> {
    let mut roots: Vec<u32> = (0..).take(rows.len()).collect();
    loop {
        let before = roots.clone();
        for (a, one) in rows.iter().enumerate() {
            for (b, two) in rows.iter().enumerate() {
                if alike(one, two, threshold).is_some() {
                    roots[a] = roots[a].min(roots[b]);
                }
            }
        }
        if roots == before {
            return roots;
        }
    }
}

fn leaks_by_force(rows: &[Set], threshold: Threshold, sides: &[u32]) -> Vec<Leak> {
    let leak = |row: u32| {
        let mut best: Option<Twin> = None;
        for (other, of) in rows.iter().zip(0..) {
            let (side, above) = (sides[of as usize], sides[row as usize]);
            let below = side < above && above != ABSENT;
            if let Some(similarity) = alike(&rows[row as usize], other, threshold).filter(|_| below)
                && best.is_none_or(|best| similarity.by_ratio(best.similarity).is_gt())
            {
                best = Some(Twin { of, similarity });
            }
        }
        best.map(|twin| Leak { row, twin })
    };
    (0..).take(rows.len()).filter_map(leak).collect()
}

fn check(rows: &[Set], threshold: Threshold, sides: &[u32], order: &[u32], memory: usize) {
    let (_folder, sets) = sets_of(rows, memory);
    let search = Search::exact(threshold);
    let identity: Vec<u32> = (0..).take(rows.len()).collect();
    assert_eq!(star(&sets, &search, None).unwrap(), star_by_force(rows, 0, threshold, &identity));
    assert_eq!(star(&sets, &search, Some(order)).unwrap(), star_by_force(rows, 0, threshold, order));
    let known = rows.len() / 3;
    let rest = order.iter().copied().filter(|row| *row as usize >= known);
    let behind: Vec<u32> = (0..).take(known).chain(rest).collect();
    for order in [None, Some(&behind[..])] {
        let wanted = star_by_force(rows, known, threshold, order.unwrap_or(&identity));
        assert_eq!(star_behind(&sets, u32::try_from(known).unwrap(), &search, order).unwrap(), wanted);
    }
    let joined = components(&sets, &search).unwrap();
    assert_eq!(joined.root, roots_by_force(rows, threshold));
    for (row, link) in joined.link.iter().enumerate() {
        assert_eq!(link.is_none(), joined.root[row] as usize == row);
        let mut at = row;
        for _ in 0..rows.len() {
            let Some(twin) = joined.link[at] else { break };
            assert_eq!(alike(&rows[at], &rows[twin.of as usize], threshold), Some(twin.similarity));
            at = twin.of as usize;
        }
        assert_eq!(at, joined.root[row] as usize);
    }
    let leaks = leaks_by_force(rows, threshold, sides);
    let found = across(&sets, &search, sides, 3).unwrap();
    assert_eq!(found.rows, leaks.len() as u64);
    assert_eq!(found.pairs, leaks[..leaks.len().min(3)]);
    let mut closest: Option<Leak> = None;
    for leak in leaks {
        if closest.is_none_or(|best| leak.twin.similarity.by_ratio(best.twin.similarity).is_gt()) {
            closest = Some(leak);
        }
    }
    let closest = closest.map_or(Closest::None, Closest::Pair);
    assert_eq!(closest_across(&sets, sides, threshold, u64::MAX, &|_, _| Ok(())).unwrap(), closest);
    // A bound is kept or nothing is said.
    for visits in [0, 40] {
        let bounded = closest_across(&sets, sides, threshold, visits, &|_, _| Ok(())).unwrap();
        assert!(bounded == closest || bounded == Closest::Dear);
    }
}

/// Sets over few shingles, most of them a little changed from an earlier one.
fn rows() -> impl Strategy<Value = Vec<Set>> {
    let fresh = prop::collection::btree_set(0_u64..40, 0..16);
    let changed = (any::<prop::sample::Index>(), prop::collection::vec(0_u64..40, 0..3));
    prop::collection::vec((fresh, prop::option::weighted(0.7, changed), any::<bool>()), 1..40).prop_map(
        |made| {
            let mut rows: Vec<std::collections::BTreeSet<u64>> = Vec::new();
            for (fresh, changed, add) in made {
                let row = match changed {
                    Some((of, changes)) if !rows.is_empty() => {
                        let mut row = of.get(&rows).clone();
                        changes
                            .iter()
                            .for_each(|one| _ = if add { row.insert(*one) } else { row.remove(one) });
                        row
                    }
                    _ => fresh,
                };
                rows.push(row);
            }
            let hashed = |row: std::collections::BTreeSet<u64>| {
                let mut row: Set = row.iter().map(|number| xxh3_64(&number.to_le_bytes())).collect();
                row.sort_unstable();
                row
            };
            rows.into_iter().map(hashed).collect()
        },
    )
}

proptest! {
    #[test]
    fn all_is_found_that_brute_force_finds(
        rows in rows(),
        hundredths in prop_oneof![5_u32..=100, Just(80), Just(50), Just(100)],
        sides in prop::collection::vec(prop_oneof![Just(0_u32), 0_u32..3, Just(ABSENT)], 40),
        shuffle in any::<u64>(),
        memory in prop_oneof![Just(usize::MAX), Just(30)],
    ) {
        let threshold = Threshold::new(f64::from(hundredths) / 100.0).unwrap();
        let mut order: Vec<u32> = (0..).take(rows.len()).collect();
        order.sort_by_key(|row| xxh3_64(&(u64::from(*row) ^ shuffle).to_le_bytes()));
        check(&rows, threshold, &sides[..rows.len()], &order, memory);
    }
}

/// Sets of 30 shingles of which each is an earlier one with up to three changed, or new.
fn families(count: u64) -> Vec<Set> {
    let mut rows: Vec<Set> = Vec::new();
    for row in 0..count {
        let chance = |of: u64| xxh3_64(&(row * 31 + of).to_le_bytes());
        let mut set: Set = match rows.get(usize::try_from(chance(0) % (row + 1)).unwrap()) {
            Some(earlier) if chance(1) % 4 > 0 => earlier.clone(),
            _ => (0..30).map(|of| chance(of + 2)).collect(),
        };
        for change in 0..chance(40) % 4 {
            let place = usize::try_from(chance(50 + change)).unwrap_or(0) % set.len();
            set[place] = chance(60 + change);
        }
        set.sort_unstable();
        set.dedup();
        rows.push(set);
    }
    rows
}

#[test]
fn the_approximate_method_finds_nearly_all_and_nothing_else() {
    let rows = families(1000);
    let (_folder, sets) = sets_of(&rows, usize::MAX);
    for threshold in ["0.5", "0.8", "0.95", "1"] {
        let threshold: Threshold = threshold.parse().unwrap();
        let exact = components(&sets, &Search::exact(threshold)).unwrap();
        let search = Search { method: Method::MinHash, ..Search::exact(threshold) };
        let found = components(&sets, &search).unwrap();
        for (row, link) in found.link.iter().enumerate() {
            let Some(twin) = link else { continue };
            assert_eq!(alike(&rows[row], &rows[twin.of as usize], threshold), Some(twin.similarity));
        }
        let joined = |of: &Components| of.link.iter().flatten().count();
        assert!(joined(&found) * 100 >= joined(&exact) * 98, "{} of {}", joined(&found), joined(&exact));
        let measured = recall(&sets, threshold, 200).unwrap();
        assert!(measured.share().is_none_or(|share| share >= 0.98), "{measured:?} at {threshold}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same() {
    let rows = families(600);
    let sides: Vec<u32> = (0..600_u32).map(|row| u32::from(row % 9 == 0)).collect();
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let (_folder, sets) = sets_of(&rows, 100);
            let search = Search::exact("0.7".parse().unwrap());
            let found = (star(&sets, &search, None).unwrap(), components(&sets, &search).unwrap());
            let closest =
                closest_across(&sets, &sides, "0.3".parse().unwrap(), u64::MAX, &|_, _| Ok(())).unwrap();
            (found, across(&sets, &search, &sides, 20).unwrap(), closest)
        })
    };
    let one = all(1);
    assert!(one.0.0.iter().flatten().count() > 100 && one.1.pairs.len() == 20);
    assert_eq!(one, all(2));
    assert_eq!(one, all(8));
}

#[test]
fn crowds_and_nothing_at_all() {
    let search = Search::exact("0.8".parse().unwrap());
    let (_folder, none) = sets_of(&[], usize::MAX);
    assert!(star(&none, &search, None).unwrap().is_empty());
    assert!(components(&none, &search).unwrap().root.is_empty());
    // One text a hundred thousand times, between rows that say nothing.
    let mut rows = vec![Set::new(), Set::new()];
    rows.resize(100_000, vec![1, 2, 3]);
    rows.push(Set::new());
    let (_folder, sets) = sets_of(&rows, usize::MAX);
    assert_eq!((sets.rows(), sets.distinct()), (100_001, 2));
    assert_eq!(star(&sets, &search, None).unwrap().iter().flatten().count(), 99_997);
    let joined = components(&sets, &search).unwrap();
    assert_eq!((joined.root[1], joined.root[99_999], joined.root[100_000]), (1, 2, 100_000));
    // A stop that is asked for ends the search.
    let stop = Search {
        progress: &|_, _| Err(crate::error::Error::internal("stop")),
        ..Search::exact("1".parse().unwrap())
    };
    assert!(star(&sets, &stop, None).is_err() && components(&sets, &stop).is_err());
}
