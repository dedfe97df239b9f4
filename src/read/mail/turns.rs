//! One message as turns: its words, messages in it, its files, its invitation.

use super::automatic;
use super::charset::Charsets;
use super::headers::{self, Headers};
use super::structure::{self, Calendar, Content};
use crate::model::{Auto, Event, Kind, Medium, Turn, Visibility};

/// How deep messages in messages are read; deeper ones are media without a text.
const DEEPEST_MESSAGE: usize = 5;

/// Labels of Gmail for what was never sent, in some of its languages.
const DRAFTS: &[&str] =
    &["Drafts", "Draft", "Entwürfe", "Brouillons", "Borradores", "Bozze", "Concepten", "Rascunhos"];

/// A message of a thread.
#[derive(Debug, Default)]
pub struct Letter {
    /// Its identifier.
    pub id: Option<String>,
    /// Gmail's number of the thread.
    pub thread: Option<String>,
    /// Its subject, decoded.
    pub subject: String,
    /// Gmail's labels.
    pub labels: Vec<String>,
    /// Name and address of who wrote it.
    pub author: (String, String),
    /// The addresses of those it was sent to.
    pub recipients: Vec<String>,
    /// When, in milliseconds since 1970.
    pub time: Option<i64>,
    /// What is in it, its own words first.
    pub turns: Vec<Sentence>,
    /// The encoding of its text was guessed.
    pub guessed: bool,
}

/// A turn with its author's name and address, which become one speaker when the whole thread is known; its recipients are
/// addresses until then.
#[derive(Debug)]
pub struct Sentence {
    /// Name and address.
    pub author: (String, String),
    /// The identifier of the message it is the text of.
    pub id: Option<String>,
    /// The turn, without a speaker.
    pub turn: Turn,
}

/// Reads a message; `None` when it has no header.
pub fn read(message: &[u8], charsets: Charsets) -> Option<Letter> {
    letter(message, charsets, 0)
}

fn letter(message: &[u8], charsets: Charsets, depth: usize) -> Option<Letter> {
    let (block, body) = headers::split(message);
    let block = headers::readable(block, charsets);
    let headers = Headers::parse(&block)?;
    let content = structure::content(&headers, body, charsets);
    let kind = automatic::kind(&headers, &content);
    let mut letter = Letter {
        id: headers.message_id().map(str::to_owned),
        thread: headers.other("X-GM-THRID"),
        subject: headers.subject(),
        labels: headers.labels(),
        author: headers.author(),
        recipients: headers.recipients(),
        time: headers.time(),
        turns: Vec::new(),
        guessed: content.guessed,
    };
    letter.fill(content, kind, charsets, depth);
    if letter.labels.iter().any(|label| DRAFTS.contains(&label.as_str())) {
        for sentence in &mut letter.turns {
            sentence.turn.visibility = Visibility::Internal;
        }
    }
    Some(letter)
}

impl Letter {
    fn fill(&mut self, content: Content, kind: Kind, charsets: Charsets, depth: usize) {
        let Content { text, files, nested, calendar, .. } = content;
        let has_words = !text.trim().is_empty();
        let id = self.id.clone();
        self.say(id, text, kind);
        for nested in nested {
            let inner =
                (depth < DEEPEST_MESSAGE).then(|| letter(&nested.bytes, charsets, depth + 1)).flatten();
            let Some(inner) = inner else {
                self.say(None, String::new(), Kind::Media);
                continue;
            };
            self.guessed |= inner.guessed;
            let as_part_of = match kind {
                // Mail that came back says nothing new, nor does what a digest repeats.
                Kind::Auto(auto) => Some(Kind::Auto(auto)),
                _ if nested.in_digest => Some(Kind::Auto(Auto::Other)),
                _ if has_words => Some(Kind::Media),
                _ => None,
            };
            for mut sentence in inner.turns {
                if let Some(kind) = as_part_of.filter(|_| sentence.turn.kind == Kind::Text) {
                    sentence.turn.kind = kind;
                }
                self.turns.push(sentence);
            }
        }
        for file in files {
            self.say(None, file, Kind::Media);
        }
        if let Some(Calendar { summary, .. }) = calendar {
            self.say(None, summary, Kind::Event(Event::Other));
        }
    }

    fn say(&mut self, id: Option<String>, text: String, kind: Kind) {
        let recipients = self.recipients.clone();
        let turn = Turn { text, time: self.time, kind, medium: Medium::Mail, recipients, ..Turn::default() };
        self.turns.push(Sentence { author: self.author.clone(), id, turn });
    }
}
