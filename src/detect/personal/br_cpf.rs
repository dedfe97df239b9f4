//! Tax numbers of people in Brazil.

use std::ops::Range;

use crate::detect::arithmetic::weighted;
use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "br-cpf",
        title: "Brazilian CPF",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "eleven digits of which the last two check the others, as `000.000.000-00`, or side by side after a word such as `CPF`",
        left_out: "numbers of one digit repeated",
        example: "274.913.586-91",
        source: "Receita Federal; https://en.wikipedia.org/wiki/CPF_number (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["cpf", "cadastro"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(text, &["000.000.000-00"], found, |digits, _| is_valid(digits));
    let pictures = ["00000000000", "000 000 000 00", "000000000-00"];
    text.numerals()
        .like(text, &pictures, found, |digits, range| is_valid(digits) && says(text, range.start, &WORDS));
}

fn is_valid(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 10] = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let check = |sum: u32| u8::try_from(sum * 10 % 11 % 10).ok();
    let first = check(weighted(digits, WEIGHTS.get(1..).unwrap_or_default()));
    let second = check(weighted(digits, &WEIGHTS));
    digits.get(9).copied() == first
        && digits.get(10).copied() == second
        && digits.iter().any(|digit| digits.first() != Some(digit))
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["274.913.586-91", "meu CPF: 27491358691"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["274.913.586-92", "27491358691", "111.111.111-11", "pedido 274.913.586-9"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
