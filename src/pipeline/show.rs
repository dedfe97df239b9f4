//! One example as it is trained: its stretches in order, which of them carry loss, and where the limit cuts.

use serde::Serialize;

use super::plan::Plan;
use super::work::{example_tokens, limited, mask};
use crate::diagnostic::Rejection;
use crate::model::{Body, Example, Message, Origin};
use crate::target::Overlong;
use crate::text::cut::floor;
use crate::tokens::{Mask, Piece};

/// A stretch of an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Who speaks; empty for what a chat template rendered.
    pub role: String,
    /// What is said.
    pub text: String,
    /// Tokens before it.
    pub begin: u64,
    /// Its tokens, the chat frame around it with it.
    pub tokens: u64,
    /// Whether it carries loss.
    pub trained: bool,
}

/// One example, shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Input.
    pub path: String,
    /// First line of its record.
    pub line: u64,
    /// Number of the example in its record, from 1, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Why it is not trained at all: then nothing else is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Refusal>,
    /// Tokens before the first stretch: tools, and what the chat frame puts first.
    pub lead: u64,
    /// The stretches.
    pub stretches: Vec<Stretch>,
    /// Of a preference which answer is shown after its prompt: `preferred` or `rejected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<&'static str>,
    /// All tokens.
    pub tokens: u64,
    /// Those that carry loss.
    pub trained: u64,
    /// Whether `tokens` is exact.
    pub exact: bool,
    /// Whether the tokenizer is another model's.
    pub borrowed: bool,
    /// Most tokens of an example; `null` where nothing is published.
    pub limit: Option<u64>,
    /// What is held against the limit, at least and at most.
    pub held: (u64, u64),
    /// What becomes of it when it is longer: `cut at the end`, `left out`, `refused`, `not published`.
    pub overlong: &'static str,
    /// Where it is cut: the stretch and the byte of its text, where the limit lies within the example.
    pub cut: Option<(usize, usize)>,
}

/// Why an example is not trained at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl Shown {
    /// An example that is rejected, or a record that gives none.
    pub(super) fn refused(plan: &Plan, origin: &Origin, why: &Rejection) -> Self {
        let refusal = Refusal { code: why.def.code, name: why.def.name, message: why.message.clone() };
        Self {
            path: path(plan, origin),
            line: origin.line,
            part: None,
            rejected: Some(refusal),
            lead: 0,
            stretches: Vec::new(),
            answer: None,
            tokens: 0,
            trained: 0,
            exact: false,
            borrowed: false,
            limit: None,
            held: (0, 0),
            overlong: plan.target.spec().length.overlong.in_words(),
            cut: None,
        }
    }
}

fn path(plan: &Plan, origin: &Origin) -> String {
    plan.sources.get(origin.source as usize).map_or_else(String::new, |planned| planned.source.name.clone())
}

/// Shows an example; a preference as two, its prompt with each of its answers.
pub(super) fn show(plan: &Plan, body: &Body, origin: &Origin) -> Vec<Shown> {
    let preference = match body {
        Body::Example(example) => return vec![one(plan, example, mask(plan.target.spec()), origin)],
        Body::Preference(preference) => preference,
    };
    let answers = [("preferred", &preference.chosen), ("rejected", &preference.rejected)];
    let shown = answers.map(|(name, answer)| {
        let messages = preference.prompt.iter().chain(answer).cloned().collect();
        let example = Example { messages, tools: preference.tools.clone(), ..Example::default() };
        // Only what comes after the prompt is learned.
        Shown { answer: Some(name), ..one(plan, &example, Mask::LastAnswer, origin) }
    });
    shown.into()
}

fn one(plan: &Plan, example: &Example, mask: Mask, origin: &Origin) -> Shown {
    let outline = plan.meter.outline(example, mask);
    let rendered = plan.meter.rendered(example, mask).and_then(Result::ok);
    let named: Vec<(String, String)> = match rendered {
        Some(segments) => segments.into_iter().map(|segment| (String::new(), segment.text)).collect(),
        None => {
            example.messages.iter().map(|message| (message.role.name().to_owned(), text(message))).collect()
        }
    };
    let overlong = plan.target.spec().length.overlong;
    let limit = example_tokens(plan.target.spec(), plan.model);
    let cuts = matches!(overlong, Overlong::CutAtEnd | Overlong::Unsaid);
    let body = Body::Example(example.clone());
    let count = limited(plan.meter.count(&body, mask), plan.target.spec(), &body);
    let held = count.sequence();
    let mut at = outline.lead.low;
    let (mut stretches, mut cut) = (Vec::new(), None);
    for (index, (piece, (role, text))) in outline.pieces.iter().zip(named).enumerate() {
        let end = at + piece.tokens.low;
        if let Some(limit) = limit.filter(|limit| cuts && cut.is_none() && held.low > *limit && end > *limit)
        {
            cut = Some((index, cut_within(plan, piece, &text, limit.saturating_sub(at))));
        }
        let trained = piece.trained > 0;
        stretches.push(Stretch { role, text, begin: at, tokens: piece.tokens.low, trained });
        at = end;
    }
    Shown {
        path: path(plan, origin),
        line: origin.line,
        part: None,
        rejected: None,
        lead: outline.lead.low,
        stretches,
        answer: None,
        tokens: count.total,
        trained: count.trained,
        exact: count.exact && plan.borrowed().is_none(),
        borrowed: plan.borrowed().is_some(),
        limit,
        held: (held.low, held.high),
        overlong: overlong.in_words(),
        cut,
    }
}

/// All that a message says, refusals and calls included.
fn text(message: &Message) -> String {
    let calls = message.tool_calls.iter().map(|call| format!("{}({})", call.name, call.arguments));
    let refusal = message.extra.get("refusal").and_then(serde_json::Value::as_str).map(str::to_owned);
    let texts = message.texts().filter(|text| !text.is_empty()).map(str::to_owned);
    texts.chain(refusal).chain(calls).collect::<Vec<_>>().join("\n")
}

/// The byte of the text after which about `left` tokens of the piece are used up.
fn cut_within(plan: &Plan, piece: &Piece, text: &str, left: u64) -> usize {
    // What stands around a text stands before it, but for its end.
    let around = piece.tokens.low.saturating_sub(piece.content + 1);
    let left = left.saturating_sub(around);
    let fits = |at: usize| plan.meter.counter.count(text.get(..at).unwrap_or(text)) <= left;
    // All but what stands behind it may fit.
    if piece.content <= left {
        return text.len();
    }
    // A token has some four bytes: from there the end is looked for in doubling steps, for texts may be long.
    let mut high = usize::try_from(left.saturating_mul(4)).unwrap_or(usize::MAX).clamp(1, text.len().max(1));
    let mut low = 0;
    while high < text.len() && fits(floor(text, high)) {
        low = high;
        high = high.saturating_mul(2).min(text.len());
    }
    while low + 1 < high {
        let middle = low.midpoint(high);
        if fits(floor(text, middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    floor(text, low)
}
