//! What a rule is: its description as data, from which help, docs and tests are made, and its one verb.

use super::{About, DatasetFacts, Fix, JobFacts, LintSettings, Marks};
use crate::diagnostic::{Def, Finding, Severity};
use crate::model::{Body, TokenCount};
use crate::target::TargetSpec;

/// What a row rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The example or preference.
    pub body: &'a Body,
    /// Its tokens, when counted.
    pub tokens: Option<TokenCount>,
    /// What occurs in it.
    pub marks: Marks,
}

impl<'a> Item<'a> {
    /// An item, with one quick look at it.
    pub fn new(body: &'a Body, tokens: Option<TokenCount>) -> Self {
        Self { body, tokens, marks: Marks::of(body) }
    }
}

/// What must be measured before a rule can speak; only what some chosen rule needs is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Token counts of every item.
    pub tokens: bool,
    /// What was asked and answered, of every item: see [`super::RowFacts`].
    pub answers: bool,
    /// Names and kinds of what rows have beside their texts: see [`super::Columns`].
    pub columns: bool,
}

impl Needs {
    /// The text alone is enough.
    pub const NOTHING: Self = Self { tokens: false, answers: false, columns: false };
    /// Tokens must be counted.
    pub const TOKENS: Self = Self { tokens: true, ..Self::NOTHING };
    /// Prompts and answers of all rows must be compared.
    pub const ANSWERS: Self = Self { answers: true, ..Self::NOTHING };
    /// The columns of all rows must be compared.
    pub const COLUMNS: Self = Self { columns: true, ..Self::NOTHING };

    /// What these and `others` need.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self {
            tokens: self.tokens || others.tokens,
            answers: self.answers || others.answers,
            columns: self.columns || others.columns,
        }
    }
}

/// The model's limit under which the `good` and `bad` of rules that need tokens are shown and tested, in words: an
/// example that is really too long would fill pages.
pub const EXAMPLE_LIMIT: u64 = 20;

/// A rule, described.
#[derive(Debug)]
pub struct RuleDef {
    /// Code, name, usual severity and the sentences for people.
    pub def: Def,
    /// Rows on which the rule is silent, as JSON Lines; empty where a few lines cannot show it (the cases are then
    /// under `fixtures/lint/<code>/`).
    pub good: &'static str,
    /// Rows on which the rule, and only it, speaks; empty as for `good`.
    pub bad: &'static str,
    /// The target in whose format `good` and `bad` are written.
    pub target: &'static str,
    /// What must be measured before.
    pub needs: Needs,
    /// How its findings are mended, where that can be done.
    pub fix: Option<Fix>,
    /// Where the rule comes from: address or place, and date.
    pub source: &'static str,
    /// The rule made ready for a target, or `None` when the target does not have it. It may give another severity
    /// than the usual one; the spec's `severities` and then the user's wishes stand above that.
    pub build: fn(&'static TargetSpec, &LintSettings) -> Option<Check>,
}

/// A rule made ready.
pub enum Check {
    /// Looks at one item.
    Row {
        /// How bad its findings are.
        severity: Severity,
        /// The rule.
        rule: Box<dyn Rule>,
        /// Only rows with one of these can have findings.
        only_with: Marks,
    },
    /// Looks at the sums over all items.
    Dataset {
        /// How bad its findings are.
        severity: Severity,
        /// The rule.
        rule: Box<dyn DatasetRule>,
    },
    /// Looks at what a job is given: its files together, and its model.
    Job {
        /// How bad its findings are.
        severity: Severity,
        /// The rule.
        rule: Box<dyn JobRule>,
    },
}

impl Check {
    /// How bad its findings are for a target, before the user's wishes.
    pub fn severity(&self, def: &Def, spec: &TargetSpec) -> Severity {
        let (Self::Row { severity, .. } | Self::Dataset { severity, .. } | Self::Job { severity, .. }) = self;
        spec.severity(def).unwrap_or(*severity)
    }

    /// A row rule.
    pub fn row(severity: Severity, rule: impl Rule + 'static) -> Self {
        Self::Row { severity, rule: Box::new(rule), only_with: Marks::ALL }
    }

    /// The same row rule for one that has nothing to say of rows without any of these marks, so that it need not look at
    /// them: most rules are about what few rows have.
    #[must_use]
    pub fn only_with(self, marks: Marks) -> Self {
        match self {
            Self::Row { severity, rule, .. } => Self::Row { severity, rule, only_with: marks },
            other => other,
        }
    }

    /// A rule over the whole dataset.
    pub fn dataset(severity: Severity, rule: impl DatasetRule + 'static) -> Self {
        Self::Dataset { severity, rule: Box::new(rule) }
    }

    /// A rule over what a job is given.
    pub fn job(severity: Severity, rule: impl JobRule + 'static) -> Self {
        Self::Job { severity, rule: Box::new(rule) }
    }
}

/// A check of one item. A function with the same arguments is a rule, too.
pub trait Rule: Send + Sync {
    /// Appends what is wrong with `item`; allocates nothing when it is silent about chats without tools. The
    /// severity and the target's own sentence are filled in by [`super::Rules`].
    fn check(&self, item: &Item<'_>, report: &mut Vec<Finding>);
}

impl<F: Fn(&Item<'_>, &mut Vec<Finding>) + Send + Sync> Rule for F {
    fn check(&self, item: &Item<'_>, report: &mut Vec<Finding>) {
        self(item, report);
    }
}

/// A check of the whole dataset. A function with the same arguments is one, too.
pub trait DatasetRule: Send + Sync {
    /// Appends what is wrong with the dataset.
    fn check(&self, facts: &DatasetFacts, report: &mut Vec<Finding>);
}

impl<F: Fn(&DatasetFacts, &mut Vec<Finding>) + Send + Sync> DatasetRule for F {
    fn check(&self, facts: &DatasetFacts, report: &mut Vec<Finding>) {
        self(facts, report);
    }
}

/// A check of what a job is given. A function with the same arguments is one, too.
pub trait JobRule: Send + Sync {
    /// Appends what is wrong with the job, and which of its files that is about.
    fn check(&self, facts: &JobFacts, report: &mut Vec<(About, Finding)>);
}

impl<F: Fn(&JobFacts, &mut Vec<(About, Finding)>) + Send + Sync> JobRule for F {
    fn check(&self, facts: &JobFacts, report: &mut Vec<(About, Finding)>) {
        self(facts, report);
    }
}
