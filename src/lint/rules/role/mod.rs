//! Rules about names of roles.

pub(super) mod developer_role;
pub(super) mod unknown_role;
