//! Who and where the identifiers of a Slack export are: its lists of users and channels.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::export::base_of;
use crate::error::Result;
use crate::model::Extra;
use crate::read::frame::{Batch, Elements, Feed, Frames};
use crate::read::people::{People, Person, scalar};
use crate::read::settings::ReadSettings;
use crate::read::source::Source;
use crate::text::json::parse;

/// Slack's own bot, which no list names.
const SLACKBOT: &str = "USLACKBOT";

/// The people and rooms of one export.
#[derive(Debug, Default)]
pub(super) struct Directory {
    people: People,
    /// The name of everybody, made once: it is looked up for every message.
    names: FxHashMap<String, String>,
    /// The names of rooms by identifier; of a room without a name, its members.
    rooms: BTreeMap<String, String>,
}

impl Directory {
    /// The lists beside `source`, read once for all channels of the export.
    pub fn beside(source: &Source, settings: &ReadSettings) -> Result<Arc<Self>> {
        let companions = &source.companions;
        let all = companions.once(|| {
            let mut by_base: BTreeMap<String, Self> = BTreeMap::new();
            for companion in companions.iter() {
                by_base.entry(base_of(companion).to_owned()).or_default().read_users(companion, settings)?;
            }
            for directory in by_base.values_mut() {
                directory.people.read_given(settings)?;
                directory.name_people();
            }
            for companion in companions.iter() {
                by_base.entry(base_of(companion).to_owned()).or_default().read_rooms(companion, settings)?;
            }
            Ok(by_base.into_iter().map(|(base, lists)| (base, Arc::new(lists))).collect::<BTreeMap<_, _>>())
        })?;
        // A day file lies one folder below the lists.
        let folder = base_of(source);
        let base = folder.rfind(['/', '\\', '!']).map_or("", |end| folder.get(..end).unwrap_or_default());
        if let Some(directory) = all.get(base) {
            return Ok(Arc::clone(directory));
        }
        let mut people = People::default();
        people.read_given(settings)?;
        Ok(Arc::new(Self::of(people)))
    }

    /// A directory of these people, without rooms.
    pub fn of(people: People) -> Self {
        let mut directory = Self { people, ..Self::default() };
        directory.name_people();
        directory
    }

    fn name_people(&mut self) {
        let named =
            self.people.ids().filter_map(|id| Some((id.to_owned(), self.people.name_of(id)?.into_owned())));
        self.names = named.collect();
    }

    /// The name of a user.
    pub fn user(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str).or_else(|| (id == SLACKBOT).then_some("Slackbot"))
    }

    /// The name of a user as it stands in a text, where people saw it without an identifier.
    pub fn mentioned(&self, id: &str) -> Option<&str> {
        self.people.get(id).and_then(|person| person.name.as_deref()).or_else(|| self.user(id))
    }

    /// Somebody the list of users knows.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id)
    }

    /// How many people are known.
    pub fn people(&self) -> usize {
        self.people.count()
    }

    /// The name of a channel, group or direct message.
    pub fn room(&self, id: &str) -> Option<&str> {
        self.rooms.get(id).map(String::as_str)
    }

    /// Whether the identifier is Slack's own bot.
    pub fn is_slackbot(id: &str) -> bool {
        id == SLACKBOT
    }

    fn read_users(&mut self, list: &Source, settings: &ReadSettings) -> Result<()> {
        if matches!(list.file_name().as_str(), "users.json" | "org_users.json") {
            self.people.read(list, settings, &[])?;
        }
        Ok(())
    }

    fn read_rooms(&mut self, list: &Source, settings: &ReadSettings) -> Result<()> {
        if !matches!(list.file_name().as_str(), "channels.json" | "groups.json" | "dms.json" | "mpims.json") {
            return Ok(());
        }
        let feed = Feed::new(list.open(settings)?, list.name.clone());
        let limit = settings.limits.record_bytes;
        let mut rooms = Elements::new(feed, list.name.clone(), list.index, limit, Vec::new()).may_be_cut();
        let mut batch = Batch::default();
        loop {
            let more = rooms.fill(&mut batch)?;
            for frame in batch.frames().filter(|frame| frame.fault.is_none()) {
                if let Ok(Value::Object(room)) = parse(frame.bytes).map(|parsed| parsed.value) {
                    self.add_room(&room);
                }
            }
            batch.clear();
            if !more {
                return Ok(());
            }
        }
    }

    /// Adds a room as the lists have it.
    pub fn add_room(&mut self, room: &Extra) {
        let Some(id) = room.get("id").and_then(scalar) else { return };
        let name = room.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.map(str::to_owned).or_else(|| {
            let members = room.get("members")?.as_array()?.iter().filter_map(Value::as_str);
            let names: Vec<&str> = members.map(|id| self.user(id).unwrap_or(id)).collect();
            Some(names.join(", ")).filter(|names| !names.is_empty())
        });
        if let Some(name) = name {
            self.rooms.insert(id, name);
        }
    }
}
