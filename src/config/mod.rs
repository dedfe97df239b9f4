//! Settings of a run, put together from `chatmill.toml` and flags; each stage has its own small part.

pub mod file;
pub mod template;

use std::path::PathBuf;

use crate::dedup::Compare;
use crate::dedup::near::{Cut, Method, Threshold};
use crate::error::{Error, Result};
use crate::lint::LintSettings;
use crate::read::ReadSettings;
use crate::read::speakers::SpeakerSettings;
use crate::split::{Side, SplitSettings};
use crate::text::masks::Masks;
use crate::text::shingle::Shingle;

/// Everything a run can be told.
#[derive(Clone)]
pub struct Settings {
    /// Files, folders, archives, globs or `-`.
    pub inputs: Vec<String>,
    /// Where the rows go.
    pub target: String,
    /// Whether the caller named the target.
    pub target_named: bool,
    /// What will be tuned; decides vocabulary, limit and price.
    pub model: String,
    /// The model's own tokenizer.
    pub tokenizer: Option<PathBuf>,
    /// The model's chat template.
    pub chat_template: Option<PathBuf>,
    /// Workers; 0: as many as there are cores.
    pub threads: usize,
    /// How inputs are read.
    pub read: ReadSettings,
    /// Who is who.
    pub speakers: SpeakerSettings,
    /// What is mended.
    pub mend: MendSettings,
    /// Which rules are checked, and how severely.
    pub lint: LintSettings,
    /// The file with the findings that are known to `check`.
    pub baseline: Option<PathBuf>,
    /// What makes two examples twins.
    pub twins: TwinSettings,
    /// Shares of validation and test.
    pub split: SplitSettings,
    /// Fields whose equal values keep examples on one side, beside conversations and prompts.
    pub group_by: Vec<String>,
    /// Whether usual keys that say whose conversation it is (`customer_id`, `ticket_id` …) keep examples on one side, too.
    pub group_known: bool,
    /// The field that holds the time of an example; `None`: under its usual names.
    pub time_field: Option<String>,
    /// Folder of an earlier run, whose sides hold.
    pub previous: Option<PathBuf>,
    /// What is done with rows.
    pub job: Job,
    /// Whether tokens are counted.
    pub count: bool,
    /// Bytes of each source that are looked at to learn who is who.
    pub survey_bytes: usize,
    /// Whether the caller named a target or a model, so that what is known of their end is of interest.
    pub chosen: bool,
    /// The day of the run, against which prices are old; the library has no clock.
    pub today: Option<jiff::civil::Date>,
    /// Epochs, when the user knows them.
    pub epochs: Option<u64>,
    /// A price file over the one that comes with chatmill.
    pub prices: Option<PathBuf>,
    /// How training is billed.
    pub billing: BillingSettings,
}

/// How training is billed: what providers leave to whoever sends the job.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BillingSettings {
    /// Who tunes, where the target does not say it.
    pub provider: Option<String>,
    /// Which weights change; `None`: as the provider does unless told otherwise.
    pub weights: Option<crate::cost::Weights>,
    /// Validation file, where it is a file of its own.
    pub validation: Option<String>,
    /// How often the validation file is gone through.
    pub evaluations: u64,
    /// Rows are not packed together.
    pub no_packing: bool,
    /// Longest row in tokens, where rows are not packed or a machine of one's own is planned.
    pub max_length: Option<u64>,
    /// Seconds of training, for what is billed by the hour.
    pub seconds: Option<u64>,
    /// What finished jobs taught, as `cost --calibrate` wrote it.
    pub residual: Option<PathBuf>,
}

/// What is mended on the way from turns to messages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MendSettings {
    /// Instructions put first where an example has none.
    pub system: Option<String>,
    /// A pause longer than this, in milliseconds, begins a new example.
    pub gap_ms: Option<i64>,
    /// Longest example in tokens; longer ones are divided into windows.
    pub max_tokens: Option<u64>,
    /// Mendings switched on by name.
    pub on: Vec<String>,
    /// Mendings switched off by name.
    pub off: Vec<String>,
}

/// What is done with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Everything from raw sources to a training set.
    Prepare,
    /// Rows that stay as they stand are put on sides.
    Split,
    /// Rows that stay as they stand are kept or called twins.
    Dedup,
}

impl Job {
    /// The command's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Split => "split",
            Self::Dedup => "dedup",
        }
    }

    /// Whether rows stay as they stand: nothing is mended, nothing checked.
    pub fn as_it_stands(self) -> bool {
        self != Self::Prepare
    }

    /// Whether rows are put on sides.
    pub fn has_sides(self) -> bool {
        self != Self::Dedup
    }

    /// The file of a side.
    pub fn file(self, side: Side) -> &'static str {
        if self.has_sides() { side.file() } else { "kept.jsonl" }
    }
}

/// Near twins: how alike, by what.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NearSettings {
    /// Least similarity (Jaccard over sets of shingles).
    pub threshold: Threshold,
    /// What texts are cut into.
    pub shingle: Shingle,
    /// What differs without meaning.
    pub masks: Masks,
    /// How pairs are looked for.
    pub method: Method,
}

impl NearSettings {
    /// What is compared, when `on` is.
    pub fn cut(&self, on: Compare) -> Cut {
        Cut { on, shingle: self.shingle, masks: self.masks }
    }
}

/// What makes two examples twins, and what becomes of them.
#[derive(Debug, Clone, PartialEq)]
pub struct TwinSettings {
    /// What is compared.
    pub on: Compare,
    /// Twins stay in the data, on the same side of the split.
    pub keep: bool,
    /// Which of them is kept.
    pub which: Keep,
    /// Near twins, when they are looked for.
    pub near: Option<NearSettings>,
    /// The index of earlier runs, whose rows count as if they stood before all others.
    pub index: Option<PathBuf>,
}

/// How near twins are to be found, as far as somebody says it.
#[derive(Debug, Clone, Copy, Default)]
pub struct NearChoice<'a> {
    /// Least similarity, or `off`.
    pub threshold: Option<&'a str>,
    /// Unit and number of units.
    pub shingle: Option<&'a str>,
    /// What differs without meaning.
    pub mask: Option<&'a str>,
    /// How pairs are looked for.
    pub method: Option<&'a str>,
}

impl TwinSettings {
    /// Puts a choice over the settings.
    pub fn find_near(&mut self, choice: &NearChoice<'_>) -> Result<()> {
        match choice.threshold {
            None => {}
            Some("off") => self.near = None,
            Some(threshold) => self.near.get_or_insert_default().threshold = threshold.parse()?,
        }
        let finer = choice.shingle.or(choice.mask).or(choice.method);
        let Some(near) = &mut self.near else {
            return match finer {
                None => Ok(()),
                Some(_) => {
                    Err(Error::usage("near twins are off, and something says how they are to be found")
                        .with_hint("leave out `--near off` (`near = \"off\"`), or what goes with it"))
                }
            };
        };
        if let Some(shingle) = choice.shingle {
            near.shingle = shingle.parse()?;
        }
        if let Some(mask) = choice.mask {
            near.masks = mask.parse()?;
        }
        if let Some(method) = choice.method {
            near.method = method.parse()?;
        }
        Ok(())
    }
}

impl Default for TwinSettings {
    fn default() -> Self {
        Self {
            on: Compare::default(),
            keep: false,
            which: Keep::First,
            near: Some(NearSettings::default()),
            index: None,
        }
    }
}

/// Which of several twins is kept; of equals the first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Keep {
    /// The first, in the order of the inputs.
    #[default]
    First,
    /// The one with the most text.
    Longest,
    /// The one that was written last.
    Newest,
    /// The one with the highest number in this field.
    Best(String),
}

impl std::str::FromStr for Keep {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.trim() {
            "first" => Ok(Self::First),
            "longest" => Ok(Self::Longest),
            "newest" => Ok(Self::Newest),
            other => match other.strip_prefix("best:").map(str::trim) {
                Some(field) if !field.is_empty() => Ok(Self::Best(field.to_owned())),
                _ => Err(Error::usage(format!("`{other}` does not say which of several twins is kept"))
                    .with_hint("give `first`, `longest`, `newest`, or `best:FIELD` with a field of numbers")),
            },
        }
    }
}

impl std::fmt::Display for Keep {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::First => formatter.write_str("first"),
            Self::Longest => formatter.write_str("longest"),
            Self::Newest => formatter.write_str("newest"),
            Self::Best(field) => write!(formatter, "best:{field}"),
        }
    }
}

/// The model that is assumed when none is named: the cheapest the price table has for OpenAI's last tunable family.
pub const DEFAULT_MODEL: &str = "gpt-4.1-mini-2025-04-14";

/// Some thousand short conversations, read in a hundredth of a second.
const SURVEY_BYTES: usize = 1 << 20;

impl Default for Settings {
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            target: "openai-chat".into(),
            target_named: false,
            model: DEFAULT_MODEL.into(),
            tokenizer: None,
            chat_template: None,
            threads: 0,
            read: ReadSettings::default(),
            speakers: SpeakerSettings::default(),
            mend: MendSettings::default(),
            lint: LintSettings::default(),
            baseline: None,
            twins: TwinSettings::default(),
            split: SplitSettings::default(),
            group_by: Vec::new(),
            group_known: true,
            time_field: None,
            previous: None,
            job: Job::Prepare,
            count: true,
            survey_bytes: SURVEY_BYTES,
            chosen: false,
            today: None,
            epochs: None,
            prices: None,
            billing: BillingSettings::default(),
        }
    }
}

impl Settings {
    /// The number of workers.
    pub fn worker_count(&self) -> usize {
        if self.threads > 0 {
            return self.threads.min(MOST_WORKERS);
        }
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }
}

/// Most workers that are started, above the cores of any machine in use; a slip such as `--threads 100000` would only
/// start threads that wait. Results do not depend on it.
const MOST_WORKERS: usize = 1_024;

/// A length of time such as `90s`, `30m`, `2h`, `1d`, in milliseconds.
pub fn duration(text: &str) -> Result<i64> {
    let text = text.trim();
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[digits..].trim() {
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 0,
    };
    match text[..digits].parse::<i64>().ok().and_then(|number| number.checked_mul(unit)) {
        Some(length) if length > 0 => Ok(length),
        _ => Err(Error::usage(format!("`{text}` is no length of time"))
            .with_hint("give a whole number with a unit: `90s`, `30m`, `2h`, `1d`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::Amount;

    #[test]
    fn workers_are_bounded() {
        let workers = |threads| Settings { threads, ..Settings::default() }.worker_count();
        assert_eq!((workers(3), workers(usize::MAX)), (3, MOST_WORKERS));
        assert!(workers(0) > 0);
    }

    #[test]
    fn durations() {
        assert_eq!(duration("90s").unwrap(), 90_000);
        assert_eq!(duration(" 2 h").unwrap(), 7_200_000);
        for nonsense in ["", "5", "h", "-1h", "1.5h", "99999999999999999999d", "0s"] {
            assert!(duration(nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn the_file_is_put_over_the_defaults_and_unknown_keys_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chatmill.toml");
        std::fs::write(&path, "target = \"strict\"\n[split]\nvalid = 0.2\n[mend]\ngap = \"2h\"\n").unwrap();
        let mut settings = Settings::default();
        file::FileSettings::load(&path).unwrap().apply(&mut settings).unwrap();
        assert_eq!((settings.target.as_str(), settings.split.valid), ("strict", Amount::Share(0.2)));
        assert_eq!(settings.mend.gap_ms, Some(7_200_000));
        std::fs::write(&path, "[split]\nvalidd = 0.2\n").unwrap();
        let error = file::FileSettings::load(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("validd"), "{error}");
    }
}
