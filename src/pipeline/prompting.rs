//! Examples as requests to a model: what stands at their heads, what is read and what is written.

use std::collections::BTreeSet;

use super::plan::Plan;
use super::pricing::{Counted, Pricing, limit_of, nothing_to_bill};
use super::rows::rows;
use super::validation::validation;
use super::watch::Watch;
use super::work::limited;
use crate::cost::{
    Book, BreakEven, End, Entry, Own, Part, Prompting, Prompts, Requests, Step, Tally, Tariff, Tokens,
    Traffic, Use, break_even,
};
use crate::error::{Error, Result};
use crate::model::{Body, Example, Message, Role, TokenCount};
use crate::report::Summary;
use crate::target::Shape;
use crate::text::hash::fingerprint;
use crate::text::sanitize::excerpt;
use crate::text::similar::suggestion;
use crate::tokens::{self, Mask, Meter};

/// Steps of a head that are looked at.
const STEPS: usize = 16;
/// Characters of instructions that are shown.
const SHOWN: usize = 60;

/// What the rows say of requests, and what training on them is billed for.
struct Prompted {
    prompting: Prompting,
    /// Of rows without their constant heads.
    tally: Tally,
    summary: Summary,
}

/// When tuning the plan's model pays against models as they are: those that are named, else the same model and what its
/// provider has beside it that cannot be tuned.
pub fn pays(plan: &Plan, pricing: &Pricing, asked: &Asked<'_>, watch: &dyn Watch) -> Result<BreakEven> {
    let provider = pricing.offered(plan)?;
    let tariff = pricing.book.find(provider)?;
    let unnamed = Entry { name: plan.model.name.to_owned(), ..Entry::default() };
    let tuned = tariff.entry(plan.model.name).unwrap_or(&unnamed);
    let bases = bases(pricing, tariff, tuned, asked.bases)?;
    // What is wrong with the order needs no counting to be said.
    pricing.bill(plan, &Tally::default(), Tokens::default())?;
    let Prompted { prompting, tally, summary } = prompting(plan, asked.kept, watch)?;
    let validation = validation(plan, watch)?;
    let counted = Counted { tally: &tally, ledger: &summary.ledger, rejections: &summary.rejections };
    let bill = pricing.bill_of(plan, &counted, &validation)?;
    let today = pricing.book.today;
    let traffic = Traffic { prompting: &prompting, kept: asked.kept, a_month: asked.a_month, today };
    let end = End::of(provider, plan.model, tariff.entry(plan.model.name));
    let mut found = break_even(bill, tariff, tuned, &bases, traffic, end)?;
    found.bill.warnings.extend(ages(&pricing.book, tariff, tuned, &bases));
    found.assumptions.extend(of_counts(plan, &bases));
    if validation.tokens != Tokens::default() {
        found.assumptions.push("the validation file is billed as it is, with its heads".to_owned());
    }
    Ok(found)
}

/// What is to be said of the ages of the prices by which requests are compared.
fn ages(book: &Book, tariff: &Tariff, tuned: &Entry, bases: &[&Entry]) -> Vec<String> {
    let hosting = tariff.cheapest_hosting(&tuned.name).map(|hosting| &hosting.hour);
    let serving = hosting.into_iter().chain(tariff.storage.as_ref());
    let serving = serving.map(|rate| ("the price of serving".to_owned(), rate.source()));
    let tuned = (format!("the price of use of `{}`, tuned,", tuned.name), &tuned.tuned);
    let bases =
        bases.iter().map(|base| (format!("the price of use of `{}` as it is", base.name), &base.base));
    let uses = std::iter::once(tuned).chain(bases).flat_map(|(what, used): (String, &Use)| {
        let rates = [&used.input, &used.cached, &used.output].into_iter().flatten();
        rates.map(|rate| (what.clone(), rate.source())).collect::<Vec<_>>()
    });
    book.age_warnings(serving.chain(uses))
}

/// What the counts take for granted: whose vocabulary they are by.
fn of_counts(plan: &Plan, bases: &[&Entry]) -> Vec<String> {
    let vocabulary = &plan.meter.vocabulary;
    let mut lines = Vec::new();
    if !plan.meter.counter.is_exact() {
        lines.push(format!(
            "the vocabulary `{vocabulary}` does not come with chatmill: counts are estimates with their bounds, of which at \
             best and at worst take the ends that lead there"
        ));
    }
    let others = bases.iter().filter(|base| {
        let own = tokens::model(&base.name).map(|model| model.vocabulary.name());
        own.map_or(true, |own| own != plan.model.vocabulary.name())
    });
    let names: Vec<String> = others.map(|base| format!("`{}`", base.name)).collect();
    if !names.is_empty() {
        lines.push(format!(
            "requests to {} are counted by `{vocabulary}`, the vocabulary of the tuned model: theirs is another, or not known",
            names.join(", ")
        ));
    }
    lines
}

/// The models that the tuned one is compared with.
fn bases<'a>(
    pricing: &'a Pricing,
    tariff: &'a Tariff,
    tuned: &'a Entry,
    named: &[String],
) -> Result<Vec<&'a Entry>> {
    if named.is_empty() {
        let beside = tariff.models.iter().filter(|entry| entry.tunable == Some(false));
        let itself = tuned.base.input.is_some().then_some(tuned);
        let bases: Vec<&Entry> = itself.into_iter().chain(beside).collect();
        if bases.is_empty() {
            return Err(Error::usage(format!("what `{}` costs as it is is not known there", tuned.name))
                .with_hint(
                    "name a model whose price is known with `--base`, or give prices with `--prices FILE`",
                ));
        }
        return Ok(bases);
    }
    let of = |name: &String| {
        let canonical = tokens::model(name).map_or(name.as_str(), |model| model.name);
        let priced = |tariff: &'a Tariff| tariff.entry(canonical).filter(|entry| entry.base.input.is_some());
        let anywhere = || pricing.book.tariffs().find_map(|(_, tariff)| priced(tariff));
        priced(tariff).or_else(anywhere).ok_or_else(|| {
            let all = pricing.book.tariffs().flat_map(|(_, tariff)| &tariff.models);
            let names: BTreeSet<&str> =
                all.filter(|entry| entry.base.input.is_some()).map(|entry| entry.name.as_str()).collect();
            Error::usage(format!("no price is known of `{}` as it is", excerpt(name, 60)))
                .with_hint(suggestion(if name.len() <= 100 { name } else { "" }, names))
        })
    };
    named.iter().map(of).collect()
}

/// What the caller says of requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Models that the tuned one is compared with.
    pub bases: &'a [String],
    /// Tokens of instructions that the tuned model is still sent.
    pub kept: u64,
    /// Requests a month.
    pub a_month: Option<u64>,
}

/// Looks at every row of the plan's inputs; `kept` tokens of instructions stay in each.
fn prompting(plan: &Plan, kept: u64, watch: &dyn Watch) -> Result<Prompted> {
    let mut prompts = Prompts::default();
    let mut tally = Tally::default();
    let limit = limit_of(plan);
    let meter = &plan.meter;
    let spec = plan.target.spec();
    let look = |body: &Body| (requests(body, meter), limited(meter.count(body, Mask::Nothing), spec, body));
    let summary = rows(plan, watch, look, |(mut requests, count): (Requests, TokenCount)| {
        requests.whole = !limit.is_passed_by(count.sequence().high);
        // How much of a row that is cut falls away with its head is known when all heads are: somewhere between none and all.
        let head: u64 = requests.head.iter().map(|step| step.in_rows.low).sum();
        let least = if requests.whole { count.total } else { count.total.saturating_sub(head) };
        tally.add(&TokenCount { total: least, ..count }, limit)?;
        prompts.add(requests)
    })?;
    if tally.examples == 0 {
        return Err(nothing_to_bill(summary.ledger.records, &summary.rejections));
    }
    let prompting = prompts.finish()?;
    // In a preference pair what stands before both answers is counted once or twice.
    let times = if spec.shape == Shape::Preference { 2 } else { 1 };
    let kept =
        kept.checked_mul(tally.examples).and_then(|low| Some(Tokens { low, high: low.checked_mul(times)? }));
    let beyond = || Error::usage("so many tokens of instructions cannot be kept");
    let left = tally.tokens.without(prompting.trained);
    tally.tokens = kept.and_then(|kept| left.plus(kept)).ok_or_else(beyond)?;
    Ok(Prompted { prompting, tally, summary })
}

/// One row as requests: every answer that is learned is one, and reads all that stands before it.
fn requests(body: &Body, meter: &Meter) -> Requests {
    let joined;
    let example = match body {
        Body::Example(example) => example,
        Body::Preference(preference) => {
            let messages = preference.prompt.iter().chain(&preference.chosen).cloned().collect();
            joined = Example { messages, tools: preference.tools.clone(), ..Example::default() };
            &joined
        }
    };
    let outline = meter.outline(example, Mask::Answers);
    let mut requests = Requests::default();
    // In a preference pair the prompt is counted once or twice, its head with it.
    let most = if matches!(body, Body::Preference(_)) { 2 } else { 1 };
    let mut read = Tokens { low: outline.lead.low, high: outline.lead.high };
    // A template of the user's renders in pieces of its own; then texts are what is counted of a message.
    let by_message = outline.pieces.len() == example.messages.len() && !meter.has_template();
    let texts = |message: &Message| {
        message
            .texts()
            .map(|text| meter.counter.span(text))
            .fold(Tokens::default(), |sum, span| with(sum, Tokens { low: span.low, high: span.high }))
    };
    let tokens_of = |at: usize, message: &Message| match outline.pieces.get(at) {
        Some(piece) if by_message => Tokens { low: piece.tokens.low, high: piece.tokens.high },
        _ => texts(message),
    };
    // What every message reads and writes as an answer, for the steps of the head.
    let mut own = Vec::with_capacity(example.messages.len());
    for (at, message) in example.messages.iter().enumerate() {
        let tokens = tokens_of(at, message);
        let this = if message.is_trained_answer() {
            Own { requests: 1, input: read, output: tokens }
        } else {
            Own::default()
        };
        requests.requests += this.requests;
        requests.input = with(requests.input, this.input);
        requests.output = with(requests.output, this.output);
        own.push((tokens, this));
        read = with(read, tokens);
    }
    requests.head = head(&example.messages, &own);
    for step in &mut requests.head {
        step.in_rows.high *= most;
    }
    requests
}

/// Both together: the tokens of one row, far below every bound.
fn with(some: Tokens, others: Tokens) -> Tokens {
    Tokens { low: some.low.saturating_add(others.low), high: some.high.saturating_add(others.high) }
}

/// The steps at the head: instructions, then questions with their answers, the last of them left out.
fn head(messages: &[Message], own: &[(Tokens, Own)]) -> Vec<Step> {
    let is_system = |message: &&Message| matches!(message.role, Role::System | Role::Developer);
    let systems = messages.iter().take_while(is_system).count();
    let mut steps: Vec<Step> = messages
        .iter()
        .zip(own)
        .take(systems.min(STEPS))
        .map(|(message, own)| step(Part::System, std::slice::from_ref(message), &[*own]))
        .collect();
    let talk = messages.get(systems..).unwrap_or_default();
    let of_talk = own.get(systems..).unwrap_or_default();
    let pairs = talk.chunks_exact(2).zip(of_talk.chunks_exact(2));
    let is_pair = |pair: &[Message]| matches!(pair, [question, answer] if question.role == Role::User && answer.role == Role::Assistant);
    // What is asked in earnest comes after the head: at least one more question with its answer.
    let count = pairs.clone().take_while(|(pair, _)| is_pair(pair)).count().saturating_sub(1);
    let room = STEPS.saturating_sub(steps.len());
    steps.extend(pairs.take(count.min(room)).map(|(pair, own)| step(Part::Worked, pair, own)));
    steps
}

fn step(part: Part, messages: &[Message], own: &[(Tokens, Own)]) -> Step {
    let mut bytes = Vec::new();
    for message in messages {
        bytes.extend_from_slice(message.role.name().as_bytes());
        for text in message.texts() {
            bytes.push(0x1f);
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.push(0x1e);
    }
    let begins = messages.first().and_then(|message| message.texts().next()).unwrap_or_default();
    let sum = |of: fn(&(Tokens, Own)) -> Tokens| own.iter().map(of).fold(Tokens::default(), with);
    let tokens = sum(|(tokens, _)| *tokens);
    Step {
        part,
        hash: fingerprint(&bytes),
        tokens,
        in_rows: tokens,
        begins: excerpt(begins, SHOWN),
        own: Own {
            requests: own.iter().map(|(_, own)| own.requests).sum(),
            input: sum(|(_, own)| own.input),
            output: sum(|(_, own)| own.output),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::model;

    fn message(role: Role, text: &str) -> Message {
        Message::text(role, text)
    }

    #[test]
    fn a_chat_is_as_many_requests_as_answers() {
        let messages = vec![
            message(Role::System, "Be kind."),
            message(Role::User, "Hello"),
            message(Role::Assistant, "Hi"),
            message(Role::User, "Where is my parcel?"),
            message(Role::Assistant, "On its way."),
        ];
        let meter = Meter::of(model("gpt-4o").unwrap()).unwrap();
        let body = Body::Example(Example { messages, ..Example::default() });
        let requests = requests(&body, &meter);
        assert_eq!((requests.requests, requests.head.len()), (2, 2));
        assert_eq!(requests.head[0].begins, "Be kind.");
        assert_eq!((requests.head[0].part, requests.head[1].part), (Part::System, Part::Worked));
        assert_eq!(requests.head[1].own.requests, 1);
        // All but the last answer is read by the last request, and the first by both.
        assert!(requests.input.low > requests.head[0].tokens.low * 2);
    }
}
