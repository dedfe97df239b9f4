//! E-mail: mailboxes (mbox) and single messages (`.eml`, Maildir), put together into threads.
//!
//! Where a message begins is found in `mailbox`, which thread it belongs to in `thread`; `headers`, `structure` and
//! `content` take one message apart, `turns` makes turns of it and `automatic` says which a machine wrote.
//!
//! What surrounds the words of a mail (quotations, signatures, disclaimers) is known by [`crate::text::mail`].

mod automatic;
mod charset;
mod content;
mod decode;
mod flowed;
mod headers;
mod mailbox;
mod structure;
mod subject;
mod thread;
mod transfer;
mod turns;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::decode::Decoder;
use self::mailbox::Mailboxes;
use self::thread::sorter;
use super::frame::Gathered as Threads;
use super::reader::{Gathered, Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;

static SPEC: ReaderSpec = ReaderSpec {
    name: "mail",
    title: "e-mail: mailboxes (mbox) and single messages (`.eml`)",
    notes: "Mailboxes of Unix, Gmail Takeout and Thunderbird, Maildir, and `.eml` files. The files of one folder or \
            archive are read as one, since questions lie in one mailbox and answers in another. A message begins at a \
            line `From … 2024` with a clock, a weekday or a month before the year, and a header in the next line; other \
            lines that begin with `From ` are text. `>From ` loses one `>`: the older of the two ways to write a \
            mailbox cannot be undone, so a line that was quoted as `>From ` loses its mark too.\n\n\
            One conversation is one thread: by `Message-ID`, `In-Reply-To`, `References` and Gmail's `X-GM-THRID`; for \
            messages without any of these by subject (without `Re:`, `AW:`, `[ticket #12]`) and the two addresses. Turns \
            are ordered by `Date`. A message that stands twice counts as repeated. Speakers are written \
            `Ana <help@shop.example>`: `--assistant '*@shop.example*'` names everybody at a domain. A message of the \
            assistant's side whose `To`, `Cc` and `Bcc` name nobody else is internal.\n\n\
            The text is the plain one, else the HTML as text. Attachments are media (their names are kept, large ones do not \
            count for `--max-record`), messages in \
            digests automatic, answers to invitations events. A message attached to another is media too, or the turn \
            itself where there are no other words. Automatic replies are known by `Auto-Submitted: auto-replied`, \
            `X-Autoreply`, `Precedence: auto_reply` and by subjects in some twenty languages; `X-Auto-Response-Suppress` \
            and `auto-generated` decide nothing alone, since Outlook and help desks write them on answers of people. \
            The text inside a `winmail.dat` is not read: it is media.",
    how_to_get: "Gmail: [takeout.google.com](https://takeout.google.com), choose Mail. Thunderbird: the files without an \
                 ending in the profile's `Mail` or `ImapMail` folder. Outlook and others: save or drag messages out as \
                 `.eml`.",
    recognised_by: "a `From ` line before headers, or a block of headers such as `From`, `Subject`, `Message-ID`",
};

/// The reader of e-mail.
pub struct Mail;

impl Reader for Mail {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.head.trim_ascii_start();
        if mailbox::begins_mailbox(head) {
            return Some(Guess { confidence: 95, why: "a `From ` line before a block of headers".into() });
        }
        if sample.is_json() {
            return None;
        }
        let named = sample.file_name.rsplit_once('.').is_some_and(|(_, ending)| ending == "eml");
        let fields = headers::telling_fields(head, named)?;
        Some(Guess { confidence: 90, why: format!("begins with the headers {fields}") })
    }

    fn gather(&self, files: &[Source]) -> Vec<Gathered> {
        let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let mut homes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            if is_mail_file(file, &names) {
                homes.entry(home(file)).or_default().push(index);
            }
        }
        let several = homes.into_iter().filter(|(_, parts)| parts.len() > 1);
        several
            .map(|(place, parts)| {
                let why = format!("{} files of mail in one place, read as one", parts.len());
                let is_index = |file: &Source| {
                    home(file) == place
                        && file.file_name().rsplit_once('.').is_some_and(|(_, ending)| ending == "msf")
                };
                let companions = (0..files.len()).filter(|index| files.get(*index).is_some_and(is_index));
                Gathered { companions: companions.collect(), parts, why }
            })
            .collect()
    }

    fn open(&self, source: &Source, _sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let parts = if source.parts.is_empty() { vec![source.clone()] } else { source.parts.to_vec() };
        // Every part of a message names its own encoding; the caller's is for those that do not.
        let raw = ReadSettings { encoding: None, ..settings.clone() };
        let messages = Box::new(Mailboxes::new(parts, raw));
        let frames = Threads::new(vec![messages], settings.limits.record_bytes, sorter());
        let decoder = Decoder::new(settings.encoding.as_deref());
        Ok(Opened { frames: Box::new(frames), decoder: Arc::new(decoder), notes: Vec::new() })
    }
}

/// Whether the name and place of a file say that it is mail: by its ending, as a message of a Maildir (`cur/1700.M1.host:2,S`),
/// or as a mailbox of Thunderbird, which has an index of the same name beside it (`Inbox`, `Inbox.msf`).
fn is_mail_file(file: &Source, names: &BTreeSet<&str>) -> bool {
    let name = file.file_name();
    if [".eml", ".mbox", ".mbx"].iter().any(|ending| name.ends_with(ending)) || name == "mbox" {
        return true;
    }
    let mut folders = file.path_within().rsplit(['/', '!']).skip(1);
    let in_maildir = matches!(folders.next(), Some("cur" | "new"));
    let is_message = name.split('.').count() >= 3 && name.starts_with(|first: char| first.is_ascii_digit());
    (in_maildir && is_message)
        || (!name.contains('.') && names.contains(format!("{}.msf", file.name).as_str()))
}

/// What files that belong together share: the folder or archive they were found in, or the folder of those that were
/// named one by one.
fn home(file: &Source) -> &str {
    match file.root() {
        "" => file.name.rfind('/').map_or("", |slash| file.name.get(..slash).unwrap_or_default()),
        root => root,
    }
}
