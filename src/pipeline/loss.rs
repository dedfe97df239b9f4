//! Where the loss goes: which tokens of each example are trained, and how many of them say the same again and again.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::plan::Plan;
use super::work::mask;
use crate::model::{Body, Example, Message, Role, TokenCount};
use crate::read::assemble::cuts;
use crate::text::hash::fingerprint;
use crate::tokens::{Mask, Outline};

/// In so many examples or more an answer, or its beginning, is boilerplate.
const REPEATS: u32 = 3;
/// Words of a beginning. Shorter answers repeat as a whole or not at all.
const BEGINNING: usize = 8;

/// What is trained of one example.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// Tokens of the example, or of the longer of a preference's two sequences: the count where it is exact, else the upper
    /// end, since it is limits that are planned.
    pub tokens: u64,
    /// Tokens of a preference's other sequence; 0 of an example.
    pub second: u64,
    /// Tokens of the longest part that it can be divided into, the instructions with it; `None` where it cannot be divided.
    pub part: Option<u64>,
    /// Tokens that carry loss, as counted.
    pub loss: u64,
    /// Stretches of tokens that carry loss, as begin and end in their sequence, in order.
    pub spans: Vec<(u64, u64)>,
    /// Where each answer that carries loss ends.
    pub ends: Vec<u64>,
    pub(super) answers: Vec<Answer>,
}

/// An answer that carries loss.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    whole: u64,
    tokens: u32,
    beginning: u64,
    beginning_tokens: u32,
}

impl Learned {
    /// Looks at one example or preference that was counted, and outlined, where that was done already.
    pub fn of(body: &Body, plan: &Plan, count: &TokenCount, outline: Option<&Outline>) -> Self {
        let mask = mask(plan.target.spec());
        let tokens = count.sequence().high;
        match body {
            Body::Example(example) => {
                let made = outline.is_none().then(|| plan.meter.outline(example, mask));
                let Some(whole) = outline.or(made.as_ref()) else { return Self::default() };
                // Places are known in the lower ends; the longest that it may be stretches them.
                let all = whole.sum().total.max(1);
                let stretch = |at: u64| {
                    let at = u128::from(at) * u128::from(tokens) / u128::from(all);
                    u64::try_from(at).unwrap_or(u64::MAX)
                };
                let spans: Vec<(u64, u64)> =
                    spans(whole).into_iter().map(|(begin, end)| (stretch(begin), stretch(end))).collect();
                let answers = answers(&example.messages, mask, plan, outline);
                let ends = match mask {
                    Mask::Everything => ends(whole, &example.messages).into_iter().map(stretch).collect(),
                    _ => spans.iter().map(|(_, end)| *end).collect(),
                };
                let part = longest_part(&example.messages, whole).map(stretch);
                Self { tokens, second: 0, part, loss: count.trained, spans, ends, answers }
            }
            Body::Preference(preference) => {
                // Each answer is a sequence of its own after the prompt.
                let sequence = |answer: &[Message]| {
                    let messages = preference.prompt.iter().chain(answer).cloned().collect();
                    let tools = preference.tools.clone();
                    plan.meter.outline(&Example { messages, tools, ..Example::default() }, Mask::LastAnswer)
                };
                let mut learned = Self { loss: count.trained, ..Self::default() };
                for answer in [&preference.chosen, &preference.rejected] {
                    let outline = sequence(answer);
                    let sum = outline.sum();
                    let tokens = if sum.exact { sum.total } else { sum.high };
                    let stretch = |at: u64| at * tokens / sum.total.max(1);
                    let of_it =
                        spans(&outline).into_iter().map(|(begin, end)| (stretch(begin), stretch(end)));
                    learned.spans.extend(of_it);
                    let longest = learned.tokens.max(tokens);
                    (learned.tokens, learned.second) = (longest, learned.tokens.min(tokens));
                    learned.answers.extend(
                        answer.iter().filter_map(|message| self::answer(message, counted(message, plan))),
                    );
                }
                learned.ends = learned.spans.iter().map(|(_, end)| *end).collect();
                learned
            }
        }
    }

    /// Whether it is longer than a limit, and parts of it are not.
    pub fn is_divisible(&self, limit: u64) -> bool {
        self.tokens > limit && self.part.is_some_and(|part| part <= limit)
    }

    /// Tokens of its sequences.
    pub fn sequences(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.tokens).chain((self.second > 0).then_some(self.second))
    }

    /// Tokens that carry loss.
    pub fn trained(&self) -> u64 {
        self.spans.iter().map(|(begin, end)| end - begin).sum()
    }

    /// Tokens that carry loss and are left by a limit, where longer examples are cut or, with `drops`, left out.
    pub fn left(&self, limit: u64, drops: bool) -> u64 {
        if drops && self.tokens > limit {
            return 0;
        }
        self.spans.iter().map(|(begin, end)| end.min(&limit).saturating_sub(*begin)).sum()
    }

    /// Answers of which the limit takes something.
    pub fn cut_answers(&self, limit: u64, drops: bool) -> u64 {
        let cut = |end: &&u64| **end > limit || (drops && self.tokens > limit);
        self.ends.iter().filter(cut).count() as u64
    }
}

/// Tokens of the longest part that an example can be divided into; `None` where there is one.
fn longest_part(messages: &[Message], outline: &Outline) -> Option<u64> {
    let cuts = cuts(messages);
    if cuts.is_empty() {
        return None;
    }
    let tokens = |from: usize, to: usize| -> u64 {
        outline.pieces.get(from..to).unwrap_or_default().iter().map(|piece| piece.tokens.low).sum()
    };
    // What a template renders is not in messages, and how long its parts are is not known before they are made.
    if outline.pieces.len() != messages.len() {
        return Some(0);
    }
    let leading = messages.iter().take_while(|message| message.role.is_instruction()).count();
    let instructions = outline.lead.low + tokens(0, leading);
    let begins = std::iter::once(leading).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([messages.len()]);
    begins.zip(ends).map(|(begin, end)| instructions + tokens(begin, end)).max()
}

fn spans(outline: &Outline) -> Vec<(u64, u64)> {
    let mut spans: Vec<(u64, u64)> = Vec::new();
    let mut at = outline.lead.low;
    if outline.lead_trained && at > 0 {
        spans.push((0, at));
    }
    for piece in &outline.pieces {
        at += piece.tokens.low;
        if piece.trained > 0 {
            spans.push((at.saturating_sub(piece.trained), at));
        }
    }
    spans
}

/// Where the answers end among pieces that all carry loss; nowhere, where a template rendered one piece of all.
fn ends(outline: &Outline, messages: &[Message]) -> Vec<u64> {
    let mut at = outline.lead.low;
    let mut ends = Vec::new();
    for (piece, message) in outline.pieces.iter().zip(messages) {
        at += piece.tokens.low;
        if message.role == Role::Assistant && outline.pieces.len() == messages.len() {
            ends.push(at);
        }
    }
    ends
}

fn answers(messages: &[Message], mask: Mask, plan: &Plan, outline: Option<&Outline>) -> Vec<Answer> {
    let last = messages.iter().rposition(|message| message.role == Role::Assistant);
    let is_trained = |(index, message): &(usize, &Message)| {
        message.is_trained_answer()
            && match mask {
                Mask::Nothing => false,
                Mask::Answers | Mask::Everything => true,
                Mask::LastAnswer => Some(*index) == last,
            }
    };
    let tokens = |index: usize, message: &Message| match outline.and_then(|outline| outline.pieces.get(index))
    {
        Some(piece) => piece.content,
        None => counted(message, plan),
    };
    let trained = messages.iter().enumerate().filter(is_trained);
    trained.filter_map(|(index, message)| answer(message, tokens(index, message))).collect()
}

fn counted(message: &Message, plan: &Plan) -> u64 {
    message.texts().map(|text| plan.meter.counter.count(text)).sum()
}

/// What is remembered of an answer of so many tokens; of its beginning the share of its letters is taken.
fn answer(message: &Message, tokens: u64) -> Option<Answer> {
    // Its words, a blank behind each, and where the beginning ends.
    let mut said = Vec::with_capacity(message.texts().map(str::len).sum::<usize>() + 1);
    let mut beginning = None;
    for (before, word) in message.texts().flat_map(str::split_whitespace).enumerate() {
        said.extend_from_slice(word.as_bytes());
        said.push(b' ');
        if before + 1 == BEGINNING {
            beginning = Some(said.len());
        }
    }
    let beginning = beginning.and_then(|end| said.get(..end));
    // With the blank at its end a beginning is no whole answer, whatever stands in it.
    let key = |words: &[u8]| u64::try_from(fingerprint(words) & u128::from(u64::MAX)).unwrap_or(0);
    let share = |part: &[u8]| tokens * part.len() as u64 / said.len().max(1) as u64;
    let narrow = |tokens: u64| u32::try_from(tokens).unwrap_or(u32::MAX);
    (!said.is_empty()).then(|| Answer {
        whole: key(said.trim_ascii_end()),
        tokens: narrow(tokens),
        beginning: beginning.map_or(0, key),
        beginning_tokens: beginning.map_or(0, |part| narrow(share(part))),
    })
}

/// Where the loss of all examples goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Tokens that carry loss.
    pub trained: u64,
    /// Answers that stand word for word in three examples or more.
    pub repeated_answers: u64,
    /// Tokens of their texts, and of the first eight words of other answers, where those stand in three or more.
    pub boilerplate: u64,
    /// The longest one of a hundred examples, at least one.
    pub longest_examples: u64,
    /// Tokens of theirs that carry loss.
    pub longest: u64,
}

/// Adds up where the loss goes.
#[derive(Default)]
pub(super) struct LossTally {
    /// How often, and in which row last.
    seen: FxHashMap<u64, (u32, u32)>,
    answers: Vec<Answer>,
    rows: Vec<(u64, u64)>,
}

impl LossTally {
    /// Adds an example.
    pub(super) fn add(&mut self, learned: &Learned) {
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push((learned.tokens, learned.loss));
        for answer in &learned.answers {
            for key in [answer.whole, answer.beginning].into_iter().filter(|key| *key != 0) {
                let (times, last) = self.seen.entry(key).or_insert((0, u32::MAX));
                // Twice in one example is once.
                if std::mem::replace(last, row) != row {
                    *times += 1;
                }
            }
        }
        self.answers.extend(&learned.answers);
    }

    /// The shares.
    pub(super) fn finish(mut self) -> Loss {
        let repeated = |key: u64| self.seen.get(&key).is_some_and(|(times, _)| *times >= REPEATS);
        let (mut repeated_answers, mut boilerplate) = (0, 0);
        for answer in &self.answers {
            if repeated(answer.whole) {
                repeated_answers += 1;
                boilerplate += u64::from(answer.tokens);
            } else if repeated(answer.beginning) {
                boilerplate += u64::from(answer.beginning_tokens);
            }
        }
        self.rows.sort_unstable_by(|a, b| b.cmp(a));
        let longest_examples = self.rows.len().div_ceil(100);
        Loss {
            trained: self.rows.iter().map(|(_, trained)| trained).sum(),
            repeated_answers,
            boilerplate,
            longest_examples: longest_examples as u64,
            longest: self.rows.iter().take(longest_examples).map(|(_, trained)| trained).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(tokens: u64, spans: &[(u64, u64)], answers: &[(u64, u64)]) -> Learned {
        let answer =
            |&(whole, beginning): &(u64, u64)| Answer { whole, tokens: 10, beginning, beginning_tokens: 4 };
        let ends = spans.iter().map(|(_, end)| *end).collect();
        Learned {
            tokens,
            second: 0,
            part: None,
            loss: spans.iter().map(|(begin, end)| end - begin).sum(),
            spans: spans.to_vec(),
            ends,
            answers: answers.iter().map(answer).collect(),
        }
    }

    #[test]
    fn what_a_limit_leaves() {
        let row = learned(50, &[(10, 20), (40, 50)], &[]);
        assert_eq!(row.trained(), 20);
        assert_eq!(
            [9, 10, 15, 20, 45, 50, 99].map(|limit| row.left(limit, false)),
            [0, 0, 5, 10, 15, 20, 20]
        );
        assert_eq!([9, 15, 20, 45, 50].map(|limit| row.cut_answers(limit, false)), [2, 2, 1, 1, 0]);
        assert_eq!(
            [(49, true), (50, true)]
                .map(|(limit, drops)| (row.left(limit, drops), row.cut_answers(limit, drops))),
            [(0, 2), (20, 0)]
        );
    }

    #[test]
    fn an_answer_of_eight_words_is_a_beginning_and_no_answer_that_goes_on() {
        let eight = "We are glad that you wrote to us.";
        let mut tally = LossTally::default();
        for text in [eight.to_owned(), format!("{eight} Bye."), format!("{eight} Now then")] {
            let answer = answer(&Message::text(Role::Assistant, text), 20).unwrap();
            tally.add(&Learned { answers: vec![answer], ..Learned::default() });
        }
        let loss = tally.finish();
        // The beginning's share of 34, 39 and 43 letters.
        assert_eq!((loss.repeated_answers, loss.boilerplate), (0, 20 + 20 * 34 / 39 + 20 * 34 / 43));
    }

    #[test]
    fn boilerplate_is_what_three_examples_say() {
        let mut tally = LossTally::default();
        // Said twice in one example, and in two others: three times. The beginning 7 stands in three, too.
        tally.add(&learned(100, &[(0, 30)], &[(1, 0), (1, 0), (2, 7)]));
        tally.add(&learned(10, &[(0, 20)], &[(1, 0), (3, 7)]));
        tally.add(&learned(20, &[(0, 20)], &[(1, 0), (4, 7)]));
        tally.add(&learned(5, &[(0, 20)], &[(5, 8), (6, 8)]));
        let loss = tally.finish();
        assert_eq!((loss.repeated_answers, loss.boilerplate), (4, 4 * 10 + 3 * 4));
        assert_eq!((loss.trained, loss.longest_examples, loss.longest), (90, 1, 30));
    }
}
