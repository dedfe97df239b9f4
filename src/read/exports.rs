//! Which files belong together: those that are read as one, and those that only say who is who.

use std::collections::BTreeMap;

use super::detect::Choice;
use super::reader::Reader;
use super::sample::Sample;
use super::settings::ReadSettings;
use super::source::{Companions, Source};
use super::{READERS, codes};
use crate::diagnostic::Finding;
use crate::error::Result;

/// The inputs of a run, put together.
#[derive(Default)]
pub struct Exports {
    /// Sources that are read alone, in order, and files read as one, at the place of the first of them.
    pub groups: Vec<Group>,
    /// Files that say who is who.
    companions: Vec<Companion>,
    /// Those that were handed out, by folder or archive and reader.
    shared: BTreeMap<(String, &'static str), Companions>,
}

/// One source, or several that are read as one.
pub struct Group {
    /// The sources, in the order in which they are read; not empty.
    pub parts: Vec<Source>,
    /// The reader that put them together; `None` for a source that stands alone.
    pub choice: Option<Choice>,
}

struct Companion {
    source: Source,
    reader: &'static str,
    /// What it is.
    what: &'static str,
    used: bool,
}

/// Words in the names of files that may say who is who; others are not looked into for it.
const COMPANION_WORDS: &[&str] = &[
    "user",
    "agent",
    "contact",
    "people",
    "person",
    "participant",
    "customer",
    "teammate",
    "member",
    "admin",
    "channel",
    "dms",
    "groups",
    "mpims",
    "staff",
    "operator",
    "author",
    "comparison",
    "feedback",
    "memories",
    "project",
    "shared_conversation",
    "actor",
];

/// Puts the sources together.
pub fn find(sources: &[Source], settings: &ReadSettings) -> Result<Exports> {
    let wanted = |reader: &&&'static dyn Reader| match &settings.from {
        Some(name) => reader.spec().name == name,
        None => true,
    };
    let mut places: Vec<Place> = sources.iter().map(|_| Place::Alone).collect();
    let mut exports = Exports::default();
    for reader in READERS.iter().filter(wanted) {
        for gathered in reader.gather(sources) {
            let taken = |index: &usize| !matches!(places.get(*index), Some(Place::Alone));
            if gathered.parts.iter().any(taken) {
                continue;
            }
            let choice = Choice { reader: *reader, why: gathered.why };
            for index in &gathered.companions {
                if let Some(place) = places.get_mut(*index) {
                    *place =
                        Place::Companion(reader.spec().name, "part of the export that holds no messages");
                }
            }
            let Some(leader) = gathered.parts.first().copied() else { continue };
            for index in &gathered.parts {
                places[*index] = Place::Follows;
            }
            places[leader] = Place::Leads(gathered.parts, choice);
        }
    }
    for (source, place) in sources.iter().zip(&mut places) {
        // Looking into a file costs a millisecond, which thousands of day files need not take.
        let named = COMPANION_WORDS.iter().any(|word| source.file_name().contains(word));
        if matches!(place, Place::Alone) && named {
            let sample = Sample::of(source, settings)?;
            let known =
                READERS.iter().filter(wanted).find_map(|reader| Some((reader, reader.companion(&sample)?)));
            if let Some((reader, what)) = known {
                *place = Place::Companion(reader.spec().name, what);
            }
        }
    }
    for (source, place) in sources.iter().zip(places) {
        match place {
            Place::Alone => exports.groups.push(Group { parts: vec![source.clone()], choice: None }),
            Place::Leads(parts, choice) => {
                let parts = parts.iter().filter_map(|part| sources.get(*part).cloned()).collect();
                exports.groups.push(Group { parts, choice: Some(choice) });
            }
            Place::Companion(reader, what) => {
                exports.companions.push(Companion { source: source.clone(), reader, what, used: false });
            }
            Place::Follows => {}
        }
    }
    Ok(exports)
}

/// What a source is in its export.
enum Place {
    Alone,
    Leads(Vec<usize>, Choice),
    Follows,
    Companion(&'static str, &'static str),
}

impl Exports {
    /// The companions of a source that `reader` reads: those found in the same folder or archive.
    pub fn companions_of(&mut self, source: &Source, reader: &'static str) -> Companions {
        let companions = &mut self.companions;
        let beside = || {
            let mut found = Vec::new();
            for companion in companions.iter_mut() {
                if companion.reader == reader && companion.source.root() == source.root() {
                    companion.used = true;
                    found.push(companion.source.clone());
                }
            }
            Companions::from(found)
        };
        self.shared.entry((source.root().to_owned(), reader)).or_insert_with(beside).clone()
    }

    /// Every companion, with what became of it.
    pub fn into_companions(self) -> impl Iterator<Item = (Source, Finding)> {
        self.companions.into_iter().map(|companion| {
            let Companion { source, reader, what, used } = companion;
            let finding = if used {
                Finding::new(&codes::COMPANION, "", format!("{what}, read beside the {reader} export"))
            } else {
                let says = format!("{what} of {reader}, and no such export stands beside it");
                Finding::new(&codes::FILE_SKIPPED, "", says)
            };
            (source, finding)
        })
    }
}
