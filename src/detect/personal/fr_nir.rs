//! Numbers of the French register of people.

use std::ops::Range;

use crate::detect::arithmetic::number;
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "fr-nir",
        title: "French social security number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "fifteen digits: sex, year, month, department, commune, number and a key modulo 97",
        left_out: "what is no month",
        example: "2 85 07 78 116 042 16",
        source: "https://www.insee.fr/fr/metadonnees/definition/c2023 and code officiel géographique (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    let pictures = ["0 00 00 00 000 000 00", "000000000000000", "0000000000000 00", "0.00.00.00.000.000.00"];
    text.numerals().like(text, &pictures, found, |digits, _| {
        let part = |from: usize, to: usize| digits.get(from..to).map_or(0, number);
        // Months above 12 are for people whose month is not known; Corsica's 2A and 2B are not looked for.
        let month = part(3, 5);
        matches!(part(0, 1), 1 | 2)
            && (matches!(month, 1..=12 | 20 | 30..=42 | 50..=99))
            && part(5, 7) > 0
            && part(13, 15) == 97 - part(0, 13) % 97
    });
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["2 85 07 78 116 042 16", "285077811604216", "2850778116042 16"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["2 85 07 78 116 042 17", "3 85 07 78 116 042 16", "285137811604216"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
