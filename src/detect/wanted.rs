//! What the user wants found, and what is known to be nobody's.

use super::DETECTORS;
use crate::error::{Error, Result};
use crate::text::similar::suggestion;
use crate::text::wildcard;

/// Which kinds are found, and what of them is let pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Names of kinds; empty for all.
    kinds: Vec<String>,
    /// Patterns of what is let pass, small; see [`Wanted::new`].
    allow: Vec<String>,
}

impl Wanted {
    /// Finds `kinds`, or all when there are none, but for what one of `allow` matches: the thing itself in any case of letters
    /// (of numbers, the digits in any grouping), a pattern with `*`, or a mail domain (`@shop.example`) for every address
    /// in it.
    pub fn new(kinds: &[String], allow: &[String]) -> Result<Self> {
        for kind in kinds {
            if !DETECTORS.iter().any(|detector| detector.spec().name == kind) {
                let names = DETECTORS.iter().map(|detector| detector.spec().name);
                return Err(Error::usage(format!("`{kind}` is no kind of personal data or secret"))
                    .with_hint(suggestion(kind, names)));
            }
        }
        let allow =
            allow.iter().map(|pattern| pattern.trim().to_lowercase()).filter(|pattern| !pattern.is_empty());
        Ok(Self { kinds: kinds.to_vec(), allow: allow.collect() })
    }

    /// The kinds that are found; none for all.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// What is let pass.
    pub fn allow(&self) -> &[String] {
        &self.allow
    }

    /// Whether things of the kind of that name are looked for.
    pub fn has(&self, name: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == name)
    }

    /// Whether something found is let pass.
    pub(super) fn allows(&self, found: &str) -> bool {
        if self.allow.is_empty() {
            return false;
        }
        let found = found.to_lowercase();
        self.allow.iter().any(|pattern| {
            let is_domain = pattern.starts_with('@') && found.ends_with(pattern.as_str());
            is_domain || wildcard::matches(pattern, &found) || same_number(pattern, &found)
        })
    }
}

/// Whether both are the same digits, in whatever groups.
fn same_number(pattern: &str, found: &str) -> bool {
    let is_number = |text: &str| text.chars().all(|character| !character.is_alphabetic() && character != '@');
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    is_number(pattern)
        && is_number(found)
        && !pattern.contains('*')
        && digits(pattern).len() > 3
        && digits(pattern) == digits(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn what_is_known_is_let_pass() {
        let allow =
            ["Support@Shop.example", "*@team.example", "@desk.example", "+49 30 1234567"].map(str::to_owned);
        let wanted = Wanted::new(&[], &allow).unwrap();
        for found in ["support@shop.example", "ANA@team.example", "kim@desk.example", "+49 (30) 123-4567"] {
            assert!(wanted.allows(found), "{found}");
        }
        for found in ["ana@shop.example", "ana@theteam.example", "kim@mydesk.example", "+49 30 1234568", ""] {
            assert!(!wanted.allows(found), "{found}");
        }
    }

    #[test]
    fn unknown_kinds_are_mistakes_with_a_way_out() {
        let error = Wanted::new(&["e-mail".to_owned()], &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.hint().unwrap().contains("`email`"), "{:?}", error.hint());
        let some = Wanted::new(&["phone".to_owned()], &[]).unwrap();
        assert!(some.has("phone") && !some.has("email") && Wanted::default().has("email"));
    }
}
