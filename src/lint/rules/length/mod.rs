//! Rules about tokens.

pub(super) mod cut_answer;
pub(super) mod nothing_learned;
pub(super) mod too_long_example;

use crate::diagnostic::Def;

/// Whether a finding says that an example is longer than the limit, and what that does to it.
pub fn is_too_long(def: &Def) -> bool {
    let defs = [&too_long_example::RULE.def, &cut_answer::RULE.def, &nothing_learned::RULE.def];
    defs.iter().any(|known| known.code == def.code)
}
