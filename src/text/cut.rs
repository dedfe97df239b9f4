//! Cutting texts at a number of bytes, without a character in two.

/// The last boundary of characters at or before byte `at`; beyond the end, the end.
///
/// As `str::floor_char_boundary`, which needs Rust 1.91.
pub fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first boundary of characters at or behind byte `at`; beyond the end, the end.
pub fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// At most so many bytes from the beginning.
pub fn head(text: &str, most: usize) -> &str {
    &text[..floor(text, most)]
}

/// At most so many bytes from the end.
pub fn tail(text: &str, most: usize) -> &str {
    &text[ceil(text, text.len().saturating_sub(most))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_stay_whole() {
        let text = "aé🙂z";
        let floors = [0, 1, 1, 3, 3, 3, 3, 7, 8, 8];
        let ceils = [0, 1, 3, 3, 7, 7, 7, 7, 8, 8];
        for (at, (below, above)) in floors.into_iter().zip(ceils).enumerate() {
            assert_eq!((floor(text, at), ceil(text, at)), (below, above), "{at}");
        }
        let heads = ["", "a", "a", "aé", "aé", "aé", "aé", "aé🙂", text, text];
        let tails = ["", "z", "z", "z", "z", "🙂z", "🙂z", "é🙂z", text, text];
        for (most, (first, last)) in heads.into_iter().zip(tails).enumerate() {
            assert_eq!((head(text, most), tail(text, most)), (first, last), "{most}");
        }
        for at in [0, 1, usize::MAX] {
            assert_eq!((floor("", at), ceil("", at), head("", at), tail("", at)), (0, 0, "", ""));
        }
    }
}
