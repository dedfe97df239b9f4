//! Rules about the order of turns.

pub(super) mod continued_answer;
pub(super) mod first_turn_not_user;
pub(super) mod last_turn_not_assistant;
pub(super) mod lone_message;
pub(super) mod no_assistant_message;
pub(super) mod no_user_message;
pub(super) mod order_of_roles;
pub(super) mod repeated_role;
