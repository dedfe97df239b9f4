//! Names or patterns with `*`, as the caller writes them.
//!
//! A mail domain (`shop.example` or `@shop.example`) matches every address in it or in a subdomain. Beside that, only `*`
//! is special: names hold brackets, braces and question marks, which a full glob would take for syntax.

use super::key_of;
use crate::text::wildcard;

/// A pattern, folded like the names it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    folded: String,
    /// The domain that it names, without `@`.
    domain: Option<String>,
}

impl Pattern {
    /// A pattern as written.
    pub fn new(written: &str) -> Self {
        let folded = key_of(written);
        let domain = domain_of(&folded).map(str::to_owned);
        Self { folded, domain }
    }

    /// Whether it names one speaker rather than many.
    pub fn is_exact(&self) -> bool {
        self.domain.is_none() && !self.folded.contains('*')
    }

    /// The folded form.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether a folded name matches.
    pub fn matches(&self, key: &str) -> bool {
        match &self.domain {
            Some(domain) => self.folded == key || is_within(key, domain),
            None if self.is_exact() => self.folded == key,
            None => wildcard::matches(&self.folded, key),
        }
    }
}

/// The mail domain that a pattern is: letters, digits, hyphens and at least one full stop, and nothing else.
fn domain_of(folded: &str) -> Option<&str> {
    let domain = folded.strip_prefix('@').unwrap_or(folded);
    let labels = domain.split('.');
    let fits = |label: &str| {
        !label.is_empty() && label.chars().all(|character| character.is_alphanumeric() || character == '-')
    };
    let top = domain.rsplit('.').next()?;
    let is_domain = domain.contains('.')
        && labels.clone().all(fits)
        && top.chars().all(char::is_alphabetic)
        && top.len() > 1;
    is_domain.then_some(domain)
}

/// Whether a name holds an address in the domain: `ana <ana@shop.example>`, `x@mail.shop.example`.
fn is_within(key: &str, domain: &str) -> bool {
    key.split(|character: char| character.is_whitespace() || "<>(),;\"".contains(character)).any(|word| {
        let Some((_, host)) = word.rsplit_once('@') else { return false };
        host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).matches(&key_of(name))
    }

    #[test]
    fn mail_domains() {
        assert!(fits("shop.example", "Ana <help@shop.example>"));
        assert!(fits("@shop.example", "help@mail.SHOP.example"));
        assert!(fits("shop.example", "shop.example"));
        assert!(!fits("shop.example", "Kim <kim@myshop.example>"));
        assert!(!fits("shop.example", "Kim <shop.example@ex.org>"));
        assert!(!Pattern::new("ana p.").is_exact() || fits("Ana P.", "ana p."));
        assert!(
            Pattern::new("J.").is_exact()
                && Pattern::new("v1.2").is_exact()
                && Pattern::new("@ana").is_exact()
        );
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
