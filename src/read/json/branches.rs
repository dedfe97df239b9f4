//! Conversations that branch: the path that is read, and what is said of the others.

use crate::diagnostic::Finding;
use crate::model::Turn;
use crate::read::codes;

/// The indices from the topmost ancestor down to `from`, and whether the links go in a circle: then the path begins
/// where the circle closes.
pub fn path_to(from: usize, parents: &[Option<usize>]) -> (Vec<usize>, bool) {
    let mut seen = vec![false; parents.len()];
    let (mut path, mut at, mut circle) = (Vec::new(), Some(from), false);
    while let Some(index) = at {
        match seen.get_mut(index) {
            Some(seen) if !*seen => *seen = true,
            Some(_) => {
                circle = true;
                break;
            }
            None => break,
        }
        path.push(index);
        at = parents.get(index).copied().flatten();
    }
    path.reverse();
    (path, circle)
}

/// What is said of messages that are on no path that was read.
pub fn others(messages: usize) -> Option<Finding> {
    let says = match messages {
        0 => return None,
        1 => "1 message stands on another branch and is not in this conversation".to_owned(),
        many => format!("{many} messages stand on other branches and are not in this conversation"),
    };
    Some(Finding::new(&codes::OTHER_BRANCHES, "", says))
}

/// Forgets all times where one of them contradicts the order of the path: the links say what answers what.
pub fn drop_times_out_of_order(turns: &mut [Turn]) {
    let in_order = turns.iter().filter_map(|turn| turn.time).is_sorted();
    if !in_order {
        turns.iter_mut().for_each(|turn| turn.time = None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_end_at_roots_gaps_and_circles() {
        let parents = [None, Some(0), Some(1), Some(4), Some(3), Some(9)];
        assert_eq!(path_to(2, &parents), (vec![0, 1, 2], false));
        assert_eq!(path_to(3, &parents), (vec![4, 3], true));
        assert_eq!(path_to(5, &parents), (vec![5], false));
        assert_eq!(path_to(7, &parents), (vec![], false));
        let deep: Vec<Option<usize>> = (0..200_000_usize).map(|index| index.checked_sub(1)).collect();
        assert_eq!(path_to(199_999, &deep).0.len(), 200_000);
    }

    #[test]
    fn times_stay_only_in_order() {
        let turns = |times: &[Option<i64>]| {
            let mut turns: Vec<Turn> =
                times.iter().map(|time| Turn { time: *time, ..Turn::default() }).collect();
            drop_times_out_of_order(&mut turns);
            turns.iter().filter(|turn| turn.time.is_some()).count()
        };
        assert_eq!(turns(&[Some(1), None, Some(1), Some(3)]), 3);
        assert_eq!(turns(&[Some(2), None, Some(1)]), 0);
    }
}
