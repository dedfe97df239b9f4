//! `chatmill.toml`: what a project always says, so that nobody has to type it again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{NearChoice, Settings, duration};
use crate::detect::Wanted;
use crate::error::{Error, Result};
use crate::split::Amount;

/// The file as written; what is absent keeps its default. Unknown keys are errors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FileSettings {
    target: Option<String>,
    model: Option<String>,
    tokenizer: Option<PathBuf>,
    chat_template: Option<PathBuf>,
    threads: Option<usize>,
    input: Input,
    paths: Paths,
    columns: Columns,
    speakers: Speakers,
    mend: Mend,
    check: Check,
    personal: Personal,
    twins: Twins,
    split: Split,
    cost: Cost,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Input {
    from: Option<String>,
    encoding: Option<String>,
    boundary: Option<String>,
    users: Option<String>,
    query: Option<String>,
    keep_affixes: Option<bool>,
    max_record: Option<usize>,
    max_ratio: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Paths {
    records: Option<String>,
    messages: Option<String>,
    role: Option<String>,
    text: Option<String>,
    time: Option<String>,
    id: Option<String>,
    system: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Columns {
    delimiter: Option<char>,
    id: Option<String>,
    role: Option<String>,
    text: Option<String>,
    time: Option<String>,
    order: Option<String>,
    prompt: Option<String>,
    answer: Option<String>,
    system: Option<String>,
    transcript: Option<String>,
    message_id: Option<String>,
    reply_to: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Speakers {
    assistant: Vec<String>,
    user: Vec<String>,
    system: Vec<String>,
    ignore: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Mend {
    system: Option<String>,
    gap: Option<String>,
    max_tokens: Option<u64>,
    on: Vec<String>,
    off: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Check {
    select: Vec<String>,
    ignore: Vec<String>,
    no_fix: Vec<String>,
    severity: BTreeMap<String, String>,
    baseline: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Personal {
    kinds: Vec<String>,
    allow: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Twins {
    on: Option<String>,
    keep: Option<bool>,
    which: Option<String>,
    near: Option<NearValue>,
    shingle: Option<String>,
    mask: Option<String>,
    near_method: Option<String>,
    index: Option<PathBuf>,
}

/// A similarity as a number, or `"off"`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NearValue {
    Threshold(f64),
    Text(String),
}

impl std::fmt::Display for NearValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Threshold(threshold) => threshold.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Split {
    valid: Option<AmountValue>,
    test: Option<AmountValue>,
    seed: Option<u64>,
    tolerance: Option<f64>,
    group_by: OneOrMany,
    group_known: Option<bool>,
    stratify: Option<String>,
    after: Option<String>,
    test_after: Option<String>,
    time_field: Option<String>,
    previous: Option<PathBuf>,
}

/// An amount as a number or as text: `0.1`, `500`, `"10%"`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AmountValue {
    Rows(u64),
    Share(f64),
    Text(String),
}

impl AmountValue {
    fn amount(&self) -> Result<Amount> {
        match self {
            Self::Rows(rows) => Ok(Amount::Rows(*rows)),
            // By way of text, so that one place says what a share is.
            Self::Share(share) => share.to_string().parse(),
            Self::Text(text) => text.parse(),
        }
    }
}

/// One name or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::Many(names) => names,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Cost {
    epochs: Option<u64>,
    prices: Option<PathBuf>,
    provider: Option<String>,
    weights: Option<String>,
    evaluations: Option<u64>,
    residual: Option<PathBuf>,
}

/// Sets `$place` where the file says something.
macro_rules! set {
    ($($value:expr => $place:expr),+ $(,)?) => { $(if let Some(value) = $value { $place = value; })+ };
}

/// Sets an optional place where the file says something.
macro_rules! set_some {
    ($($value:expr => $place:expr),+ $(,)?) => { $(if let Some(value) = $value { $place = Some(value); })+ };
}

impl FileSettings {
    /// Reads a file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::usage(format!("cannot read `{}`: {error}", path.display())))?;
        toml::from_str(&text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            Error::usage(format!("`{}` line {line}: {}", path.display(), error.message().replace('\n', ", ")))
                .with_hint("`chatmill init` writes a file with every key and what it does")
        })
    }

    /// Puts what the file says over `settings`.
    pub fn apply(self, settings: &mut Settings) -> Result<()> {
        settings.chosen |= self.target.is_some() || self.model.is_some();
        settings.target_named |= self.target.is_some();
        set! {
            self.target => settings.target,
            self.model => settings.model,
            self.threads => settings.threads,
            self.input.keep_affixes => settings.read.keep_affixes,
            self.input.max_record => settings.read.limits.record_bytes,
            self.input.max_ratio => settings.read.limits.ratio,
            self.twins.keep => settings.twins.keep,
            self.twins.which.as_deref().map(str::parse).transpose()? => settings.twins.which,
            self.split.valid.as_ref().map(AmountValue::amount).transpose()? => settings.split.valid,
            self.split.test.as_ref().map(AmountValue::amount).transpose()? => settings.split.test,
            self.split.seed => settings.split.seed,
            self.split.tolerance => settings.split.tolerance,
            self.split.group_known => settings.group_known,
            self.cost.evaluations => settings.billing.evaluations,
        }
        let (read, paths, columns) = (&mut settings.read, self.paths, self.columns);
        set_some! {
            self.tokenizer => settings.tokenizer,
            self.chat_template => settings.chat_template,
            self.input.from => read.from,
            self.input.encoding => read.encoding,
            self.input.boundary => read.boundary,
            self.input.users => read.users,
            self.input.query => read.query,
            paths.records => read.paths.records,
            paths.messages => read.paths.messages,
            paths.role => read.paths.role,
            paths.text => read.paths.text,
            paths.time => read.paths.time,
            paths.id => read.paths.id,
            paths.system => read.paths.system,
            columns.delimiter.map(delimiter).transpose()? => read.columns.delimiter,
            columns.id => read.columns.id,
            columns.role => read.columns.role,
            columns.text => read.columns.text,
            columns.time => read.columns.time,
            columns.order => read.columns.order,
            columns.prompt => read.columns.prompt,
            columns.answer => read.columns.answer,
            columns.system => read.columns.system,
            columns.transcript => read.columns.transcript,
            columns.message_id => read.columns.message_id,
            columns.reply_to => read.columns.reply_to,
            self.mend.system => settings.mend.system,
            self.mend.gap.as_deref().map(duration).transpose()? => settings.mend.gap_ms,
            self.mend.max_tokens => settings.mend.max_tokens,
            self.check.baseline => settings.baseline,
            self.twins.index => settings.twins.index,
            self.split.stratify.as_deref().map(str::parse).transpose()? => settings.split.stratify,
            self.split.after.as_deref().map(str::parse).transpose()? => settings.split.after,
            self.split.test_after.as_deref().map(str::parse).transpose()? => settings.split.test_after,
            self.split.time_field => settings.time_field,
            self.split.previous => settings.previous,
            self.cost.epochs => settings.epochs,
            self.cost.prices => settings.prices,
            self.cost.provider => settings.billing.provider,
            self.cost.weights.as_deref().map(str::parse).transpose()? => settings.billing.weights,
            self.cost.residual => settings.billing.residual,
        }
        if let Some(on) = self.twins.on {
            settings.twins.on = on.parse()?;
        }
        settings.twins.find_near(&NearChoice {
            threshold: self.twins.near.map(|near| near.to_string()).as_deref(),
            shingle: self.twins.shingle.as_deref(),
            mask: self.twins.mask.as_deref(),
            method: self.twins.near_method.as_deref(),
        })?;
        settings.group_by.extend(self.split.group_by.into_list());
        settings.speakers.assistant.extend(self.speakers.assistant);
        settings.speakers.user.extend(self.speakers.user);
        settings.speakers.system.extend(self.speakers.system);
        settings.speakers.ignore.extend(self.speakers.ignore);
        settings.mend.on.extend(self.mend.on);
        settings.mend.off.extend(self.mend.off);
        settings.lint.select.extend(self.check.select);
        settings.lint.ignore.extend(self.check.ignore);
        settings.lint.no_fix.extend(self.check.no_fix);
        settings.lint.personal = Wanted::new(&self.personal.kinds, &self.personal.allow)?;
        for (rule, severity) in self.check.severity {
            settings.lint.set_severity(&rule, &severity)?;
        }
        Ok(())
    }
}

/// A field separator: one ASCII character.
pub fn delimiter(character: char) -> Result<u8> {
    u8::try_from(character).ok().filter(u8::is_ascii).ok_or_else(|| {
        Error::usage(format!("`{character}` cannot separate fields"))
            .with_hint("give one ASCII character, such as `;`")
    })
}
