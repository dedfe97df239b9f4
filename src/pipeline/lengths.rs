//! Length planning: what each maximum length would cut, lose, waste and bill.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::loss::Learned;
use super::plan::Plan;
use super::refused::{Refused, RefusedTally};
use super::walk::{WalkOptions, walk};
use super::watch::Watch;
use super::work::example_tokens;
use crate::error::{Error, Result};
use crate::target::{Length, Overlong};
use crate::text::number::thousands;

/// The shortest length that is looked at.
const SHORTEST: u64 = 128;
/// Of a thousand trained tokens so many may be lost before a length is called too short: one. What is lost are the ends of
/// the longest answers, and a length twice as long costs half as much again wherever rows are padded.
const LOST_PER_MILLE: u64 = 1;

/// What one maximum length does.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// The length in tokens.
    pub length: u64,
    /// Rows that are longer.
    pub rows_cut: u64,
    /// Answers of which something is cut; all of a row that is left out.
    pub answers_cut: u64,
    /// Rows of which nothing that is trained is left.
    pub rows_lost: u64,
    /// Trained tokens that are lost.
    pub trained_lost: u64,
    /// Tokens that are left.
    pub kept: u64,
    /// Padding without packing, each batch as long as its longest row.
    pub padding: u64,
    /// Sequences with packing (best fit, longest first).
    pub packed_sequences: u64,
    /// Padding with packing, each sequence as long as the maximum.
    pub packed_padding: u64,
    /// Steps an epoch without packing.
    pub steps: u64,
    /// Steps an epoch with packing.
    pub packed_steps: u64,
    /// Tokens an epoch where rows are billed by what they hold; of preferences the prompt twice.
    pub billed: u64,
    /// Tokens an epoch where every row is billed as the maximum (Together without packing).
    pub billed_by_length: u64,
}

/// The length that is recommended, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recommended {
    /// The length in tokens.
    pub length: u64,
    /// Why, in a sentence.
    pub reason: String,
}

/// What was planned.
#[derive(Debug, Clone, Serialize)]
pub struct Lengths {
    /// Version of this shape.
    pub schema: u32,
    /// The target.
    pub target: &'static str,
    /// The model.
    pub model: &'static str,
    /// Its vocabulary.
    pub encoding: String,
    /// Whether every row is counted exactly; otherwise the upper ends are planned with.
    pub exact: bool,
    /// What is to be said where the tokenizer is another model's.
    pub borrowed: Option<String>,
    /// Rows looked at.
    pub rows: u64,
    /// What is not looked at, and why: what is too long alone is what this is about.
    pub not_measured: Refused,
    /// Tokens of all rows; of preferences of both sequences.
    pub tokens: u64,
    /// Those that carry loss.
    pub trained: u64,
    /// The longest row.
    pub longest: u64,
    /// Rows a step.
    pub batch: u64,
    /// What is left out or cut at present.
    pub limit: Option<u64>,
    /// The setting that decides it, where there is one.
    pub setting: Option<&'static str>,
    /// What becomes of longer rows: `cut at the end`, `left out`, `refused`, `not published`.
    pub becomes: &'static str,
    /// Whether rows that are too long are left out rather than cut.
    pub drops: bool,
    /// The lengths, ascending.
    pub candidates: Vec<Candidate>,
    /// The one to take.
    pub recommended: Option<Recommended>,
}

/// Reads every row and plans.
pub fn lengths(plan: &Plan, batch: u64, watch: &dyn Watch) -> Result<Lengths> {
    if batch == 0 {
        return Err(
            Error::usage("a batch of 0 rows trains nothing").with_hint("give 1 or more: `--batch-size 8`")
        );
    }
    let mut rows: Vec<Learned> = Vec::new();
    let (mut refused, mut exact) = (RefusedTally::default(), true);
    walk(
        plan,
        WalkOptions { learned: true, ..WalkOptions::default() },
        watch,
        |_| (),
        |mut outcome, ()| {
            refused.add(plan, &outcome);
            for part in &mut outcome.parts {
                if part.refused().is_some() {
                    continue;
                }
                if let Some(learned) = part.learned.take() {
                    exact &= part.facts.tokens.is_some_and(|tokens| tokens.sequence().exact);
                    rows.push(*learned);
                }
            }
            Ok(())
        },
    )?;
    let spec = plan.target.spec();
    let limit = example_tokens(spec, plan.model);
    let drops = matches!(spec.length.overlong, Overlong::Dropped | Overlong::Refused);
    let longest = rows.iter().map(|row| row.tokens).max().unwrap_or(0);
    let trained = rows.iter().map(Learned::trained).sum();
    let divisible = |length: u64| rows.iter().any(|row| row.is_divisible(length));
    let knee = knee(&rows, trained, longest, drops);
    let steps = if rows.is_empty() { Vec::new() } else { steps(longest, limit, knee) };
    let candidates: Vec<Candidate> =
        steps.into_iter().map(|length| candidate(&rows, length, drops, batch)).collect();
    Ok(Lengths {
        schema: 1,
        target: spec.name,
        model: plan.model.name,
        encoding: plan.meter.vocabulary.clone(),
        // A validator that divides characters counts no tokens.
        exact: exact && plan.borrowed().is_none() && spec.characters_a_token.is_none(),
        borrowed: plan.borrowed(),
        rows: rows.len() as u64,
        not_measured: refused.finish(),
        tokens: rows.iter().flat_map(Learned::sequences).sum(),
        trained,
        longest,
        batch,
        limit,
        setting: spec.length.setting,
        becomes: spec.length.overlong.in_words(),
        drops,
        recommended: recommended(&candidates, trained, longest, limit, spec.length, &divisible),
        candidates,
    })
}

/// Lengths are multiples of this, as GPUs like them.
const GRAIN: u64 = 64;

/// The shortest length, in multiples of [`GRAIN`], at which next to nothing is lost.
fn knee(rows: &[Learned], trained: u64, longest: u64, drops: bool) -> u64 {
    let lost = |length: u64| -> u64 { rows.iter().map(|row| row.trained() - row.left(length, drops)).sum() };
    let (mut low, mut high) = (0, longest.max(1).div_ceil(GRAIN));
    while low < high {
        let middle = low.midpoint(high);
        if is_enough(lost(middle * GRAIN), trained) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (low * GRAIN).max(SHORTEST)
}

fn is_enough(lost: u64, trained: u64) -> bool {
    u128::from(lost) * 1_000 <= u128::from(trained) * u128::from(LOST_PER_MILLE)
}

/// Powers of two up to the first that holds the longest row, and the limit and the knee among them.
fn steps(longest: u64, limit: Option<u64>, knee: u64) -> Vec<u64> {
    let most = longest.max(SHORTEST).checked_next_power_of_two().unwrap_or(u64::MAX);
    let mut steps: Vec<u64> = std::iter::successors(Some(SHORTEST), |step| step.checked_mul(2))
        .take_while(|step| *step <= most)
        .collect();
    steps.extend(limit.filter(|limit| (1..most).contains(limit)));
    steps.push(knee.min(most));
    steps.sort_unstable();
    steps.dedup();
    steps
}

fn candidate(rows: &[Learned], length: u64, drops: bool, batch: u64) -> Candidate {
    let mut sum = Candidate {
        length,
        rows_cut: 0,
        answers_cut: 0,
        rows_lost: 0,
        trained_lost: 0,
        kept: 0,
        padding: 0,
        packed_sequences: 0,
        packed_padding: 0,
        steps: 0,
        packed_steps: 0,
        billed: 0,
        billed_by_length: 0,
    };
    let mut kept: Vec<u64> = Vec::with_capacity(rows.len());
    // A row that is left out takes its sequences with it.
    let mut rows_kept: u64 = 0;
    for row in rows {
        let is_cut = row.tokens > length;
        if is_cut {
            sum.rows_cut += 1;
            let left = row.left(length, drops);
            sum.trained_lost += row.trained() - left;
            sum.rows_lost += u64::from(left == 0 && row.trained() > 0);
            sum.answers_cut += row.cut_answers(length, drops);
        }
        if !(is_cut && drops) {
            rows_kept += 1;
            kept.extend(row.sequences().map(|tokens| tokens.min(length)));
        }
    }
    sum.kept = kept.iter().sum();
    sum.billed = sum.kept;
    sum.billed_by_length = length.saturating_mul(kept.len() as u64);
    // All rows have as many sequences: one, or a preference's two.
    let each = kept.len() as u64 / rows_kept.max(1);
    let size = usize::try_from(batch.saturating_mul(each.max(1))).unwrap_or(usize::MAX);
    for rows in kept.chunks(size) {
        let longest = rows.iter().max().copied().unwrap_or(0);
        sum.padding += longest * rows.len() as u64 - rows.iter().sum::<u64>();
    }
    sum.steps = rows_kept.div_ceil(batch);
    sum.packed_sequences = packed(kept, length);
    sum.packed_padding = (sum.packed_sequences * length).saturating_sub(sum.kept);
    sum.packed_steps = sum.packed_sequences.div_ceil(batch);
    sum
}

/// Sequences of `length` that hold all rows, by best fit, the longest first (as TRL's `bfd` packs).
fn packed(mut rows: Vec<u64>, length: u64) -> u64 {
    rows.sort_unstable_by(|a, b| b.cmp(a));
    // How many sequences have so much room.
    let mut room: BTreeMap<u64, u64> = BTreeMap::new();
    let mut sequences = 0;
    for tokens in rows {
        let best = room.range(tokens..).next().map(|(left, _)| *left);
        let left = if let Some(left) = best {
            if let Some(count) = room.get_mut(&left) {
                *count -= 1;
                if *count == 0 {
                    room.remove(&left);
                }
            }
            left
        } else {
            sequences += 1;
            length
        };
        *room.entry(left.saturating_sub(tokens)).or_default() += 1;
    }
    sequences
}

/// The shortest length at which next to nothing is lost, within what the target takes.
fn recommended(
    candidates: &[Candidate],
    trained: u64,
    longest: u64,
    limit: Option<u64>,
    length: Length,
    divisible: &dyn Fn(u64) -> bool,
) -> Option<Recommended> {
    let enough = |candidate: &&Candidate| is_enough(candidate.trained_lost, trained);
    // A limit that no setting moves bounds the choice.
    let bound = limit.filter(|_| length.setting.is_none());
    let within = |candidate: &&Candidate| bound.is_none_or(|bound| candidate.length <= bound);
    let share = |candidate: &Candidate| {
        let lost = candidate.trained_lost as f64 * 100.0 / trained.max(1) as f64;
        format!("{lost:.2} %")
    };
    let chosen = candidates.iter().filter(within).find(enough);
    let Some(chosen) = chosen else {
        let last = candidates.iter().rfind(within)?;
        let way_out = if divisible(last.length) {
            format!("divide the rows with `chatmill prepare --max-tokens {}`", last.length)
        } else {
            "each long row is one exchange, which cannot be divided, only shortened".to_owned()
        };
        let lost = share(last);
        let reason = format!(
            "it is the most that is taken, and {lost} of the trained tokens are lost all the same: {way_out}"
        );
        return Some(Recommended { length: last.length, reason });
    };
    let shorter = candidates.iter().rfind(|candidate| candidate.length < chosen.length);
    let mut reason = if chosen.length >= longest {
        "nothing is cut".to_owned()
    } else {
        format!("{} of the trained tokens are lost, less than one in a thousand", share(chosen))
    };
    if let Some(shorter) = shorter {
        let _ = write!(reason, "; at {} it would be {}", thousands(shorter.length), share(shorter));
    }
    match (limit, length.setting) {
        (Some(limit), Some(setting)) if limit < chosen.length => {
            let _ = write!(reason, "; `{setting}` is {limit} unless it is set");
        }
        (Some(limit), None) if limit >= longest => {
            let limit = thousands(limit);
            let _ = write!(
                reason,
                "; where only the limit of {limit} counts, there is nothing to set or to divide"
            );
        }
        _ => {}
    }
    Some(Recommended { length: chosen.length, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(tokens: u64, spans: &[(u64, u64)]) -> Learned {
        let ends = spans.iter().map(|(_, end)| *end).collect();
        Learned { tokens, spans: spans.to_vec(), ends, ..Learned::default() }
    }

    #[test]
    fn a_table_by_hand() {
        let rows = [row(100, &[(50, 100)]), row(300, &[(100, 120), (250, 300)]), row(200, &[(190, 200)])];
        let cut = candidate(&rows, 128, false, 2);
        assert_eq!((cut.rows_cut, cut.answers_cut, cut.rows_lost, cut.trained_lost), (2, 2, 1, 50 + 10));
        // 100 and 128 in one batch, 128 in the next.
        assert_eq!((cut.kept, cut.padding, cut.steps, cut.billed_by_length), (356, 28, 2, 384));
        assert_eq!((cut.packed_sequences, cut.packed_padding, cut.packed_steps), (3, 28, 2));
        let dropped = candidate(&rows, 128, true, 2);
        assert_eq!((dropped.rows_cut, dropped.answers_cut, dropped.trained_lost), (2, 3, 80));
        assert_eq!((dropped.kept, dropped.steps, dropped.rows_lost), (100, 1, 2));
        let whole = candidate(&rows, 512, false, 8);
        assert_eq!((whole.rows_cut, whole.trained_lost, whole.padding), (0, 0, 300));
        assert_eq!((whole.packed_sequences, whole.packed_padding), (2, 2 * 512 - 600));
    }

    #[test]
    fn a_preference_is_two_sequences_of_one_row() {
        let pair = Learned { tokens: 90, second: 70, spans: vec![(60, 90), (60, 70)], ..Learned::default() };
        let cut = candidate(std::slice::from_ref(&pair), 80, false, 1);
        // The longer sequence loses ten of its thirty trained tokens.
        assert_eq!((cut.rows_cut, cut.trained_lost, cut.kept, cut.steps), (1, 10, 80 + 70, 1));
        assert_eq!((cut.padding, cut.packed_sequences), (10, 2));
        let dropped = candidate(std::slice::from_ref(&pair), 80, true, 1);
        assert_eq!((dropped.trained_lost, dropped.kept, dropped.steps), (40, 0, 0));
    }

    #[test]
    fn packing_fits_the_best_first() {
        assert_eq!(packed(vec![6, 4, 4, 3, 3], 10), 2);
        assert_eq!(packed(vec![5; 9], 10), 5);
        assert_eq!(packed(vec![], 10), 0);
    }

    #[test]
    fn lengths_hold_the_longest_row_and_the_limit() {
        assert_eq!(steps(500, None, 448), [128, 256, 448, 512]);
        assert_eq!(steps(500, Some(300), 512), [128, 256, 300, 512]);
        assert_eq!(steps(500, Some(65_536), 128), [128, 256, 512]);
        assert_eq!(steps(0, Some(0), 128), [128]);
        assert!(steps(u64::MAX, None, 128).len() < 64);
    }

    #[test]
    fn the_knee_is_where_next_to_nothing_is_lost() {
        let rows: Vec<Learned> = (0..1_000)
            .map(|index| if index == 0 { row(1_000, &[(990, 1_000)]) } else { row(200, &[(100, 200)]) })
            .collect();
        let candidates: Vec<Candidate> =
            steps(1_000, None, 256).into_iter().map(|at| candidate(&rows, at, false, 8)).collect();
        let trained = 999 * 100 + 10;
        assert_eq!([knee(&rows, trained, 1_000, false), knee(&rows, trained, 1_000, true)], [256, 256]);
        assert_eq!(knee(&rows[..1], 10, 1_000, false), 1_024);
        let open = Length { tokens: None, setting: None, overlong: Overlong::CutAtEnd, parts: 1 };
        let reason = |divisible: bool, limit: Option<u64>, length: Length| {
            recommended(&candidates, trained, 1_000, limit, length, &|_| divisible).unwrap()
        };
        let says = |limit: Option<u64>, length: Length| reason(true, limit, length);
        assert_eq!(says(None, open).length, 256);
        assert!(
            says(None, open).reason.starts_with("0.01 % of the trained tokens are lost"),
            "{}",
            says(None, open).reason
        );
        let bound = says(Some(128), open);
        assert_eq!(bound.length, 128);
        assert!(bound.reason.contains("--max-tokens 128"), "{}", bound.reason);
        let whole = reason(false, Some(128), open).reason;
        assert!(!whole.contains("--max-tokens") && whole.contains("cannot be divided"), "{whole}");
        let set = says(Some(128), Length { setting: Some("max_length"), ..open });
        assert!(
            set.length == 256 && set.reason.ends_with("`max_length` is 128 unless it is set"),
            "{}",
            set.reason
        );
    }
}
