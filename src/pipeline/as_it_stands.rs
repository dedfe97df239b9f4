//! Rows that stay as they stand: for `split` and `dedup`, which put rows somewhere and change nothing about them.

use super::plan::Plan;
use super::standing::Standing;
use super::work::Made;
use crate::diagnostic::Rejection;
use crate::error::{Error, Result};
use crate::lint::RowFacts;
use crate::model::{Body, Facts, Raw};
use crate::read::Frame;
use crate::read::assemble::codes::NOT_A_ROW;

/// The body of a row, or why the record is none.
pub(super) fn body(raw: Raw, frame: &Frame<'_>) -> std::result::Result<Body, Rejection> {
    let reject = |why: &str| Err(Rejection::new(&NOT_A_ROW, why));
    if frame.bytes.trim_ascii_start().first() != Some(&b'{') {
        return reject("the record is no JSON object");
    }
    match raw {
        Raw::Example(example) => Ok(Body::Example(example)),
        Raw::Preference(preference) => Ok(Body::Preference(preference)),
        Raw::Conversation(_) => reject("the record is a conversation in which nobody is the assistant yet"),
    }
}

/// The row as it stands, as far as one line can hold it.
pub(super) fn made(body: &Body, frame: &Frame<'_>, standing: Standing) -> Made {
    let messages = match body {
        Body::Example(example) => example.messages.len(),
        Body::Preference(preference) => {
            preference.prompt.len() + preference.chosen.len() + preference.rejected.len()
        }
    };
    Made {
        row: on_one_line(frame.bytes.trim_ascii()),
        facts: Facts::default(),
        standing,
        shingles: Vec::new(),
        goes_on: false,
        masked: [0; 3],
        answers: 0,
        mendings: Vec::new(),
        kept: messages as u64,
        merged: 0,
        left_out: Vec::new(),
        findings: Vec::new(),
        rejected: None,
        row_facts: RowFacts::default(),
        profile: None,
        learned: None,
        shown: Vec::new(),
    }
}

/// JSON on one line: what stands between its parts may be line ends, and inside a text there are none.
fn on_one_line(row: &[u8]) -> Vec<u8> {
    if memchr::memchr2(b'\n', b'\r', row).is_none() {
        return row.to_vec();
    }
    let (mut inside, mut escaped) = (false, false);
    let kept = row.iter().copied().filter(|byte| {
        if inside {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            inside = !ends;
            return true;
        }
        inside = *byte == b'"';
        !byte.is_ascii_whitespace()
    });
    kept.collect()
}

/// Rows of several formats make no file that anything can read.
pub(super) fn refuse_several_formats(plan: &Plan) -> Result<()> {
    let mut sources = plan.sources.iter();
    let Some(first) = sources.next() else { return Ok(()) };
    let format = first.choice.reader.spec().name;
    let Some(other) = sources.find(|planned| planned.choice.reader.spec().name != format) else {
        return Ok(());
    };
    let (one, two) = (&first.source.name, &other.source.name);
    let second = other.choice.reader.spec().name;
    Err(Error::usage(format!("`{one}` is {format} and `{two}` is {second}: rows stay as they are, and one file holds one format"))
        .with_hint("`chatmill convert` writes both in one format, or `chatmill prepare` does all of it; `--from` says how a file is read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_on_one_line_with_every_text_as_it_is() {
        let row = b"{\n  \"a b\": \"x \\\" \\\\\",\r\n \"c\" : [1.50, 2e3 ]\n}";
        assert_eq!(on_one_line(row), br#"{"a b":"x \" \\","c":[1.50,2e3]}"#);
        assert_eq!(on_one_line(br#"{"a": 1 }"#), br#"{"a": 1 }"#);
        let value: serde_json::Value = serde_json::from_slice(&on_one_line(row)).unwrap();
        assert_eq!(value, serde_json::from_slice::<serde_json::Value>(row).unwrap());
    }
}
