//! Which thread a message belongs to.

use super::charset::Charsets;
use super::headers::{self, Headers};
use super::mailbox::envelope;
use super::subject;
use crate::read::frame::{Belongs, Frame, Sorter};
use crate::text::hash::fingerprint;

/// Most messages that one message names as answered; longer lists are cut by mail programs themselves.
const MOST_ANSWERED: usize = 500;
/// Most recipients that a thread is looked for with, where only the subject is left.
const MOST_RECIPIENTS: usize = 20;

/// Sorts messages into threads.
pub fn sorter() -> Sorter {
    Box::new(|frame: &Frame<'_>| belongs(frame.bytes))
}

fn belongs(frame: &[u8]) -> Belongs {
    let (_, message) = envelope(frame);
    let (block, _) = headers::split(message);
    let block = headers::readable(block, Charsets::default());
    let Some(headers) = Headers::parse(&block) else { return Belongs::default() };
    let key = match headers.message_id() {
        Some(id) => format!("id {id}"),
        // The same bytes are the same message.
        None => format!("bytes {:x}", fingerprint(message)),
    };
    let mut joins: Vec<String> = Vec::new();
    if let Some(thread) = headers.other("X-GM-THRID") {
        joins.push(format!("gmail {thread}"));
    }
    let answered = headers.answered();
    let first = answered.len().saturating_sub(MOST_ANSWERED);
    joins.extend(answered.iter().skip(first).map(|id| format!("id {id}")));
    if joins.is_empty() {
        joins = by_subject(&headers);
    }
    Belongs { key: Some(key), joins }
}

/// Keys of a message that says nothing of its thread: its subject with each pair of writer and reader. A subject that is
/// no more than `Re:` joins nothing.
fn by_subject(headers: &Headers<'_>) -> Vec<String> {
    let (subject, _) = subject::normalized(&headers.subject());
    let author = headers.author().1.to_lowercase();
    if subject.is_empty() || author.is_empty() {
        return Vec::new();
    }
    let pair = |other: &String| {
        let (a, b) = if author <= *other { (&author, other) } else { (other, &author) };
        format!("subject {a} {b} {subject}")
    };
    headers.recipients().iter().take(MOST_RECIPIENTS).map(pair).collect()
}
