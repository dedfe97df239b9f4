//! Rules about the dataset as a whole.

pub(super) mod changing_column;
pub(super) mod conflicting_answers;
pub(super) mod fewer_examples_than_recommended;
pub(super) mod many_refusals;
pub(super) mod missing_system_prompts;
pub(super) mod one_answer_for_many;
pub(super) mod repeated_example;
pub(super) mod several_system_prompts;
pub(super) mod too_few_examples;
pub(super) mod too_large_file;
pub(super) mod too_many_examples;
pub(super) mod uneven_fields;
pub(super) mod unrelated_answers;
