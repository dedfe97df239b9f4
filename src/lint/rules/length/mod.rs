//! Rules about tokens.

pub(super) mod cut_answer;
pub(super) mod too_long_example;
