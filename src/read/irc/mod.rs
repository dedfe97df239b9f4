//! Logs of IRC channels: irssi, ZNC, WeeChat, the logs of Ubuntu's channels and their kin.
//!
//! Every line says what it is by its own marks (`line`); a channel holds many talks at once, which are told apart by who
//! speaks to whom (`talks`), each a conversation of its own (`decode`). Colours and other format bytes go (`plain`).

mod decode;
mod line;
mod plain;
mod talks;

use std::sync::Arc;

use self::decode::Decoder;
use self::line::{What, line};
use self::talks::{Shared, Talks};
use super::channel::clock::day_number;
use super::channel::name::log_name;
use super::frame::{Feed, Gathered, Lines};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;

static SPEC: ReaderSpec = ReaderSpec {
    name: "irc",
    title: "logs of IRC channels (`10:01 <@ana> text`, `[10:01] <ana> text`, WeeChat's columns, `<ana> text`)",
    notes: "- **Lines** of irssi, ZNC, WeeChat, Ubuntu's logs and `channel 2019-09-04 [22:44:46] <nick> text` are known by \
            their own marks, side by side. Marks of operators (`@`, `+`) and bytes of colour are no part of names and \
            texts. A line that is not UTF-8 is read as Windows-1252 by itself.\n\
            - **Days** are taken from the line, from `--- Log opened` and `--- Day changed`, or from the file name; a clock \
            that runs back by half a day has passed midnight.\n\
            - **Talks** go on side by side in a channel. Who addresses somebody (`kim: …`, `kim, …`, `@kim`) joins the talk \
            that this one last took part in, within 30 minutes; who goes on speaking goes on in the same talk, within 15 \
            minutes; anybody else begins a new one, unless only one is going on among three people. `--gap` sets both \
            pauses. This is a guess: in logs of Ubuntu's and Stripe's channels, of lines that it \
            puts together 57 in 100 pairs belong together, and of pairs that belong together it finds 61 in 100.\n\
            - **Who asks** is the user, and who answers the assistant, where everybody else addresses by name the one who \
            began. Elsewhere roles are for `--assistant NAME`.\n\
            - **Events**: joins, parts, quits, kicks, topics, modes, changes of nick. Actions (`* kim waves`) are told in \
            the third person and are events too. Notices are automatic messages; bots such as `ubottu` and `ChanServ` \
            have the role of a bot. Who changes nick keeps the name under which he spoke first.\n\
            - Each talk is kept in memory or in a temporary file until the whole log has been sorted.",
    how_to_get: "Logs of clients lie in `~/irclogs` (irssi), `~/.local/share/weechat/logs` (WeeChat) and, for ZNC with its \
                 module `log`, in `~/.znc/moddata/log`. Public channels publish theirs, such as irclogs.ubuntu.com.",
    recognised_by: "lines that begin with a clock and a nick in angle brackets, or are columns of WeeChat",
};

/// The reader of logs of IRC channels.
pub struct Irc;

/// Elements of HTML that begin lines in files of markup.
const ELEMENTS: &[&str] = &[
    "a", "b", "br", "code", "dd", "div", "dt", "em", "h1", "h2", "h3", "i", "li", "p", "pre", "span", "td",
    "th", "tr", "u",
];

/// Lines looked at to recognise a log.
const LINES_LOOKED_AT: usize = 400;

impl Reader for Irc {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        if sample.is_json() {
            return None;
        }
        let seen = Seen::of(sample);
        if seen.said == 0 || seen.known * 10 < seen.lines * 6 || !seen.two && !seen.marked {
            return None;
        }
        let confidence = if sample.file_name.ends_with(".weechatlog") {
            95
        } else if seen.angles * 2 >= seen.said {
            if seen.stamped { 88 } else { 80 }
        } else if seen.marked {
            86
        } else {
            // Three columns between tabs may be anybody's.
            48
        };
        let form = if seen.angles > 0 { "`<nick> text`" } else { "WeeChat's columns" };
        Some(Guess {
            confidence,
            why: format!("{form} in {} of {} lines, {} known", seen.said, seen.lines, seen.known),
        })
    }

    fn open(&self, source: &Source, _: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let history = Shared::default();
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let limit = settings.limits.record_bytes;
        let log = log_name(source, "");
        let mut talks = Talks::new(day_of_name(&log), settings.gap_ms, Arc::clone(&history));
        let sorter = Box::new(move |frame: &super::Frame<'_>| talks.sort(frame));
        let frames = Gathered::new(vec![Box::new(Lines::new(feed, source.index, limit))], limit, sorter);
        let notes =
            vec!["talks are told apart by who addresses whom; see `chatmill list readers`".to_owned()];
        Ok(Opened { frames: Box::new(frames), decoder: Arc::new(Decoder { log, history }), notes })
    }
}

/// What a sample shows.
#[derive(Default)]
struct Seen {
    lines: usize,
    /// Lines in a known form.
    known: usize,
    said: usize,
    /// … with the nick in angle brackets.
    angles: usize,
    stamped: bool,
    /// Marks of operators or of events stand there.
    marked: bool,
    /// Two people at least speak.
    two: bool,
}

impl Seen {
    fn of(sample: &Sample) -> Self {
        let mut seen = Self::default();
        let mut nicks: Vec<String> = Vec::new();
        let text = sample.text();
        for text in text.lines().filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT) {
            let text = plain::plain(text);
            let line = line(&text);
            seen.lines += 1;
            seen.known += usize::from(line.what != What::Other);
            match line.what {
                What::Said(nick) => {
                    seen.said += 1;
                    seen.stamped |= line.clock.is_some();
                    seen.angles += usize::from(!text.contains('\t') || text.contains('<'));
                    seen.marked |= text.contains("\t@") || text.contains("\t+");
                    // Without a clock, `<li> text` looks the same.
                    let element = line.clock.is_none() && ELEMENTS.contains(&nick);
                    if nicks.len() < 2 && !element && !nicks.iter().any(|known| known == nick) {
                        nicks.push(nick.to_owned());
                    }
                }
                What::Happened(..) | What::Renamed(..) | What::Action(_) => {
                    seen.marked |=
                        ["\t--", "\t<--", "\t-->", "\t *", "\t=!="].iter().any(|mark| text.contains(mark));
                }
                _ => {}
            }
        }
        seen.two = nicks.len() >= 2;
        seen
    }
}

/// The day that a file name says: `#help_20240301.log`, `2024-03-01.log`.
fn day_of_name(log: &str) -> Option<i64> {
    let digits: Vec<(usize, char)> = log.char_indices().filter(|(_, sign)| sign.is_ascii_digit()).collect();
    digits.windows(8).find_map(|eight| {
        let (start, _) = *eight.first()?;
        let (last, _) = *eight.last()?;
        let text = log.get(start..=last)?;
        let number: String = eight.iter().map(|(_, digit)| *digit).collect();
        let joined = text.len() == 8;
        let parted = text.len() == 10
            && text.get(4..5) == text.get(7..8)
            && text.get(4..5)?.starts_with(['-', '_', '.']);
        let year: i16 = number.get(..4)?.parse().ok()?;
        let day = day_number(year, number.get(4..6)?.parse().ok()?, number.get(6..)?.parse().ok()?);
        ((joined || parted) && (1988..=2100).contains(&year)).then_some(day)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_file_names() {
        for (name, day) in [
            ("#help_20240301", Some(19_783)),
            ("2024-03-01", Some(19_783)),
            ("2011-11-13_02.raw", Some(15_291)),
            ("net_#chan_2024_03_01", Some(19_783)),
            ("stripe.0.ascii", None),
            ("phone 12345678", None),
            ("2024-13-01", None),
        ] {
            assert_eq!(day_of_name(name), day, "{name}");
        }
    }
}
