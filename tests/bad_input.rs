//! Hostile input gets a finding or an error with the place and the way out; never a panic, never silence.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::{Ran, assert_sums, contents, prepare, program, report, run};

/// A folder with one file in it.
fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (home, path)
}

fn prepare_file(name: &str, bytes: &[u8]) -> (serde_json::Value, Ran) {
    let (_home, path) = file(name, bytes);
    let (_out_home, out, ran) = prepare(&[path.to_str().unwrap()]);
    assert!(ran.code < 2, "{}", ran.all());
    let report = report(&out);
    assert_sums(&report);
    (report, ran)
}

fn assert_error(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 2, "{}", ran.all());
    for word in words {
        assert!(ran.stderr.contains(word), "`{word}` is missing:\n{}", ran.all());
    }
    assert!(!ran.stderr.contains("panicked"), "{}", ran.all());
}

fn codes(report: &serde_json::Value) -> Vec<String> {
    let tallies = report["findings"].as_array().unwrap();
    tallies.iter().map(|tally| tally["code"].as_str().unwrap().to_owned()).collect()
}

const GOOD: &str = "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is my order?\"},{\"role\":\"assistant\",\"content\":\"On its way.\"}]}\n";

#[test]
fn an_empty_file() {
    let (_home, path) = file("empty.jsonl", b"");
    let (_out_home, out, ran) = prepare(&[path.to_str().unwrap()]);
    assert_error(&ran, &["nothing to read", "the file is empty"]);
    assert!(!out.exists());
}

#[test]
fn a_folder_without_known_files() {
    let (home, _path) = file("notes.bin", &[0, 1, 2, 3, 0, 0]);
    let (_out_home, out, ran) = prepare(&[home.path().to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert!(ran.stderr.contains("it is not text") && ran.stderr.contains("nothing-read"), "{}", ran.all());
    assert_sums(&report(&out));
    let empty = tempfile::tempdir().unwrap();
    let (_out_home, _out, ran) = prepare(&[empty.path().to_str().unwrap()]);
    assert_error(&ran, &["no file was found", "hint"]);
}

#[test]
fn a_file_that_is_not_text() {
    let (_home, path) = file("picture.jsonl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    let (_out_home, _out, ran) = prepare(&[path.to_str().unwrap()]);
    assert_error(&ran, &["is not text"]);
}

#[test]
fn a_path_that_does_not_exist_suggests_its_neighbour() {
    let (home, _path) = file("chats.jsonl", GOOD.as_bytes());
    let typed = home.path().join("chat.jsonl");
    let (_out_home, _out, ran) = prepare(&[typed.to_str().unwrap()]);
    assert_error(&ran, &["does not exist", "did you mean", "chats.jsonl"]);
}

#[test]
fn truncated_gzip() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for number in 0..20_000 {
        let row = GOOD.replace("order", &format!("order {number}"));
        encoder.write_all(row.as_bytes()).unwrap();
    }
    let packed = encoder.finish().unwrap();
    let (_home, path) = file("cut.jsonl.gz", &packed[..packed.len() / 2]);
    let (_out_home, out, ran) = prepare(&[path.to_str().unwrap()]);
    assert_error(&ran, &["cut.jsonl.gz", "cut short or damaged", "hint"]);
    assert!(!out.exists(), "a failed run leaves no folder");
}

#[test]
fn a_row_that_is_broken_everywhere_is_not_told_of_everywhere() {
    let one = "{\"content\":\"a\",\"content\":\"b\",\"role\":\"user\"}";
    for (row, code, more, exit) in [
        (format!("{{\"messages\":[1{}]}}\n", ",1".repeat(49_999)), "SHAPE003", 49_936, 1),
        (format!("{{\"messages\":[{{}}{}]}}\n", ",{}".repeat(999)), "SHAPE004", 936, 1),
        (format!("{{\"messages\":[{one}{}]}}\n", format!(",{one}").repeat(999)), "READ010", 936, 0),
    ] {
        let (_home, path) = file("broken.jsonl", format!("{GOOD}{row}").as_bytes());
        let ran = run(["check", path.to_str().unwrap(), "--select", "SHAPE,READ", "--format", "concise"]);
        assert_eq!(ran.code, exit, "{}", ran.all());
        let found: Vec<&str> = ran.stdout.lines().filter(|line| line.contains(code)).collect();
        let last = found.last().copied().unwrap_or_default();
        assert_eq!(found.len(), 64, "{code}: {}", ran.all());
        assert!(last.contains(&format!("{more} more like it in this record")), "{last}");
    }
}

#[test]
fn patterns_mean_hidden_names_only_where_they_have_the_dot() {
    let home = tempfile::tempdir().unwrap();
    for name in ["a.jsonl", ".b.jsonl", "d/c.jsonl", ".chatmill-partial/train.jsonl", "__MACOSX/a.jsonl"] {
        let path = home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, GOOD).unwrap();
    }
    for (pattern, rows) in
        [("*.jsonl", 1), ("**/*.jsonl", 2), (".*.jsonl", 1), ("*/*.jsonl", 1), (".chat*/*.jsonl", 1)]
    {
        let ran = run(["convert", home.path().join(pattern).to_str().unwrap()]);
        assert_eq!(ran.stdout.lines().count(), rows, "{pattern}: {}", ran.all());
    }
}

#[test]
fn a_file_that_breaks_off_hides_no_other() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("a.json"), format!("[{GOOD}")).unwrap();
    std::fs::write(home.path().join("b.jsonl"), "{\"messages\":3}\n").unwrap();
    let ran = run(["check", home.path().to_str().unwrap(), "--format", "concise"]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert!(ran.stdout.contains("a.json") && ran.stdout.contains("FILE008"), "{}", ran.all());
    assert!(ran.stdout.contains("b.jsonl:1:"), "{}", ran.all());
}

#[test]
fn a_zip_that_is_cut_short() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("chats.jsonl", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(GOOD.as_bytes()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    for part in [bytes.len() / 2, bytes.len() - 1] {
        let (_home, path) = file("chats.zip", &bytes[..part]);
        let ran = run(["convert", path.to_str().unwrap()]);
        assert_error(&ran, &["chats.zip", "cut short or damaged", "get it again"]);
    }
}

#[test]
fn a_bomb_is_refused() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    let zeros = vec![b'a'; 1 << 20];
    for _ in 0..200 {
        encoder.write_all(&zeros).unwrap();
    }
    let packed = encoder.finish().unwrap();
    let (_home, path) = file("bomb.jsonl.zst", &packed);
    let ran = run(["convert", "--from", "openai-chat", path.to_str().unwrap()]);
    assert_error(&ran, &["--max-ratio"]);
}

#[test]
fn a_zip_that_climbs_out() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("../../evil.jsonl", options).unwrap();
    zip.write_all(GOOD.as_bytes()).unwrap();
    zip.start_file("inner/good.jsonl", options).unwrap();
    zip.write_all(GOOD.as_bytes()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let (report, ran) = prepare_file("chats.zip", &bytes);
    assert_eq!(report["ledger"]["records"], 1, "{}", ran.all());
    assert!(report["skipped"][0]["why"].as_str().unwrap().contains("leads out of the archive"));
    let findings = report["findings"].as_array().unwrap();
    let skipped = findings.iter().find(|finding| finding["code"] == "READ013").unwrap();
    assert_eq!(skipped["severity"], "error", "{}", ran.all());
    let (_home, path) = file("chats.zip", &bytes[..bytes.len() - 10]);
    assert_error(&run(["convert", path.to_str().unwrap()]), &["archive"]);
}

#[test]
fn a_zip_with_packed_and_hidden_members() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(GOOD.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstandard = zstd::encode_all(GOOD.replace("order", "parcel").as_bytes(), 3).unwrap();
    let members: [(&str, &[u8]); 5] = [
        ("a.jsonl.gz", &gzip),
        ("b.jsonl.zst", &zstandard),
        (".hidden/c.jsonl", GOOD.as_bytes()),
        ("__MACOSX/._a.jsonl", b"Mac"),
        ("d/.DS_Store", b"Bud1"),
    ];
    for (name, bytes) in members {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let (report, ran) = prepare_file("chats.zip", &zip.finish().unwrap().into_inner());
    assert_eq!(report["ledger"]["records"], 2, "{}", ran.all());
    let skipped: Vec<&str> =
        report["skipped"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(skipped.len() == 1 && skipped[0].ends_with("chats.zip!.hidden/c.jsonl"), "{skipped:?}");
}

#[test]
fn a_line_beyond_the_limit_is_rejected_and_the_next_is_read() {
    let mut text = GOOD.as_bytes().to_vec();
    text.extend(b"{\"messages\":[{\"role\":\"user\",\"content\":\"");
    text.extend(vec![b'x'; 20 << 20]);
    text.extend(b"\"}]}\n");
    text.extend(GOOD.replace("order", "parcel").as_bytes());
    let (report, _ran) = prepare_file("long.jsonl", &text);
    assert_eq!(report["ledger"]["records"], 3);
    assert_eq!(report["ledger"]["rejected"], 1);
    assert!(codes(&report).contains(&"READ005".to_owned()));
}

#[test]
fn deep_nesting_surrogates_and_broken_lines_name_themselves() {
    let deep = format!("{}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let text = format!(
        "{GOOD}{{\"messages\":{deep}{{\"messages\":[{{\"role\":\"user\",\"content\":\"\\ud83d\"}}]}}\n{{\"messages\":[,]}}\n\n{}",
        GOOD.replace("order", "parcel")
    );
    let (report, ran) = prepare_file("odd.jsonl", text.as_bytes());
    assert_eq!(report["ledger"]["records"], 5, "{}", ran.all());
    assert_eq!(report["ledger"]["rejected"], 3, "{}", ran.all());
    for code in ["READ001", "READ002", "READ003"] {
        assert!(codes(&report).contains(&code.to_owned()), "{code} is missing: {:?}", codes(&report));
    }
}

#[test]
fn broken_utf8_is_kept_escaped() {
    let text = [GOOD.as_bytes(), b"{\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}]}\n"].concat();
    let (_home, path) = file("latin.jsonl", &text);
    let (_out_home, out, ran) = prepare(&[path.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    let rejected = std::fs::read_to_string(out.join("rejected.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(rejected.trim()).unwrap();
    assert_eq!(line["code"], "READ004");
    assert!(line["raw_escaped"].as_str().unwrap().contains("\\xff"));
}

#[test]
fn an_output_folder_that_is_not_empty() {
    let (home, path) = file("chats.jsonl", GOOD.as_bytes());
    let taken = home.path().join("taken");
    std::fs::create_dir(&taken).unwrap();
    std::fs::write(taken.join("mine.txt"), "mine").unwrap();
    let ran = run(["prepare", path.to_str().unwrap(), "-o", taken.to_str().unwrap(), "--force"]);
    assert_error(&ran, &["is not empty", "hint"]);
    assert_eq!(contents(&taken).len(), 1);
}

#[test]
fn an_input_that_is_also_the_output() {
    let (home, path) = file("chats.jsonl", GOOD.as_bytes());
    let folder = home.path().to_str().unwrap();
    assert_error(&run(["prepare", path.to_str().unwrap(), "-o", folder]), &["output folder"]);
    let name = path.to_str().unwrap();
    assert_error(&run(["convert", name, "-o", name]), &["input and output at once"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), GOOD);
}

#[test]
fn a_reader_that_does_not_fit() {
    let (_home, path) = file("chats.jsonl", GOOD.as_bytes());
    let name = path.to_str().unwrap();
    assert_error(
        &run(["convert", "--from", "openai-chta", name]),
        &["unknown reader", "did you mean `openai-chat`"],
    );
    let (_out_home, out, ran) = prepare(&["--from", "alpaca", name]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert_eq!(report(&out)["ledger"]["rejected"], 1);
}

#[test]
fn an_unknown_column_or_target_or_model_suggests_the_right_one() {
    let (_home, path) = file("t.csv", b"question,answer\nWhere is it?,On its way.\n");
    let name = path.to_str().unwrap();
    let ran = run(["convert", name, "--prompt-column", "qestion"]);
    assert_error(&ran, &["qestion", "did you mean `question`"]);
    assert_error(&run(["convert", name, "--to", "openai-cat"]), &["did you mean `openai-chat`"]);
    assert_error(&run(["count", name, "--model", "gpt-4o-minni"]), &["did you mean"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_under_a_final_name() {
    // /dev/full refuses every byte, as a full disk does.
    let (_home, path) = file("chats.jsonl", GOOD.as_bytes());
    let output = program()
        .args(["convert", path.to_str().unwrap()])
        .stdout(std::fs::File::options().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_error(&Ran::from(output), &["cannot write", "No space left"]);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("many.jsonl");
    std::fs::write(&path, GOOD.repeat(50_000)).unwrap();
    let mut child = program()
        .args(["convert", "--quiet", path.to_str().unwrap()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.all());
}

/// Kills runs at many moments; whatever stands under a final name must be whole, and the next run must succeed.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_half_file() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("chats.jsonl");
    let rows: String = (0..60_000).map(|number| GOOD.replace("order", &format!("order {number}"))).collect();
    std::fs::write(&input, rows).unwrap();
    let whole = home.path().join("whole");
    let arguments = |out: &Path| {
        ["prepare", "--no-tokens", "--quiet", input.to_str().unwrap(), "-o", out.to_str().unwrap()]
            .map(str::to_owned)
    };
    assert_eq!(run(arguments(&whole)).code, 0);
    let wanted = contents(&whole);
    let out = home.path().join("killed");
    for moment in 0..12 {
        let mut child = program().args(arguments(&out)).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(moment * 40));
        child.kill().unwrap();
        child.wait().unwrap();
        if out.join("manifest.json").exists() {
            std::fs::remove_dir_all(&out).unwrap();
            continue;
        }
        for (path, bytes) in contents(&out) {
            if path.starts_with(".chatmill-partial") {
                continue;
            }
            let same = wanted.iter().find(|(name, _)| *name == path);
            assert_eq!(same.map(|(_, wanted)| wanted), Some(&bytes), "{} is not whole", path.display());
        }
    }
    let ran = run(arguments(&out));
    if ran.code == 2 {
        // The last kill came after the end.
        assert!(ran.stderr.contains("earlier run"), "{}", ran.all());
    }
    assert_eq!(contents(&out), wanted);
}

#[test]
fn a_first_line_longer_than_the_head_hides_no_other() {
    let long = GOOD.replace("my order?", &"x".repeat(400_000));
    let (report, ran) = prepare_file("long.jsonl", format!("{long}{}", GOOD.repeat(5)).as_bytes());
    assert_eq!(report["ledger"]["records"], 6, "{}", ran.all());
}

#[test]
fn a_second_array_is_read_too() {
    let row = GOOD.trim_end();
    let (report, ran) = prepare_file("two.json", format!("[\n{row},\n{row}\n]\n[\n{row}\n]\n?").as_bytes());
    assert_eq!(
        (&report["ledger"]["records"], &report["ledger"]["rejected"]),
        (&4.into(), &1.into()),
        "{}",
        ran.all()
    );
}

#[test]
fn names_in_errors_cannot_move_the_terminal() {
    let ran = run(["prepare", "no\u{1b}]52;c;AA\u{7}\u{202e}\u{9b}x", "-o", "nowhere"]);
    assert_error(&ran, &["does not exist"]);
    assert!(!ran.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']), "{:?}", ran.stderr);
}

#[test]
fn converted_rows_go_to_no_folder_and_to_no_file_twice() {
    let (home, path) = file("a.jsonl", GOOD.as_bytes());
    let path = path.to_str().unwrap();
    assert_error(&run(["convert", path, "-o", home.path().to_str().unwrap()]), &["is a folder", "hint"]);
    let both = home.path().join("both");
    let again = home.path().join("./both");
    let (both, again) = (both.to_str().unwrap(), again.to_str().unwrap());
    assert_error(&run(["convert", path, "-o", both, "--rejected", again]), &["rejected", "two files"]);
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_stay_what_they_are() {
    let (home, path) = file("a.jsonl", GOOD.as_bytes());
    let pipe = home.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read(pipe).unwrap()
    });
    let ran = run(["convert", path.to_str().unwrap(), "-o", pipe.to_str().unwrap()]);
    assert!(ran.code < 2, "{}", ran.all());
    assert_eq!(reader.join().unwrap(), GOOD.as_bytes());
    // And as an input: it can be opened only once.
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, GOOD).unwrap()
    });
    let (_out_home, out, ran) = prepare(&[pipe.to_str().unwrap()]);
    writer.join().unwrap();
    assert_eq!(report(&out)["ledger"]["records"], 1, "{}", ran.all());
}
