//! Leaks: rows that stand, or nearly stand, in another of the files, or in one that is given to be held against.

use std::collections::BTreeMap;

use super::row::Checker;
use crate::config::{NearSettings, Settings};
use crate::dedup::near::{ABSENT, Cut, Leak, Search, SetSpool, Sets, Shingler, Similarity, across};
use crate::dedup::{Compare, PromptKeys, fingerprint, questions};
use crate::diagnostic::{Def, Finding, Placed, Print, Severity};
use crate::disk::{Log, Records, Sorted, Sorter, packed};
use crate::error::{Error, Result};
use crate::lint::{Selection, leak};
use crate::model::{Body, Prints};
use crate::pipeline::held::HeldKey;
use crate::pipeline::judge::small;
use crate::pipeline::tasks::Tasks;
use crate::pipeline::watch::{Watch, until_stopped};
use crate::split::Side;
use crate::text::sanitize::excerpt;

/// What of a row is compared with those of other files.
pub(super) struct Likeness {
    print: u128,
    asked: PromptKeys,
    shingles: Vec<u64>,
}

/// How likenesses are made.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    on: Compare,
    near: Option<NearSettings>,
}

impl Terms {
    /// `None` when nobody wants to know what leaks.
    pub(super) fn of(settings: &Settings, selection: &Selection) -> Option<Self> {
        let wanted = |def: &&'static Def| selection.severity(def, def.severity).is_some();
        leak::ALL.iter().any(wanted).then_some(Self { on: settings.twins.on, near: settings.twins.near })
    }

    fn cut(&self) -> Option<Cut> {
        self.near.map(|near| near.cut(self.on))
    }

    /// A shingler for one thread, when near twins are looked for.
    pub(super) fn shingler(&self) -> Option<Shingler> {
        self.cut().map(Shingler::new)
    }

    /// What of a row is compared; `prints` are those of its messages.
    pub(super) fn likeness(&self, body: &Body, prints: &Prints, shingler: Option<&mut Shingler>) -> Likeness {
        Likeness {
            print: fingerprint(body, prints, self.on),
            asked: questions(body, prints),
            shingles: shingler.map(|shingler| shingler.set(body).to_vec()).unwrap_or_default(),
        }
    }
}

/// A file with rows that are compared.
struct File {
    name: String,
    part: Part,
}

/// What a file is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It was given to hold others against: it stays as it is.
    Against,
    /// It may be learned.
    Learned,
    /// Its name says that it is held back.
    Held,
}

impl Part {
    fn of(name: &str) -> Self {
        match Side::of_name(name) {
            None | Some(Side::Train) => Self::Learned,
            Some(Side::Valid | Side::Test) => Self::Held,
        }
    }
}

/// Where a compared row stands.
#[derive(Clone, Copy)]
struct Row {
    file: u32,
    line: u32,
    print: u128,
}
packed!(Row { file: u32, line: u32, print: u128 });

/// Rows as they come, to be compared when all are there.
///
/// Memory: a few bytes a row; what is larger waits on the disk.
pub(super) struct Leaks {
    terms: Terms,
    files: Vec<File>,
    rows: Log<Row>,
    prints: Sorter<(u128, u32)>,
    questions: Sorter<HeldKey>,
    sets: Option<SetSpool>,
    /// The file of each row.
    file_of: Vec<u32>,
    first_given: u32,
}

/// What a row has in common with another one.
#[derive(Clone, Copy)]
enum Common {
    All,
    Nearly(Similarity),
    /// What is asked before the last answer of both.
    Question,
    /// What is asked here stands inside the other, before an earlier answer.
    Inside,
    /// What the other asks stands inside this one.
    Around,
}

impl Leaks {
    /// No rows yet; files are numbered from 0: first those of `against`, then those of `given`.
    pub(super) fn new(terms: Terms, against: &[String], given: &[String]) -> Result<Self> {
        let first_given = small(against.len() as u64);
        let against = against.iter().map(|name| File { name: name.clone(), part: Part::Against });
        let given = given.iter().map(|name| File { name: name.clone(), part: Part::of(name) });
        let folder = std::env::temp_dir();
        Ok(Self {
            terms,
            files: against.chain(given).collect(),
            rows: Log::create(&folder)?,
            prints: Sorter::new(&folder),
            questions: Sorter::new(&folder),
            sets: terms.near.map(|_| SetSpool::create(&folder)),
            file_of: Vec::new(),
            first_given,
        })
    }

    /// Adds a row of a given file, numbered from 0.
    pub(super) fn add_given(&mut self, file: u32, line: u64, likeness: &Likeness) -> Result<()> {
        self.add(self.first_given + file, line, likeness)
    }

    /// Adds a row of a file.
    pub(super) fn add(&mut self, file: u32, line: u64, likeness: &Likeness) -> Result<()> {
        let row = u32::try_from(self.file_of.len()).ok().filter(|row| *row < u32::MAX).ok_or_else(|| {
            Error::input("more than 4,294,967,294 rows are compared in one run")
                .with_hint("check them in parts")
        })?;
        self.prints.push((likeness.print, row))?;
        let PromptKeys { own, inner } = &likeness.asked;
        HeldKey::all(own, inner, row).try_for_each(|held| self.questions.push(held))?;
        if let Some(sets) = &mut self.sets {
            sets.push(&likeness.shingles)?;
        }
        self.file_of.push(file);
        self.rows.push(Row { file, line: small(line), print: likeness.print })
    }

    /// Compares all rows and tells what leaks, in the order of rows.
    pub(super) fn finish(
        self,
        checker: &Checker,
        watch: &dyn Watch,
        mut tell: impl FnMut(Placed) -> Result<()>,
    ) -> Result<()> {
        let Self { terms, files, rows, prints, questions, sets, file_of, .. } = self;
        watch.begin("comparing files", 0);
        let pool = &checker.pool;
        let prints = pool.install(|| prints.finish())?;
        let sets = pool.install(|| sets.map(SetSpool::finish).transpose())?;
        let mut found = Found::default();
        let mut find = |side: &dyn Fn(u32, Part) -> Option<u32>, questions: Option<Sorter<HeldKey>>| {
            let side: Vec<u32> = files
                .iter()
                .zip(0..)
                .map(|(file, number)| side(number, file.part).unwrap_or(ABSENT))
                .collect();
            let sides: Vec<u32> = file_of.iter().map(|file| side[*file as usize]).collect();
            found.equal(&prints, &sides)?;
            if let (Some(sets), Some(near)) = (&sets, terms.near) {
                pool.install(|| found.near(sets, near, &sides, watch))?;
            }
            let questions = pool.install(|| questions.map(Sorter::finish).transpose())?;
            questions.map_or(Ok(()), |questions| found.asked(&questions, &sides))
        };
        let count = |part: Part| files.iter().filter(|file| file.part == part).count();
        // First what leaks: all that is learned is one side. What others are held against stays as it is, so their rows are
        // the ones to be named; rows that are held back are named themselves.
        if count(Part::Against) + count(Part::Held) > 0 {
            let side = |number: u32, part| match part {
                Part::Against => Some(0),
                Part::Learned => Some(1),
                Part::Held => Some(2 + number),
            };
            find(&side, Some(questions))?;
        }
        // Then what is learned from two files.
        if count(Part::Learned) > 1 {
            find(&|number, part| (part == Part::Learned).then_some(number), None)?;
        }
        watch.end();
        let rows = rows.finish()?;
        for (row, (of, common)) in found.0 {
            if let Some(placed) = placed(checker, &files, &rows, (row, of), common)? {
                tell(placed)?;
            }
        }
        Ok(())
    }
}

/// Rows that leak, with the row they have most in common with.
#[derive(Default)]
struct Found(BTreeMap<u32, (u32, Common)>);

impl Found {
    /// Adds rows that have a near twin on a lower side.
    fn near(&mut self, sets: &Sets, near: NearSettings, sides: &[u32], watch: &dyn Watch) -> Result<()> {
        let progress = until_stopped(watch);
        let search = Search { threshold: near.threshold, method: near.method, progress: &progress };
        for Leak { row, twin } in across(sets, &search, sides, usize::MAX)?.pairs {
            self.0.entry(row).or_insert((twin.of, Common::Nearly(twin.similarity)));
        }
        Ok(())
    }

    /// Adds rows that stand on a lower side, too.
    fn equal(&mut self, keys: &Sorted<(u128, u32)>, sides: &[u32]) -> Result<()> {
        let side = |row: u32| sides.get(row as usize).copied().unwrap_or(ABSENT);
        let mut same: Vec<u32> = Vec::new();
        let mut last = None;
        for entry in keys.iter() {
            let (key, row) = entry?;
            if last != Some(key) {
                self.leaking(&same, side, Common::All);
                same.clear();
                last = Some(key);
            }
            if side(row) != ABSENT {
                same.push(row);
            }
        }
        self.leaking(&same, side, Common::All);
        Ok(())
    }

    /// Adds rows whose question stands on a lower side, too, there or here before an earlier answer.
    fn asked(&mut self, questions: &Sorted<HeldKey>, sides: &[u32]) -> Result<()> {
        let side = |row: u32| sides.get(row as usize).copied().unwrap_or(ABSENT);
        let first = |known: Option<u32>, row: u32| {
            known.into_iter().chain([row]).min_by_key(|row| (side(*row), *row))
        };
        let mut key = None;
        // Those who ask it in the end come first; of those who go on from it one is remembered.
        let mut own: Vec<u32> = Vec::new();
        let (mut asking, mut around) = (None, None);
        let tasks = Tasks::of(questions, sides.len() as u64)?;
        for held in tasks.tell_apart(questions) {
            let HeldKey { key: next, inner, row, .. } = held?;
            if key.replace(next) != Some(next) {
                self.inside(&own, around, side);
                own.clear();
                (asking, around) = (None, None);
            }
            if side(row) == ABSENT {
                continue;
            }
            if !inner {
                own.push(row);
                asking = first(asking, row);
            } else if let Some(asking) = asking {
                if side(asking) < side(row) {
                    self.tell(row, asking, Common::Around);
                }
                around = first(around, row);
            }
        }
        self.inside(&own, around, side);
        Ok(())
    }

    /// Of rows with one question, those above the lowest side leak from the first that asks it in the end, or else from the
    /// first that goes on from it.
    fn inside(&mut self, own: &[u32], around: Option<u32>, side: impl Fn(u32) -> u32) {
        self.leaking(own, &side, Common::Question);
        for row in own {
            if let Some(first) = around.filter(|first| side(*first) < side(*row)) {
                self.tell(*row, first, Common::Inside);
            }
        }
    }

    /// Adds a row and the one it leaks from, unless they are known to have more in common with another; what is asked in
    /// the end says more than what is asked on the way.
    fn tell(&mut self, row: u32, first: u32, common: Common) {
        let known = self.0.entry(row).or_insert((first, common));
        if matches!((known.1, common), (Common::Around, Common::Question | Common::Inside)) {
            *known = (first, common);
        }
    }

    /// Of rows with one key, those above the lowest side leak from the first that is there.
    fn leaking(&mut self, same: &[u32], side: impl Fn(u32) -> u32, common: Common) {
        let Some(first) = same.iter().copied().min_by_key(|row| (side(*row), *row)) else { return };
        for row in same.iter().filter(|row| side(**row) > side(first)) {
            self.tell(*row, first, common);
        }
    }
}

/// A leak at its place, as the settings weigh it.
fn placed(
    checker: &Checker,
    files: &[File],
    rows: &Records<Row>,
    (row, of): (u32, u32),
    common: Common,
) -> Result<Option<Placed>> {
    let (row, of) = (rows.get(row)?, rows.get(of)?);
    let file = |row: &Row| files.get(row.file as usize).ok_or_else(|| Error::internal("a row is in no file"));
    let (here, there) = (file(&row)?, file(&of)?);
    let other = format!("{}:{}", excerpt(&there.name, 200), of.line);
    let (def, message) = match common {
        Common::All => {
            (&leak::TWIN_ACROSS_FILES, format!("the row stands in {other}, too, case and white space aside"))
        }
        Common::Nearly(similarity) => {
            (&leak::NEAR_TWIN_ACROSS_FILES, format!("{:.3} alike: {other}", similarity.ratio()))
        }
        Common::Question => (&leak::QUESTION_ACROSS_FILES, format!("the question stands in {other}, too")),
        Common::Inside => (
            &leak::QUESTION_ACROSS_FILES,
            format!("the question stands inside {other}, which goes on from it"),
        ),
        Common::Around => (
            &leak::QUESTION_ACROSS_FILES,
            format!("the question of {other} stands inside the row, which goes on from it"),
        ),
    };
    let mut finding = Finding::new(def, "", message);
    let parts = [here.part, there.part];
    let against = parts.contains(&Part::Against);
    let mild = match common {
        Common::All | Common::Nearly(_) => !against && !parts.contains(&Part::Held),
        Common::Question | Common::Inside | Common::Around => !against,
    };
    if mild {
        finding.severity = Severity::Warning;
    }
    let finding = checker.judge(finding);
    Ok(finding.map(|finding| {
        let line = u64::from(row.line);
        let fingerprint = Print::new(def, "", row.print);
        Placed {
            line,
            column: 1,
            end_line: line,
            end_column: 1,
            fingerprint,
            ..Placed::in_file(&here.name, finding)
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_held_back() {
        for (name, held) in [
            ("out/valid.jsonl", true),
            ("banking77_test.csv", true),
            ("test/rows.jsonl", false),
            ("train.jsonl", false),
            ("train-test.jsonl", false),
            ("latest.jsonl", false),
            ("eval-2026.jsonl", true),
        ] {
            assert_eq!(Part::of(name) == Part::Held, held, "{name}");
        }
    }
}
