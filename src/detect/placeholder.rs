//! What stands for a secret without being one, and what is too regular to be one.

/// Words of which no secret is made.
const STANDS_FOR: &[&str] = &[
    "xxx",
    "***",
    "...",
    "…",
    "•••",
    "your",
    "example",
    "placeholder",
    "redacted",
    "changeme",
    "change_me",
    "dummy",
    "sample",
    "insert",
    "replace",
    "password",
    "passwort",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "test",
    "foobar",
    "abc123",
    "123456",
    "<",
    ">",
    "{",
    "}",
    "[",
    "]",
    "$",
    "%s",
    "null",
    "none",
    "undefined",
    "true",
    "false",
    "env.",
    "process.",
];

/// Whether a value stands for a secret, or is no more than a word.
pub(super) fn is_placeholder(value: &str) -> bool {
    let small = value.to_ascii_lowercase();
    STANDS_FOR.iter().any(|word| small.contains(word)) || bits(value) < 2.0
}

/// The entropy of the characters of a text, in bits a character (Shannon 1948).
pub(super) fn bits(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().filter_map(|byte| counts.get_mut(usize::from(byte)).map(|count| *count += 1)).for_each(drop);
    let all = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|&count| f64::from(count) / all)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_secrets_are_none() {
        for value in
            ["YOUR_API_KEY", "<token>", "xxxxxxxx", "aaaaaaaaaaaa", "$PASSWORD", "********", "1111-1111"]
        {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["Kq7r-Pz2m", "hT9!kd0s"] {
            assert!(!is_placeholder(value), "{value}");
        }
        assert!((bits("abcd") - 2.0).abs() < 1e-9 && bits("").abs() < 1e-9);
    }
}
