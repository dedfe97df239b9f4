//! A finished job, as its provider prints it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::text::sanitize::excerpt;

/// No job or residual file is larger; a bound against the wrong file.
const FILE_BYTES: u64 = 1 << 20;
/// No job trains more tokens: a thousand times the most that Azure lets a job have.
pub(super) const TOKENS_MAX: u64 = 2_000_000_000_000;
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

/// The text of a file of jobs, called `place` in errors.
pub(super) fn read(path: &Path, place: &str) -> Result<String> {
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

    fn job(fields: &str) -> Result<FinishedJob> {
        FinishedJob::parse(
            &format!("{{\"id\": \"ftjob-1\", \"model\": \"gpt-4o-mini-2024-07-18\", {fields}}}"),
            "the job",
        )
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
}
