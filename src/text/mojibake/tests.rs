//! What is repaired, and what must stay.

use proptest::prelude::*;

use super::*;

/// `text` saved as UTF-8 and read as Windows-1252.
fn damage(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

/// `text` saved as UTF-8 and read as Latin-1.
fn damage_latin1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

#[test]
fn repairs_what_is_damaged() {
    for (text, wanted) in [
        ("itâ€™s", "it’s"),
        ("cafÃ©", "café"),
        ("â€Žimage omitted", "\u{200e}image omitted"),
        ("HelloÂ\u{a0} you", "Hello\u{a0} you"),
        ("20Â°C, 5Â£, IBMÂ®", "20°C, 5£, IBM®"),
        ("ï»¿name", "\u{feff}name"),
        ("ok ðŸ™‚ ðŸ‘\u{8d}", "ok 🙂 👍"),
        ("Ã\u{a0} bientôt", "à bientôt"),
        ("GARÃ‡ÃƒO e HÃ”TEL", "GARÇÃO e HÔTEL"),
        ("StraÃŸe, KÃ–LN", "Straße, KÖLN"),
        ("lÆ°Æ¡ng, má»™t lá»…", "lương, một lễ"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("\u{e2}\u{80}\u{99} read as Latin-1", "’ read as Latin-1"),
        ("ï¿½", "\u{fffd}"),
        ("ä½\u{a0}å¥½", "你好"),
    ] {
        assert_eq!(repair(text).as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn repairs_among_sound_text() {
    assert_eq!(repair("naïve “café” itâ€™s déjà vu").as_deref(), Some("naïve “café” it’s déjà vu"));
    let text = "é itâ€™sÃ© x";
    let found = find(text).unwrap();
    assert_eq!(&text[found.first.clone()], "â€™");
    assert_eq!(found.count, 2);
    assert_eq!(find("Ã©Ã¨ Ã©").unwrap().first, 0..8);
}

#[test]
fn repairs_what_was_damaged_again() {
    let text = "it’s a café – “naïve” 🙂 à la carte";
    let (once, twice) = (damage(text), damage(&damage(text)));
    assert_eq!(repair(&once).as_deref(), Some(text));
    assert_eq!(repair(&twice).as_deref(), Some(text));
    assert_eq!(repair(&damage_latin1(text)).as_deref(), Some(text));
}

/// Sentences whose letters and punctuation come close to damage.
const SOUND: &[&str] = &[
    "",
    "plain",
    "Ã",
    "Ã alone",
    "Â",
    "GARÇÃO",
    "“MAÇÔ",
    "IRMÃ’S",
    "MAÇÃ\u{a0}…",
    "XÃ\u{a0}HỘI",
    "„Ä“",
    "„SPAß“",
    "Spaß“",
    "5\u{a0}Å\u{a0}",
    "“perché…” disse",
    "«\u{a0}CAFÉ\u{a0}»",
    "CAFÉ…",
    "LUNEDÌ…”",
    "“qué…”",
    "‘sí…’",
    "3×½",
    "10×\u{a0}4",
    "Ø\u{a0}20 mm",
    "Ø²",
    "É»",
    "când, înțeles, sâmbătă, ÎNȚELES",
    "Müller’s Größe – “Öl”",
    "déjà vu… « été »",
    "Îles…",
    "NOËL…",
    "Không, đường phố, CÂU HỎI, Ẩm thực",
    "İstanbul’da Çok güzel, ÖĞLE…",
    "não é só, À noite, AVÔ”",
    "ESPAÑA – ¿Qué?",
    "¡Olé!",
    "señor… «niño»",
    "â",
    "ê…",
    "fenê…»",
    "€ 5, ™ ® ©",
    "Ærø, Århus…",
    "à «",
    "ÉCOLE’S",
    "naïve—café",
    "Привет, мир",
    "Γειά σου",
    "你好",
    "שלום",
    "สวัสดี",
    "𝒳",
    "ß",
    "ÿ",
    "Ê…",
    "cœur, Œuvre, ÂŒ",
    "VOCÊ…”",
    "PERÒ…",
    "«È»",
    "È…",
    "“É…”",
];

#[test]
fn leaves_sound_text() {
    for text in SOUND {
        assert_eq!(repair(text), None, "{text}");
        assert_eq!(find(text), None, "{text}");
    }
}

/// Words of languages with letters beyond ASCII.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z]?[a-zàâäçéèêëîïôöùûüÿæ]{1,8}",
        "[A-ZÁ]?[a-záéíóúñüãõâêôàç]{1,8}",
        "[A-ZÄÖÜ]?[a-zäöüß]{1,8}",
        "[A-ZÇĞİÖŞÜ]?[a-zçğıöşü]{1,8}",
        "[A-ZĐ]?[a-zăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáèéìíòóùúý]{1,8}",
        "[A-ZÅÄÖÆØ]?[a-zåäöæø]{1,8}",
        "[A-ZȘȚĂ]?[a-zăâîșț]{1,8}",
        "[A-ZÁÉÍÓÚÃÕÂÊÔÀÇÄÖÜÈÙÛÎÏËÑ]{1,8}",
    ]
}

/// Sentences of such words with the punctuation of print.
fn sentence() -> impl Strategy<Value = String> {
    let gap = prop_oneof![
        Just(" "),
        Just(", "),
        Just("… "),
        Just(" – "),
        Just("—"),
        Just("\u{a0}"),
        Just("” “"),
        Just("» «"),
        Just("’s "),
        Just("\u{a0}» "),
        Just(".” "),
        Just("…” "),
        Just("“ "),
        Just("’ "),
        Just("® "),
        Just("! ¿"),
    ];
    proptest::collection::vec((word(), gap), 1..12)
        .prop_map(|parts| parts.into_iter().map(|(word, gap)| word + gap).collect())
}

proptest! {
    #[test]
    fn sound_sentences_stay(text in sentence()) {
        prop_assert_eq!(repair(&text), None);
    }

    #[test]
    fn damaged_words_come_back(text in "[a-z]{1,4}[éèàùâêîôûäöüßñçãõ]{1,2}[a-z]{1,4}( [a-z]{1,3}[’–“”…€]{1,2}[a-z]?){0,3}") {
        prop_assert_eq!(repair(&damage(&text)), Some(text.clone()));
        prop_assert_eq!(repair(&damage(&damage(&text))), Some(text.clone()));
        prop_assert_eq!(repair(&damage_latin1(&text)), Some(text));
    }

    #[test]
    fn other_scripts_come_back(text in "([а-яё]{2,8} ){1,4}|([ก-ฮ]{2,6} ){1,3}|([α-ω]{2,6} ){1,3}|([ا-ي]{2,6} ){1,3}|[一-十]{1,4}🙂") {
        prop_assert_eq!(repair(&damage(&text)), Some(text));
    }

    #[test]
    fn repair_is_whole(text in "[ÂÃâð€™œŸ\u{80}-\u{bf}a ]{0,30}") {
        if let Some(repaired) = repair(&text) {
            prop_assert!(repaired.len() < text.len());
            prop_assert!(find(&text).is_some());
        }
    }
}
