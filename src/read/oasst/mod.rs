//! `OpenAssistant` conversations: trees of ranked messages, one a line, or flat with one message a line.
//!
//! One conversation is made of a tree: its paths share their beginnings, and rows of one tree on both sides of a split
//! would leak. Which path is taken says [`tree`].

mod tree;

use std::sync::Arc;

use serde_json::Value;

use super::codes;
use super::frame::{Belongs, Frame, Frames, Gathered};
use super::json::{self, Misfit, keys_seen};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::diagnostic::{Finding, Rejection};
use crate::error::Result;
use crate::model::{Conversation, Extra, Raw};
use crate::text::json::parse;

use tree::Tree;

static SPEC: ReaderSpec = ReaderSpec {
    name: "oasst",
    title: "OpenAssistant conversations (OASST), trees or flat messages",
    notes: "`prompter` is the user. Of each tree one conversation is read, the path ranked best: at each step the answer \
            with the lowest `rank` (those without one come last), and of the questions that follow those that were \
            answered first. The paths of a tree share their beginnings, so two of them in training and validation \
            would be twins; how many messages stand on the others is said (`other-branches`). Two ranked answers to \
            one question are a preference, too; this reader does not make them.\n\n\
            Messages that are `deleted` or whose `review_result` is false are not followed; trees whose `tree_state` is \
            not `ready_for_export`, and those whose first message is out, are refused (`not-released`). `lang`, and \
            `labels` of the messages on the path, stay beside the conversation. Flat messages are put together by \
            `message_tree_id` and `parent_id`, whatever their order. A path that ends with a question is cut like any \
            conversation.",
    how_to_get: "download `*_trees.jsonl.gz` or `*_messages.jsonl.gz` of the data sets `OpenAssistant/oasst1` and `oasst2` \
                 from Hugging Face; the files `*.ready.*` hold the finished trees.",
    recognised_by: "`message_tree_id` with `prompt.replies`, or with `message_id`, `parent_id` and `role` of `prompter` and `assistant`",
};

/// The reader of OASST.
pub struct Oasst;

impl Reader for Oasst {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let of = head.records.len();
        let (fits, by) = match (json::majority(head, is_tree), json::majority(head, is_message)) {
            (Some(fits), _) => (fits, "`message_tree_id` and `prompt.replies`"),
            (None, Some(fits)) => (fits, "`message_tree_id`, `message_id` and `parent_id`"),
            (None, None) => return None,
        };
        Some(Guess { confidence: 95, why: format!("{by} in {fits} of {of} rows looked at") })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let records = json::frames(source, sample, settings)?;
        let flat = sample.json().is_some_and(|head| json::majority(head, is_message).is_some());
        let frames: Box<dyn Frames> = if flat {
            Box::new(Gathered::new(vec![records], settings.limits.record_bytes, Box::new(belongs)))
        } else {
            records
        };
        let notes =
            if flat { vec!["messages put together by `message_tree_id`".to_owned()] } else { Vec::new() };
        Ok(Opened { frames, decoder: Arc::new(Decoder { flat }), notes })
    }
}

fn is_tree(row: &Extra) -> bool {
    row.contains_key("message_tree_id")
        && row
            .get("prompt")
            .is_some_and(|prompt| prompt.get("text").is_some() && prompt.get("role").is_some())
}

fn is_message(row: &Extra) -> bool {
    row.contains_key("message_tree_id")
        && row.contains_key("message_id")
        && row.contains_key("text")
        && row.get("role").is_some_and(|role| role == "prompter" || role == "assistant")
}

fn belongs(frame: &Frame<'_>) -> Belongs {
    let key = match parse(frame.bytes).map(|parsed| parsed.value) {
        Ok(Value::Object(message)) => {
            message.get("message_tree_id").and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    };
    Belongs { key, joins: Vec::new() }
}

struct Decoder {
    flat: bool,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let (tree, rest) = if self.flat {
            let mut messages = Vec::new();
            for row in frame.rows() {
                let row = Frame { bytes: row, row_ends: &[], ..*frame };
                messages.push(json::object(&row, &mut findings)?);
            }
            // What the messages say of their tree is the same in all of them.
            let of_tree = |key: &str| Some((key.to_owned(), messages.first()?.get(key)?.clone()));
            let rest = ["message_tree_id", "tree_state"].into_iter().filter_map(of_tree).collect();
            (Tree::of_messages(messages), rest)
        } else {
            let mut record = json::object(frame, &mut findings)?;
            let Some(Value::Object(prompt)) = record.shift_remove("prompt") else {
                let says = format!("no object `prompt`; {}", keys_seen(&record));
                return Err(Misfit::shape("", says).reject(frame));
            };
            (Tree::of_prompt(prompt), record)
        };
        let raw = conversation(tree, rest, &mut findings).map_err(|misfit| misfit.reject(frame))?;
        Ok(Decoded { raw, findings })
    }
}

fn conversation(mut tree: Tree, mut rest: Extra, findings: &mut Vec<Finding>) -> Result<Raw, Misfit> {
    if let Some(Value::String(state)) = rest.get("tree_state")
        && state != "ready_for_export"
    {
        let state = crate::text::sanitize::excerpt(state, 40);
        return Err(Misfit::new(
            &codes::NOT_RELEASED,
            "",
            format!("the tree is `{state}`, not `ready_for_export`"),
        ));
    }
    let Some(path) = tree.best_path() else {
        return Err(Misfit::new(
            &codes::NO_CHAT_SHAPE,
            "",
            "no message is without a parent: nothing begins the tree",
        ));
    };
    if path.is_empty() {
        return Err(Misfit::new(&codes::NOT_RELEASED, "", "the first message is deleted or was refused"));
    }
    if tree.orphans > 0 {
        let says = match tree.orphans {
            1 => "1 message of the tree answers one that is not there".to_owned(),
            many => format!("{many} messages of the tree answer ones that are not there"),
        };
        findings.push(Finding::new(&codes::BROKEN_TREE, "", says));
    }
    findings.extend(json::branches::others(tree.len() - path.len()));
    let id = json::dialogue::take_id(&mut rest, &["message_tree_id"]);
    let (turns, about) = tree.turns(&path);
    rest.extend(about);
    Ok(Raw::Conversation(Conversation { id, turns, extra: rest, ..Conversation::default() }))
}
