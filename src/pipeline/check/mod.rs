//! `check`: files as they stand against the rules of a target, every row, every finding with its place; on request
//! with what can be fixed fixed, and then every finding that is left.

mod about;
mod against;
mod copy;
mod fix;
mod fixed;
mod job;
mod leaks;
mod place;
mod row;

use std::path::Path;

pub use self::fix::{FixTo, Fixing};

use self::about::About;
use self::against::Against;
use self::fix::Fixer;
use self::fixed::FixedSource;
use self::job::Job;
use self::leaks::{Leaks, Likeness, Terms};
use self::row::{Checker, Seen};
use super::belt;
use super::plan;
use super::pool::Pool;
use super::pricing;
use super::watch::Watch;
use super::work::Room;
use crate::config::Settings;
use crate::diagnostic::{Baseline, Change, Checked, Finding, FixedFile, NotFixed, Placed};
use crate::error::{Error, ErrorKind, Result};
use crate::lint::{Columns, DatasetFacts, DatasetTally, Rules, Selection, file};
use crate::read::source::discover;
use crate::read::{Batch, Frame, Frames, Sample, Source};
use crate::split::Side;
use crate::text::sanitize::excerpt;

/// Who is told what a check finds, in the order of the files and rows. A function that takes findings is one.
pub trait Listener {
    /// A finding that is not in the baseline.
    fn finding(&mut self, placed: Placed) -> Result<()>;

    /// What a fix would change; told only when changes are to be shown.
    fn change(&mut self, change: Change) -> Result<()> {
        let _ = change;
        Ok(())
    }
}

impl<F: FnMut(Placed) -> Result<()>> Listener for F {
    fn finding(&mut self, placed: Placed) -> Result<()> {
        self(placed)
    }
}

/// What a check does beside finding.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// What is fixed, and where that goes.
    pub fixing: Option<Fixing>,
    /// Findings that are known.
    pub baseline: Baseline,
    /// Files, in any format that can be read, into which no row may leak.
    pub against: Vec<String>,
}

/// Checks every row of the inputs.
pub fn check(
    settings: &Settings,
    options: CheckOptions,
    watch: &dyn Watch,
    listener: &mut dyn Listener,
) -> Result<Checked> {
    let target = plan::find_target(&settings.target)?;
    let model = plan::find_model(settings)?;
    let meter = plan::meter(settings, model)?;
    let mut lint = plan::complete(&settings.lint, target, model, &meter);
    lint.retiring = pricing::retiring(settings, target, model)?;
    let rules = Rules::select(target.spec(), &lint)?;
    let selection = Selection::new(&lint)?;
    let CheckOptions { fixing, baseline, against } = options;
    let fixer = fixing.map(|fixing| Fixer::new(fixing, target, &lint)).transpose()?;
    let discovered = discover(&settings.inputs, &settings.read)?;
    let compared = discovered.sources.len() > 1 || !against.is_empty();
    let terms = if compared { Terms::of(settings, &selection) } else { None };
    let pool = Pool::of(settings)?;
    let checker = Checker { target, rules, selection, model, meter, fixer, terms, pool };
    if let Some(FixTo::File(path)) = checker.fixer.as_ref().map(|fixer| &fixer.to) {
        refuse_output(path, &discovered.sources)?;
    }
    let mut tail =
        Tail { checked: Checked::default(), baseline, listener, leaks: None, job: Job::default(), file: 0 };
    let skipped = discovered.skipped.into_iter().map(|skipped| (skipped.name, skipped.finding));
    for (name, finding) in skipped.chain(discovered.findings) {
        tail.tell(Placed::in_file(&name, finding))?;
    }
    if let Some(terms) = checker.terms {
        let given: Vec<String> = discovered.sources.iter().map(|source| source.name.clone()).collect();
        let against = Against::open(settings, &against)?;
        let mut leaks = Leaks::new(terms, &against.names(), &given)?;
        against.read(terms, &mut leaks, watch, |placed| tail.tell(placed))?;
        tail.leaks = Some(leaks);
    }
    check_sources(settings, &checker, &discovered.sources, watch, &mut tail)
        .map_err(|error| left(error, &checker, &tail.checked.written))?;
    for placed in std::mem::take(&mut tail.job).findings(&checker.rules) {
        tail.tell(placed)?;
    }
    let mut checked = tail.checked;
    checked.gone = tail.baseline.rest();
    if matches!(checker.fixer.as_ref().map(|fixer| &fixer.to), Some(FixTo::Nowhere)) {
        // The file still has what was only shown.
        let shown = checked.fixed.iter().filter_map(|fixed| checker.severity_of(fixed.code)).max();
        checked.worst = checked.worst.max(shown);
    }
    Ok(checked)
}

/// Checks every file, and then what they have in common.
fn check_sources(
    settings: &Settings,
    checker: &Checker,
    sources: &[Source],
    watch: &dyn Watch,
    tail: &mut Tail<'_>,
) -> Result<()> {
    for (source, number) in sources.iter().zip(0..) {
        tail.file = number;
        match check_source(settings, checker, source, watch, tail) {
            // One broken file hides no other. It cannot be ignored: nothing is known of its rest.
            Err(error) if error.kind() == ErrorKind::Input => {
                let finding = Finding::new(&file::BROKEN_FILE, "", error.to_string());
                tail.tell(Placed::in_file(&source.name, finding))?;
            }
            checked => checked?,
        }
    }
    match tail.leaks.take() {
        Some(leaks) => leaks.finish(checker, watch, |placed| tail.tell(placed)),
        None => Ok(()),
    }
}

/// An error, which of an interruption says what was fixed before it.
fn left(error: Error, checker: &Checker, written: &[FixedFile]) -> Error {
    match checker.fixer.as_ref().map(|fixer| &fixer.to) {
        None | Some(FixTo::Nowhere) => error,
        Some(FixTo::File(_) | FixTo::InPlace { .. }) => error.leaving(|| {
            if written.is_empty() {
                return "no file was changed".to_owned();
            }
            let names: Vec<String> =
                written.iter().map(|file| format!("`{}`", excerpt(&file.path, 200))).collect();
            format!("fixed before that: {}", names.join(", "))
        }),
    }
}

/// Where findings arrive: those that are known stop here.
struct Tail<'a> {
    checked: Checked,
    baseline: Baseline,
    listener: &'a mut dyn Listener,
    /// Rows that are compared over files, when there are several.
    leaks: Option<Leaks>,
    /// How much each file holds.
    job: Job,
    /// The number of the file that is checked.
    file: u32,
}

impl Tail<'_> {
    /// Keeps what of a row is compared with those of other files.
    fn compare(&mut self, likeness: Option<Box<Likeness>>, line: u64) -> Result<()> {
        match (&mut self.leaks, likeness) {
            (Some(leaks), Some(likeness)) => leaks.add_given(self.file, line, &likeness),
            _ => Ok(()),
        }
    }

    fn tell(&mut self, placed: Placed) -> Result<()> {
        if self.baseline.takes(&placed) {
            self.checked.known += 1;
            return Ok(());
        }
        self.checked.count(placed.severity);
        self.listener.finding(placed)
    }
}

fn check_source(
    settings: &Settings,
    checker: &Checker,
    source: &Source,
    watch: &dyn Watch,
    tail: &mut Tail<'_>,
) -> Result<()> {
    let sample = Sample::of(source, &settings.read)?;
    tail.checked.files += 1;
    let rows_before = tail.checked.rows;
    let about = About::of(settings, source, &sample)?;
    let mut fixing = begin_fixing(settings, checker, source, &about, tail)?;
    let name = fixing.as_ref().map_or_else(|| source.name.clone(), |fixing| fixing.name.clone());
    let file_name = match checker.fixer.as_ref().map(|fixer| &fixer.to) {
        Some(FixTo::File(path)) => path.file_name().unwrap_or_default().to_string_lossy().to_lowercase(),
        _ => source.file_name(),
    };
    let mut findings = about.findings(&file_name);
    if let Some(fixing) = &mut fixing {
        fixing.take_mark(&mut findings, tail)?;
    }
    let tell = |findings: Vec<Finding>, tail: &mut Tail<'_>| {
        let mut wanted = findings.into_iter().filter_map(|finding| checker.judge(finding));
        wanted.try_for_each(|finding| tail.tell(Placed::in_file(&name, finding)))
    };
    tell(findings, tail)?;
    let mut dataset = if sample.head.trim_ascii().is_empty() {
        DatasetFacts::default()
    } else {
        let frames = about.frames(settings, source, &sample)?;
        check_rows(&Rows { checker, source, name: &name, watch }, frames, fixing.as_mut(), tail)?
    };
    if let Some(file) = fixing.map(FixedSource::finish).transpose()?.flatten() {
        tail.checked.written.push(file);
    }
    if tail.checked.rows == rows_before {
        tell(vec![Finding::new(&file::EMPTY, "", "the file holds no row")], tail)?;
    }
    dataset.held = matches!(Side::of_name(&file_name), Some(Side::Valid | Side::Test));
    tail.job.add(&name, &dataset);
    // Of rows that cannot be read nothing is known together.
    let unread = dataset.examples == 0 && tail.checked.rows > rows_before;
    let about_all = if unread { Vec::new() } else { checker.rules.check_dataset(&dataset) }.into_iter();
    about_all.map(|finding| Placed::in_file(&name, finding)).try_for_each(|placed| tail.tell(placed))
}

/// Gets ready to fix the file, if that is wanted and can be done.
fn begin_fixing<'a>(
    settings: &'a Settings,
    checker: &'a Checker,
    source: &Source,
    about: &About,
    tail: &mut Tail<'_>,
) -> Result<Option<FixedSource<'a>>> {
    let Some(fixer) = &checker.fixer else { return Ok(None) };
    match (about.unfixable(source, &fixer.to), &fixer.to) {
        (None, _) => Ok(Some(FixedSource::new(fixer, settings, source, about.byte_order_mark))),
        (Some(why), FixTo::File(_)) => Err(Error::usage(format!("`{}` cannot be fixed: {why}", source.name))
            .with_hint("`chatmill convert` writes UTF-8, one object a line; fix what it wrote")),
        (Some(why), _) => {
            tail.checked.not_fixed.push(NotFixed { path: source.name.clone(), why });
            Ok(None)
        }
    }
}

/// Bytes of what is compared of rows that are held in memory, a million rows: a check holds little else.
const COMPARED: usize = 24 << 20;

/// What the rows of one file are checked with.
struct Rows<'a> {
    checker: &'a Checker,
    source: &'a Source,
    /// What findings call the file.
    name: &'a str,
    watch: &'a dyn Watch,
}

fn check_rows(
    rows: &Rows<'_>,
    mut frames: Box<dyn Frames>,
    mut fixing: Option<&mut FixedSource<'_>>,
    tail: &mut Tail<'_>,
) -> Result<DatasetFacts> {
    let Rows { checker, source, name, watch } = *rows;
    let mut dataset = DatasetTally::holding(COMPARED, &std::env::temp_dir());
    let mut ended = false;
    let (mut reported, mut batches) = (0, 0);
    let may_fix = fixing.is_some();
    watch.begin("checking", source.bytes);
    let result = belt::run(
        &checker.pool,
        watch,
        || {
            if ended {
                return Ok(None);
            }
            let mut batch = Batch::after(batches);
            batches += 1;
            ended = !frames.fill(&mut batch)?;
            let read = source.bytes_read();
            watch.advance(read.saturating_sub(reported));
            reported = read.max(reported);
            Ok(Some(batch))
        },
        |batch: Batch| {
            let shingler = checker.terms.and_then(|terms| terms.shingler());
            let columns = checker.rules.needs().columns.then(Columns::default);
            let mut room = Room { shingler, columns, ..Room::default() };
            let row = |frame: Frame<'_>| Seen::of(checker.row(name, &frame, may_fix, &mut room));
            let seen = batch.frames().map(row).collect::<Vec<_>>();
            (seen, room.columns)
        },
        |(checked, columns)| {
            if let Some(columns) = columns {
                dataset.add_columns(columns);
            }
            for row in checked {
                let row = match row {
                    Seen::Told(row) => row,
                    Seen::Silent { facts, line, bytes, likeness } => {
                        tail.checked.rows += 1;
                        let shift = fixing.as_ref().map_or(0, |fixing| fixing.taken_out());
                        let line = line.saturating_sub(shift);
                        dataset.add_row(&facts.on_line(line), bytes)?;
                        tail.compare(likeness, line)?;
                        continue;
                    }
                };
                tail.checked.rows += u64::from(!row.blank);
                let shift = match &mut fixing {
                    Some(fixing) => fixing.row(&row, tail)?,
                    None => 0,
                };
                // Lines are those of the file that is written.
                let line = row.origin.line.saturating_sub(shift);
                if let Some(facts) = row.facts {
                    dataset.add_row(&facts.on_line(line), row.bytes)?;
                }
                tail.compare(row.likeness, line)?;
                for mut placed in row.findings {
                    placed.line = placed.line.saturating_sub(shift);
                    placed.end_line = placed.end_line.saturating_sub(shift);
                    tail.tell(placed)?;
                }
            }
            Ok(())
        },
    );
    watch.end();
    result.and_then(|()| checker.pool.install(|| dataset.finish()))
}

/// One file written, that is none of the inputs.
fn refuse_output(path: &Path, sources: &[Source]) -> Result<()> {
    if sources.len() > 1 {
        return Err(Error::usage(format!("{} files cannot be fixed into one", sources.len()))
            .with_hint("give one file, or `--in-place`, which keeps a backup of each"));
    }
    let Ok(output) = path.canonicalize() else { return Ok(()) };
    let same = |source: &&Source| {
        source.path().is_some_and(|path| path.canonicalize().is_ok_and(|path| path == output))
    };
    match sources.iter().find(same) {
        Some(source) => Err(Error::usage(format!("`{}` is input and output at once", source.name))
            .with_hint("`--in-place` replaces it when the new file is whole, and keeps a backup")),
        None => Ok(()),
    }
}
