//! What the caller says of speakers.

use serde::Serialize;

use crate::error::{Error, Result};

use super::SpeakerRole;
use super::pattern::Pattern;

/// Names or patterns with `*`, compared without regard to case; they beat every other evidence.
///
/// An exact name beats a pattern; of equals `ignore` beats `assistant` beats `user` beats `system`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SpeakerSettings {
    /// Who is to be learned.
    pub assistant: Vec<String>,
    /// Who is on the customer's side.
    pub user: Vec<String>,
    /// Who gives instructions.
    pub system: Vec<String>,
    /// Whose turns are left out.
    pub ignore: Vec<String>,
}

impl SpeakerSettings {
    /// Every pattern with the role it gives, strongest list first.
    pub(super) fn patterns(&self) -> impl Iterator<Item = (SpeakerRole, &str)> {
        let lists = [
            (SpeakerRole::Ignored, &self.ignore),
            (SpeakerRole::Assistant, &self.assistant),
            (SpeakerRole::User, &self.user),
            (SpeakerRole::System, &self.system),
        ];
        lists.into_iter().flat_map(|(role, names)| names.iter().map(move |name| (role, name.as_str())))
    }

    /// The names among the patterns, as written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.patterns().map(|(_, written)| written).filter(|written| Pattern::new(written).is_exact())
    }

    /// Refuses one name in two lists: whichever won, somebody would be surprised.
    pub fn check(&self) -> Result<()> {
        let mut seen: Vec<(Pattern, SpeakerRole)> = Vec::new();
        for (role, written) in self.patterns() {
            let pattern = Pattern::new(written);
            if let Some((_, other)) = seen.iter().find(|(known, given)| *known == pattern && *given != role) {
                return Err(Error::usage(format!(
                    "speaker `{written}` is given both as {} and as {}",
                    list_name(*other),
                    list_name(role)
                ))
                .with_hint("keep one of them"));
            }
            seen.push((pattern, role));
        }
        Ok(())
    }
}

/// What the caller calls the list.
pub(super) fn list_name(role: SpeakerRole) -> &'static str {
    if role == SpeakerRole::Ignored { "ignore" } else { role.name() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_two_lists_is_refused() {
        let mut settings =
            SpeakerSettings { assistant: vec!["Ana".into(), "ana".into()], ..Default::default() };
        assert!(settings.check().is_ok());
        settings.user.push("ANA ".into());
        let error = settings.check().unwrap_err();
        assert_eq!(error.to_string(), "speaker `ANA ` is given both as assistant and as user");
    }
}
