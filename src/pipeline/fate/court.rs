//! One row before all targets: what each of them would make of it.

use std::cell::LazyCell;

use serde_json::Value;

use super::packing;
use super::pairs::{Left, last_answer};
use crate::config::Settings;
use crate::diagnostic::{Finding, Rejection, Severity};
use crate::error::{Error, Result};
use crate::lint::{Item, RowFacts, Rules, is_too_long};
use crate::model::{Body, Raw, Role};
use crate::pipeline::plan::{find_model, find_target, meter, select_rules};
use crate::pipeline::work::{example_tokens, limited, mask, may_pass_limit};
use crate::read::assemble::codes::UNWANTED_ANSWER;
use crate::read::assemble::{answer_ends, mask_earlier};
use crate::read::frame::FrameFault;
use crate::read::json::media;
use crate::read::{Decode, Frame, json};
use crate::report::fates::{Fate, Outcome};
use crate::target::{self, OnFault, Overlong, Packed, Packing, Target, TargetSpec};
use crate::text::number::thousands;
use crate::text::sanitize::excerpt;
use crate::tokens::{Meter, Model};

/// One target made ready.
pub(super) struct Judge {
    pub(super) target: &'static dyn Target,
    pub(super) rules: Rules,
    pub(super) limit: Option<u64>,
    /// How its trainer is told to pack rows.
    pub(super) packing: Option<&'static Packing>,
}

/// All that workers share.
pub(super) struct Court {
    pub(super) judges: Vec<Judge>,
    /// The formats a row may be in, tried in this order.
    formats: Vec<&'static dyn Target>,
    pub(super) model: &'static Model,
    meter: Meter,
}

/// A fate, and what the file as a whole is judged by where the row is used.
pub(super) struct Judged {
    pub(super) fate: Fate,
    pub(super) facts: Option<(RowFacts, u64)>,
    /// Tokens of a row that is used, where its place among the others matters.
    pub(super) tokens: Option<u64>,
}

/// What a row is for targets that do not read it.
enum Known {
    /// An example or preference.
    Body(Body),
    /// A conversation whose roles are not settled.
    Conversation,
    /// Nothing that anybody reads.
    Nothing,
}

impl Court {
    /// All `targets`, made ready.
    pub(super) fn of(settings: &Settings, targets: &[String], packing: Option<&str>) -> Result<Self> {
        let model = find_model(settings)?;
        let meter = meter(settings, model)?;
        let mut judges = Vec::with_capacity(targets.len());
        let found: Vec<_> = targets.iter().map(|name| find_target(name)).collect::<Result<_>>()?;
        let ways = match packing {
            Some(how) => packing::ways(how, &found)?,
            None => vec![None; found.len()],
        };
        for (target, packing) in found.into_iter().zip(ways) {
            let rules = select_rules(&settings.lint, target, model, &meter)?;
            let less = packing.map_or(0, |packing| packing.less);
            let limit = example_tokens(target.spec(), model).map(|limit| limit.saturating_sub(less));
            judges.push(Judge { target, rules, limit, packing });
        }
        if judges.is_empty() {
            return Err(
                Error::usage("no target is given").with_hint("name some: `--target together-chat,trl-chat`")
            );
        }
        Ok(Self { judges, formats: formats(), model, meter })
    }

    /// What every target would make of a row, in their order.
    pub(super) fn row(&self, frame: &Frame<'_>, decoder: Option<&dyn Decode>) -> Vec<Judged> {
        if let Some(FrameFault::TooLong { limit }) = frame.fault {
            let why = format!("the row has {} bytes, more than the limit of {limit}", frame.origin.length);
            return self.all("record-too-long", &why);
        }
        let mut found = Vec::new();
        let row = match json::value(frame, &mut found) {
            Ok(row) => row,
            Err(rejection) => return self.all(rejection.def.name, &rejection.message),
        };
        let body = LazyCell::new(|| self.body(frame, &row, decoder));
        self.judges.iter().map(|judge| self.judge(judge, frame, &row, &body)).collect()
    }

    /// The same fate under every target.
    fn all(&self, name: &'static str, why: &str) -> Vec<Judged> {
        let one = |judge: &Judge| refused(judge.target, name, why.to_owned(), None);
        self.judges.iter().map(one).collect()
    }

    /// What a row is that stands in no format of the target's: what its reader makes of it, or whatever format fits.
    fn body(&self, frame: &Frame<'_>, row: &Value, decoder: Option<&dyn Decode>) -> Known {
        let read = decoder.and_then(|decoder| decoder.decode(frame).ok());
        let other = match read.map(|decoded| decoded.raw) {
            Some(Raw::Example(example)) => return Known::Body(Body::Example(example)),
            Some(Raw::Preference(preference)) => return Known::Body(Body::Preference(preference)),
            Some(Raw::Conversation(_)) => Known::Conversation,
            None => Known::Nothing,
        };
        let body = self.formats.iter().find_map(|format| format.decode(row.clone()).ok());
        body.map_or(other, Known::Body)
    }

    fn judge<'a>(
        &self,
        judge: &Judge,
        frame: &Frame<'_>,
        row: &Value,
        known: &LazyCell<Known, impl FnOnce() -> Known + 'a>,
    ) -> Judged {
        let spec = judge.target.spec();
        let (mut body, mut changes) = match judge.target.decode(row.clone()) {
            Ok(body) => (body, Vec::new()),
            Err(faults) => {
                let Known::Body(body) = &**known else {
                    let first = faults.into_iter().next();
                    let (name, mut why) = first
                        .map_or(("missing-messages", String::new()), |fault| (fault.def.name, fault.message));
                    if matches!(**known, Known::Conversation) {
                        why.push_str("; it is a conversation, of which `chatmill prepare` makes rows");
                    }
                    let says = spec.sentence("SHAPE002").map(str::to_owned);
                    return refused(judge.target, name, why, says);
                };
                let mut body = body.clone();
                match rewrite(judge.target, &mut body) {
                    Ok(changes) => (body, changes),
                    Err(rejection) => {
                        return refused(judge.target, rejection.def.name, rejection.message, None);
                    }
                }
            }
        };
        let how = judge.packing.map(|packing| packing.how);
        let wrapped = matches!(how, Some(Packed::Wrapped { .. }));
        let long = wrapped || may_pass_limit(&self.meter, spec, &body, frame.bytes.len(), judge.limit);
        let tokens = long.then(|| limited(self.meter.count(&body, mask(spec)), spec, &body));
        let item = Item::new(&body, tokens);
        let findings = judge.rules.check_row(&item);
        // Length has a verdict of its own below.
        let length = |finding: &Finding| is_too_long(finding.def);
        if let Some(finding) =
            findings.iter().find(|finding| finding.severity == Severity::Error && !length(finding))
        {
            let why = format!("{}{}", place(judge.target, &body, finding), finding.message);
            return refused(judge.target, finding.def.name, why, finding.says.clone());
        }
        // What compares rows with one another says something of the data, whatever the target.
        let facts = Some((RowFacts::of(&item, None, frame.origin.line), frame.origin.length + 1));
        if let (Some(tokens), Some(limit)) = (tokens.map(|tokens| tokens.sequence().low), judge.limit)
            && tokens > limit
        {
            match how {
                Some(Packed::Split) => changes.push(("cut-by-packing", pieces(tokens, limit))),
                Some(Packed::Wrapped { .. }) => {}
                Some(Packed::Whole) | None => {
                    let left = self.left(judge, &body, limit, &findings);
                    let mut fate = overlong(judge, limit, tokens, left);
                    if let Some((_, rows)) = changes.iter().find(|(name, _)| *name == SPLIT_ANSWERS) {
                        // Of several rows it is the last that is looked at, and the longest.
                        fate.why = format!("{rows}; the last of them: {}", fate.why);
                        fate.outcome = Outcome::Truncated;
                    }
                    return Judged { fate, facts, tokens: None };
                }
            }
        }
        changes.extend(ignored(judge.target, &mut body));
        changes.extend(added(spec, &body));
        let fate = if changes.is_empty() {
            Fate { outcome: Outcome::Kept, name: "kept", why: String::new(), says: None, cut_at: None }
        } else {
            let name = changes.first().map_or("changed", |(name, _)| *name);
            let why = changes.into_iter().map(|(_, why)| why).collect::<Vec<_>>().join("; ");
            Fate { outcome: Outcome::Changed, name, why, says: None, cut_at: None }
        };
        Judged { fate, facts, tokens: tokens.filter(|_| wrapped).map(|tokens| tokens.total) }
    }

    /// What the limit leaves of the last answer of a row that is too long.
    fn left(&self, judge: &Judge, body: &Body, limit: u64, findings: &[Finding]) -> Left {
        let spec = judge.target.spec();
        if let (Body::Example(example), true) = (body, spec.cuts_pairs) {
            let outline = self.meter.outline(example, mask(spec));
            if let Some(left) = last_answer(&outline, &example.messages, limit) {
                return left;
            }
        }
        let lost = |finding: &Finding| matches!(finding.def.name, "cut-answer" | "nothing-learned");
        if findings.iter().any(lost) { Left::Nothing } else { Left::Unknown }
    }
}

/// What rows are counted under that become several.
const SPLIT_ANSWERS: &str = "split-answers";

/// A name that rows are counted under, and what is said of this one.
type Change = (&'static str, String);

/// Writes `body` in the layout of a target that could not read the row; what that changes.
fn rewrite(target: &'static dyn Target, body: &mut Body) -> std::result::Result<Vec<Change>, Rejection> {
    let spec = target.spec();
    if let Body::Example(example) = &*body
        && example.label == Some(false)
        && !spec.row_keys.contains(&"label")
    {
        return Err(Rejection::new(&UNWANTED_ANSWER, "`label` is false: the answer is not wanted"));
    }
    media::check(spec, body)?;
    let adapted = target::adapt(spec, body);
    let answers = if spec.one_answer { one_answer(body) } else { None };
    let mut left_out = Vec::new();
    target::fit(spec, body, &mut left_out)?;
    target.encode(body, &mut Vec::new())?;
    let mut changes: Vec<Change> =
        adapted.into_iter().map(|(def, count)| (def.name, format!("{} ({count})", def.summary))).collect();
    if let Some((answers, tail)) = answers {
        let tail = if tail > 0 { "; what stands behind the last is left out" } else { "" };
        let why = format!("one row for each of its {answers} answers, with what was said before it{tail}");
        changes.push((SPLIT_ANSWERS, why));
    }
    if !left_out.is_empty() {
        changes.push(("key-left-out", names(&left_out, "has no place", "have no place")));
    }
    Ok(changes)
}

/// Keys, and what becomes of one or of several.
fn names(keys: &[String], one: &str, several: &str) -> String {
    format!("`{}` {}", keys.join("`, `"), if keys.len() == 1 { one } else { several })
}

/// What the loader adds to a row.
fn added(spec: &TargetSpec, body: &Body) -> Option<Change> {
    let words = spec.adds_instructions?;
    let Body::Example(example) = body else { return None };
    let system = example.messages.first().filter(|first| first.role.is_instruction());
    // As the loader looks for it: the words that switch it on are as good.
    let there = |text: &str| text.contains(words) || text.contains("detailed thinking on");
    let untouched = example.tools.as_ref().is_some_and(|tools| !tools.is_empty())
        || system.is_some_and(|system| system.texts().any(there));
    let why = match system {
        Some(_) => format!("the loader adds `{words}` to the instructions"),
        None => format!("the loader puts the instructions `{words}` first"),
    };
    (!untouched).then_some(("instructions-added", why))
}

/// How a row that is longer than a sequence is cut.
fn pieces(total: u64, limit: u64) -> String {
    let pieces = total.div_ceil(limit.max(1));
    format!(
        "its {} tokens become {pieces} pieces of at most {}, each learned without what was before it",
        thousands(total),
        thousands(limit)
    )
}

/// Leaves the last of the rows that are made of a body with several answers; how many these are, and how many messages stand
/// behind them.
fn one_answer(body: &mut Body) -> Option<(usize, usize)> {
    let Body::Example(example) = body else { return None };
    let ends = answer_ends(&example.messages);
    let [_, .., last] = ends.as_slice() else { return None };
    let tail = example.messages.len() - last;
    example.messages.truncate(*last);
    mask_earlier(&mut example.messages);
    Some((ends.len(), tail))
}

/// What a target that reads the row passes over.
fn ignored(target: &'static dyn Target, body: &mut Body) -> Vec<Change> {
    let spec = target.spec();
    let masked = |body: &Body| match body {
        Body::Example(example) => example
            .messages
            .iter()
            .any(|message| message.role == Role::Assistant && message.weight == Some(0)),
        Body::Preference(_) => false,
    };
    let mut changes = Vec::new();
    if media::check(spec, body).is_err() {
        let why = "what it answers about, in files of its own, is not read".to_owned();
        changes.push(("media-ignored", why));
    }
    if let Body::Example(example) = &*body
        && example.extra.get("label").is_some_and(|label| label == false)
        && !spec.row_keys.contains(&"label")
    {
        changes.push((
            "label-ignored",
            "`label` is false and not read: an answer that is not wanted is learned".into(),
        ));
    }
    if !spec.message_keys.contains(&"weight") && masked(body) {
        changes.push(("weight-ignored", "`weight` 0 is not read: the answer is learned".to_owned()));
        if let Body::Example(example) = body {
            example.messages.iter_mut().for_each(|message| message.weight = None);
        }
    }
    let mut left_out = Vec::new();
    if target::fit(spec, body, &mut left_out).is_ok() && !left_out.is_empty() {
        changes.push(("key-ignored", names(&left_out, "is not read", "are not read")));
    }
    changes
}

fn place(target: &'static dyn Target, body: &Body, finding: &Finding) -> String {
    match target.place(body, finding.path.clone()) {
        path if path.is_empty() => path,
        path => format!("{}: ", excerpt(&path, 80)),
    }
}

/// The fate of a row that is against the rules.
fn refused(target: &'static dyn Target, name: &'static str, why: String, says: Option<String>) -> Judged {
    let outcome = match target.spec().on_fault {
        OnFault::DropsRow => Outcome::Dropped,
        OnFault::RefusesFile | OnFault::StopsRun => Outcome::Rejected,
    };
    Judged { fate: Fate { outcome, name, why, says, cut_at: None }, facts: None, tokens: None }
}

/// The fate of a row that is too long.
fn overlong(judge: &Judge, limit: u64, total: u64, left: Left) -> Fate {
    let spec = judge.target.spec();
    let length = spec.length;
    let set = length.setting.map_or_else(String::new, |setting| format!(" (`{setting}`)"));
    let over = format!("{total} tokens, and the limit is {limit}{set}");
    let (outcome, name, end) = match (length.overlong, left) {
        (Overlong::Dropped, _) => (Outcome::Dropped, "too-long", String::new()),
        (Overlong::Refused, _) => (Outcome::Rejected, "too-long", String::new()),
        (Overlong::CutAtEnd, Left::Nothing) if spec.drops_unlearned && judge.packing.is_none() => (
            Outcome::Dropped,
            "nothing-learned",
            ": nothing to learn is left, and the row is left out".into(),
        ),
        (Overlong::CutAtEnd, Left::Nothing) => {
            (Outcome::Truncated, "last-answer-lost", ": the last answer is lost".into())
        }
        (Overlong::CutAtEnd, Left::Some(kept, of)) => {
            let end = format!(": of the last answer {kept} of {of} tokens are left");
            (Outcome::Truncated, "last-answer-cut", end)
        }
        (Overlong::CutAtEnd, Left::All) => (
            Outcome::Truncated,
            "question-cut",
            ": the end of a question is cut, and the last answer stays".into(),
        ),
        (Overlong::CutAtEnd, Left::Unknown) => (Outcome::Truncated, "end-cut", ": the end is cut".into()),
        (Overlong::Unsaid, _) => {
            (Outcome::Truncated, "too-long", ": what happens then is not published".into())
        }
    };
    let cut_at = (outcome == Outcome::Truncated).then_some(limit);
    Fate { outcome, name, why: format!("{over}{end}"), says: None, cut_at }
}

/// The formats that rows are looked for in: those of OpenAI first, from which most move, then all others.
fn formats() -> Vec<&'static dyn Target> {
    let first = ["openai-chat", "openai-dpo"];
    let named = first.iter().filter_map(|name| target::by_name(name));
    let others = target::TARGETS.iter().copied().filter(|target| !first.contains(&target.spec().name));
    named.chain(others).collect()
}
