//! How a model is tuned: what it learns from, and which weights change.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};
use crate::target::{Shape, TargetSpec};
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;

/// What the model learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Answers (supervised).
    Sft,
    /// Preferred answers and others.
    Dpo,
    /// Grades of its own answers (reinforcement).
    Rft,
    /// Any of them: a price list that makes no difference.
    All,
}

/// Which weights change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weights {
    /// Small matrices beside them (`LoRA`).
    Adapter,
    /// All of them.
    Full,
}

/// A method: `sft`, `sft-lora`, `dpo-full` …; without the weights, whichever the provider trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Method {
    /// What is learned from.
    pub kind: Kind,
    /// Which weights change, where that is said.
    pub weights: Option<Weights>,
}

/// Every method by its name, sorted.
const METHODS: &[(&str, Method)] = &[
    ("all", Method::of(Kind::All)),
    ("dpo", Method::of(Kind::Dpo)),
    ("dpo-full", Method { kind: Kind::Dpo, weights: Some(Weights::Full) }),
    ("dpo-lora", Method { kind: Kind::Dpo, weights: Some(Weights::Adapter) }),
    ("rft", Method::of(Kind::Rft)),
    ("sft", Method::of(Kind::Sft)),
    ("sft-full", Method { kind: Kind::Sft, weights: Some(Weights::Full) }),
    ("sft-lora", Method { kind: Kind::Sft, weights: Some(Weights::Adapter) }),
];

impl Method {
    const fn of(kind: Kind) -> Self {
        Self { kind, weights: None }
    }

    /// What rows of a target are for, with the weights that are asked for.
    pub fn for_target(spec: &TargetSpec, weights: Option<Weights>) -> Self {
        // The one target of rows that are graded is called so.
        let kind = match spec.shape {
            _ if spec.name.ends_with("-rft") => Kind::Rft,
            Shape::Preference => Kind::Dpo,
            Shape::Example => Kind::Sft,
        };
        // Graded rows are tuned in one way.
        Self { kind, weights: weights.filter(|_| kind != Kind::Rft) }
    }

    /// The methods under which a price list may have it, the first one first: by its name, by that of any weights, by that of
    /// all methods.
    pub fn priced_as(self) -> Vec<Self> {
        let mut names = vec![self];
        if self.weights.is_some() {
            names.push(Self::of(self.kind));
        }
        if matches!(self.kind, Kind::Sft | Kind::Dpo) {
            names.push(Self::of(Kind::All));
        }
        names
    }

    /// What is asked for where nobody says which weights change: adapters are what providers train unless told otherwise, and
    /// the cheaper of the two.
    pub fn asked_as(self) -> Vec<Self> {
        let with = |weights| Self { weights: Some(weights), ..self };
        match (self.kind, self.weights) {
            (Kind::Sft | Kind::Dpo, None) => vec![with(Weights::Adapter), with(Weights::Full)],
            _ => vec![self],
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        METHODS.iter().find(|(_, method)| *method == self).map_or("all", |(name, _)| name)
    }
}

impl Weights {
    /// Its name, as `--weights` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adapter => "lora",
            Self::Full => "full",
        }
    }
}

impl std::str::FromStr for Weights {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "lora" => Ok(Self::Adapter),
            "full" => Ok(Self::Full),
            other => Err(Error::usage(format!("`{}` is no way to tune", excerpt(other, 40)))
                .with_hint(suggestion(other, ["lora", "full"]))),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        METHODS.iter().find(|(known, _)| *known == name).map(|(_, method)| *method).ok_or_else(|| {
            let known = suggestion(&name, METHODS.iter().map(|(known, _)| *known));
            serde::de::Error::custom(format!("`{}` is no method of tuning: {known}", excerpt(&name, 40)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_named_and_found_in_price_lists() {
        assert!(METHODS.is_sorted_by(|a, b| a.0 < b.0));
        let names = |kind, weights| {
            Method { kind, weights }.priced_as().into_iter().map(Method::name).collect::<Vec<_>>()
        };
        assert_eq!(names(Kind::Sft, Some(Weights::Adapter)), ["sft-lora", "sft", "all"]);
        assert_eq!(names(Kind::Dpo, Some(Weights::Full)), ["dpo-full", "dpo", "all"]);
        let asked = Method::of(Kind::Sft).asked_as().into_iter().map(Method::name).collect::<Vec<_>>();
        assert_eq!(asked, ["sft-lora", "sft-full"]);
        assert_eq!(names(Kind::Rft, None), ["rft"; 1]);
    }

    #[test]
    fn targets_say_what_is_learned_from() {
        let of = |name| Method::for_target(crate::target::by_name(name).unwrap().spec(), None).name();
        assert_eq!(
            [of("openai-chat"), of("openai-dpo"), of("azure-rft"), of("together-preference")],
            ["sft", "dpo", "rft", "dpo"]
        );
    }
}
