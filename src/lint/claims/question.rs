//! What was asked.

use super::links;
use super::value::{self, Token};
use super::vocabulary::{self, ASKS_MONEY, ASKS_MORE, ASKS_TIME, ASKS_YES_OR_NO, LEANS, TODAY};
use super::words;
use crate::text::hash::Fingerprinter;
use crate::text::masks::without_identifiers;

/// A question, as answers to it are compared.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Its words with a topic, as stems, in their order.
    topic: Vec<String>,
    /// Numbers in it, in digits or words, and links.
    numbers: Vec<String>,
    /// Negations in it.
    negations: usize,
    yes_or_no: bool,
    of_state: bool,
    of_today: bool,
    stands_alone: bool,
    wants_time: bool,
    wants_money: bool,
}

/// Fewest words with a topic that make a question: `yes`, `ok thanks`, a name or a number ask nothing by themselves, and one
/// word (`card`, `refund?`) asks too many things.
const FEWEST_WORDS: usize = 2;

/// Most words with a topic of questions that may differ a little; 0.8 of so many leaves room for two words.
const MOST_NEAR: usize = 12;

impl Question {
    /// Reads a question.
    pub fn of(text: &str) -> Self {
        let normal = words::normal(text);
        let all = words::words(&normal);
        let named = words::words(&without_identifiers(&normal, " "));
        let topic = named.iter().filter(|word| words::has_topic(word));
        let topic = topic.map(|word| words::stem(word).to_owned()).collect();
        let numbers = value::tokens(&normal).filter_map(|token| match token {
            Token::Number(number) => Some(number.to_owned()),
            Token::Word(word) if word.bytes().any(|byte| byte.is_ascii_digit()) => Some(word.to_owned()),
            Token::Word(word) => vocabulary::of(vocabulary::NUMBERS, word).map(|number| number.to_string()),
            Token::Sign(_) => None,
        });
        let clauses = words::clauses(text);
        // An auxiliary first, or in other languages any verb: whatever asks with no word that asks for more.
        let asks = |clause: &words::Clause<'_>| {
            let wants_more = || clause.words.iter().any(|word| vocabulary::has(ASKS_MORE, word));
            clause.words.first().is_some_and(|word| vocabulary::has(ASKS_YES_OR_NO, word))
                || clause.text.ends_with(['?', '？']) && !wants_more()
        };
        let mine = |two: &[String]| matches!(two, [verb, my] if my == "my" && STATE.contains(&verb.as_str()));
        let has = |list: &[&str]| all.iter().any(|word| vocabulary::has(list, word));
        Self {
            topic,
            numbers: numbers.chain(links::all(&normal)).collect(),
            negations: all.iter().filter(|word| vocabulary::denies(word)).count(),
            yes_or_no: clauses.last().is_some_and(asks),
            wants_time: has(ASKS_TIME),
            wants_money: has(ASKS_MONEY),
            of_today: has(TODAY),
            stands_alone: text.trim_end().ends_with(['?', '？']) && !has(LEANS),
            of_state: all.windows(2).any(mine),
        }
    }

    /// Whether it says enough to be compared with others, and does not ask for what is another tomorrow.
    pub fn asks(&self) -> bool {
        self.topic.len() >= FEWEST_WORDS && !self.of_today
    }

    /// Whether it can be understood without what was said before: it has the mark of a question, three words with a topic, and
    /// nothing that leans on something else.
    pub fn stands_alone(&self) -> bool {
        self.stands_alone && self.topic.len() > FEWEST_WORDS
    }

    /// Whether near the same is not enough: of a long question most words are usually instructions that many share, and the few
    /// others are what is asked.
    pub fn is_long(&self) -> bool {
        self.topic.len() > MOST_NEAR
    }

    /// What is compared to know whether two questions are near the same: words with a topic.
    pub fn text(&self) -> String {
        self.topic.join(" ")
    }

    /// What must be equal in questions that are near the same, however alike their words are: numbers and negations.
    pub fn key(&self, print: &mut Fingerprinter) {
        self.numbers.iter().for_each(|number| print.update(format!("{number}\u{1f}").as_bytes()));
        print.update(&[u8::from(self.negations % 2 == 1)]);
    }

    /// Whether it asks how long or when.
    pub(super) fn wants_time(&self) -> bool {
        self.wants_time
    }

    /// Whether it asks how much.
    pub(super) fn wants_money(&self) -> bool {
        self.wants_money
    }

    /// Whether it wants yes or no.
    pub(super) fn wants_yes_or_no(&self) -> bool {
        self.yes_or_no
    }

    /// Whether it asks how something of the customer's stands, which differs from one to the next.
    pub(super) fn is_of_state(&self) -> bool {
        self.of_state
    }

    /// Whether the number stands in it.
    pub(super) fn has_number(&self, number: &str) -> bool {
        self.numbers.iter().any(|own| own == number)
    }
}

/// Verbs that with `my` behind them ask for the state of something.
const STATE: &[&str] = &["are", "did", "does", "has", "have", "is", "was", "were", "where's", "will"];
