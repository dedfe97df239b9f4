//! What one line of a channel's log says, in the forms of all loggers at once: they differ in their marks, so that no
//! form needs to be chosen for a file.

use crate::model::Event;
use crate::read::channel::clock::{day_number, days_since_1970};
use crate::text::time::parts::{self, Date};

/// A line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Milliseconds since midnight.
    pub clock: Option<i64>,
    /// Days since 1970-01-01, where the line says it.
    pub day: Option<i64>,
    pub what: What<'a>,
    /// What is said, or the account of what happened.
    pub text: &'a str,
}

/// What sort of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// `<nick> text`.
    Said(&'a str),
    /// `* nick waves`.
    Action(&'a str),
    /// `-nick- text`.
    Notice(&'a str),
    /// Something happened, to whom if anybody.
    Happened(Event, &'a str),
    /// Somebody is called otherwise from now on.
    Renamed(&'a str, &'a str),
    /// Nothing of these: a line that goes on, or of another log.
    Other,
}

impl<'a> Line<'a> {
    /// Whose line it is; empty where it is nobody's.
    pub(super) fn nick(&self) -> &'a str {
        match self.what {
            What::Said(nick) | What::Action(nick) | What::Notice(nick) | What::Happened(_, nick) => nick,
            What::Renamed(old, _) => old,
            What::Other => "",
        }
    }
}

/// What `text` says; its end is cut already.
pub(super) fn line(text: &str) -> Line<'_> {
    if let Some(day) = day_line(text) {
        let text = text.trim_start_matches(['-', ' ']);
        return Line { clock: None, day: Some(day), what: What::Happened(Event::Other, ""), text };
    }
    let Some((day, clock, rest)) = stamp(text) else {
        let (what, text) = unstamped(text);
        return Line { clock: None, day: None, what, text };
    };
    // WeeChat parts its columns by tabs, others by spaces.
    let (what, text) = match rest.strip_prefix('\t') {
        Some(columns) => {
            columns.split_once('\t').map_or((What::Other, columns), |(prefix, text)| columns_of(prefix, text))
        }
        None => body(rest.trim_start()),
    };
    Line { clock: Some(clock), day, what, text }
}

/// `--- Log opened Tue Sep 20 00:01:49 2016`, `--- Day changed Wed Sep 21 2016`: the day.
fn day_line(text: &str) -> Option<i64> {
    let rest = text.strip_prefix("--- ")?;
    let rest =
        ["Log opened ", "Day changed ", "Log closed "].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let mut words = parts::after_weekday(rest.trim()).split_whitespace();
    let (month, _) = parts::month(words.next()?)?;
    let day = words.next()?.parse().ok()?;
    day_number(words.last()?.parse().ok()?, month, day)
}

/// The stamp at the beginning of a line: day, clock, and what follows.
fn stamp(text: &str) -> Option<(Option<i64>, i64, &str)> {
    match text.as_bytes().first()? {
        b'[' => {
            let (inside, rest) = text.get(1..)?.split_once(']')?;
            let (day, clock, after) = date_and_clock(inside)?;
            after.is_empty().then_some((day, clock, rest))
        }
        b'0'..=b'9' => {
            let (day, clock, rest) = date_and_clock(text)?;
            rest.starts_with([' ', '\t']).then_some((day, clock, rest))
        }
        // `channel 2019-09-04 [22:44:46] <nick> text`
        first if first.is_ascii_graphic() => {
            let head = text.as_bytes().get(..120).unwrap_or(text.as_bytes());
            let open = memchr::memchr(b'[', head)?;
            let (before, rest) = text.split_at_checked(open)?;
            let (_, date) = before.trim_end().rsplit_once(' ')?;
            let (Date::Certain(date), "") = parts::date(date)? else { return None };
            let (clock, rest) = parts::clock(rest.get(1..)?)?;
            Some((days_since_1970(date), clock.milliseconds(), rest.strip_prefix(']')?))
        }
        _ => None,
    }
}

fn date_and_clock(text: &str) -> Option<(Option<i64>, i64, &str)> {
    let (day, rest) = match parts::date(text) {
        Some((date, rest)) if rest.starts_with([' ', 'T']) => {
            (date.settle(true).and_then(days_since_1970), rest.get(1..)?)
        }
        _ => (None, text),
    };
    let (clock, rest) = parts::clock(rest)?;
    (clock.first < 24).then(|| (day, clock.milliseconds(), rest))
}

/// What follows a stamp.
fn body(text: &str) -> (What<'_>, &str) {
    said(text)
        .or_else(|| happened(text))
        .or_else(|| text.strip_prefix("* ").map(action))
        .or_else(|| notice(text))
        .unwrap_or((What::Other, text))
}

/// A line without a stamp: some loggers write no clock, or none before what happens.
fn unstamped(text: &str) -> (What<'_>, &str) {
    said(text)
        .or_else(|| happened(text))
        .or_else(|| text.strip_prefix("* ").or_else(|| text.strip_prefix(" * ")).map(action))
        .unwrap_or((What::Other, text))
}

/// `<nick> text`, `<@nick> text`, `< nick> text`.
fn said(text: &str) -> Option<(What<'_>, &str)> {
    let (nick, rest) = text.strip_prefix('<')?.split_once('>')?;
    let nick = bare(nick);
    // Markup (`<br/>`, `<a href=…>`) is no nick, and a nick has no space.
    let fits = is_nick(nick) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    fits.then(|| (What::Said(nick), rest.get(1..).unwrap_or_default()))
}

/// A nick without the mark of operators and the voiced, which belongs to the channel.
fn bare(nick: &str) -> &str {
    let nick = nick.trim();
    let bare = nick.trim_start_matches(['@', '+', '%', '~', '&', '!']);
    if bare.is_empty() { nick } else { bare }
}

fn is_nick(nick: &str) -> bool {
    (1..=64).contains(&nick.len()) && !nick.contains([' ', '\t', '=', '"', '/', '<', '>', ','])
}

fn action(text: &str) -> (What<'_>, &str) {
    let text = text.trim_start();
    (What::Action(bare(first_word(text))), text)
}

/// `-nick- text`, `-nick:#channel- text`.
fn notice(text: &str) -> Option<(What<'_>, &str)> {
    let (nick, rest) = text.strip_prefix('-')?.split_once("- ")?;
    let nick = bare(nick.split(':').next().unwrap_or(nick));
    is_nick(nick).then_some((What::Notice(nick), rest))
}

/// `*** Joins: nick (user@host)`, `-!- nick [u@h] has quit`, `=== nick is now known as nick2`.
fn happened(text: &str) -> Option<(What<'_>, &str)> {
    if let Some(rest) = ["*** ", "-!- "].iter().find_map(|mark| text.strip_prefix(mark)) {
        return Some((event(rest), rest));
    }
    // Old logs of Ubuntu's channels put the same mark before actions: `=== nick thinks`.
    if let Some(rest) = text.strip_prefix("=== ") {
        let told = event(rest);
        let is_action = told == What::Happened(Event::Other, bare(first_word(rest)));
        return Some(if is_action { action(rest) } else { (told, rest) });
    }
    ["--> ", "<-- ", "-- "].iter().find_map(|mark| text.strip_prefix(mark)).map(|rest| (event(rest), rest))
}

/// Columns of WeeChat: a nick, or a sign that users may change (arrows, emoji).
fn columns_of<'a>(prefix: &'a str, text: &'a str) -> (What<'a>, &'a str) {
    let prefix = prefix.trim();
    // A colon behind the name is another program's column: a saved chat of Zoom.
    if prefix.ends_with(':') {
        return (What::Other, text);
    }
    let nick = bare(prefix);
    if prefix == "*" {
        return action(text);
    }
    if is_nick(nick) && nick.chars().any(char::is_alphanumeric) {
        return (What::Said(nick), text);
    }
    (event(text), text)
}

/// What the words of a logger tell. The logger's mark has said already that nobody spoke.
fn event(text: &str) -> What<'_> {
    if let Some((old, rest)) = text.split_once(" is now known as ") {
        return What::Renamed(bare(first_word(old)), bare(first_word(rest)));
    }
    let (label, rest) = text.split_once(": ").unwrap_or(("", text));
    let labelled = |event| What::Happened(event, bare(first_word(rest)));
    match label {
        "Joins" => return labelled(Event::Join),
        "Parts" | "Quits" => return labelled(Event::Leave),
        _ => {}
    }
    let first = first_word(text);
    let told = account(text.get(first.len()..).unwrap_or_default());
    let has = |words: &[&str]| words.iter().any(|word| told.contains(word));
    let of_channel = first.contains('/') || matches!(first, "Mode" | "Topic");
    let event = if of_channel || has(&["changed the topic", "changes topic", "sets mode", "changed mode"]) {
        Event::Room
    } else if has(&["has joined", "joined #"]) {
        Event::Join
    } else if has(&["has left", "has quit", "was kicked", "has kicked", "left #"]) {
        Event::Leave
    } else {
        Event::Other
    };
    What::Happened(event, if of_channel { "" } else { bare(first) })
}

/// The words of an account after its nick: without the address in brackets and without parting words.
fn account(text: &str) -> &str {
    let text = text.trim_start();
    let closing = match text.as_bytes().first() {
        Some(b'(') => Some(')'),
        Some(b'[') => Some(']'),
        _ => None,
    };
    let text = closing.and_then(|closing| text.split_once(closing)).map_or(text, |(_, rest)| rest);
    let end = text.find([',', '(', '[', ':']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Bots that answer by themselves in channels of many networks: the services, and those of large help channels.
const BOTS: &[&str] = &[
    "botserv",
    "chanserv",
    "chanstat",
    "floodbot",
    "floodbot1",
    "floodbot2",
    "floodbot3",
    "floodbotk1",
    "global",
    "hostserv",
    "infobot",
    "limnoria",
    "memoserv",
    "meetbot",
    "nickserv",
    "operserv",
    "saslserv",
    "statserv",
    "supybot",
    "ubot2",
    "ubot3",
    "ubot4",
    "ubot5",
    "ubot9",
    "ubotu",
    "ubottu",
    "zumbot",
];

/// Whether a bot bears that nick.
pub(super) fn is_bot(nick: &str) -> bool {
    BOTS.iter().any(|bot| bot.eq_ignore_ascii_case(nick))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_of_all_loggers() {
        for (text, clock, nick, said) in [
            ("00:25 < nick> text", Some(25), "nick", "text"),
            ("00:35 <@nick> text: more", Some(35), "nick", "text: more"),
            ("[03:56:24] <+nick> text", Some(236), "nick", "text"),
            ("[04:46] <|nick|> ", Some(286), "|nick|", ""),
            ("2024-03-01 10:00:00\t@nick\ttext\tmore", Some(600), "nick", "text\tmore"),
            ("2024-03-01 10:00:00\t🚀nick\ttext", Some(600), "🚀nick", "text"),
            ("shop 2019-09-04 [22:44:46] <nick> text", Some(1364), "nick", "text"),
            ("2024-03-01T10:00:00 <nick> <b>text</b>", Some(600), "nick", "<b>text</b>"),
            ("<nick> text", None, "nick", "text"),
        ] {
            let line = line(text);
            assert_eq!((line.what, line.text), (What::Said(nick), said), "{text}");
            assert_eq!(line.clock.map(|clock| clock / 60_000), clock, "{text}");
        }
        assert_eq!(line("shop 2019-09-04 [22:44:46] <nick> x").day, Some(18_143));
    }

    #[test]
    fn what_happens() {
        use What::{Action, Happened, Notice, Renamed};
        for (text, what) in [
            ("00:01 -!- nick [u@h] has quit [Quit: Bye]", Happened(Event::Leave, "nick")),
            ("00:01 -!- mode/#help [+o nick] by ana", Happened(Event::Room, "")),
            ("12:00  * nick waves", Action("nick")),
            ("[07:00]  * nick does", Action("nick")),
            ("[05:12] -nick:#help- notice", Notice("nick")),
            ("[05:12] -nick- notice", Notice("nick")),
            ("[05:12] *** Joins: nick (user@host)", Happened(Event::Join, "nick")),
            ("[05:12] *** Quits: nick (user@host) (x joined #y)", Happened(Event::Leave, "nick")),
            ("[05:12] *** nick was kicked by ana (rude)", Happened(Event::Leave, "nick")),
            ("[05:12] *** ana sets mode: +o nick", Happened(Event::Room, "ana")),
            ("[05:12] *** nick is now known as nick2", Renamed("nick", "nick2")),
            ("=== nick is now known as nick2", Renamed("nick", "nick2")),
            ("=== nick [host] has joined #help", Happened(Event::Join, "nick")),
            ("=== nick thinks", Action("nick")),
            ("2024-03-01 10:00:00\t-->\tnick (u@h) has joined #help", Happened(Event::Join, "nick")),
            ("2024-03-01 10:00:00\t--\tTopic for #help is: joined #us", Happened(Event::Room, "")),
            ("2024-03-01 10:00:00\t←\tnick (u@h) has quit (x)", Happened(Event::Leave, "nick")),
            ("2024-03-01 10:00:00\t--\tnick is now known as nick2", Renamed("nick", "nick2")),
            ("2024-03-01 10:00:00\t *\tnick waves", Action("nick")),
            ("* nick waves", Action("nick")),
        ] {
            assert_eq!(line(text).what, what, "{text}");
        }
        assert_eq!(line("--- Log opened Fri Mar 01 10:00:00 2024").day, Some(19_783));
        assert_eq!(line("--- Day changed Sat Mar 02 2024").day, Some(19_784));
    }

    #[test]
    fn other_lines() {
        for text in
            ["", "hello", "<br/> x", "<a href=\"x\"> y", "10:00", "- a - b", "[x] <nick", "99:99 <a> b"]
        {
            assert_eq!(line(text).what, What::Other, "{text}");
        }
        assert!(is_bot("ChanServ") && !is_bot("abbot"));
    }
}
