//! `count`, `cost` and `stats`: the walk without writing, measured.

use serde::Serialize;

use super::loss::{Loss, LossTally};
use super::plan::Plan;
use super::pricing::limit_of;
use super::profile::ROLES;
use super::refused::{Refused, RefusedTally};
use super::show::Shown;
use super::tally::RunTally;
use super::walk::{WalkOptions, walk};
use super::watch::Watch;
use super::work::example_tokens;
use crate::cost;
use crate::error::Result;
use crate::report::summary::{Input, Ledger, Tally, percentile};
use crate::target::Overlong;

/// What was measured over all usable examples of the inputs.
#[derive(Debug, Clone, Serialize)]
pub struct Measures {
    /// Version of this shape.
    pub schema: u32,
    /// Where the rows would go.
    pub target: &'static str,
    /// The inputs.
    pub inputs: Vec<Input>,
    /// What would become of every record, twins and sides aside.
    pub ledger: Ledger,
    /// Why records would be rejected, those with them that are only too long.
    pub rejections: Vec<Tally>,
    /// What is not measured, and why.
    pub not_measured: Refused,
    /// Examples measured.
    pub examples: u64,
    /// Those of them that would be rejected because they are too long.
    pub too_long: u64,
    /// Tokens, when counted.
    pub tokens: Option<TokenMeasures>,
    /// Messages an example.
    pub messages: Distribution,
    /// By role: messages, characters, tokens of text.
    pub roles: Vec<RoleMeasures>,
    /// Calls of tools.
    pub tool_calls: u64,
    /// Assistant messages that are masked.
    pub masked: u64,
    /// Examples with instructions (a system or developer message).
    pub with_system: u64,
    /// The examples of the line that the plan asks for.
    #[serde(skip)]
    pub shown: Vec<Shown>,
    /// What is billed an epoch.
    #[serde(skip)]
    pub billed: cost::Tally,
}

/// Tokens over all examples.
#[derive(Debug, Clone, Serialize)]
pub struct TokenMeasures {
    /// The model counted for.
    pub model: &'static str,
    /// Its vocabulary.
    pub encoding: String,
    /// Whether every example is counted exactly. Where it is not, numbers are the least.
    pub exact: bool,
    /// Whether the texts are counted exactly: then `content` is, and tokens by role are.
    pub texts_exact: bool,
    /// Tokens of the texts alone.
    pub content: u64,
    /// Tokens as rendered for training; of preferences the prompt once, and both answers.
    pub total: u64,
    /// Upper bound of it; of preferences with the prompt twice.
    pub high: u64,
    /// Tokens that carry loss.
    pub trained: u64,
    /// Longest an example may be; `null` where nothing is published.
    pub limit: Option<u64>,
    /// Examples over the limit, at least.
    pub over_limit: u64,
    /// Examples over the limit, at most.
    pub over_limit_most: u64,
    /// What the limit does; `null` where there is none.
    pub cut: Option<Cut>,
    /// Where the loss goes.
    pub loss: Option<Loss>,
    /// What is to be said where the tokenizer is another model's.
    pub borrowed: Option<String>,
    /// What is to be said of how trained tokens were found.
    pub doubt: Option<&'static str>,
    /// Tokens an example, at least; of a preference the prompt once, and both answers.
    pub each: Distribution,
    /// The same at most; of a preference with the prompt twice.
    pub each_most: Distribution,
    /// What the limit is held against, at least, where that is another number: of a preference the prompt with the longer
    /// answer, of Claude's rows what Amazon's validator counts.
    pub longest: Option<Distribution>,
}

/// What the limit does, at most: where counts are intervals, with their upper ends.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Cut {
    /// What becomes of longer examples: `cut at the end`, `left out`, `refused`, `not published`.
    pub becomes: &'static str,
    /// Examples that are longer.
    pub examples: u64,
    /// Those of them that have several exchanges, between which they can be divided.
    pub divisible: u64,
    /// Answers of which something is cut.
    pub answers: u64,
    /// Examples of which nothing that is trained is left.
    pub nothing_left: u64,
    /// Trained tokens that are lost.
    pub trained_lost: u64,
    /// Share of them among all that are trained.
    pub lost_share: f64,
}

/// How numbers are spread.
#[derive(Debug, Clone, Serialize)]
pub struct Distribution {
    /// Smallest.
    pub min: u64,
    /// Half are at most this.
    pub p50: u64,
    /// Nine of ten are at most this.
    pub p90: u64,
    /// 95 of 100 are at most this.
    pub p95: u64,
    /// 99 of 100 are at most this.
    pub p99: u64,
    /// Largest.
    pub max: u64,
    /// Mean.
    pub mean: f64,
    /// The numbers themselves, sorted, for drawing.
    #[serde(skip)]
    pub sorted: Vec<u32>,
}

impl Distribution {
    fn of(mut numbers: Vec<u32>) -> Self {
        numbers.sort_unstable();
        let sum: u64 = numbers.iter().map(|number| u64::from(*number)).sum();
        Self {
            min: numbers.first().copied().map_or(0, u64::from),
            p50: percentile(&numbers, 0.5),
            p90: percentile(&numbers, 0.9),
            p95: percentile(&numbers, 0.95),
            p99: percentile(&numbers, 0.99),
            max: numbers.last().copied().map_or(0, u64::from),
            mean: if numbers.is_empty() { 0.0 } else { sum as f64 / numbers.len() as f64 },
            sorted: numbers,
        }
    }
}

/// One role.
#[derive(Debug, Clone, Serialize)]
pub struct RoleMeasures {
    /// Its name.
    pub role: &'static str,
    /// Its messages.
    pub messages: u64,
    /// Characters of text.
    pub characters: u64,
    /// Tokens of text, when counted.
    pub tokens: u64,
}

/// Measures the tokens of every usable example of the plan's inputs; of messages, roles and what is learned nothing is told.
/// `each` sees every example in order.
pub fn measure(
    plan: &Plan,
    watch: &dyn Watch,
    each: impl FnMut(RowMeasures<'_>) -> Result<()>,
) -> Result<Measures> {
    measure_with(plan, WalkOptions::default(), watch, each)
}

/// Measures the same, and what examples are made of; where it is asked for, also what is `learned` of each, and how those are
/// trained that begin in the line to `show`.
pub fn measure_closely(
    plan: &Plan,
    learned: bool,
    show: Option<u64>,
    watch: &dyn Watch,
    each: impl FnMut(RowMeasures<'_>) -> Result<()>,
) -> Result<Measures> {
    measure_with(plan, WalkOptions { judged: false, profile: true, learned, show }, watch, each)
}

fn measure_with(
    plan: &Plan,
    options: WalkOptions,
    watch: &dyn Watch,
    mut each: impl FnMut(RowMeasures<'_>) -> Result<()>,
) -> Result<Measures> {
    let mut tally = RunTally::new(plan);
    let mut billed = cost::Tally::default();
    let cut = limit_of(plan);
    let (mut lengths, mut lengths_most, mut longest) = (Vec::new(), Vec::new(), Vec::new());
    let mut messages = Vec::new();
    let (mut refused, mut too_long) = (RefusedTally::default(), 0);
    let mut loss = LossTally::default();
    let mut planned = 0;
    let mut shown = Vec::new();
    let mut roles = ROLES.map(|role| RoleMeasures { role, messages: 0, characters: 0, tokens: 0 });
    let (mut tool_calls, mut masked, mut with_system) = (0, 0, 0);
    let overlong = plan.target.spec().length.overlong;
    let drops = matches!(overlong, Overlong::Dropped | Overlong::Refused);
    let limit = example_tokens(plan.target.spec(), plan.model);
    let borrowed = plan.borrowed().is_some();
    let mut tokens = TokenMeasures {
        model: plan.model.name,
        encoding: plan.meter.vocabulary.clone(),
        exact: !borrowed,
        texts_exact: plan.meter.counter.is_exact() && !borrowed,
        content: 0,
        total: 0,
        high: 0,
        trained: 0,
        limit,
        over_limit: 0,
        over_limit_most: 0,
        cut: limit.filter(|_| options.learned).map(|_| Cut {
            becomes: overlong.in_words(),
            examples: 0,
            divisible: 0,
            answers: 0,
            nothing_left: 0,
            trained_lost: 0,
            lost_share: 0.0,
        }),
        loss: None,
        borrowed: plan.borrowed(),
        doubt: plan.meter.doubt(),
        each: Distribution::of(Vec::new()),
        each_most: Distribution::of(Vec::new()),
        longest: None,
    };
    walk(
        plan,
        options,
        watch,
        |_| (),
        |mut outcome, ()| {
            shown.extend(outcome.parts.iter_mut().flat_map(|part| std::mem::take(&mut part.shown)));
            if let Some(why) = outcome.rejected.as_ref().filter(|_| options.show == Some(outcome.origin.line))
            {
                shown.push(Shown::refused(plan, &outcome.origin, why));
            }
            tally.record(plan, &outcome);
            refused.add(plan, &outcome);
            let mut written = false;
            let several = outcome.parts.len() > 1;
            for (number, part) in (1..).zip(&outcome.parts) {
                // What is only too long is what is measured for.
                if part.refused().is_some() {
                    continue;
                }
                if part.rejected.is_none() {
                    tally.row(part.kept, part.merged);
                    written = true;
                } else {
                    too_long += 1;
                }
                let profile = part.profile.as_deref().copied().unwrap_or_default();
                messages.push(profile.messages.iter().sum());
                for (role, index) in roles.iter_mut().zip(0..) {
                    role.messages += u64::from(profile.messages[index]);
                    role.characters += profile.characters[index];
                    role.tokens += profile.tokens[index];
                }
                tool_calls += u64::from(profile.tool_calls);
                masked += u64::from(profile.masked);
                with_system += u64::from(profile.messages[0] > 0);
                if let Some(count) = part.facts.tokens {
                    billed.add(&count, cut)?;
                    tokens.exact &= count.exact;
                    tokens.content += count.content;
                    tokens.total += count.total;
                    tokens.high += count.high;
                    tokens.trained += count.trained;
                    let sequence = count.sequence();
                    let over = |tokens: u64| u64::from(limit.is_some_and(|limit| tokens > limit));
                    tokens.over_limit += over(sequence.low);
                    tokens.over_limit_most += over(sequence.high);
                    let mut trained_kept = count.trained;
                    if let (Some(learned), Some(cut), Some(limit)) = (&part.learned, &mut tokens.cut, limit) {
                        let (trained, kept) = (learned.trained(), learned.left(limit, drops));
                        if learned.tokens > limit {
                            cut.examples += 1;
                            cut.divisible += u64::from(learned.is_divisible(limit));
                            cut.answers += learned.cut_answers(limit, drops);
                        }
                        cut.nothing_left += u64::from(trained > 0 && kept == 0);
                        cut.trained_lost += trained - kept;
                        // What is looked at may be stretched to the upper ends; a share of it is a share of the count.
                        trained_kept = share(count.trained, kept, trained);
                    }
                    if let Some(learned) = &part.learned {
                        planned += learned.trained();
                        loss.add(learned);
                    }
                    let narrow = |tokens: u64| u32::try_from(tokens).unwrap_or(u32::MAX);
                    lengths.push(narrow(count.total));
                    lengths_most.push(narrow(if count.exact { count.total } else { count.high }));
                    longest.extend(count.limited.map(|limited| narrow(limited.low)));
                    each(RowMeasures {
                        path: &plan.sources[outcome.origin.source as usize].source.name,
                        line: outcome.origin.line,
                        record: outcome.origin.record,
                        part: several.then_some(number),
                        content_tokens: count.content,
                        tokens: count.total,
                        tokens_most: count.high,
                        longest: count.limited.map(|longest| longest.low),
                        longest_most: count.limited.map(|longest| longest.high),
                        trained: count.trained,
                        trained_kept,
                        exact: count.exact && !borrowed,
                    })?;
                }
            }
            if written {
                tally.record_written();
            }
            Ok(())
        },
    )?;
    tokens.each = Distribution::of(lengths);
    tokens.each_most = Distribution::of(lengths_most);
    tokens.longest = (!longest.is_empty()).then(|| Distribution::of(longest));
    if let Some(cut) = tokens.cut.as_mut().filter(|_| planned > 0) {
        cut.lost_share = cut.trained_lost as f64 / planned as f64;
    }
    tokens.loss = options.learned.then(|| loss.finish());
    let inputs = tally.inputs(plan);
    let (ledger, rejections) = tally.into_ledger()?;
    Ok(Measures {
        schema: crate::report::summary::SCHEMA,
        target: plan.target.spec().name,
        inputs,
        ledger,
        rejections,
        not_measured: refused.finish(),
        too_long,
        examples: messages.len() as u64,
        tokens: plan.settings.count.then_some(tokens),
        messages: Distribution::of(messages),
        roles: roles.into_iter().filter(|role| role.messages > 0).collect(),
        tool_calls,
        masked,
        with_system,
        shown,
        billed,
    })
}

/// So much of `number` as `part` is of `whole`.
fn share(number: u64, part: u64, whole: u64) -> u64 {
    let share = u128::from(number) * u128::from(part) / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(number)
}

/// One example, measured.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RowMeasures<'a> {
    /// Input.
    pub path: &'a str,
    /// First line of the record.
    pub line: u64,
    /// Number of the record.
    pub record: u64,
    /// Number of the example in its record, from 1, where it has several: windows, or rows of one answer each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Tokens of the texts alone.
    pub content_tokens: u64,
    /// Tokens as rendered for training; of a preference the prompt once, and both answers.
    pub tokens: u64,
    /// Upper bound of them; of a preference with the prompt twice.
    pub tokens_most: u64,
    /// What a limit is held against, where that is not `tokens`: of a preference the prompt with the longer answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest: Option<u64>,
    /// Upper bound of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_most: Option<u64>,
    /// Tokens that carry loss.
    pub trained: u64,
    /// Those of them that the limit leaves.
    pub trained_kept: u64,
    /// Whether `tokens` is exact.
    pub exact: bool,
}
