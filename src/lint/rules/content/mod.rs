//! Rules about what messages say.

pub(super) mod blank_content;
pub(super) mod chat_template_token;
pub(super) mod content_not_text;
pub(super) mod control_character;
pub(super) mod control_token_in_text;
pub(super) mod empty_answer;
pub(super) mod escaped_character;
pub(super) mod hidden_character;
pub(super) mod html_tag;
pub(super) mod invalid_content_part;
pub(super) mod line_separator;
pub(super) mod mail_footer;
pub(super) mod missing_content;
pub(super) mod mixed_content;
pub(super) mod mojibake;
pub(super) mod null_answer;
pub(super) mod part_not_taken;
pub(super) mod quoted_mail;
pub(super) mod repeated_run;
pub(super) mod transcript_in_message;
pub(super) mod unfilled_placeholder;
