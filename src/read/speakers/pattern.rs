//! Names or patterns with `*`, as the caller writes them.
//!
//! Only `*` is special: names hold brackets, braces and question marks, which a full glob would take for syntax.

use super::key_of;

/// A pattern, folded like the names it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    folded: String,
}

impl Pattern {
    /// A pattern as written.
    pub fn new(written: &str) -> Self {
        Self { folded: key_of(written) }
    }

    /// Whether it names one speaker rather than many.
    pub fn is_exact(&self) -> bool {
        !self.folded.contains('*')
    }

    /// The folded form.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether a folded name matches.
    pub fn matches(&self, key: &str) -> bool {
        if self.is_exact() { self.folded == key } else { matches(self.folded.as_bytes(), key.as_bytes()) }
    }
}

/// Greedy matching that goes back to the last star only: at most pattern times name steps.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p + 1, n));
                p += 1;
            }
            Some(byte) if name.get(n) == Some(byte) => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((after_star, from)) = back else { return false };
                back = Some((after_star, from + 1));
                p = after_star;
                n = from + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).matches(&key_of(name))
    }

    #[test]
    fn stars_and_case() {
        assert!(fits("ANA", " ana "));
        assert!(fits("*@acme.test", "Ana.Lima@ACME.test"));
        assert!(fits("a*b*c", "aXbXbc"));
        assert!(fits("*", ""));
        assert!(fits("Bob [x]?", "bob [X]?"));
        assert!(!fits("bob [x]", "bob x"));
        assert!(!fits("a*b", "aXbX"));
        assert!(!fits("ana", "anab"));
    }
}
