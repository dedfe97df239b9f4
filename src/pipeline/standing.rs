//! What of an example decides where it may stand in a split: what it has in common with others, what it counts for when
//! sides are balanced, when it was written, and which of its twins is kept.

use serde_json::Value;

use super::plan::Plan;
use crate::config::Keep;
use crate::dedup::{PromptKeys, SharedKey};
use crate::diagnostic::Finding;
use crate::model::{Body, Extra, Message, Role};
use crate::split::{NO_GROUP_FIELD, NO_STRATUM, NO_TIME, Stratify};
use crate::text::sanitize::excerpt;
use crate::text::{hash, time};

/// Keys beside the messages that say whose conversation it is: rows that share one belong together.
pub const PEOPLE: &[&str] = &["contact_id", "customer_id", "end_user_id", "requester_id", "user_id"];

/// Keys beside the messages that say which conversation it is.
pub const TALKS: &[&str] =
    &["conversation_id", "dialogue_id", "session_id", "thread_id", "thread_ts", "ticket_id"];

/// How much a key is likely to hold together. A group is named by the widest of its keys, so that a customer's group keeps
/// its name, and its side, when the customer writes once more.
#[derive(Clone, Copy)]
enum Width {
    /// A field that was asked for.
    Field,
    /// All that one person wrote.
    Person,
    /// One conversation.
    Talk,
    /// The record.
    Record,
    /// Rows with one prompt.
    Prompt,
}

impl Width {
    /// The key with its width in the highest bits, where the least key is the widest.
    fn key(self, hash: u128) -> SharedKey {
        self.shared(hash.into())
    }

    /// See [`Width::key`].
    fn shared(self, shared: SharedKey) -> SharedKey {
        SharedKey { key: (self as u128) << 120 | shared.key >> 8, ..shared }
    }
}

/// Keys beside the messages that say when it was, in the order they are looked for.
const TIMES: &[&str] = &["created_at", "created", "timestamp", "datetime", "date", "time"];

/// Values that say that nobody is known.
const NOBODY: &[&str] = &["", "-", "0", "anonymous", "n/a", "na", "none", "null", "undefined", "unknown"];

/// Longest answer that is a stratum by itself, in bytes: labels are short, and of everything else there is one each.
const LABEL_MAX: usize = 80;

/// Where an example may stand, and beside which others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// Hashes of what it has in common with others; equal ones never stand on two sides.
    pub keys: Vec<SharedKey>,
    /// Hashes of the prompts inside it, before its earlier answers: rows with such a prompt never stand on another side.
    pub inner: Vec<SharedKey>,
    /// What it counts for when sides are balanced.
    pub stratum: Option<Box<str>>,
    /// When its first and its last turn was written, in milliseconds since 1970.
    pub span: Option<(i64, i64)>,
    /// Among twins the one with the highest rank is kept; of equals the first.
    pub rank: f64,
}

impl Standing {
    /// What the record says of it, before the target takes keys away: `id` is the record's own, `span` when its turns
    /// were written.
    pub fn of(plan: &Plan, id: Option<&str>, span: Option<(i64, i64)>, body: &Body) -> Self {
        let settings = &plan.settings;
        let extra = extra(body);
        // Most rows have messages and nothing else.
        let beside = Some(extra).filter(|extra| !extra.is_empty());
        let time = || time_of(beside?, settings.time_field.as_deref());
        let span = span.or_else(|| time().map(|time| (time, time)));
        let mut keys = Vec::new();
        let rank = rank(&settings.twins.which, body, span);
        if !settings.job.has_sides() {
            return Self { span, rank, ..Self::default() };
        }
        keys.extend(id.map(|id| Width::Record.key(named("id", id))));
        if let Some(extra) = beside.filter(|_| settings.group_known) {
            for (width, names) in [(Width::Person, PEOPLE), (Width::Talk, TALKS)] {
                let values = names.iter().filter_map(|name| Some((name, somebody(extra.get(*name)?)?)));
                keys.extend(values.map(|(name, value)| width.key(named(name, &value))));
            }
        }
        let fields = settings.group_by.iter().filter_map(|field| Some((field, field_value(extra, field)?)));
        keys.extend(fields.map(|(field, value)| Width::Field.key(named(field, &value))));
        let stratum = settings.split.stratify.as_ref().and_then(|by| stratum(by, body, span));
        Self { keys, inner: Vec::new(), stratum: stratum.map(String::into_boxed_str), span, rank }
    }

    /// Puts it beside all examples with the same question, so that none stands on both sides with different answers, and
    /// beside those that go on from one: the beginning of a row is not judged by what was learned from the whole.
    pub fn add_questions(&mut self, asked: PromptKeys) {
        self.keys.extend(asked.own.into_iter().map(|key| Width::Prompt.shared(key)));
        self.inner.extend(asked.inner.into_iter().map(|key| Width::Prompt.shared(key)));
    }

    /// What was asked for and the record does not have: a slip in a name would part the data by something else without a
    /// word.
    pub fn missing(&self, plan: &Plan, body: &Body) -> Vec<Finding> {
        let settings = &plan.settings;
        let shown = |name: &str| excerpt(name, 60);
        let mut findings = Vec::new();
        if !settings.job.has_sides() {
            return findings;
        }
        for field in &settings.group_by {
            if field_value(extra(body), field).is_none() {
                let why = format!("the record has no `{}` to group by", shown(field));
                findings.push(Finding::new(&NO_GROUP_FIELD, "", why));
            }
        }
        if let Some(by) = &settings.split.stratify
            && self.stratum.is_none()
        {
            let why = format!("the record has no `{}` to balance the sides by", shown(&by.to_string()));
            findings.push(Finding::new(&NO_STRATUM, "", why));
        }
        if settings.split.by_time() && self.span.is_none() {
            let looked = settings.time_field.as_deref().map_or_else(|| TIMES.join("`, `"), shown);
            findings.push(Finding::new(&NO_TIME, "", format!("the record has no time in `{looked}`")));
        }
        findings
    }
}

/// How much rather than its twins it is kept; last comes what has nothing to go by.
fn rank(which: &Keep, body: &Body, span: Option<(i64, i64)>) -> f64 {
    match which {
        Keep::First => 0.0,
        Keep::Longest => length(body) as f64,
        Keep::Newest => span.map_or(f64::NEG_INFINITY, |(_, newest)| newest as f64),
        Keep::Best(field) => {
            let value = field_value(extra(body), field).and_then(|value| value.trim().parse().ok());
            value.filter(|rank: &f64| !rank.is_nan()).unwrap_or(f64::NEG_INFINITY)
        }
    }
}

fn extra(body: &Body) -> &Extra {
    match body {
        Body::Example(example) => &example.extra,
        Body::Preference(preference) => &preference.extra,
    }
}

/// The hash of what is shared and its name, so that customer 7 and ticket 7 are two things.
fn named(name: &str, value: &str) -> u128 {
    hash::fingerprint(format!("{name}\u{1f}{value}").as_bytes())
}

/// A text or number that names somebody or something, as text.
fn somebody(value: &Value) -> Option<String> {
    let value = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let nobody = NOBODY.iter().any(|nobody| value.eq_ignore_ascii_case(nobody));
    (!nobody).then_some(value)
}

/// The value of a dotted path in what the record says beside its messages.
fn field_value(extra: &Extra, field: &str) -> Option<String> {
    let value = field_in(extra, field)?;
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim().to_owned()),
        other => Some(other.to_string()),
    }
}

fn field_in<'a>(extra: &'a Extra, field: &str) -> Option<&'a Value> {
    // A key may hold a dot itself.
    if let Some(value) = extra.get(field) {
        return Some(value);
    }
    let mut steps = field.split('.').filter(|step| !step.is_empty());
    let first = extra.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

fn time_of(extra: &Extra, field: Option<&str>) -> Option<i64> {
    match field {
        Some(field) => time::of_json(field_in(extra, field)?),
        None => TIMES.iter().find_map(|name| time::of_json(extra.get(*name)?)),
    }
}

/// Bytes of all texts.
fn length(body: &Body) -> usize {
    body.messages().flat_map(Message::texts).map(str::len).sum()
}

fn stratum(by: &Stratify, body: &Body, span: Option<(i64, i64)>) -> Option<String> {
    match by {
        Stratify::Answer => {
            let answer = body.messages().filter(|message| message.role == Role::Assistant).last()?;
            let text: String = answer.texts().collect();
            let text = text.trim();
            (!text.is_empty() && text.len() <= LABEL_MAX).then(|| text.to_lowercase())
        }
        Stratify::Label => match body {
            Body::Example(example) if example.label.is_some() => example.label.map(|label| label.to_string()),
            _ => field_value(extra(body), "label"),
        },
        // From 128 bytes on, so that very short chats are one stratum.
        Stratify::Length => Some(format!("up to {} bytes", length(body).max(128).next_power_of_two())),
        Stratify::Month => {
            let time = jiff::Timestamp::from_millisecond(span?.0).ok()?;
            Some(time.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m").to_string())
        }
        Stratify::Field(field) => field_value(extra(body), field).map(|value| excerpt(&value, LABEL_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Content, Example};

    fn body(extra: &Value) -> Body {
        Body::Example(Example {
            messages: vec![Message::text(Role::User, "Is it blue?"), Message::text(Role::Assistant, " Yes ")],
            extra: extra.as_object().cloned().unwrap_or_default(),
            ..Example::default()
        })
    }

    #[test]
    fn paths_and_keys_with_dots() {
        let extra = json!({"a": {"b": {"c": 7}}, "a.b": "dotted", "padded": " 7\t", "n": null});
        let extra = extra.as_object().unwrap();
        let value = |field: &str| field_value(extra, field);
        assert_eq!(value("a.b.c").as_deref(), Some("7"));
        assert_eq!(value("a.b").as_deref(), Some("dotted"));
        assert_eq!(value("padded").as_deref(), Some("7"));
        assert_eq!((value("n"), value("x.y"), value("")), (None, None, None));
    }

    #[test]
    fn strata_of_an_example() {
        let body = body(&json!({"label": "colour", "topic": {"name": "paint"}}));
        let of = |by: &str| stratum(&by.parse().unwrap(), &body, Some((1_772_323_200_000, 0)));
        assert_eq!(of("answer").as_deref(), Some("yes"));
        assert_eq!(of("label").as_deref(), Some("colour"));
        assert_eq!(of("length").as_deref(), Some("up to 128 bytes"));
        assert_eq!(of("month").as_deref(), Some("2026-03"));
        assert_eq!(of("topic.name").as_deref(), Some("paint"));
        assert_eq!(of("nothing"), None);
    }

    #[test]
    fn an_answer_in_parts_has_a_stratum_too() {
        let mut body = body(&json!({}));
        let Body::Example(example) = &mut body else { unreachable!() };
        let parts = json!([{"type": "text", "text": " Yes,"}, {"type": "text", "text": " it is"}]);
        example.messages[1].content = Content::Parts(parts.as_array().unwrap().clone());
        assert_eq!(stratum(&Stratify::Answer, &body, None).as_deref(), Some("yes, it is"));
    }

    #[test]
    fn a_group_is_named_by_what_holds_most_together() {
        let hash = named("customer_id", "7");
        let widths = [Width::Field, Width::Person, Width::Talk, Width::Record, Width::Prompt];
        let keys = widths.map(|width| width.key(hash));
        assert!(keys.is_sorted());
        assert_eq!(somebody(&json!(" Unknown ")), None);
        assert_eq!(somebody(&json!(" kim\n")).as_deref(), Some("kim"));
        assert_eq!(somebody(&json!(7)).as_deref(), Some("7"));
    }

    #[test]
    fn times_are_found_under_their_usual_names() {
        let time = |extra: Value, field| time_of(extra.as_object().unwrap(), field);
        assert_eq!(time(json!({"created_at": "1970-01-01T00:00:01Z"}), None), Some(1_000));
        assert_eq!(time(json!({"meta": {"at": "1970-01-01T00:00:02Z"}}), Some("meta.at")), Some(2_000));
        assert_eq!(time(json!({"created_at": "soon"}), None), None);
    }
}
