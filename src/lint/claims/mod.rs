//! What answers claim, and where answers to one question disagree.
//!
//! A text is cut into clauses, and of each clause it is noted what it says in a form that can be compared: numbers with what
//! they count, yes or no, links, steps. Two claims disagree when they are of one kind, about the same thing, and say something
//! else; which of them is right nobody can tell from here. Pure: texts in, claims and sides out. Who answers whom, and how often,
//! is left to the caller.
//!
//! Precision comes before recall: what belongs to one customer's case (identifiers, numbers of the question, accounts of what was
//! done) claims nothing, and claims of which it is not clear that they are about one thing do not disagree.

pub mod codes;
mod links;
mod numbers;
mod polarity;
mod question;
mod sides;
mod steps;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;
mod words;

pub use question::Question;
pub use sides::{Answer, Disagreement, Side, disagreements};

use crate::diagnostic::Def;
use numbers::Number;

/// What an answer says of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    said: Said,
    /// What it is about: hashes of the words with a meaning in its clause, sorted.
    topic: Box<[u64]>,
    /// Whether it is what was asked for, in whatever words: the only number of the kind in the answer.
    is_asked: bool,
    /// The claim itself in a few words, as it was written.
    shown: String,
    /// The clause it stands in.
    clause: String,
}

/// The kinds of claims.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    /// So many of something.
    Number(Number),
    /// The answer to a question of yes or no.
    Answered(bool),
    /// A statement, or its opposite.
    Stated(bool),
    /// Where links lead, sorted.
    Links(Box<[String]>),
    /// Ways through menus, sorted.
    Menus(Box<[String]>),
    /// Steps in their order, each as its words.
    Steps(Box<[Box<[u64]>]>),
}

/// How two claims stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// They are about different things.
    Strangers,
    /// They say the same.
    Same,
    /// Both can be true.
    Compatible,
    /// They cannot both be right.
    Opposed,
}

/// Most claims of one answer that are compared; an answer with more is a table.
const MOST_CLAIMS: usize = 48;

/// What an answer claims, when `question` is what was asked.
pub fn claims(question: &Question, answer: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let clauses = words::clauses(answer);
    for (place, clause) in clauses.iter().enumerate() {
        polarity::find(question, place == 0, clause, &mut claims);
        numbers::find(question, clause, &mut claims);
        if claims.len() >= MOST_CLAIMS {
            claims.truncate(MOST_CLAIMS);
            break;
        }
    }
    numbers::mark_asked(question, &mut claims);
    links::find(answer, &mut claims);
    steps::find(answer, &mut claims);
    claims
}

impl Claim {
    /// The code under which claims of this kind disagree.
    fn def(&self) -> &'static Def {
        match self.said {
            Said::Number(_) => &codes::NUMBERS,
            Said::Answered(_) | Said::Stated(_) => &codes::POLARITY,
            Said::Links(_) => &codes::LINKS,
            Said::Menus(_) | Said::Steps(_) => &codes::STEPS,
        }
    }

    fn relation(&self, other: &Self) -> Relation {
        let opposed = |differ: bool| if differ { Relation::Opposed } else { Relation::Same };
        match (&self.said, &other.said) {
            (Said::Number(one), Said::Number(another))
                if self.is_asked && other.is_asked || words::touch(&self.topic, &other.topic) =>
            {
                one.relation(another)
            }
            (Said::Answered(one), Said::Answered(another)) => opposed(one != another),
            (Said::Stated(one), Said::Stated(another)) if words::agree(&self.topic, &other.topic) => {
                opposed(one != another)
            }
            (Said::Links(one), Said::Links(another)) => links::relation(one, another),
            (Said::Menus(one), Said::Menus(another)) => steps::menu_relation(one, another),
            (Said::Steps(one), Said::Steps(another)) => steps::relation(one, another),
            _ => Relation::Strangers,
        }
    }
}
