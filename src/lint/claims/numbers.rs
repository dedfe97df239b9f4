//! Numbers with what they count: spans of time, money, percentages, times of day, dates, and things.

use xxhash_rust::xxh3::xxh3_64;

use super::question::Question;
use super::value::{self, Token, hundredths};
use super::vocabulary::{
    self, BETWEEN, CASE_PAIRS, CASE_WORDS, CURRENCIES, MONTHS, NUMBERS, PERCENT, SPANS, TO, YOURS,
};
use super::words::{self, Clause};
use super::{Claim, Relation, Said};
use crate::text::masks::without_identifiers;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Minutes.
    Span,
    /// Of a currency.
    Money(&'static str),
    Percent,
    /// Minutes since midnight.
    Clock,
    /// Month times 100 and day.
    Date,
    /// Things, by the hash of their name.
    Things(u64),
}

/// A number, or the ends of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    unit: Unit,
    /// In hundredths.
    low: i64,
    high: i64,
}

impl Number {
    /// Of numbers about the same thing.
    pub(super) fn relation(&self, other: &Self) -> Relation {
        if self.unit != other.unit {
            return Relation::Strangers;
        }
        if self.near(self.low, other.low) && self.near(self.high, other.high) {
            return Relation::Same;
        }
        let inside = |one: &Self, other: &Self| one.low >= other.low && one.high <= other.high;
        if inside(self, other) || inside(other, self) { Relation::Compatible } else { Relation::Opposed }
    }

    /// A month is 30 days or 31, a year 360 days or 366.
    fn near(&self, one: i64, other: i64) -> bool {
        one == other || self.unit == Unit::Span && (one - other).abs() * 25 <= one.max(other)
    }
}

/// The numbers of a clause.
pub(super) fn find(question: &Question, clause: &Clause<'_>, claims: &mut Vec<Claim>) {
    if !clause.normal.bytes().any(|byte| byte.is_ascii_digit())
        && !clause.words.iter().any(|word| vocabulary::of(NUMBERS, word).is_some())
    {
        return;
    }
    if is_of_a_case(clause) {
        return;
    }
    let of_customer = is_of_customer(clause);
    let shown = without_identifiers(&clause.normal, "\u{fffc}");
    let tokens: Vec<(usize, Token<'_>)> = value::placed(&shown).collect();
    let mut at = 0;
    while at < tokens.len() {
        let Some((number, end)) = read(&tokens, at, question) else {
            at += 1;
            continue;
        };
        let begin = begin_of(&tokens, at);
        let rule = matches!(number.unit, Unit::Span | Unit::Percent);
        if (rule || !of_customer) && number.low >= 0 {
            let from = tokens.get(begin).map_or(0, |(from, _)| *from);
            let to = tokens.get(end).map_or(shown.len(), |(to, _)| *to);
            let own: Vec<&str> = tokens
                .get(begin..end)
                .unwrap_or_default()
                .iter()
                .filter_map(|(_, token)| token.word())
                .collect();
            let about = clause.words.iter().map(String::as_str).filter(|word| !own.contains(word));
            // Where folding case and space moved nothing, as it was written.
            let as_written = if clause.text.len() == shown.len() { clause.text } else { shown.as_ref() };
            let written = as_written.get(from..to).unwrap_or_default();
            claims.push(Claim {
                said: Said::Number(number),
                topic: words::topic(about.filter(|word| vocabulary::of(NUMBERS, word).is_none())),
                is_asked: false,
                shown: written
                    .trim_matches(|letter: char| letter.is_whitespace() || "(),.:;!?-\"".contains(letter))
                    .to_owned(),
                clause: clause.text.to_owned(),
            });
        }
        at = end.max(at + 1);
    }
}

/// Marks the number that was asked for, where an answer has one of the kind only.
pub(super) fn mark_asked(question: &Question, claims: &mut [Claim]) {
    let unit = |claim: &Claim| match &claim.said {
        Said::Number(number) => Some(number.unit),
        _ => None,
    };
    let units: Vec<Unit> = claims.iter().filter_map(unit).collect();
    for claim in claims {
        claim.is_asked = match unit(claim) {
            Some(own @ (Unit::Span | Unit::Money(_))) => {
                let wanted = if own == Unit::Span { question.wants_time() } else { question.wants_money() };
                wanted && units.iter().filter(|unit| **unit == own).count() == 1
            }
            _ => false,
        };
    }
}

/// Whether a clause tells what was found or done for one customer.
pub(super) fn is_of_a_case(clause: &Clause<'_>) -> bool {
    let pair = |two: &[String]| match two {
        [one, other] => CASE_PAIRS.binary_search(&(one.as_str(), other.as_str())).is_ok(),
        _ => false,
    };
    clause.words.iter().any(|word| vocabulary::has(CASE_WORDS, word)) || clause.words.windows(2).any(pair)
}

/// Whether a clause speaks of what is the customer's own.
pub(super) fn is_of_customer(clause: &Clause<'_>) -> bool {
    let own = |two: &[String]| matches!(two, [your, what] if your == "your" && vocabulary::has(YOURS, what));
    clause.words.windows(2).any(own)
}

/// Where what belongs to the number at `at` begins: the sign or word of a currency may stand before it, or a month.
fn begin_of(tokens: &[(usize, Token<'_>)], at: usize) -> usize {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before)).map(|(_, token)| *token);
    let belongs = match before {
        Some(Token::Word(word)) => currency(Token::Word(word)).is_some() || month(word).is_some(),
        Some(sign) => currency(sign).is_some(),
        None => false,
    };
    at - usize::from(belongs)
}

fn currency(token: Token<'_>) -> Option<&'static str> {
    match token {
        Token::Word(word) => vocabulary::of(CURRENCIES, word),
        Token::Sign(sign) => vocabulary::of(CURRENCIES, sign.encode_utf8(&mut [0; 4])),
        Token::Number(_) => None,
    }
}

/// The month of a name that is no other word.
fn month(word: &str) -> Option<i64> {
    vocabulary::of(MONTHS, word)
}

/// The hundredths of the number at a place, in digits or words, and where it ends.
fn amount(tokens: &[(usize, Token<'_>)], at: usize) -> Option<(i64, usize)> {
    match tokens.get(at)?.1 {
        Token::Number(digits) => Some((hundredths(digits)?, at + 1)),
        Token::Word(word) => {
            let value = vocabulary::of(NUMBERS, word)? * 100;
            // `fourteen (14) days`
            let again = tokens.get(at + 1..at + 4).and_then(|next| match next {
                [(_, Token::Sign('(')), (_, Token::Number(digits)), (_, Token::Sign(')'))] => {
                    hundredths(digits)
                }
                _ => None,
            });
            Some((value, if again == Some(value) { at + 4 } else { at + 1 }))
        }
        Token::Sign(_) => None,
    }
}

/// The number that begins at a place, with its unit, and where both end.
fn read(tokens: &[(usize, Token<'_>)], at: usize, question: &Question) -> Option<(Number, usize)> {
    let token = |at: usize| tokens.get(at).map(|(_, token)| *token);
    let before = at.checked_sub(1).and_then(token);
    // `#4`, `-5`, `4/5`, `v2-3`: a part of something longer.
    if matches!(before, Some(Token::Sign('#' | '/' | '_' | '=' | '&' | '@' | '\\' | '\u{fffc}'))) {
        return None;
    }
    if let Some(clock) = clock(tokens, at) {
        return Some(clock);
    }
    let (low, mut end) = amount(tokens, at)?;
    if let Some(Token::Number(digits)) = token(at)
        && question.has_number(digits)
    {
        return None;
    }
    let mut high = low;
    let to = match token(end) {
        Some(Token::Sign('-' | '–' | '—' | '~' | '〜')) => true,
        Some(Token::Word(word)) => vocabulary::has(TO, word),
        _ => false,
    };
    if to {
        let next = end + 1 + usize::from(token(end + 1).is_some_and(|next| currency(next).is_some()));
        if let Some((other, behind)) = amount(tokens, next).filter(|(other, _)| *other > low) {
            (high, end) = (other, behind);
        }
    }
    let of = |unit: Unit, scale: i64, end: usize| {
        let number = Number { unit, low: low.checked_mul(scale)?, high: high.checked_mul(scale)? };
        Some((number, end))
    };
    if let Some(kind) = before.and_then(currency) {
        return of(Unit::Money(kind), 1, end);
    }
    if matches!(token(end), Some(Token::Sign('%'))) {
        return of(Unit::Percent, 1, end + 1);
    }
    if let Some(kind) = token(end).and_then(currency) {
        return of(Unit::Money(kind), 1, end + 1);
    }
    if let Some(Token::Word(name)) = before
        && let Some(month) = month(name).filter(|_| low <= 3_100 && low == high)
    {
        return Some((
            Number { unit: Unit::Date, low: month * 100 + low / 100, high: month * 100 + low / 100 },
            end,
        ));
    }
    // `14-day`
    let mut next = end + usize::from(matches!(token(end), Some(Token::Sign('-'))));
    while let Some(Token::Word(word)) = token(next)
        && next < end + 3
        && vocabulary::has(BETWEEN, word)
    {
        next += 1;
    }
    let Some(Token::Word(word)) = token(next) else { return None };
    if vocabulary::has(PERCENT, word) {
        return of(Unit::Percent, 1, next + 1);
    }
    if let Some(minutes) = vocabulary::of(SPANS, word) {
        return of(Unit::Span, minutes, next + 1);
    }
    if let Some(month) = month(word).filter(|_| low <= 3_100 && low == high && next == end) {
        return Some((
            Number { unit: Unit::Date, low: month * 100 + low / 100, high: month * 100 + low / 100 },
            next + 1,
        ));
    }
    // Years, parts of addresses and versions count nothing; nor does a name right behind a sign.
    let plain = !(190_000..=210_000).contains(&low)
        && low % 100 == 0
        && next - end <= 2
        && !matches!(token(end), Some(Token::Sign(_)));
    let counted = plain
        && word.chars().count() >= 4
        && words::has_topic(word)
        && word.chars().all(char::is_alphabetic)
        && word.ends_with('s');
    let unit = Unit::Things(xxh3_64(words::stem(word).as_bytes()));
    if counted { of(unit, 1, next + 1) } else { None }
}

/// A time of day, or from one to another: `5 pm`, `17:00`, `9-5 pm`.
fn clock(tokens: &[(usize, Token<'_>)], at: usize) -> Option<(Number, usize)> {
    let (low, end, sure) = time(tokens, at)?;
    let token = |at: usize| tokens.get(at).map(|(_, token)| *token);
    let to = match token(end) {
        Some(Token::Sign('-' | '–' | '—')) => true,
        Some(Token::Word(word)) => vocabulary::has(TO, word),
        _ => false,
    };
    let until = if to { time(tokens, end + 1) } else { None };
    if !sure && !until.is_some_and(|(_, _, sure)| sure) {
        return None;
    }
    let (high, end) = until.map_or((low, end), |(high, end, _)| (high, end));
    // From nine to five: neither end may move, so no time lies within another.
    let number = if until.is_some() { (low * 10_000 + high, low * 10_000 + high) } else { (low, low) };
    Some((Number { unit: Unit::Clock, low: number.0, high: number.1 }, end))
}

/// Minutes since midnight, where they end, and whether they can be nothing else.
fn time(tokens: &[(usize, Token<'_>)], at: usize) -> Option<(i64, usize, bool)> {
    let (_, Token::Number(digits)) = tokens.get(at)? else { return None };
    let (hours, minutes, colon) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes, true),
        Some(_) => return None,
        None => (*digits, "0", false),
    };
    let (mut hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 24 || minutes > 59 {
        return None;
    }
    let mut end = at + 1;
    let mut sure = colon;
    let half = tokens.get(end).and_then(|(_, token)| token.word());
    let dotted = |letter: &str| {
        half == Some(letter)
            && matches!(tokens.get(end + 1..end + 3), Some([(_, Token::Sign('.')), (_, Token::Word("m"))]))
    };
    match half {
        Some("am" | "pm" | "uhr") => (end, sure) = (end + 1, true),
        Some("a" | "p") if dotted("a") || dotted("p") => (end, sure) = (end + 3, true),
        _ => {}
    }
    match half.and_then(|half| half.chars().next()) {
        Some('p') if end > at + 1 && hours < 12 => hours += 12,
        Some('a') if end > at + 1 && hours == 12 => hours = 0,
        _ => {}
    }
    Some((hours * 60 + minutes, end, sure))
}
