//! Flags shared by commands, and how they become settings: defaults, then `chatmill.toml`, then flags.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use chatmill::config::file::{FileSettings, delimiter};
use chatmill::config::{Settings, duration};
use chatmill::lint::grader;
use chatmill::text::sanitize::excerpt;
use chatmill::{Error, Result};
use clap::Args;

/// What is read, and how.
#[derive(Args)]
pub struct InputOptions {
    /// Files, folders, zip archives, globs in quotes, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,

    #[command(flatten)]
    reading: ReadingOptions,
}

/// How anything is read, whatever it is.
#[derive(Args)]
pub struct ReadingOptions {
    /// Settings file; without it, chatmill.toml in the current folder is used where it is there
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Workers (default: one a core); results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    /// Read every input with this reader (`chatmill list readers`)
    #[arg(long, value_name = "READER", help_heading = "Reading")]
    from: Option<String>,

    /// Encoding of the inputs, such as windows-1252
    #[arg(long, value_name = "LABEL", help_heading = "Reading")]
    encoding: Option<String>,

    /// Longest record in bytes; longer ones are rejected
    #[arg(long, value_name = "BYTES", help_heading = "Reading")]
    max_record: Option<usize>,

    /// Highest ratio of unpacked to packed bytes
    #[arg(long, value_name = "N", help_heading = "Reading")]
    max_ratio: Option<u64>,

    /// Regular expression of the line that begins a conversation in a transcript
    #[arg(long, value_name = "REGEX", help_heading = "Reading")]
    boundary: Option<String>,

    /// The export's list of users (JSON or CSV), where it does not lie beside the export
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    users: Option<String>,

    /// Query whose rows are read from SQLite databases, one SELECT
    #[arg(long, value_name = "SQL", help_heading = "Reading")]
    query: Option<String>,

    /// Keep separators and stop suffixes of prompt/completion files
    #[arg(long, help_heading = "Reading")]
    keep_affixes: bool,

    #[command(flatten)]
    paths: PathOptions,

    #[command(flatten)]
    columns: ColumnOptions,

    #[command(flatten)]
    speakers: SpeakerOptions,

    #[command(flatten)]
    mend: MendOptions,
}

/// What is read, for which model and target: what commands that measure have in common.
#[derive(Args)]
pub struct MeasureOptions {
    #[command(flatten)]
    input: InputOptions,

    #[command(flatten)]
    pub model: ModelOptions,

    /// Where the rows go: decides what is kept, which tokens are trained, where rows are cut, and who is paid
    #[arg(long, visible_alias = "to", value_name = "TARGET")]
    pub target: Option<String>,
}

impl MeasureOptions {
    /// The settings that they make.
    pub fn settings(&self) -> Result<Settings> {
        let mut settings = self.input.settings()?;
        self.model.apply(&mut settings);
        if let Some(target) = &self.target {
            settings.target.clone_from(target);
            settings.target_named = true;
        }
        Ok(settings)
    }
}

#[derive(Args)]
#[command(next_help_heading = "Nested JSON (keys joined by dots)")]
struct PathOptions {
    /// From the top of the file to the list of records
    #[arg(long, value_name = "PATH")]
    records_path: Option<String>,
    /// From a record to its list of messages
    #[arg(long, value_name = "PATH")]
    messages_path: Option<String>,
    /// From a message to its speaker
    #[arg(long, value_name = "PATH")]
    role_path: Option<String>,
    /// From a message to its text
    #[arg(long, value_name = "PATH")]
    text_path: Option<String>,
    /// From a message to its time
    #[arg(long, value_name = "PATH")]
    time_path: Option<String>,
    /// From a record to its identifier
    #[arg(long, value_name = "PATH")]
    id_path: Option<String>,
    /// From a record to its instructions
    #[arg(long, value_name = "PATH")]
    system_path: Option<String>,
}

#[derive(Args)]
#[command(next_help_heading = "Tables (column names, or numbers from 1)")]
struct ColumnOptions {
    /// Field separator
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<char>,
    /// The conversation a row belongs to
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,
    /// Who speaks
    #[arg(long, value_name = "COLUMN")]
    role_column: Option<String>,
    /// What is said
    #[arg(long, value_name = "COLUMN")]
    text_column: Option<String>,
    /// When it is said
    #[arg(long, value_name = "COLUMN")]
    time_column: Option<String>,
    /// The order within a conversation
    #[arg(long, value_name = "COLUMN")]
    order_column: Option<String>,
    /// The question, in a table of one example a row
    #[arg(long, value_name = "COLUMN")]
    prompt_column: Option<String>,
    /// The answer, in a table of one example a row
    #[arg(long, value_name = "COLUMN")]
    answer_column: Option<String>,
    /// The instructions, in a table of one example a row
    #[arg(long, value_name = "COLUMN")]
    system_column: Option<String>,
    /// A whole transcript in one cell
    #[arg(long, value_name = "COLUMN")]
    transcript_column: Option<String>,
    /// The identifier that replies refer to
    #[arg(long, value_name = "COLUMN")]
    message_id_column: Option<String>,
    /// The row this one replies to
    #[arg(long, value_name = "COLUMN")]
    reply_to_column: Option<String>,
}

#[derive(Args)]
#[command(next_help_heading = "Who is who (names, patterns with *, mail domains, or @file with one a line)")]
struct SpeakerOptions {
    /// Speakers who are the assistant
    #[arg(long, value_name = "NAME")]
    assistant: Vec<String>,
    /// Speakers who are the user
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
    /// Speakers whose turns are instructions
    #[arg(long, value_name = "NAME")]
    system_speaker: Vec<String>,
    /// Speakers whose turns are dropped
    #[arg(long, value_name = "NAME")]
    drop_speaker: Vec<String>,
}

#[derive(Args)]
#[command(next_help_heading = "Mending")]
struct MendOptions {
    /// Instructions put first where an example has none (text, or @file)
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,
    /// A pause longer than this begins a new example: 30m, 2h, 1d
    #[arg(long, value_name = "TIME")]
    gap: Option<String>,
    /// Divide examples longer than this many tokens, no turn trained twice
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// Switch a mending on (`chatmill list mendings`)
    #[arg(long, value_name = "NAME")]
    mend: Vec<String>,
    /// Switch a mending off
    #[arg(long, value_name = "NAME")]
    no_mend: Vec<String>,
}

/// Which rules are checked.
#[derive(Args)]
#[command(next_help_heading = "Rules (codes, prefixes or names)")]
pub struct RuleOptions {
    /// Check only these
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not check these
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Change a severity: RULE=error, RULE=warning, RULE=info
    #[arg(long, value_name = "RULE=SEVERITY", value_delimiter = ',')]
    pub severity: Vec<String>,
    /// Grader of a reinforcement job: rows are held to the fields that it reads, `{{item.FIELD}}`
    #[arg(long, value_name = "FILE")]
    pub grader: Option<PathBuf>,
}

/// What will be tuned.
#[derive(Args)]
pub struct ModelOptions {
    /// Model to be tuned: vocabulary, limit and price (`chatmill list models`)
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,

    /// The model's own tokenizer, for exact counts: a `tokenizer.json`, `tekken.json`, `SentencePiece` model or tiktoken file
    #[arg(long, value_name = "FILE")]
    pub tokenizer: Option<PathBuf>,

    /// The model's chat template, rendered and counted: Jinja, or a `tokenizer_config.json`
    #[arg(long, value_name = "FILE")]
    pub chat_template: Option<PathBuf>,
}

/// The day, against which prices are old and models out of service. `CHATMILL_TODAY` sets another one, so that a run
/// can be repeated to the byte later.
fn today() -> Result<jiff::civil::Date> {
    match std::env::var("CHATMILL_TODAY") {
        Err(_) => Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        Ok(day) => day.parse().map_err(|_| {
            Error::usage(format!("`CHATMILL_TODAY` is `{day}`, which is no date"))
                .with_hint("write it as year, month and day: 2026-11-21")
        }),
    }
}

/// Which of two flags wins is the order of these calls: the settings begin with the file.
pub fn start(config: Option<&Path>) -> Result<Settings> {
    let mut settings = Settings { today: Some(today()?), ..Settings::default() };
    let found = Path::new("chatmill.toml");
    if let Some(path) = config.or_else(|| found.exists().then_some(found)) {
        FileSettings::load(path)?.apply(&mut settings)?;
    }
    Ok(settings)
}

impl InputOptions {
    /// Settings from the file and these flags.
    pub fn settings(&self) -> Result<Settings> {
        let mut settings = self.reading.settings()?;
        settings.inputs.clone_from(&self.inputs);
        Ok(settings)
    }
}

impl ReadingOptions {
    /// Settings from the file and these flags.
    pub fn settings(&self) -> Result<Settings> {
        let mut settings = start(self.config.as_deref())?;
        put(&mut settings.threads, self.threads);
        let read = &mut settings.read;
        put_some(&mut read.from, self.from.as_ref());
        put_some(&mut read.encoding, self.encoding.as_ref());
        put_some(&mut read.boundary, self.boundary.as_ref());
        put_some(&mut read.query, self.query.as_ref());
        put(&mut read.limits.record_bytes, self.max_record);
        put(&mut read.limits.ratio, self.max_ratio);
        put_some(&mut read.users, self.users.as_ref());
        read.keep_affixes |= self.keep_affixes;
        let paths = &self.paths;
        put_some(&mut read.paths.records, paths.records_path.as_ref());
        put_some(&mut read.paths.messages, paths.messages_path.as_ref());
        put_some(&mut read.paths.role, paths.role_path.as_ref());
        put_some(&mut read.paths.text, paths.text_path.as_ref());
        put_some(&mut read.paths.time, paths.time_path.as_ref());
        put_some(&mut read.paths.id, paths.id_path.as_ref());
        put_some(&mut read.paths.system, paths.system_path.as_ref());
        let columns = &self.columns;
        if let Some(character) = columns.delimiter {
            read.columns.delimiter = Some(delimiter(character)?);
        }
        put_some(&mut read.columns.id, columns.id_column.as_ref());
        put_some(&mut read.columns.role, columns.role_column.as_ref());
        put_some(&mut read.columns.text, columns.text_column.as_ref());
        put_some(&mut read.columns.time, columns.time_column.as_ref());
        put_some(&mut read.columns.order, columns.order_column.as_ref());
        put_some(&mut read.columns.prompt, columns.prompt_column.as_ref());
        put_some(&mut read.columns.answer, columns.answer_column.as_ref());
        put_some(&mut read.columns.system, columns.system_column.as_ref());
        put_some(&mut read.columns.transcript, columns.transcript_column.as_ref());
        put_some(&mut read.columns.message_id, columns.message_id_column.as_ref());
        put_some(&mut read.columns.reply_to, columns.reply_to_column.as_ref());
        let speakers = &mut settings.speakers;
        speakers.assistant.extend(names(&self.speakers.assistant)?);
        speakers.user.extend(names(&self.speakers.user)?);
        speakers.system.extend(names(&self.speakers.system_speaker)?);
        speakers.ignore.extend(names(&self.speakers.drop_speaker)?);
        let mend = &mut settings.mend;
        if let Some(system) = &self.mend.system {
            mend.system = Some(text_or_file(system)?);
        }
        if let Some(gap) = &self.mend.gap {
            mend.gap_ms = Some(duration(gap)?);
        }
        put_some(&mut mend.max_tokens, self.mend.max_tokens.as_ref());
        mend.on.extend(self.mend.mend.iter().cloned());
        mend.off.extend(self.mend.no_mend.iter().cloned());
        Ok(settings)
    }
}

impl RuleOptions {
    /// Puts the flags over the settings.
    pub fn apply(&self, settings: &mut Settings) -> Result<()> {
        settings.lint.select.extend(self.select.iter().cloned());
        settings.lint.ignore.extend(self.ignore.iter().cloned());
        for change in &self.severity {
            let (rule, severity) = change.split_once('=').ok_or_else(|| {
                Error::usage(format!("`{change}` is no change of severity"))
                    .with_hint("write RULE=SEVERITY, such as `TURN002=warning`")
            })?;
            settings.lint.set_severity(rule, severity)?;
        }
        if let Some(path) = &self.grader {
            settings.lint.grader_fields = grader_fields(path)?;
        }
        Ok(())
    }
}

/// No grader is longer, in bytes; a bound against the wrong file.
const GRADER_BYTES: u64 = 1 << 20;

fn grader_fields(path: &Path) -> Result<Vec<String>> {
    let place = format!("the grader `{}`", excerpt(&path.display().to_string(), 200));
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(GRADER_BYTES + 1).read_to_string(&mut text));
    read.map_err(|error| Error::input(format!("{place} cannot be read: {error}")))?;
    if text.len() as u64 > GRADER_BYTES {
        return Err(
            Error::input(format!("{place} is larger than 1 MiB")).with_hint("a grader is a short JSON file")
        );
    }
    let fields = grader::fields(&text);
    if fields.is_empty() {
        return Err(Error::usage(format!("{place} reads no field of a row"))
            .with_hint("a field is read as `{{item.reference}}`, or as `item[\"reference\"]` in Python"));
    }
    Ok(fields)
}

impl ModelOptions {
    /// Puts the flags over the settings.
    pub fn apply(&self, settings: &mut Settings) {
        if let Some(model) = &self.model {
            settings.model.clone_from(model);
        }
        put_some(&mut settings.tokenizer, self.tokenizer.as_ref());
        put_some(&mut settings.chat_template, self.chat_template.as_ref());
    }
}

fn put<T: Copy>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn put_some<T: Clone>(place: &mut Option<T>, value: Option<&T>) {
    if let Some(value) = value {
        *place = Some(value.clone());
    }
}

/// Names, patterns and mail domains as given; `@file` stands for the lines of a file.
fn names(given: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for name in given {
        match name.strip_prefix('@') {
            // `@shop.example` is a mail domain unless a file is called so.
            Some(path) if !Path::new(path).exists() && path.contains('.') => names.push(name.clone()),
            Some(_) => {
                let text = text_or_file(name)?;
                names.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
            }
            None => names.push(name.clone()),
        }
    }
    Ok(names)
}

/// The text itself, or for `@file` what the file holds, without the line end at its end.
fn text_or_file(given: &str) -> Result<String> {
    match given.strip_prefix('@') {
        None => Ok(given.to_owned()),
        Some(path) => std::fs::read_to_string(path)
            .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
            .map_err(|error| Error::usage(format!("cannot read `{path}`: {error}"))),
    }
}
