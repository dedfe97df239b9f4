//! `check` over chat JSONL beside what only parses the same file, in one run.
//!
//! `cargo bench --bench check` on data it makes; with `-- FILE` on a chat JSONL of your own; `--write` puts the table
//! into `docs/performance.md`. The comparison with the `together` SDK is
//! `tests/agreement/check_speed.py`.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints and may stop")]

mod page;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chatmill::config::Settings;
use chatmill::lint::Item;
use chatmill::pipeline::check;
use chatmill::pipeline::check::CheckOptions;
use chatmill::pipeline::watch::Silent;
use chatmill::read::frame::{Feed, Lines};
use chatmill::read::{Batch, Frames};
use chatmill::target::openai_chat::TARGET as OPENAI;
use chatmill::target::{RowBuffer, Target};
use chatmill::text::json::parse;
use page::Told;

/// Rounds of each; the best counts.
const ROUNDS: usize = 5;
/// Rows of the data that is made: some 500 MB.
const ROWS: usize = 820_000;

fn main() {
    let told = Told::here();
    let home = tempfile::tempdir().unwrap();
    let (path, what) = told.chats(home.path(), ROWS);
    let bytes = std::fs::read(&path).unwrap();
    let table = measure(&path, &bytes);
    let page =
        format!("{what}, {:.1} MB, best of {ROUNDS} rounds in turn.\n\n{table}", bytes.len() as f64 / 1e6);
    println!("{page}");
    if told.write {
        page::put("check", &page);
    }
}

/// What is measured: its name, the work, the best time.
type Run<'a> = (&'static str, Box<dyn FnMut() + 'a>, Duration);

/// What the others are compared with.
const LIMIT: &str = "only parse: serde_json, 1 thread";

fn measure(path: &Path, bytes: &[u8]) -> String {
    let lines: Vec<&[u8]> =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let whole = |threads: usize| {
        let settings =
            Settings { inputs: vec![path.to_string_lossy().into_owned()], threads, ..Settings::default() };
        black_box(check(&settings, CheckOptions::default(), &Silent, &mut |placed| {
            black_box(placed);
            Ok(())
        }))
        .unwrap();
    };
    let rules = chatmill::lint::Rules::select(OPENAI.spec(), &Settings::default().lint).unwrap();
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut add = |name, run: Box<dyn FnMut()>| runs.push((name, run, Duration::MAX));
    add("check, whole, 2 threads", Box::new(|| whole(2)));
    add("check, whole, 1 thread", Box::new(|| whole(1)));
    add(LIMIT, {
        Box::new(|| {
            lines.iter().for_each(|line| _ = black_box(serde_json::from_slice::<serde_json::Value>(line)));
        })
    });
    add("frame lines", {
        Box::new(|| {
            let feed = Feed::new(Box::new(std::fs::File::open(path).unwrap()), "bench");
            let mut frames = Lines::new(feed, 0, 16 << 20);
            let mut batch = Batch::default();
            while frames.fill(&mut batch).unwrap() {
                black_box(batch.len());
                batch.clear();
            }
        })
    });
    add("parse and decode by way of a tree", {
        Box::new(|| {
            lines
                .iter()
                .for_each(|line| _ = black_box(parse(line).map(|parsed| OPENAI.decode(parsed.value))));
        })
    });
    add("read rows straight", {
        Box::new(|| {
            let mut row = RowBuffer::default();
            lines.iter().for_each(|line| _ = black_box(OPENAI.read_line(line, &mut row)));
        })
    });
    add("read rows straight and ask all rules", {
        Box::new(|| {
            let mut row = RowBuffer::default();
            for line in &lines {
                if OPENAI.read_line(line, &mut row) {
                    black_box(rules.check_row(&Item::new(row.body(), None)));
                }
            }
        })
    });
    for _ in 0..ROUNDS {
        for (_, run, best) in &mut runs {
            let start = Instant::now();
            run();
            *best = start.elapsed().min(*best);
        }
    }
    table(&runs, bytes.len())
}

fn table(runs: &[Run<'_>], bytes: usize) -> String {
    let rate = |best: Duration| bytes as f64 / 1e6 / best.as_secs_f64();
    let limit = runs.iter().find(|(name, ..)| *name == LIMIT).map_or(f64::NAN, |(.., best)| rate(*best));
    let mut out = String::from("| what | MB/s | of only parsing |\n|---|--:|--:|\n");
    for (name, _, best) in runs {
        let _ = writeln!(out, "| {name} | {:.0} | {:.2} |", rate(*best), rate(*best) / limit);
    }
    out
}
