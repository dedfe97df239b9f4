//! Cases as folders: adding one needs no Rust.
//!
//! `fixtures/read/<reader>/<case>/` holds `input.*`, or a folder `input/` where a case needs several files, and perhaps
//! `case.toml` (`args = [...]`); the program converts it, and `wanted.jsonl` holds the rows, `wanted.txt` what was said. `fixtures/pipeline/<story>/` is the same for
//! `prepare`, with the written files in `wanted/`. `fixtures/check/<case>/` is checked: `wanted.txt` holds what people
//! read, `wanted.diff` what fixes would change, `wanted.fixed` what they make, line ends written out, and
//! `wanted.concise`, `wanted.github` and `wanted.sarif` the other forms where the case has them. `BLESS=1 cargo test` writes what is wanted.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::{Ran, assert_sums, compare, contents, program, report, root};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Case {
    args: Vec<String>,
}

fn folders(below: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(below)
        .unwrap_or_else(|error| panic!("{}: {error}", below.display()))
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn case_of(folder: &Path) -> Case {
    match std::fs::read_to_string(folder.join("case.toml")) {
        Ok(text) => toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display())),
        Err(_) => Case::default(),
    }
}

/// Names of the inputs of a case: everything but what is wanted (here or by a reader's own tests) and the case itself.
fn inputs(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with("wanted") && name != "case.toml" && name != "decoded.txt")
        .collect();
    names.sort();
    names
}

#[test]
fn readers_read_as_wanted() {
    let mut faults = Vec::new();
    let mut cases = 0;
    for reader in folders(&root().join("fixtures/read")) {
        let name = reader.file_name().unwrap().to_string_lossy().into_owned();
        for folder in folders(&reader) {
            cases += 1;
            let ran = program()
                .current_dir(&folder)
                .args(["convert", "--threads", "1"])
                .args(inputs(&folder))
                .args(case_of(&folder).args)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&ran.stderr);
            let code = ran.status.code().unwrap_or(-1);
            let label = folder.display();
            if !(0..=2).contains(&code) || said.contains("defect of chatmill") || said.contains("panicked") {
                faults.push(format!("{label}: exit {code}\n{said}"));
                continue;
            }
            if code < 2 && !said.contains(&format!(" as {name}")) {
                faults.push(format!("{label}: was not read as {name}:\n{said}"));
            }
            faults.extend(compare(&folder.join("wanted.jsonl"), &String::from_utf8_lossy(&ran.stdout)).err());
            faults.extend(compare(&folder.join("wanted.txt"), &format!("exit {code}\n{said}")).err());
        }
    }
    assert!(faults.is_empty(), "{} of {cases} cases:\n{}", faults.len(), faults.join("\n"));
    assert!(cases >= 50, "only {cases} cases were found");
}

/// `fixtures/target/<target>/rows.jsonl`: rows as the target writes them, which come back to the byte.
#[test]
fn targets_write_what_they_read() {
    for target in chatmill::target::TARGETS {
        let spec = target.spec();
        let path = root().join("fixtures/target").join(spec.name).join("rows.jsonl");
        let rows =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!rows.trim().is_empty(), "{} is empty", path.display());
        for row in rows.lines() {
            let mut body = target.decode(serde_json::from_str(row).unwrap()).unwrap();
            let mut left_out = Vec::new();
            chatmill::target::fit(spec, &mut body, &mut left_out).unwrap();
            let mut out = Vec::new();
            target.encode(&body, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), row, "{}", spec.name);
            assert!(left_out.is_empty(), "{}: {left_out:?}", spec.name);
        }
    }
}

#[test]
fn stories_end_as_wanted() {
    let mut faults = Vec::new();
    for folder in folders(&root().join("fixtures/pipeline")) {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let ran = program()
            .current_dir(&folder)
            .args(["prepare", "--quiet", "--output", out.to_str().unwrap()])
            .args(inputs(&folder))
            .args(case_of(&folder).args)
            .output()
            .unwrap();
        let code = ran.status.code().unwrap_or(-1);
        let said = String::from_utf8_lossy(&ran.stderr);
        faults.extend(compare(&folder.join("wanted/exit.txt"), &format!("exit {code}\n{said}")).err());
        if code == 2 {
            continue;
        }
        assert_sums(&report(&out));
        for (path, bytes) in contents(&out) {
            // The manifest holds the version of chatmill, which changes with every release.
            let text = String::from_utf8_lossy(&bytes).replace(env!("CARGO_PKG_VERSION"), "VERSION");
            faults.extend(compare(&folder.join("wanted").join(path), &text).err());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn checks_say_as_wanted() {
    let mut faults = Vec::new();
    let folders = folders(&root().join("fixtures/check"));
    assert!(folders.len() >= 5, "only {} cases were found", folders.len());
    for folder in folders {
        let case = case_of(&folder);
        let home = tempfile::tempdir().unwrap();
        let fixed = home.path().join("fixed.jsonl");
        let check = |more: &[&str]| {
            let ran: Ran = program()
                .current_dir(&folder)
                .args(["check", "--threads", "2"])
                .args(inputs(&folder))
                .args(&case.args)
                .args(more)
                .output()
                .unwrap()
                .into();
            let said = format!("{}\nexit {}\n{}", ran.stdout, ran.code, ran.stderr);
            said.replace(&home.path().display().to_string(), "HOME")
        };
        let mut wanted = |name: &str, found: String| faults.extend(compare(&folder.join(name), &found).err());
        wanted("wanted.txt", check(&[]));
        wanted("wanted.diff", check(&["--diff"]));
        let said = check(&["--format", "concise", "--fix", "--output", fixed.to_str().unwrap()]);
        let bytes = std::fs::read(&fixed).unwrap_or_default();
        wanted("wanted.fixed", format!("{}\n{said}", visible(&bytes)));
        for format in ["concise", "github", "sarif"] {
            let name = format!("wanted.{format}");
            if folder.join(&name).exists() {
                let version = concat!("\"semanticVersion\":\"", env!("CARGO_PKG_VERSION"), "\"");
                wanted(&name, check(&["--format", format]).replace(version, "\"semanticVersion\":\"0.0.0\""));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Bytes as text, with what a reader could not see written out.
fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.replace('\u{feff}', "<BOM>").replace('\r', "<CR>").replace('\n', "<LF>\n")
}
