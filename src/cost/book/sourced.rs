//! A figure with where it is from.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::civil::Date;
use serde::de::value::StrDeserializer;
use serde::de::{self, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How sure a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sure {
    /// The user says so.
    #[default]
    Given,
    /// Read in the provider's own publication.
    Official,
    /// Read in copies of it that agree.
    Copy,
    /// From copies that could not be traced, or without any record.
    Weak,
}

impl Sure {
    /// In words, for pages.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Given => "as given",
            Self::Official => "official",
            Self::Copy => "a copy",
            Self::Weak => "weak",
        }
    }
}

/// A day, written `2026-11-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = text.parse().map_err(|_| {
            let shown = crate::text::sanitize::excerpt(&text, 40);
            de::Error::custom(format!("`{shown}` is no day; write it as `2026-11-21`, in quotes"))
        })?;
        Ok(Self(day))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Where a figure is from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is, with the day it was written where that is known.
    pub what: String,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
    /// When it was read; the day of the file when nothing is said.
    #[serde(default)]
    pub read: Option<Day>,
    /// How sure it is.
    pub sure: Sure,
}

/// A figure and its source. In a file `{ is = 3.00, from = "list" }`, where `[source.list]` says what that is; a bare
/// `3.00` is from the file itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// The figure.
    pub is: T,
    /// Its source.
    pub said: Said,
}

/// The source of a figure: by name as read, then itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Said {
    pub(super) from: Option<String>,
    pub(super) source: Arc<Source>,
}

impl<T> Sourced<T> {
    /// Where the figure is from.
    pub fn source(&self) -> &Source {
        &self.said.source
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Sourced<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Figure(PhantomData))
    }
}

struct Figure<T>(PhantomData<T>);

impl<T> Figure<T> {
    fn bare<E>(is: Result<T, E>) -> Result<Sourced<T>, E> {
        is.map(|is| Sourced { is, said: Said::default() })
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Figure<T> {
    type Value = Sourced<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a figure, or { is = figure, from = \"source\" }")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Sourced<T>, E> {
        let read: Result<T, E> = T::deserialize(value.into_deserializer());
        // What is counted is whole: the words of serde name a type of the program.
        Self::bare(read.map_err(|error| match error.to_string() {
            says if says.contains("expected u64") => {
                E::custom(format!("a whole number is wanted, not {value}"))
            }
            _ => error,
        }))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Sourced<T>, E> {
        Self::bare(T::deserialize(value.into_deserializer()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Sourced<T>, E> {
        let value: StrDeserializer<'_, E> = value.into_deserializer();
        Self::bare(T::deserialize(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sourced<T>, A::Error> {
        let (mut is, mut from) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "is" => is = Some(map.next_value()?),
                "from" => from = Some(map.next_value()?),
                other => return Err(de::Error::unknown_field(other, &["is", "from"])),
            }
        }
        let is = is.ok_or_else(|| de::Error::missing_field("is"))?;
        Ok(Sourced { is, said: Said { from, source: Arc::default() } })
    }
}
