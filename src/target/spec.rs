//! What a target accepts, as data.

use crate::diagnostic::{Def, Finding, Severity};
use crate::model::Role;

/// What a row of the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One conversation to learn from.
    Example,
    /// A prompt with a preferred and another answer.
    Preference,
}

/// Where instructions may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemPlace {
    /// Anywhere, any number; first is usual.
    Anywhere,
    /// At most one, first.
    FirstOnly,
}

/// Whether two messages of one role may stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjacent {
    /// Accepted.
    Allowed,
    /// Refused.
    Refused,
}

/// What the last message must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// The assistant's.
    Assistant,
    /// Not the assistant's (the prompt of a preference).
    NotAssistant,
}

/// How strictly tool results must follow tool calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolResults {
    /// A result without its call is refused; a call without its result is a warning.
    Answered,
    /// Every call is answered exactly once.
    AnsweredOnce,
}

/// Numbers; `None` where nothing is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fewest examples a file may have.
    pub examples_min: Option<u64>,
    /// Fewest examples that are recommended.
    pub examples_recommended: Option<u64>,
    /// Most examples a file may have.
    pub examples_max: Option<u64>,
    /// Largest file in bytes.
    pub file_bytes: Option<u64>,
    /// Most tool definitions in a row.
    pub tools_max: Option<usize>,
}

/// The description of a target, from which rules, help and docs are made.
#[derive(Debug, Clone, Copy)]
pub struct TargetSpec {
    /// Name for `--to` and `--target`, kebab-case.
    pub name: &'static str,
    /// One line: what it is.
    pub title: &'static str,
    /// What a row is.
    pub shape: Shape,
    /// Roles that are accepted.
    pub roles: &'static [Role],
    /// Where instructions may stand.
    pub system: SystemPlace,
    /// Whether the first message after the instructions must be the user's.
    pub user_first: bool,
    /// Whether two messages of one role may stand side by side.
    pub adjacent: Adjacent,
    /// What the last message must be.
    pub last: Last,
    /// How tool results must follow calls.
    pub tool_results: ToolResults,
    /// Whether blank content is refused (otherwise a warning).
    pub blank_content_refused: bool,
    /// Whether content may be a list of parts.
    pub content_parts: bool,
    /// Keys of a row.
    pub row_keys: &'static [&'static str],
    /// Keys of a message, of any role.
    pub message_keys: &'static [&'static str],
    /// Texts that the target refuses anywhere in a message, compared as written.
    pub forbidden_text: &'static [&'static str],
    /// Numbers.
    pub limits: Limits,
    /// How bad a finding of a code is here, where that differs from the rule's usual severity; sorted by code.
    pub severities: &'static [(&'static str, Severity)],
    /// Sentences of the target itself, by the code of our finding: people search for them. Numbers that differ from
    /// file to file are written `N` and `M`, a key `KEY`, a control token `TOKEN`; sorted by code.
    pub sentences: &'static [(&'static str, &'static str)],
    /// When the rules were last compared with their sources (ISO date).
    pub checked: &'static str,
    /// Where the rules are published or were seen.
    pub sources: &'static [&'static str],
}

impl TargetSpec {
    /// The target's own sentence for a finding of `code`, if one is known.
    pub fn sentence(&self, code: &str) -> Option<&'static str> {
        self.sentences.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence)
    }

    /// How bad a finding of `def` is for this target, where that differs from the usual.
    pub fn severity(&self, def: &Def) -> Option<Severity> {
        self.severities.iter().find(|(code, _)| *code == def.code).map(|(_, severity)| *severity)
    }

    /// Adds the target's own sentence to findings that have none, where one is known.
    pub fn quote(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.says.is_none()) {
            finding.says = self.sentence(finding.def.code).map(str::to_owned);
        }
    }

    /// Whether the target accepts the role.
    pub fn accepts_role(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }
}
