//! What became of one dataset in another: the words of it, as data. How people read it is [`super::difference_page`].

use serde::Serialize;
use serde_json::Value;

use super::summary::{SkippedInput, Tally};
use crate::cost::Interval;
use crate::diagnostic::Severity;
use crate::text::word_edits::WordEdit;

/// Version of the shape of what `diff --json` writes; grows when a key changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowFate {
    /// Something of what a model sees is another.
    Changed,
    /// The same text stands on another side of the split.
    Moved,
    /// Letters differ in case, white space or the layout of JSON only.
    Reformatted,
    /// A model sees the same; other fields differ.
    Fields,
    /// It is in the old dataset only.
    Removed,
    /// It is in the new dataset only.
    Added,
}

impl RowFate {
    /// Every fate of a row that is not simply the same, in the order in which they are told.
    pub const ALL: [Self; 6] =
        [Self::Changed, Self::Moved, Self::Reformatted, Self::Fields, Self::Removed, Self::Added];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Reformatted => "reformatted",
            Self::Fields => "fields",
            Self::Removed => "removed",
            Self::Added => "added",
        }
    }
}

/// By what a row of the one dataset was taken for a row of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchedBy {
    /// Its text.
    Text,
    /// The conversation's own identifier.
    Id,
    /// What stands before the last answer.
    Prompt,
    /// Words that hardly another row has.
    Words,
}

/// One of the two datasets.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DatasetSide {
    /// The file or folder.
    pub path: String,
    /// Its files.
    pub inputs: Vec<InputFile>,
    /// Files that were found and not read.
    pub skipped: Vec<SkippedInput>,
    /// Records read.
    pub records: u64,
    /// Rows that they hold: one each, or several where a conversation is divided.
    pub rows: u64,
    /// Records that gave no row.
    pub rejected: u64,
    /// Records of which no training row can be made; their turns are compared as they were read, with speakers for roles.
    pub unsettled: u64,
    /// Why, for both.
    pub rejections: Vec<Tally>,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
pub struct InputFile {
    /// Its name.
    pub path: String,
    /// The reader that read it.
    pub format: &'static str,
    /// The side of a split that it holds, where the dataset is divided.
    pub side: Option<&'static str>,
    /// Records read.
    pub records: u64,
    /// Rows that they hold.
    pub rows: u64,
}

/// Rows by what became of them. Of the old dataset `same` to `removed` are all rows, of the new one `same` to
/// `fields` with `added`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RowFates {
    /// Nothing of them differs.
    pub same: u64,
    /// See [`RowFate::Changed`].
    pub changed: u64,
    /// Of the changed rows, those that were known by their identifier, their prompt, their words.
    pub changed_by: ChangedBy,
    /// See [`RowFate::Moved`].
    pub moved: u64,
    /// See [`RowFate::Reformatted`].
    pub reformatted: u64,
    /// See [`RowFate::Fields`].
    pub fields: u64,
    /// See [`RowFate::Removed`].
    pub removed: u64,
    /// See [`RowFate::Added`].
    pub added: u64,
    /// Removed rows that were copies of rows which are still there.
    pub removed_copies: u64,
    /// Added rows that are copies of rows which were there before.
    pub added_copies: u64,
}

impl RowFates {
    /// The rows of one fate.
    pub fn of(&self, fate: RowFate) -> u64 {
        match fate {
            RowFate::Changed => self.changed,
            RowFate::Moved => self.moved,
            RowFate::Reformatted => self.reformatted,
            RowFate::Fields => self.fields,
            RowFate::Removed => self.removed,
            RowFate::Added => self.added,
        }
    }

    /// Counts a row.
    pub fn add(&mut self, fate: Option<RowFate>) {
        *match fate {
            None => &mut self.same,
            Some(RowFate::Changed) => &mut self.changed,
            Some(RowFate::Moved) => &mut self.moved,
            Some(RowFate::Reformatted) => &mut self.reformatted,
            Some(RowFate::Fields) => &mut self.fields,
            Some(RowFate::Removed) => &mut self.removed,
            Some(RowFate::Added) => &mut self.added,
        } += 1;
    }

    /// Whether every row of datasets of so many rows has a fate.
    pub fn sums_agree(&self, old: u64, new: u64) -> bool {
        let both = self.same + self.changed + self.moved + self.reformatted + self.fields;
        old == both + self.removed && new == both + self.added
    }

    /// Whether any row differs.
    pub fn differ(&self) -> bool {
        RowFate::ALL.iter().any(|fate| self.of(*fate) > 0)
    }
}

/// Changed rows by what they were known by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ChangedBy {
    /// See [`MatchedBy::Id`].
    pub id: u64,
    /// See [`MatchedBy::Prompt`].
    pub prompt: u64,
    /// See [`MatchedBy::Words`].
    pub words: u64,
}

/// A number before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pair<T> {
    /// In the old dataset.
    pub old: T,
    /// In the new one.
    pub new: T,
}

/// What stands for the side of rows of a dataset that has none.
pub const UNDIVIDED: &str = "undivided";

/// Rows that went from one side of a split to another, or stayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideFlow {
    /// The side they were on; `null` where they were not there.
    pub from: Option<&'static str>,
    /// The side they are on; `null` where they are no longer there.
    pub to: Option<&'static str>,
    /// Rows.
    pub rows: u64,
}

/// A field beside the messages that differs in some rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldTally {
    /// Its name; places in lists are left out (`messages[].date`).
    pub key: String,
    /// Rows.
    pub rows: u64,
}

/// Messages of one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleChange {
    /// The role.
    pub role: &'static str,
    /// Messages.
    #[serde(flatten)]
    pub messages: Pair<u64>,
}

/// Tokens before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenChange {
    /// Name of the vocabulary.
    pub encoding: String,
    /// Whether all rows are counted exactly.
    pub exact: bool,
    /// As rendered for training.
    pub total: Pair<u64>,
    /// Those that carry loss.
    pub trained: Pair<u64>,
}

/// The bill before and after; amounts are `null` where there is nothing to train.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostChange {
    /// Who tunes.
    pub provider: String,
    /// Full name of the model.
    pub model: String,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// Passes over the rows.
    pub epochs: Pair<Option<u64>>,
    /// The job.
    pub total: Pair<Option<Interval>>,
}

/// Findings of one code before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingChange {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// How bad, for the target.
    pub severity: Severity,
    /// How often.
    #[serde(flatten)]
    pub count: Pair<u64>,
}

/// Everything but the rows themselves.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Version of this shape.
    pub schema: u32,
    /// Version of chatmill.
    pub chatmill: &'static str,
    /// By whose rules rows were looked at.
    pub target: String,
    /// The old dataset.
    pub old: DatasetSide,
    /// The new dataset.
    pub new: DatasetSide,
    /// Rows by what became of them.
    pub rows: RowFates,
    /// Where rows went between the sides of a split, where one of the datasets is divided.
    pub sides: Vec<SideFlow>,
    /// Other fields that differ in rows of which a model sees the same, the most frequent first.
    pub fields: Vec<FieldTally>,
    /// Messages by role.
    pub messages: Vec<RoleChange>,
    /// Tokens.
    pub tokens: TokenChange,
    /// The bill; `null` where the target's provider does not tune the model, or no price is known.
    pub cost: Option<CostChange>,
    /// Findings by code, those whose number changed first.
    pub findings: Vec<FindingChange>,
}

/// A row that differs, and in what.
#[derive(Debug, Clone, Serialize)]
pub struct RowChange {
    /// What became of it.
    pub fate: RowFate,
    /// By what the two rows were taken for each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<MatchedBy>,
    /// How much of their words they share, 0 to 1, where they were matched by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    /// The row before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<RowPlace>,
    /// The row after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<RowPlace>,
    /// Whether a removed row was, or an added row is, a copy of a row in both datasets.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
    /// Turns that differ, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<TurnChange>,
    /// What else differs of what a model sees: tools, the label of an answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeChange>,
    /// Other fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// Where a row stands, and what it weighs.
#[derive(Debug, Clone, Serialize)]
pub struct RowPlace {
    /// The file.
    pub path: String,
    /// Its first line.
    pub line: u64,
    /// Which example of its record it is, where it is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// The conversation's own identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The side of the split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<&'static str>,
    /// Its messages.
    pub messages: usize,
    /// Its tokens.
    pub tokens: u32,
    /// Those that carry loss.
    pub trained: u32,
    /// What is said first by anybody but `system`: the beginning, and the end where it is long.
    pub excerpt: String,
}

/// What became of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TurnFate {
    /// Something of it is another.
    Changed,
    /// It is in the old row only.
    Removed,
    /// It is in the new row only.
    Added,
}

/// A turn that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TurnChange {
    /// What became of it.
    pub fate: TurnFate,
    /// Of a preference: `prompt`, `chosen` or `rejected`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub list: String,
    /// Its number in the old row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<usize>,
    /// Its number in the new row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<usize>,
    /// Who speaks, in the new row where it is in both.
    pub role: String,
    /// What it says, calls included, where it is in one row only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Words that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<TextEdit>,
    /// What else differs: role, name, weight, calls, what is answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeChange>,
    /// The old text and its edits in bytes, for showing what stands around them.
    #[serde(skip)]
    pub around: (String, Vec<WordEdit>),
}

/// Words in the place of others. Places are counted in characters (code points), from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextEdit {
    /// Where in the old and in the new text.
    pub at: Pair<usize>,
    /// Before and after.
    #[serde(flatten)]
    pub words: Pair<String>,
}

/// Something of a turn or row beside its text; `null` where there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributeChange {
    /// What: `role`, `name`, `weight`, `call`, `answers`, `parts`, `tool`, `label`.
    pub name: &'static str,
    /// Before and after.
    #[serde(flatten)]
    pub value: Pair<Option<String>>,
}

/// A field that no model sees; `null` where it is not there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its name, with its place in lists.
    pub key: String,
    /// Before and after.
    #[serde(flatten)]
    pub value: Pair<Option<Value>>,
}
