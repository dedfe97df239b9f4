//! What stands at the head of many examples: constant instructions and worked examples (few-shot), which a tuned model can
//! be asked without.
//!
//! The heads of all examples are kept as a tree: each node is a message after the messages before it. A node counts as
//! constant where enough examples have it, and then its tokens could be saved in each of their requests. So several constant
//! instructions beside one another add up, and no second look at the data is needed.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::billing::Tokens;
use crate::error::{Error, Result};

/// Share of all examples, in percent, from which on a head is constant: below it, it is one of many (ours).
const CONSTANT_PERCENT: u64 = 5;
/// Examples from which on a head can be constant (ours).
const CONSTANT_LEAST: u64 = 3;
/// Share of the examples with one head, in percent, that must have a worked example next for it to be constant: greetings
/// are alike in many chats, worked examples in all (ours).
const WORKED_PERCENT: u64 = 90;
/// Heads that are kept at once; the rarest are forgotten beyond that.
const HEADS_KEPT: usize = 1 << 17;
/// Constant parts that are named.
const NAMED: usize = 20;

/// What a message at the head of an example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Instructions.
    System,
    /// A worked example: a question and its answer before the question that is asked.
    Worked,
}

/// One step of a head: instructions, or a question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub part: Part,
    /// Hash of its messages.
    pub hash: u128,
    /// Tokens of its messages in a request.
    pub tokens: Tokens,
    /// Tokens of its messages in a row: of a preference pair as often as its prompt is counted.
    pub in_rows: Tokens,
    /// How it begins, made safe and short.
    pub begins: String,
    /// Requests whose answers stand in it: of a worked example those are none that anybody sends.
    pub own: Own,
}

/// Requests that stand within a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Own {
    /// How many.
    pub requests: u64,
    /// Tokens that they read.
    pub input: Tokens,
    /// Tokens that they write.
    pub output: Tokens,
}

/// One example as requests to a model: each answer is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requests {
    /// What stands at its head, step by step.
    pub head: Vec<Step>,
    /// Requests: answers that are learned.
    pub requests: u64,
    /// Tokens that all of them read.
    pub input: Tokens,
    /// Tokens that all of them write.
    pub output: Tokens,
    /// Whether the example is trained whole: none of it is cut, so that without its head it has just that much less.
    pub whole: bool,
}

struct Node {
    parent: u128,
    part: Part,
    tokens: Tokens,
    in_rows: Tokens,
    begins: String,
    examples: u64,
    /// Those of them that are trained whole.
    whole: u64,
    requests: u64,
    own: Own,
    /// Which head it was among those seen, so that equal ones have an order.
    first: u64,
}

/// Gathers examples one after the other.
#[derive(Default)]
pub struct Prompts {
    nodes: FxHashMap<u128, Node>,
    seen: u64,
    examples: u64,
    requests: u64,
    input: Tokens,
    output: Tokens,
}

/// What is constant, and what that is of all requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Prompting {
    /// Examples.
    pub examples: u64,
    /// Requests in them.
    pub requests: u64,
    /// Tokens that all requests read.
    pub input: Tokens,
    /// Tokens of those that are constant heads.
    pub constant: Tokens,
    /// Tokens that all requests write.
    pub output: Tokens,
    /// Tokens of the rows that are constant heads, of rows that are trained whole.
    pub trained: Tokens,
    /// The constant parts, those that save most first.
    pub parts: Vec<Constant>,
}

/// A constant part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Constant {
    /// What it is.
    pub part: Part,
    /// Examples that have it.
    pub examples: u64,
    /// Its tokens.
    pub tokens: Tokens,
    /// Requests in which it is sent.
    pub requests: u64,
    /// How it begins.
    pub begins: String,
}

impl Prompts {
    /// Adds an example.
    pub fn add(&mut self, example: Requests) -> Result<()> {
        self.examples += 1;
        self.requests = self.requests.checked_add(example.requests).ok_or_else(beyond)?;
        self.input = self.input.plus(example.input).ok_or_else(beyond)?;
        self.output = self.output.plus(example.output).ok_or_else(beyond)?;
        let mut parent = 0_u128;
        for step in example.head {
            // The same message after another head is another node.
            let key = step.hash ^ parent.rotate_left(1);
            self.seen += 1;
            let first = self.seen;
            let node = self.nodes.entry(key).or_insert_with(|| Node {
                parent,
                part: step.part,
                tokens: step.tokens,
                in_rows: step.in_rows,
                begins: step.begins,
                examples: 0,
                whole: 0,
                requests: 0,
                own: Own::default(),
                first,
            });
            node.examples += 1;
            node.whole += u64::from(example.whole);
            node.requests += example.requests;
            node.own.requests += step.own.requests;
            node.own.input = node.own.input.plus(step.own.input).ok_or_else(beyond)?;
            node.own.output = node.own.output.plus(step.own.output).ok_or_else(beyond)?;
            parent = key;
        }
        if self.nodes.len() > HEADS_KEPT {
            // Whatever is seen only a few times among so many heads is not constant.
            self.nodes.retain(|_, node| node.examples > 1);
            if self.nodes.len() > HEADS_KEPT / 2 {
                self.nodes.retain(|_, node| node.examples * 1_000 > self.examples);
            }
        }
        Ok(())
    }

    /// What is constant.
    pub fn finish(self) -> Result<Prompting> {
        let enough = |node: &Node| {
            let of_all =
                node.examples >= CONSTANT_LEAST && node.examples * 100 >= self.examples * CONSTANT_PERCENT;
            let of_parent = match (node.part, self.nodes.get(&node.parent)) {
                (Part::System, _) => true,
                (Part::Worked, parent) => {
                    node.examples * 100
                        >= parent.map_or(self.examples, |parent| parent.examples) * WORKED_PERCENT
                }
            };
            of_all && of_parent
        };
        // A head is constant only where all before it is.
        let constant = |key: u128| {
            let mut at = key;
            while let Some(node) = self.nodes.get(&at) {
                if !enough(node) {
                    return false;
                }
                at = node.parent;
            }
            // What stood before may have been forgotten as rare.
            at == 0
        };
        let keys: Vec<u128> = self.nodes.keys().copied().filter(|key| constant(*key)).collect();
        let mut sums = Own { requests: self.requests, input: self.input, output: self.output };
        let mut requests: FxHashMap<u128, u64> = FxHashMap::default();
        // The answers of worked examples are requests of nobody: neither of the whole nor of what stands before them.
        for key in &keys {
            let Some(worked) = self.nodes.get(key).filter(|node| node.part == Part::Worked) else { continue };
            sums.requests = sums.requests.saturating_sub(worked.own.requests);
            sums.input = sums.input.without(worked.own.input);
            sums.output = sums.output.without(worked.own.output);
            let mut above = *key;
            while let Some(node) = self.nodes.get(&above) {
                *requests.entry(above).or_default() += worked.own.requests;
                above = node.parent;
            }
        }
        let mut found: Vec<(u64, Constant)> = keys
            .iter()
            .filter_map(|key| self.nodes.get(key).map(|node| (key, node)))
            .map(|(key, node)| {
                let own = requests.get(key).copied().unwrap_or_default();
                let part = Constant {
                    part: node.part,
                    examples: node.examples,
                    tokens: node.tokens,
                    requests: node.requests.saturating_sub(own),
                    begins: node.begins.clone(),
                };
                (node.first, part)
            })
            .collect();
        found.sort_by_key(|(first, part)| (Reverse(part.tokens.low.saturating_mul(part.requests)), *first));
        let sum = |mut each: &mut dyn Iterator<Item = (Tokens, u64)>| {
            let all = (&mut each)
                .try_fold(Tokens::default(), |sum, (tokens, times)| sum.plus(tokens.times(times)?));
            all.ok_or_else(beyond)
        };
        let constant = sum(&mut found.iter().map(|(_, part)| (part.tokens, part.requests)))?;
        let nodes = keys.iter().filter_map(|key| self.nodes.get(key));
        let trained = sum(&mut nodes.map(|node| (node.in_rows, node.whole)))?;
        Ok(Prompting {
            examples: self.examples,
            requests: sums.requests,
            input: sums.input,
            constant: Tokens {
                low: constant.low.min(sums.input.low),
                high: constant.high.min(sums.input.high),
            },
            output: sums.output,
            trained,
            parts: found.into_iter().map(|(_, part)| part).take(NAMED).collect(),
        })
    }
}

fn beyond() -> Error {
    Error::input("the tokens of all requests together are more than 2^64")
        .with_hint("count the inputs in parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(part: Part, hash: u128, tokens: u64) -> Step {
        let tokens = Tokens::exactly(tokens);
        Step { part, hash, tokens, in_rows: tokens, begins: format!("step {hash}"), own: Own::default() }
    }

    fn requests(head: Vec<Step>, requests: u64, input: u64, output: u64) -> Requests {
        let (input, output) = (Tokens::exactly(input), Tokens::exactly(output));
        Requests { head, requests, input, output, whole: true }
    }

    fn prompting(examples: impl IntoIterator<Item = Vec<Step>>) -> Prompting {
        let mut prompts = Prompts::default();
        for head in examples {
            let input = head.iter().map(|step| step.tokens.low).sum::<u64>() * 2 + 100;
            prompts.add(requests(head, 2, input, 40)).unwrap();
        }
        prompts.finish().unwrap()
    }

    #[test]
    fn one_instruction_in_all_examples_is_constant() {
        let found = prompting((0..10).map(|_| vec![step(Part::System, 7, 50)]));
        assert_eq!(
            (found.examples, found.requests, found.input.low, found.output.high),
            (10, 20, 2_000, 400)
        );
        // 50 tokens in each of 20 requests.
        assert_eq!(found.constant.low, 1_000);
        assert_eq!(found.parts.len(), 1);
        assert_eq!(found.parts[0].begins, "step 7");
    }

    #[test]
    fn several_constant_instructions_add_up_and_rare_ones_do_not_count() {
        let head = |index: u64| {
            vec![step(
                Part::System,
                if index < 90 { 1 + u128::from(index % 2) } else { 1_000 + u128::from(index) },
                50,
            )]
        };
        let found = prompting((0..100).map(head));
        assert_eq!((found.parts.len(), found.constant.low), (2, 90 * 2 * 50));
    }

    #[test]
    fn bounds_are_carried_and_rows_that_are_cut_keep_their_head() {
        // Ten rows with a head of 50 to 60 tokens, which a preference pair has once or twice; three of them are cut.
        let tokens = Tokens { low: 50, high: 60 };
        let mut prompts = Prompts::default();
        for index in 0..10 {
            let head =
                vec![Step { tokens, in_rows: Tokens { low: 50, high: 120 }, ..step(Part::System, 7, 0) }];
            let input = Tokens { low: 80, high: 100 };
            let whole = index >= 3;
            prompts.add(Requests { head, requests: 1, input, output: tokens, whole }).unwrap();
        }
        let found = prompts.finish().unwrap();
        assert_eq!(
            (found.input, found.constant),
            (Tokens { low: 800, high: 1_000 }, Tokens { low: 500, high: 600 })
        );
        // 7 rows that are whole: 7 * 50 and 7 * 120.
        assert_eq!(found.trained, Tokens { low: 350, high: 840 });
    }

    #[test]
    fn worked_examples_are_constant_and_greetings_are_not() {
        let worked = |index: u64, hash: u128| {
            vec![step(Part::System, 7, 50), step(Part::Worked, if index < 95 { hash } else { 999 }, 30)]
        };
        assert_eq!(
            prompting((0..100).map(|index| worked(index, 8))).constant.low,
            100 * 2 * 50 + 95 * 2 * 30
        );
        // Half of the chats begin alike: that is what people say, not an example.
        let greeted = |index: u64| {
            vec![
                step(Part::System, 7, 50),
                step(Part::Worked, if index < 50 { 8 } else { 900 + u128::from(index) }, 30),
            ]
        };
        assert_eq!(prompting((0..100).map(greeted)).constant.low, 100 * 2 * 50);
    }

    #[test]
    fn the_answers_of_worked_examples_are_nobodys_requests() {
        let mut prompts = Prompts::default();
        for _ in 0..10 {
            // Instructions of 50, a worked example of 30 whose answer reads 60 and writes 20, then one request.
            let own = Own { requests: 1, input: Tokens::exactly(60), output: Tokens::exactly(20) };
            let head = vec![step(Part::System, 7, 50), Step { own, ..step(Part::Worked, 8, 30) }];
            prompts.add(requests(head, 2, 60 + 90, 20 + 15)).unwrap();
        }
        let found = prompts.finish().unwrap();
        assert_eq!((found.requests, found.input.low, found.output.low), (10, 900, 150));
        assert_eq!(found.constant.low, 10 * (50 + 30));
    }

    #[test]
    fn a_worked_example_after_a_rare_instruction_is_not_constant() {
        let head = |index: u64| vec![step(Part::System, u128::from(index), 50), step(Part::Worked, 8, 30)];
        assert_eq!(prompting((0..100).map(head)).constant.low, 0);
    }

    #[test]
    fn memory_is_bounded_whatever_the_heads() {
        let mut prompts = Prompts::default();
        for index in 0..300_000_u64 {
            let constant = index % 10 == 0;
            let hash = if constant { 1 } else { u128::from(index) + 10 };
            let head = vec![step(Part::System, hash, 5)];
            prompts.add(requests(head, 1, 10, 1)).unwrap();
            assert!(prompts.nodes.len() <= HEADS_KEPT + 1);
        }
        assert_eq!(prompts.finish().unwrap().constant.low, 30_000 * 5);
    }

    #[test]
    fn nothing_is_nothing_and_too_much_is_an_error() {
        assert_eq!(prompting([]), Prompting::default());
        let mut prompts = Prompts::default();
        let most = Requests { input: Tokens::exactly(u64::MAX), ..Requests::default() };
        prompts.add(most.clone()).unwrap();
        assert!(prompts.add(most).is_err());
    }
}
