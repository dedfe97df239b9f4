//! Rules about what messages say.

pub(super) mod blank_content;
pub(super) mod content_not_text;
pub(super) mod control_token_in_text;
pub(super) mod empty_answer;
pub(super) mod escaped_character;
pub(super) mod invalid_content_part;
pub(super) mod missing_content;
pub(super) mod mixed_content;
pub(super) mod mojibake;
pub(super) mod null_answer;
pub(super) mod part_not_taken;
pub(super) mod unfilled_placeholder;
