//! ShareGPT rows: `{"conversations": [{"from", "value"}, …]}`.

use super::json::{self, Misfit, label, sharegpt};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;
use crate::model::Raw;

static SPEC: ReaderSpec = ReaderSpec {
    name: "sharegpt",
    title: "ShareGPT rows (`conversations` with `from` and `value`), also as LLaMA-Factory writes them",
    notes: "The list may stand under `conversations`, `conversation` or `items`, its turns may say `role` and `content` \
            or `text`. `human`, `user` and `prompter` are the user; `gpt`, `chatgpt`, `bing`, `bard`, `assistant`, \
            `model` and `bot` the assistant; `observation`, `tool` and `function_response` a tool's result; other \
            names are kept as roles. A `function_call` becomes a tool call with the id `call_1`, `call_2` …, which \
            the results that follow refer to. `system` becomes the first message, `tools` may be JSON in a string.",
    how_to_get: "",
    recognised_by: "`conversations[].from` and `value` with the speakers of this format",
};

/// The reader of ShareGPT rows.
pub struct ShareGpt;

impl Reader for ShareGpt {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let (mut key, mut from) = ("conversations", false);
        let fits = json::majority(head, |row| {
            !row.contains_key("chosen") && label::of(row).is_none() && sharegpt::list_key(row).is_some()
        })?;
        if let Some(first) = head.records.iter().find_map(|row| sharegpt::list_key(row.as_object()?)) {
            (key, from) = first;
        }
        Some(Guess {
            confidence: 90,
            why: format!(
                "`{key}[].{}` in {fits} of {} rows looked at",
                if from { "from` and `value" } else { "role" },
                head.records.len()
            ),
        })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        json::rows::open(source, sample, settings, |row| {
            if row.contains_key("chosen") {
                let seen = json::keys_seen(&row);
                return Err(Misfit::shape("", format!("a preference, not a conversation; {seen}")));
            }
            sharegpt::example(row).map(Raw::Example)
        })
    }
}
