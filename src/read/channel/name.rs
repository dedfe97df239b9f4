//! What the conversations of a log are called: the file, and when each begins.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::read::source::Source;

/// Endings of logs, which say nothing.
const ENDINGS: &[&str] = &[".txt", ".log", ".weechatlog"];

/// The name of the log: its file without ending; of a file that is always called the same (`_chat.txt`), the archive or
/// folder that holds it.
pub(in crate::read) fn log_name(source: &Source, always: &str) -> String {
    let mut parts = source.name.rsplit(['/', '\\', '!']).map(|part| {
        let part = [".gz", ".zst", ".zstd"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
        ENDINGS.iter().chain([&".zip"]).find_map(|end| part.strip_suffix(end)).unwrap_or(part)
    });
    let own = parts.next().unwrap_or_default();
    match parts.next() {
        Some(above) if own == always && !above.is_empty() => above.to_owned(),
        _ => own.to_owned(),
    }
}

/// `name/2024-03-01T10:00:05`; without a time, `name`.
pub(in crate::read) fn conversation_id(log: &str, first: Option<i64>) -> String {
    match first.and_then(|first| Timestamp::from_second(first.div_euclid(1000)).ok()) {
        Some(first) => format!("{log}/{}", Offset::UTC.to_datetime(first)),
        None => log.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::source::Place;

    #[test]
    fn names_of_logs() {
        let name = |path: &str| log_name(&Source::new(path, Place::File(path.into()), 0), "_chat");
        assert_eq!(name("a/WhatsApp Chat with Kim.txt"), "WhatsApp Chat with Kim");
        assert_eq!(name("a/WhatsApp Chat - Kim.zip!_chat.txt"), "WhatsApp Chat - Kim");
        assert_eq!((name("_chat.txt"), name("kim/_chat.txt.gz")), ("_chat".into(), "kim".into()));
        assert_eq!(conversation_id("kim", Some(1_709_287_205_000)), "kim/2024-03-01T10:00:05");
        assert_eq!(conversation_id("kim", Some(i64::MAX)), "kim");
    }
}
