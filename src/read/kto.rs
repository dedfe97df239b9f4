//! Unpaired preferences (KTO): an answer and whether it is wanted.

use super::json::{self, Misfit, chat, instruction, label, pair, sharegpt};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;
use crate::model::{Example, Extra, Raw};

static SPEC: ReaderSpec = ReaderSpec {
    name: "kto",
    title: "Unpaired preferences (KTO): an answer with a `label`",
    notes: "`label` (or `kto_tag`) is true or false, also as 0 and 1 or as text. The answer stands in `messages`, in \
            `prompt` and `completion`, in `conversations`, or in an instruction row.",
    how_to_get: "",
    recognised_by: "`label` that says yes or no, beside messages or a prompt with its completion",
};

/// The reader of unpaired preferences.
pub struct Kto;

impl Reader for Kto {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let fits = json::majority(head, |row| {
            label::of(row).is_some() && !row.contains_key("chosen") && Shape::of(row).is_some()
        })?;
        Some(Guess {
            confidence: 92,
            why: format!("a `label` beside an answer in {fits} of {} rows looked at", head.records.len()),
        })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        json::rows::open(source, sample, settings, |row| example(row).map(Raw::Example))
    }
}

/// How the answer of a row is written.
enum Shape {
    Messages,
    Turns,
    Pair,
    Instruction,
}

impl Shape {
    fn of(row: &Extra) -> Option<Self> {
        if row.get("messages").is_some_and(chat::is_message_list) {
            Some(Self::Messages)
        } else if sharegpt::list_key(row).is_some() {
            Some(Self::Turns)
        } else if pair::keys(row).is_some() {
            Some(Self::Pair)
        } else if instruction::is_answered(row) {
            Some(Self::Instruction)
        } else {
            None
        }
    }
}

fn example(mut row: Extra) -> Result<Example, Misfit> {
    let Some((key, wanted)) = label::of(&row) else {
        return Err(match label::key(&row) {
            Some(key) => Misfit::shape(key, "the label says neither yes nor no"),
            None => Misfit::shape("", format!("no `label`; {}", json::keys_seen(&row))),
        });
    };
    let shape = Shape::of(&row);
    row.shift_remove(key);
    let mut example = match shape {
        Some(Shape::Messages) => chat::example(row),
        Some(Shape::Turns) => sharegpt::example(row),
        Some(Shape::Pair) => pair::example(row),
        Some(Shape::Instruction) => instruction::example(row),
        None => Err(Misfit::shape("", format!("a label without an answer; {}", json::keys_seen(&row)))),
    }?;
    example.label = Some(wanted);
    Ok(example)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(value: Value) -> Result<Example, Misfit> {
        let Value::Object(row) = value else { panic!("not an object") };
        example(row)
    }

    #[test]
    fn labels_of_all_spellings_and_shapes() {
        let rows = [
            (
                json!({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "label": true}),
                true,
            ),
            (json!({"prompt": "a", "completion": "b", "label": 0}), false),
            (
                json!({"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}], "label": "False"}),
                false,
            ),
            (json!({"instruction": "a", "output": "b", "kto_tag": true}), true),
        ];
        for (row, wanted) in rows {
            let example = read(row).unwrap();
            assert_eq!((example.label, example.messages.len(), example.extra.len()), (Some(wanted), 2, 0));
        }
    }

    #[test]
    fn other_labels_are_not_guessed() {
        assert!(read(json!({"prompt": "a", "completion": "b", "label": "billing"})).is_err());
        assert!(read(json!({"prompt": "a", "completion": "b", "label": 2})).is_err());
        assert!(read(json!({"text": "a", "label": 1})).is_err());
    }
}
