//! WhatsApp's exported chats: `_chat.txt` of iPhones, `WhatsApp Chat with X.txt` of Android, in the habits of all
//! locales.
//!
//! Lines with a header begin a message (`header`), the order of day and month is settled for the file (`dates`), a pause
//! begins a new conversation (`channel::stretches`), and a message is somebody's words or the app's (`message`).

mod dates;
mod decode;
mod header;
mod message;

use std::sync::Arc;

use self::dates::{Dates, Survey};
use self::decode::Decoder;
use self::header::header;
use super::channel::name::log_name;
use super::channel::stretches::Stretches;
use super::frame::Feed;
use super::phrases;
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::{Error, Result};

static SPEC: ReaderSpec = ReaderSpec {
    name: "whatsapp",
    title: "WhatsApp chats exported as text (`[15.01.24, 10:30:45] Ana: text`, `15/01/2024, 10:30 - Ana: text`)",
    notes: "- **Headers** of iPhones (brackets) and of Android (a dash) are understood side by side, with dots, slashes or \
            hyphens, with the year first, with clocks of twelve hours (`AM`, `p. m.`, `下午9:14`), with Arabic digits, and \
            with invisible marks before or inside them. A line without a header continues the message.\n\
            - **Day or month first** is settled once for a file: a number above 12 decides, else the order in which times \
            do not run backwards and lie closest together. Where nothing decides, what was assumed is said.\n\
            - **Conversations** are parted by pauses of more than 24 hours, or of `--gap`: within 24 hours of a customer's \
            message a business may answer freely, so that an answer on the next morning stays with its question. A log \
            that runs back by as much begins a new one too.\n\
            - **Names** are kept as written, without the `~` before people who are not in the phone book. Who is the \
            business is for `--assistant NAME`.\n\
            - **What nobody said**: lines without a name are events. Lines in somebody's name are so only when all they \
            say is a phrase of the app, or when the app's invisible mark stands before them; phrases are known in \
            fourteen languages, in others by that mark alone. Placeholders, attached files, locations and `null` are \
            media, with a caption as a turn of its own; polls are menus. A mark of editing at the end of a message is \
            cut and counted.\n\
            - Not verified: phrases of Turkish, Indonesian, Arabic, Hindi, Chinese and Japanese apps.",
    how_to_get: "Open the chat on the phone, tap its name or the menu, choose *Export chat* and *Without media*. iPhones give \
                 a zip archive, which can be read as it is. WhatsApp cuts exports at 40,000 messages (10,000 with media).",
    recognised_by: "lines that begin with a date, a clock and a dash, or with both in brackets; file names `_chat.txt` and \
                    `WhatsApp Chat with …`",
};

/// The reader of WhatsApp chats.
pub struct WhatsApp;

/// Twenty-four hours, in milliseconds: so long after a customer's message a business may write freely (the "customer
/// service window", <https://developers.facebook.com/docs/whatsapp/pricing>), so that a pause within it is no end.
const GAP_MS: i64 = 24 * 3_600_000;

/// Lines looked at to recognise a log.
const LINES_LOOKED_AT: usize = 400;

impl Reader for WhatsApp {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let seen = Seen::of(sample);
        let name = sample.file_name.as_str();
        let named = name == "_chat.txt" || name.contains("whatsapp");
        let enough = seen.headers > 0 && (named || seen.headers * 10 >= seen.lines * 3);
        if !enough || (!seen.first && !named) {
            return None;
        }
        let confidence = match (named, seen.app, seen.telling * 2 > seen.headers) {
            (true, ..) => 96,
            (_, true, _) => 94,
            (_, _, true) => 85,
            // A date and a clock in brackets begin the lines of many logs.
            _ => 46,
        };
        let form = if seen.brackets * 2 > seen.headers {
            "[date, time] name: text"
        } else {
            "date, time - name: text"
        };
        Some(Guess { confidence, why: format!("`{form}` begins {} of {} lines", seen.headers, seen.lines) })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let mut survey = Survey::default();
        sample.head.split(|byte| *byte == b'\n').for_each(|line| survey.line(line));
        if !sample.complete && !survey.is_sure() {
            read_on(source, settings, &mut survey)?;
        }
        if !sample.head.trim_ascii().is_empty() && Seen::of(sample).headers == 0 {
            return Err(no_header(source));
        }
        let settled = survey.settle();
        let gap_ms = settings.gap_ms.unwrap_or(GAP_MS);
        let dates = Dates::new(settled.order);
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let frames = Stretches::new(feed, source.index, settings.limits.record_bytes, gap_ms, dates.clone());
        let decoder = Decoder { dates, log: log_name(source, "_chat") };
        let mut notes = vec![settled.says()];
        if settings.gap_ms.is_none() {
            notes.push("a pause of more than 24 hours begins a new conversation (`--gap`)".to_owned());
        }
        Ok(Opened { frames: Box::new(frames), decoder: Arc::new(decoder), notes })
    }
}

/// What a sample shows.
#[derive(Default)]
struct Seen {
    lines: usize,
    headers: usize,
    brackets: usize,
    /// Headers that no other log writes.
    telling: usize,
    /// The first line has a header.
    first: bool,
    /// The app's own words stand behind a header.
    app: bool,
}

impl Seen {
    fn of(sample: &Sample) -> Self {
        let mut seen = Self::default();
        let text = sample.text();
        for line in text.lines().filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT) {
            seen.lines += 1;
            let Some(header) = header(line.as_bytes()) else { continue };
            seen.first |= seen.lines == 1;
            seen.headers += 1;
            seen.brackets += usize::from(header.bracket);
            seen.telling += usize::from(header.telling);
            let rest = line.get(header.length..).unwrap_or_default();
            let said = rest.split_once(": ").map_or(rest, |(_, said)| said);
            seen.app |= phrases::notice(said.trim_matches(['\u{200e}', ' '])).is_some_and(|_| said.len() > 8);
        }
        seen
    }
}

/// Looks at the rest of a source whose beginning does not show the order of its dates.
fn read_on(source: &Source, settings: &ReadSettings, survey: &mut Survey) -> Result<()> {
    let mut feed = Feed::new(source.open(settings)?, source.name.clone());
    *survey = Survey::default();
    while !survey.is_sure() {
        if let Some(end) = memchr::memchr(b'\n', feed.bytes()) {
            survey.line(feed.bytes().get(..end).unwrap_or_default());
            feed.consume(end + 1);
            continue;
        }
        // The rest of a long line says nothing of dates.
        let held = feed.bytes().len();
        if held > settings.limits.record_bytes {
            feed.consume(held);
        }
        if !feed.more()? {
            break;
        }
    }
    Ok(())
}

fn no_header(source: &Source) -> Error {
    Error::input(format!("no line of `{}` begins as WhatsApp's exports do", source.name)).with_hint(
        "known are `[15.01.24, 10:30:45] Ana: text` and `15/01/2024, 10:30 - Ana: text`; leave `--from` out to recognise the format",
    )
}
