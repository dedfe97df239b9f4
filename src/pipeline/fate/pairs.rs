//! What LLaMA-Factory leaves of rows that are too long: it cuts question and answer of the pair at the limit, each by its
//! share, and leaves out the pairs behind it.

use crate::model::{Message, Role};
use crate::tokens::Outline;

/// What is left of the last answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// All of it: a question was cut.
    All,
    /// So many tokens of so many.
    Some(u64, u64),
    /// Nothing.
    Nothing,
    /// Something, it is not known how much.
    Unknown,
}

/// What `limit` tokens leave of the last answer; `None` where the pieces are not those of the messages.
pub(super) fn last_answer(outline: &Outline, messages: &[Message], limit: u64) -> Option<Left> {
    if outline.pieces.len() != messages.len() {
        return None;
    }
    // What stands before the first message, instructions and tools, goes with the first question.
    let mut question = outline.lead.low;
    let mut used = 0;
    let mut left = None;
    for (message, piece) in messages.iter().zip(&outline.pieces) {
        if message.role != Role::Assistant {
            question += piece.tokens.low;
            continue;
        }
        let answer = piece.tokens.low;
        let room = limit.saturating_sub(used);
        let (kept_question, kept_answer) = shares(question, answer, room);
        used += kept_question + kept_answer;
        left = Some(match kept_answer {
            0 => Left::Nothing,
            kept if kept < answer => Left::Some(kept, answer),
            _ => Left::All,
        });
        question = 0;
    }
    left
}

/// What is kept of a question and its answer in `room` tokens (`infer_seqlen` in `data/processor/processor_utils.py`,
/// hiyouga/LLaMA-Factory ff6d4d1, 2026-08-18).
fn shares(question: u64, answer: u64, room: u64) -> (u64, u64) {
    let most_answer = if answer.saturating_mul(2) < room {
        room
    } else if question.saturating_mul(2) < room {
        room - question
    } else {
        let share = u128::from(room) * u128::from(answer) / u128::from((question + answer).max(1));
        u64::try_from(share).unwrap_or(room)
    };
    let kept_answer = most_answer.min(answer);
    (room.saturating_sub(kept_answer).min(question), kept_answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{Piece, Span};

    fn left(roles: &str, tokens: &[u64], limit: u64) -> Option<Left> {
        let piece = |low: &u64| Piece {
            content: *low,
            tokens: Span { low: *low, high: *low },
            trained: 0,
            exact: true,
        };
        let outline = Outline {
            lead: Span { low: 3, high: 3 },
            lead_exact: true,
            lead_trained: false,
            pieces: tokens.iter().map(piece).collect(),
        };
        let role = |role| if role == 'a' { Role::Assistant } else { Role::User };
        let messages: Vec<Message> = roles.chars().map(|letter| Message::text(role(letter), "x")).collect();
        last_answer(&outline, &messages, limit)
    }

    #[test]
    fn a_short_answer_outlives_a_long_question() {
        assert_eq!(left("ua", &[3_000, 100], 2_048), Some(Left::All));
        assert_eq!(left("ua", &[100, 3_000], 2_048), Some(Left::Some(2_048 - 103, 3_000)));
        // Both are long: each by its share, 2,048 * 1,997 / 5,000.
        assert_eq!(left("ua", &[3_000, 1_997], 2_048), Some(Left::Some(817, 1_997)));
    }

    #[test]
    fn pairs_behind_the_limit_are_gone() {
        assert_eq!(left("uaua", &[100, 2_000, 10, 10], 2_048), Some(Left::Nothing));
        assert_eq!(left("uaua", &[10, 10, 100, 3_000], 2_048), Some(Left::Some(2_048 - 23 - 100, 3_000)));
        assert_eq!(left("uu", &[10, 10], 5), None);
    }
}
