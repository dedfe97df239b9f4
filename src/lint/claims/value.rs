//! Numbers, words and signs of a clause, one after the other.

/// A part of a text in the normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Digits with the points, commas and colons between them.
    Number(&'a str),
    /// Letters; with the digits behind them, which make them a name and no number.
    Word(&'a str),
    /// Anything else but white space.
    Sign(char),
}

impl<'a> Token<'a> {
    /// The token as it is written; nothing for signs other than currencies.
    pub(super) fn word(self) -> Option<&'a str> {
        match self {
            Token::Word(word) => Some(word),
            Token::Number(_) | Token::Sign(_) => None,
        }
    }
}

/// The parts of a text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    placed(text).map(|(_, token)| token)
}

/// The parts of a text, each with the byte where it begins.
pub(super) fn placed(text: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let first = rest.chars().next()?;
            let length = if first.is_ascii_digit() {
                number_length(rest)
            } else if first.is_alphabetic() && !is_unit_sign(first) {
                word_length(rest)
            } else {
                first.len_utf8()
            };
            let begin = at;
            at += length;
            let part = rest.get(..length)?;
            if first.is_ascii_digit() {
                return Some((begin, Token::Number(part)));
            } else if first.is_alphabetic() {
                return Some((begin, Token::Word(part)));
            } else if !first.is_whitespace() {
                return Some((begin, Token::Sign(first)));
            }
        }
    })
}

/// Characters of Han that are units by themselves.
fn is_unit_sign(letter: char) -> bool {
    matches!(letter, '分' | '周' | '天' | '年' | '日' | '月')
}

fn number_length(text: &str) -> usize {
    let mut end = 0;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let joins =
            matches!(byte, b'.' | b',' | b':') && bytes.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if !byte.is_ascii_digit() && !joins {
            break;
        }
        end = at + 1;
    }
    end
}

/// Letters, and the digits behind them; in Chinese and Japanese, which have no spaces, a digit begins a number.
fn word_length(text: &str) -> usize {
    let spaced = text.chars().next().is_some_and(|first| first < '\u{3000}');
    let inside = |letter: char| {
        letter.is_alphanumeric() && !is_unit_sign(letter) && (spaced || !letter.is_ascii_digit())
            || letter == '\''
    };
    text.find(|letter: char| !inside(letter)).unwrap_or(text.len())
}

/// Hundredths of a number in digits: `1,299.50`, `1.299,50`, `30`. `None` for what is none (`2.0.1`, `10:30`) or too large.
pub(super) fn hundredths(number: &str) -> Option<i64> {
    let marks = number.matches([',', '.']).count();
    if number.contains(':') || number.len() > 15 {
        return None;
    }
    // The last mark begins the decimals, unless three digits stand behind it and so it may part thousands.
    let decimals = number
        .rsplit_once([',', '.'])
        .filter(|(whole, decimals)| decimals.len() <= 2 || decimals.len() > 3 && !whole.contains([',', '.']));
    let (whole, decimals) = decimals.unwrap_or((number, ""));
    let groups: Vec<&str> = whole.split([',', '.']).collect();
    if marks > 0 && groups.iter().skip(1).any(|group| group.len() != 3) {
        return None;
    }
    let whole: i64 = groups.concat().parse().ok()?;
    let digit =
        |at: usize| decimals.as_bytes().get(at).map_or(0, |byte| i64::from(byte.saturating_sub(b'0')));
    whole.checked_mul(100)?.checked_add(digit(0) * 10 + digit(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_both_ways_of_writing() {
        for (text, wanted) in [
            ("30", Some(3_000)),
            ("1,299.50", Some(129_950)),
            ("1.299,5", Some(129_950)),
            ("1,000", Some(100_000)),
            ("12,5", Some(1_250)),
            ("2.0.1", None),
            ("10:30", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(hundredths(text), wanted, "{text}");
        }
    }

    #[test]
    fn words_and_numbers_part() {
        let all: Vec<Token<'_>> = tokens("it's 5-7 days, 30天 a4b $15.").collect();
        let wanted = [
            Token::Word("it's"),
            Token::Number("5"),
            Token::Sign('-'),
            Token::Number("7"),
            Token::Word("days"),
            Token::Sign(','),
            Token::Number("30"),
            Token::Word("天"),
            Token::Word("a4b"),
            Token::Sign('$'),
            Token::Number("15"),
            Token::Sign('.'),
        ];
        assert_eq!(all, wanted);
    }
}
