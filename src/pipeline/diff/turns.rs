//! Two rows that are one, turn by turn: which turns are the same, which differ and in what, which came and went.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

use super::row::{Row, Turn};
use super::similar::{Sample, overlap, sample};
use crate::report::difference::{AttributeChange, Pair, TextEdit, TurnChange, TurnFate};
use crate::text::word_edits::{WordEdit, word_edits};

/// Between two turns that stay, old and new ones are compared each with each as long as that are no more pairs;
/// beyond, they are taken in their order.
const PAIRS_MOST: usize = 10_000;
/// Pairs of words by which two turns are compared.
const SAMPLE: usize = 256;
/// What speaks for taking two turns for one: the same role, beside up to 1 for their words. Turns that have neither the
/// role nor half of their words in common are two.
const SAME_ROLE: f32 = 0.5;
const OTHER_ROLE_LEAST: f32 = 0.5;

/// What differs between two rows, in the order of the turns.
pub(super) fn turn_changes(old: &Row<'_>, new: &Row<'_>) -> Vec<TurnChange> {
    let mut input = InternedInput::default();
    input.update_before(old.turns.iter().map(key));
    input.update_after(new.turns.iter().map(key));
    let diff = Diff::compute(Algorithm::Myers, &input);
    let mut changes = Vec::new();
    for hunk in diff.hunks() {
        let range = |range: &Range<u32>| range.start as usize..range.end as usize;
        let (olds, news) = (range(&hunk.before), range(&hunk.after));
        for step in align(&old.turns, &new.turns, olds, news) {
            match step {
                Step::Both(at, to) => {
                    if let (Some(old), Some(new)) = (old.turns.get(at), new.turns.get(to)) {
                        changes.push(changed(old, new, at, to));
                    }
                }
                Step::Old(at) => changes.extend(old.turns.get(at).map(|turn| alone(turn, Some(at), None))),
                Step::New(to) => changes.extend(new.turns.get(to).map(|turn| alone(turn, None, Some(to)))),
            }
        }
    }
    changes
}

/// What differs of a row beside its turns.
pub(super) fn row_attributes(old: &Row<'_>, new: &Row<'_>) -> Vec<AttributeChange> {
    let label = |row: &Row<'_>| row.label.map(|label| label.to_string());
    let mut changes = Vec::new();
    attribute("label", label(old), label(new), &mut changes);
    let mut input = InternedInput::default();
    input.update_before(old.tools.iter().map(String::as_str));
    input.update_after(new.tools.iter().map(String::as_str));
    for hunk in Diff::compute(Algorithm::Myers, &input).hunks() {
        let olds = old.tools.get(hunk.before.start as usize..hunk.before.end as usize);
        let news = new.tools.get(hunk.after.start as usize..hunk.after.end as usize);
        lists("tool", olds.unwrap_or_default(), news.unwrap_or_default(), &mut changes);
    }
    changes
}

/// All that makes a turn the same as another.
fn key(turn: &Turn<'_>) -> Vec<u8> {
    // Our own types always serialise.
    serde_json::to_vec(turn).unwrap_or_default()
}

enum Step {
    Both(usize, usize),
    Old(usize),
    New(usize),
}

/// Which turns of two stretches without equal ones belong together: those that make the sum of what speaks for it the
/// highest, without crossing one another.
fn align(old: &[Turn<'_>], new: &[Turn<'_>], olds: Range<usize>, news: Range<usize>) -> Vec<Step> {
    if olds.is_empty() || news.is_empty() {
        return olds.map(Step::Old).chain(news.map(Step::New)).collect();
    }
    if olds.len().saturating_mul(news.len()) > PAIRS_MOST {
        return in_order(old, new, olds, news);
    }
    let samples = |turns: &[Turn<'_>], range: &Range<usize>| -> Vec<Sample> {
        let turns = turns.get(range.clone()).unwrap_or_default();
        turns.iter().map(|turn| sample(turn.texts(), SAMPLE)).collect()
    };
    let (old_samples, new_samples) = (samples(old, &olds), samples(new, &news));
    let width = news.len() + 1;
    let speaks = |at: usize, to: usize| -> Option<f32> {
        let (one, other) = (old.get(olds.start + at)?, new.get(news.start + to)?);
        let words = overlap(old_samples.get(at)?, new_samples.get(to)?);
        let same = one.role == other.role && one.list == other.list;
        if same { Some(SAME_ROLE + words) } else { (words >= OTHER_ROLE_LEAST).then_some(words) }
    };
    // The best sum for what is left of both stretches, from their ends.
    let mut best = vec![0.0_f32; (olds.len() + 1) * width];
    let sum = |best: &[f32], at: usize, to: usize| best.get(at * width + to).copied().unwrap_or_default();
    for at in (0..olds.len()).rev() {
        for to in (0..news.len()).rev() {
            let both = speaks(at, to).map_or(f32::MIN, |speaks| speaks + sum(&best, at + 1, to + 1));
            let most = both.max(sum(&best, at + 1, to)).max(sum(&best, at, to + 1));
            if let Some(place) = best.get_mut(at * width + to) {
                *place = most;
            }
        }
    }
    let (mut at, mut to, mut steps) = (0, 0, Vec::new());
    while at < olds.len() && to < news.len() {
        let here = sum(&best, at, to);
        if speaks(at, to).is_some_and(|speaks| speaks + sum(&best, at + 1, to + 1) >= here) {
            steps.push(Step::Both(olds.start + at, news.start + to));
            (at, to) = (at + 1, to + 1);
        } else if sum(&best, at + 1, to) >= here {
            steps.push(Step::Old(olds.start + at));
            at += 1;
        } else {
            steps.push(Step::New(news.start + to));
            to += 1;
        }
    }
    steps.extend((olds.start + at..olds.end).map(Step::Old));
    steps.extend((news.start + to..news.end).map(Step::New));
    steps
}

/// Turns of one role in their order.
fn in_order(old: &[Turn<'_>], new: &[Turn<'_>], olds: Range<usize>, news: Range<usize>) -> Vec<Step> {
    let mut steps = Vec::new();
    let both = olds.len().min(news.len());
    for (at, to) in olds.clone().zip(news.clone()) {
        if old.get(at).map(|turn| &turn.role) == new.get(to).map(|turn| &turn.role) {
            steps.push(Step::Both(at, to));
        } else {
            steps.extend([Step::Old(at), Step::New(to)]);
        }
    }
    steps.extend((olds.start + both..olds.end).map(Step::Old));
    steps.extend((news.start + both..news.end).map(Step::New));
    steps
}

fn alone(turn: &Turn<'_>, old: Option<usize>, new: Option<usize>) -> TurnChange {
    let says: Vec<&str> = turn.texts().filter(|text| !text.is_empty()).collect();
    let mut attributes = Vec::new();
    let marks = [
        ("name", turn.name.as_deref().map(str::to_owned)),
        ("weight", turn.masked.then(|| "0".to_owned())),
        ("answers", turn.answers.clone()),
    ];
    for (name, mark) in marks {
        let (before, after) = if old.is_some() { (mark, None) } else { (None, mark) };
        attribute(name, before, after, &mut attributes);
    }
    TurnChange {
        fate: if old.is_some() { TurnFate::Removed } else { TurnFate::Added },
        list: turn.list.to_string(),
        old: old.map(|at| at + 1),
        new: new.map(|to| to + 1),
        role: turn.role.to_string(),
        text: Some(says.join("\n")),
        edits: Vec::new(),
        attributes,
        around: <_>::default(),
    }
}

fn changed(old: &Turn<'_>, new: &Turn<'_>, at: usize, to: usize) -> TurnChange {
    let mut attributes = Vec::new();
    let given = |text: &str| Some(text.to_owned());
    attribute("role", given(&old.role), given(&new.role), &mut attributes);
    attribute("list", given(&old.list), given(&new.list), &mut attributes);
    let name = |turn: &Turn<'_>| turn.name.as_deref().map(str::to_owned);
    attribute("name", name(old), name(new), &mut attributes);
    let weight = |turn: &Turn<'_>| Some(if turn.masked { "0" } else { "1" }.to_owned());
    attribute("weight", weight(old), weight(new), &mut attributes);
    attribute("answers", old.answers.clone(), new.answers.clone(), &mut attributes);
    lists("call", &old.calls, &new.calls, &mut attributes);
    let words = word_edits(&old.text, &new.text);
    if words.is_empty() {
        let parts = |turn: &Turn<'_>| Some(turn.parts.to_string());
        attribute("parts", parts(old), parts(new), &mut attributes);
    }
    TurnChange {
        fate: TurnFate::Changed,
        list: new.list.to_string(),
        old: Some(at + 1),
        new: Some(to + 1),
        role: new.role.to_string(),
        text: None,
        edits: edits(&old.text, &new.text, &words),
        attributes,
        around: (old.text.to_string(), words),
    }
}

/// Edits with what they hold; bytes are counted anew as characters on the way through both texts.
fn edits(old: &str, new: &str, words: &[WordEdit]) -> Vec<TextEdit> {
    let (mut at, mut bytes) = (Pair::<usize>::default(), Pair::<usize>::default());
    let count = |text: &str, range: Range<usize>| text.get(range).unwrap_or_default().chars().count();
    let edit = |edit: &WordEdit| {
        at.old += count(old, bytes.old..edit.old.start);
        at.new += count(new, bytes.new..edit.new.start);
        bytes = Pair { old: edit.old.start, new: edit.new.start };
        let cut = |text: &str, range: &Range<usize>| text.get(range.clone()).unwrap_or_default().to_owned();
        TextEdit { at, words: Pair { old: cut(old, &edit.old), new: cut(new, &edit.new) } }
    };
    words.iter().map(edit).collect()
}

fn attribute(
    name: &'static str,
    old: Option<String>,
    new: Option<String>,
    changes: &mut Vec<AttributeChange>,
) {
    if old != new {
        changes.push(AttributeChange { name, value: Pair { old, new } });
    }
}

/// Two lists without what they begin and end with alike, one under the other.
fn lists(name: &'static str, old: &[String], new: &[String], changes: &mut Vec<AttributeChange>) {
    let alike = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(alike..).unwrap_or_default(), new.get(alike..).unwrap_or_default());
    let alike = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let rest = |list: &[String]| list.get(..list.len() - alike).map(<[String]>::to_vec).unwrap_or_default();
    let (old, new) = (rest(old), rest(new));
    for index in 0..old.len().max(new.len()) {
        attribute(name, old.get(index).cloned(), new.get(index).cloned(), changes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(turns: &[(&'static str, &'static str)]) -> Row<'static> {
        let turn = |(role, text): &(&'static str, &'static str)| Turn {
            list: "".into(),
            role: (*role).into(),
            name: None,
            masked: false,
            text: (*text).into(),
            parts: 1,
            calls: Vec::new(),
            answers: None,
        };
        Row { turns: turns.iter().map(turn).collect(), ..Row::default() }
    }

    fn told(old: &[(&'static str, &'static str)], new: &[(&'static str, &'static str)]) -> Vec<String> {
        let tell = |change: TurnChange| {
            let fate = match change.fate {
                TurnFate::Changed => "~",
                TurnFate::Removed => "-",
                TurnFate::Added => "+",
            };
            let place =
                |number: Option<usize>| number.map_or_else(|| "_".to_owned(), |number| number.to_string());
            format!("{fate}{}{}{}", change.role, place(change.old), place(change.new))
        };
        turn_changes(&row(old), &row(new)).into_iter().map(tell).collect()
    }

    #[test]
    fn turns_belong_together_by_role_and_words() {
        let old = [
            ("user", "Where is my parcel?"),
            ("assistant", "It takes 30 days."),
            ("user", "Thanks"),
            ("assistant", "Bye"),
        ];
        let mut new = old;
        assert!(told(&old, &new).is_empty());
        new[1].1 = "It takes 14 days.";
        assert_eq!(told(&old, &new), ["~assistant22"]);
        assert_eq!(told(&old, &old[..2]), ["-user3_", "-assistant4_"]);
        let more = [("system", "Be kind."), old[0], new[1], old[2], ("user", "Hello?"), old[3]];
        assert_eq!(told(&old, &more), ["+system_1", "~assistant23", "+user_5"]);
        let roles = [("user", "Where is my parcel?"), ("user", "It takes 30 days."), old[2], old[3]];
        assert_eq!(told(&old, &roles), ["~user22"]);
    }

    #[test]
    fn many_turns_are_taken_in_their_order() {
        let long = |text: &'static str| vec![("user", text); 2_000];
        assert_eq!(told(&long("a"), &long("b")).len(), 2_000);
    }

    #[test]
    fn places_of_edits_are_characters() {
        let changes = turn_changes(&row(&[("user", "日本 a b")]), &row(&[("user", "日本語 a c")]));
        let at: Vec<(usize, usize)> =
            changes[0].edits.iter().map(|edit| (edit.at.old, edit.at.new)).collect();
        assert_eq!(at, [(2, 2), (5, 6)]);
    }
}
