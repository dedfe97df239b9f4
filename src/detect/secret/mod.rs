//! Secrets: what opens something for whoever has it.

pub(super) mod api_key;
pub(super) mod jwt;
pub(super) mod password;
pub(super) mod private_key;
pub(super) mod url_credentials;
