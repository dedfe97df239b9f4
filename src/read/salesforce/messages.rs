//! Objects of which a record is one message: e-mails and comments of cases, entries of messaging conversations.

use serde_json::Value;

use crate::model::{Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};
use crate::read::desk::{Cast, Fields, oldest_first, written};
use crate::read::json::Misfit;
use crate::read::json::export::Read;
use crate::read::people::{People, Person};
use crate::read::speakers::key_of;
use crate::text::json;

/// Reads the records of one case or conversation.
pub(super) fn read(records: &[Extra], people: &People) -> Read {
    let mut cast = Cast::default();
    let mut turns = Vec::with_capacity(records.len());
    for record in records {
        let fields = Fields::of(record);
        turns.push(if record.contains_key("ActorType") {
            entry(fields, people, &mut cast)?
        } else if record.contains_key("Incoming") {
            mail(fields, &mut cast)?
        } else {
            comment(fields, people, &mut cast)?
        });
    }
    oldest_first(&mut turns);
    let id = records.first().and_then(|record| Fields::of(record).id(&["ParentId", "ConversationId"]));
    let mut extra = Extra::new();
    if let Some(subject) =
        records.iter().find_map(|record| record.get("Subject").filter(|text| text.is_string()))
    {
        extra.insert("Subject".to_owned(), subject.clone());
    }
    Ok((Conversation { id, turns, extra, ..Conversation::default() }, Vec::new()))
}

/// The value of `Status` of a draft.
const DRAFT: &str = "5";

fn mail(fields: Fields<'_>, cast: &mut Cast) -> Result<Turn, Misfit> {
    let role = fields.flag("Incoming")?.map(|incoming| if incoming { Role::User } else { Role::Assistant });
    let status = fields.id(&["Status"]).unwrap_or_default();
    let draft = status == DRAFT
        || status.eq_ignore_ascii_case("draft")
        || fields.flag("IsPrivateDraft")? == Some(true);
    let (text, kind) = written(fields, &["HtmlBody"], &["TextBody"])?.into_text(None);
    let kind = if fields.flag("IsBounced")? == Some(true) && text.is_empty() {
        Kind::Event(Event::Other)
    } else {
        kind
    };
    Ok(Turn {
        speaker: cast.speaker(fields.first_word(&["FromAddress"]), fields.first_word(&["FromName"])),
        role,
        text,
        time: fields.time(&["MessageDate", "CreatedDate"]),
        visibility: if draft { Visibility::Internal } else { Visibility::Public },
        kind,
        medium: Medium::Mail,
        ..Turn::default()
    })
}

fn comment(fields: Fields<'_>, people: &People, cast: &mut Cast) -> Result<Turn, Misfit> {
    let author = fields.id(&["CreatedById", "CreatorId"]);
    let person = author.as_deref().and_then(|id| known(people, id));
    let inner = fields.within("CreatedBy");
    let name = person
        .and_then(|person| person.name.as_deref())
        .or_else(|| inner.and_then(|user| user.first_word(&["Name"])))
        .or_else(|| fields.first_word(&["CreatorName", "CreatedBy.Name"]));
    let kind_of_user = inner.and_then(|user| user.first_word(&["UserType"]));
    let word = person.and_then(|person| person.word.as_deref()).or(kind_of_user);
    let published = fields.flag("IsPublished")?;
    Ok(Turn {
        speaker: cast.speaker(author.as_deref(), name),
        role: word.and_then(side),
        text: fields.first_text(&["CommentBody"])?.unwrap_or_default().to_owned(),
        time: fields.time(&["CreatedDate", "LastModifiedDate"]),
        visibility: if published == Some(false) { Visibility::Internal } else { Visibility::Public },
        ..Turn::default()
    })
}

/// Somebody by an identifier of 15 or 18 characters: the last three are a check of the others.
fn known<'a>(people: &'a People, id: &str) -> Option<&'a Person> {
    people.get(id).or_else(|| people.get(id.get(..15)?))
}

/// The side of a type of user: those of the own organisation, and those of portals and communities.
fn side(word: &str) -> Option<Role> {
    match word {
        "Standard" => Some(Role::Assistant),
        "AutomatedProcess" | "CloudIntegrationUser" => Some(Role::Other("bot".into())),
        "CustomerSuccess" | "PowerCustomerSuccess" | "CspLitePortal" | "HighVolumePortal" | "Guest" => {
            Some(Role::User)
        }
        _ => None,
    }
}

fn entry(fields: Fields<'_>, people: &People, cast: &mut Cast) -> Result<Turn, Misfit> {
    let id = fields.id(&["ActorId", "ActorSubjectId"]);
    let person = id.as_deref().and_then(|id| known(people, id));
    let name = fields.first_word(&["ActorName", "SenderDisplayName"]).or_else(|| person?.name.as_deref());
    let actor = key_of(fields.word("ActorType"));
    let role = match actor.as_str() {
        "enduser" | "end user" => Some(Role::User),
        "agent" | "supervisor" => Some(Role::Assistant),
        "bot" | "chatbot" => Some(Role::Other("bot".into())),
        _ => None,
    };
    let typed = fields.word("EntryType");
    let mut kind = kind(typed);
    if actor == "system" && kind == Kind::Text {
        kind = Kind::Event(Event::Other);
    }
    let text = match fields.first_text(&["Message", "MessageText", "Text"])? {
        Some(text) => text.to_owned(),
        None => fields.first_text(&["EntryPayload"])?.and_then(payload).unwrap_or_default(),
    };
    if kind == Kind::Text && text.is_empty() && fields.flag("HasAttachments")? == Some(true) {
        kind = Kind::Media;
    }
    let whispers = actor == "supervisor";
    Ok(Turn {
        speaker: cast.speaker(
            id.as_deref(),
            name.or_else(|| fields.first_word(&["ActorType"]).filter(|_| id.is_none())),
        ),
        role,
        text,
        time: fields.time(&["EntryTime", "ClientTimestamp", "CreatedDate"]),
        visibility: if whispers { Visibility::Internal } else { Visibility::Public },
        kind,
        ..Turn::default()
    })
}

fn kind(word: &str) -> Kind {
    match word {
        "" | "Text" | "Message" | "StaticContentMessage" => Kind::Text,
        word if word.contains("Participant") => Kind::Event(Event::Join),
        word if word.contains("Transfer") => Kind::Event(Event::Transfer),
        word if word.contains("Routing") || word.contains("SessionStatus") => Kind::Event(Event::Assignment),
        word if word.contains("Delete") => Kind::Event(Event::Deletion),
        word if word.contains("Edit") => Kind::Event(Event::Edit),
        _ => Kind::Event(Event::Other),
    }
}

/// The text of a message in the form of the messaging interface.
fn payload(text: &str) -> Option<String> {
    let value = json::parse(text.as_bytes()).ok()?.value;
    let content = value.get("abstractMessage").unwrap_or(&value).get("staticContent")?;
    content.get("text").and_then(Value::as_str).map(str::to_owned)
}
