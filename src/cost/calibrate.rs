//! What finished jobs teach: where between the bounds of our count the billed tokens lay.
//!
//! The bounds differ by what providers do not publish: how tools are rendered, what primes an answer, which vocabulary
//! there is. That share is much the same in the next file of the same kind, so the place of a finished job between the
//! bounds narrows the interval of the next bill. Places of several jobs widen it again to hold them all.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::billing::Tokens;
use super::finished_job::{FinishedJob, TOKENS_MAX, read};
use super::method::{Kind, Method};
use super::tally::Tally;
use crate::error::{Error, Result};
use crate::model::Besides;
use crate::text::number::{count, thousands, whole};
use crate::text::sanitize::excerpt;

/// A job whose tokens are further beyond the bounds than this, in percent, was of another file.
const OTHER_FILE: u128 = 25;
/// What a place is widened by on either side, in parts of the width of the bounds: a choice of ours.
const SLACK: f64 = 0.05;
/// Most epochs that are tried where a job does not say how many it took (`OpenAI` takes 50 at most).
const EPOCHS_TRIED: u64 = 50;
/// How far a count may be off for a number of epochs to be taken for the job's, in percent.
const EPOCHS_TOLERANCE: u128 = 2;

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
        self.billed() / self.counted_low as f64
    }

    /// Billed tokens a pass.
    fn billed(&self) -> f64 {
        self.trained_tokens as f64 / self.epochs as f64
    }

    /// Whether the billed tokens lay beyond the bounds.
    fn is_outside(&self) -> bool {
        self.billed() < self.counted_low as f64 || self.billed() > self.counted_high as f64
    }

    /// Where between the bounds the billed tokens lay: 0 at the lower, 1 at the upper; bounds that are one have one place.
    pub fn place(&self) -> f64 {
        let width = self.counted_high.saturating_sub(self.counted_low) as f64;
        if width == 0.0 { 0.0 } else { (self.billed() - self.counted_low as f64) / width }
    }

    /// What is billed of such tokens where it goes as it went: at the same place between the bounds, or as many times what is
    /// beyond them, for what was missed grows with the tokens and not with the doubt.
    fn expected(&self, Tokens { low, high }: Tokens) -> f64 {
        let (low, high) = (low as f64, high as f64);
        if self.billed() < self.counted_low as f64 {
            low * self.billed() / self.counted_low as f64
        } else if self.billed() > self.counted_high as f64 {
            high * self.billed() / self.counted_high as f64
        } else {
            low + (high - low) * self.place()
        }
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

    /// The jobs whose bounds were apart.
    fn telling(&self) -> impl Iterator<Item = &Learned> {
        self.jobs.iter().filter(|job| job.counted_low < job.counted_high)
    }

    /// What is billed of such tokens where it goes as it went in each job that says something of it: a count of one number
    /// says nothing of where between their bounds others lie.
    fn expected(&self, tokens: Tokens) -> impl Iterator<Item = f64> + '_ {
        self.telling().map(move |job| job.expected(tokens))
    }

    /// The interval narrowed to where finished jobs lay.
    pub fn narrow(&self, tokens: Tokens) -> Tokens {
        let (low, high) = (tokens.low as f64, tokens.high as f64);
        let slack = (high - low) * SLACK;
        let ends = self.expected(tokens).fold(None, |ends: Option<(f64, f64)>, expected| {
            let (first, last) = ends.unwrap_or((expected, expected));
            Some((first.min(expected), last.max(expected)))
        });
        // Numbers beyond what a `f64` holds are no jobs.
        let Some((first, last)) = ends.filter(|_| tokens.high <= TOKENS_MAX) else { return tokens };
        // A count that held stays within its bounds; one that did not is followed to where the bills were.
        let first = if first >= low { (first - slack).max(low) } else { first - slack };
        let last = if last <= high { (last + slack).min(high) } else { last + slack };
        Tokens { low: whole(first.floor()), high: whole(last.ceil()) }
    }

    /// What is said beside a bill.
    pub fn line(&self) -> String {
        let all = count(self.telling().count() as u64, "finished job");
        let spread = |of: fn(&Learned) -> f64| {
            let values = self.telling().map(of);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one), high.max(one)))
        };
        if self.telling().any(Learned::is_outside) {
            let (low, high) = spread(Learned::factor);
            return format!(
                "calibrated by {all}: billed were {low:.3} to {high:.3} times the tokens counted at least, more or less than \
                 the bounds; holds for rows like theirs"
            );
        }
        let (low, high) = spread(Learned::place);
        format!(
            "calibrated by {all}: billed lay at {:.0} to {:.0} % of the way from the lower to the upper bound, slack \
             included; holds for rows like theirs",
            (low - SLACK).max(0.0) * 100.0,
            (high + SLACK).min(1.0) * 100.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTED: Tokens = Tokens { low: 100_000, high: 101_000 };
    const TEXTS: Besides = Besides { tools: false, pictures: false, thoughts: false };
    const BILLED: Billed = Billed { examples: 100, pass: COUNTED, unpacked: false, besides: TEXTS };

    fn learned(trained: u64, epochs: Option<u64>) -> Result<Learned> {
        let job =
            FinishedJob { id: "ftjob-1".into(), model: "m".into(), epochs: None, trained_tokens: trained };
        Learned::of(&job, ("openai", "m", Kind::Sft), BILLED, epochs)
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
        let job = FinishedJob { id: "j".into(), model: "m".into(), epochs: Some(8), trained_tokens: 800_000 };
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
        // What was missed grows with the tokens, however wide the bounds of the next file are.
        let beyond = Residual { jobs: vec![learned(121_200, Some(1)).unwrap()] };
        assert_eq!(beyond.narrow(Tokens { low: 9_400, high: 11_400 }), Tokens { low: 13_580, high: 13_780 });
        assert!(
            beyond.line().contains("1.212 to 1.212 times the tokens counted at least"),
            "{}",
            beyond.line()
        );
        assert_eq!(beyond.narrow(Tokens { low: 1_000, high: 1_000 }), Tokens { low: 1_200, high: 1_200 });
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
