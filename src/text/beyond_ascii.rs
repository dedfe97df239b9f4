//! The characters of a text that are not ASCII: what is ASCII is passed sixteen bytes at a time.

use wide::u8x16;

/// The characters of `text` beyond ASCII with the byte each begins at, in order.
pub fn beyond_ascii(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += ascii(text.as_bytes().get(at..)?)?;
        let begin = at;
        let character = text.get(begin..)?.chars().next()?;
        at += character.len_utf8();
        Some((begin, character))
    })
}

/// How many bytes of ASCII come before the first other one; `None` when there is no other.
#[inline]
fn ascii(bytes: &[u8]) -> Option<usize> {
    // Characters of one script stand side by side.
    if !bytes.first()?.is_ascii() {
        return Some(0);
    }
    let (blocks, rest) = bytes.as_chunks();
    for (number, block) in blocks.iter().enumerate() {
        let others = u8x16::new(*block).to_bitmask();
        if others != 0 {
            return Some(number * 16 + others.trailing_zeros() as usize);
        }
    }
    let place = rest.iter().position(|byte| !byte.is_ascii())?;
    Some(blocks.len() * 16 + place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn all_of_them_are_found(text in "([a-z ]{0,40}[é我🙂\u{7f}\u{80}]{0,3}){0,6}") {
            let plainly = text.char_indices().filter(|(_, character)| !character.is_ascii());
            prop_assert_eq!(beyond_ascii(&text).collect::<Vec<_>>(), plainly.collect::<Vec<_>>());
        }
    }
}
