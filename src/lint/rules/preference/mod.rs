//! Rules about pairs of answers.

pub(super) mod answered_prompt;
pub(super) mod identical_answers;
pub(super) mod not_one_answer;
