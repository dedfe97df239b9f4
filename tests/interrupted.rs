//! Runs that are stopped say what they leave, and inputs that change meanwhile are noticed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chatmill::config::Settings;
use chatmill::lint::Safety;
use chatmill::pipeline::watch::Watch;
use chatmill::pipeline::{CheckOptions, FixTo, Fixing, Plan, check, prepare};
use chatmill::{Error, ErrorKind};

const ROW: &str = "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is my order?\"},{\"role\":\"assistant\",\"content\":\"On its way.\"}]}\n";

/// Wants the run to stop once so many stages have begun, and does something when the first begins.
struct StopAt<'a> {
    stage: u64,
    begun: AtomicU64,
    first: &'a (dyn Fn() + Sync),
}

impl Watch for StopAt<'_> {
    fn begin(&self, _stage: &str, _bytes: u64) {
        if self.begun.fetch_add(1, Ordering::Relaxed) == 0 {
            (self.first)();
        }
    }

    fn advance(&self, _bytes: u64) {}

    fn end(&self) {}

    fn stop_wanted(&self) -> bool {
        self.begun.load(Ordering::Relaxed) >= self.stage
    }
}

fn stop_at(stage: u64) -> StopAt<'static> {
    StopAt { stage, begun: AtomicU64::new(0), first: &|| {} }
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn settings(inputs: &[&Path]) -> Settings {
    let inputs = inputs.iter().map(|path| path.display().to_string()).collect();
    Settings { inputs, target: "openai-chat".into(), threads: 1, ..Settings::default() }
}

fn prepared(input: &Path, watch: &StopAt<'_>) -> Error {
    let out = input.with_extension("out");
    let plan = Plan::make(settings(&[input])).unwrap();
    let error = prepare(&plan, &out, false, watch).err().unwrap();
    assert!(!out.exists(), "a failed run leaves no folder");
    error
}

#[test]
fn a_run_that_is_stopped_says_what_it_leaves() {
    let home = tempfile::tempdir().unwrap();
    let one = file(home.path(), "a.jsonl", ROW);
    for stage in [1, 2] {
        let error = prepared(&one, &stop_at(stage));
        assert_eq!(error.to_string(), "stopped before the end; no output was written", "{stage}");
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    }
}

#[test]
fn a_check_that_is_stopped_names_the_files_that_it_fixed() {
    let home = tempfile::tempdir().unwrap();
    // A blank line can be fixed.
    let text = format!("\n{ROW}");
    let [one, other] = ["a.jsonl", "b.jsonl"].map(|name| file(home.path(), name, &text));
    let check = |to: Option<FixTo>, stage: u64| {
        let fixing = to.map(|to| Fixing { most: Safety::Safe, to });
        let options = CheckOptions { fixing, ..CheckOptions::default() };
        let mut told = |_| Ok(());
        check(&settings(&[&one, &other]), options, &stop_at(stage), &mut told).err().unwrap().to_string()
    };
    assert_eq!(check(None, 2), "stopped before the end");
    assert_eq!(check(Some(FixTo::Nowhere), 2), "stopped before the end");
    let in_place = || Some(FixTo::InPlace { backup: false });
    assert_eq!(check(in_place(), 1), "stopped before the end; no file was changed");
    let named = format!("stopped before the end; fixed before that: `{}`", one.display());
    assert_eq!(check(in_place(), 2), named);
    assert_eq!(std::fs::read_to_string(&one).unwrap(), ROW);
    assert_eq!(std::fs::read_to_string(&other).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn rows_that_were_converted_before_the_end_are_counted() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    let home = tempfile::tempdir().unwrap();
    let input = file(home.path(), "a.jsonl", &ROW.repeat(200_000));
    let convert = crate::support::program()
        .args(["convert", "--quiet", input.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut convert = convert.unwrap();
    let mut rows = BufReader::new(convert.stdout.take().unwrap());
    let mut first = String::new();
    rows.read_line(&mut first).unwrap();
    // Nobody reads on: it waits.
    let kill = Command::new("kill").args(["-INT", &convert.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let written = 1 + rows.lines().map(Result::unwrap).count();
    let ran = crate::support::Ran::from(convert.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.all());
    let number = chatmill::text::number::count(written as u64, "row");
    assert!(
        ran.stderr.contains(&format!("stopped before the end; {number} had been written")),
        "{}",
        ran.all()
    );
}

#[test]
fn an_input_that_changes_while_it_is_read_proves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let input = file(home.path(), "a.jsonl", &ROW.repeat(3));
    let append = || std::fs::write(&input, ROW.repeat(4)).unwrap();
    let error = prepared(&input, &StopAt { first: &append, ..stop_at(u64::MAX) });
    assert_eq!(error.kind(), ErrorKind::Input);
    assert_eq!(error.to_string(), format!("`{}` was changed while it was being read", input.display()));
    assert!(error.hint().unwrap().contains("no output was written"));
}
