//! What the words before a number say that it is.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Text;
use crate::text::cut::tail;

/// Bytes before a number that are looked at: half a sentence.
const BEFORE: usize = 64;

/// Words that are looked for before a number, in any case of letters.
pub(super) struct Words(LazyLock<Option<AhoCorasick>>);

impl Words {
    pub(super) const fn new(words: fn() -> Option<AhoCorasick>) -> Self {
        Self(LazyLock::new(words))
    }

    /// How many bytes before `at` the last of them ends that stands by itself; `None` when there is none near.
    pub(super) fn before(&self, text: &Text<'_>, at: usize) -> Option<usize> {
        let window = window(text.text, at);
        let found = self.0.as_ref()?.find_iter(window).filter(|found| {
            let bytes = window.as_bytes();
            let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            // A word of letters beyond ASCII has no letters of ASCII at its ends.
            let begins = !letter(bytes.get(found.start()))
                || !letter(found.start().checked_sub(1).and_then(|at| bytes.get(at)));
            begins && (!letter(bytes.get(found.end() - 1)) || !letter(bytes.get(found.end())))
        });
        found.last().map(|found| window.len() - found.end())
    }
}

/// A list of words to look for, of which the longest counts.
pub(super) fn automaton(words: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        // All lists together take 7 million instructions more to build, once, and asking them half of what it did: some
        // 1,600 fewer for each text with a number (23,600 texts, callgrind, 2026-11-22).
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok()
}

/// Makes [`Words`] of a list.
macro_rules! words {
    ($($word:expr),+ $(,)?) => {
        $crate::detect::context::Words::new(|| $crate::detect::context::automaton(&[$($word),+]))
    };
}
pub(super) use words;

/// The text before `at`, as far as it is looked at.
fn window(text: &str, at: usize) -> &str {
    tail(text.get(..at).unwrap_or_default(), BEFORE)
}

/// What numbers of shops, carriers and systems are called.
static OTHERS: Words = words![
    "order",
    "orders",
    "order id",
    "orden",
    "pedido",
    "bestellung",
    "bestellnummer",
    "commande",
    "ordine",
    "invoice",
    "rechnung",
    "rechnungsnummer",
    "factura",
    "facture",
    "fattura",
    "receipt",
    "transaction",
    "txn",
    "utr",
    "tracking",
    "shipment",
    "parcel",
    "package",
    "awb",
    "sendungsnummer",
    "seguimiento",
    "suivi",
    "waybill",
    "ticket",
    "case",
    "reference",
    "ref",
    "claim",
    "incident",
    "request",
    "complaint",
    "docket",
    "srn",
    "booking",
    "reservation",
    "confirmation",
    "pnr",
    "flight",
    "itinerary",
    "record locator",
    "account",
    "acct",
    "a/c",
    "policy",
    "contract",
    "member",
    "membership",
    "loyalty",
    "subscription",
    "customer id",
    "customer number",
    "kundennummer",
    "user id",
    "id",
    "ids",
    "uuid",
    "guid",
    "pid",
    "asin",
    "ean",
    "upc",
    "gtin",
    "isbn",
    "issn",
    "sku",
    "item",
    "product",
    "part",
    "model",
    "serial",
    "imei",
    "vin",
    "barcode",
    "batch",
    "lot",
    "code",
    "otp",
    "pin",
    "version",
    "build",
    "firmware",
    "release",
    "amount",
    "total",
    "price",
    "balance",
    "zip",
    "postcode",
    "plz",
    "date",
    "timestamp",
    "epoch",
    "license",
    "licence",
    "registration",
    "coupon",
    "voucher",
    "gift card",
    "error",
    "line",
];

/// Whether the nearest word before `at` that says anything is one of `words`, and none says that it is something else.
pub(super) fn says(text: &Text<'_>, at: usize, words: &Words) -> bool {
    words.before(text, at).is_some_and(|near| OTHERS.before(text, at).is_none_or(|other| near <= other))
}

/// Whether the words before `at` say that it is the number of a thing, and none of `words` stands nearer.
pub(super) fn says_other(text: &Text<'_>, at: usize, words: &Words) -> bool {
    OTHERS.before(text, at).is_some_and(|other| words.before(text, at).is_none_or(|near| other < near))
}

#[cfg(test)]
mod tests {
    use super::*;

    static CALL: Words = words!["call", "phone", "电话"];

    #[test]
    fn the_nearest_word_decides() {
        let says_call = |text: &str| says(&Text::new(text), text.len(), &CALL);
        assert!(says_call("call me at "));
        assert!(says_call("About my order: phone "));
        assert!(says_call("我的电话"));
        assert!(!says_call("call me about order "));
        assert!(!says_call("recall me at "));
        assert!(!says_call("callous "));
        assert!(!says_call(&format!("phone {}", " x".repeat(40))));
        assert!(says_other(&Text::new("the Order # "), 12, &CALL));
        assert!(!says_other(&Text::new("a word "), 7, &CALL));
    }
}
