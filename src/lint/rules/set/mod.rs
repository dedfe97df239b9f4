//! Rules about the dataset as a whole.

pub(super) mod fewer_examples_than_recommended;
pub(super) mod missing_system_prompts;
pub(super) mod several_system_prompts;
pub(super) mod too_few_examples;
pub(super) mod too_large_file;
pub(super) mod too_many_examples;
