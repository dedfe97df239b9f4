//! What mail programs and their owners put under a mail: a block behind `-- ` (RFC 3676), `Sent from my iPhone`, a card
//! with name, telephone and address.
//!
//! A sign-off (`Best, Ana`) is kept: somebody said it, and how somebody takes leave is worth learning. What follows it is a
//! letterhead, and goes. Only the end of a text is looked at, and only lines that are short, no sentences, and hold what
//! cards hold; an address that was asked for looks the same, so words that announce one keep it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use super::words::{ANNOUNCING, CLOSINGS, DEVICE_PHRASES, DEVICES};
use crate::text::cut::tail;
use crate::text::marks::strip_invisible;

/// Most lines of a card.
const MOST_LINES: usize = 16;
/// Most lines of names behind a line `--`, which HTML and many programs leave of `-- `.
const FEW_LINES: usize = 3;
/// Longest line of a device, in characters.
const LONGEST_DEVICE: usize = 120;
/// The line above a signature, as the standard has it.
const MARK: &str = "\n-- \n";
/// Longest line of a card, in characters; addresses and slogans are longer than names.
const LONGEST_LINE: usize = 90;
/// Most characters of the block behind `-- `; longer ones are texts of somebody who draws lines so.
const LONGEST_BLOCK: usize = 2_000;

/// `text` without the signature at its end, or `None` where it has none. `author` is the speaker as mail writes it
/// (`Ana Lima <ana@shop.example>`, may be empty): a line with that name is a line of a card.
///
/// Empty where nothing else is there.
pub fn cut<'a>(text: &'a str, author: &str) -> Option<&'a str> {
    let mut left = text.trim_end();
    let whole = left.len();
    // A card may stand above the line of a telephone, and a telephone's line above a card.
    for _ in 0..3 {
        let Some(end) = device(left, author).or_else(|| block(left, author)).or_else(|| card(left, author))
        else {
            break;
        };
        left = left.get(..end).unwrap_or_default().trim_end();
    }
    (left.len() < whole).then_some(left)
}

/// The line that a telephone or mail program put under `text`, or the mark of a signature as the standard has it.
pub fn find(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let (above, last) = text.rsplit_once('\n')?;
    if !above.trim().is_empty() && is_device_line(last) {
        return Some(last.trim());
    }
    let last = tail(text, LONGEST_BLOCK);
    // Nearly every text ends here.
    memmem::find(last.as_bytes(), MARK.as_bytes())?;
    let mark = last.rfind(MARK)?;
    last.get(mark + 1..mark + 3).filter(|_| block(text, "").is_some())
}

/// Lines from the end of a text with the byte each begins at, last first.
fn lines_from_end(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = Some(text.len());
    std::iter::from_fn(move || {
        let until = end?;
        let start = text.get(..until)?.rfind('\n').map_or(0, |at| at + 1);
        end = start.checked_sub(1);
        Some((start, text.get(start..until)?))
    })
}

/// Where the block behind a line `-- ` begins.
fn block(text: &str, author: &str) -> Option<usize> {
    let mut solid = 0;
    let mut found = None;
    let (mut cardlike, mut reaches, mut named) = (true, false, true);
    for (start, line) in lines_from_end(text) {
        let bare = line.trim_end_matches(['\r', '\u{a0}']);
        if text.len() - start > LONGEST_BLOCK {
            break;
        }
        // With its space it is the mark of the standard; without, people draw lines so.
        let is_card =
            solid == 0 || (cardlike && ((reaches && solid <= MOST_LINES) || (named && solid <= FEW_LINES)));
        if bare == "-- " || (matches!(bare, "--" | "—" | "–") && is_card) {
            found = Some(start);
        }
        if !line.trim().is_empty() {
            solid += 1;
            cardlike &= is_card_line(line);
            reaches |= is_contact(line) || is_author(line, author);
            named &= is_capitalised(line);
        }
    }
    found
}

/// Whether a line holds words that all begin with a capital, four at most, as names of people, teams and firms do.
fn is_capitalised(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.clone().count() <= 4
        && words.all(|word| {
            word.starts_with(char::is_uppercase)
                && word
                    .chars()
                    .all(|letter| letter.is_alphabetic() || matches!(letter, '.' | ',' | '-' | '\''))
        })
}

/// Where the line that a telephone or mail program adds begins, with the name above it where that is a card's.
fn device(text: &str, author: &str) -> Option<usize> {
    let mut lines = lines_from_end(text);
    let (start, line) = lines.next()?;
    if !is_device_line(line) {
        return None;
    }
    match lines.next() {
        Some((above, name))
            if is_author(name, author) && lines.next().is_none_or(|(_, line)| line.trim().is_empty()) =>
        {
            Some(above)
        }
        _ => Some(start),
    }
}

/// `Sent from my iPhone`, `Von meinem iPad gesendet`, `via mobile`.
fn is_device_line(line: &str) -> bool {
    // All at once, and nearly always none.
    static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        // A full table would take longer to make than these short lines to be looked at.
        AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(DEVICE_PHRASES).ok()
    });
    let line = line.trim().trim_matches(['*', '_', '-', '(', ')', '[', ' ']);
    if line.is_empty() || line.chars().count() > LONGEST_DEVICE {
        return false;
    }
    let mut folded = strip_invisible(line).to_lowercase();
    if !folded.is_ascii() {
        folded = folded.replace('’', "'");
    }
    if PHRASES.as_ref().is_some_and(|phrases| !phrases.is_match(&folded)) {
        return false;
    }
    let Some((phrase, at)) = DEVICE_PHRASES.iter().find_map(|phrase| Some((phrase, folded.find(phrase)?)))
    else {
        return false;
    };
    // What stands before the phrase is the device in languages that put it first.
    let around = [&folded[..at], &folded[at + phrase.len()..]];
    let words = folded.split_whitespace().count();
    DEVICES.iter().any(|device| around.iter().any(|side| side.contains(device)) || phrase.contains(device))
        && words <= 14
}

/// Where the card at the end begins.
fn card(text: &str, author: &str) -> Option<usize> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut gaps = 0;
    for (start, line) in lines_from_end(text) {
        if line.trim().is_empty() {
            gaps += 1;
            continue;
        }
        if is_rule(line) {
            // A rule above lines of a card.
            return is_card(&lines, author, 1).then_some(start);
        }
        if is_closing(line) {
            return below_closing(&lines, author);
        }
        if !is_card_line(line) || lines.len() == MOST_LINES {
            break;
        }
        lines.push((start, line));
        // Cards with air between their lines have it everywhere.
        if gaps > 0 && lines.len() > 2 && gaps + 1 < lines.len() {
            break;
        }
    }
    alone(text, author)
}

/// What stands below a sign-off and its name: `lines` from the last to the first.
fn below_closing(lines: &[(usize, &str)], author: &str) -> Option<usize> {
    let (name, rest) = lines.split_last()?;
    let (first, _) = rest.last()?;
    // The name stays; the first line may hold something of the card already.
    let start = if is_contact(name.1) { name.0 } else { *first };
    let named = is_author(name.1, author);
    let cards = if start == name.0 { lines } else { rest };
    (cards.iter().any(|(_, line)| is_contact(line)) || named).then_some(start)
}

/// A last paragraph that is a card without a sign-off above it.
fn alone(text: &str, author: &str) -> Option<usize> {
    let mut lines = Vec::new();
    let mut above = None;
    for (start, line) in lines_from_end(text) {
        match (line.trim().is_empty(), above) {
            (true, _) => above = Some(start),
            (false, Some(_)) => {
                // An address that is announced, or that is all that is said, was asked for.
                let announced = announces(line);
                return (!announced && is_card(&lines, author, 2))
                    .then(|| lines.last().map(|(start, _)| *start))
                    .flatten();
            }
            (false, None) if !is_card_line(line) || lines.len() == MOST_LINES => return None,
            (false, None) => lines.push((start, line)),
        }
    }
    None
}

/// Whether `lines`, from the last to the first, are a card: something of it by which to reach somebody, and more of that
/// where the first line is not the author's name.
fn is_card(lines: &[(usize, &str)], author: &str, least: usize) -> bool {
    let contacts = lines.iter().filter(|(_, line)| is_contact(line)).count();
    let named = lines.last().is_some_and(|(_, line)| is_author(line, author));
    lines.len() > 1
        && (contacts >= least || (named && contacts > 0))
        && lines.iter().all(|(_, line)| is_card_line(line))
}

/// `Kind regards,` and its like, alone on its line.
pub(super) fn is_closing(line: &str) -> bool {
    let line = line
        .trim()
        .trim_end_matches([',', '.', '!', '，', '。', '！', ' ', '-', '\u{a0}', ';'])
        .trim_start_matches(['-', '*', ' ']);
    if line.is_empty() || line.len() > 60 {
        return false;
    }
    CLOSINGS.contains(&line.to_lowercase().as_str())
}

/// A line that a card may hold: short, no question, no sentence.
fn is_card_line(line: &str) -> bool {
    let line = line.trim();
    if line.chars().count() > LONGEST_LINE || line.starts_with('>') {
        return false;
    }
    let folded = line.to_lowercase();
    if folded.starts_with("ps:") || folded.starts_with("p.s") || folded.starts_with("ps ") {
        return false;
    }
    let words = line.split_whitespace().count();
    let most = if line.ends_with('.') { 4 } else { 12 };
    !line.ends_with(['?', '!', ':', '？', '！', '。']) && (words <= most || is_contact(line))
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|letter| matches!(letter, '-' | '_' | '=' | '*' | '~' | '—' | '–'))
}

/// By which somebody is reached: a telephone number, an address in the net, a mail address.
fn is_contact(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let lower = line.to_lowercase();
    let web =
        words <= 6 && (lower.contains("http://") || lower.contains("https://") || lower.contains("www."));
    let mail = words <= 6
        && lower
            .split('@')
            .nth(1)
            .is_some_and(|host| host.starts_with(char::is_alphanumeric) && host.contains('.'));
    web || mail || is_telephone(&lower)
}

/// `+49 (30) 123-456`, `Tel.: 555 346 9947`; with seven digits at least and hardly anything else, since order numbers stand
/// in sentences.
fn is_telephone(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let others = line.chars().filter(|letter| letter.is_alphabetic()).count();
    let named =
        ["tel", "phone", "mobil", "fon", "fax", "cell", "handy", "gsm", "тел", "電話", "电话", "전화"]
            .iter()
            .any(|word| line.contains(word));
    let marks = line.contains(['+', '(', '-', '/', '.']) || line.split_whitespace().count() > 1;
    (7..=30).contains(&digits) && marks && (others <= 4 || (named && others <= 40))
}

/// Whether a line is the author's name, perhaps with a title: all words of a short line that begin with a capital, one of
/// them in the author's name or address.
fn is_author(line: &str, author: &str) -> bool {
    let line = line.trim();
    let author = author.to_lowercase();
    let words: Vec<&str> =
        line.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (1..=6).contains(&words.len())
        && line.chars().next().is_some_and(char::is_uppercase)
        && !line.ends_with(['.', '?', '!', ':'])
        && words.iter().any(|word| {
            let word = word.to_lowercase();
            word.chars().count() > 2
                && author.split(|letter: char| !letter.is_alphanumeric()).any(|part| part == word)
        })
}

/// Whether a line announces an address or a number, or asks for one.
fn announces(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    line.ends_with([':', '：']) || ANNOUNCING.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: &str = "Ana Lima <ana@shop.example>";

    #[test]
    fn signatures_go() {
        for (text, wanted) in [
            ("Hello\n\n-- \nAna\nSent with Sparrow (http://x.example/?sig)", "Hello"),
            ("Hello\n--\nAna Lima\nTel. 030 1234567", "Hello"),
            ("Done!\n--\nJo\nShop Team", "Done!"),
            ("Hello\n\n—\nAna Lima\nShop GmbH", "Hello"),
            ("Hello\n\nSent from my iPhone", "Hello"),
            ("Hallo\n\nVon meinem iPhone gesendet", "Hallo"),
            ("Bonjour\n\nEnvoyé de mon iPad", "Bonjour"),
            ("Hola\n\nEnviado desde mi Samsung Galaxy", "Hola"),
            ("Ciao\n\nInviato da iPhone", "Ciao"),
            ("こんにちは\n\niPhoneから送信", "こんにちは"),
            ("你好\n\n发自我的iPhone", "你好"),
            ("Привет\n\nОтправлено с iPhone", "Привет"),
            ("Ok\n\nGet Outlook for iOS", "Ok"),
            ("Ok\n\nAna Lima\nSent from my iPad", "Ok"),
            (
                "Done\n\nKind regards,\nAna Lima\nCustomer Support\nTel. +49 30 1234567",
                "Done\n\nKind regards,\nAna Lima",
            ),
            (
                "Done\n\nMit freundlichen Grüßen\n\nAna Lima\nKundendienst\n\nShop GmbH\nTel.: 030 / 123 45 67\nwww.shop.example",
                "Done\n\nMit freundlichen Grüßen\n\nAna Lima",
            ),
            ("Best,\nAna Lima\nHead of Care", "Best,\nAna Lima"),
            (
                "Lorem ipsum dolor sit amet.\n\nGina Xavier\ngina@x.example\n(555) 346-9947\nwww.x.example",
                "Lorem ipsum dolor sit amet.",
            ),
            (
                "Lorem.\n\n----------------\n\nAM_LOGO\n\nMe John Doe\n\nt. 555-931-0702\n\nhttp://x.example/",
                "Lorem.",
            ),
            ("Fixed.\n\nBest,\nAna\n\nSent from my iPhone", "Fixed.\n\nBest,\nAna"),
        ] {
            assert_eq!(cut(text, ANA), Some(wanted), "{text}");
            assert_eq!(cut(wanted, ANA), None, "twice: {wanted}");
        }
    }

    #[test]
    fn answers_stay() {
        for text in [
            "Thanks, that worked.",
            "Thanks\nI will order again tomorrow.",
            "Best,\nAna",
            "Thanks!\n\nAna",
            "Kind regards,\nAna Lima",
            "Kind regards,\nAna\n\nPS: bring the invoice",
            "Regards,\nAna\nCan you call me on 030 1234567?",
            "Here is my address:\n\nKim Example\nHigh Street 12\n030 1234567\nkim@x.example",
            "My phone number and mail\n\nKim Example\n030 1234567\nkim@x.example",
            "Kim Example\nHigh Street 12\n030 1234567\nkim@x.example",
            "It was sent from my warehouse",
            "Perfect\n\nThe order was sent from my old address",
            "Option one\n--\nOption two is better, is it not?",
            "Option one\n--\nOption two",
            "Option one\n--\nSizes\n10, 12",
            "Sizes\n--\nSmall\nMedium\nLarge\nHuge",
            "Use 10-20 units\n\nor 30",
            "The code is 123 456 789",
            "See\n\nhttps://x.example/help",
            "--",
            "",
            "\n",
        ] {
            assert!(cut(text, ANA).is_none() || text == "--", "{text}: {:?}", cut(text, ANA));
        }
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for text in [
            "-- \n".repeat(200_000),
            "a\n".repeat(200_000),
            "\n".repeat(500_000),
            "a".repeat(1_000_000),
            "Best,\n".repeat(200_000),
        ] {
            let _ = cut(&text, ANA);
        }
    }
}
