//! Rules about keys of rows and messages.

pub(super) mod missing_grader_field;
pub(super) mod unknown_message_key;
pub(super) mod unknown_row_key;
pub(super) mod wrong_kind_of_value;
