//! What a message is: somebody's words, a file, or what the app wrote by itself.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

use super::header::Header;
use crate::model::{Auto, Event, Kind, Medium, Turn};
use crate::read::phrases::{self, Notice};
use crate::text::marks::{normalize_spaces, strip_invisible};

/// Most bytes of a name with its colon; contacts are called at most half as long in any phone book.
const LONGEST_NAME: usize = 240;
/// Most bytes of what the app tells in a message of its own.
const LONGEST_NOTICE: usize = 400;
/// The mark before text that the app of an iPhone wrote by itself.
const APP_MARK: char = '\u{200e}';

/// A message as it stands in the log: what follows the header, with all its lines.
pub(super) struct Message<'a> {
    pub header: Header,
    /// Milliseconds since 1970.
    pub time: Option<i64>,
    pub text: &'a str,
}

/// Adds the turns of `message`: one, or two where a caption stands beside a file. Whether a mark of editing was cut.
pub(super) fn add_turns(message: &Message<'_>, turns: &mut Vec<Turn>) -> bool {
    let turn = |speaker: &str, text: Cow<'_, str>, kind| Turn {
        speaker: speaker.to_owned(),
        text: text.into_owned(),
        time: message.time,
        kind,
        medium: Medium::Messenger,
        ..Turn::default()
    };
    let Some((name, body)) = named(message.text) else {
        let text = clean(message.text);
        let event = phrases::event_of(&text);
        turns.push(turn("", text, Kind::Event(event)));
        return false;
    };
    let speaker = name_of(name);
    let marked = body.starts_with(APP_MARK);
    let text = clean(body);
    let (text, edited) = match phrases::without_edit_mark(&text) {
        Some(before) => (Cow::Owned(before.to_owned()), true),
        None => (text, false),
    };
    if let Some((file, before, after)) = attachment(&text) {
        for (part, kind) in [(before, Kind::Text), (file, Kind::Media), (after, Kind::Text)] {
            if !part.is_empty() {
                turns.push(turn(&speaker, Cow::Borrowed(part), kind));
            }
        }
        return edited;
    }
    let kind = kind_of(&text, marked, message.header.marked);
    turns.push(turn(&speaker, text, kind));
    edited
}

/// The kind of a message without an attached file. `marked`: the mark of the app stands before the text; `both`: one
/// stands before the header too.
fn kind_of(text: &str, marked: bool, both: bool) -> Kind {
    match phrases::notice(text) {
        Some(Notice::Media) => return Kind::Media,
        Some(Notice::Event(event)) => return Kind::Event(event),
        None => {}
    }
    if is_location(text) {
        return Kind::Media;
    }
    if is_poll(text) {
        return Kind::Auto(Auto::Menu);
    }
    // What the app tells is one short line.
    if !marked || text.len() > LONGEST_NOTICE || text.contains('\n') {
        return Kind::Text;
    }
    match phrases::event_of(text) {
        // In a language that the table does not know, the app marks its own words twice.
        Event::Other if !both => Kind::Text,
        event => Kind::Event(event),
    }
}

/// The name and what it says: up to the first colon with a space or nothing behind it.
fn named(text: &str) -> Option<(&str, &str)> {
    let line = first_line(text);
    let head = line.as_bytes().get(..LONGEST_NAME).unwrap_or(line.as_bytes());
    let colon = memchr_iter(b':', head).find(|&at| {
        matches!(line.as_bytes().get(at + 1), None | Some(b' '))
            || line.get(at + 1..).is_some_and(|rest| rest.starts_with(APP_MARK))
    })?;
    let (name, body) = text.split_at_checked(colon)?;
    // `Ana changed the subject to "Sale: all half price"`: the colon stands inside a quotation.
    let quotes =
        name.chars().filter(|sign| matches!(sign, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')).count();
    let fits = !name.trim().is_empty() && quotes % 2 == 0;
    let body = body.get(1..)?;
    fits.then(|| (name, body.strip_prefix(' ').unwrap_or(body)))
}

/// The name as people know it: without marks, without the `~` before people who are not in the phone book.
fn name_of(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| matches!(byte, b' '..=b'}')) {
        return Cow::Borrowed(name.trim());
    }
    let clean = strip_invisible(name);
    let clean = normalize_spaces(&clean);
    let bare = clean.trim();
    Cow::Owned(bare.strip_prefix('~').map_or(bare, str::trim_start).to_owned())
}

/// The first line, which a carriage return may end too.
fn first_line(text: &str) -> &str {
    memchr(b'\n', text.as_bytes()).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The text without invisible marks and white space around it, its lines ended by LF.
fn clean(text: &str) -> Cow<'_, str> {
    match strip_invisible(text) {
        Cow::Borrowed(text) if memchr(b'\r', text.as_bytes()).is_none() => Cow::Borrowed(text.trim()),
        text => Cow::Owned(text.trim().replace("\r\n", "\n")),
    }
}

/// A file that lies beside the export: its mark, and the captions before and after it.
fn attachment(text: &str) -> Option<(&str, &str, &str)> {
    let first = first_line(text);
    if first.ends_with(')') && is_attached(first) {
        return Some((first, "", text.get(first.len()..)?.trim()));
    }
    // `<attached: 00000012-PHOTO.jpg>` in the words of any language: at the beginning or at the end.
    if text.starts_with('<')
        && let Some(end) = text.find('>')
        && let Some((mark, after)) = text.split_at_checked(end + 1)
        && names_file(mark)
    {
        return Some((mark, "", after.trim()));
    }
    if text.ends_with('>')
        && let Some(start) = text.rfind('<')
        && let Some((before, mark)) = text.split_at_checked(start)
        && names_file(mark)
    {
        return Some((mark, before.trim(), ""));
    }
    None
}

/// `IMG-20240115-WA0003.jpg (file attached)`.
fn is_attached(line: &str) -> bool {
    let Some((file, words)) = line.strip_suffix(')').and_then(|line| line.rsplit_once(" (")) else {
        return false;
    };
    is_file(file) && (phrases::says_attached(words.trim()) || is_own_name(file))
}

/// `<attached: 00000012-PHOTO.jpg>`: a word or two, a colon, a file.
fn names_file(mark: &str) -> bool {
    let inside = mark.strip_prefix('<').and_then(|mark| mark.strip_suffix('>'));
    inside.and_then(|inside| inside.split_once([':', '：'])).is_some_and(|(word, file)| {
        word.chars().count() <= 24 && !word.contains(['/', '<', '>']) && is_file(file.trim())
    })
}

/// A name with an ending of letters and digits.
fn is_file(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    (1..=5).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !name.contains(['/', '\n'])
}

/// The names that the app gives: `IMG-20240115-WA0003.jpg`, `PTT-20240115-WA0001.opus`.
fn is_own_name(file: &str) -> bool {
    let (kind, rest) = file.split_once('-').unwrap_or((file, ""));
    kind.len() == 3 && kind.bytes().all(|byte| byte.is_ascii_uppercase()) && rest.contains("-WA")
}

/// `location: https://maps.google.com/?q=52.5,13.4`, with the word in any language, or the link alone.
fn is_location(text: &str) -> bool {
    static MAPS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("https://maps.google.com/"));
    let Some((before, link)) = MAPS.find(text.as_bytes()).and_then(|at| text.split_at_checked(at)) else {
        return false;
    };
    let page = link.get(MAPS.needle().len()..).unwrap_or_default();
    let alone = !link.contains(char::is_whitespace);
    alone
        && (page.starts_with("?q=") || page.starts_with("maps?q="))
        && (before.is_empty() || before.trim_end().ends_with([':', '：']) && before.chars().count() <= 24)
}

/// `POLL:` with the question and one line for each `OPTION:`.
fn is_poll(text: &str) -> bool {
    const OPTIONS: [&str; 8] =
        ["OPTION:", "OPCIÓN:", "OPÇÃO:", "OPZIONE:", "OPTIE:", "SEÇENEK:", "OPSI:", "ВАРИАНТ:"];
    // `SONDAGE :` in French.
    let head = first_line(text).trim_end();
    head.ends_with(':')
        && head.chars().count() <= 16
        && text.lines().any(|line| {
            let line = line.trim_start();
            OPTIONS.iter().any(|option| line.starts_with(option)) || line.starts_with("OPTION :")
        })
        && !head.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::super::header::header;
    use super::*;

    fn told(line: &str) -> Vec<(String, String, Kind)> {
        let header = header(line.as_bytes()).expect(line);
        let text = line.get(header.length..).expect("between characters");
        let mut turns = Vec::new();
        add_turns(&Message { header, time: None, text }, &mut turns);
        turns.into_iter().map(|turn| (turn.speaker, turn.text, turn.kind)).collect()
    }

    fn one(text: &str) -> (String, String, Kind) {
        let turns = told(&format!("15/01/2024, 10:30 - {text}"));
        assert_eq!(turns.len(), 1, "{text}");
        turns.into_iter().next().expect("one")
    }

    #[test]
    fn people_speak_and_words_decide_nothing() {
        for text in [
            "My parcel was left at the door",
            "I was added to the waiting list",
            "Ana left the shop",
            "image omitted a detail",
            "see <b>: x.y>",
            "<3: you>",
            "POLL: who knows?",
            "it is at https://maps.google.com/?q=1,2 I think",
            "see notes.txt (draft)",
        ] {
            assert_eq!(one(&format!("Kim: {text}")), ("Kim".into(), text.into(), Kind::Text), "{text}");
        }
    }

    #[test]
    fn names() {
        for (written, name) in [
            ("Kim", "Kim"),
            ("~ Kim", "Kim"),
            ("~\u{202f}Kim", "Kim"),
            ("\u{202a}+49\u{a0}170\u{a0}000\u{202c}", "+49 170 000"),
            ("Dr. O'Neil, Shop", "Dr. O'Neil, Shop"),
            ("Kim \"Kay\" Lee", "Kim \"Kay\" Lee"),
        ] {
            assert_eq!(one(&format!("{written}: hi: there")), (name.into(), "hi: there".into(), Kind::Text));
        }
        assert_eq!(one("Kim:"), ("Kim".into(), String::new(), Kind::Text));
        assert_eq!(one("Kim: "), ("Kim".into(), String::new(), Kind::Text));
    }

    #[test]
    fn what_nobody_said() {
        for (text, kind) in [
            ("Ana added Kim", Kind::Event(Event::Join)),
            ("Ana changed the subject to \"Sale: half price\"", Kind::Event(Event::Room)),
            (
                "Shop: Messages and calls are end-to-end encrypted. No one can read them.",
                Kind::Event(Event::Other),
            ),
            ("Kim: \u{200e}You deleted this message.", Kind::Event(Event::Deletion)),
            ("Kim: Missed voice call", Kind::Event(Event::Call)),
            ("Shop: \u{200e}Ana added Kim", Kind::Event(Event::Join)),
            ("Kim: \u{200e}image omitted", Kind::Media),
            ("Kim: <Media omitted>", Kind::Media),
            ("Kim: null", Kind::Media),
            ("Kim: location: https://maps.google.com/?q=52.5,13.4", Kind::Media),
            ("Kim: POLL:\nWhich one?\nOPTION: a (0 votes)\nOPTION: b (1 vote)", Kind::Auto(Auto::Menu)),
        ] {
            assert_eq!(one(text).2, kind, "{text}");
        }
        let unknown = told("\u{200e}[15.01.24, 10:30:45] Kim: \u{200e}pominięto obraz");
        assert_eq!(unknown[0].2, Kind::Event(Event::Other));
    }

    #[test]
    fn files_and_their_captions() {
        let media = |text: &str| ("Kim".to_owned(), text.to_owned(), Kind::Media);
        let said = |text: &str| ("Kim".to_owned(), text.to_owned(), Kind::Text);
        let line = |text: &str| told(&format!("15/01/2024, 10:30 - Kim: {text}"));
        let photo = "<attached: 00000012-PHOTO.jpg>";
        assert_eq!(line(photo), [media(photo)]);
        assert_eq!(line(&format!("{photo}\nthis one")), [media(photo), said("this one")]);
        assert_eq!(line(&format!("this one \u{200e}{photo}")), [said("this one"), media(photo)]);
        let file = "IMG-20240115-WA0003.jpg (file attached)";
        assert_eq!(line(&format!("{file}\nthis one\r\nand two")), [media(file), said("this one\nand two")]);
        assert_eq!(line("IMG-20240115-WA0003.jpg (plik załączony)")[0].2, Kind::Media);
    }
}
