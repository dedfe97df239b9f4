//! Names of functions, which calls and definitions share.

use crate::text::sanitize::excerpt;

/// Longest name in characters (OpenAI's schema of functions, 2025-07-04).
const LONGEST: usize = 64;

/// What is wrong with the name of a function: 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-` are accepted.
pub(super) fn fault(name: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if name.is_empty() {
        Some("the name is empty".to_owned())
    } else if !name.bytes().all(plain) {
        Some(format!(
            "the name `{}` has other signs than letters, digits, `_` and `-`",
            excerpt(name, LONGEST)
        ))
    } else if name.len() > LONGEST {
        Some(format!("the name `{}` is longer than {LONGEST} characters", excerpt(name, LONGEST)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact() {
        assert_eq!(fault(&"a".repeat(64)), None);
        assert!(fault(&"a".repeat(65)).is_some());
        assert!(fault("").is_some() && fault("a.b").is_some() && fault("ä").is_some());
        assert_eq!(fault("find-order_2"), None);
    }
}
