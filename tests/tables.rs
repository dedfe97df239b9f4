//! Workbooks, Parquet files and databases: packed, broken, lying, hostile.
#![cfg(all(feature = "workbook", feature = "parquet", feature = "sqlite"))]

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::{Ran, contents, root, run};

const QUERY: &str =
    "SELECT ticket AS id, author AS role, body AS text, sent AS time FROM messages ORDER BY sent";

fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(root().join("fixtures/read").join(path)).unwrap()
}

fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (home, path)
}

fn convert(path: &Path, more: &[&str]) -> Ran {
    run(["convert", path.to_str().unwrap()].iter().chain(more))
}

fn assert_error(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 2, "{}", ran.all());
    for word in words {
        assert!(ran.stderr.contains(word), "`{word}` is missing:\n{}", ran.all());
    }
    assert!(!ran.stderr.contains("panicked"), "{}", ran.all());
}

#[test]
fn tables_that_are_cut_short_are_errors() {
    for (name, bytes, more) in [
        ("a.xlsx", fixture("csv/workbook-messages/input.xlsx"), &[][..]),
        ("a.parquet", fixture("openai-chat/parquet/input.parquet"), &[]),
        ("a.db", fixture("csv/sqlite-messages/input.db"), &["--query", QUERY]),
    ] {
        for part in 1..8 {
            let (_home, path) = written(name, &bytes[..bytes.len() * part / 8]);
            assert_error(&convert(&path, more), &[name]);
        }
    }
}

#[test]
fn tables_are_found_by_what_they_hold_also_when_packed() {
    let parquet = fixture("openai-chat/parquet/input.parquet");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&parquet).unwrap();
    let (_home, path) = written("rows.gz", &gzip.finish().unwrap());
    let ran = convert(&path, &[]);
    assert!(ran.code == 0 && ran.stdout.lines().count() == 3, "{}", ran.all());

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("book", fixture("csv/workbook-messages/input.xlsx")),
        ("rows", parquet),
        ("base", fixture("csv/sqlite-messages/input.db")),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    let (_home, path) = written("all.zip", &zip.finish().unwrap().into_inner());
    let ran = convert(&path, &["--query", QUERY]);
    for name in ["all.zip!base", "all.zip!book!Messages", "all.zip!rows"] {
        assert!(ran.stderr.contains(&format!("{name} (")), "{name}: {}", ran.all());
    }
    // Without the query the database is left out with a word, since nobody named it.
    let ran = convert(&path, &[]);
    assert!(ran.code == 0 && ran.stderr.contains("all.zip!base: "), "{}", ran.all());
}

#[test]
fn standard_input_may_be_a_table() {
    let book = std::fs::File::open(root().join("fixtures/read/csv/workbook-messages/input.xlsx")).unwrap();
    let ran: Ran = crate::support::program().args(["convert", "-"]).stdin(book).output().unwrap().into();
    assert!(ran.code == 0 && ran.stdout.lines().count() == 3, "{}", ran.all());
}

#[test]
fn an_encrypted_workbook_and_an_old_one_say_so() {
    for (stream, says) in [("EncryptedPackage", "is encrypted"), ("Workbook", "Excel 97")] {
        let mut bytes = vec![0; 1024];
        bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
        let name: Vec<u8> = stream.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        bytes[640..640 + name.len()].copy_from_slice(&name);
        bytes[704] = u8::try_from(name.len()).unwrap();
        let (home, path) = written("book.xlsx", &bytes);
        assert_error(&convert(&path, &[]), &[says, "hint"]);
        let ran = convert(home.path(), &[]);
        assert!(ran.code == 1 && ran.stderr.contains(says), "{}", ran.all());
    }
}

/// The fixture with more in its shared texts.
fn workbook_with(texts: &[u8]) -> Vec<u8> {
    let mut old =
        zip::ZipArchive::new(std::io::Cursor::new(fixture("csv/workbook-messages/input.xlsx"))).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let packed =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        new.start_file(name.as_str(), packed).unwrap();
        std::io::copy(&mut part, &mut new).unwrap();
        if name.ends_with("sharedStrings.xml") {
            new.write_all(texts).unwrap();
        }
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_unpacks_without_end_is_refused() {
    let (_home, path) = written("bomb.xlsx", &workbook_with(&vec![b' '; 100 << 20]));
    assert_error(&convert(&path, &[]), &["bomb.xlsx", "--max-ratio"]);
}

#[test]
fn sizes_that_lie_do_no_harm() {
    let honest = fixture("csv/workbook-messages/input.xlsx");
    let entries: Vec<usize> = memchr::memmem::find_iter(&honest, b"PK\x01\x02").collect();
    for (at, size) in entries.iter().flat_map(|at| [(*at, 3u32), (*at, u32::MAX - 1)]) {
        let mut bytes = honest.clone();
        bytes[at + 24..at + 28].copy_from_slice(&size.to_le_bytes());
        let (_home, path) = written("lying.xlsx", &bytes);
        let ran = convert(&path, &[]);
        assert!(ran.code == 2 || ran.stdout.lines().count() == 3, "{}", ran.all());
        assert!(!ran.stderr.contains("panicked"), "{}", ran.all());
    }
}

#[test]
fn a_database_without_query_shows_its_tables_and_a_query() {
    let (_home, path) = written("a.db", &fixture("csv/sqlite-messages/input.db"));
    let words = ["`messages` (ticket, author, body, sent, internal; 6 rows)", "a view", "--query \"SELECT "];
    assert_error(&convert(&path, &[]), &words);
    let words = ["no such table: nowhere", "`messages` (ticket"];
    assert_error(&convert(&path, &["--query", "SELECT a FROM nowhere"]), &words);
}

#[test]
fn nothing_but_one_select_is_run() {
    let bytes = fixture("csv/sqlite-messages/input.db");
    let (home, path) = written("a.db", &bytes);
    let other = home.path().join("other.db");
    for query in [
        "DELETE FROM messages",
        "WITH one AS (SELECT 1) DELETE FROM messages",
        "UPDATE messages SET body = ''",
        "INSERT INTO tickets VALUES (9, 'x') RETURNING id",
        "CREATE TEMP TABLE more (a)",
        "PRAGMA journal_mode = DELETE",
        "SELECT * FROM pragma_database_list",
        "BEGIN",
        "EXPLAIN SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT random() AS id",
        "SELECT load_extension('x')",
        "SELECT * FROM messages WHERE ticket = ?1",
        "/* nothing */",
        "",
        &format!("ATTACH '{}' AS other", other.display()),
        &format!("VACUUM INTO '{}'", other.display()),
    ] {
        assert_error(&convert(&path, &["--query", query]), &["a.db", "hint"]);
    }
    assert_eq!(contents(home.path()), [(PathBuf::from("a.db"), bytes)], "nothing changed and nothing came");
}

#[test]
fn a_query_without_end_stops_at_the_limit() {
    let (_home, path) = written("a.db", &fixture("csv/sqlite-messages/input.db"));
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, hex(zeroblob(400000)) FROM n";
    assert_error(&convert(&path, &["--query", endless]), &["a.db", "--max-ratio"]);
}

#[test]
fn what_stands_in_the_log_is_read_and_nothing_is_written_beside_it() {
    let (home, path) = written("a.db", &fixture("csv/sqlite-messages/input.db"));
    let database = rusqlite::Connection::open(&path).unwrap();
    database.pragma_update(None, "journal_mode", "WAL").unwrap();
    database
        .execute_batch(
            "INSERT INTO messages VALUES (3, 'customer', 'Is tea sold?', '2024-03-02', 0), \
             (3, 'agent', 'Only cups.', '2024-03-03', 0)",
        )
        .unwrap();
    let before = contents(home.path());
    assert!(before.iter().any(|(name, bytes)| name == Path::new("a.db-wal") && !bytes.is_empty()));
    let ran = convert(&path, &["--query", QUERY]);
    assert!(ran.stdout.contains("Only cups."), "{}", ran.all());
    assert_eq!(contents(home.path()), before);
}

#[test]
fn a_database_with_a_name_of_odd_signs_is_opened() {
    let (_home, path) = written("a?mode=rw#%41 ü.db", &fixture("csv/sqlite-messages/input.db"));
    let ran = convert(&path, &["--query", QUERY]);
    assert_eq!(ran.code, 0, "{}", ran.all());
}

#[test]
fn an_encoding_for_other_files_leaves_tables_alone() {
    let path = root().join("fixtures/read/openai-chat/parquet/input.parquet");
    let ran = convert(&path, &["--encoding", "windows-1252"]);
    assert!(ran.stdout.contains("👋"), "{}", ran.all());
}

#[test]
fn columns_of_every_kind_become_json() {
    let home = tempfile::tempdir().unwrap();
    let rejected = home.path().join("rejected.jsonl");
    let path = root().join("fixtures/read/prompt-completion/parquet/input.parquet");
    // A reader that refuses the rows shows them as they were converted.
    convert(&path, &["--from", "sharegpt", "--rejected", rejected.to_str().unwrap()]);
    let rows: Vec<String> = std::fs::read_to_string(rejected)
        .unwrap()
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["raw"].as_str().unwrap().to_owned()
        })
        .collect();
    for (row, pieces) in [
        (
            0,
            &["\"id\":9007199254740993,", "\"price\":12.30,", "\"sent\":\"2024-03-01T09:00:00.123456789Z\""]
                [..],
        ),
        (
            0,
            &[
                "\"wall\":\"2024-03-01T09:00:00\",",
                "\"clock\":\"01:00:00\"",
                "\"more\":{\"a\":1},\"counts\":{\"x\":1}",
            ],
        ),
        (1, &["\"price\":-0.05,\"day\":\"1969-12-31\"", "\"score\":\"NaN\"", "\"raw\":\"//4=\",\"tags\":[]"]),
        (2, &["\"id\":3,\"small\":255,\"more\":{\"b\":\"x\"}}"]),
    ] {
        for piece in pieces {
            assert!(rows[row].contains(piece), "`{piece}` is missing in {}", rows[row]);
        }
    }
}
