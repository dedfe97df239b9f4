//! Patterns in which `*` stands for anything, and every other character for itself.

/// Whether all of `text` fits; goes back to the last star only, so at most pattern times text steps are made.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p + 1, t));
                p += 1;
            }
            Some(byte) if text.get(t) == Some(byte) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after_star, from)) = back else { return false };
                back = Some((after_star, from + 1));
                p = after_star;
                t = from + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text) in [("a*b*c", "aXbXbc"), ("*", ""), ("", ""), ("a[?]", "a[?]"), ("*@x", "é@x")] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*b", "aXbX"), ("ana", "anab"), ("", "a"), ("a?", "ab")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
