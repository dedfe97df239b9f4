//! Times of messages: numbers since 1970 and ISO 8601.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Above this a number counts milliseconds: as seconds it would lie beyond the year 5138.
const MILLISECONDS: f64 = 1e11;
/// Above this a number counts microseconds: as milliseconds it would lie beyond the year 5138.
const MICROSECONDS: f64 = 1e14;
/// Above this a number is no time known here (nanoseconds need more digits than a double has).
const BEYOND: f64 = 1e17;

/// Milliseconds since 1970, where the value says a time. Local times are taken as UTC.
pub(super) fn milliseconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_f64().and_then(epoch),
        Value::String(text) => {
            let text = text.trim();
            // A year alone, or a time of day without a date, is no place in time.
            if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
                return text.parse().ok().and_then(epoch);
            }
            if let Ok(time) = text.parse::<Timestamp>() {
                return Some(time.as_millisecond());
            }
            let time: DateTime = text.parse().ok()?;
            Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
        }
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "bounded to 1e17 just before")]
fn epoch(number: f64) -> Option<i64> {
    let size = number.abs();
    let milliseconds = if !(1.0..BEYOND).contains(&size) {
        return None;
    } else if size >= MICROSECONDS {
        number / 1000.0
    } else if size >= MILLISECONDS {
        number
    } else {
        number * 1000.0
    };
    Some(milliseconds.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_iso() {
        for value in [
            json!(1_590_450_149),
            json!("1590450149"),
            json!(1_590_450_149_000_u64),
            json!(1_590_450_149_000_000_u64),
            json!("2020-05-25T23:42:29Z"),
            json!("2020-05-26T01:42:29+02:00"),
            json!("2020-05-25 23:42:29"),
        ] {
            assert_eq!(milliseconds(&value), Some(1_590_450_149_000), "{value}");
        }
        for value in [json!("yesterday"), json!(""), json!(null), json!(1e300), json!("12:30"), json!(true)] {
            assert_eq!(milliseconds(&value), None, "{value}");
        }
    }
}
