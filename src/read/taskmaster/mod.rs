//! Taskmaster 1 to 4: dialogues as `utterances`, and the two forms of TM-3 with calls: rows that judge one answer, and
//! tagged lines for training.

mod reward;
mod steps;
mod tags;

use super::json::Misfit;
use super::json::dialogue::Dialogue;
use super::json::records::Records;
use super::reader::{Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;
use crate::model::{Extra, Raw, Role};

static SPEC: ReaderSpec = ReaderSpec {
    name: "taskmaster",
    title: "Taskmaster 1 to 4 (utterances; TM-3 also reward rows and tagged splits)",
    notes: "- `utterances` with `speaker` and `text`: `USER` and `ASSISTANT` in TM-1 and TM-2, lower case later. Segments, \
            annotations and `apis` label an utterance and are not kept; `instructions` are for the workers who wrote the \
            dialogues and stay beside the conversation.\n\
            - reward rows of TM-3: `context` holds the messages as JSON in a string. `api` of the agent becomes tool \
              calls, `response` of the `api` their result. `generation` is a machine's next message: with a `reward` \
              of 1 it is the last message; with less it stays beside the example, is left out together with the \
              results that only it answers, and is named (`refused-answer`). An empty text of the agent is masked \
              (`weight` 0)\n\
            - tagged lines of TM-3 (`<U>` user, `<A>` agent, `<PN>` call, `<PAN>` and `<PAV>` its arguments, `<PR>` \
              result, `<PRAN>` and `<PRAV>` its values; what stands before `<C>` came last): tab-separated context, answer and \
              conversation, read as tool calls like the reward rows. The lines of one conversation are beginnings of each \
              other: the longest is read, and what others hold beside it is counted (`other-branches`).",
    how_to_get: "clone <https://github.com/google-research-datasets/Taskmaster> and name the folders `data`, `reward` or \
                 `splits`.",
    recognised_by: "`conversation_id` with `utterances[].speaker` and `text`; `context` and `generation` with `reward`; lines with `<U>` or `<C>` and `dlg-`",
};

static RECORDS: Records = Records::new(&SPEC, known, read);

static UTTERANCES: Dialogue = Dialogue {
    list: "utterances",
    speaker: "speaker",
    text: "text",
    ids: &["conversation_id"],
    side: |speaker| match speaker {
        "user" | "USER" => Some(Role::User),
        "assistant" | "ASSISTANT" => Some(Role::Assistant),
        _ => None,
    },
};

/// The reader of Taskmaster.
pub struct Taskmaster;

impl Reader for Taskmaster {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        match sample.json() {
            Some(_) => RECORDS.sniff(sample),
            None => tags::sniff(sample),
        }
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        if tags::sniff(sample).is_some() {
            return tags::open(source, settings);
        }
        RECORDS.open(source, sample, settings)
    }
}

fn known(record: &Extra) -> Option<&'static str> {
    if !record.contains_key("conversation_id") {
        return None;
    }
    if reward::known(record) {
        return Some("`context` and `generation` with `reward`");
    }
    // The identifiers of TM-1 and TM-2, or what stands beside the list in the others.
    let own = ["instruction_id", "instructions", "vertical", "scenario"]
        .iter()
        .any(|key| record.contains_key(*key))
        || record.get("conversation_id").and_then(|id| id.as_str()).is_some_and(|id| id.starts_with("dlg-"));
    (own && UTTERANCES.fits(record)).then_some("`utterances[].speaker` and `text`")
}

fn read(key: Option<String>, record: Extra) -> Result<Decoded, Misfit> {
    if reward::known(&record) {
        return reward::read(record);
    }
    Ok(Raw::Conversation(UTTERANCES.conversation(key, record)?).into())
}
