//! What tests share: running the program, folders, files of the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a run of the program came to.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Both streams, for messages of failing tests.
    pub fn all(&self) -> String {
        format!("exit {}\nstdout: {}\nstderr: {}", self.code, self.stdout, self.stderr)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program, without colour and without the settings of the machine.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatmill"));
    command.env("NO_COLOR", "1").env("CHATMILL_TODAY", "2026-11-21").stdin(Stdio::null()).current_dir(root());
    command
}

/// Runs the program with these arguments from the repository's root.
pub fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    program().args(arguments).output().unwrap().into()
}

/// Prepares `inputs` into a fresh folder and gives the folder back with what was said.
pub fn prepare(arguments: &[&str]) -> (tempfile::TempDir, PathBuf, Ran) {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let mut all = vec!["prepare", "--output", out.to_str().unwrap()];
    all.extend(arguments);
    let ran = run(all);
    (home, out, ran)
}

/// The report of a prepared folder.
pub fn report(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(folder.join("report.json")).unwrap()).unwrap()
}

/// The sums of a report, which must agree.
pub fn assert_sums(report: &serde_json::Value) {
    let number = |value: &serde_json::Value| value.as_u64().unwrap();
    let ledger = &report["ledger"];
    let verdicts = ["train", "valid", "test", "rejected", "duplicates_exact", "duplicates_near"];
    assert_eq!(
        number(&ledger["records"]),
        verdicts.iter().map(|verdict| number(&ledger[*verdict])).sum::<u64>(),
        "{ledger}"
    );
    assert_eq!(ledger["balanced"], true);
    let records: u64 =
        report["inputs"].as_array().unwrap().iter().map(|input| number(&input["records"])).sum();
    assert_eq!(records, number(&ledger["records"]));
    let turns = &report["turns"];
    let dropped: u64 = turns["dropped"].as_object().unwrap().values().map(number).sum();
    assert_eq!(
        number(&turns["read"]),
        number(&turns["kept"]) + number(&turns["merged"]) + dropped,
        "{turns}"
    );
}

/// Every file below a folder, sorted, as paths relative to it.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(folder).unwrap().to_owned())
        .collect();
    files.sort();
    files
}

/// Name and bytes of every file below a folder.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files_below(folder)
        .into_iter()
        .map(|path| (path.clone(), std::fs::read(folder.join(path)).unwrap()))
        .collect()
}

/// Compares text with a wanted file; with `BLESS=1` in the environment, writes it instead.
pub fn compare(wanted: &Path, found: &str) -> Result<(), String> {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(wanted.parent().unwrap()).unwrap();
        std::fs::write(wanted, found).unwrap();
        return Ok(());
    }
    let known = std::fs::read_to_string(wanted).unwrap_or_default();
    if known == found {
        return Ok(());
    }
    let line = known.lines().zip(found.lines()).take_while(|(a, b)| a == b).count();
    Err(format!(
        "{} differs at line {}:\n  wanted: {}\n  found:  {}\n  (BLESS=1 cargo test writes it; read it before you commit)",
        wanted.display(),
        line + 1,
        known.lines().nth(line).unwrap_or("<end>"),
        found.lines().nth(line).unwrap_or("<end>")
    ))
}

/// Every key that stands anywhere in a value.
pub fn collect_keys(value: &serde_json::Value, keys: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (key, value) in object {
                keys.insert(key.clone());
                collect_keys(value, keys);
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| collect_keys(value, keys)),
        _ => {}
    }
}
