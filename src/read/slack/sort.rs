//! Where a Slack message belongs: to its thread, or to the talk of the channel. Looked at on the framing thread, so the
//! message is not parsed, but for the few that report a change of another.

use std::borrow::Cow;

use serde_json::Value;

use super::subtype::{Means, means, says};
use crate::model::Extra;
use crate::read::frame::{Belongs, Frame, Place, Placer, Talk};
use crate::read::people::scalar;
use crate::text::json::{Members, parse};

/// Whether a record is a message as Slack exports it: `type` and a `ts` of seconds, a point and microseconds.
pub(super) fn looks_like_message(record: &Extra) -> bool {
    record.get("type").and_then(Value::as_str) == Some("message")
        && record.get("ts").and_then(Value::as_str).is_some_and(|ts| {
            matches!(ts.split_once('.'), Some((seconds, rest))
                if (9..=11).contains(&seconds.len()) && rest.len() == 6
                    && seconds.bytes().chain(rest.bytes()).all(|byte| byte.is_ascii_digit()))
        })
}

/// The time of a `ts`, in milliseconds since 1970; a `ts` counts seconds, as text or as number.
pub(super) fn milliseconds(ts: &str) -> Option<i64> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.is_empty() || seconds.len() > 12 || !digits(seconds) || !digits(fraction) {
        return None;
    }
    let thousandths = fraction.bytes().chain(*b"000").take(3);
    thousandths.fold(seconds.parse::<i64>().ok(), |sum, digit| Some(sum? * 10 + i64::from(digit - b'0')))
}

/// What decides about a message.
#[derive(Default)]
struct Marks<'a> {
    kind: Cow<'a, str>,
    subtype: Option<Cow<'a, str>>,
    ts: Option<Cow<'a, str>>,
    thread: Option<Cow<'a, str>>,
    typed: bool,
    whole: bool,
}

impl<'a> Marks<'a> {
    fn of(message: &'a [u8]) -> Self {
        let mut marks = Self::default();
        let mut members = Members::of(message);
        for (key, value) in members.by_ref() {
            if key.is("ts") {
                marks.ts = value.text();
            } else if key.is("thread_ts") {
                marks.thread = value.text();
            } else if key.is("type") {
                marks.kind = value.text().unwrap_or_default();
            } else if key.is("subtype") {
                marks.subtype = value.text();
            } else if key.is("client_msg_id") {
                marks.typed = value.text().is_some();
            }
        }
        marks.whole = members.is_whole();
        marks
    }
}

/// Says of each message of one channel where it belongs.
pub(super) fn placer() -> Placer {
    // A message without a time stands where the one before it does.
    let mut last = 0;
    Box::new(move |frame: &Frame<'_>| place(frame.bytes, &mut last))
}

fn place(message: &[u8], last: &mut i64) -> Place {
    let marks = Marks::of(message);
    if !marks.whole {
        return Place::default();
    }
    let reports =
        matches!(means(&marks.kind, marks.subtype.as_deref(), marks.typed), Means::Changed | Means::Deleted);
    let (thread, ts) = if reports {
        let (thread, ts) = reported(message);
        (thread.map(Cow::Owned).or(marks.thread), ts.map(Cow::Owned).or(marks.ts))
    } else {
        (marks.thread, marks.ts)
    };
    if let Some(thread) = thread.filter(|thread| !thread.is_empty()) {
        let belongs = Belongs { key: Some(thread.into_owned()), joins: Vec::new() };
        return Place { belongs, talk: None };
    }
    let time = ts.and_then(|ts| milliseconds(&ts)).unwrap_or(*last);
    *last = time;
    let said = says(&marks.kind, marks.subtype.as_deref(), marks.typed);
    Place { belongs: Belongs::default(), talk: Some(Talk { room: 0, time, said }) }
}

/// Thread and `ts` of the message that a report is about.
fn reported(message: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(Value::Object(report)) = parse(message).map(|parsed| parsed.value) else { return (None, None) };
    let about = about(&report);
    let text = |key: &str| about.and_then(|about| scalar(about.get(key)?));
    (text("thread_ts"), text("ts").or_else(|| scalar(report.get("deleted_ts")?)))
}

/// The message that a report is about: in its new form where it was changed, as it was where it was deleted.
pub(super) fn about(report: &Extra) -> Option<&Extra> {
    ["message", "previous_message", "original"].iter().find_map(|key| report.get(*key)?.as_object())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn placed(message: &Value) -> Place {
        place(message.to_string().as_bytes(), &mut 7)
    }

    fn thread(message: &Value) -> Option<String> {
        placed(message).belongs.key
    }

    #[test]
    fn times() {
        assert_eq!(milliseconds("1355517523.000005"), Some(1_355_517_523_000));
        assert_eq!(milliseconds("1355517523.25"), Some(1_355_517_523_250));
        assert_eq!(milliseconds("1355517523"), Some(1_355_517_523_000));
        for odd in ["", ".", "x", "1.x", "-1", "1355517523123456789", "1.2.3"] {
            assert_eq!(milliseconds(odd), None, "{odd}");
        }
    }

    #[test]
    fn threads_and_talk() {
        let ts = "1709287200.000100";
        let nested = json!({"type": "message", "ts": ts, "x": {"thread_ts": "1"}, "replies": [{"ts": "2"}]});
        assert_eq!(placed(&nested).talk, Some(Talk { room: 0, time: 1_709_287_200_000, said: true }));
        assert_eq!(
            thread(&json!({"type": "message", "ts": "1709287300.0", "thread_ts": ts})),
            Some(ts.into())
        );
        let escaped = br#"{"type":"message","ts":"1709287300.0","thread\u005fts":"a\/b"}"#;
        assert_eq!(place(escaped, &mut 0).belongs.key.as_deref(), Some("a/b"));
        let join = json!({"type": "message", "subtype": "channel_join", "ts": ts});
        assert_eq!(placed(&join).talk.map(|talk| talk.said), Some(false));
        assert_eq!(placed(&json!({"type": "message"})).talk.map(|talk| talk.time), Some(7));
    }

    #[test]
    fn reports_stand_with_what_they_are_about() {
        let changed = json!({"type": "message", "subtype": "message_changed", "ts": "1709287999.0",
            "message": {"ts": "1709287201.0", "thread_ts": "1709287200.0"}});
        assert_eq!(thread(&changed).as_deref(), Some("1709287200.0"));
        let deleted = json!({"type": "message", "subtype": "message_deleted", "ts": "1709287999.0",
            "deleted_ts": "1709287200.0"});
        assert_eq!(placed(&deleted).talk.map(|talk| talk.time), Some(1_709_287_200_000));
    }

    #[test]
    fn what_is_broken_stands_alone() {
        for broken in ["", "{", "null", "{\"ts\":\"1\"", "{\"ts\":\"1\"} x"] {
            assert_eq!(place(broken.as_bytes(), &mut 0), Place::default(), "{broken}");
        }
    }
}
