//! What the user wants checked.

use std::sync::Arc;

use crate::detect::Wanted;
use crate::diagnostic::{Def, Severity};
use crate::error::{Error, Result};
use crate::tokens::Counter;

/// Which rules, how bad, and the limits that no target but the model decides.
///
/// A selector is a code (`TURN002`), the beginning of one (`TURN`), a name (`last-turn-not-assistant`) or `all`, in
/// any case. The narrowest selector that names a rule wins; of equally narrow ones, `ignore` does.
#[derive(Clone, Default)]
pub struct LintSettings {
    /// Selectors of the rules to run; none means all.
    pub select: Vec<String>,
    /// Selectors of the rules not to run.
    pub ignore: Vec<String>,
    /// Selectors of the rules whose findings are not fixed.
    pub no_fix: Vec<String>,
    /// How bad the findings of a selector are, instead of what the target says.
    pub severity: Vec<(String, Severity)>,
    /// Which kinds of personal data and secrets are looked for, and what of them is let pass.
    pub personal: Wanted,
    /// Most tokens of one example for the model at hand; the rules about length need it.
    pub example_tokens: Option<u64>,
    /// Counts the tokens of one text, to find where the last answer of a long example begins; without it, its share of
    /// the bytes is taken.
    pub counter: Option<Arc<dyn Counter>>,
    /// What is known of the end of the model, as one sentence, where that is near or past.
    pub retiring: Option<String>,
    /// Keys of a row that a grader reads, joined by dots where they are nested.
    pub grader_fields: Vec<String>,
    /// What other stages may say, so that selectors can name that, too; see [`super::Selection`].
    pub others: Vec<&'static Def>,
}

impl LintSettings {
    /// Changes how bad the findings of a selector are; `severity` is `error`, `warning` or `info`.
    pub fn set_severity(&mut self, selector: &str, severity: &str) -> Result<()> {
        let severity = match severity.trim() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            other => {
                return Err(Error::usage(format!("`{other}` is no severity"))
                    .with_hint("known are `error`, `warning`, `info`; `--ignore` switches a rule off"));
            }
        };
        self.severity.push((selector.trim().to_owned(), severity));
        Ok(())
    }
}
