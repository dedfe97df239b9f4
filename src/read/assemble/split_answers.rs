//! An example with several answers as one row for each, where a row of the target holds one answer to learn.
//!
//! Each row begins with everything that was said before its answer, earlier answers masked: no answer is trained twice, and
//! none without what led to it. A turn counts for the row in which it is new.

use crate::diagnostic::{Def, Rejection, Severity};
use crate::model::{Example, Message, Role};

use super::Part;
use super::codes::TOO_MANY_ROWS;
use super::counts::Counts;
use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK142`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK142",
        name: "split-answers",
        severity: Severity::Info,
        summary: "an example with several answers became one row for each, with all that was said before it",
        why: "a row of the target holds one answer to learn, and the others would be lost or learned by nobody",
        remedy: "`--no-mend split-answers` rejects such examples instead; a target of conversations takes them whole",
    },
    on_by_default: true,
};

/// Bytes of text that the rows of one example may have together (our choice).
const ROWS_BYTES: usize = 64 << 20;
/// Bytes around the text of a message: `{"role":"assistant","content":""},`.
const AROUND: usize = 35;

/// Behind each answer to learn: messages of the assistant side by side are one.
pub fn answer_ends(messages: &[Message]) -> Vec<usize> {
    let last_of_run = |at: &usize| {
        messages.get(at - 1).is_some_and(Message::is_trained_answer)
            && !messages.get(*at).is_some_and(Message::is_trained_answer)
    };
    (1..=messages.len()).filter(last_of_run).collect()
}

/// Masks all answers but the one at the end.
pub fn mask_earlier(messages: &mut [Message]) {
    let answer = messages.iter().rev().take_while(|message| message.is_trained_answer()).count();
    let before = messages.len() - answer;
    for message in messages.iter_mut().take(before).filter(|message| message.role == Role::Assistant) {
        message.weight = Some(0);
    }
}

/// Why a draft is no rows.
pub(super) fn rejection() -> Rejection {
    Rejection::new(&TOO_MANY_ROWS, TOO_MANY_ROWS.summary)
}

/// The rows of a draft, or the one part it is; none, and its turns in `dropped`, where they would be too many.
pub(super) fn parts(
    draft: Draft,
    rest: Example,
    settings: &AssembleSettings,
    dropped: &mut Counts,
) -> Vec<Part> {
    if !settings.does_if(&MENDING, settings.one_answer) {
        return vec![draft.into_part(rest)];
    }
    let ends = answer_ends(&draft.messages);
    if ends.len() < 2 {
        return vec![draft.into_part(rest)];
    }
    if bytes_of_rows(&draft.messages, &ends) > ROWS_BYTES {
        dropped.add(&TOO_MANY_ROWS, draft.turns.iter().sum());
        return Vec::new();
    }
    let Draft { messages, turns, mut done, dropped: _ } = draft;
    // What stands behind the last answer is in no row: as a part of its own it is refused, and so accounted for.
    let tail = (ends.last() != Some(&messages.len())).then_some(messages.len());
    let last = ends.last().copied().unwrap_or_default();
    let mut before = 0;
    let rows = ends.iter().copied().chain(tail).map(|end| {
        let mut messages = messages.get(..end).unwrap_or_default().to_vec();
        mask_earlier(&mut messages);
        // Told in an earlier row.
        let mut turns = turns.get(..end).unwrap_or_default().to_vec();
        turns.iter_mut().take(before).for_each(|turns| *turns = 0);
        before = end;
        // What was done before counts for the first row.
        let mut done = std::mem::take(&mut done);
        done.add(&MENDING.def, 1);
        let part = Draft { messages, turns, done, ..Draft::default() }.into_part(rest.clone());
        Part { goes_on: end < last, ..part }
    });
    rows.collect()
}

/// What all rows together hold.
fn bytes_of_rows(messages: &[Message], ends: &[usize]) -> usize {
    let (mut before, mut sum, mut from) = (0_usize, 0_usize, 0);
    for end in ends {
        let new = messages.get(from..*end).unwrap_or_default();
        // What JSON writes around a text takes room, too.
        before +=
            new.iter().map(|message| AROUND + message.texts().map(str::len).sum::<usize>()).sum::<usize>();
        sum = sum.saturating_add(before);
        from = *end;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;
    use crate::model::Body;

    fn rows(roles: &str, masked: &[usize]) -> Vec<(String, u64, bool)> {
        let mut draft = draft(roles);
        masked.iter().for_each(|index| draft.messages[*index].weight = Some(0));
        let settings = AssembleSettings { one_answer: true, ..settings() };
        let parts = parts(draft, Example::default(), &settings, &mut Counts::default());
        let show = |part: Part| match part.body {
            Body::Example(example) => {
                let one = |message: &Message| {
                    let mark = if message.weight == Some(0) { "-" } else { "" };
                    format!("{mark}{}", shown(std::slice::from_ref(message)))
                };
                let text: Vec<String> = example.messages.iter().map(one).collect();
                (text.join(" "), part.kept, part.goes_on)
            }
            Body::Preference(_) => unreachable!(),
        };
        parts.into_iter().map(show).collect()
    }

    #[test]
    fn rows_that_grow_with_the_square_of_the_talk_are_none() {
        let settings = AssembleSettings { one_answer: true, ..settings() };
        let made = |answers: usize| {
            let mut dropped = Counts::default();
            let parts = parts(draft(&"ua".repeat(answers)), Example::default(), &settings, &mut dropped);
            (parts.len(), dropped.total())
        };
        assert_eq!((made(500), made(2_000)), ((500, 0), (0, 4_000)));
    }

    #[test]
    fn each_answer_has_its_row_and_each_turn_counts_once() {
        let made = rows("suauaua", &[]);
        let plain: Vec<_> = made.iter().map(|(text, kept, on)| (text.as_str(), *kept, *on)).collect();
        assert_eq!(
            plain,
            [("s1 u2 a3", 3, true), ("s1 u2 -a3 u4 a5", 2, true), ("s1 u2 -a3 u4 -a5 u6 a7", 2, false),]
        );
    }

    #[test]
    fn one_answer_stays_one_row() {
        assert_eq!(rows("sua", &[]), [("s1 u2 a3".to_owned(), 3, false)]);
        assert_eq!(rows("uaua", &[1]), [("u1 -a2 u3 a4".to_owned(), 4, false)]);
        assert_eq!(rows("uaa", &[]), [("u1 a2 a3".to_owned(), 3, false)], "side by side they are one");
        assert_eq!(rows("uu", &[]).len(), 1);
    }

    #[test]
    fn what_stands_behind_the_last_answer_is_a_part_of_its_own() {
        let made = rows("uauaua", &[5]);
        assert_eq!(made.len(), 3);
        assert_eq!(made[1], ("u1 -a2 u3 a4".to_owned(), 2, false));
        assert_eq!(made[2], ("u1 -a2 u3 -a4 u5 -a6".to_owned(), 2, false));
    }
}
