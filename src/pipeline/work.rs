//! The work on one batch: pure, any thread. Decode, assemble and mend, measure, check, encode.

use std::sync::Arc;

use super::as_it_stands;
use super::loss::Learned;
use super::plan::Plan;
use super::profile::Profile;
use super::show::{Shown, show};
use super::standing::Standing;
use super::walk::WalkOptions;
use crate::dedup::near::Shingler;
use crate::dedup::{fingerprint, questions};
use crate::diagnostic::{Def, Finding, Rejection, Severity};
use crate::lint::{Columns, Item, RowFacts, is_too_long};
use crate::model::{Besides, Body, Facts, Message, Origin, Prints, Raw, Sequence, TokenCount};
use crate::read::assemble::{self, Assembled, Part, assemble};
use crate::read::frame::FrameFault;
use crate::read::json::media;
use crate::read::{Batch, Decode, Frame, codes};
use crate::target::codes::KEY_LEFT_OUT;
use crate::target::{self, RowBuffer, TargetSpec, Trained};
use crate::text::masks::Masked;
use crate::tokens::codes::CHAT_NOT_RENDERED;
use crate::tokens::{Mask, Meter, Model, besides, provider_of};

/// A batch and who can decode it.
pub struct Job {
    /// The decoder of the batch's source.
    pub decoder: Arc<dyn Decode>,
    /// The frames.
    pub batch: Batch,
    /// Stored bytes that were read for it, for progress.
    pub read_bytes: u64,
}

/// What became of one record, before twins and sides are known.
pub struct Outcome {
    /// Where it came from.
    pub origin: Origin,
    /// The conversation's own identifier.
    pub id: Option<String>,
    /// Turns (or messages) in it.
    pub turns_read: u64,
    /// Turns left out, by reason.
    pub dropped: Vec<(&'static Def, u64)>,
    /// The examples it gave.
    pub parts: Vec<Made>,
    /// Why it gave none.
    pub rejected: Option<Rejection>,
    /// What its reader noticed.
    pub findings: Vec<Finding>,
    /// When its first and its last turn was written, in milliseconds since 1970, where turns have a time.
    pub span: Option<(i64, i64)>,
    /// The record as it was, when it or a part of it is rejected.
    pub raw: Vec<u8>,
}

/// One example, encoded, with what is known of it.
pub struct Made {
    /// The row for the target, without line feed; empty when it cannot be expressed.
    pub row: Vec<u8>,
    /// Measured facts.
    pub facts: Facts,
    /// Where it may stand; nothing where there are no sides.
    pub standing: Standing,
    /// What it says, cut into shingles, when near twins are looked for.
    pub shingles: Vec<u64>,
    /// Whether the next example of the record says the same and more: then that one is compared for both.
    pub goes_on: bool,
    /// What was masked for that.
    pub masked: Masked,
    /// Answers in it that are not masked.
    pub answers: u64,
    /// What was mended, and how often.
    pub mendings: Vec<(&'static Def, u64)>,
    /// Turns that are its messages.
    pub kept: u64,
    /// Turns joined into these.
    pub merged: u64,
    /// Keys the target does not take.
    pub left_out: Vec<String>,
    /// What the rules said.
    pub findings: Vec<Finding>,
    /// Why the target would refuse it.
    pub rejected: Option<Rejection>,
    /// What rules over the whole dataset want to know of it.
    pub row_facts: RowFacts,
    /// What it is made of, when the plan asks for it.
    pub profile: Option<Box<Profile>>,
    /// What is trained of it, when the plan asks for it.
    pub learned: Option<Box<Learned>>,
    /// How it is trained, when the plan asks for its line.
    pub shown: Vec<Shown>,
}

impl Made {
    /// Why it cannot be measured, where its length is not all that is wrong with it.
    pub(super) fn refused(&self) -> Option<&Rejection> {
        let why = self.rejected.as_ref()?;
        let mut errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let long = is_too_long(why.def) && errors.all(|finding| is_too_long(finding.def));
        (!long).then_some(why)
    }
}

/// Works on every frame of a batch, in order, as outcomes are asked for.
pub fn work(plan: &Plan, options: WalkOptions, job: &Job) -> impl Iterator<Item = Outcome> {
    let near = plan.settings.twins.near.as_ref().filter(|_| options.judged);
    let shingler = near.map(|near| Shingler::new(near.cut(plan.settings.twins.on)));
    let mut room = Room { shingler, ..Room::default() };
    job.batch.frames().map(move |frame| one(plan, options, job.decoder.as_ref(), &frame, &mut room))
}

/// What records use one after the other.
#[derive(Default)]
pub(super) struct Room {
    /// For the texts of a record in another form.
    pub(super) texts: Vec<u8>,
    /// For the record itself.
    pub(super) row: RowBuffer,
    /// For the row that is written of it.
    pub(super) encoded: Vec<u8>,
    /// Cuts texts into shingles, when near twins are looked for.
    pub(super) shingler: Option<Shingler>,
    /// What rows have beside their texts, when that is compared.
    pub(super) columns: Option<Columns>,
}

/// Most bytes that stay set aside for the next row.
const USUAL_ROW: usize = 256 << 10;

fn one(
    plan: &Plan,
    options: WalkOptions,
    decoder: &dyn Decode,
    frame: &Frame<'_>,
    room: &mut Room,
) -> Outcome {
    let mut outcome = Outcome {
        origin: frame.origin,
        id: None,
        turns_read: 0,
        dropped: Vec::new(),
        parts: Vec::new(),
        rejected: None,
        findings: Vec::new(),
        span: None,
        raw: Vec::new(),
    };
    let decoded = match too_long(frame) {
        Some(rejection) => Err(rejection),
        None => decoder.decode_into(frame, &mut room.row),
    };
    match decoded {
        Err(rejection) => outcome.rejected = Some(rejection),
        Ok(decoded) => {
            outcome.findings = decoded.findings;
            outcome.span = span(&decoded.raw);
            if plan.settings.job.as_it_stands() {
                stand(plan, options, decoded.raw, frame, &mut outcome, room);
            } else {
                let measure = |body: &Body| plan.length(body);
                let assembled = assemble(decoded.raw, &plan.speakers, &plan.assemble, Some(&measure));
                finish(plan, options, assembled, &mut outcome, room);
            }
        }
    }
    if outcome.rejected.is_some() || outcome.parts.iter().any(|part| part.rejected.is_some()) {
        outcome.raw = frame.bytes.to_vec();
    }
    outcome
}

/// Why a record is not decoded at all.
pub(super) fn too_long(frame: &Frame<'_>) -> Option<Rejection> {
    let FrameFault::TooLong { limit } = frame.fault?;
    let why = format!("the record has {} bytes, more than the limit of {limit}", frame.origin.length);
    Some(Rejection::new(&codes::RECORD_TOO_LONG, why))
}

/// What is compared of a row that stays as it stands.
fn stand(
    plan: &Plan,
    options: WalkOptions,
    raw: Raw,
    frame: &Frame<'_>,
    outcome: &mut Outcome,
    room: &mut Room,
) {
    let body = match as_it_stands::body(raw, frame) {
        Ok(body) => body,
        Err(rejection) => {
            outcome.rejected = Some(rejection);
            return;
        }
    };
    outcome.id = assemble::id(&body);
    let standing = Standing::of(plan, outcome.id.as_deref(), outcome.span, &body);
    outcome.findings.extend(standing.missing(plan, &body));
    let mut made = as_it_stands::made(&body, frame, standing);
    outcome.turns_read = made.kept;
    if options.judged {
        compare(plan, &body, &Prints::of(&body, &mut room.texts), &mut made, room);
    }
    outcome.parts = vec![made];
}

/// The row as it is read back, where a target may write it in a way that says less (results of tools as objects, a label
/// for the last answer alone): what is compared, and proved from the files, is what stands in them.
fn read_back(plan: &Plan, body: &Body, made: &Made) -> Option<Body> {
    if made.rejected.is_some() || is_plain(body) {
        return None;
    }
    plan.target.decode(serde_json::from_slice(&made.row).ok()?).ok()
}

/// Whether a body is messages of texts and nothing else, which every target writes so that they are read back as they were.
fn is_plain(body: &Body) -> bool {
    let Body::Example(example) = body else { return false };
    example.label.is_none() && besides(body) == Besides::default()
}

/// Keeps what is compared across examples.
fn compare(plan: &Plan, body: &Body, prints: &Prints, made: &mut Made, room: &mut Room) {
    made.facts.fingerprint = Some(fingerprint(body, prints, plan.settings.twins.on));
    if plan.settings.job.has_sides() {
        made.standing.add_questions(questions(body, prints));
    }
    // Where nothing is put on sides, a part of the next row is not compared at all.
    let compares = plan.settings.job.has_sides() || !made.goes_on;
    if let Some(shingler) = room.shingler.as_mut().filter(|_| compares) {
        let before = shingler.masked();
        made.shingles = shingler.set(body).to_vec();
        if !made.goes_on {
            made.masked = std::array::from_fn(|kind| shingler.masked()[kind] - before[kind]);
        }
    }
}

/// When the first and the last turn was written.
fn span(raw: &Raw) -> Option<(i64, i64)> {
    let Raw::Conversation(conversation) = raw else { return None };
    conversation.turns.iter().filter_map(|turn| turn.time).fold(None, |span, time| match span {
        None => Some((time, time)),
        Some((first, last)) => Some((time.min(first), time.max(last))),
    })
}

fn finish(plan: &Plan, options: WalkOptions, assembled: Assembled, outcome: &mut Outcome, room: &mut Room) {
    outcome.id = assembled.id;
    outcome.turns_read = assembled.read;
    outcome.dropped = assembled.dropped;
    outcome.rejected = assembled.rejected;
    outcome.parts.reserve_exact(assembled.parts.len());
    let several = assembled.parts.len() > 1;
    for (number, part) in assembled.parts.into_iter().enumerate() {
        let mut standing = Standing::default();
        if options.judged {
            standing = Standing::of(plan, outcome.id.as_deref(), outcome.span, &part.body);
            // All parts of one record say the same.
            if number == 0 {
                outcome.findings.extend(standing.missing(plan, &part.body));
            }
        }
        let mut made = make(plan, options, part, standing, &outcome.origin, room);
        for shown in made.shown.iter_mut().filter(|_| several) {
            shown.part = u32::try_from(number + 1).ok();
        }
        outcome.parts.push(made);
    }
}

fn make(
    plan: &Plan,
    options: WalkOptions,
    mut part: Part,
    standing: Standing,
    origin: &Origin,
    room: &mut Room,
) -> Made {
    let mut left_out = Vec::new();
    part.mendings.extend(target::adapt(plan.target.spec(), &mut part.body));
    // Before the list of files is left out as a key that nobody knows.
    let separate = media::check(plan.target.spec(), &part.body).err();
    let unfit = separate.or(target::fit(plan.target.spec(), &mut part.body, &mut left_out).err());
    room.encoded.clear();
    room.encoded.shrink_to(USUAL_ROW);
    let mut rejected = unfit.or_else(|| plan.target.encode(&part.body, &mut room.encoded).err());
    let row = room.encoded.as_slice().to_vec();
    let limit = example_tokens(plan.target.spec(), plan.model);
    let asks = plan.rules.needs().tokens || plan.meter.has_template();
    let long = || asks && may_pass_limit(&plan.meter, plan.target.spec(), &part.body, row.len(), limit);
    let divided = plan.window();
    let count = plan.settings.count || options.learned || divided.is_some() || long();
    // Looked at piece by piece, an example is counted once for all that is asked of it.
    let outline = match &part.body {
        Body::Example(example) if count && options.learned && !plan.meter.has_template() => {
            Some(plan.meter.outline(example, mask(plan.target.spec())))
        }
        _ => None,
    };
    let measured = count.then(|| match &outline {
        Some(outline) => Ok(limited(outline.sum(), plan.target.spec(), &part.body)),
        None => counted(&plan.meter, plan.target.spec(), &part.body),
    });
    let (tokens, not_rendered) = match measured {
        Some(Ok(tokens)) => (Some(tokens), None),
        Some(Err(why)) => (None, Some(Finding::new(&CHAT_NOT_RENDERED, "", why))),
        None => (None, None),
    };
    // What all rows say together is told of the rows that a judge has decided on.
    let prints = (options.judged).then(|| Prints::of(&part.body, &mut room.texts));
    let facts = Facts { tokens, fingerprint: None };
    let item = Item::new(&part.body, tokens);
    let mut findings = plan.rules.check_row(&item);
    findings.extend(not_rendered);
    if !left_out.is_empty() {
        let keys = format!("the target does not take `{}`", left_out.join("`, `"));
        findings.push(Finding::new(&KEY_LEFT_OUT, "", keys));
    }
    if let (Some(limit), Some(tokens), None) = (divided, tokens, &rejected)
        && tokens.sequence().high > limit
    {
        let why = format!(
            "it has up to {} tokens, and a window takes {limit}: between turns it cannot be cut",
            tokens.sequence().high
        );
        rejected = Some(Rejection::new(&assemble::codes::CANNOT_BE_DIVIDED, why));
    }
    if rejected.is_none() {
        rejected = findings.iter().find(|finding| finding.severity == Severity::Error).map(|finding| {
            let place = if finding.path.is_empty() { String::new() } else { format!("{}: ", finding.path) };
            Rejection::new(finding.def, format!("{place}{}", finding.message))
        });
    }
    let row_facts = match &prints {
        Some(prints) => RowFacts::of(&item, Some(prints).filter(|_| plan.rules.needs().answers), origin.line),
        None => RowFacts::default(),
    };
    let counter = plan.settings.count.then_some(plan.meter.counter.as_ref());
    let profile = options.profile.then(|| Box::new(Profile::of(&part.body, counter, outline.as_ref())));
    let learned = tokens
        .filter(|_| options.learned)
        .map(|tokens| Box::new(Learned::of(&part.body, plan, &tokens, outline.as_ref())));
    let mut made = Made {
        row,
        facts,
        standing,
        shingles: Vec::new(),
        goes_on: part.goes_on,
        masked: Masked::default(),
        answers: rejected
            .as_ref()
            .map_or(0, |_| part.body.messages().filter(|message| message.is_trained_answer()).count() as u64),
        mendings: part.mendings,
        kept: part.kept,
        merged: part.merged,
        left_out,
        findings,
        rejected,
        row_facts,
        profile,
        learned,
        shown: Vec::new(),
    };
    // As it is written: after the target's own way of saying it, and with the reason where it is not.
    if options.show == Some(origin.line) {
        made.shown = match made.refused() {
            Some(why) => vec![Shown::refused(plan, origin, why)],
            None => show(plan, &part.body, origin),
        };
    }
    if let Some(prints) = prints {
        match read_back(plan, &part.body, &made) {
            Some(body) => compare(plan, &body, &Prints::of(&body, &mut room.texts), &mut made, room),
            None => compare(plan, &part.body, &prints, &mut made, room),
        }
    }
    room.row.give_back(part.body);
    made
}

/// Whether a body whose row has so many bytes may have more tokens than the limit: one that has not need not be counted
/// to know that it fits.
pub(super) fn may_pass_limit(
    meter: &Meter,
    spec: &TargetSpec,
    body: &Body,
    bytes: usize,
    limit: Option<u64>,
) -> bool {
    let Some(limit) = limit else { return false };
    let most = match spec.characters_a_token {
        Some(characters) => Some(bytes as u64 / characters.max(1)),
        None => meter.most(body, bytes),
    };
    most.is_none_or(|most| most > limit)
}

/// Tokens of an example that are not cut or refused where the target's provider tunes the model; `None` where nothing is
/// published.
pub(super) fn example_tokens(spec: &TargetSpec, model: &Model) -> Option<u64> {
    limit_at(provider_of(spec.name), spec, model)
}

/// The same at any provider: the smaller of the target's own limit and the provider's for the model. What another provider
/// takes says nothing.
pub(super) fn limit_at(provider: Option<&str>, spec: &TargetSpec, model: &Model) -> Option<u64> {
    let offered = provider.and_then(|provider| model.example_tokens(provider));
    let of_model = offered.map(|tokens| spec.length.of_model(tokens));
    spec.length.tokens.into_iter().chain(of_model).min()
}

/// Counts one example or preference as the target trains on it and holds it against its limit; `Err` says why a template
/// does not render it.
pub(super) fn counted(
    meter: &Meter,
    spec: &TargetSpec,
    body: &Body,
) -> std::result::Result<TokenCount, String> {
    meter.measure(body, mask(spec)).map(|count| limited(count, spec, body))
}

/// The count with what the target's validator holds against its limit, where that is no count of tokens.
pub(super) fn limited(count: TokenCount, spec: &TargetSpec, body: &Body) -> TokenCount {
    let Some(characters) = spec.characters_a_token else { return count };
    let texts = body.messages().flat_map(Message::texts);
    let tokens = texts.map(|text| text.chars().count() as u64 / characters.max(1)).sum();
    TokenCount { limited: Some(Sequence { low: tokens, high: tokens, exact: true }), ..count }
}

/// Which tokens the target trains on.
pub(super) fn mask(spec: &TargetSpec) -> Mask {
    match spec.trained {
        Trained::Answers => Mask::Answers,
        Trained::LastAnswer => Mask::LastAnswer,
        Trained::Everything => Mask::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;
    use crate::model::Role;
    use crate::target::by_name;
    use crate::tokens::model;

    #[test]
    fn a_limit_is_the_targets_and_its_own_providers() {
        let limit =
            |target: &str, name: &str| example_tokens(by_name(target).unwrap().spec(), model(name).unwrap());
        // The smaller one holds.
        assert_eq!(limit("vertex", "gemma-3-27b-it"), Some(8_192));
        assert_eq!(limit("vertex", "gemini-2.5-flash"), Some(131_072));
        assert_eq!(limit("together-chat", "qwen3-8b"), Some(40_960));
        assert_eq!(limit("together-preference", "qwen3-8b"), Some(20_480));
        // What another provider takes, or would take of the model that is assumed, says nothing.
        assert_eq!(limit("fireworks", "qwen3-30b-a3b"), None);
        assert_eq!(limit("together-chat", "gpt-4.1-mini"), None);
        assert_eq!(limit("trl-chat", "qwen3-8b"), Some(1_024));
    }

    #[test]
    fn claudes_validator_counts_characters() {
        let messages = vec![
            Message::text(Role::System, "äöüäö"),
            Message::text(Role::User, "12345678"),
            Message::text(Role::Assistant, "12"),
        ];
        let body = Body::Example(Example { messages, ..Example::default() });
        let spec = |name: &str| by_name(name).unwrap().spec();
        let count = |name: &str| limited(TokenCount::default(), spec(name), &body).limited;
        // Each text is divided by itself: one, two and none.
        assert_eq!(count("bedrock-claude"), Some(Sequence { low: 3, high: 3, exact: true }));
        assert_eq!(count("openai-chat"), None);
    }
}
