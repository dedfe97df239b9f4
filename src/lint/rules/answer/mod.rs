//! Rules about what is answered.

pub(super) mod echoed_question;
pub(super) mod refusal;
pub(super) mod unfinished_answer;
