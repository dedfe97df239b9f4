//! What packing does to rows, where trainers are told to pack: most keep rows whole, and TRL's `wrapped` cuts them wherever a
//! sequence is full.

use crate::error::{Error, Result};
use crate::report::fates::{Fate, Outcome};
use crate::target::{Packed, Packing, Target};
use crate::text::number::thousands;
use crate::text::similar::suggestion;

/// The way of packing called `how` at each target that has it, and elsewhere the trainer's own; `on` is the trainer's own
/// everywhere. `None` where the trainer does not pack.
pub(super) fn ways(how: &str, targets: &[&'static dyn Target]) -> Result<Vec<Option<&'static Packing>>> {
    let all: Vec<&'static [Packing]> = targets.iter().map(|target| target.spec().packing).collect();
    let names = || all.iter().flat_map(|ways| ways.iter().map(|way| way.name));
    if names().next().is_none() {
        return Err(Error::usage("none of the targets is a trainer that packs rows").with_hint(
            "TRL, Axolotl and LLaMA-Factory do: `--target trl-chat,axolotl,llama-factory-openai`",
        ));
    }
    if how != "on" && !names().any(|name| name == how) {
        return Err(Error::usage(format!("none of the targets packs rows by `{how}`"))
            .with_hint(suggestion(how, names())));
    }
    let way = |ways: &&'static [Packing]| ways.iter().find(|way| way.name == how).or(ways.first());
    Ok(all.iter().map(way).collect())
}

/// Rows one after the other in sequences of `length` tokens, from the beginning again with each batch.
pub(super) struct Wrapping {
    length: u64,
    batch: u64,
    rows: u64,
    filled: u64,
}

impl Wrapping {
    /// No rows yet; `None` where rows are packed otherwise.
    pub(super) fn of(packing: Option<&Packing>, limit: Option<u64>) -> Option<Self> {
        let (Some(Packed::Wrapped { batch }), Some(length @ 1..)) = (packing.map(|one| one.how), limit)
        else {
            return None;
        };
        Some(Self { length, batch, rows: 0, filled: 0 })
    }

    /// Puts the next row of so many tokens behind the others; after which of its tokens a sequence ends within it.
    fn next(&mut self, tokens: u64) -> Option<u64> {
        if self.rows == self.batch {
            (self.rows, self.filled) = (0, 0);
        }
        self.rows += 1;
        let room = self.length - self.filled;
        self.filled = (self.filled + tokens) % self.length;
        (tokens > room).then_some(room)
    }

    /// What becomes of the next row that is used.
    pub(super) fn place(&mut self, fate: &mut Fate, tokens: u64) {
        let Some(at) = self.next(tokens) else { return };
        let all = thousands(tokens);
        let cut = format!(
            "a sequence ends after {} of its {all} tokens: what follows is learned without what was before it",
            thousands(at)
        );
        if fate.outcome == Outcome::Kept {
            *fate = Fate {
                outcome: Outcome::Changed,
                name: "cut-by-packing",
                why: cut,
                says: None,
                cut_at: None,
            };
        } else {
            fate.why = format!("{}; {cut}", fate.why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::by_name;

    #[test]
    fn rows_are_cut_where_a_sequence_is_full() {
        let mut wrapping = Wrapping { length: 10, batch: 4, rows: 0, filled: 0 };
        let cuts: Vec<_> = [4, 6, 3, 8, 9, 1, 25].into_iter().map(|tokens| wrapping.next(tokens)).collect();
        // The second fills the first sequence to the end; the fifth begins a batch.
        assert_eq!(cuts, [None, None, None, Some(7), None, None, Some(10)]);
    }

    #[test]
    fn each_trainer_packs_its_own_way_where_it_has_not_the_one_named() {
        let targets: Vec<_> =
            ["trl-chat", "axolotl", "openai-chat"].iter().map(|name| by_name(name).unwrap()).collect();
        let names = |how: &str| -> Vec<Option<&str>> {
            ways(how, &targets).unwrap().iter().map(|way| way.map(|way| way.name)).collect()
        };
        assert_eq!(names("on"), [Some("bfd"), Some("sample_packing"), None]);
        assert_eq!(names("wrapped"), [Some("wrapped"), Some("sample_packing"), None]);
        assert_eq!(ways("wraped", &targets).unwrap_err().hint(), Some("did you mean `wrapped`?"));
        assert!(ways("on", &targets[2..]).is_err());
    }
}
