//! Running the detectors over a text: only those that can find something in it, and one answer for every place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;

use super::{Class, DETECTORS, Detector, Spec, Text, View, Wanted};
use crate::text::memory::Shared;
use crate::text::signs::Signs;

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which kind.
    pub spec: &'static Spec,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// Finds what is wanted of some class.
pub struct Finder {
    detectors: Vec<&'static Detector>,
    needs: Signs,
    words: Words,
    wanted: Wanted,
    /// What was found in texts that come again.
    known: Shared<Arc<[Found]>>,
}

/// Texts that are remembered with what was found in them: up to 2 MiB of text, and most often a few system prompts.
const REMEMBERED: usize = 64;
/// Bytes from which on a text is sooner looked up than looked at. With a prompt of 1,200 in every row `prepare` takes a tenth
/// fewer instructions for it; where no text comes again (HH-RLHF) `check` takes 1 in 100 more (callgrind, 2026-11-22).
const LONG: usize = 256;

/// Signs of which one is in every text that holds personal data.
const OF_PERSONAL: [Signs; 3] = [Signs::AT, Signs::DIGITS, Signs::ADDRESS];
/// Signs of which one is in every text that holds a secret. Of secrets made of letters alone none is known but with `_`.
const OF_SECRETS: [Signs; 4] = [Signs::AT, Signs::DIGITS, Signs::MIXED_WORD, Signs::UNDERSCORE];

impl Finder {
    /// A finder of what of `classes` is wanted.
    pub fn new(classes: &[Class], wanted: Wanted) -> Self {
        let is_wanted = |spec: &Spec| classes.contains(&spec.class) && wanted.has(spec.name);
        let detectors: Vec<_> =
            DETECTORS.iter().copied().filter(|detector| is_wanted(&detector.spec)).collect();
        let needs = |class: Class| match class {
            Class::Personal => OF_PERSONAL.as_slice(),
            Class::Secret => OF_SECRETS.as_slice(),
        };
        let there = |class: &Class| detectors.iter().any(|detector| detector.spec.class == *class);
        let signs = classes.iter().filter(|class| there(class)).flat_map(|class| needs(*class));
        let needs = signs.fold(Signs::default(), |all, sign| all | *sign);
        let words = Words::of(&detectors);
        Self { detectors, needs, words, wanted, known: Shared::new(REMEMBERED) }
    }

    /// Signs of which one is in every text in which something can be found; none when nothing is looked for.
    ///
    /// Digits beyond ASCII have none but [`Signs::NON_ASCII`].
    pub fn signs(&self) -> Signs {
        if self.needs == Signs::default() { self.needs } else { self.needs | Signs::NON_ASCII }
    }

    /// Appends what is found in `text`, in its order, nothing over another thing.
    pub fn find(&self, text: &str, found: &mut Vec<Found>) {
        let bytes = text.as_bytes();
        // A short one is told by a quick look, a long one that is known need not be looked at.
        if bytes.len() < LONG && !self.may_hold(bytes, Signs::of(bytes)) {
            return;
        }
        let known = self.known.recall(text, || {
            let mut found = Vec::new();
            let signs = Signs::of(bytes);
            if self.may_hold(bytes, signs) {
                self.find_in(&View::of(text), signs, bytes.len(), &mut found);
            }
            found.into()
        });
        found.extend_from_slice(&known);
    }

    /// The same in a piece of JSON, which may begin and end anywhere; the ranges are those of its bytes.
    pub fn find_in_json(&self, json: &[u8], found: &mut Vec<Found>) {
        let signs = Signs::of(json);
        if self.may_hold(json, signs) || memchr::memchr(b'\\', json).is_some() {
            self.find_in(&View::of_json(json), signs, json.len(), found);
        }
    }

    /// The quick answer: whether anything can be found at all.
    fn may_hold(&self, bytes: &[u8], signs: Signs) -> bool {
        signs.has_any(self.needs) || (signs.has_any(Signs::NON_ASCII) && has_foreign_digits(bytes))
    }

    /// Looks at the view of `length` bytes with `signs`.
    fn find_in(&self, view: &View<'_>, signs: Signs, length: usize, found: &mut Vec<Found>) {
        let text = view.looked_at(signs);
        if !text.signs.has_any(self.needs) {
            return;
        }
        let there = self.words.among(&text);
        let mut ranges = Vec::new();
        let mut all: Vec<Found> = Vec::new();
        for (index, detector) in self.detectors.iter().enumerate() {
            let spec = &detector.spec;
            if !spec.words.is_empty() && there & 1 << index == 0 {
                continue;
            }
            (detector.find)(&text, &mut ranges);
            all.extend(ranges.drain(..).map(|range| Found { spec, range }));
        }
        if all.is_empty() {
            return;
        }
        let first = found.len();
        found.extend(without_overlaps(all).into_iter().filter_map(|one| {
            let range = view.origin(&one.range);
            let allowed = view.text().get(one.range.clone()).is_some_and(|text| self.wanted.allows(text));
            (!allowed && range.end <= length).then_some(Found { range, ..one })
        }));
        if let Some(new) = found.get_mut(first..) {
            new.sort_by_key(|one| one.range.start);
        }
    }
}

/// Whether there are digits, or an `@`, that stand for those of ASCII: full-width ones, Arabic, Persian, Devanagari.
fn has_foreign_digits(bytes: &[u8]) -> bool {
    memchr::memchr3_iter(0xef, 0xd9, 0xdb, bytes).any(|at| {
        let next = bytes.get(at..at + 3);
        matches!(
            next,
            Some([0xef, 0xbc, 0x90..=0x99 | 0xa0] | [0xd9, 0xa0..=0xa9, _] | [0xdb, 0xb0..=0xb9, _])
        )
    }) || memchr::memmem::find(bytes, &[0xe0, 0xa5]).is_some()
}

/// The words of which some detectors need one, in whatever case.
struct Words {
    /// `None` where they are too many for one.
    automaton: Option<AhoCorasick>,
    /// For each word the detector that needs it, as a bit by its index.
    bits: Vec<u64>,
}

impl Words {
    fn of(detectors: &[&'static Detector]) -> Self {
        let of_detector = |(index, detector): (usize, &&'static Detector)| {
            detector.spec.words.iter().map(move |word| (*word, 1 << index))
        };
        let (words, bits): (Vec<&str>, Vec<u64>) = detectors.iter().enumerate().flat_map(of_detector).unzip();
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok();
        Self { automaton, bits }
    }

    /// Which detectors have one of their words in the text: one bit each, by their index.
    fn among(&self, text: &Text<'_>) -> u64 {
        // Without them every detector looks for itself.
        let Some(automaton) = &self.automaton else { return u64::MAX };
        automaton
            .find_overlapping_iter(text.text)
            .filter_map(|found| self.bits.get(found.pattern().as_usize()))
            .fold(0, |there, bit| there | bit)
    }
}

/// Keeps of those that overlap the surer one, of equally sure ones the longer, then the first.
fn without_overlaps(mut all: Vec<Found>) -> Vec<Found> {
    all.sort_by_key(|one| {
        (std::cmp::Reverse((one.spec.sureness, one.range.len())), one.range.start, one.spec.name)
    });
    let mut kept: BTreeMap<usize, Found> = BTreeMap::new();
    for one in all {
        let before = kept.range(..one.range.end).next_back();
        if before.is_none_or(|(_, before)| before.range.end <= one.range.start) {
            kept.insert(one.range.start, one);
        }
    }
    kept.into_values().collect()
}

/// Finds everything there is.
fn everything() -> &'static Finder {
    static ALL: LazyLock<Finder> =
        LazyLock::new(|| Finder::new(&[Class::Personal, Class::Secret], Wanted::default()));
    &ALL
}

/// A text with dots in the place of everything that may not be shown.
pub fn hide(text: &str) -> Cow<'_, str> {
    let mut found = Vec::new();
    everything().find(text, &mut found);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for one in &found {
        shown.push_str(text.get(at..one.range.start).unwrap_or_default());
        shown.push_str("•••");
        at = one.range.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(shown)
}

/// The ranges of bytes of a piece of JSON that may not be shown, in their order.
pub fn hidden_in_json(json: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    everything().find_in_json(json, &mut found);
    found.into_iter().map(|one| one.range).collect()
}
