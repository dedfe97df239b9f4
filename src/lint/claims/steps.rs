//! Steps of a list, and ways through menus.

use super::words;
use super::{Claim, Relation, Said};

/// Most steps that are compared, and most ways through menus of one answer.
const MOST_STEPS: usize = 30;
const MOST_MENUS: usize = 3;
/// Longest name of a menu, in characters.
const LONGEST_NAME: usize = 30;

/// The steps and menus of an answer.
pub(super) fn find(answer: &str, claims: &mut Vec<Claim>) {
    let mut menus: Vec<String> = answer.lines().flat_map(ways).collect();
    menus.sort();
    menus.dedup();
    if !menus.is_empty() && menus.len() <= MOST_MENUS {
        claims.push(claim(menus.join(", "), Said::Menus(menus.into())));
    }
    let lines: Vec<&str> = answer.lines().filter_map(item).collect();
    let steps: Vec<Box<[u64]>> = lines
        .iter()
        .map(|line| words::topic(words::words(&words::normal(line)).iter().map(String::as_str)))
        .collect();
    let usable = (2..=MOST_STEPS).contains(&steps.len()) && steps.iter().all(|step| !step.is_empty());
    if usable {
        let shown = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" / ");
        claims.push(claim(shown, Said::Steps(steps.into())));
    }
}

fn claim(shown: String, said: Said) -> Claim {
    Claim { said, topic: Box::default(), is_asked: false, shown, clause: String::new() }
}

/// The text of a numbered step; lists with bullets have no order and are seldom instructions.
fn item(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches("**");
    let line = line.strip_prefix("Step ").or_else(|| line.strip_prefix("step ")).unwrap_or(line);
    let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = line.len() - rest.len();
    let rest = rest.strip_prefix(['.', ')', ':'])?;
    ((1..=2).contains(&digits) && rest.starts_with(' ')).then_some(rest)
}

/// Ways through menus in a line: names with a capital, and an arrow between them.
fn ways(line: &str) -> Vec<String> {
    let plain = line
        .replace("->", ">")
        .replace(['→', '›', '»', '➔', '⇒', '▸'], ">")
        .replace(['*', '"', '“', '”', '`'], "");
    if line.contains("=>") || line.starts_with('>') || !plain.contains(" > ") {
        return Vec::new();
    }
    let parts: Vec<&str> = plain.split(" > ").collect();
    let mut names: Vec<&str> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let name = match (at == 0, at + 1 == parts.len()) {
            (true, _) => last_name(part),
            (false, true) => first_name(part),
            (false, false) => part.trim(),
        };
        let is_name =
            name.chars().next().is_some_and(char::is_uppercase) && name.chars().count() <= LONGEST_NAME;
        if !is_name {
            return Vec::new();
        }
        names.push(name);
    }
    vec![names.join(" > ")]
}

/// The words with a capital at the end of a text: `Open Settings` gives `Settings`, since a sentence begins with a capital, too.
fn last_name(text: &str) -> &str {
    let text = text.rsplit(['.', ':', ',', '(']).next().unwrap_or(text).trim();
    let mut begin = text.len();
    for (at, word) in words_with_places(text).into_iter().rev() {
        if !word.chars().next().is_some_and(char::is_uppercase)
            || at == 0 && begin < text.len() && VERBS.contains(&word)
        {
            break;
        }
        begin = at;
    }
    text.get(begin..).unwrap_or_default()
}

/// The words with a capital at the beginning of a text.
fn first_name(text: &str) -> &str {
    let text = text.split(['.', ',', ';', ')', '!', ':']).next().unwrap_or(text).trim();
    let mut end = 0;
    for (at, word) in words_with_places(text) {
        if !word.chars().next().is_some_and(char::is_uppercase) {
            break;
        }
        end = at + word.len();
    }
    text.get(..end).unwrap_or_default()
}

/// What the sentence before a way through menus begins with.
const VERBS: &[&str] = &["Choose", "Click", "Go", "Open", "Press", "Select", "Tap", "Use", "Visit"];

fn words_with_places(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let parts = text.split(' ').map(|word| {
        let begin = at;
        at += word.len() + 1;
        (begin, word)
    });
    parts.filter(|(_, word)| !word.is_empty()).collect()
}

/// Ways agree when one goes on where the other ends.
pub(super) fn menu_relation(one: &[String], other: &[String]) -> Relation {
    if one == other {
        return Relation::Same;
    }
    let along = |one: &String, other: &String| {
        let (one, other) = (one.to_lowercase(), other.to_lowercase());
        one.contains(other.as_str()) || other.contains(one.as_str())
    };
    let shared = one.iter().any(|one| other.iter().any(|other| along(one, other)));
    if shared { Relation::Compatible } else { Relation::Opposed }
}

/// From so many of a hundred words in common on two steps are the same, and from so many on one may be the other in other words.
const SAME_STEP: usize = 70;
const REWORDED_STEP: usize = 25;

/// Two lists are one procedure when half of the steps of the shorter one stand in both, nearly to the letter. Then they disagree where
/// a step is missing, another one stands in its place, or the order is another; but not where it may be told in other words.
pub(super) fn relation(one: &[Box<[u64]>], other: &[Box<[u64]>]) -> Relation {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (first, step) in one.iter().enumerate() {
        let likes = other.iter().enumerate().map(|(second, other)| (likeness(step, other), first, second));
        pairs.extend(likes.filter(|(likeness, ..)| *likeness >= REWORDED_STEP));
    }
    pairs.sort_by_key(|(likeness, first, second)| {
        (std::cmp::Reverse(*likeness), first + second, first.abs_diff(*second))
    });
    let mut matched: Vec<(usize, usize)> = Vec::new();
    let mut same = 0;
    for (likeness, first, second) in pairs {
        if matched.iter().all(|(one, other)| *one != first && *other != second) {
            matched.push((first, second));
            same += usize::from(likeness >= SAME_STEP);
        }
    }
    if same * 2 < one.len().min(other.len()).max(2) {
        return Relation::Strangers;
    }
    matched.sort_unstable();
    let in_order = matched.is_sorted_by_key(|(_, second)| *second);
    match matched.len() == one.len() && one.len() == other.len() && in_order {
        false => Relation::Opposed,
        true if same == one.len() => Relation::Same,
        true => Relation::Compatible,
    }
}

/// How many of a hundred words two steps share.
fn likeness(one: &[u64], other: &[u64]) -> usize {
    let both = words::shared(one, other);
    both * 100 / (one.len() + other.len() - both).max(1)
}
