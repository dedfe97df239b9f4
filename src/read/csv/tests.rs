//! Every case under `fixtures/read/csv`: what was settled, and what each record became, beside it in
//! `decoded.txt`. `BLESS=1` writes those anew, to be read before they are committed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::error::ErrorKind;
use crate::model::{Message, Raw, Turn, Visibility};
use crate::read::frame::Batch;
use crate::read::source::Place;

fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = std::fs::metadata(path).unwrap().len();
    Source::new(name, Place::File(path.to_owned()), bytes)
}

fn settings(case: &Path) -> ReadSettings {
    let mut settings = ReadSettings::default();
    let Ok(text) = std::fs::read_to_string(case.join("case.toml")) else { return settings };
    let table: toml::Table = text.parse().unwrap();
    let args: Vec<&str> = table["args"].as_array().unwrap().iter().map(|arg| arg.as_str().unwrap()).collect();
    for pair in args.chunks(2) {
        let value = Some(pair[1].to_owned());
        let columns = &mut settings.columns;
        match pair[0] {
            "--id-column" => columns.id = value,
            "--role-column" => columns.role = value,
            "--text-column" => columns.text = value,
            "--time-column" => columns.time = value,
            "--prompt-column" => columns.prompt = value,
            "--answer-column" => columns.answer = value,
            // Who is who is settled behind the reader.
            "--assistant" => {}
            other => panic!("unknown argument {other}"),
        }
    }
    settings
}

/// Notes and records of a source, a line each.
fn report(path: &Path, settings: &ReadSettings) -> String {
    let source = source(path);
    let sample = Sample::of(&source, settings).unwrap();
    let mut out = String::new();
    match Csv.sniff(&sample) {
        Some(guess) => writeln!(out, "sniffed {}: {}", guess.confidence, guess.why).unwrap(),
        None => out.push_str("not sniffed\n"),
    }
    let mut opened = Csv.open(&source, &sample, settings).unwrap();
    for note in &opened.notes {
        writeln!(out, "note: {note}").unwrap();
    }
    loop {
        let mut batch = Batch::default();
        let more = opened.frames.fill(&mut batch).unwrap();
        for frame in batch.frames() {
            let origin = frame.origin;
            writeln!(
                out,
                "\n#{} line {} byte {}+{}",
                origin.record, origin.line, origin.offset, origin.length
            )
            .unwrap();
            match opened.decoder.decode(&frame) {
                Ok(decoded) => {
                    for finding in decoded.findings {
                        writeln!(out, "  {} {}", finding.def.name, finding.message).unwrap();
                    }
                    describe(&decoded.raw, &mut out);
                }
                Err(rejection) => {
                    writeln!(out, "  rejected {}: {}", rejection.def.name, rejection.message).unwrap();
                }
            }
        }
        if !more {
            return out;
        }
    }
}

fn describe(raw: &Raw, out: &mut String) {
    let (kind, extra) = match raw {
        Raw::Conversation(conversation) => {
            let id = conversation.id.as_deref().unwrap_or("?");
            (format!("conversation {id} system {:?}", conversation.system), &conversation.extra)
        }
        Raw::Example(example) => ("example".to_owned(), &example.extra),
        Raw::Preference(_) => panic!("a table holds no preferences"),
    };
    writeln!(out, "  {kind} extra {}", serde_json::to_string(extra).unwrap()).unwrap();
    match raw {
        Raw::Conversation(conversation) => {
            for Turn { speaker, role, text, time, visibility, kind, .. } in &conversation.turns {
                let role = role.as_ref().map_or("-", |role| role.name());
                let time = time.map_or("-".to_owned(), |time| time.to_string());
                let hidden = if *visibility == Visibility::Internal { " internal" } else { "" };
                writeln!(out, "  {speaker:?} {role} {time} {kind:?}{hidden}: {text:?}").unwrap();
            }
        }
        Raw::Example(example) => {
            for message in &example.messages {
                let texts: Vec<&str> = Message::texts(message).collect();
                writeln!(out, "  {}: {texts:?}", message.role).unwrap();
            }
        }
        Raw::Preference(_) => {}
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/read/csv");
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // Tables that become text before a reader sees them have nothing of their own to decode.
    cases.retain(|case| input(case).is_some());
    cases.sort();
    assert!(cases.len() > 25);
    cases
}

fn input(case: &Path) -> Option<PathBuf> {
    ["csv", "tsv"].iter().map(|ext| case.join(format!("input.{ext}"))).find(|path| path.exists())
}

#[test]
fn every_case_decodes_as_written_down() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = report(&input(&case).unwrap(), &settings(&case));
        let wanted = case.join("decoded.txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&wanted, &found).unwrap();
        } else if std::fs::read_to_string(&wanted).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "run with BLESS=1 and read the difference\n{}", wrong.join("\n"));
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let case = cases().into_iter().find(|case| case.ends_with("messages")).unwrap();
    let source = source(&input(&case).unwrap());
    let mut settings = ReadSettings::default();
    settings.columns.text = Some("txet".into());
    let sample = Sample::of(&source, &settings).unwrap();
    let Err(error) = Csv.open(&source, &sample, &settings) else { panic!("opened") };
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert_eq!(error.to_string(), "`input.csv` has no column `txet` (--text-column)");
    let hint = error.hint().unwrap();
    assert!(hint.starts_with("did you mean `text`? the columns are `conversation_id`, `role`"), "{hint}");
}

#[test]
fn what_is_no_table_is_left_alone() {
    let readme = "# A tool\n\nIt reads text, a lot of it, and writes text.\n\nUse it, please, with care.\n";
    let log = "2024-01-01 10:00:00,123 INFO text, message\n2024-01-01 10:00:01,456 WARN other, thing\n";
    let irc = "[10:00] <mia> hi, all\n[10:01] <ana> hello, mia\n[10:02] <mia> fine, thanks\n";
    for (name, text) in [
        ("readme.md", readme),
        (
            "license",
            "Permission is hereby granted, free of charge, to any person\nobtaining a copy, of this\n",
        ),
        ("app.log", log),
        ("irc.txt", irc),
        ("a.jsonl", "{\"prompt\": \"a, b\", \"answer\": \"c\"}\n{\"prompt\": \"a, b\", \"answer\": \"c\"}\n"),
        ("a.csv", "{\"prompt\": \"a, b\", \"answer\": \"c\"}\n{\"prompt\": \"a, b\", \"answer\": \"c\"}\n"),
        ("one.csv", "text\nhello\nthere\n"),
        ("empty.csv", ""),
    ] {
        let sample = Sample::new(name, text.as_bytes().to_vec(), true);
        assert_eq!(Csv.sniff(&sample), None, "{name}");
    }
    let table = "conversation_id,role,text\n1,user,hi\n1,agent,hello\n2,user,hi\n";
    assert!(Csv.sniff(&Sample::new("export", table.as_bytes().to_vec(), true)).is_some());
}

mod hostile {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the bytes: no panic, places in order and inside the file, no byte of a row in two rows.
        #[test]
        fn nothing_panics(text in "(conversation_id,role,text\n)?([a\"\",;\t\r\n 01é]|,\"|\"\n|\",|1,user,){0,60}", limit in 8_usize..200) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("input.csv");
            std::fs::write(&path, &text).unwrap();
            let mut settings = ReadSettings::default();
            settings.limits.record_bytes = limit;
            let source = source(&path);
            let sample = Sample::of(&source, &settings).unwrap();
            let mut opened = Csv.open(&source, &sample, &settings).unwrap();
            let mut records = 0;
            loop {
                let mut batch = Batch::default();
                let more = opened.frames.fill(&mut batch).unwrap();
                for frame in batch.frames() {
                    records += 1;
                    prop_assert_eq!(frame.origin.record, records);
                    prop_assert!(frame.origin.offset + frame.bytes.len() as u64 <= text.len() as u64 + 60);
                    let _ = opened.decoder.decode(&frame);
                }
                if !more {
                    break;
                }
            }
        }

        /// Gathering conversations loses no row and makes none: the decoder sees as many as the framing.
        #[test]
        fn rows_are_conserved(
            lines in prop::collection::vec("(1|2|3),(user|agent),(a|b|\"a\nb\"|\"a, b\"|5\"|\"a \"\"b\"\"\"){1,2}(,\"x)?", 1..20),
            stray in 0_usize..20,
        ) {
            let mut text = "conversation_id,role,text\n".to_owned();
            for (at, line) in lines.iter().enumerate() {
                let line = if at == stray { line.replacen(",a", ",\"a", 1) } else { line.clone() };
                text.push_str(&line);
                text.push('\n');
            }
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("input.csv");
            std::fs::write(&path, &text).unwrap();
            let (source, settings) = (source(&path), ReadSettings::default());
            let sample = Sample::of(&source, &settings).unwrap();
            let looked = Looked::at(&sample, Some(b',')).unwrap();
            let feed = Feed::new(source.open(&settings).unwrap(), "test");
            let mut records = Records::new(feed, 0, 1 << 20, looked.layout);
            let mut framed = Vec::new();
            while records.next_row().unwrap().is_some() {
                framed.push(records.bytes().to_vec());
            }
            let (table, key) = (looked.table.clone(), Key::Id(0));
            let mut grouped = groups::Grouped::new(&source, &settings, looked.layout, table, key);
            let mut batch = Batch::default();
            while grouped.fill(&mut batch).unwrap() {}
            let mut gathered: Vec<Vec<u8>> = Vec::new();
            for frame in batch.frames() {
                gathered.extend(frame.rows().map(<[u8]>::to_vec));
            }
            framed.sort();
            gathered.sort();
            prop_assert_eq!(gathered, framed, "{}", text);
        }

        /// A well-formed table comes back cell by cell, whatever the cells hold.
        #[test]
        fn proper_tables_are_read_exactly(rows in prop::collection::vec(prop::collection::vec("[a-c\",\r\n ]{0,8}", 3), 1..12)) {
            let mut text = "prompt,answer,note\n".to_owned();
            for row in &rows {
                let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                text.push_str(&cells.join(","));
                text.push('\n');
            }
            let dialect = dialect::Dialect { delimiter: b',', end: b'\n' };
            let judge = Judge { width: 3 };
            let found: Vec<Vec<String>> = SliceRows::new(text.as_bytes(), true, dialect)
                .judged(judge)
                .skip(1)
                .map(|row| split::texts(std::str::from_utf8(row).unwrap(), dialect).cells.iter().map(ToString::to_string).collect())
                .collect();
            prop_assert_eq!(found, rows);
        }
    }
}
