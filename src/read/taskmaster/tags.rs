//! Tagged lines for training: context, answer and conversation, separated by tabs.
//!
//! What happened last stands before `<C>`, what came before it behind. A field with a quote in it stands in quotes, and
//! its quotes are doubled.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::steps::{Step, messages};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::{Example, Extra, Raw, Role};
use crate::read::frame::{Belongs, Feed, Frame, Gathered, Lines};
use crate::read::json::{Misfit, branches};
use crate::read::reader::{Decode, Decoded, Guess, Opened};
use crate::read::{ReadSettings, Sample, Source};

/// Lines by which a source is judged.
const JUDGED: usize = 20;

/// Whether the lines are tagged.
pub(super) fn sniff(sample: &Sample) -> Option<Guess> {
    let text = sample.text();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(JUDGED).collect();
    let fits = lines.iter().filter(|line| is_tagged(line)).count();
    // The last line of a head may be cut.
    (fits > 0 && fits * 2 > lines.len()).then(|| Guess {
        confidence: 95,
        why: format!("`<U>` and `<C>` before the tab in {fits} of {} lines looked at", lines.len()),
    })
}

fn is_tagged(line: &str) -> bool {
    let Some((context, answer)) = line.split_once('\t') else { return false };
    let context = context.trim_start_matches('"');
    let answer = answer.trim_start_matches('"');
    (context.starts_with("<U>") || context.starts_with("<PR>"))
        && context.contains("<C>")
        && (answer.starts_with("[A]") || answer.starts_with("[PN]"))
}

/// The lines, put together by conversation.
pub(super) fn open(source: &Source, settings: &ReadSettings) -> Result<Opened> {
    let feed = Feed::new(source.open(settings)?, source.name.clone());
    let limit = settings.limits.record_bytes;
    let lines = Lines::new(feed, source.index, limit);
    let sorter = |frame: &Frame<'_>| {
        let line = String::from_utf8_lossy(frame.bytes);
        let id = line.split('\t').nth(2).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        Belongs { key: id, joins: Vec::new() }
    };
    Ok(Opened {
        frames: Box::new(Gathered::new(vec![Box::new(lines)], limit, Box::new(sorter))),
        decoder: Arc::new(Tagged),
        notes: vec!["lines put together by conversation; the longest of each is read".to_owned()],
    })
}

struct Tagged;

impl Decode for Tagged {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut rows = Vec::new();
        for row in frame.rows() {
            let line = std::str::from_utf8(row).map_err(|error| {
                Rejection::new(&crate::read::codes::NOT_UTF8, format!("the line is not UTF-8 ({error})"))
            })?;
            rows.push(steps_of(line).map_err(|misfit| misfit.reject(frame))?);
        }
        // Of equally long ones the first.
        let longest = rows
            .iter()
            .enumerate()
            .max_by_key(|(index, (_, steps))| (steps.len(), std::cmp::Reverse(*index)));
        let Some(longest) = longest.map(|(index, _)| index) else {
            return Err(Misfit::shape("", "no line").reject(frame));
        };
        let (id, steps) = rows.swap_remove(longest);
        // What the other lines hold beyond the beginning they share with this one.
        let held: HashSet<String> = steps.iter().map(|step| format!("{step:?}")).collect();
        let elsewhere =
            rows.iter().flat_map(|(_, steps)| steps).filter(|step| !held.contains(&format!("{step:?}")));
        let findings = branches::others(elsewhere.count()).into_iter().collect();
        let mut extra = Extra::new();
        if let Some(id) = id {
            extra.insert("conversation_id".into(), Value::String(id));
        }
        let example = Example { messages: messages(steps), extra, ..Example::default() };
        Ok(Decoded { raw: Raw::Example(example), findings })
    }
}

/// The conversation and the steps of a line.
fn steps_of(line: &str) -> Result<(Option<String>, Vec<Step>), Misfit> {
    let mut cells = line.split('\t').map(unquoted);
    let (context, answer) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    let id = cells.next().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    let (last, before) = context.split_once("<C>").unwrap_or(("", context.as_str()));
    let mut steps = Vec::new();
    for part in [before, last] {
        add(part, ['<', '>'], &mut steps)?;
    }
    add(&answer, ['[', ']'], &mut steps)?;
    if steps.is_empty() {
        return Err(Misfit::shape("", "no tag `<U>`, `<A>` or `<PN>` in the line"));
    }
    Ok((id, steps))
}

fn unquoted(cell: &str) -> String {
    match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => cell.to_owned(),
    }
}

/// What a tag begins.
#[derive(Clone, Copy, PartialEq)]
enum Tag {
    User,
    Agent,
    Call,
    Argument,
    ArgumentValue,
    Result,
    ResultArgument,
    ResultValue,
    Start,
}

const TAGS: &[(&str, Tag)] = &[
    ("U", Tag::User),
    ("A", Tag::Agent),
    ("PN", Tag::Call),
    ("PAN", Tag::Argument),
    ("PAV", Tag::ArgumentValue),
    ("PR", Tag::Result),
    ("PRAN", Tag::ResultArgument),
    ("PRAV", Tag::ResultValue),
    ("S", Tag::Start),
];

/// Adds the steps of a tagged text; `marks` open and close a tag.
fn add(text: &str, marks: [char; 2], steps: &mut Vec<Step>) -> Result<(), Misfit> {
    let mut key = String::new();
    for (tag, value) in tagged(text, marks) {
        let value = value.to_owned();
        match tag {
            None if value.trim().is_empty() => {}
            None => return Err(Misfit::shape("", "text before the first tag")),
            Some(Tag::Start) => {}
            Some(Tag::User) => steps.push(Step::Said(Role::User, value)),
            Some(Tag::Agent) => steps.push(Step::Said(Role::Assistant, value)),
            Some(Tag::Call) => steps.push(Step::Called(vec![(value, Value::Object(Extra::new()))])),
            Some(Tag::Result) => steps.push(Step::Returned(value, Value::Object(Extra::new()))),
            Some(Tag::Argument | Tag::ResultArgument) => {
                key = value;
                if let Some(map) = open_map(steps) {
                    map.entry(key.as_str()).or_insert(Value::Null);
                }
            }
            Some(Tag::ArgumentValue | Tag::ResultValue) => match open_map(steps) {
                Some(map) => put(map, &key, value),
                None => return Err(Misfit::shape("", "a value of a call without the call")),
            },
        }
    }
    Ok(())
}

/// The arguments or values of the step being read.
fn open_map(steps: &mut [Step]) -> Option<&mut Extra> {
    match steps.last_mut()? {
        Step::Called(calls) => calls.last_mut()?.1.as_object_mut(),
        Step::Returned(_, value) => value.as_object_mut(),
        Step::Said(..) => None,
    }
}

/// A second value of one name makes a list.
fn put(map: &mut Extra, key: &str, value: String) {
    let value = Value::String(value);
    match map.get_mut(key) {
        Some(Value::Array(list)) => list.push(value),
        Some(slot @ Value::String(_)) => *slot = Value::Array(vec![slot.take(), value]),
        _ => _ = map.insert(key.to_owned(), value),
    }
}

/// Each tag with the text up to the next; the first has none.
fn tagged(text: &str, [open, close]: [char; 2]) -> Vec<(Option<Tag>, &str)> {
    let (mut found, mut tag, mut start, mut at) = (Vec::new(), None, 0, 0);
    while let Some(skip) = text.get(at..).and_then(|rest| rest.find(open)) {
        at += skip;
        let name_at = at + open.len_utf8();
        let name = TAGS.iter().find(|(name, _)| {
            text.get(name_at..)
                .is_some_and(|rest| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(close)))
        });
        if let Some((name, next)) = name {
            found.push((tag, text.get(start..at).unwrap_or_default()));
            tag = Some(*next);
            start = name_at + name.len() + close.len_utf8();
            at = start;
        } else {
            at = name_at;
        }
    }
    found.push((tag, text.get(start..).unwrap_or_default()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_steps_in_the_order_of_the_talk() {
        let line = "<PR>find<PRAN>name<PRAV>One<PRAV>Two <3<C><S><A>Hello.<U>What is on?<PN>find<PAN>place<PAV>here\t[A]One and Two [sic].\tdlg-1";
        let (id, steps) = steps_of(line).unwrap();
        assert_eq!(id.as_deref(), Some("dlg-1"));
        let shown: Vec<String> = steps
            .iter()
            .map(|step| match step {
                Step::Said(role, text) => format!("{role}: {text}"),
                Step::Called(calls) => format!("{}{}", calls[0].0, calls[0].1),
                Step::Returned(name, value) => format!("{name} = {value}"),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "assistant: Hello.",
                "user: What is on?",
                r#"find{"place":"here"}"#,
                r#"find = {"name":["One","Two <3"]}"#,
                "assistant: One and Two [sic]."
            ]
        );
    }

    #[test]
    fn quoted_cells_and_nonsense() {
        let (_, steps) =
            steps_of("\"<U>the \"\"old\"\" one<C><U>Hi\"\t\"[PN]find[PAN]x[PAV]\"\"y\"\"\"\tdlg").unwrap();
        assert_eq!(steps[1], Step::Said(Role::User, "the \"old\" one".into()));
        assert_eq!(steps[2], Step::Called(vec![("find".into(), serde_json::json!({"x": "\"y\""}))]));
        for line in ["", "a\tb\tc", "<PAV>x<C>\t[A]y", "<U>x<PRAV>y\t", "x<U>y"] {
            assert!(steps_of(line).is_err(), "{line}");
        }
    }
}
