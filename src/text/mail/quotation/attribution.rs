//! Lines that programs write above what they quote: `On 3 Apr 2012, at 16:19, Bob <bob@x.example> wrote:`.
//!
//! A sentence may look much the same ("On Monday I wrote: …"), so a verb of writing alone counts for nothing: a date with
//! its year, a clock and an address are what programs write and people do not.

use super::words::{MIDDLE_VERBS, PRONOUNS, STARTERS, VERBS};
use super::{is_quoted, quotation_below};
use crate::text::marks::strip_invisible;

/// Most lines over which a program wraps one.
pub const MOST_LINES: usize = 4;
/// Longest line that is part of one, and longest of them joined, in bytes: names and addresses of some hundred letters.
const LONGEST_LINE: usize = 300;
const LONGEST: usize = 500;

/// How many lines from `at` on name writer and date of a quotation; `None` when none do.
pub fn at(lines: &[&str], at: usize) -> Option<usize> {
    let window = lines.get(at..)?;
    let most = window.iter().take(MOST_LINES).take_while(|line| is_part(line)).count();
    let ends = window.get(..most)?.iter().any(|line| may_end(line));
    if most == 0 || !(ends || quotation_below(lines, at + 1)) {
        return None;
    }
    (1..=most).find(|count| {
        let end = at + count;
        let quoted = quotation_below(lines, end);
        let Some(last) = lines.get(end - 1) else { return false };
        (may_end(last) || quoted)
            && is_attribution(&lines[at..end], quoted)
            && (*count == 1 || is_wrapped(&lines[at..end], quoted))
    })
}

/// Whether `lines`, a quotation without its marks, begin with the line that names who wrote it and when.
pub fn within_quotation(lines: &[&str]) -> bool {
    let most = lines.iter().take(MOST_LINES).take_while(|line| is_part(line)).count();
    (1..=most).any(|count| {
        let (head, rest) = lines.split_at(count);
        head.last().is_some_and(|last| may_end(last))
            && rest.iter().any(|line| !line.trim().is_empty())
            && is_attribution(head, true)
            && (count == 1 || is_wrapped(head, true))
    })
}

fn is_part(line: &str) -> bool {
    !line.trim().is_empty() && line.len() <= LONGEST_LINE && !is_quoted(line)
}

fn may_end(line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(['\u{200f}', '\u{202c}', '\u{200e}', '*']);
    line.ends_with([':', '：', '-']) || line.ends_with(" wrote")
}

/// Whether several lines are one that a program wrapped, and not the writer's own words above one: they begin as one does,
/// with a date, end no sentence, and the later lines are none by themselves.
fn is_wrapped(lines: &[&str], quoted: bool) -> bool {
    let Some((first, later)) = lines.split_first() else { return false };
    let folded = first.trim().to_lowercase();
    let begins = begins_so(folded.trim_start_matches(['-', ' ', '*'])) || folded.contains('@');
    let solid = has_date(&folded)
        || has_clock(&folded)
        || folded.ends_with('<')
        || (quoted && folded.contains(|letter: char| letter.is_ascii_digit()));
    let ends = lines
        .split_last()
        .is_some_and(|(_, above)| above.iter().any(|line| line.trim_end().ends_with(['!', '?', ':', '。'])));
    let is_one = |from: usize| {
        let rest = later.get(from..).unwrap_or_default();
        has_date(&rest.join(" ")) && is_attribution(rest, quoted)
    };
    begins && solid && !ends && !(0..later.len()).any(is_one)
}

fn is_attribution(lines: &[&str], quoted: bool) -> bool {
    if lines.iter().map(|line| line.len()).sum::<usize>() > LONGEST {
        return false;
    }
    let joined = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    let joined = strip_invisible(&joined).to_lowercase();
    let core = joined.trim_start_matches(['-', ' ', '*', '_']).trim_end_matches(['-', ' ', '*', '\u{a0}']);
    let announces = core.ends_with([':', '：']);
    let core = core.trim_end_matches([':', '：', ' ', '\u{a0}', '\u{202f}']);
    let seen = Seen::of(core);
    // Without a colon or a line drawn behind it, everything must be there.
    let bare = !announces && !quoted && core.len() == joined.trim_end().len();
    if core.is_empty() || (bare && !(seen.clock && seen.bracketed && begins_so(core))) {
        return false;
    }
    if seen.verb && (!seen.pronoun || quoted) {
        if quoted && announces && (seen.dated || seen.clock || seen.address || is_name_alone(lines, core)) {
            return true;
        }
        return seen.dated && (seen.clock || seen.address) && (begins_so(core) || seen.bracketed);
    }
    // Without a verb (Yandex, Gmail in Russian, Japanese and Hebrew): date, clock and `<address>` at the end.
    let at_end = core.ends_with(['>', ')', ']'])
        || core.rsplit([' ', '\u{a0}']).next().is_some_and(|word| word.contains('@'));
    seen.dated && seen.address && at_end && ((announces && seen.clock) || quoted)
}

/// What is seen in a line in lower case.
struct Seen {
    verb: bool,
    /// A person of the talk is who wrote: "I wrote".
    pronoun: bool,
    dated: bool,
    clock: bool,
    address: bool,
    /// The address stands in angle brackets.
    bracketed: bool,
}

impl Seen {
    fn of(core: &str) -> Self {
        let words: Vec<&str> =
            core.split(|letter: char| letter.is_whitespace()).filter(|word| !word.is_empty()).collect();
        let last = words.last().copied().unwrap_or_default();
        let bare = |word: &&str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
        let closing = VERBS.iter().find(|verb| ends_with_word(core, verb));
        let middle = words.iter().position(|word| MIDDLE_VERBS.contains(&bare(word).as_str()));
        let before = closing.and_then(|verb| core.get(..core.len() - verb.len())).unwrap_or_default();
        let before = before.split_whitespace().next_back().unwrap_or_default();
        let after = middle.and_then(|at| words.get(at + 1)).map(bare).unwrap_or_default();
        let is_pronoun =
            |word: &str| PRONOUNS.contains(&word.trim_matches(|letter: char| !letter.is_alphanumeric()));
        Self {
            verb: closing.is_some() || middle.is_some(),
            pronoun: (closing.is_some() && is_pronoun(before))
                || (middle.is_some() && is_pronoun(&after))
                || is_pronoun(last),
            dated: has_date(core),
            clock: has_clock(core),
            address: has_address(core),
            bracketed: core.contains('<') && core.contains('@'),
        }
    }
}

/// Whether `text` ends with the verb as a word of its own; scripts without spaces have none.
fn ends_with_word(text: &str, verb: &str) -> bool {
    let spaced =
        verb.starts_with(|letter: char| !matches!(letter, '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
    text.strip_suffix(verb).is_some_and(|before| !spaced || !before.ends_with(char::is_alphanumeric))
}

/// `Bob Smith wrote:` and nothing more.
fn is_name_alone(lines: &[&str], core: &str) -> bool {
    const NO_NAMES: &[&str] = &[
        "as", "he", "her", "his", "how", "it", "like", "my", "our", "she", "that", "the", "their", "they",
        "this", "we", "what", "who", "you", "your",
    ];
    let first = lines.first().and_then(|line| line.trim().chars().next());
    let words = core.split_whitespace().count();
    (2..=4).contains(&words)
        && first.is_some_and(char::is_uppercase)
        && core.split_whitespace().next().is_some_and(|word| !NO_NAMES.contains(&word))
}

/// Whether it begins as programs begin: a preposition before a date, a weekday, a date.
fn begins_so(core: &str) -> bool {
    let first = core.split_whitespace().next().unwrap_or_default();
    let bare = first.trim_matches(|letter: char| !letter.is_alphanumeric());
    first.starts_with(|letter: char| letter.is_ascii_digit())
        || STARTERS.contains(&bare)
        || core.starts_with("sent from ")
}

/// A year of four digits, or a date in digits.
fn has_date(text: &str) -> bool {
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
    let year = numbers.any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")));
    year || text.split_whitespace().any(|word| {
        let word = word.trim_matches(|letter: char| !letter.is_ascii_digit());
        let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
        parts.len() == 3
            && parts
                .iter()
                .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// `16:19`, `16h19`, `10.00`, `16時19分`.
fn has_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let colon = bytes.iter().enumerate().any(|(at, byte)| {
        matches!(byte, b':' | b'h' | b'.')
            && at > 0
            && digit(at - 1)
            && digit(at + 1)
            && digit(at + 2)
            && !digit(at + 3)
            && (*byte != b'.' || (bytes.get(at + 3) != Some(&b'.') && !before_is_dotted(bytes, at)))
    });
    colon || text.contains('時') || text.contains("点")
}

/// Whether the digits before `at` follow a point: `01.03.24` is a date.
fn before_is_dotted(bytes: &[u8], at: usize) -> bool {
    let digits = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    bytes[..at - digits].last() == Some(&b'.')
}

fn has_address(text: &str) -> bool {
    text.split('@').skip(1).any(|host| host.starts_with(char::is_alphanumeric) && host.contains('.'))
        && !text.starts_with('@')
}

/// Where an attribution begins in a line that begins with the writer's own words (`reply On Wed, Apr 4, 2012 at 3:59 PM,
/// bob@x.example wrote:`), in bytes.
pub fn within(line: &str) -> Option<usize> {
    if line.len() > LONGEST || !may_end(line) {
        return None;
    }
    let at = line.rmatch_indices("On ").map(|(at, _)| at).find(|at| {
        line.get(..*at).is_some_and(|before| {
            before.ends_with([' ', '-']) && !before.trim_end_matches(['-', ' ']).is_empty()
        })
    })?;
    let rest = line.get(at..)?;
    let core = rest.to_lowercase();
    let core = core.trim_end_matches(['-', ' ', '*', ':']);
    let seen = Seen::of(core);
    (seen.verb && !seen.pronoun && seen.dated && seen.clock && seen.address).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Option<usize> {
        let lines: Vec<&str> = text.split('\n').collect();
        at(&lines, 0)
    }

    #[test]
    fn lines_of_programs() {
        for text in [
            "On Apr 3, 2012, at 4:19 PM, bob <bob@x.example> wrote:",
            "On 04/02/2012 06:26 PM, Megan One wrote:",
            "On 11-Apr-2011, at 6:54 PM, Bob T <bob@x.example> sent:",
            "On Tue, Jan 27, 2015 at 12:42 PM -0800, \"Company\" <ana@x.example> wrote:",
            "Am 01.03.2024 um 09:00 schrieb Kim <k@ex.example>:",
            "Am Fr., 1. März 2024 um 10:00 Uhr schrieb Kim <k@ex.example>:",
            "Kim <k@ex.example> schrieb am Fr., 1. März 2024, 10:00:",
            "Le 23 janv. 2015 à 22:03, Kim <k@x.example<mailto:k@x.example>> a écrit:",
            "Le ven. 1 mars 2024 à 10:00, Kim <k@x.example> a écrit :",
            "El vie, 1 mar 2024 a las 10:00, Kim (<k@x.example>) escribió:",
            "Il giorno ven 1 mar 2024 alle ore 10:00 Kim <k@x.example> ha scritto:",
            "Em sex., 1 de mar. de 2024 às 10:00, Kim <k@x.example> escreveu:",
            "Op 13-02-2014 3:18 schreef Julius Caesar <j@rome.example>:",
            "Op 17-feb.-2015, om 13:18 heeft Julius <j@rome.example> het volgende geschreven:",
            "Den 14 september, 2015 02:23:18, Val Rudy (val@rudy.example) skrev:",
            "På 14 september 2015 på 02:23:18, Val Rudy (val@rudy.example) skrev:",
            "Den fre 1 mars 2024 kl 10:00 skrev Kim <k@x.example>:",
            "Den fre. 1. mar. 2024 kl. 10.00 skrev Kim <k@x.example>:",
            "pt., 1 mar 2024 o 10:00 Kim <k@x.example> napisał(a):",
            "W dniu 28.01.2015 o 01:53, Zoe pisze:",
            "Dne pá 1. 3. 2024 10:00 uživatel Kim <k@x.example> napsal:",
            "пт, 1 мар. 2024 г. в 10:00, Kim <k@x.example>:",
            "02.04.2012 14:20 пользователь \"bob\" <bob@x.example> написал:",
            "26.06.2014, 14:41, \"Alexander L\" <abc@x.example>:",
            "Thu, 26 Jun 2014 14:00:51 +0400 от Alexander L <abc@x.example>:",
            "2014-10-17 11:28 GMT+03:00 Postmaster <p@x.example>:",
            "Kim <k@x.example> 于2024年3月1日周五 10:00写道：",
            "2024年3月1日(金) 10:00 Kim <k@x.example>:",
            "2024년 3월 1일 (금) 오전 10:00, Kim <k@x.example>님이 작성:",
            "Vào Th 6, 1 thg 3, 2024 vào lúc 10:00 Kim <k@x.example> đã viết:",
            "1 Mar 2024 Cum, 10:00 tarihinde Kim <k@x.example> şunu yazdı:",
            "pe 1. maalisk. 2024 klo 10.00 Kim (k@x.example) kirjoitti:",
            "Kim <k@x.example> ezt írta (időpont: 2024. márc. 1., P, 10:00):",
            "בתאריך יום ו׳, 1 במרץ 2024 ב-10:00 מאת \u{202a}Kim\u{202c}\u{200f} <\u{202a}k@x.example\u{202c}\u{200f}>:\u{200f}",
            "---- On Wed, 04 Apr 2012 15:59:00 +0200 k@x.example wrote ----",
            "------On 12/29/1987 17:32 PM, Julius Caesar wrote-----",
            "On Wed, 14 Nov 2018 08:14:43 -0200 Kim <k@x.example> wrote",
            "Sent from Samsung MobileName <a@x.example> wrote:\n\n> hi",
            "Bob Smith wrote:\n\n> hi",
            "On Monday, Bob <bob@x.example> wrote:\n> hi",
            "On 3 March 2024 you wrote:\n> hi",
            "2011/4/7 Nathan Example <support@x.example>\n\n> hi",
        ] {
            assert_eq!(count(text), Some(1), "{text}");
        }
    }

    #[test]
    fn wrapped_lines() {
        for (text, lines) in [
            ("On Fri, May 6, 2011 at 6:03 PM, Bob from Hacker News\n<bob@x.example> wrote:\n\n> Test", 2),
            ("On Nov 30, 2011, at 12:47 PM, Somebody <\n416ffd3258d4d2fa4c85@x.example>\nwrote:\n\nTest", 3),
            ("On Wed, Dec 9, Mister Example\n<mrmister@x.example>\nwrote:\n> Hey", 3),
            ("W dniu 28 stycznia 2015 01:53 użytkownik Zoe <zoe@x.example>\nnapisał:\n\nBlah!", 2),
            ("02.04.2012 14:20 пользователь \"bob@x.example\" <\nbob@x.example> написал:", 2),
        ] {
            assert_eq!(count(text), Some(lines), "{text}");
        }
    }

    #[test]
    fn sentences() {
        for text in [
            "Hello there\nBob <bob@x.example> wrote:\n> a",
            "I sent it on 3.3.2024 at 10:00\nBob <bob@x.example> wrote:\n> a",
            "On Monday I wrote: please call me",
            "On Monday I wrote:\nplease call me",
            "On 3 March 2024 I wrote:\nplease call me",
            "On 3 March 2024 at 10:00 I wrote:\nplease call me",
            "Am 3.3.2024 um 10:00 schrieb ich:\nbitte melden",
            "As you see, on 3 March 2024 at 10:00 your colleague wrote:\nWe refund.",
            "On 3 March 2024 your colleague wrote:\nWe refund.",
            "My address is ana@x.example:\nplease use it",
            "It was delivered 2024-03-01 10:00 to:\nAna",
            "Open hours: 10:00",
            "He wrote:",
            "Order 2024-100:",
            ":",
            "wrote:",
            "-",
        ] {
            assert_eq!(count(text), None, "{text}");
        }
        let text = "Am Montag kam es an.\nAm 3.3.2024 um 10:00 schrieb Bob <b@x.example>:\n> a";
        assert_eq!(count(text), None);
        assert_eq!(within("reply On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:"), Some(6));
        assert_eq!(within("reply--- On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:"), Some(9));
        assert_eq!(within("I read what On Demand wrote:"), None);
    }
}
