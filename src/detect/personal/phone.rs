//! Telephone numbers.
//!
//! Nothing in a number says that it is one for a telephone: it is its form, or the words around it. Forms that only telephone
//! numbers have are found anywhere; all others need a word such as `call` before them, or `fax` behind, and no word such as
//! `order` that is nearer.

use std::ops::Range;

use crate::detect::arithmetic::is_day;
use crate::detect::context::{Words, says, says_other, words};
use crate::detect::numerals::{Stretch, Verdict, label};
use crate::detect::{Class, Detector, Spec, Sureness, Text, last_digits};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "phone",
        title: "telephone number",
        class: Class::Personal,
        sureness: Sureness::Context,
        found_by: "`+` and a country's code; the groups of North America, or those with a leading 0 of most other countries; any other 7 \
                   to 15 digits after a word such as `call` or before one such as `fax`, unless a word such as `order` is nearer; \
                   with extension",
        left_out: "numbers that cost the caller nothing (800, 888, 0800 …), which are a company's; 555-01xx and the ranges of other \
                   countries that are kept for films; dates, and what words before it call an order, a parcel and the like",
        example: "+49 221 8429 3517",
        source: "ITU-T E.164 and its list of codes; North American Numbering Plan; numbers for drama of ACMA and Ofcom (known 2026-11)",
        words: &[],
        mask: |number| last_digits(number, 2),
    },
    find,
};

static CALLS: Words = words![
    "phone",
    "phones",
    "phone number",
    "telephone",
    "tel",
    "tél",
    "telefon",
    "téléphone",
    "teléfono",
    "telefone",
    "telefono",
    "telefoon",
    "puhelin",
    "mobile",
    "mobil",
    "móvil",
    "movil",
    "celular",
    "cellulare",
    "cell",
    "cellphone",
    "portable",
    "handy",
    "handynummer",
    "gsm",
    "fax",
    "whatsapp",
    "whats app",
    "viber",
    "sms",
    "text me",
    "texts to",
    "text message to",
    "texted",
    "call",
    "calls",
    "called",
    "calling",
    "callback",
    "call me",
    "call back",
    "dial",
    "ring",
    "ring me",
    "reach me",
    "reached at",
    "reach us",
    "contact me",
    "contact number",
    "contact no",
    "contact us",
    "hotline",
    "helpline",
    "landline",
    "desk",
    "message to",
    "messages to",
    "message on",
    "messages on",
    "answering at",
    "answer at",
    "my number",
    "our number",
    "number at",
    "his number",
    "her number",
    "their number",
    "rufnummer",
    "telefonnummer",
    "anrufen",
    "rufen",
    "ruf",
    "appeler",
    "appelez",
    "numéro",
    "llamar",
    "llámame",
    "llame",
    "ligar",
    "ligue",
    "chiamare",
    "chiamami",
    "bel",
    "bellen",
    "zadzwoń",
    "ring meg",
    "ph",
    "mob",
    "phone #",
    "ph no",
    "mo no",
    "number pe",
    "par call",
    "電話",
    "电话",
    "手机",
    "携帯",
    "전화",
    "тел",
    "телефон",
    "звоните",
    "فون",
    "फोन",
    "नंबर",
    "मोबाइल",
];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().each(text, |stretch| {
        if !(7..=19).contains(&stretch.digit_count()) {
            return Verdict::Not;
        }
        let verdict = judge(text, &stretch);
        if verdict == Verdict::Is {
            found.push(with_marks(text, stretch.range()));
        }
        verdict
    });
}

/// The number with its `+` or bracket before and its extension behind.
fn with_marks(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let mut start = range.start;
    if text.byte_before(start) == b'('
        && text.text.get(range.clone()).is_some_and(|number| number.contains(')'))
    {
        start -= 1;
    }
    if text.byte_before(start) == b'+' {
        start -= 1;
    }
    // `x12`, `ext. 12`
    let rest = text.text.get(range.end..).unwrap_or_default();
    let after = rest.trim_start_matches([' ', ',']);
    let word = ["extension", "ext.", "ext", "x"]
        .iter()
        .find(|word| after.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)));
    let extension = word.and_then(|word| {
        let digits = after.get(word.len()..)?.trim_start_matches([' ', ':', '#']);
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let gap = after.len() - digits.len() + (rest.len() - after.len());
        ((1..=6).contains(&length) && gap < 16).then_some(gap + length)
    });
    start..range.end + extension.unwrap_or(0)
}

fn judge(text: &Text<'_>, stretch: &Stretch<'_>) -> Verdict {
    let range = stretch.range();
    let digits = stretch.digits(text);
    let between: Vec<&str> = stretch.between(text).collect();
    if is_plain(&digits) {
        return Verdict::Never;
    }
    // Two groups with a full stop are a number with a fraction.
    if is_date(stretch, &digits, &between) || between == ["."] {
        return Verdict::Not;
    }
    let bracket = text.byte_before(range.start) == b'(';
    let plus = text.byte_before(range.start - usize::from(bracket && range.start > 0)) == b'+';
    let called = || says(text, range.start, &CALLS) || is_labelled(text, range.end);
    let is = match form(stretch, &digits, &between, plus, bracket) {
        Form::Never => return Verdict::Never,
        Form::Sure => true,
        Form::Likely if stretch.whole => !says_other(text, range.start, &CALLS),
        Form::Likely => called(),
        Form::Possible => stretch.groups.len() <= 6 && digits.len() <= 15 && called(),
    };
    if is { Verdict::Is } else { Verdict::Not }
}

/// What the form of a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// No person has such a number.
    Never,
    /// Only the words around it can say whether it is one.
    Possible,
    /// It is one, unless the words around it say something else.
    Likely,
    /// It is one.
    Sure,
}

fn form(stretch: &Stretch<'_>, digits: &[u8], between: &[&str], plus: bool, bracket: bool) -> Form {
    let grouped = stretch.groups.len() > 1;
    if plus {
        return international(digits, grouped);
    }
    let lengths: Vec<usize> = stretch.groups.iter().map(|group| group.len()).collect();
    match (digits, lengths.as_slice()) {
        ([0, 0, rest @ ..], _) => match international(rest, grouped) {
            // Numbers of things begin with several 0, too.
            Form::Sure if grouped => Form::Likely,
            Form::Sure => Form::Possible,
            other => other,
        },
        ([1, rest @ ..], [1, 3, 3, 4]) => north_america(rest, true),
        (_, [3, 3, 4]) if digits.first() != Some(&0) => north_america(digits, true),
        // `(212)884-7193`, where nothing stands between the first two but the bracket; `(212) 8847193`.
        (_, [3, 7]) if bracket && digits.first() != Some(&0) => north_america(digits, true),
        ([1, rest @ ..], [11]) if rest.len() == 10 => north_america(rest, false),
        (_, [10]) if digits.first() != Some(&0) => north_america(digits, false),
        (_, [3, 4]) if digits.starts_with(&[5, 5, 5, 0, 1]) => Form::Never,
        ([0, ..], _) if grouped => trunk(digits, &lengths, between),
        ([0, ..], _) => {
            if free(digits.get(1..).unwrap_or_default()) {
                Form::Never
            } else {
                Form::Possible
            }
        }
        // Brazil: two digits in brackets, then four or five and four.
        (_, [2, 4 | 5, 4]) if bracket => Form::Likely,
        _ => Form::Possible,
    }
}

/// A number behind `+` or `00`.
fn international(digits: &[u8], grouped: bool) -> Form {
    let [first, second, ..] = digits else { return Form::Never };
    let (length, code) = (digits.len(), first * 10 + second);
    // Of E.164: zones 1 and 7, and the codes of two digits; all others have three.
    let width = match code {
        10..=19 | 70..=79 => 1,
        20 | 27 | 30..=34 | 36 | 39..=41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98 => {
            2
        }
        21..=26 | 29 | 35 | 37 | 38 | 42 | 50 | 59 | 67..=69 | 80 | 85 | 87 | 88 | 96 | 97 | 99 => 3,
        _ => return Form::Never,
    };
    let national = digits.get(width..).unwrap_or_default();
    let fits = match code {
        10..=19 => {
            return if length == 11 {
                north_america(national, grouped).max_if(Form::Sure)
            } else {
                Form::Never
            };
        }
        70..=79 => length == 11,
        _ if grouped => (8..=16).contains(&length),
        _ => (9..=15).contains(&length),
    };
    // 80 of zone 8 are services without a place; `+44 (0)800` is free as well.
    let national = national.strip_prefix(&[0]).unwrap_or(national);
    if !fits {
        Form::Possible
    } else if free(national) || for_films(code, national) {
        Form::Never
    } else {
        Form::Sure
    }
}

impl Form {
    /// The surer form, where it is one of a telephone at all.
    fn max_if(self, sure: Self) -> Self {
        if self == Self::Likely { sure } else { self }
    }
}

/// Ten digits of the North American Numbering Plan: NXX NXX XXXX, with N from 2 to 9.
fn north_america(digits: &[u8], grouped: bool) -> Form {
    let Some((area, rest)) = digits.split_first_chunk::<3>() else { return Form::Possible };
    if digits.len() != 10 || rest.starts_with(&[5, 5, 5, 0, 1]) {
        return Form::Never;
    }
    // 800, 888, 877, 866, 855, 844, 833; 900 are paid services.
    if matches!(area, [8, second, third] if second == third && *second != 1 && *second != 2 && *second != 9)
        || area == &[9, 0, 0]
    {
        return Form::Never;
    }
    let is_given_out = |code: &[u8]| code.first().is_some_and(|first| *first > 1);
    if grouped && is_given_out(area) && is_given_out(rest) { Form::Likely } else { Form::Possible }
}

/// A number with the leading 0 with which most countries dial long distance.
fn trunk(digits: &[u8], lengths: &[usize], between: &[&str]) -> Form {
    let national = digits.get(1..).unwrap_or_default();
    if free(national) || for_films(44, national) {
        return Form::Never;
    }
    let fits = (9..=12).contains(&digits.len()) && national.first().is_some_and(|digit| *digit > 0);
    let first = lengths.first().copied().unwrap_or_default();
    // Two groups with a hyphen are numbers of things as often.
    let plain = lengths.len() == 2 && between.iter().all(|between| *between == "-" || *between == ".");
    // A group of one digit is none of a telephone's: `0 12 345 678`.
    let even = lengths.iter().all(|length| *length > 1) && (2..=6).contains(&first) && lengths.len() < 7;
    if fits && even && !plain { Form::Likely } else { Form::Possible }
}

/// Whether a national number is one that costs the caller nothing or the same everywhere: 800 of most countries, 1800 and
/// 1300 of Australia, 1800 of India and Ireland.
fn free(national: &[u8]) -> bool {
    national.starts_with(&[8, 0, 0])
        || national.starts_with(&[8, 0, 8])
        || (national.len() <= 11
            && (national.starts_with(&[1, 8, 0, 0]) || national.starts_with(&[1, 3, 0, 0])))
}

/// Whether a national number is kept for films: of the United Kingdom 7700 900xxx, 20 7946 0xxx, 1632 960xxx (Ofcom), of
/// Australia 491 570 xxx (ACMA).
fn for_films(code: u8, national: &[u8]) -> bool {
    let starts = |prefix: &[u8]| national.starts_with(prefix);
    (code == 44
        && (starts(&[7, 7, 0, 0, 9, 0, 0])
            || starts(&[2, 0, 7, 9, 4, 6, 0])
            || starts(&[1, 6, 3, 2, 9, 6, 0])))
        || (code == 61 && starts(&[4, 9, 1, 5, 7, 0]))
}

/// Whether the word right behind a number says which of several it is.
fn is_labelled(text: &Text<'_>, end: usize) -> bool {
    let rest = text.text.get(end..).unwrap_or_default();
    let word = rest.trim_start_matches([' ', '-', '(', ',']);
    let is_near = (1..4).contains(&(rest.len() - word.len()));
    // `Ticket 84293517, phone is broken`: these say as often what comes next.
    is_near && label(word.as_bytes()).is_some_and(|label| !matches!(label, "phone" | "tel" | "telephone"))
}

/// Whether digits are too regular to be a number that somebody has: nearly all the same, of two kinds, or counting up or down.
fn is_plain(digits: &[u8]) -> bool {
    let pairs = |is: fn(u8, u8) -> bool| {
        digits.windows(2).filter(|pair| matches!(pair, [one, next] if is(*one, *next))).count()
    };
    let kinds = digits.iter().fold(0u16, |kinds, digit| kinds | 1 << digit).count_ones();
    let steps = digits.len() - 1;
    kinds < 3
        || pairs(|one, next| one == next) + 1 >= steps
        || pairs(|one, next| (one + 1) % 10 == next) >= steps
        || pairs(|one, next| (next + 1) % 10 == one) >= steps
}

/// Whether it is a date, or years.
fn is_date(stretch: &Stretch<'_>, digits: &[u8], between: &[&str]) -> bool {
    let number = |group: usize| {
        let before: usize = stretch.groups.iter().take(group).map(|group| group.len()).sum();
        let length = stretch.groups.get(group).map_or(0, |group| group.len());
        digits.get(before..before + length).map_or(0, crate::detect::arithmetic::number)
    };
    let year = |number: u64| (1900..2100).contains(&number);
    let lengths: Vec<usize> = stretch.groups.iter().map(|group| group.len()).collect();
    let [first, second, third] = [number(0), number(1), number(2)];
    // What stands behind a date on its row is a time.
    let date = |at: usize| {
        between.get(..at).is_some_and(|between| between.iter().all(|one| Some(one) == between.first()))
    };
    match lengths.as_slice() {
        [4, 1 | 2, 1 | 2, ..] if year(first) && is_day(second, third) => {
            date(2) && between.get(2).is_none_or(|one| between.first() != Some(one))
        }
        [1 | 2, 1 | 2, 4, ..] if year(third) => date(2) && (is_day(first, second) || is_day(second, first)),
        [1 | 2, 1 | 2, 2] => is_day(first, second) || is_day(second, first),
        [4, 4] => year(first) && year(second),
        [8] => {
            let (head, tail) = (first / 10_000, first % 10_000);
            (year(head) && is_day(tail / 100, tail % 100))
                || (year(tail) && (is_day(head / 100, head % 100) || is_day(head % 100, head / 100)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
