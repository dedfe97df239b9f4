//! Dolly: instruction rows with a passage of reference text and a category.

use serde_json::Value;

use super::json::{self, instruction};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;
use crate::model::{Extra, Raw};

static SPEC: ReaderSpec = ReaderSpec {
    name: "dolly",
    title: "Dolly rows (`instruction`, `context`, `response`, `category`)",
    notes: "The user's message is the instruction and, on the next line, the context where there is one; the answer is \
            `response`. `category` stays beside the example. Footnote marks of Wikipedia in the context (`[12]`) are \
            kept: the model reads the context and does not learn to write it, and in a passage of code `a[12]` is no \
            footnote. Rows without `category` are read as `alpaca`, which gives the same.",
    how_to_get: "download `databricks-dolly-15k.jsonl` of the data set `databricks/databricks-dolly-15k` from Hugging Face.",
    recognised_by: "`instruction`, `context`, `response` and `category`",
};

/// The reader of Dolly.
pub struct Dolly;

impl Reader for Dolly {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let fits = json::majority(head, is_dolly)?;
        let why = format!(
            "`instruction`, `context`, `response` and `category` in {fits} of {} rows looked at",
            head.records.len()
        );
        Some(Guess { confidence: 91, why })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        json::rows::open(source, sample, settings, |row| instruction::example(row).map(Raw::Example))
    }
}

fn is_dolly(row: &Extra) -> bool {
    let text = |key: &str| row.get(key).is_some_and(Value::is_string);
    text("instruction")
        && text("response")
        && text("category")
        && row.contains_key("context")
        && !row.contains_key("chosen")
        && json::label::of(row).is_none()
}
