//! How often the examples are gone through when nobody says.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

use super::book::Tariff;
use crate::error::{Error, Result};
use crate::text::number::{count, thousands};

/// Passes that are aimed at; this and the following four: OpenAI cookbook, `Chat_finetuning_data_prep` (read
/// 2026-11-21). The service picks for itself when a job says `auto`; this is its documented approximation.
const TARGET_EPOCHS: u64 = 3;
const MIN_TARGET_EXAMPLES: u64 = 100;
const MAX_TARGET_EXAMPLES: u64 = 25_000;
const MIN_DEFAULT_EPOCHS: u64 = 1;
const MAX_DEFAULT_EPOCHS: u64 = 25;

/// Most epochs where a provider says nothing: a bound against a slip, ours.
pub const EPOCHS_MAX: u64 = 1_000;

/// What a provider does when a job does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultEpochs {
    /// So many passes.
    Fixed(u64),
    /// [`cookbook`] of the number of examples.
    Cookbook,
}

impl<'de> Deserialize<'de> for DefaultEpochs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Epochs;
        impl Visitor<'_> for Epochs {
            type Value = DefaultEpochs;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number of epochs, or \"cookbook\"")
            }

            fn visit_i64<E: de::Error>(self, epochs: i64) -> Result<DefaultEpochs, E> {
                match u64::try_from(epochs) {
                    Ok(0) => Err(E::custom("0 epochs train nothing")),
                    Ok(epochs) if epochs <= EPOCHS_MAX => Ok(DefaultEpochs::Fixed(epochs)),
                    _ => Err(E::custom(format!("a job has 1 to {EPOCHS_MAX} epochs"))),
                }
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<DefaultEpochs, E> {
                match name {
                    "cookbook" => Ok(DefaultEpochs::Cookbook),
                    _ => Err(E::invalid_value(de::Unexpected::Str(name), &self)),
                }
            }
        }
        deserializer.deserialize_any(Epochs)
    }
}

/// Where the number of epochs is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EpochsHow {
    /// The caller said so.
    Given,
    /// The provider's published default.
    Default,
    /// [`cookbook`] of the number of examples.
    Heuristic,
    /// No default is published: the figures are for one.
    Unknown,
}

/// As many passes as are given, where a job may have at most `most`.
pub fn passes(given: u64, most: u64) -> Result<u64> {
    if given == 0 {
        return Err(Error::usage("0 epochs train nothing").with_hint("give 1 or more epochs, or none at all"));
    }
    if given > most {
        let message = format!("{} are more than a job takes", count(given, "epoch"));
        return Err(Error::usage(message).with_hint(format!("1 to {} are taken", thousands(most))));
    }
    Ok(given)
}

/// The passes of a job over so many examples, and where that is from; `given` is judged by what the provider takes.
pub fn epochs(tariff: &Tariff, given: Option<u64>, examples: u64) -> Result<(u64, EpochsHow)> {
    let most = tariff.epochs_max.as_ref().map_or(EPOCHS_MAX, |most| most.is);
    match (given, tariff.epochs.as_ref().map(|epochs| epochs.is)) {
        (Some(given), _) => Ok((passes(given, most)?, EpochsHow::Given)),
        (None, Some(DefaultEpochs::Fixed(epochs))) => Ok((epochs, EpochsHow::Default)),
        (None, Some(DefaultEpochs::Cookbook)) => Ok((cookbook(examples), EpochsHow::Heuristic)),
        (None, None) => Ok((1, EpochsHow::Unknown)),
    }
}

/// The cookbook's default for a file of so many examples, from 1 to 25.
///
/// Small files are gone through until about 100 examples were seen, large ones until about 25,000. For no examples,
/// where the cookbook divides by zero, it is the target of 3.
pub fn cookbook(examples: u64) -> u64 {
    let seen = examples.saturating_mul(TARGET_EPOCHS);
    if examples == 0 {
        TARGET_EPOCHS
    } else if seen < MIN_TARGET_EXAMPLES {
        MAX_DEFAULT_EPOCHS.min(MIN_TARGET_EXAMPLES / examples)
    } else if seen > MAX_TARGET_EXAMPLES {
        MIN_DEFAULT_EPOCHS.max(MAX_TARGET_EXAMPLES / examples)
    } else {
        TARGET_EPOCHS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_the_cookbooks() {
        let steps = [
            (0, 3),
            (1, 25),
            (4, 25),
            (5, 20),
            (10, 10),
            (20, 5),
            (33, 3),
            (34, 3),
            (8_333, 3),
            (8_334, 2),
            (10_000, 2),
            (12_500, 2),
            (12_501, 1),
            (25_001, 1),
            (u64::MAX, 1),
        ];
        for (examples, epochs) in steps {
            assert_eq!(cookbook(examples), epochs, "{examples} examples");
        }
    }
}
