//! The plan: every source with its reader, who is who, and which stages run. Made before the first record is read.

use std::sync::{Arc, OnceLock};

use super::codes as all_codes;
use super::pool::Pool;
use super::work::{example_tokens, limited, mask};
use crate::config::{DEFAULT_MODEL, MendSettings, Settings};
use crate::diagnostic::{Finding, Severity};
use crate::error::{Error, ErrorKind, Result};
use crate::lint::{LintSettings, Rules};
use crate::model::{Body, Raw, TokenCount};
use crate::read::assemble::AssembleSettings;
use crate::read::detect::{Choice, detect};
use crate::read::exports::{self, Exports, Group};
use crate::read::source::{Skipped, discover, is_data};
use crate::read::speakers::{SpeakerTable, Survey};
use crate::read::{Batch, Opened, READERS, ReadSettings, Sample, Source, codes};
use crate::target::{self, TARGETS, Target};
use crate::text::number::count;
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;
use crate::tokens::{self, Files, Meter, Model, OWN, provider_of};

/// A source with the reader that was chosen for it.
pub struct PlannedSource {
    /// The source.
    pub source: Source,
    /// The reader and why.
    pub choice: Choice,
    /// What the reader settled.
    pub notes: Vec<String>,
    /// Read as one with the source that leads its group, and never opened by itself.
    pub follows: bool,
}

impl PlannedSource {
    /// Opens the source for the walk. The head is read again, since the heads of many thousand sources would fill the
    /// memory between the plan and the walk.
    pub fn open(&self, settings: &ReadSettings) -> Result<Opened> {
        let sample = Sample::of(&self.source, settings)?;
        self.choice.reader.open(&self.source, &sample, settings)
    }
}

/// Everything that is settled before the walk.
pub struct Plan {
    /// The sources, in order.
    pub sources: Vec<PlannedSource>,
    /// Files that will not be read.
    pub skipped: Vec<Skipped>,
    /// Findings about whole files.
    pub file_findings: Vec<(String, Finding)>,
    /// Who is who.
    pub speakers: SpeakerTable,
    /// Where the rows go.
    pub target: &'static dyn Target,
    /// What will be tuned.
    pub model: &'static Model,
    /// Counts tokens; its vocabulary is loaded when a stage counts for the first time.
    pub meter: Meter,
    /// The rules that apply.
    pub rules: Rules,
    /// How turns become messages.
    pub assemble: AssembleSettings,
    /// The settings it was made from.
    pub settings: Settings,
    /// Why a flag did not fit the first file that it did not fit.
    misfit: Option<Error>,
    /// The workers, once there is something for them to do.
    pool: OnceLock<Pool>,
    /// Stored bytes of parts that were read to learn who is who.
    surveyed: u64,
}

/// What part of the bytes that are looked at to learn who is who one source of several parts may take: it gives its first
/// record only when all its parts are read.
const OF_ONE_SOURCE: u64 = 16;
/// How many times those bytes all such sources may take together; of further ones a single part has to do, so that an
/// export of many channels is not read twice.
const OF_ALL_SOURCES: u64 = 2;
/// Records without any turn of an unsettled speaker after which a source is taken to have none.
const SURVEY_PATIENCE: usize = 50;

/// The confidence below which a run asks: in so many of a hundred surveyed conversations of two or more speakers the
/// assistant must be known. Above it, the conversations without one are only counted among the rejected.
const ANSWERED_MIN: u64 = 50;

impl Plan {
    /// Settles everything for `settings`.
    pub fn make(settings: Settings) -> Result<Self> {
        settings.split.validate()?;
        let target = find_target(&settings.target)?;
        let model = find_model(&settings)?;
        settings.speakers.check()?;
        let meter = meter(&settings, model)?;
        let rules = if settings.job.as_it_stands() {
            Rules::none(target.spec())
        } else {
            select_rules(&settings.lint, target, model, &meter)?
        };
        let assemble = assemble_settings(target, &settings.mend)?;
        let mut settings = settings;
        settings.read.gap_ms = settings.mend.gap_ms;
        settings.read.speakers = settings.speakers.names().map(str::to_owned).collect();
        let discovered = discover(&settings.inputs, &settings.read)?;
        let mut exports = exports::find(&discovered.sources, &settings.read)?;
        let mut plan = Self {
            sources: Vec::new(),
            skipped: discovered.skipped,
            file_findings: discovered.findings,
            speakers: SpeakerTable::default(),
            target,
            model,
            meter,
            rules,
            assemble,
            settings,
            misfit: None,
            pool: OnceLock::new(),
            surveyed: 0,
        };
        let mut survey = Survey::default();
        for group in std::mem::take(&mut exports.groups) {
            plan.add(group, &mut exports, &mut survey)?;
        }
        for (companion, finding) in exports.into_companions() {
            plan.skip(companion, finding);
        }
        if plan.sources.is_empty() {
            plan.nothing_read()?;
        }
        plan.speakers = survey.settle(&plan.settings.speakers);
        plan.check_patterns()?;
        Ok(plan)
    }

    /// The same for who tells nobody what rules notice: of these only those run by which rows are refused.
    pub fn measuring(settings: Settings) -> Result<Self> {
        let mut plan = Self::make(settings)?;
        plan.rules.keep(Severity::Error);
        Ok(plan)
    }

    /// The same of the same sources for another target: standard input is there once.
    pub(super) fn measuring_for(mut self, target: &str) -> Result<Self> {
        self.target = find_target(target)?;
        target.clone_into(&mut self.settings.target);
        self.rules = select_rules(&self.settings.lint, self.target, self.model, &self.meter)?;
        self.rules.keep(Severity::Error);
        self.assemble = assemble_settings(self.target, &self.settings.mend)?;
        Ok(self)
    }

    /// The workers.
    pub(super) fn pool(&self) -> Result<&Pool> {
        if let Some(pool) = self.pool.get() {
            return Ok(pool);
        }
        let pool = Pool::of(&self.settings)?;
        Ok(self.pool.get_or_init(|| pool))
    }

    /// Counts the tokens of one example or preference, as the target trains on it.
    pub fn count(&self, body: &Body) -> TokenCount {
        limited(self.meter.count(body, mask(self.target.spec())), self.target.spec(), body)
    }

    /// Tokens that a row of the target would have, at most: what the target does not take is not weighed.
    pub fn length(&self, body: &Body) -> u64 {
        let spec = self.target.spec();
        let mut body = body.clone();
        target::adapt(spec, &mut body);
        // What does not fit is refused later, whatever its length.
        let _ = target::fit(spec, &mut body, &mut Vec::new());
        self.count(&body).sequence().high
    }

    /// What is to be said where no model was named and the one that is assumed is not tuned where the rows go: its tokenizer
    /// is borrowed, and no count is exact.
    pub fn borrowed(&self) -> Option<String> {
        let provider = provider_of(self.target.spec().name);
        let tuned = provider.is_some_and(|provider| self.model.offer(provider).is_some());
        (self.model.name == DEFAULT_MODEL && !tuned).then(|| {
            let name = self.target.spec().name;
            format!(
                "no model is named that is tuned with `{name}`: the tokenizer of {DEFAULT_MODEL} is borrowed, and no count is \
                 exact; name the model with `--model`"
            )
        })
    }

    /// Most tokens of a window, where long conversations are divided.
    pub(super) fn window(&self) -> Option<u64> {
        let divides = self.assemble.active().any(|name| name == "cut-into-windows");
        self.assemble.max_tokens.filter(|_| divides)
    }

    /// Adds one source, or several that are read as one.
    fn add(&mut self, group: Group, exports: &mut Exports, survey: &mut Survey) -> Result<()> {
        let mut parts = group.parts.into_iter();
        let Some(source) = parts.next() else { return Ok(()) };
        let (_, beginning) = source.open_noting(&self.settings.read)?;
        let sample = Sample::of(&source, &self.settings.read)?;
        if group.choice.is_none() && sample.head.trim_ascii().is_empty() {
            self.skip(source, Finding::new(&codes::EMPTY_FILE, "", "the file is empty"));
            return Ok(());
        }
        let detected = match group.choice {
            Some(choice) => Some(choice),
            None => detect(&source, &sample, &self.settings.read)?,
        };
        let Some(choice) = detected else {
            if source.explicit {
                return Err(unknown_format(&source, &sample));
            }
            let why = if crate::text::encoding::looks_like_text(&sample.head) {
                "no conversations were recognised in it"
            } else {
                "it is not text"
            };
            let mut finding = Finding::new(&codes::FILE_SKIPPED, "", why);
            if is_documentation(&source.file_name()) {
                finding.severity = Severity::Info;
            } else if is_data(&source.name) {
                finding.severity = Severity::Error;
            }
            self.skip(source, finding);
            return Ok(());
        };
        if beginning.byte_order_mark {
            let finding = Finding::new(&codes::BYTE_ORDER_MARK, "", "a UTF-8 byte order mark was taken away");
            self.file_findings.push((source.name.clone(), finding));
        }
        if let Some(encoding) = beginning.converted_from {
            let finding =
                Finding::new(&codes::CONVERTED_ENCODING, "", format!("converted to UTF-8 from {encoding}"));
            self.file_findings.push((source.name.clone(), finding));
        }
        let mut planned = PlannedSource { source, choice, notes: Vec::new(), follows: false };
        // Origins name sources by their place in the plan, where skipped files have none.
        planned.source.index = self.next_index(0);
        let followers: Vec<Source> =
            parts.zip(1..).map(|(part, number)| Source { index: self.next_index(number), ..part }).collect();
        if !followers.is_empty() {
            planned.source.parts = std::iter::once(&planned.source).chain(&followers).cloned().collect();
        }
        planned.source.companions = exports.companions_of(&planned.source, planned.choice.reader.spec().name);
        let opened = match planned.choice.reader.open(&planned.source, &sample, &self.settings.read) {
            // Flags for some of the files in a folder need not fit all of them; when they fit none, it is a mistake.
            Err(error) if error.kind() == ErrorKind::Usage && !planned.source.explicit => {
                self.skip(planned.source, Finding::new(&codes::FILE_SKIPPED, "", error.to_string()));
                self.misfit.get_or_insert(error);
                return Ok(());
            }
            opened => opened?,
        };
        planned.notes.clone_from(&opened.notes);
        let surveyed = self.settings.survey_bytes as u64;
        let look = surveyed.saturating_add(self.settings.read.limits.record_bytes as u64);
        let budget = if self.surveyed < surveyed * OF_ALL_SOURCES { surveyed / OF_ONE_SOURCE } else { 1 };
        let beginning = match first_parts(&planned.source, budget) {
            // Messages that are gathered give no conversation before all of them are read.
            None if planned.source.bytes > look => {
                Some(Source { only: Some(look), ..planned.source.clone() })
            }
            parts => parts,
        };
        let opened = match &beginning {
            None => opened,
            Some(beginning) => planned.choice.reader.open(beginning, &sample, &self.settings.read)?,
        };
        let parts = planned.source.parts.iter().map(|part| part.bytes);
        self.surveyed += parts.sum::<u64>().min(budget);
        let seen = add_to_survey(opened, survey, self.settings.survey_bytes);
        // What was cut for a look may end in the middle of anything; the walk says what is wrong with the whole.
        if beginning.is_none() {
            seen?;
        }
        let choice = planned.choice.clone();
        self.sources.push(planned);
        let follow =
            |source| PlannedSource { source, choice: choice.clone(), notes: Vec::new(), follows: true };
        self.sources.extend(followers.into_iter().map(follow));
        Ok(())
    }

    /// The index of the source that comes `ahead` places after the next.
    fn next_index(&self, ahead: usize) -> u32 {
        u32::try_from(self.sources.len() + ahead).unwrap_or(u32::MAX)
    }

    fn skip(&mut self, source: Source, finding: Finding) {
        self.skipped.push(Skipped { name: source.name, finding, explicit: source.explicit });
    }

    /// What a run without sources comes to: a finding where a folder was looked through and every file in it is named
    /// as skipped, an error where a file was named that cannot be read.
    fn nothing_read(&mut self) -> Result<()> {
        if let Some(error) = self.misfit.take() {
            return Err(error);
        }
        match self.skipped.iter().find(|skipped| skipped.explicit) {
            Some(named) => {
                Err(Error::input(format!("nothing to read: `{}`: {}", named.name, named.finding.message)))
            }
            None if self.skipped.is_empty() => Err(Error::input("nothing to read: no file was found")
                .with_hint("give files, folders, zip archives, globs in quotes, or `-` for standard input")),
            None => {
                let files = count(self.skipped.len() as u64, "file");
                let says = format!("none of {files} holds conversations in a known format");
                let name = self.settings.inputs.join(", ");
                self.file_findings.push((name, Finding::new(&codes::NOTHING_READ, "", says)));
                Ok(())
            }
        }
    }

    /// The question to the caller where hardly any conversation has somebody who is known to be the assistant: such
    /// conversations are rejected, never guessed at, and one flag is all that is missing.
    pub fn question(&self) -> Option<String> {
        let (answered, shared) = self.speakers.answered();
        let undecided =
            self.speakers.rows().iter().find(|row| row.role.is_none() && !row.name.trim().is_empty());
        if answered * 100 >= shared * ANSWERED_MIN {
            return None;
        }
        let name =
            undecided.map_or_else(|| "NAME".to_owned(), |row| excerpt(&row.name, 40).replace('\'', "*"));
        Some(format!(
            "who answers? the assistant is known in {answered} of {} looked at, and below {ANSWERED_MIN} % nothing is \
             guessed; name the side that is to be learned, such as --assistant '{name}' (a name, a pattern with *, a mail \
             domain, or @FILE with one a line)",
            count(shared, "conversation")
        ))
    }

    /// A name given for a speaker that no source has is a slip of the pen.
    fn check_patterns(&self) -> Result<()> {
        match self.speakers.unmatched_patterns().first() {
            None => Ok(()),
            Some(unmatched) => Err(Error::usage(format!("no speaker matches `{}`", unmatched.pattern))
                .with_hint(unmatched.hint())),
        }
    }
}

/// The source with as many of its parts as `budget` stored bytes allow, at least one; `None` where that is all of it.
fn first_parts(source: &Source, budget: u64) -> Option<Source> {
    let mut bytes = 0;
    let wanted = source.parts.iter().take_while(|part| {
        let before = bytes;
        bytes += part.bytes;
        before < budget
    });
    let parts: Vec<Source> = wanted.cloned().collect();
    (parts.len() < source.parts.len()).then(|| Source { parts: parts.into(), ..source.clone() })
}

/// Adds the conversations at the beginning of a source to the survey.
fn add_to_survey(mut opened: Opened, survey: &mut Survey, limit: usize) -> Result<()> {
    let (mut bytes, mut others) = (0, 0);
    let mut seen_conversation = false;
    loop {
        let mut batch = Batch::default();
        let more = opened.frames.fill(&mut batch)?;
        for frame in batch.frames().filter(|frame| frame.fault.is_none()) {
            if let Ok(decoded) = opened.decoder.decode(&frame)
                && let Raw::Conversation(conversation) = &decoded.raw
            {
                survey.add(conversation);
                seen_conversation = true;
            } else {
                others += 1;
            }
            if !seen_conversation && others > SURVEY_PATIENCE {
                return Ok(());
            }
        }
        bytes += batch.bytes();
        if !more || bytes >= limit {
            return Ok(());
        }
    }
}

/// How turns become messages: what the target needs, what the user switched.
fn assemble_settings(target: &dyn Target, mend: &MendSettings) -> Result<AssembleSettings> {
    let mut settings = AssembleSettings::for_target(target.spec());
    settings.system.clone_from(&mend.system);
    settings.gap_ms = mend.gap_ms;
    if mend.max_tokens == Some(0) {
        return Err(Error::usage("0 tokens hold no example")
            .with_hint("give the most tokens of a window, such as `--max-tokens 4096`, or leave it away"));
    }
    settings.max_tokens = mend.max_tokens;
    for name in &mend.on {
        settings.switch(name, true)?;
    }
    for name in &mend.off {
        settings.switch(name, false)?;
    }
    Ok(settings)
}

/// The rules that apply to a target, with the model's limit.
pub(super) fn select_rules(
    settings: &LintSettings,
    target: &'static dyn Target,
    model: &Model,
    meter: &Meter,
) -> Result<Rules> {
    Rules::select(target.spec(), &complete(settings, target, model, meter))
}

/// The settings with what target and model decide and with every code that selectors may name.
pub(super) fn complete(
    settings: &LintSettings,
    target: &'static dyn Target,
    model: &Model,
    meter: &Meter,
) -> LintSettings {
    let mut settings = settings.clone();
    settings.example_tokens = settings.example_tokens.or_else(|| example_tokens(target.spec(), model));
    settings.counter = Some(Arc::clone(&meter.counter));
    settings.others = all_codes::all().iter().map(|described| described.def).collect();
    settings
}

/// The model of the settings: the named one, or the user's own where only a tokenizer is given.
pub(super) fn find_model(settings: &Settings) -> Result<&'static Model> {
    if settings.tokenizer.is_some() && settings.model == DEFAULT_MODEL {
        return Ok(&OWN);
    }
    tokens::model(&settings.model)
}

/// What counts for it.
pub(super) fn meter(settings: &Settings, model: &Model) -> Result<Meter> {
    let files =
        Files { tokenizer: settings.tokenizer.as_deref(), chat_template: settings.chat_template.as_deref() };
    Meter::with_files(model, files)
}

pub(super) fn find_target(name: &str) -> Result<&'static dyn Target> {
    target::by_name(name).ok_or_else(|| {
        Error::usage(format!("unknown target `{name}`"))
            .with_hint(suggestion(name, TARGETS.iter().map(|target| target.spec().name)))
    })
}

/// Files that stand beside data to describe it; nobody misses them in the output.
fn is_documentation(file_name: &str) -> bool {
    // `LICENSE-data.txt` too.
    let stem = file_name.split(['.', '-', '_']).next().unwrap_or(file_name);
    let documents = matches!(
        stem,
        "readme" | "license" | "licence" | "copying" | "notice" | "changelog" | "authors" | "contributing"
    );
    match std::path::Path::new(file_name).extension().and_then(|ending| ending.to_str()) {
        Some("md") => true,
        // `notice-chats.csv` is none.
        Some("csv" | "json" | "jsonl" | "ndjson" | "tsv") => false,
        _ => documents,
    }
}

fn unknown_format(source: &Source, sample: &Sample) -> Error {
    if !crate::text::encoding::looks_like_text(&sample.head) {
        return Error::input(format!("`{}` is not text", source.name))
            .with_hint("chatmill reads text, JSON, CSV and transcripts, also inside gzip, zstandard and zip; give `--encoding` where it is text in a rare encoding");
    }
    Error::input(format!("`{}` holds no conversations in a known format", source.name)).with_hint(format!(
        "choose a reader with `--from` ({}), or say where things are in JSON with `--messages-path`, `--role-path`, `--text-path`",
        READERS.iter().map(|reader| reader.spec().name).collect::<Vec<_>>().join(", ")
    ))
}
