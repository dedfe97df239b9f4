//! The fixtures through the reader, and what must hold for any text.

use std::path::PathBuf;

use proptest::prelude::*;

use super::grammar::{self, Form};
use super::*;
use crate::error::ErrorKind;
use crate::model::{Auto, Conversation, Kind, Raw, Role, Turn};
use crate::read::codes;
use crate::read::frame::Batch;
use crate::read::source::Place;

/// The form of a file of `text`, if it is a transcript.
fn recognise(text: &str) -> Option<&'static Form> {
    let fit = grammar::best_fit(text, &BTreeSet::new(), |_| false)?;
    (fit.speech >= 2 && fit.percent() >= grammar::LEAST_PERCENT).then_some(fit.form)
}

fn turns(text: &str, form: &'static Form) -> Vec<Turn> {
    Reading::new(form, text, BTreeSet::new()).turns(text)
}

/// What reading a source gave.
struct Read {
    guess: Option<Guess>,
    notes: Vec<String>,
    /// Line, offset, length; conversation or code of rejection.
    records: Vec<(u64, u64, u64, Result<Conversation, &'static str>)>,
    findings: Vec<&'static str>,
}

fn settings(boundary: Option<&str>) -> ReadSettings {
    ReadSettings { boundary: boundary.map(ToOwned::to_owned), ..ReadSettings::default() }
}

fn read(bytes: &[u8], settings: &ReadSettings) -> crate::Result<Read> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let source = Source::new("chat.txt", Place::File(file.path().to_owned()), bytes.len() as u64);
    let sample = Sample::of(&source, settings)?;
    let guess = Transcript.sniff(&sample);
    let mut opened = Transcript.open(&source, &sample, settings)?;
    let mut found = Read { guess, notes: opened.notes, records: Vec::new(), findings: Vec::new() };
    loop {
        let mut batch = Batch::default();
        let more = opened.frames.fill(&mut batch)?;
        for frame in batch.frames() {
            let decoded = opened.decoder.decode(&frame);
            let outcome = match decoded {
                Ok(decoded) => {
                    found.findings.extend(decoded.findings.iter().map(|finding| finding.def.code));
                    let Raw::Conversation(conversation) = decoded.raw else { panic!("not a conversation") };
                    Ok(conversation)
                }
                Err(rejection) => Err(rejection.def.code),
            };
            let origin = frame.origin;
            found.records.push((origin.line, origin.offset, origin.length, outcome));
        }
        if !more {
            return Ok(found);
        }
    }
}

fn fixture(case: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/read/transcript");
    std::fs::read(folder.join(case).join("input.txt")).unwrap()
}

fn conversations(read: Read) -> Vec<Conversation> {
    read.records.into_iter().filter_map(|(.., outcome)| outcome.ok()).collect()
}

fn of(case: &str) -> Vec<Conversation> {
    conversations(read(&fixture(case), &settings(None)).unwrap())
}

/// `speaker|text` of each turn, events marked by a star.
fn told(conversation: &Conversation) -> Vec<String> {
    let line = |turn: &Turn| {
        let star = if turn.kind.is_event() { "*" } else { "" };
        format!("{star}{}|{}", turn.speaker, turn.text)
    };
    conversation.turns.iter().map(line).collect()
}

#[test]
fn each_form_is_chosen_and_counted() {
    let table: &[(&str, &str, &[usize])] = &[
        ("label", "label", &[6]),
        ("label-names", "label", &[6]),
        ("bracket-stamp", "bracket-stamp", &[6]),
        ("bracket-date", "bracket-stamp", &[3]),
        ("label-parenthesis-stamp", "label-parenthesis-stamp", &[4]),
        ("label-stamp", "label-stamp", &[4]),
        ("bare-stamp", "bare-stamp", &[4]),
        ("parenthesis-stamp", "parenthesis-stamp", &[6]),
        ("block", "block", &[4]),
        ("block-bracket", "block-bracket", &[3]),
        ("block-stamp-name", "block-stamp-name", &[2]),
        ("chevron-label", "chevron-label", &[4]),
        ("list-label", "list-label", &[6]),
        ("bracket-label", "bracket-label", &[5]),
        ("bold-label", "bold-label", &[4]),
        ("numbered-speaker", "numbered-speaker", &[4]),
        ("numbered-diarised", "numbered-speaker", &[4]),
        ("tab-name-time", "tab-name-time", &[3]),
        ("tab-time-name", "tab-time-name", &[3]),
        ("seconds", "seconds", &[4]),
        ("human-assistant", "human-assistant", &[4]),
        ("several-titles", "bracket-stamp", &[2, 2]),
        ("several-rules", "label", &[2, 2, 2]),
        ("several-boxed", "label", &[4, 5]),
        ("several-cards", "label", &[3, 2]),
        ("several-ruled-cards", "label", &[4, 2]),
        ("several-blank-runs", "label", &[3, 2, 2]),
        ("blank-runs-within", "label", &[4]),
        ("several-started", "label", &[2, 2]),
        ("ghost-speakers", "label", &[6]),
        ("mixed-line-ends", "label", &[3]),
        ("returns-only", "label", &[2, 2]),
        ("multi-line", "label", &[2]),
        ("preamble", "label", &[5]),
        ("right-to-left", "bracket-stamp", &[3]),
        ("german", "label", &[4]),
        ("french", "label", &[4]),
        ("chinese", "label", &[4]),
        ("windows-1252", "label", &[4]),
        ("long-line", "label", &[3]),
    ];
    for (case, form, turns) in table {
        let read = read(&fixture(case), &settings(None)).unwrap();
        let guess = read.guess.as_ref().unwrap_or_else(|| panic!("{case} is not recognised"));
        assert!(guess.why.contains(&format!("({form})")), "{case}: {}", guess.why);
        let found = conversations(read);
        let counts: Vec<usize> = found.iter().map(|found| found.turns.len()).collect();
        assert_eq!(counts, *turns, "{case}: {:?}", found.iter().map(told).collect::<Vec<_>>());
    }
}

#[test]
fn prose_and_empty_files_are_none() {
    for case in ["empty", "blank", "only-headers", "prose"] {
        let sample = Sample::new("chat.txt", fixture(case), true);
        assert_eq!(Transcript.sniff(&sample), None, "{case}");
    }
    for case in ["empty", "blank"] {
        assert!(read(&fixture(case), &settings(None)).unwrap().records.is_empty(), "{case}");
    }
    let Err(error) = read(&fixture("prose"), &settings(None)) else { panic!("prose was opened") };
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.hint().unwrap().contains("--boundary") && error.hint().unwrap().contains("Agent: text"));
    assert!(read(&fixture("only-headers"), &settings(None)).is_err());
    let named = |name: &str| Transcript.sniff(&Sample::new(name, fixture("label"), true)).is_some();
    assert!(named("chat.txt") && named("chat") && named("chat.log"));
    assert!(
        !named("readme.txt")
            && !named("license")
            && !named("chat.md")
            && !named("chat.vtt")
            && !named("a.csv")
    );
}

#[test]
fn header_blocks_go_beside_the_turns() {
    let found = read(&fixture("several-titles"), &settings(None)).unwrap();
    let outcomes: Vec<_> =
        found.records.iter().map(|(line, offset, _, outcome)| (*line, *offset, outcome.is_ok())).collect();
    assert_eq!(outcomes, [(1, 0, true), (10, 144, true), (17, 234, false)]);
    assert_eq!(found.records[2].3.as_ref().unwrap_err(), &codes::NO_CHAT_SHAPE.code);
    let found = conversations(found);
    assert_eq!(found[0].id.as_deref(), Some("41"));
    assert_eq!(found[0].extra["Agent name"], "Ana");
    assert_eq!(told(&found[0]), ["Bob|hello", "Ana (Support)|Hi Bob,\nwhat is your order number?"]);
    assert_eq!(found[0].turns[1].role, Some(Role::Assistant));

    let boxed = of("several-boxed");
    assert_eq!((boxed[1].id.as_deref(), &boxed[1].extra["Agent"]), (Some("a-42"), &"Ana".into()));
    assert_eq!(told(&boxed[1])[0], "Kim|hello");
    let cards = of("several-cards");
    assert_eq!(cards[1].extra["Rating"], "4");
    let started = of("several-started");
    assert_eq!(started[1].extra["boundary"], "Chat started: 2024-03-01 11:00");
    assert_eq!(of("several-blank-runs")[2].extra["Topic"], "chairs");
}

#[test]
fn the_callers_pattern_decides_alone() {
    let asked = |case: &str, pattern| conversations(read(&fixture(case), &settings(Some(pattern))).unwrap());
    let found = asked("boundary-asked", r"^## ticket (?<id>\S+)");
    assert_eq!(found.iter().map(|found| found.id.as_deref()).collect::<Vec<_>>(), [Some("A-1"), Some("A-2")]);
    assert_eq!(told(&found[0]), ["user|first", "assistant|one\n---\nstill one"]);
    // A pattern that matches what is said loses nothing of it.
    let notes = read(&fixture("several-cards"), &settings(None)).unwrap().notes;
    assert!(notes[0].contains("(label)") && notes[1].contains("`date: …`"), "{notes:?}");
    let found = asked("boundary-asked-turn", "^Bot: Welcome");
    assert_eq!(found.len(), 2);
    assert_eq!(told(&found[1])[0], "Bot|Welcome to the shop");
}

#[test]
fn no_ghosts() {
    let found = of("ghost-speakers");
    let speakers: BTreeSet<&str> = found[0].turns.iter().map(|turn| turn.speaker.as_str()).collect();
    assert_eq!(speakers, BTreeSet::from(["Agent", "Customer"]));
    assert!(found[0].turns[1].text.ends_with("Step 3: plug it in"));
}

#[test]
fn turns_keep_their_lines_events_and_times() {
    assert_eq!(told(&of("multi-line")[0])[0], "Agent|Hello,\n\n  indented\n\n\nlast");
    assert_eq!(
        told(&of("mixed-line-ends")[0]),
        ["Customer|one\nmore of one", "Agent|two\n\nmore of two", "Customer|three"]
    );
    assert_eq!(told(&of("returns-only")[0]), ["Customer|one\nmore", "Agent|two"]);
    assert_eq!(told(&of("seconds")[0])[1], "*Nella|entered the room.");
    assert_eq!(told(&of("preamble")[0])[0], "*|Exported by the shop on Friday\nall times are local");
    assert_eq!(told(&of("preamble")[0])[4], "*|[Chat ended by visitor]");
    assert_eq!(told(&of("tab-time-name")[0])[1], "Ana | Help|indeed");
    assert_eq!(told(&of("right-to-left")[0])[1], "الدعم|كيف أساعدك؟\nرقم الطلب: 55");
    let overnight: Vec<i64> = of("bracket-stamp")[0].turns.iter().filter_map(|turn| turn.time).collect();
    assert!(overnight.is_sorted() && overnight.len() == 6);
    assert_eq!(of("bracket-date")[0].turns[0].time, Some(1_709_294_591_000));
    assert_eq!(
        of("block")[0].turns.iter().map(|turn| turn.time).collect::<Vec<_>>(),
        [4, 12, 62, 3730].map(|s| Some(s * 1000))
    );
    let bot = &of("label-stamp")[0].turns[1];
    assert_eq!((bot.speaker.as_str(), bot.kind), ("Helper (Bot)", Kind::Auto(Auto::Other)));
}

#[test]
fn what_a_message_holds_parts_no_conversation() {
    let titled = "=== Chat 1 ===\nUser: hi\nBot: look\n---\nbelow\n=== Chat 2 ===\nUser: ok\nBot: bye\n";
    let found = conversations(read(titled.as_bytes(), &settings(None)).unwrap());
    assert_eq!(told(&found[0]), ["User|hi", "Bot|look\n---\nbelow"]);
    let case = "User: it broke\nAgent: I opened this for you:\nCase ID: 771\n# Case 2\nUser: thanks\n";
    let found = conversations(read(case.as_bytes(), &settings(None)).unwrap());
    assert_eq!(told(&found[0])[1], "Agent|I opened this for you:\nCase ID: 771\n# Case 2");
    // A title above all, and rules between: the rules part.
    let once = "Transcript #3\nUser: a\nBot: b\n---\nUser: c\nBot: d\n";
    assert_eq!(conversations(read(once.as_bytes(), &settings(None)).unwrap()).len(), 2);
}

#[test]
fn program_logs_are_no_chats() {
    for line in
        ["2024-03-01 12:03:11 INFO main: up", "[12:03:11] WARN: slow", "2024-03-01T12:03:11Z h sshd[41]: in"]
    {
        assert_eq!(recognise(&format!("{line}\n").repeat(5)), None, "{line}");
    }
}

#[test]
fn a_column_shares_its_speakers() {
    let cells = ["Mira: hi\nTomas: hello", "Mira: one\nTomas: two", "Mira: a\nTomas: b"];
    let reading = talk::reading(cells.into_iter()).unwrap();
    assert_eq!(reading.turns(cells[1]).len(), 2);
}

#[test]
fn windows_1252_is_said() {
    let found = read(&fixture("windows-1252"), &settings(None)).unwrap();
    assert_eq!(found.findings, [codes::WINDOWS_1252.code]);
    assert_eq!(told(&conversations(found)[0])[0], "Kunde|Grüße – ich habe eine Frage");
}

#[test]
fn strings_are_read_without_a_file() {
    let text = "\n\nHuman: a\nHuman: b\n\nAssistant:\n\nHuman: c\n\nAssistant: d";
    let form = recognise(text).unwrap();
    let found = turns(text, form);
    let said: Vec<_> = found.iter().map(|turn| (turn.role.clone(), turn.text.as_str())).collect();
    let (user, assistant) = (Some(Role::User), Some(Role::Assistant));
    assert_eq!(said, [(user.clone(), "a\nHuman: b"), (assistant.clone(), ""), (user, "c"), (assistant, "d")]);
    assert_eq!(recognise("user: hi\nassistant: hello").unwrap().name, "label");
    assert!(recognise("Hello,\nthanks for your order.").is_none() && recognise("").is_none());
}

#[test]
fn forms_are_named_once_and_recognise_their_example() {
    let names: BTreeSet<&str> = grammar::FORMS.iter().map(|form| form.name).collect();
    assert_eq!(names.len(), grammar::FORMS.len());
    for form in grammar::FORMS {
        let line = form.example.replace("\\n", "\n").replace("<TAB>", "\t").replace("<newline>", "\n");
        let found = turns(&format!("{line}\n{line}\n{line}\n"), form);
        let speech = found.iter().filter(|turn| !turn.kind.is_event()).count();
        assert_eq!(speech, 3, "{}: {found:?}", form.name);
    }
}

#[test]
fn long_conversations_are_named_and_passed() {
    let mut text = String::from("Customer: short\nAgent: one\n---\n");
    let second = text.len();
    text.push_str(&"Customer: long\nAgent: very long\n".repeat(40_000));
    text.push_str("---\nCustomer: third\nAgent: here\n");
    let mut settings = settings(None);
    settings.limits.record_bytes = 2000;
    let found = read(text.as_bytes(), &settings).unwrap();
    assert_eq!(found.records.len(), 3);
    assert_eq!((found.records[1].0, found.records[1].1), (3, second as u64 - 4));
    assert_eq!(found.records[1].3.as_ref().unwrap_err(), &codes::RECORD_TOO_LONG.code);
    assert_eq!(found.records[1].2, "Customer: long\nAgent: very long\n".len() as u64 * 40_000 + 3);
    assert_eq!(found.records[2].0, 80_004);
    let text = format!("Customer: a\nAgent: {}\n---\nCustomer: b\nAgent: c\n", "x".repeat(1 << 20));
    let found = read(text.as_bytes(), &settings).unwrap();
    assert_eq!(found.records.iter().map(|record| record.3.is_ok()).collect::<Vec<_>>(), [false, true]);
}

/// Every line of `text` that is not blank ends in a turn, in the header block, or is a mark.
fn accounts_for(text: &str, read: &Read) -> Result<(), String> {
    let mut kept = String::new();
    for (.., outcome) in &read.records {
        match outcome {
            Ok(conversation) => {
                for (key, value) in &conversation.extra {
                    kept.extend([key, "\n", value.as_str().unwrap(), "\n"]);
                }
                for turn in &conversation.turns {
                    kept.extend([&turn.speaker, "\n", &turn.text, "\n"]);
                }
            }
            // What is rejected keeps its bytes elsewhere.
            Err(_) => return Ok(()),
        }
    }
    for line in grammar::lines(text) {
        let line = line.trim();
        // The end of a line is said by somebody, wherever its beginning went.
        let tail: String = line.chars().rev().take_while(|character| character.is_alphanumeric()).collect();
        let tail: String = tail.chars().rev().collect();
        let clock = time::whole_stamp(line.rsplit(' ').next().unwrap_or_default()).is_some();
        if !boundary::is_rule(line) && !clock && !kept.contains(&tail) {
            return Err(format!("`{line}` is lost from {kept:?}"));
        }
    }
    Ok(())
}

#[test]
fn fixtures_conserve_their_lines() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/read/transcript");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path().join("input.txt")).unwrap();
        if let Ok(read) = read(&bytes, &settings(None)) {
            let (text, _) = crate::text::encoding::to_text(&bytes);
            accounts_for(&text, &read).unwrap();
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

/// Lines as transcripts have them, good and bad.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "(Agent|Customer|Bob|Ana \\(Support\\)|Note|Date): [a-z ]{0,12}[a-z0-9]{6}",
        "\\[1[0-9]:[0-5][0-9]\\] (Bob|Ana): [a-z0-9]{7}",
        "\\[1[0-9]:[0-5][0-9]\\] <(bob|ana)> [a-z0-9]{7}",
        "(---|===|\\*\\*\\*|=== Chat [0-9]{6} ===|Chat ID: [a-z0-9]{6}|=== bob [a-z]{7})",
        "\\PC{0,40}",
        Just(String::new()),
    ]
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_panics(
        lines in prop::collection::vec(any_line(), 0..40), end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let text = lines.join(end);
        if let Ok(read) = read(text.as_bytes(), &settings(None)) {
            let offsets: Vec<u64> = read.records.iter().map(|record| record.1).collect();
            prop_assert!(offsets.is_sorted());
            for (line, offset, length, _) in &read.records {
                let before = &text.as_bytes()[..usize::try_from(*offset).unwrap()];
                prop_assert_eq!(*line, 1 + memchr::memchr_iter(b'\n', before).count() as u64);
                prop_assert!(offset + length <= text.len() as u64);
            }
            if let Err(lost) = accounts_for(&text, &read) {
                prop_assert!(false, "{}", lost);
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &settings(None));
        let text = String::from_utf8_lossy(&bytes);
        for form in grammar::FORMS {
            let _ = turns(&text, form);
        }
    }

    #[test]
    fn any_text_is_survived(text in "(\\PC|[:<>\\[\\]()0-9 \n\t\r]){0,120}") {
        let _ = recognise(&text);
        let _ = talk::opening(&text).map(talk::parted);
        let _ = talk::trailing_label(&text);
        for form in grammar::FORMS {
            let _ = turns(&text, form);
        }
    }
}
