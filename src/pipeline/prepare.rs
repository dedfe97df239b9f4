//! `prepare`: the whole road from raw sources to a training set, with an account of every record; and `split` and `dedup`,
//! which go the same road with rows that stay as they stand.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};

use super::as_it_stands::refuse_several_formats;
use super::certify::{certificate, closest};
use super::judge::Judge;
use super::judgement::{Judgement, Kept, Verdict};
use super::manifest::{write_json, write_manifest};
use super::plan::Plan;
use super::pricing::Pricing;
use super::provenance::{PROVENANCE, write_duplicate, write_known, write_provenance, write_set_aside};
use super::recording::{self, Recording};
use super::stretch::Stretch;
use super::tally::RunTally;
use super::verdicts::VerdictTally;
use super::walk::walk_jobs;
use super::watch::Watch;
use crate::config::Job;
use crate::cost::{self, Bill};
use crate::dedup::history::History;
use crate::disk::{Spool, SpoolReader, digest_until};
use crate::error::{Error, Result};
use crate::read::source::unchanged;
use crate::report::Summary;
use crate::report::summary::{Masked, Near, Output};
use crate::split::{STRADDLING_GROUP, Side, certificate};
use crate::text::masks::Masks;
use crate::write::{OutFile, OutFolder, Registered, Written};

/// Runs the plan and fills `folder`. The folder is complete when this returns `Ok`, and untouched otherwise.
pub fn prepare(plan: &Plan, folder: &Path, force: bool, watch: &dyn Watch) -> Result<Summary> {
    fill(plan, folder, force, watch).map_err(|error| error.leaving(|| "no output was written".to_owned()))
}

fn fill(plan: &Plan, folder: &Path, force: bool, watch: &dyn Watch) -> Result<Summary> {
    refuse_input_as_output(plan, folder)?;
    if plan.settings.job.as_it_stands() {
        refuse_several_formats(plan)?;
    }
    let (history, found) = recording::open(plan, folder)?.unzip();
    let out = OutFolder::open(folder, force)?;
    let mut rejected = out.create("rejected.jsonl")?;
    let mut spool = Spool::create(out.partial())?;
    let mut judge = Judge::new(plan, out.partial(), history.as_ref(), watch)?;
    let mut tally = RunTally::new(plan);
    if let Some(path) = &plan.settings.twins.index {
        tally.found_in(path, &found.unwrap_or_default());
    }
    walk_jobs(
        plan,
        watch,
        |job| Stretch::of(plan, job),
        |stretch| {
            let stretch = stretch?;
            tally.merge(stretch.tally);
            rejected.lines(&stretch.rejected)?;
            spool.push(&stretch.spooled)?;
            judge.add(stretch.records, stretch.cases)
        },
    )?;

    let walked = Walked { out, rejected, spool, judge, tally, history };
    // Inputs are read again for their digests while the rest is done.
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let digests = scope.spawn(|| digests(plan, &stop));
        let _stops = Stops(&stop);
        let digests = || digests.join().map_err(|_| Error::internal("reading inputs again met a defect"))?;
        plan.pool()?.install(|| conclude(plan, folder, walked, digests, watch))
    })
}

/// Has others stop once it is gone, however that came.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What there is once every record was worked on.
struct Walked {
    out: OutFolder,
    rejected: OutFile,
    spool: Spool,
    judge: Judge,
    tally: RunTally,
    history: Option<History>,
}

/// Decides over all rows, writes them where they belong and says what was done; `digests` are those of the sources.
fn conclude(
    plan: &Plan,
    folder: &Path,
    walked: Walked,
    digests: impl FnOnce() -> Result<Vec<Option<String>>>,
    watch: &dyn Watch,
) -> Result<Summary> {
    let Walked { mut out, rejected, spool, judge, tally, history } = walked;
    let mut judgement = judge.decide(&plan.settings, watch)?;
    let own_sets = judgement.own_sets.take();
    let mut files = Files::create(plan, &out, judgement.has_test, rejected)?;
    let mut verdicts = VerdictTally::new(plan, out.partial());
    let mut recording = history
        .as_ref()
        .map(|history| Recording::begin(history, own_sets.as_ref(), out.partial()))
        .transpose()?;
    let mut to = To {
        files: &mut files,
        verdicts: &mut verdicts,
        history: history.as_ref(),
        recording: recording.as_mut(),
    };
    let mut rows = spool.read()?;
    write_rows(plan, &judgement, &mut rows, &mut to, watch)?;
    let closest = closest(plan, &judgement, watch)?;
    // While the system frees the spool and the disk takes the files, the sums are made.
    let freeing = rows.free();
    let entries = files.entries();
    let endings = files.all().map(OutFile::end).collect::<Result<_>>()?;
    let sums = verdicts.finish()?;
    let (train, valid, known) = (sums.train, sums.valid, sums.known);
    let split = sums.sides.summary(plan, &judgement, closest);
    let closest = split.as_ref().and_then(|sides| sides.closest.as_ref());
    let [dates, identifiers, numbers] = tally.masked();
    let mut summary = tally.finish(plan, sums, judgement.sides(), closest)?;
    summary.split = split;
    summary.near = plan.settings.twins.near.map(|near| Near {
        threshold: near.threshold.value(),
        shingle: near.shingle.to_string(),
        masks: near.masks.to_string(),
        masked: (near.masks != Masks::default()).then_some(Masked { dates, identifiers, numbers }),
        method: near.method.to_string(),
        recall: judgement.recall,
    });
    summary.index = recording
        .as_ref()
        .zip(history.as_ref())
        .map(|(recording, history)| recording.summary(plan, history, known));
    if plan.settings.count && summary.ledger.train > 0 {
        summary.cost = bill_if_priced(plan, &train, valid.tokens)?;
    }
    for (input, digest) in summary.inputs.iter_mut().zip(digests()?) {
        input.blake3 = digest;
    }
    let mut written = out.wait(endings)?;
    if let Some(registration) =
        plan.target.spec().registration.as_ref().filter(|_| !plan.settings.job.as_it_stands())
    {
        written.extend(write_json(&mut out, registration.file, &entries)?);
    }
    written.sort_by(|a, b| a.name.cmp(&b.name));
    summary.outputs = written.into_iter().map(output).collect();
    let mut more = write_json(&mut out, "report.json", &summary)?;
    if let Some(sides) = &summary.split {
        let certificate = certificate(plan, sides, &summary.inputs, &summary.outputs);
        more.extend(write_json(&mut out, certificate::FILE, &certificate)?);
    }
    let manifest = write_manifest(plan, &mut out, &summary, more.into_iter().map(output))?;
    if let Some(recording) = &mut recording {
        recording.seal(plan, folder, &manifest.blake3)?;
    }
    // Nothing but what the index still takes is open in a folder that is cleared.
    drop((freeing, judgement));
    out.commit()?;
    recording.map(Recording::confirm).transpose()?;
    Ok(summary)
}

/// Where rows go, and who hears of them.
struct To<'a, 'h> {
    files: &'a mut Files,
    verdicts: &'a mut VerdictTally,
    history: Option<&'h History>,
    recording: Option<&'a mut Recording<'h>>,
}

/// Reads every row back and writes it where its verdict says, counting.
fn write_rows(
    plan: &Plan,
    judgement: &Judgement,
    rows: &mut SpoolReader,
    to: &mut To<'_, '_>,
    watch: &dyn Watch,
) -> Result<()> {
    let files = &mut *to.files;
    watch.begin("writing", 0);
    for (index, judged) in judgement.verdicts().enumerate() {
        if index % 4_096 == 0 && watch.stop_wanted() {
            return Err(Error::interrupted());
        }
        let judged = judged?;
        let (row, rest) = rows.next(judged.entry.slice)?;
        match judged.verdict {
            Verdict::Side(side) => files.side(side, judged.group.0, row, rest)?,
            Verdict::Twin(Kept::Row(of), near) => {
                let twin = judgement.entry(of)?.place;
                write_duplicate(plan, &mut files.duplicates, twin, near, row, rest)?;
            }
            Verdict::Twin(Kept::Known(of), near) => {
                let known =
                    to.history.ok_or_else(|| Error::internal("a row is known from nowhere"))?.row(of)?;
                write_known(&mut files.duplicates, &known, near, row, rest)?;
            }
            Verdict::SetAside => write_set_aside(&mut files.rejected, &STRADDLING_GROUP, row, rest)?,
        }
        if let Some(recording) = &mut to.recording {
            recording.row(&judged, matches!(judged.verdict, Verdict::Side(_)))?;
        }
        to.verdicts.add(&judged)?;
    }
    watch.end();
    Ok(())
}

/// The files of the sides, and what goes with them.
struct Files {
    job: Job,
    train: OutFile,
    valid: Option<OutFile>,
    test: Option<OutFile>,
    duplicates: OutFile,
    provenance: OutFile,
    rejected: OutFile,
    rows: [u64; 3],
    /// What the trainer is to be told of each side.
    registered: Option<[Registered; 3]>,
}

impl Files {
    fn create(plan: &Plan, out: &OutFolder, has_test: bool, rejected: OutFile) -> Result<Self> {
        let job = plan.settings.job;
        let side = |side: Side| out.create(job.file(side));
        let registration = plan.target.spec().registration.as_ref().filter(|_| !job.as_it_stands());
        Ok(Self {
            job,
            train: side(Side::Train)?,
            valid: job.has_sides().then(|| side(Side::Valid)).transpose()?,
            test: (job.has_sides() && has_test).then(|| side(Side::Test)).transpose()?,
            duplicates: out.create("duplicates.jsonl")?,
            provenance: out.create(PROVENANCE)?,
            rejected,
            rows: [0; 3],
            registered: registration
                .map(|registration| std::array::from_fn(|_| Registered::new(registration))),
        })
    }

    fn side(&mut self, side: Side, group: u128, row: &[u8], rest: &[u8]) -> Result<()> {
        let file = match side {
            Side::Train => Some(&mut self.train),
            Side::Valid => self.valid.as_mut(),
            Side::Test => self.test.as_mut(),
        };
        file.ok_or_else(|| Error::internal("a row is on a side that is not written"))?.row(row)?;
        self.rows[side as usize] += 1;
        if let Some(registered) = &mut self.registered {
            registered[side as usize].row(row);
        }
        let group = self.job.has_sides().then_some(group);
        write_provenance(&mut self.provenance, self.job.file(side), self.rows[side as usize], group, rest)
    }

    /// The entries of all sides that have rows, for the trainer.
    fn entries(&self) -> Map<String, Value> {
        let sides = Side::ALL.iter().zip(self.registered.iter().flatten());
        sides.filter_map(|(side, entry)| Some((side.name().to_owned(), entry.entry(side.file())?))).collect()
    }

    fn all(self) -> impl Iterator<Item = OutFile> {
        let others = [self.train, self.duplicates, self.provenance, self.rejected];
        self.test.into_iter().chain(self.valid).chain(others)
    }
}

/// A source inside the output folder would be read and replaced in one run.
fn refuse_input_as_output(plan: &Plan, folder: &Path) -> Result<()> {
    let Ok(folder) = folder.canonicalize() else { return Ok(()) };
    for planned in &plan.sources {
        let Some(path) = planned.source.path() else { continue };
        if path.canonicalize().is_ok_and(|path| path.starts_with(&folder)) {
            return Err(Error::usage(format!(
                "the input `{}` lies in the output folder `{}`",
                planned.source.name,
                folder.display()
            ))
            .with_hint("give another folder with `-o`; inputs are never changed"));
        }
    }
    Ok(())
}

/// The bill, or `None` for what has no price: preparing does not fail for that.
fn bill_if_priced(plan: &Plan, train: &cost::Tally, valid: cost::Tokens) -> Result<Option<Bill>> {
    let pricing = Pricing::of(&plan.settings);
    let bill = pricing.and_then(|pricing| pricing.bill(plan, train, valid));
    match bill {
        Ok(bill) => Ok(Some(bill)),
        Err(error) if plan.settings.prices.is_some() || plan.settings.epochs.is_some() => Err(error),
        Err(_) => Ok(None),
    }
}

fn output(written: Written) -> Output {
    Output { path: written.name, examples: written.rows, bytes: written.bytes, blake3: written.blake3 }
}

/// The digests of the sources, each file read once; none for what is no file. Ends early when `stop` is set.
fn digests(plan: &Plan, stop: &AtomicBool) -> Result<Vec<Option<String>>> {
    let mut last: Option<(PathBuf, String)> = None;
    let mut digests = Vec::with_capacity(plan.sources.len());
    for source in plan.sources.iter().map(|planned| &planned.source) {
        let Some(path) = source.path().map(Path::to_owned).or_else(|| source.temporary_path()) else {
            digests.push(None);
            continue;
        };
        if last.as_ref().is_none_or(|(known, _)| *known != path) {
            let digest = digest_until(&path, stop)
                .map_err(|error| Error::input(format!("cannot read `{}` again: {error}", source.name)))?;
            // Of what was read rows were made, and of what was there afterwards the digest.
            if source.path() == Some(path.as_path()) && !stop.load(Ordering::Relaxed) {
                unchanged(&path, source.stamp, &source.name, ("read", "no output was written"))?;
            }
            last = Some((path, digest.to_hex().to_string()));
        }
        digests.push(last.as_ref().map(|(_, digest)| digest.clone()));
    }
    Ok(digests)
}
