//! What finished jobs teach: where between the bounds of our count the billed tokens lay.
//!
//! The bounds differ by what providers do not publish: how tools are rendered, what primes an answer, which vocabulary
//! there is. That share is much the same in the next file of the same kind, so the place of a finished job between the
//! bounds narrows the interval of the next bill. Places of several jobs widen it again to hold them all.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::billing::Tokens;
use super::method::{Kind, Method};
use super::tally::Tally;
use crate::error::{Error, Result};
use crate::model::Besides;
use crate::text::number::{count, thousands, whole};
use crate::text::sanitize::excerpt;

/// No job or residual file is larger; a bound against the wrong file.
const FILE_BYTES: u64 = 1 << 20;
/// No job trains more tokens: a thousand times the most that Azure lets a job have.
const TOKENS_MAX: u64 = 2_000_000_000_000;
/// A job whose tokens are further beyond the bounds than this, in percent, was of another file.
const OTHER_FILE: u128 = 25;
/// What a place is widened by on either side, in parts of the width of the bounds: a choice of ours.
const SLACK: f64 = 0.05;
/// Most epochs that are tried where a job does not say how many it took (`OpenAI` takes 50 at most).
const EPOCHS_TRIED: u64 = 50;
/// How far a count may be off for a number of epochs to be taken for the job's, in percent.
const EPOCHS_TOLERANCE: u128 = 2;

/// What providers say of a job that has done all it was to do: `OpenAI`, Azure and Vertex AI (`JOB_STATE_SUCCEEDED`), Together,
/// Fireworks (`JOB_STATE_COMPLETED`) and Bedrock, Mistral.
const FINISHED: [&str; 3] = ["succeeded", "completed", "success"];

/// A finished job, as its provider describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedJob {
    /// Its identifier.
    pub id: String,
    /// What was tuned.
    pub model: String,
    /// Passes, where it says so.
    pub epochs: Option<u64>,
    /// Tokens billed, all passes together.
    pub trained_tokens: u64,
}

impl FinishedJob {
    /// Reads the JSON of a job (`OpenAI`: `GET /v1/fine_tuning/jobs/ID`).
    pub fn load(path: &Path) -> Result<Self> {
        let place = format!("the job `{}`", excerpt(&path.display().to_string(), 200));
        Self::parse(&read(path, &place)?, &place)
    }

    /// Reads the JSON of a job; `place` names it in errors.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let job: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| Error::input(format!("{place} is no JSON: {error}")))?;
        let Value::Object(job) = job else {
            return Err(Error::input(format!("{place} is {}, not an object", kind(&job)))
                .with_hint("give the job as its provider prints it: one JSON object with `trained_tokens`"));
        };
        let text = |key: &str| job.get(key).and_then(Value::as_str).map(|text| excerpt(text, 200));
        let trained_tokens = match job.get("trained_tokens") {
            None => {
                return Err(Error::input(format!("{place} has no `trained_tokens`"))
                    .with_hint("only the description of a job has it, not that of a file or a model"));
            }
            Some(Value::Null) => {
                let status =
                    text("status").map_or_else(String::new, |status| format!(" (status `{status}`)"));
                return Err(Error::input(format!("{place} has not trained any tokens yet{status}"))
                    .with_hint("`trained_tokens` is there when the job has succeeded"));
            }
            Some(Value::Number(number)) => match number.as_u64() {
                Some(0) => {
                    return Err(Error::input(format!("{place} has trained 0 tokens, which teaches nothing")));
                }
                Some(tokens) if tokens <= TOKENS_MAX => tokens,
                _ => {
                    let number = excerpt(&number.to_string(), 40);
                    return Err(Error::input(format!(
                        "`trained_tokens` of {place} is {number}, which no job has"
                    )));
                }
            },
            Some(other) => {
                return Err(Error::input(format!(
                    "`trained_tokens` of {place} is {}, not a number",
                    kind(other)
                )));
            }
        };
        let status = text("status").or_else(|| text("state"));
        if let Some(status) = status.filter(|status| !is_finished(status)) {
            return Err(Error::input(format!("{place} has not finished: its status is `{status}`"))
                .with_hint("what a job was billed that failed or was stopped says nothing of its rows"));
        }
        let model =
            text("model").ok_or_else(|| Error::input(format!("{place} does not name its `model`")))?;
        Ok(Self {
            id: text("id").unwrap_or_default(),
            model,
            epochs: said_epochs(&job, place)?,
            trained_tokens,
        })
    }
}

/// Whether a status is that of a job that has done all it was to do.
fn is_finished(status: &str) -> bool {
    let status = status.to_ascii_lowercase();
    FINISHED.contains(&status.trim_start_matches("job_state_"))
}

/// The number of epochs that a job says; `auto` says nothing.
fn said_epochs(job: &serde_json::Map<String, Value>, place: &str) -> Result<Option<u64>> {
    let method = job.get("method").and_then(|method| {
        let kind = method.get("type").and_then(Value::as_str)?;
        method.get(kind)?.get("hyperparameters")
    });
    let said = [job.get("hyperparameters"), method]
        .into_iter()
        .flatten()
        .find_map(|parameters| parameters.get("n_epochs"))
        .or_else(|| job.get("n_epochs"));
    match said {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(auto)) if auto == "auto" => Ok(None),
        Some(Value::Number(number))
            if number.as_u64().is_some_and(|number| (1..=1_000).contains(&number)) =>
        {
            Ok(number.as_u64())
        }
        Some(other) => {
            let shown = excerpt(&other.to_string(), 40);
            Err(Error::input(format!("`n_epochs` of {place} is `{shown}`, no number of epochs")))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A finished job beside what was counted for its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// The job's identifier.
    pub id: String,
    /// Who tuned.
    pub provider: String,
    /// What was tuned.
    pub model: String,
    /// What it learned from: preferences are counted otherwise than answers.
    #[serde(default = "answers")]
    pub method: Method,
    /// Passes.
    pub epochs: u64,
    /// Examples of the file.
    pub examples: u64,
    /// Least tokens counted for one pass.
    pub counted_low: u64,
    /// Most tokens counted for one pass.
    pub counted_high: u64,
    /// Tokens billed, all passes together.
    pub trained_tokens: u64,
    /// Whether rows were not packed, and billed by how many they were.
    #[serde(default)]
    pub unpacked: bool,
    /// What rows had besides texts.
    #[serde(default)]
    pub besides: Besides,
}

/// The rows of a job, as they are billed.
#[derive(Debug, Clone, Copy)]
pub struct Billed {
    /// Examples.
    pub examples: u64,
    /// Tokens of one pass.
    pub pass: Tokens,
    /// Whether rows are not packed, and billed by how many they are.
    pub unpacked: bool,
    /// What they have besides texts.
    pub besides: Besides,
}

/// The method of jobs that were kept before methods were told apart.
fn answers() -> Method {
    Method { kind: Kind::Sft, weights: None }
}

impl Learned {
    /// A job beside the count of its file; `epochs` where the caller says so.
    pub fn of(
        job: &FinishedJob,
        (provider, model, kind): (&str, &str, Kind),
        billed: Billed,
        epochs: Option<u64>,
    ) -> Result<Self> {
        let Billed { examples, pass: counted, unpacked, besides } = billed;
        if examples == 0 || counted.low == 0 {
            return Err(Error::input("nothing was counted that the job could be compared with"));
        }
        if let (Some(asked), Some(said)) = (epochs, job.epochs)
            && asked != said
        {
            return Err(Error::usage(format!(
                "the job took {}, not {}",
                count(said, "epoch"),
                thousands(asked)
            ))
            .with_hint("leave out `--epochs`: the job says how many it took"));
        }
        let epochs = match epochs.or(job.epochs) {
            Some(0) => return Err(Error::usage("0 epochs train nothing")),
            Some(epochs) => epochs,
            None => guess_epochs(job.trained_tokens, counted)?,
        };
        let learned = Self {
            id: job.id.clone(),
            provider: provider.to_owned(),
            model: model.to_owned(),
            method: Method { kind, weights: None },
            epochs,
            examples,
            counted_low: counted.low,
            counted_high: counted.high.max(counted.low),
            trained_tokens: job.trained_tokens,
            unpacked,
            besides,
        };
        learned.check().map_err(|fault| {
            Error::input(format!("the job is not of these rows: {fault}")).with_hint(
                "give the training file of the job, as it was uploaded, and `--epochs` where it had others",
            )
        })?;
        Ok(learned)
    }

    /// Billed tokens for one counted at least.
    pub fn factor(&self) -> f64 {
        self.trained_tokens as f64 / self.epochs as f64 / self.counted_low as f64
    }

    /// Where between the bounds the billed tokens lay: 0 at the lower, 1 at the upper.
    pub fn place(&self) -> f64 {
        let width = self.counted_high.saturating_sub(self.counted_low);
        let above = self.trained_tokens as f64 / self.epochs as f64 - self.counted_low as f64;
        // Bounds that are one have no width to be placed in: what is above them is counted in tokens of one.
        above / width.max(1) as f64
    }

    fn check(&self) -> std::result::Result<(), String> {
        let (low, high) = (self.counted_low, self.counted_high);
        if self.epochs == 0 || self.examples == 0 || low == 0 || high < low || high > TOKENS_MAX {
            return Err("its counts make no sense".to_owned());
        }
        let each = self.trained_tokens / self.epochs;
        let percent = |tokens: u64, percent: u128| u128::from(tokens) * percent;
        if percent(each, 100) > percent(high, 100 + OTHER_FILE)
            || percent(each, 100) < percent(low, 100 - OTHER_FILE)
        {
            return Err(format!(
                "it trained {} a pass, and {} to {} are counted",
                count(each, "token"),
                thousands(low),
                thousands(high)
            ));
        }
        Ok(())
    }
}

/// The one number of epochs that fits, for a job that chose for itself.
fn guess_epochs(trained: u64, counted: Tokens) -> Result<u64> {
    let fits = |epochs: &u64| {
        let trained = u128::from(trained) * 100;
        let low = u128::from(counted.low) * u128::from(*epochs) * (100 - EPOCHS_TOLERANCE);
        let high = u128::from(counted.high) * u128::from(*epochs) * (100 + EPOCHS_TOLERANCE);
        (low..=high).contains(&trained)
    };
    let fitting: Vec<u64> = (1..=EPOCHS_TRIED).filter(fits).collect();
    match fitting.as_slice() {
        [epochs] => Ok(*epochs),
        [] => Err(Error::input("the job does not say its epochs, and no number of them fits these rows")
            .with_hint("give `--epochs`, or the training file of the job")),
        several => Err(Error::input(format!(
            "the job does not say its epochs, and {} numbers of them fit",
            several.len()
        ))
        .with_hint("give `--epochs`")),
    }
}

/// What finished jobs taught, as kept in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residual {
    /// The jobs.
    #[serde(rename = "job", default)]
    pub jobs: Vec<Learned>,
}

impl Residual {
    /// Reads a file that [`Residual::text`] wrote.
    pub fn load(path: &Path) -> Result<Self> {
        let place = format!("the residual file `{}`", excerpt(&path.display().to_string(), 200));
        Self::parse(&read(path, &place)?, &place)
    }

    /// Reads what [`Residual::text`] wrote; `place` names it in errors.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let residual: Self = toml::from_str(text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            Error::usage(format!(
                "{place}, line {line}: {}",
                excerpt(&error.message().replace('\n', ", "), 300)
            ))
            .with_hint("`chatmill cost --calibrate JOB.json --residual FILE` writes such files")
        })?;
        for job in &residual.jobs {
            job.check().map_err(|fault| {
                Error::usage(format!("{place}: the job `{}`: {fault}", excerpt(&job.id, 80)))
            })?;
        }
        Ok(residual)
    }

    /// The file's text.
    pub fn text(&self) -> Result<String> {
        let jobs = toml::to_string(self)
            .map_err(|error| Error::internal(format!("cannot write the residual: {error}")))?;
        Ok(format!(
            "# What finished jobs taught; `chatmill cost --calibrate JOB.json --residual FILE` adds to it.\n\n{jobs}"
        ))
    }

    /// Adds a job, in place of what was known of it.
    pub fn add(&mut self, learned: Learned) {
        // A job without identifier is known by everything else.
        self.jobs.retain(|job| if learned.id.is_empty() { *job != learned } else { job.id != learned.id });
        self.jobs.push(learned);
    }

    /// What was learned of a model at a provider that learns from such rows; `None` where nothing was.
    pub fn of(&self, provider: &str, model: &str, kind: Kind) -> Option<Self> {
        let about =
            |job: &&Learned| job.provider == provider && job.model == model && job.method.kind == kind;
        let jobs: Vec<Learned> = self.jobs.iter().filter(about).cloned().collect();
        (!jobs.is_empty()).then_some(Self { jobs })
    }

    /// What was learned of rows that have the same besides texts, or that are billed by how many they are as these; `None`
    /// where nothing was. The bounds of others are apart for other reasons.
    pub fn like(&self, rows: &Tally, unpacked: bool) -> Option<Self> {
        let alike = |job: &&Learned| job.unpacked == unpacked && (unpacked || job.besides == rows.besides);
        let jobs: Vec<Learned> = self.jobs.iter().filter(alike).cloned().collect();
        (!jobs.is_empty()).then_some(Self { jobs })
    }

    /// The places that are to be expected, with the slack.
    fn places(&self) -> (f64, f64) {
        let places = self.wide().map(Learned::place);
        let (low, high) = places
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(place), high.max(place)));
        // A count that held stays within its bounds; one that did not is followed to where the bills were.
        let low = if low >= 0.0 { (low - SLACK).max(0.0) } else { low - SLACK };
        let high = if high <= 1.0 { (high + SLACK).min(1.0) } else { high + SLACK };
        (low, high)
    }

    /// The jobs whose bounds were apart: a count that is one number says nothing of where others lie.
    fn wide(&self) -> impl Iterator<Item = &Learned> {
        self.jobs.iter().filter(|job| job.counted_low < job.counted_high)
    }

    /// The interval narrowed to where finished jobs lay.
    pub fn narrow(&self, tokens: Tokens) -> Tokens {
        if self.wide().next().is_none() {
            return tokens;
        }
        let (low, high) = self.places();
        let width = tokens.high.saturating_sub(tokens.low) as f64;
        let at = |place: f64, round: fn(f64) -> f64| {
            let moved = whole(round(width * place.abs()));
            if place < 0.0 { tokens.low.saturating_sub(moved) } else { tokens.low.saturating_add(moved) }
        };
        let first = at(low, if low < 0.0 { f64::ceil } else { f64::floor });
        let last = at(high, if high < 0.0 { f64::floor } else { f64::ceil });
        Tokens { low: first, high: last.max(first) }
    }

    /// What is said beside a bill.
    pub fn line(&self) -> String {
        let (low, high) = self.places();
        format!(
            "calibrated by {}: billed lay at {:.0} to {:.0} % of the way from the lower to the upper bound, slack \
             included; holds for rows like theirs",
            count(self.wide().count() as u64, "finished job"),
            low * 100.0,
            high * 100.0
        )
    }
}

fn read(path: &Path, place: &str) -> Result<String> {
    let unreadable = |error: std::io::Error| Error::input(format!("{place} cannot be read: {error}"));
    let mut text = String::new();
    let mut file = File::open(path).map_err(unreadable)?.take(FILE_BYTES + 1);
    file.read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_BYTES {
        return Err(Error::input(format!("{place} is larger than 1 MiB")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTED: Tokens = Tokens { low: 100_000, high: 101_000 };
    const TEXTS: Besides = Besides { tools: false, pictures: false, thoughts: false };
    const BILLED: Billed = Billed { examples: 100, pass: COUNTED, unpacked: false, besides: TEXTS };

    fn job(fields: &str) -> Result<FinishedJob> {
        FinishedJob::parse(
            &format!("{{\"id\": \"ftjob-1\", \"model\": \"gpt-4o-mini-2024-07-18\", {fields}}}"),
            "the job",
        )
    }

    fn learned(trained: u64, epochs: Option<u64>) -> Result<Learned> {
        let job =
            FinishedJob { id: "ftjob-1".into(), model: "m".into(), epochs: None, trained_tokens: trained };
        Learned::of(&job, ("openai", "m", Kind::Sft), BILLED, epochs)
    }

    #[test]
    fn jobs_are_read_as_openai_prints_them() {
        let one = job("\"trained_tokens\": 300300, \"hyperparameters\": {\"n_epochs\": 3}").unwrap();
        assert_eq!((one.trained_tokens, one.epochs, one.id.as_str()), (300_300, Some(3), "ftjob-1"));
        let by_method = "\"method\": {\"type\": \"supervised\", \"supervised\": {\"hyperparameters\": {\"n_epochs\": 4}}}";
        assert_eq!(job(&format!("\"trained_tokens\": 1, {by_method}")).unwrap().epochs, Some(4));
        assert_eq!(
            job("\"trained_tokens\": 1, \"hyperparameters\": {\"n_epochs\": \"auto\"}").unwrap().epochs,
            None
        );
    }

    #[test]
    fn only_jobs_that_finished_teach() {
        for status in
            ["succeeded", "completed", "Completed", "SUCCESS", "JOB_STATE_SUCCEEDED", "JOB_STATE_COMPLETED"]
        {
            for key in ["status", "state"] {
                assert!(job(&format!("\"trained_tokens\": 1, \"{key}\": \"{status}\"")).is_ok(), "{status}");
            }
        }
        for status in ["failed", "cancelled", "running", "user_error", "JOB_STATE_FAILED", ""] {
            let error = job(&format!("\"trained_tokens\": 1, \"status\": \"{status}\"")).unwrap_err();
            assert_eq!(error.to_string(), format!("the job has not finished: its status is `{status}`"));
        }
    }

    #[test]
    fn rows_of_other_kinds_are_not_narrowed() {
        let pictures = Besides { pictures: true, ..TEXTS };
        let rows = |besides| Tally { besides, ..Tally::default() };
        let of_texts = Residual { jobs: vec![learned(300_900, Some(3)).unwrap()] };
        assert_eq!(of_texts.like(&rows(TEXTS), false), Some(of_texts.clone()));
        assert_eq!((of_texts.like(&rows(pictures), false), of_texts.like(&rows(TEXTS), true)), (None, None));
        let job = FinishedJob { id: "j".into(), model: "m".into(), epochs: None, trained_tokens: 100_300 };
        let of = |billed| Learned::of(&job, ("openai", "m", Kind::Sft), billed, Some(1)).unwrap();
        let of_pictures = Residual { jobs: vec![of(Billed { besides: pictures, ..BILLED })] };
        assert!(
            of_pictures.like(&rows(pictures), false).is_some()
                && of_pictures.like(&rows(TEXTS), false).is_none()
        );
        // Rows that are not packed are billed alike, whatever they hold; one number says nothing of an interval.
        let pass = Tokens::exactly(100_000);
        let unpacked = Residual { jobs: vec![of(Billed { unpacked: true, pass, ..BILLED })] };
        assert_eq!(unpacked.like(&rows(pictures), true).unwrap().narrow(COUNTED), COUNTED);
    }

    #[test]
    fn hostile_jobs_are_errors() {
        let said = |fields: &str| job(fields).unwrap_err().to_string();
        assert_eq!(said("\"status\": \"failed\""), "the job has no `trained_tokens`");
        assert_eq!(
            said("\"status\": \"running\", \"trained_tokens\": null"),
            "the job has not trained any tokens yet (status `running`)"
        );
        assert!(said("\"trained_tokens\": 0").contains("teaches nothing"));
        assert!(said("\"trained_tokens\": -5").contains("which no job has"));
        assert!(said("\"trained_tokens\": 1.5").contains("which no job has"));
        assert!(said("\"trained_tokens\": 1e300").contains("which no job has"));
        assert!(said("\"trained_tokens\": \"300300\"").contains("is a text, not a number"));
        assert!(said("\"trained_tokens\": [1]").contains("is a list"));
        for epochs in ["0", "-1", "2.5", "\"three\"", "[]", "1e9"] {
            let fields = format!("\"trained_tokens\": 1, \"hyperparameters\": {{\"n_epochs\": {epochs}}}");
            assert!(said(&fields).contains("no number of epochs"), "{epochs}");
        }
        assert!(
            FinishedJob::parse("[1]", "the job")
                .unwrap_err()
                .to_string()
                .contains("is a list, not an object")
        );
        assert!(FinishedJob::parse("{", "the job").is_err());
        assert!(FinishedJob::parse(&"[".repeat(100_000), "the job").is_err());
        assert!(
            FinishedJob::parse("{\"trained_tokens\": 1}", "the job")
                .unwrap_err()
                .to_string()
                .contains("`model`")
        );
    }

    #[test]
    fn epochs_are_found_where_one_number_fits() {
        assert_eq!(learned(301_500, None).unwrap().epochs, 3);
        assert_eq!(learned(100_000, None).unwrap().epochs, 1);
        assert!(learned(150_000, None).unwrap_err().to_string().contains("no number of them fits"));
        // From 50 epochs on, 2 % is an epoch: too many fit.
        assert!(learned(4_500_000, None).unwrap_err().to_string().contains("numbers of them fit"));
        assert_eq!(learned(4_500_000, Some(45)).unwrap().epochs, 45);
        assert!(learned(100_000, Some(0)).is_err());
    }

    #[test]
    fn other_epochs_than_the_jobs_are_a_slip() {
        let job = job("\"trained_tokens\": 800000, \"hyperparameters\": {\"n_epochs\": 8}").unwrap();
        let learned = |epochs| Learned::of(&job, ("openai", "m", Kind::Sft), BILLED, epochs);
        assert_eq!(learned(Some(7)).unwrap_err().to_string(), "the job took 8 epochs, not 7");
        assert_eq!((learned(Some(8)).unwrap().epochs, learned(None).unwrap().epochs), (8, 8));
    }

    #[test]
    fn a_job_without_identifier_is_known_once() {
        let nameless = Learned { id: String::new(), ..learned(300_900, Some(3)).unwrap() };
        let mut residual = Residual::default();
        residual.add(nameless.clone());
        residual.add(nameless.clone());
        assert_eq!(residual.jobs.len(), 1);
        residual.add(Learned { trained_tokens: 300_600, ..nameless });
        assert_eq!(residual.jobs.len(), 2);
    }

    #[test]
    fn another_file_is_noticed() {
        assert!(learned(500_000, Some(1)).unwrap_err().to_string().contains("500,000 tokens a pass"));
        assert!(learned(20_000, Some(1)).is_err());
        assert!(learned(130_000, Some(1)).is_err() && learned(120_000, Some(1)).is_ok());
    }

    #[test]
    fn a_job_narrows_the_interval() {
        // 100,300 a pass: three tenths of the way. With the slack 25 to 35 %.
        let one = learned(300_900, Some(3)).unwrap();
        assert!((one.factor() - 1.003).abs() < 1e-9 && (one.place() - 0.3).abs() < 1e-9);
        let residual = Residual { jobs: vec![one] };
        assert_eq!(
            residual.narrow(Tokens { low: 10_000, high: 10_200 }),
            Tokens { low: 10_050, high: 10_070 }
        );
        assert_eq!(residual.narrow(Tokens { low: 7, high: 7 }), Tokens { low: 7, high: 7 });
        let most = Tokens { low: u64::MAX - 1, high: u64::MAX };
        assert_eq!(residual.narrow(most), most);
        // A job at the lower bound keeps it, one above the upper goes beyond it.
        let at_low = Residual { jobs: vec![learned(100_000, Some(1)).unwrap()] };
        assert_eq!(at_low.narrow(COUNTED), Tokens { low: 100_000, high: 100_050 });
        let above = Residual { jobs: vec![learned(102_000, Some(1)).unwrap()] };
        assert_eq!(above.narrow(COUNTED), Tokens { low: 101_950, high: 102_050 });
        let below = Residual { jobs: vec![learned(99_000, Some(1)).unwrap()] };
        assert_eq!(below.narrow(COUNTED), Tokens { low: 98_950, high: 99_050 });
    }

    #[test]
    fn the_file_comes_back_as_it_was() {
        let mut residual = Residual::default();
        residual.add(learned(300_900, Some(3)).unwrap());
        residual.add(learned(300_600, Some(3)).unwrap());
        assert_eq!(residual.jobs.len(), 1, "one job is known once");
        let text = residual.text().unwrap();
        assert_eq!(Residual::parse(&text, "the file").unwrap(), residual);
        assert!(
            residual.of("openai", "m", Kind::Sft).is_some() && residual.of("azure", "m", Kind::Sft).is_none()
        );
        assert!(residual.of("openai", "m", Kind::Dpo).is_none(), "pairs are counted otherwise");
        let older = text.replace("method = \"sft\"\n", "");
        assert!(older != text && Residual::parse(&older, "the file").unwrap() == residual);
        let said = |text: &str| Residual::parse(text, "the file").unwrap_err().to_string();
        assert!(said("[[job]]\nid = 1\n").starts_with("the file, line 2"));
        assert!(said(&text.replace("epochs = 3", "epochs = 0")).contains("make no sense"));
        assert!(said(&text.replace("trained_tokens", "trained")).contains("unknown field"));
    }
}
