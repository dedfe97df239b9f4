//! Very long runs of white space, where the splitting pattern of the encodings cannot go.
//!
//! `\s+(?!\S)` needs a backtracking engine, whose stack holds a million entries: from about a million blanks in a row
//! tiktoken panics (Python 0.14.0 and tiktoken-rs 0.12.1 alike). This finds such runs and says where the pattern would
//! have cut, so that a text can be counted in parts that add up to the count of the whole.

/// White space in a row (in characters) that is left to the pattern: a tenth of what its engine holds.
pub const LONG_RUN: usize = 100_000;

/// A run without line ends too long for the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Byte where it begins. The pattern always cuts here: only line ends are ever drawn to what stands before them.
    pub start: usize,
    /// Byte where the piece that begins at `start` ends: before the last blank, which goes with the text after it, or at
    /// the end of the text.
    pub end: usize,
    /// Whether the run is the end of the text.
    pub last: bool,
}

/// The first run of more than [`LONG_RUN`] characters of white space without a line end.
pub fn first_long_run(text: &str) -> Option<Run> {
    if text.len() <= LONG_RUN {
        return None;
    }
    let (mut start, mut length, mut last_blank) = (0, 0, 0);
    for (at, character) in text.char_indices() {
        if matches!(character, '\n' | '\r') || !character.is_whitespace() {
            if length > LONG_RUN && !matches!(character, '\n' | '\r') {
                return Some(Run { start, end: last_blank, last: false });
            }
            (start, length) = (at + character.len_utf8(), 0);
        } else {
            length += 1;
            last_blank = at;
        }
    }
    (length > LONG_RUN).then_some(Run { start, end: text.len(), last: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_before_their_last_blank() {
        let blanks = " ".repeat(LONG_RUN);
        assert_eq!(first_long_run(&format!("a{blanks}b")), None);
        assert_eq!(
            first_long_run(&format!("a\n {blanks}b")),
            Some(Run { start: 2, end: 2 + LONG_RUN, last: false })
        );
        assert_eq!(
            first_long_run(&format!("é \t{blanks}")),
            Some(Run { start: 2, end: 4 + LONG_RUN, last: true })
        );
        // A run that ends with a line end is matched by a branch of the pattern that needs no stack.
        assert_eq!(first_long_run(&format!("a  {blanks}\nb")), None);
        assert_eq!(
            first_long_run(&format!("{}x", "\u{3000}".repeat(LONG_RUN + 1))),
            Some(Run { start: 0, end: 3 * LONG_RUN, last: false })
        );
    }
}
