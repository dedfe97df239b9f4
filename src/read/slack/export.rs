//! Which files of a folder or archive are a Slack export: one folder a channel, in it one file a day, and the lists of
//! users and channels above them.

use std::collections::BTreeMap;

use super::sort::looks_like_message;
use crate::read::reader::Gathered;
use crate::read::sample::Sample;
use crate::read::settings::ReadSettings;
use crate::read::source::Source;

/// Files of the export that hold no messages of channels.
static LISTS: &[&str] = &[
    "canvases.json",
    "channels.json",
    "content_flags.json",
    "dms.json",
    "file_conversations.json",
    "groups.json",
    "huddle_transcripts.json",
    "integration_logs.json",
    "lists.json",
    "mpims.json",
    "org_users.json",
    "users.json",
];
/// Those that tell an export from any other folder.
static TELLING: &[&str] =
    &["channels.json", "dms.json", "groups.json", "mpims.json", "org_users.json", "users.json"];
/// Most day files of a channel that are looked into for a first message: those of quiet days are empty lists.
const LOOKED_INTO: usize = 5;

const SEPARATORS: [char; 3] = ['/', '\\', '!'];

/// The folder or archive in which a source lies, without the separator behind it.
pub(super) fn base_of(source: &Source) -> &str {
    source.name.rfind(SEPARATORS).and_then(|end| source.name.get(..end)).unwrap_or_default()
}

/// The name of the folder in which a source lies, which is the name of the channel; empty where it lies in none.
pub(super) fn channel_of(source: &Source) -> &str {
    let base = base_of(source);
    base.rfind(SEPARATORS).and_then(|end| base.get(end + 1..)).unwrap_or(base)
}

/// Whether a file name is that of a day: `2024-03-01.json`.
pub(super) fn is_day(file_name: &str) -> bool {
    let bytes = file_name.as_bytes();
    bytes.len() == 15
        && bytes.ends_with(b".json")
        && bytes.iter().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// What lies in one folder.
#[derive(Default)]
struct Export {
    lists: Vec<usize>,
    telling: bool,
    /// The day files of each channel, by date.
    channels: BTreeMap<String, Vec<(String, usize)>>,
}

/// The channels of all exports among `files`.
pub(super) fn gather(files: &[Source]) -> Vec<Gathered> {
    let mut exports: BTreeMap<String, Export> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let (name, folder) = (file.file_name(), base_of(file));
        if is_day(&name) {
            let base = folder.rfind(SEPARATORS).and_then(|end| folder.get(..end)).unwrap_or_default();
            let export = exports.entry(base.to_owned()).or_default();
            export.channels.entry(folder.to_owned()).or_default().push((name, index));
        } else if LISTS.binary_search(&name.as_str()).is_ok() {
            let export = exports.entry(folder.to_owned()).or_default();
            export.lists.push(index);
            export.telling |= TELLING.contains(&name.as_str());
        }
    }
    let mut found = Vec::new();
    for mut export in exports.into_values() {
        export.channels.values_mut().for_each(|days| days.sort());
        let seen = |days: &Vec<(String, usize)>| seen_in(days, files);
        // The lists vouch for all channels when one of them has been looked into.
        let vouched = export.telling && export.channels.values().find_map(seen) != Some(false);
        for days in export.channels.values().filter(|days| vouched || seen(days) == Some(true)) {
            let beside =
                if vouched { "beside the lists of its export" } else { "without the lists of its export" };
            found.push(Gathered {
                parts: days.iter().map(|(_, index)| *index).collect(),
                companions: if vouched { export.lists.clone() } else { Vec::new() },
                why: format!("day files of a channel, {beside}"),
            });
        }
    }
    found
}

/// Whether the first message of a channel is Slack's; `None` where there is none to be seen.
fn seen_in(days: &[(String, usize)], files: &[Source]) -> Option<bool> {
    days.iter().take(LOOKED_INTO).find_map(|(_, index)| {
        let sample = Sample::of(files.get(*index)?, &ReadSettings::default()).ok()?;
        let records = &sample.json()?.records;
        let first = records.first()?;
        Some(first.as_object().is_some_and(looks_like_message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_days_and_channels() {
        assert!(is_day("2024-03-01.json"));
        for name in
            ["2024-3-1.json", "2024-03-01.jsonl", "x024-03-01.json", "2024-03-011.json", "2024_03_01.json"]
        {
            assert!(!is_day(name), "{name}");
        }
        let source = |name: &str| Source::new(name, crate::read::source::Place::File(name.into()), 0);
        for (name, base, channel) in [
            ("a.zip!general/2024-03-01.json", "a.zip!general", "general"),
            ("x/general/2024-03-01.json", "x/general", "general"),
            ("general/2024-03-01.json", "general", "general"),
            ("2024-03-01.json", "", ""),
        ] {
            assert_eq!((base_of(&source(name)), channel_of(&source(name))), (base, channel));
        }
    }
}
