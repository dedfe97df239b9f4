//! Every stage of a run over chat JSONL as MB/s and as a share of its limit, measured in one run.
//!
//! `cargo bench` on data it makes; `cargo bench -- FILE` on a chat JSONL of your own; `--write` puts the table into
//! `docs/performance.md`. Times are the best of some rounds, taken in turn, so that a slow moment of the machine hits
//! all stages alike. Not a test: nothing fails here for being slow.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints and may stop")]

mod page;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chatmill::config::Settings;
use chatmill::dedup::{Compare, fingerprint};
use chatmill::lint::Item;
use chatmill::model::{Body, Prints};
use chatmill::pipeline::watch::Silent;
use chatmill::pipeline::{Plan, prepare};
use chatmill::read::frame::{Feed, Lines};
use chatmill::read::{Batch, Frames};
use chatmill::target::Target;
use chatmill::target::openai_chat::TARGET as OPENAI;
use chatmill::text::json::parse;
use chatmill::tokens;
use page::Told;

/// Rounds of each stage; the best counts.
const ROUNDS: usize = 5;
/// Rows of the plain data that is made: some 36 MB.
const ROWS: usize = 60_000;

fn main() {
    let told = Told::here();
    let home = tempfile::tempdir().unwrap();
    let pages: Vec<String> = told
        .sets(home.path(), ROWS)
        .into_iter()
        .map(|(path, what)| {
            let bytes = std::fs::read(&path).unwrap();
            let table = measure(&path, &bytes, home.path());
            format!(
                "{what}, {:.1} MB, {} threads in the whole runs, best of {ROUNDS} rounds in turn.\n\n{table}",
                bytes.len() as f64 / 1e6,
                std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
            )
        })
        .collect();
    let page = pages.join("\n");
    println!("{page}");
    if told.write {
        page::put("stages", &page);
    }
}

/// A stage: its name, the name of the stage that limits it, and the work.
struct Stage<'a> {
    name: &'static str,
    limit: &'static str,
    run: Box<dyn FnMut() + 'a>,
    best: Duration,
}

/// Stages in the order they are run.
struct Stages<'a>(Vec<Stage<'a>>);

impl<'a> Stages<'a> {
    fn add(&mut self, name: &'static str, limit: &'static str, run: Box<dyn FnMut() + 'a>) {
        self.0.push(Stage { name, limit, run, best: Duration::MAX });
    }
}

fn measure(path: &Path, bytes: &[u8], home: &Path) -> String {
    let lines: Vec<&[u8]> =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let values: Vec<serde_json::Value> = lines.iter().map(|line| parse(line).unwrap().value).collect();
    let bodies: Vec<Body> = values.iter().filter_map(|value| OPENAI.decode(value.clone()).ok()).collect();
    let model = tokens::model("gpt-4.1-mini").unwrap();
    let meter = tokens::Meter::of(model).unwrap();
    meter.counter.count("load the vocabulary before the clock runs");
    let rules = chatmill::lint::Rules::select(OPENAI.spec(), &Settings::default().lint).unwrap();
    let run_number = std::cell::Cell::new(0);
    let whole = |count: bool| {
        let settings =
            Settings { inputs: vec![path.to_string_lossy().into_owned()], count, ..Settings::default() };
        let plan = Plan::make(settings).unwrap();
        run_number.set(run_number.get() + 1);
        let out = home.join(format!("run{}", run_number.get()));
        black_box(prepare(&plan, &out, false, &Silent).unwrap());
        std::fs::remove_dir_all(out).unwrap();
    };
    let mut stages = Stages(Vec::new());
    stages.add(
        "limit: find line ends",
        "",
        Box::new(|| _ = black_box(memchr::memchr_iter(b'\n', bytes).count())),
    );
    stages.add("limit: check UTF-8", "", Box::new(|| _ = black_box(std::str::from_utf8(bytes).is_ok())));
    stages.add(
        "limit: serde_json to its own tree",
        "",
        Box::new(|| {
            for line in &lines {
                black_box(serde_json::from_slice::<serde_json::Value>(line).is_ok());
            }
        }),
    );
    stages.add("limit: copy", "", Box::new(|| _ = black_box(bytes.to_vec())));
    stages.add(
        "frame lines",
        "limit: find line ends",
        Box::new(|| {
            let feed = Feed::new(Box::new(std::fs::File::open(path).unwrap()), "bench");
            let mut frames = Lines::new(feed, 0, 16 << 20);
            let mut batch = Batch::default();
            while frames.fill(&mut batch).unwrap() {
                black_box(batch.len());
                batch.clear();
            }
        }),
    );
    stages.add(
        "parse with places",
        "limit: serde_json to its own tree",
        Box::new(|| {
            for line in &lines {
                black_box(parse(line).is_ok());
            }
        }),
    );
    stages.add(
        "decode (from a copy of the tree)",
        "limit: copy",
        Box::new(|| {
            for value in &values {
                black_box(OPENAI.decode(value.clone()).is_ok());
            }
        }),
    );
    stages.add(
        "check all rules",
        "limit: check UTF-8",
        Box::new(|| {
            for body in &bodies {
                black_box(rules.check_row(&Item::new(body, None)).len());
            }
        }),
    );
    stages.add(
        "fingerprint for twins",
        "limit: check UTF-8",
        Box::new(|| {
            let mut scratch = Vec::new();
            for body in &bodies {
                let prints = Prints::of(body, &mut scratch);
                black_box(fingerprint(body, &prints, Compare::default()));
            }
        }),
    );
    stages.add(
        "encode",
        "limit: copy",
        Box::new(|| {
            let mut row = Vec::new();
            for body in &bodies {
                row.clear();
                let _ = OPENAI.encode(body, &mut row);
                black_box(row.len());
            }
        }),
    );
    stages.add(
        "count tokens (o200k_base)",
        "limit: check UTF-8",
        Box::new(|| {
            for body in &bodies {
                black_box(meter.count(body, tokens::Mask::Answers));
            }
        }),
    );
    stages.add(
        "prepare without tokens, whole",
        "limit: serde_json to its own tree",
        Box::new(|| whole(false)),
    );
    stages.add("prepare, whole", "limit: serde_json to its own tree", Box::new(|| whole(true)));
    for _ in 0..ROUNDS {
        for stage in &mut stages.0 {
            let start = Instant::now();
            (stage.run)();
            stage.best = stage.best.min(start.elapsed());
        }
    }
    table(&stages.0, bytes.len())
}

fn table(stages: &[Stage<'_>], bytes: usize) -> String {
    let rate = |best: Duration| bytes as f64 / 1e6 / best.as_secs_f64();
    let mut out = String::from("| stage | MB/s | share of its limit |\n|---|--:|--:|\n");
    for stage in stages {
        let share = stages.iter().find(|other| other.name == stage.limit).map_or_else(String::new, |limit| {
            format!(
                "{:.1} % of {}",
                100.0 * rate(stage.best) / rate(limit.best),
                limit.name.trim_start_matches("limit: ")
            )
        });
        let _ = writeln!(out, "| {} | {:.0} | {share} |", stage.name, rate(stage.best));
    }
    out
}
