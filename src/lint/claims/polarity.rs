//! Yes or no, and statements against their opposites.

use super::numbers::{is_of_a_case, is_of_customer};
use super::question::Question;
use super::vocabulary::{self, NO, REGRET, YES};
use super::words::{self, Clause};
use super::{Claim, Said};

/// Longest statement that is compared, in words with a topic: of longer ones a negation denies a part only.
const LONGEST: usize = 12;

/// What a clause affirms or denies; `first` of the first clause of an answer.
pub(super) fn find(question: &Question, first: bool, clause: &Clause<'_>, claims: &mut Vec<Claim>) {
    if question.is_of_state() {
        return;
    }
    if first
        && question.wants_yes_or_no()
        && let Some(answer) = answered(clause)
    {
        claims.push(Claim {
            said: Said::Answered(answer),
            topic: Box::default(),
            is_asked: false,
            shown: if answer { "yes" } else { "no" }.to_owned(),
            clause: clause.text.to_owned(),
        });
        return;
    }
    if is_of_a_case(clause)
        || is_of_customer(clause)
        || clause.normal.ends_with('?')
        || clause.normal.starts_with("if ")
    {
        return;
    }
    let denials = clause.words.iter().filter(|word| vocabulary::denies(word)).count();
    let topic = words::topic(clause.words.iter().map(String::as_str));
    if denials > 1 || !(2..=LONGEST).contains(&topic.len()) {
        return;
    }
    claims.push(Claim {
        said: Said::Stated(denials == 0),
        topic,
        is_asked: false,
        shown: if denials == 0 { "stated" } else { "denied" }.to_owned(),
        clause: clause.text.to_owned(),
    });
}

/// Whether an answer begins with yes or with no.
fn answered(clause: &Clause<'_>) -> Option<bool> {
    let first = clause.words.first()?;
    if vocabulary::has(NO, first) {
        // `no problem`, `no worries` affirm nothing and deny nothing.
        let idle = clause
            .words
            .get(1)
            .is_some_and(|next| matches!(next.as_str(), "problem" | "worries" | "doubt" | "matter"));
        return (!idle).then_some(false);
    }
    if vocabulary::has(REGRET, first) {
        return clause.words.iter().any(|word| vocabulary::denies(word)).then_some(false);
    }
    vocabulary::has(YES, first).then(|| {
        // `Absolutely not.`
        !clause.words.get(1).is_some_and(|next| vocabulary::denies(next))
    })
}
