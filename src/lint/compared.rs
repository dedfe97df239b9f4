//! Rows compared with one another: which say the same, which contradict one another, which answer is given again and
//! again.
//!
//! Rows are sorted by what was asked and answered, on the disk where memory is too small, and looked at once in that
//! order; what rules want to know of them is a few numbers.

use std::path::Path;

use super::Answered;
use crate::disk::{Sorted, Sorter};
use crate::error::Result;

/// What is known of all rows together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Rows that say what an earlier one says.
    pub copies: u64,
    /// The lines of the first of these and of the row before it.
    pub first_copy: Option<(u32, u32)>,
    /// Prompts with different answers, rows with a label aside.
    pub conflicts: u64,
    /// Rows with these prompts.
    pub conflicting: u64,
    /// The first two lines of such a prompt that answer differently.
    pub first_conflict: Option<(u32, u32)>,
    /// Answers, more than labels, that stand behind many different prompts: [`MANY`] and [`MANY_PERCENT`] of those
    /// compared.
    pub habits: Vec<Habit>,
}

/// An answer that is given to many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habit {
    /// How many different prompts have it.
    pub prompts: u64,
    /// The first line with it.
    pub line: u32,
}

/// Different prompts of one answer that are very many, if they are also [`MANY_PERCENT`] of all examples.
pub const MANY: u64 = 20;
/// Share in percent of different prompts with one answer that is very many.
pub const MANY_PERCENT: u64 = 3;

/// Takes rows in any order and compares them.
pub struct Comparing {
    rows: Sorter<Answered>,
}

impl Comparing {
    /// No rows; `folder` says on which disk there is room.
    pub fn new(folder: &Path) -> Self {
        Self { rows: Sorter::new(folder) }
    }

    /// No rows, and memory for so many bytes of them.
    pub fn holding(bytes: usize, folder: &Path) -> Self {
        Self { rows: Sorter::holding(bytes, folder) }
    }

    /// Adds a row. One in which no user speaks is like no other.
    pub fn add(&mut self, row: Answered) -> Result<()> {
        if row.prompt == 0 { Ok(()) } else { self.rows.push(row) }
    }

    /// What is known of all of them.
    pub fn finish(self) -> Result<Compared> {
        let rows = self.rows.finish()?;
        let mut compared = Compared::default();
        let mut prompt = Prompt::default();
        let mut frequent = Frequent::default();
        each_run(&rows, |run| {
            if run.rows > 1 {
                compared.copies += run.rows - 1;
                put_smaller(&mut compared.first_copy, (run.first, run.second));
            }
            if run.wordy.is_some() {
                frequent.add(run.answer);
            }
            if prompt.prompt != run.prompt {
                std::mem::replace(&mut prompt, Prompt::of(run.prompt)).end(&mut compared);
            }
            prompt.add(run);
        })?;
        prompt.end(&mut compared);
        compared.habits = frequent.habits(&rows)?;
        Ok(compared)
    }
}

/// Rows of one prompt and one answer.
struct Run {
    prompt: u64,
    answer: u64,
    rows: u64,
    /// Their first two lines; the second means nothing for one row.
    first: u32,
    second: u32,
    /// Rows without a label, and the first of them.
    unlabelled: u64,
    first_unlabelled: u32,
    /// The first row whose answer is more than a label.
    wordy: Option<u32>,
}

/// Hands out the rows run by run.
fn each_run(rows: &Sorted<Answered>, mut each: impl FnMut(&Run)) -> Result<()> {
    let mut run: Option<Run> = None;
    for row in rows.iter() {
        let row = row?;
        let at = match &mut run {
            Some(run) if (run.prompt, run.answer) == (row.prompt, row.answer) => run,
            other => {
                if let Some(ended) = other {
                    each(ended);
                }
                let (prompt, answer, first) = (row.prompt, row.answer, row.line);
                let (rows, unlabelled) = (0, 0);
                other.insert(Run {
                    prompt,
                    answer,
                    rows,
                    first,
                    second: first,
                    unlabelled,
                    first_unlabelled: 0,
                    wordy: None,
                })
            }
        };
        // Lines come in their order.
        at.rows += 1;
        if at.rows == 2 {
            at.second = row.line;
        }
        if !row.labelled {
            if at.unlabelled == 0 {
                at.first_unlabelled = row.line;
            }
            at.unlabelled += 1;
        }
        if row.wordy {
            at.wordy.get_or_insert(row.line);
        }
    }
    run.iter().for_each(each);
    Ok(())
}

/// The rows of one prompt that have no label.
#[derive(Default)]
struct Prompt {
    prompt: u64,
    rows: u64,
    /// The first line of the answer that comes first, and of the one that comes second.
    first: Option<u32>,
    second: Option<u32>,
}

impl Prompt {
    fn of(prompt: u64) -> Self {
        Self { prompt, ..Self::default() }
    }

    fn add(&mut self, run: &Run) {
        if run.unlabelled == 0 {
            return;
        }
        self.rows += run.unlabelled;
        let line = run.first_unlabelled;
        match self.first {
            Some(first) if first <= line => put_smaller(&mut self.second, line),
            earlier => (self.first, self.second) = (Some(line), earlier),
        }
    }

    fn end(self, compared: &mut Compared) {
        if let (Some(first), Some(second)) = (self.first, self.second) {
            compared.conflicts += 1;
            compared.conflicting += self.rows;
            put_smaller(&mut compared.first_conflict, (first, second));
        }
    }
}

fn put_smaller<T: Ord + Copy>(smallest: &mut Option<T>, value: T) {
    *smallest = Some(smallest.map_or(value, |known| known.min(value)));
}

/// Counters of answers that may be frequent. An answer that stands in more than one of 41 runs is certainly among them
/// (Misra and Gries, Finding repeated elements, 1982), and [`MANY_PERCENT`] are more than that.
#[derive(Default)]
struct Frequent {
    counters: Vec<(u64, u64)>,
    seen: u64,
}

const COUNTERS: usize = 40;
const _: () = assert!(MANY_PERCENT * (COUNTERS as u64 + 1) > 100);

impl Frequent {
    fn add(&mut self, answer: u64) {
        self.seen += 1;
        if let Some((_, count)) = self.counters.iter_mut().find(|(known, _)| *known == answer) {
            *count += 1;
        } else if self.counters.len() < COUNTERS {
            self.counters.push((answer, 1));
        } else {
            self.counters.retain_mut(|(_, count)| {
                *count -= 1;
                *count > 0
            });
        }
    }

    /// Those that are, the most frequent first, and of equally frequent ones the first in the file.
    fn habits(mut self, rows: &Sorted<Answered>) -> Result<Vec<Habit>> {
        // A counter is at most one in 41 of all runs too small; mostly none can be one of many, and no second look is needed.
        let most_missed = self.seen / (COUNTERS as u64 + 1);
        self.counters.retain(|(_, counted)| (counted + most_missed) * 100 >= self.seen * MANY_PERCENT);
        if self.seen < MANY || self.counters.is_empty() {
            return Ok(Vec::new());
        }
        let none = |(answer, _): (u64, u64)| (answer, Habit { prompts: 0, line: u32::MAX });
        let mut habits: Vec<(u64, Habit)> = self.counters.into_iter().map(none).collect();
        each_run(rows, |run| {
            let habit = habits.iter_mut().find(|(answer, _)| *answer == run.answer);
            if let (Some((_, habit)), Some(line)) = (habit, run.wordy) {
                habit.prompts += 1;
                habit.line = habit.line.min(line);
            }
        })?;
        let many = |habit: &Habit| habit.prompts >= MANY && habit.prompts * 100 >= self.seen * MANY_PERCENT;
        let mut habits: Vec<Habit> = habits.into_iter().map(|(_, habit)| habit).filter(many).collect();
        habits.sort_unstable_by_key(|habit| (std::cmp::Reverse(habit.prompts), habit.line));
        Ok(habits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compared(rows: &[Answered]) -> Compared {
        let mut comparing = Comparing::new(&std::env::temp_dir());
        rows.iter().for_each(|row| comparing.add(*row).unwrap());
        comparing.finish().unwrap()
    }

    /// The same, each thing by itself.
    fn slowly(rows: &[Answered]) -> Compared {
        let mut slow = Compared::default();
        let asked: Vec<&Answered> = rows.iter().filter(|row| row.prompt != 0).collect();
        for (index, row) in asked.iter().enumerate() {
            let same = |other: &&&Answered| (other.prompt, other.answer) == (row.prompt, row.answer);
            if let Some(first) = asked[..index].iter().find(same) {
                slow.copies += 1;
                if asked[..index].iter().filter(same).count() == 1 {
                    put_smaller(&mut slow.first_copy, (first.line, row.line));
                }
            }
        }
        let mut prompts: Vec<u64> = asked.iter().map(|row| row.prompt).collect();
        prompts.sort_unstable();
        prompts.dedup();
        for prompt in prompts {
            let rows: Vec<_> = asked.iter().filter(|row| row.prompt == prompt && !row.labelled).collect();
            let other = rows.iter().find(|row| row.answer != rows[0].answer);
            if let Some(other) = other {
                slow.conflicts += 1;
                slow.conflicting += rows.len() as u64;
                put_smaller(&mut slow.first_conflict, (rows[0].line, other.line));
            }
        }
        slow
    }

    proptest! {
        #[test]
        fn sorted_rows_say_what_all_pairs_say(
            rows in proptest::collection::vec((0..6u64, 1..4u64, any::<bool>()), 0..40),
        ) {
            let rows: Vec<Answered> = rows
                .into_iter()
                .zip(1..)
                .map(|((prompt, answer, labelled), line)| Answered { prompt, answer, line, labelled, ..Answered::default() })
                .collect();
            prop_assert_eq!(compared(&rows), slowly(&rows));
        }
    }

    #[test]
    fn habits_are_found_among_many_answers() {
        // 3 % of 2,000 have one answer, 5 % another, 2.9 % a third; all others have their own.
        let answer = |row: u64| match row % 1_000 {
            0..30 => 1,
            30..80 => 2,
            80..109 => 3,
            _ => 10_000 + row,
        };
        let rows: Vec<Answered> = (0..2_000u32)
            .map(|line| {
                let row = u64::from(line) * 7_919 % 2_000;
                Answered { prompt: row + 1, answer: answer(row), line, wordy: true, ..Answered::default() }
            })
            .collect();
        let prompts: Vec<u64> = compared(&rows).habits.iter().map(|habit| habit.prompts).collect();
        assert_eq!(prompts, [100, 60]);
        // A label is given to everybody.
        let labels: Vec<Answered> = rows.iter().map(|row| Answered { wordy: false, ..*row }).collect();
        assert!(compared(&labels).habits.is_empty());
    }
}
