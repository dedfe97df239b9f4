//! Lines behind which everything is another mail: `-----Original Message-----`, or a block of `From:`, `Sent:`, `To:`,
//! `Subject:`.

use super::words::{FIELDS, FORWARDS, Field, REPLIES};
use crate::text::cut::head;
use crate::text::marks::strip_invisible;

/// Longest line between dashes.
const LONGEST: usize = 160;
/// Most lines of a block of headers that are looked at: lists of recipients are long.
const MOST_LINES: usize = 14;
/// Most letters before the colon of a field.
const LONGEST_FIELD: usize = 24;

/// The first byte of the colon of East Asian scripts, U+FF1A.
const WIDE_COLON: u8 = 0xef;

/// What a line separates from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// The mail that is answered.
    Reply,
    /// A forwarded mail.
    Forward,
}

/// What a line separates from, if it does.
pub fn of(line: &str) -> Option<Separator> {
    const ORNAMENTS: &[char] = &['-', '_', '=', '*', '~', '—', '–', '#', ' ', '\t', '\u{a0}'];
    let line = line.trim();
    if line.len() > LONGEST || line.len() < 4 {
        return None;
    }
    let ornamented = line.starts_with(&ORNAMENTS[..8]);
    let announced = line.ends_with([':', '：']);
    if !ornamented && !announced {
        return None;
    }
    let words = line.trim_matches(ORNAMENTS).trim_end_matches([':', '：', ' ', '\u{a0}']);
    let words = strip_invisible(words).to_lowercase();
    let words = words.replace(['’', '´'], "'");
    if FORWARDS.contains(&words.as_str()) || (ornamented && words.starts_with("forwarded by ")) {
        return Some(Separator::Forward);
    }
    let replies = REPLIES.contains(&words.as_str()) || words.ends_with("reply above this line");
    (ornamented && replies).then_some(Separator::Reply)
}

/// Whether a block of headers begins here, as Outlook and others write it above a mail.
///
/// A form may have `From`, `To` and `Date` too (a journey): without a subject there must be an address.
pub fn is_header_block(lines: &[&str]) -> bool {
    let Some((first, value)) = lines.first().and_then(|line| field(line)) else { return false };
    if value.is_empty() || !matches!(first, Field::From | Field::Date | Field::Subject) {
        return false;
    }
    let (mut seen, mut loose, mut address) = ([false; 5], 0, false);
    for line in lines.iter().take(MOST_LINES) {
        if line.trim().is_empty() {
            break;
        }
        match field(line) {
            Some((field, value)) => {
                // The same field again is a second block, or a form.
                if std::mem::replace(&mut seen[field as usize], true) && field != Field::Copy {
                    break;
                }
                address |= value.contains('@') && matches!(field, Field::From | Field::To);
                loose = 0;
            }
            // A field that goes on in the next lines.
            None if loose < 3 => {
                address |= line.contains('@');
                loose += 1;
            }
            None => break,
        }
    }
    let [from, date, to, _, subject] = seen;
    from && ((subject && (date || to)) || (date && to && address))
}

/// Whether a line begins with a field of such a block.
pub fn is_field(line: &str) -> bool {
    field(line).is_some()
}

/// The field that a line begins with, and its value: `From: x`, `*Von:* x`, `De : x`, `发件人：x`.
fn field(line: &str) -> Option<(Field, &str)> {
    let line = line.trim_start_matches([' ', '\t', '*', '\u{a0}', ':', '|']);
    // Most lines have none so near their beginning; a character has four bytes at most.
    memchr::memchr2(b':', WIDE_COLON, head(line, 4 * LONGEST_FIELD).as_bytes())?;
    let (colon, mark) =
        line.char_indices().take(LONGEST_FIELD).find(|(_, letter)| matches!(letter, ':' | '：'))?;
    let name = line.get(..colon)?.trim_end_matches([' ', '\u{a0}', '*', '\u{202f}']).to_lowercase();
    let value = line.get(colon + mark.len_utf8()..)?.trim_matches(['*', ' ', '\t', '\u{a0}', '\r']);
    let (_, field) = FIELDS.iter().find(|(word, _)| *word == name)?;
    Some((*field, value))
}

/// Where the lines end that stand above a block of headers without saying anything: rules and blanks.
pub fn rules_above(lines: &[&str]) -> usize {
    let is_rule = |line: &&str| {
        let line = line.trim();
        line.chars().all(|letter| matches!(letter, '_' | '-' | '=' | '*' | ' '))
    };
    lines.len() - lines.iter().rev().take_while(|line| is_rule(line)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_in_many_languages() {
        for line in [
            "-----Original Message-----",
            "----- Original Message ----- ",
            "-----Ursprüngliche Nachricht-----",
            "-------- Message d’origine --------",
            "-----Oprindelig meddelelse-----",
            "-----原始邮件-----",
            "________ Mensaje original ________",
            "##- Please type your reply above this line -##",
        ] {
            assert_eq!(of(line), Some(Separator::Reply), "{line}");
        }
        for line in [
            "---------- Forwarded message ---------",
            "Begin forwarded message:",
            "Anfang der weitergeleiteten Nachricht:",
            "Début du message réexpédié :",
            "-------- Weitergeleitete Nachricht --------",
        ] {
            assert_eq!(of(line), Some(Separator::Forward), "{line}");
        }
        for line in [
            "Original message",
            "-- Ana",
            "------",
            "the original message:",
            "- forwarded message is lost",
            "---",
            "",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    fn is_block(text: &str) -> bool {
        is_header_block(&text.split('\n').collect::<Vec<_>>())
    }

    #[test]
    fn blocks_in_many_languages() {
        for text in [
            "From: a@x.example\nSent: March-19-11 5:42 PM\nTo: Somebody\nSubject: x",
            "Von: Ana\nGesendet: Dienstag, 25. November 2014 14:59\nAn: Kim\nBetreff: x",
            "De : Ana [mailto:a@x.example]\nEnvoyé : vendredi 23 janvier 2015 16:39\nÀ : Kim\nObjet : x",
            "Fra: a@x.example\nSendt: 19. march 2011 12:10\nTil: Kim\nEmne: x",
            "Från: Ana\nSkickat: den 26 augusti 2015 14:45\nTill: Kim\nÄmne: x",
            "  *From:* bob@x.example [mailto:\n  bob@x.example]\n  *Sent:* Wednesday\n  *To:* t@x.example\n  *Subject:* Hello",
            "Date: Fri=2C 28 Sep 2012 10:55:48 +0000\nFrom: t@x.example\nTo: b@x.example\nSubject: x",
            "Subject: Test\nFrom: b@x.example\nTo: x@x.example; y@x.example\nDate: Mon, 2 Apr 2012 17:44:22 +0400",
            "From: b@x.example\nTo: x@x.example\nSent: Friday, July 22, 2011 6:20:01 PM",
            "发件人：Ana\n发送时间：2024年3月1日\n收件人：Kim\n主题：x",
        ] {
            assert!(is_block(text), "{text}");
        }
    }

    #[test]
    fn forms_and_sentences_are_no_blocks() {
        for text in [
            "From: Berlin\nTo: Paris\nDate: 3 May 10:00",
            "From: Berlin",
            "Date: 3 May\nSubject: my order",
            "To: all\nSubject: x",
            "From: \nTo: \nSubject: ",
            "Order: 5\nFrom: a@x.example\nSent: x\nSubject: y",
            "",
        ] {
            assert!(!is_block(text), "{text}");
        }
    }
}
