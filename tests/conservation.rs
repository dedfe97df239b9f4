//! Every turn of every fixture is accounted for: the same turns whatever the file is wrapped in, and sums that agree
//! however it is damaged.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chatmill::config::Settings;
use chatmill::error::ErrorKind;
use chatmill::pipeline::watch::Silent;
use chatmill::pipeline::{Out, Plan, convert};
use chatmill::report::Summary;
use proptest::prelude::*;

use crate::support::{files_below, prepare, root};

/// Counts rows and rejected records.
#[derive(Default)]
struct Counting {
    rows: u64,
    rejected: u64,
}

impl Out for Counting {
    fn row(&mut self, row: &[u8]) -> chatmill::Result<()> {
        assert!(!row.contains(&b'\n'), "a row holds a line feed");
        self.rows += 1;
        Ok(())
    }

    fn rejected(&mut self, _: &[u8]) -> chatmill::Result<()> {
        self.rejected += 1;
        Ok(())
    }
}

/// What became of the file, with the sums checked against what was written.
fn account(path: &Path) -> chatmill::Result<Summary> {
    let settings = Settings {
        inputs: vec![path.to_string_lossy().into_owned()],
        count: false,
        threads: 1,
        ..Settings::default()
    };
    let plan = Plan::make(settings)?;
    let mut out = Counting::default();
    let summary = convert(&plan, &mut out, &Silent)?;
    let name = path.display();
    assert!(summary.ledger.balanced, "{name}: {:?}", summary.ledger);
    assert_eq!(out.rows, summary.examples.train, "{name}");
    assert_eq!(out.rejected, summary.examples.rejected + rejected_whole(&summary), "{name}");
    Ok(summary)
}

/// Records that gave no example at all.
fn rejected_whole(summary: &Summary) -> u64 {
    summary.rejections.iter().map(|tally| tally.count).sum::<u64>() - summary.examples.rejected
}

/// Fixtures of one file each that need no flag.
fn fixtures() -> Vec<PathBuf> {
    let folder = root().join("fixtures/read");
    let plain = |path: &PathBuf| {
        let case = folder.join(path).parent().unwrap().to_owned();
        let named = path.file_name().unwrap().to_string_lossy().starts_with("input.");
        let alone = fs::read_dir(&case).unwrap().flatten().filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            !name.starts_with("wanted") && name != "decoded.txt"
        });
        named && alone.count() == 1
    };
    files_below(&folder).into_iter().filter(plain).map(|path| folder.join(path)).collect()
}

/// What must not depend on the wrapping: records, turns read, records rejected.
fn sums(summary: &Summary) -> (u64, u64, u64) {
    (summary.ledger.records, summary.turns.read, summary.ledger.rejected)
}

#[test]
fn the_same_turns_in_any_wrapping() {
    let home = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for fixture in fixtures() {
        let bytes = fs::read(&fixture).unwrap();
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let Ok(wanted) = account(&fixture) else { continue };
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        let folder = home.path().join(compared.to_string());
        fs::create_dir(&folder).unwrap();
        for (wrapping, file, wrapped) in wrappings(&name, text) {
            let path = folder.join(file);
            fs::write(&path, wrapped).unwrap();
            let found =
                account(&path).unwrap_or_else(|error| panic!("{}: {wrapping}: {error}", fixture.display()));
            assert_eq!(sums(&found), sums(&wanted), "{} {wrapping}", fixture.display());
        }
        compared += 1;
    }
    assert!(compared > 100, "only {compared} fixtures were compared");
}

/// The text in other wrappings: what it is, the file's name, its bytes.
fn wrappings(name: &str, text: &str) -> Vec<(&'static str, String, Vec<u8>)> {
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    let utf16 = std::iter::once(0xfeff).chain(plain.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![
        ("with a byte order mark", name.to_owned(), format!("\u{feff}{plain}").into_bytes()),
        ("in gzip", format!("{name}.gz"), gzip.finish().unwrap()),
        ("in zip", "wrapped.zip".to_owned(), zip.finish().unwrap().into_inner()),
        ("as UTF-16", format!("utf16-{name}"), utf16),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sums_of_damaged_fixtures_agree(
        which in any::<prop::sample::Index>(),
        cut in prop::option::of(any::<prop::sample::Index>()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        again in any::<bool>(),
    ) {
        let fixtures = fixtures();
        let fixture = which.get(&fixtures);
        let mut bytes = fs::read(fixture).unwrap();
        if again {
            bytes.extend_from_within(..);
        }
        if !bytes.is_empty() {
            for (at, value) in flips {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len() + 1));
            }
        }
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(fixture.file_name().unwrap());
        fs::write(&path, bytes).unwrap();
        // A file that is cut short may end the run; a defect must not.
        if let Err(error) = account(&path) {
            prop_assert!(matches!(error.kind(), ErrorKind::Input | ErrorKind::Usage), "{}: {error}", fixture.display());
        }
    }
}

/// Every setting that changes what is written changes the settings in the manifest; what changes nothing does not.
#[test]
fn the_manifest_holds_the_settings_that_made_the_run() {
    let settings_for = |input: &str, more: &[&str]| {
        let (_home, out, ran) = prepare(&[&[input], more].concat());
        assert!(ran.code < 2, "{more:?}: {}", ran.all());
        let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        manifest["settings"].to_string()
    };
    let settings = |more: &[&str]| settings_for("fixtures/guide/talks.jsonl", more);
    let plain = settings(&[]);
    assert_eq!(settings(&["--threads", "1"]), plain);
    let tokenizer = ["--model", "qwen3-8b", "--tokenizer", "fixtures/guide/tokenizer.json"];
    let changes: &[&[&str]] = &[
        &["--system", "Be kind."],
        &["--max-tokens", "900"],
        &["--gap", "3h"],
        &["--near", "off"],
        &["--near", "0.9"],
        &["--shingle", "words:3"],
        &["--mask", "numbers"],
        &["--stratify", "length"],
        &["--after", "2026-01-01"],
        &["--ignore", "ANS001"],
        &["--seed", "7"],
        &["--no-tokens"],
        &tokenizer,
    ];
    let mut seen = vec![plain];
    for change in changes {
        let found = settings(change);
        assert!(!seen.contains(&found), "{change:?}: {found}");
        seen.push(found);
    }
    let named = seen.last().unwrap();
    assert!(named.contains(r#"{"path":"fixtures/guide/tokenizer.json","blake3":""#), "{named}");
    let tickets = |more: &[&str]| settings_for("fixtures/pipeline/gap/tickets.csv", more);
    assert!(tickets(&["--assistant", "agent"]).contains(r#""speakers":{"assistant":["agent"]}"#));
}
