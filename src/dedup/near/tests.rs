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

fn star_by_force(rows: &[Set], threshold: Threshold, order: &[u32]) -> Vec<Option<Twin>> {
    let mut twins: Vec<Option<Twin>> = vec![None; rows.len()];
    let mut kept: Vec<u32> = Vec::new();
    for (place, row) in order.iter().enumerate() {
        let set = &rows[*row as usize];
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

fn leaks_by_force(rows: &[Set], threshold: Threshold, sides: &[u8]) -> Vec<Leak> {
    let leak = |row: u32| {
        let mut best: Option<Twin> = None;
        for (other, of) in rows.iter().zip(0..) {
            let below = sides[of as usize] < sides[row as usize];
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

fn check(rows: &[Set], threshold: Threshold, sides: &[u8], order: &[u32], memory: usize) {
    let (_folder, sets) = sets_of(rows, memory);
    let search = Search::exact(threshold);
    let identity: Vec<u32> = (0..).take(rows.len()).collect();
    assert_eq!(star(&sets, &search, None).unwrap(), star_by_force(rows, threshold, &identity));
    assert_eq!(star(&sets, &search, Some(order)).unwrap(), star_by_force(rows, threshold, order));
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
    assert_eq!(closest_across(&sets, sides, threshold, &|_, _| Ok(())).unwrap(), closest);
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
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn all_is_found_that_brute_force_finds(
        rows in rows(),
        hundredths in prop_oneof![5_u32..=100, Just(80), Just(50), Just(100)],
        sides in prop::collection::vec(prop_oneof![Just(0_u8), 0_u8..3], 40),
        shuffle in any::<u64>(),
        memory in prop_oneof![Just(usize::MAX), Just(30)],
    ) {
        let threshold = Threshold::new(f64::from(hundredths) / 100.0).unwrap();
        let mut order: Vec<u32> = (0..).take(rows.len()).collect();
        order.sort_by_key(|row| xxh3_64(&(u64::from(*row) ^ shuffle).to_le_bytes()));
        check(&rows, threshold, &sides[..rows.len()], &order, memory);
    }
}
