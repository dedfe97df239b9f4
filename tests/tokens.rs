//! Counts equal tiktoken-rs's, whatever the text.

use std::sync::{Arc, LazyLock};

use chatmill::tokens::{Counter, encoding};
use tiktoken_rs::CoreBPE;

use crate::hostile;

/// tiktoken-rs behind the trait that ours stands behind.
struct Reference(CoreBPE);

impl Counter for Reference {
    fn count(&self, text: &str) -> u64 {
        self.0.encode_ordinary(text).len() as u64
    }
}

struct Compared {
    name: &'static str,
    ours: Arc<dyn Counter>,
    reference: Reference,
}

/// Loaded once: reading the vocabularies takes the reference a second.
static COMPARED: LazyLock<[Compared; 4]> = LazyLock::new(|| {
    [
        ("cl100k_base", tiktoken_rs::cl100k_base()),
        ("o200k_base", tiktoken_rs::o200k_base()),
        ("p50k_base", tiktoken_rs::p50k_base()),
        ("r50k_base", tiktoken_rs::r50k_base()),
    ]
    .map(|(name, reference)| Compared {
        name,
        ours: encoding(name).unwrap(),
        reference: Reference(reference.unwrap()),
    })
});

fn assert_equal(text: &str) {
    for Compared { name, ours, reference } in &*COMPARED {
        let (count, wanted) = (ours.count(text), reference.count(text));
        assert_eq!(
            count,
            wanted,
            "{name}: {:?} ({} bytes)",
            text.chars().take(200).collect::<String>(),
            text.len()
        );
    }
}

/// All strings of up to `longest` of these.
fn strings(of: &[&str], longest: u32) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|start| of.iter().map(move |next| format!("{start}{next}"))).collect();
        all.extend_from_slice(&last);
    }
    all
}

#[test]
fn white_space_of_every_shape_counts_as_tiktoken_counts_it() {
    for blanks in strings(&[" ", "\t", "\n", "\r", "\u{3000}"], 4) {
        for before in ["", "x", "!", "!\n"] {
            for after in ["", "x", "!", "7", "/"] {
                assert_equal(&format!("{before}{blanks}{after}"));
            }
        }
    }
}

#[test]
fn quotes_of_every_shape_count_as_tiktoken_counts_them() {
    for quoted in strings(&["'", "s", "S", "l", "re", "rE", " ", ".", "\u{17f}"], 4) {
        assert_equal(&quoted);
        assert_equal(&format!("It{quoted}It"));
    }
}

#[test]
fn every_character_has_the_class_that_tiktoken_gives_it() {
    // Between letters, numbers, blanks and marks each class of characters is cut otherwise.
    // `tests/agreement/tokens.py` asks for all of them, here are those below U+3000 and some of the others.
    let mut text = String::new();
    for (number, character) in ('\0'..'\u{3000}').chain(('\u{3000}'..=char::MAX).step_by(97)).enumerate() {
        text.extend([
            'x', character, 'X', character, character, '1', character, ' ', character, '.', character,
        ]);
        if number % 512 == 0 {
            assert_equal(&text);
            text.clear();
        }
    }
    assert_equal(&text);
}

#[test]
fn hostile_mixes_count_as_tiktoken_counts_them() {
    let mut below = hostile::numbers(1);
    for _ in 0..2_000 {
        assert_equal(&hostile::text(40, &mut below));
    }
}

#[test]
fn short_words_count_as_tiktoken_counts_them() {
    // Which bytes are merged at a glance depends on what stands on both sides of them.
    for word in strings(&["a", "n", "t", "s", "T"], 5) {
        assert_equal(&word);
    }
    let mut below = hostile::numbers(4);
    for letters in
        ["etaoinshrdlu", "abcdefghijklmnopqrstuvwxyz", "zqxjkv", "аеинотс", "eéèê", "あいう的了", " -=_."]
    {
        let letters: Vec<char> = letters.chars().collect();
        for length in 2..=16 {
            for _ in 0..15 {
                let word: String = (0..length).map(|_| letters[below(letters.len())]).collect();
                assert_equal(&word);
                assert_equal(&format!(" {word} {word}"));
            }
        }
    }
}

#[test]
fn long_pieces_count_as_tiktoken_counts_them() {
    let mut below = hostile::numbers(2);
    let mut pieces: Vec<String> =
        ["a", "ab", "-", "=-", " ", "\t ", "\n", "我", "我们", "й", "ก", "😀", "\u{301}"]
            .iter()
            .flat_map(|unit| [60, 254, 255, 256, 257, 1_000].map(|count| unit.repeat(count)))
            .collect();
    for letters in
        ["abcdefghijklmnopqrstuvwxyz", "etaoin", "ab", "абвгдеёжз", "的一是不了人我在有他", "!?.,;:-=*#"]
    {
        let letters: Vec<char> = letters.chars().collect();
        for count in [70, 255, 256, 2_000] {
            pieces.push((0..count).map(|_| letters[below(letters.len())]).collect());
        }
    }
    for piece in pieces {
        assert_equal(&piece);
        assert_equal(&format!("x {piece} x"));
    }
}

#[test]
fn what_was_counted_before_changes_no_count() {
    let mut below = hostile::numbers(3);
    let texts: Vec<String> = (0..500).map(|_| hostile::text(30, &mut below)).collect();
    let counter = encoding("o200k_base").unwrap();
    let first: Vec<u64> = texts.iter().map(|text| counter.count(text)).collect();
    // Another thread remembers nothing yet, and meets them the other way round.
    let backwards: Vec<u64> = std::thread::scope(|scope| {
        scope.spawn(|| texts.iter().rev().map(|text| counter.count(text)).collect()).join().unwrap()
    });
    assert!(first.iter().eq(backwards.iter().rev()));
}

#[test]
fn texts_that_come_again_and_again_count_the_same() {
    // Alike in length, beginning, middle and end, by which a remembered text is found; and each with tokens of its own.
    let texts = ["the old shop", "01234 567 89", "我我我我", "!?!?!?!?!?!?"].map(|what| {
        format!("You are the support of {what} and answer in one sentence. You are kind and you never promise a date.")
    });
    for Compared { name, ours, reference } in COMPARED.iter() {
        let wanted = texts.clone().map(|text| reference.count(&text));
        for order in [[0, 0, 0, 0], [1, 0, 1, 0], [1, 1, 2, 2], [2, 3, 3, 3], [0, 1, 2, 3]] {
            for _ in 0..3 {
                assert_eq!(order.map(|at| ours.count(&texts[at])), order.map(|at| wanted[at]), "{name}");
            }
        }
    }
}
