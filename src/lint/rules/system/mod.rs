//! Rules about instructions.

pub(super) mod several_system_messages;
pub(super) mod system_not_first;
