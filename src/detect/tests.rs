//! What every kind must hold, and what they say of one another.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// What one kind finds in a text, by the whole way, and nothing else with it.
pub(super) fn found_by(kind: &'static Detector, text: &str) -> Vec<String> {
    let wanted = Wanted::new(&[kind.spec.name.to_owned()], &[]).unwrap();
    let finder = Finder::new(&[Class::Personal, Class::Secret], wanted);
    let mut found = Vec::new();
    finder.find(text, &mut found);
    found.into_iter().map(|one| text[one.range].to_owned()).collect()
}

fn found(text: &str) -> Vec<(&'static str, String)> {
    let finder = Finder::new(&[Class::Personal, Class::Secret], Wanted::default());
    let mut found = Vec::new();
    finder.find(text, &mut found);
    found.into_iter().map(|one| (one.spec.name, text[one.range].to_owned())).collect()
}

#[test]
fn the_list_is_sorted_and_every_description_whole() {
    let mut names = BTreeSet::new();
    let mut last = "";
    for detector in DETECTORS {
        let spec = detector.spec();
        assert!(names.insert(spec.name) && last < spec.name, "sort DETECTORS by name: `{}`", spec.name);
        last = spec.name;
        assert!(spec.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", spec.name);
        assert!(
            spec.title.bytes().all(|byte| byte.is_ascii_alphabetic() || b" -".contains(&byte)),
            "{}",
            spec.title
        );
        for text in [spec.title, spec.found_by, spec.left_out, spec.example, spec.source] {
            assert!(
                !text.is_empty() && !text.ends_with('.') && !text.contains("  "),
                "{}: {text}",
                spec.name
            );
        }
    }
    assert!(DETECTORS.len() < 64, "the finder has one bit a kind");
}

#[test]
fn every_file_is_listed() {
    let listed: BTreeSet<String> =
        DETECTORS.iter().map(|detector| detector.spec().name.replace('-', "_")).collect();
    for folder in ["personal", "secret"] {
        let folder: std::path::PathBuf =
            [env!("CARGO_MANIFEST_DIR"), "src", "detect", folder].iter().collect();
        for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(stem == "mod" || file.is_dir() || listed.contains(&stem), "list `{stem}` in DETECTORS");
        }
    }
}

#[test]
fn examples_are_found_by_their_kind_and_shown_by_none() {
    for detector in DETECTORS.iter().filter(|detector| detector.spec().class == Class::Personal) {
        let spec = detector.spec();
        let word = spec.name.rsplit('-').next().unwrap();
        let word = if word == "id" { "Steuer-ID" } else { word };
        let text = format!("The {word}: {}, thanks.", spec.example);
        assert_eq!(found(&text), [(spec.name, spec.example.to_owned())], "{text}");
        let masked = (spec.mask)(spec.example);
        assert!(masked.len() * 2 < spec.example.len() + 6, "{masked}");
        assert_eq!(found(&format!("The {word}: {masked}, thanks.")), [], "{masked}");
        assert_eq!(hide(&text), format!("The {word}: •••, thanks."));
    }
}

#[test]
fn kinds_side_by_side() {
    let text =
        "Ana, ana.lind@blautopf-werk.de or +49 221 8429 3517, card 5392 1847 0653 2915, from 89.183.27.146.";
    let names: Vec<&str> = found(text).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["email", "phone", "card", "ip-address"]);
    // The surer one is kept: a card may look like a telephone's number, and a password like a mail address.
    assert_eq!(found("call 5392 1847 0653 2915")[0].0, "card");
    assert_eq!(found("https://ana:Kq7r2Pz@blautopf-werk.de/")[0].0, "url-credentials");
    assert_eq!(found("[EMAIL] <PHONE> XXX-XX-1234 ****1234 (redacted) {{phone}} {credit_card}"), []);
}

#[test]
fn json_is_looked_at_as_it_is_meant() {
    let json = br#"{"a":"x\nana.lind@blautopf-werk.de\n0221 8429 3517 \u0061nn@blautopf.de"}"#;
    let shown: Vec<&[u8]> = hidden_in_json(json).into_iter().map(|range| &json[range]).collect();
    let wanted: [&[u8]; 3] = [b"ana.lind@blautopf-werk.de", b"0221 8429 3517", br"\u0061nn@blautopf.de"];
    assert_eq!(shown, wanted);
}

#[test]
fn hostile_text_takes_one_pass() {
    for piece in [
        "@",
        "a@",
        "1",
        "1 ",
        "1-",
        "1.",
        "+1 ",
        "(1)",
        "ab12",
        "DE44 ",
        "::",
        "a:",
        "1.2.3.4.",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ",
        "eyJ.",
        "sk-",
        "://a:",
        "password: a1",
        "password=",
        "api_key",
        "Q~",
        ":AA",
        "1111 1111 1111 1111 ",
        "call 1234567 ",
        "\u{200b}1",
        "１",
        "a1_",
        "0221 8429351 ",
        "a@b.c.",
    ] {
        let text = piece.repeat(3_000);
        let _ = (found(&text).len(), hidden_in_json(text.as_bytes()).len());
    }
}

proptest! {
    #[test]
    fn what_is_hidden_is_not_found_again(text in "[a-d0-9@.+() \n:/_é０-９-]{0,60}") {
        let shown = hide(&text);
        let again = found(&shown);
        let first = found(&text);
        for (_, value) in &again {
            prop_assert!(first.iter().all(|(_, one)| one != value || text.matches(one.as_str()).count() > 1), "{} in {}", value, shown);
        }
    }

    #[test]
    fn ranges_are_in_order_and_of_the_text(text in "[a-d0-9@.+() \n:/_é\u{200b}０-９-]{0,60}") {
        let finder = Finder::new(&[Class::Personal, Class::Secret], Wanted::default());
        let mut all = Vec::new();
        finder.find(&text, &mut all);
        let mut behind = 0;
        for one in &all {
            prop_assert!(one.range.start >= behind && one.range.end > one.range.start);
            prop_assert!(text.get(one.range.clone()).is_some());
            behind = one.range.end;
        }
    }
}

#[test]
fn texts_that_come_again_and_again_hold_the_same() {
    // Alike in length, beginning, middle and end, by which a remembered text is found.
    let texts = ["ana.lind@blautopf-werk.de", "+49 221 8429 3517 or later", "the old address of the shop"].map(|what| {
        format!("Before you answer, say that {what:27} is where we can be reached, and ask for order 4821376509 if it is needed.")
    });
    let find = |finder: &Finder, text: &str| {
        let mut found = Vec::new();
        finder.find(text, &mut found);
        found.into_iter().map(|one| (one.spec.name, one.range)).collect::<Vec<_>>()
    };
    let new = || Finder::new(&[Class::Personal, Class::Secret], Wanted::default());
    let wanted = texts.each_ref().map(|text| find(&new(), text));
    assert_eq!(wanted.each_ref().map(Vec::len), [1, 1, 0]);
    let finder = new();
    for at in [0, 0, 0, 1, 0, 1, 1, 1, 2, 2, 2, 2, 1, 0, 0, 0] {
        assert_eq!(find(&finder, &texts[at]), wanted[at]);
    }
}
