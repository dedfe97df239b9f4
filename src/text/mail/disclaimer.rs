//! Paragraphs about secrecy and the environment that companies put under every mail.
//!
//! Only the last paragraphs are looked at. A paragraph goes when it speaks of this mail and of secrecy, or says one of a
//! few sentences that nobody says otherwise; a word such as "confidential" alone decides nothing.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind};

use super::words::{CERTAIN, MAILS, SECRETS};

/// Most paragraphs of one, in one or two languages.
const MOST_PARAGRAPHS: usize = 8;
/// Longest that is looked at, in bytes; the longest met have some 3,000 letters.
const LONGEST: usize = 8_000;
/// A paragraph of one has at least this many bytes, a heading aside.
const LEAST: usize = 60;
/// Most characters before the mail is spoken of (`The information contained in …`).
const MOST_BEFORE: usize = 60;
/// Characters of the longest phrase at most.
const LONGEST_PHRASE: usize = 60;
/// Words that stand above such a paragraph, alone or before a colon.
const HEADINGS: &[&str] = &[
    "confidentiality notice",
    "confidentiality",
    "disclaimer",
    "legal notice",
    "legal disclaimer",
    "important notice",
    "haftungsausschluss",
    "avis de confidentialité",
    "aviso legal",
    "aviso de confidencialidad",
    "informativa",
    "privacy",
];

/// `text` without the paragraphs about secrecy at its end, or `None` where it has none.
///
/// Empty where nothing else is there.
pub fn cut(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let mut end = None;
    let mut rest = text;
    for _ in 0..MOST_PARAGRAPHS {
        let start = last_paragraph(rest);
        let paragraph = rest.get(start..).unwrap_or_default();
        if paragraph.len() > LONGEST {
            break;
        }
        let below = end.is_some();
        if let Some(inner) = lower_lines(paragraph) {
            // The name stands right above.
            end = Some(start + inner);
            break;
        }
        if is_disclaimer(paragraph) || (below && (is_heading(paragraph) || is_rule(paragraph))) {
            end = Some(start);
        } else if below || !is_rule(paragraph) {
            break;
        }
        rest = rest.get(..start).unwrap_or_default().trim_end();
        if rest.is_empty() {
            break;
        }
    }
    let mut left = text.get(..end?)?.trim_end();
    // A line drawn above it belongs to it.
    while let Some(line) = left.lines().next_back().filter(|line| is_rule(line)) {
        left = left.get(..left.len() - line.len()).unwrap_or_default().trim_end();
    }
    Some(left)
}

/// The beginning of the paragraphs about secrecy at the end of `text`.
pub fn find(text: &str) -> Option<&str> {
    if !may_end_so(text) {
        return None;
    }
    let left = cut(text)?;
    text.get(left.len()..)?.trim().lines().find(|line| !is_rule(line)).map(str::trim)
}

/// Whether the last paragraph that is no rule may be one about secrecy; cheap, and never wrongly not.
fn may_end_so(text: &str) -> bool {
    // The longest word of each phrase: phrases themselves may have other spaces.
    static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let longest = |phrase: &&'static str| phrase.split(' ').max_by_key(|word| word.len());
        let words = MAILS.iter().chain(CERTAIN).filter_map(longest);
        AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
    });
    let mut rest = text.trim_end();
    for _ in 0..MOST_PARAGRAPHS {
        let start = last_paragraph(rest);
        let paragraph = rest.get(start..).unwrap_or_default();
        if paragraph.len() > LONGEST {
            return false;
        }
        if !is_rule(paragraph) {
            return !paragraph.is_ascii() || WORDS.as_ref().is_none_or(|words| words.is_match(paragraph));
        }
        rest = rest.get(..start).unwrap_or_default().trim_end();
    }
    false
}

/// The phrases that speak of a mail, or that nobody says otherwise, to be looked for in folded text; the first that begins
/// is found.
fn phrases() -> Option<&'static AhoCorasick> {
    static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(aho_corasick::StartKind::Both)
            .build(MAILS.iter().chain(CERTAIN))
            .ok()
    });
    PHRASES.as_ref()
}

/// Where the last paragraph begins.
fn last_paragraph(text: &str) -> usize {
    let mut end = text.len();
    loop {
        let Some(at) = text.get(..end).and_then(|text| text.rfind('\n')) else { return 0 };
        let above = text.get(..at).unwrap_or_default();
        let line = above.rfind('\n').map_or(above, |start| above.get(start + 1..).unwrap_or_default());
        if line.trim().is_empty() {
            return at + 1;
        }
        end = at;
    }
}

/// Where in a paragraph the lines begin that are one.
fn lower_lines(paragraph: &str) -> Option<usize> {
    let mut starts = paragraph.match_indices('\n').map(|(at, _)| at + 1);
    // The first line that speaks of this mail; what is above it must not.
    let start = starts.find(|start| {
        let line =
            paragraph.get(*start..).unwrap_or_default().lines().next().unwrap_or_default().to_lowercase();
        let line = line.trim_start_matches(|letter: char| !letter.is_alphabetic());
        let begins = |phrases: &AhoCorasick| phrases.is_match(Input::new(line).anchored(Anchored::Yes));
        phrases().is_some_and(begins) || is_heading(line)
    })?;
    is_disclaimer(paragraph.get(start..)?).then_some(start)
}

fn is_disclaimer(paragraph: &str) -> bool {
    // Most paragraphs are known by their beginning to be none.
    let words = || paragraph.split_whitespace();
    let beginning = words().scan(0, |characters, word| {
        (*characters < MOST_BEFORE + LONGEST_PHRASE).then(|| {
            *characters += word.chars().count() + 1;
            word
        })
    });
    if !begins_so(&fold(beginning)) {
        return false;
    }
    let folded = fold(words());
    if CERTAIN.iter().any(|sentence| folded.contains(sentence)) {
        return true;
    }
    // Scripts that write a word with one letter say it in fewer.
    let least = if folded.is_ascii() { LEAST } else { LEAST / 2 };
    folded.len() >= least
        && MAILS.iter().any(|phrase| folded.contains(phrase))
        && SECRETS.iter().filter(|word| folded.contains(*word)).count() >= 1
        && !folded.trim_end().ends_with(['?', '？'])
}

/// Words as phrases are written.
fn fold<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ").to_lowercase().replace('’', "'")
}

/// Whether it speaks of the mail in its first sentence: words of the writer may stand in the same paragraph before it.
fn begins_so(folded: &str) -> bool {
    let first = phrases().and_then(|phrases| phrases.find(folded));
    first.and_then(|first| folded.get(..first.start())).is_some_and(|before| {
        before.chars().count() <= MOST_BEFORE && ![". ", "! ", "? "].iter().any(|end| before.contains(end))
    })
}

fn is_heading(paragraph: &str) -> bool {
    let folded = paragraph.trim().trim_matches(['*', '_', '-', ':', ' ', '=']).to_lowercase();
    HEADINGS.contains(&folded.as_str())
}

fn is_rule(paragraph: &str) -> bool {
    !paragraph.trim().is_empty()
        && paragraph.trim().chars().all(|letter| matches!(letter, '-' | '_' | '=' | '*' | '~' | ' ' | '\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_of_companies_go() {
        for (text, wanted) in [
            (
                "Hello\n\nThis e-mail and any attachments are confidential and intended solely for the addressee.",
                "Hello",
            ),
            (
                "Hello\n\nCONFIDENTIALITY NOTICE:\n\nThe information contained in this email is privileged and meant for the named recipient only.\n\nPlease consider the environment before printing this e-mail.",
                "Hello",
            ),
            (
                "Hallo\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender.",
                "Hallo",
            ),
            (
                "Bonjour\n\nCe message et toutes les pièces jointes sont confidentiels et établis à l’intention exclusive de ses destinataires.",
                "Bonjour",
            ),
            (
                "Hola\n\nEste mensaje y sus anexos son confidenciales y están dirigidos a su destinatario.",
                "Hola",
            ),
            (
                "Ciao\n\nQuesto messaggio contiene informazioni riservate al solo destinatario indicato.",
                "Ciao",
            ),
            ("Olá\n\nEsta mensagem contém informação confidencial e destina-se ao seu destinatário.", "Olá"),
            ("Hoi\n\nDit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.", "Hoi"),
            ("Hej\n\nDetta meddelande är konfidentiellt och endast avsett för mottagaren av mejlet.", "Hej"),
            (
                "Здравствуйте\n\nЭто сообщение содержит конфиденциальную информацию и предназначено адресату.",
                "Здравствуйте",
            ),
            ("你好\n\n本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组。", "你好"),
            (
                "Hi\n\nAna\nThis message is intended only for the use of the addressee and may be privileged.",
                "Hi\n\nAna",
            ),
            (
                "Hi\n\n________\nThis email may contain confidential or privileged information for its addressee.\n________",
                "Hi",
            ),
        ] {
            assert_eq!(cut(text), Some(wanted), "{text}");
            assert_eq!(cut(wanted), None, "twice: {wanted}");
        }
    }

    #[test]
    fn phrases_are_no_longer_than_is_looked_at() {
        assert!(MAILS.iter().chain(CERTAIN).all(|phrase| phrase.chars().count() <= LONGEST_PHRASE));
    }

    #[test]
    fn words_of_people_stay() {
        for text in [
            "We send the money back. This e-mail is confidential, and not for the addressee of the parcel.",
            "Is this e-mail confidential, or may I show it to the addressee of the parcel?",
            "The contract is confidential, please do not share it with anybody else in the company.",
            "I received this parcel in error. The intended recipient lives next door.",
            "This message did not help me at all, since the shop does not answer on the telephone.",
            "This email and any attachments are confidential and intended solely for the addressee.\n\nThat is what stood below. Why?",
            "",
            "----",
        ] {
            assert_eq!(cut(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for text in [
            "\n\n".repeat(500_000),
            "a\n".repeat(500_000),
            "this email is confidential ".repeat(100_000),
            "-\n\n".repeat(300_000),
        ] {
            let _ = cut(&text);
        }
    }
}
