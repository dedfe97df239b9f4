//! Many answers to one question: who says what, and which of it disagrees.

use super::{Claim, Relation};
use crate::diagnostic::Def;

/// What one answer claims.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its claims.
    pub claims: Vec<Claim>,
    /// How many rows say it.
    pub rows: u64,
    /// Whose conversation it is from; an answer disagrees with none of the same.
    pub talk: u64,
}

/// A disagreement: two sides at least.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// Under which code.
    pub def: &'static Def,
    /// The sides, the one with most rows first.
    pub sides: Vec<Side>,
}

/// Answers that claim the same.
#[derive(Debug, Clone)]
pub struct Side {
    /// The claim in a few words, as the first of them writes it.
    pub says: String,
    /// The clause it stands in there; empty where the claim is all there is.
    pub clause: String,
    /// The answers, by number, in order.
    pub answers: Vec<usize>,
    /// Their rows.
    pub rows: u64,
}

/// Different claims of one code that are kept apart in one question.
const MOST_DIFFERENT: usize = 96;
/// More sides than these say that the case decides, not a policy, unless a few of them have nearly all rows.
const MOST_SIDES: usize = 6;
/// Parts in a hundred of the rows that a side needs where there are more, and that all of those need together.
const LEAST_SHARE: u64 = 5;
const LEAST_TOGETHER: u64 = 75;

/// A claim and the answers that make it.
struct Node<'a> {
    claim: &'a Claim,
    answers: Vec<usize>,
}

/// Where answers to one question disagree, by code, then by rows.
pub fn disagreements(answers: &[Answer]) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for def in super::codes::ALL {
        let nodes = nodes(answers, def);
        found.extend(
            components(answers, &nodes)
                .into_iter()
                .filter_map(|members| finish(answers, &nodes, &members, def)),
        );
    }
    found
}

/// The different claims of a code, in the order in which they come.
fn nodes<'a>(answers: &'a [Answer], def: &'static Def) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for (number, answer) in answers.iter().enumerate() {
        for claim in answer.claims.iter().filter(|claim| claim.def() == def) {
            let room = nodes.len() < MOST_DIFFERENT;
            match nodes.iter_mut().find(|node| node.claim.relation(claim) == Relation::Same) {
                Some(node) if node.answers.last() == Some(&number) => {}
                Some(node) => node.answers.push(number),
                None if room => nodes.push(Node { claim, answers: vec![number] }),
                None => {}
            }
        }
    }
    nodes
}

/// Claims that are joined by disagreement.
fn components(answers: &[Answer], nodes: &[Node<'_>]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..nodes.len()).collect();
    for (one, first) in nodes.iter().enumerate() {
        for (other, second) in nodes.iter().enumerate().skip(one + 1) {
            if first.claim.relation(second.claim) == Relation::Opposed && are_apart(answers, first, second) {
                let (keep, join) = (group.get(one).copied(), group.get(other).copied());
                if let (Some(keep), Some(join)) = (keep, join) {
                    group.iter_mut().filter(|group| **group == join).for_each(|group| *group = keep);
                }
            }
        }
    }
    let mut components: Vec<(usize, Vec<usize>)> = Vec::new();
    for (number, group) in group.into_iter().enumerate() {
        match components.iter_mut().find(|(name, _)| *name == group) {
            Some((_, members)) => members.push(number),
            None => components.push((group, vec![number])),
        }
    }
    components.into_iter().map(|(_, members)| members).filter(|members| members.len() > 1).collect()
}

/// Whether no answer makes both claims, and they are not all from one conversation.
fn are_apart(answers: &[Answer], one: &Node<'_>, other: &Node<'_>) -> bool {
    let talk = |number: &usize| answers.get(*number).map(|answer| answer.talk);
    let first = one.answers.first().and_then(talk);
    let one_talk = one.answers.iter().chain(&other.answers).all(|number| talk(number) == first);
    !one_talk && !one.answers.iter().any(|number| other.answers.binary_search(number).is_ok())
}

fn finish(
    answers: &[Answer],
    nodes: &[Node<'_>],
    members: &[usize],
    def: &'static Def,
) -> Option<Disagreement> {
    let mut sides: Vec<Side> = Vec::new();
    for node in members.iter().filter_map(|member| nodes.get(*member)) {
        let rows =
            node.answers.iter().filter_map(|number| answers.get(*number)).map(|answer| answer.rows).sum();
        let says = node.claim.shown.clone();
        sides.push(Side { says, clause: node.claim.clause.clone(), answers: node.answers.clone(), rows });
    }
    sides.sort_by_key(|side| (std::cmp::Reverse(side.rows), side.answers.first().copied()));
    if sides.len() > MOST_SIDES {
        let all: u64 = sides.iter().map(|side| side.rows).sum();
        sides.retain(|side| side.rows > 1 && side.rows * 100 >= all * LEAST_SHARE);
        let left: u64 = sides.iter().map(|side| side.rows).sum();
        if sides.len() < 2 || sides.len() > MOST_SIDES || left * 100 < all * LEAST_TOGETHER {
            return None;
        }
    }
    Some(Disagreement { def, sides })
}
