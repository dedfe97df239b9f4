//! `split.cert.json`: what a split promises, in numbers that can be checked again from the files alone (schema 1).

use serde::{Deserialize, Serialize};

use super::Choice;

/// Version of the certificate's shape.
pub const SCHEMA: u32 = 1;

/// Name of the file.
pub const FILE: &str = "split.cert.json";

/// The certificate of a split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Version of this shape.
    pub schema: u32,
    /// Version of chatmill that wrote it.
    pub chatmill: String,
    /// How the sides were chosen.
    pub split: SplitTerms,
    /// What counts as a twin.
    pub twins: TwinTerms,
    /// The sides as they were written.
    pub sides: Vec<SideProof>,
    /// Which row came from where, and which group it belongs to.
    pub provenance: FileProof,
    /// What was read.
    pub inputs: Vec<FileProof>,
    /// The most similar pair of rows on two sides.
    pub closest: Closest,
}

/// How the sides were chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitTerms {
    /// By what they came about.
    pub choice: Choice,
    /// The seed of the hash.
    pub seed: u64,
    /// What was asked for validation.
    pub valid: String,
    /// What was asked for test.
    pub test: String,
    /// What the sides are balanced by.
    pub stratify: Option<String>,
    /// Where validation begins, when the sides are cut by time.
    pub after: Option<String>,
    /// Where test begins, when the sides are cut by time.
    pub test_after: Option<String>,
    /// Fields whose equal values keep rows together, beside conversations and prompts.
    pub group_by: Vec<String>,
    /// Whether usual keys that say whose conversation it is keep rows together, too.
    pub known_groups: bool,
    /// The earlier run whose sides hold.
    pub previous: Option<String>,
}

/// What counts as a twin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwinTerms {
    /// What is compared: conversation, prompt, answer, tools.
    pub on: String,
    /// Near twins, when they are looked for.
    pub near: Option<NearTerms>,
}

/// What counts as a near twin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearTerms {
    /// Least similarity of near twins (Jaccard over sets of shingles), 0 to 1.
    pub threshold: f64,
    /// The shingles: unit and number of units.
    pub shingle: String,
    /// What differs without meaning: dates, identifiers, numbers, or `off`.
    pub masks: String,
}

/// One side as it was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SideProof {
    /// The file.
    #[serde(flatten)]
    pub file: FileProof,
    /// Rows in it.
    pub rows: u64,
    /// Groups that stand on this side.
    pub groups: u64,
}

/// A file and its digest.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FileProof {
    /// Its name.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its BLAKE3 digest, in hexadecimal; absent where a run could not read the file twice.
    pub blake3: Option<String>,
}

/// What was looked for across the sides, and what was found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Closest {
    /// Every pair at or above this similarity was compared; absent where none was looked for.
    pub searched_from: Option<f64>,
    /// The most similar of them.
    pub pair: Option<ClosestPair>,
}

/// Two rows on two sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosestPair {
    /// Shingles that both have.
    pub shared: u64,
    /// Shingles that one of them has.
    pub union: u64,
    /// `shared` by `union`.
    pub similarity: f64,
    /// Where they stand.
    pub rows: [Place; 2],
}

/// A row of an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The row, from 1.
    pub row: u64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} row {}", self.file, self.row)
    }
}
