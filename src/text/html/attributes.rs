//! The few attributes that decide how an element reads, collected for one tag at a time.

use std::ops::Range;

/// An attribute that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// Text for a picture.
    Alt,
    /// Class names.
    Class,
    /// Height of a picture.
    Height,
    /// Not shown at all.
    Hidden,
    /// Target of a link.
    Href,
    /// Identity of an element.
    Id,
    /// Name of an element.
    Name,
    /// First number of a list.
    Start,
    /// Inline style sheet.
    Style,
    /// Number of a list item.
    Value,
    /// Width of a picture.
    Width,
    /// Mail in `pre`, not code.
    Wrap,
}

impl Name {
    fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"alt" => Self::Alt,
            b"class" => Self::Class,
            b"height" => Self::Height,
            b"hidden" => Self::Hidden,
            b"href" => Self::Href,
            b"id" => Self::Id,
            b"name" => Self::Name,
            b"start" => Self::Start,
            b"style" => Self::Style,
            b"value" => Self::Value,
            b"width" => Self::Width,
            b"wrap" => Self::Wrap,
            _ => return None,
        })
    }
}

/// Longest name of an attribute that matters; of longer ones only so much is kept that they match nothing.
const LONGEST_NAME: usize = 8;

/// The attributes of the current tag; buffers are kept from tag to tag.
#[derive(Debug, Default)]
pub struct Attributes {
    name: Vec<u8>,
    values: Vec<u8>,
    found: Vec<(Name, Range<usize>)>,
    /// The name has been looked at, and whether the value is wanted.
    settled: bool,
    wanted: bool,
}

impl Attributes {
    /// Forgets all, for the next tag.
    pub fn clear(&mut self) {
        self.name.clear();
        self.values.clear();
        self.found.clear();
        self.settled = true;
    }

    /// Begins an attribute.
    pub fn begin(&mut self) {
        self.settle();
        self.name.clear();
        self.settled = false;
    }

    /// Adds to the name of the current attribute.
    pub fn push_name(&mut self, part: &[u8]) {
        if self.name.len() <= LONGEST_NAME {
            self.name.extend_from_slice(part);
        }
    }

    /// Adds to the value of the current attribute.
    pub fn push_value(&mut self, part: &[u8]) {
        self.settle();
        if self.wanted {
            self.values.extend_from_slice(part);
            if let Some((_, range)) = self.found.last_mut() {
                range.end = self.values.len();
            }
        }
    }

    /// Decides once per attribute whether it matters. Of equal names the first counts, as in a browser.
    pub fn settle(&mut self) {
        if self.settled {
            return;
        }
        self.settled = true;
        self.wanted = false;
        if let Some(name) = Name::of(&self.name)
            && !self.has(name)
        {
            self.wanted = true;
            self.found.push((name, self.values.len()..self.values.len()));
        }
    }

    /// Whether the attribute is there, with or without a value.
    pub fn has(&self, name: Name) -> bool {
        self.found.iter().any(|(found, _)| *found == name)
    }

    /// The value of an attribute; empty where it is missing.
    pub fn get(&self, name: Name) -> &[u8] {
        self.found
            .iter()
            .find(|(found, _)| *found == name)
            .and_then(|(_, range)| self.values.get(range.clone()))
            .unwrap_or_default()
    }

    /// The value as a whole number, where it begins with one (`1`, `1px`, `-3`).
    pub fn number(&self, name: Name) -> Option<i64> {
        let value = self.get(name).trim_ascii();
        let sign = usize::from(value.first() == Some(&b'-'));
        let digits = value.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(value.get(..sign + digits)?).ok()?.parse().ok()
    }

    /// The words of `class`.
    pub fn classes(&self) -> impl Iterator<Item = &[u8]> {
        self.get(Name::Class).split(u8::is_ascii_whitespace).filter(|class| !class.is_empty())
    }

    /// Whether a person never saw the element: `hidden`, `display:none` or `visibility:hidden`.
    pub fn hide(&self) -> bool {
        self.has(Name::Hidden)
            || self.declares(b"display", |value| value.starts_with(b"none"))
            || self.declares(b"visibility", |value| value.starts_with(b"hidden"))
    }

    /// Whether white space counts (`white-space: pre`, `pre-wrap`, `pre-line`, `break-spaces`).
    pub fn preserve(&self) -> bool {
        self.declares(b"white-space", |value| value.starts_with(b"pre") || value.starts_with(b"break-spaces"))
    }

    /// Whether the style has `property` with a value (in lower case, cut to 64 bytes) that `test` accepts.
    pub fn declares(&self, property: &[u8], test: impl Fn(&[u8]) -> bool) -> bool {
        self.get(Name::Style).split(|byte| *byte == b';').any(|declaration| {
            let declaration = declaration.trim_ascii();
            let Some((name, value)) = declaration.split_at_checked(property.len()) else { return false };
            if !name.eq_ignore_ascii_case(property) {
                return false;
            }
            let value = value.trim_ascii_start();
            let Some(value) = value.strip_prefix(b":") else { return false };
            let value = value.trim_ascii_start();
            test(&value[..value.len().min(64)].to_ascii_lowercase())
        })
    }
}
