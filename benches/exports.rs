//! How fast exports of support systems are read: framing alone, reading (framing and decoding), and a whole `convert`.
//!
//! `cargo bench --bench exports` on exports it makes; `--write` puts the table into `docs/performance.md`. Times are the
//! best of some rounds, taken in turn. Not a test: nothing fails here for being slow.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints and may stop")]

mod page;

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chatmill::config::Settings;
use chatmill::pipeline::watch::Silent;
use chatmill::pipeline::{Out, Plan, convert};
use chatmill::read::speakers::SpeakerSettings;
use chatmill::read::{Batch, Decode};
use page::Variety;
use rayon::iter::{ParallelBridge, ParallelIterator};

/// Rounds of each stage; the best counts.
const ROUNDS: usize = 3;
/// Messages of the WhatsApp log.
const MESSAGES: usize = 1_000_000;
/// Bytes of the Slack export's day files, unpacked.
const SLACK_BYTES: usize = 500_000_000;

const WORDS: &[&str] = &[
    "order", "parcel", "size", "colour", "please", "when", "thanks", "refund", "door", "left", "blue", "red",
    "invoice", "account", "printer", "cable", "router", "today", "tomorrow", "we", "can", "not", "find",
    "it", "shipping", "is", "late", "help", "me", "with", "this", "deploy", "build", "test",
];

/// An export: what it is, where, its bytes unpacked, and who is who.
struct Export {
    name: &'static str,
    path: PathBuf,
    bytes: usize,
    speakers: SpeakerSettings,
}

fn main() {
    let write = std::env::args().any(|argument| argument == "--write");
    let home = tempfile::tempdir().unwrap();
    let exports = [whatsapp(home.path()), slack(home.path())];
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut table = String::from(
        "| export | MB | frame, one thread | read | `convert`, whole |\n|---|--:|--:|--:|--:|\n",
    );
    for export in &exports {
        let rates = measure(export).map(|best| export.bytes as f64 / 1e6 / best.as_secs_f64());
        let [frame, read, whole] = rates;
        let megabytes = export.bytes / 1_000_000;
        let _ = writeln!(table, "| {} | {megabytes} | {frame:.0} | {read:.0} | {whole:.0} |", export.name);
    }
    let page = format!("MB/s of the unpacked export, {threads} threads, best of {ROUNDS} rounds.\n\n{table}");
    println!("{page}");
    if write {
        page::put("exports", &page);
    }
}

fn measure(export: &Export) -> [Duration; 3] {
    let plan = Plan::make(Settings {
        inputs: vec![export.path.to_string_lossy().into_owned()],
        count: false,
        speakers: export.speakers.clone(),
        ..Settings::default()
    })
    .unwrap();
    let batches = || {
        plan.sources.iter().filter(|planned| !planned.follows).flat_map(|planned| {
            let mut opened = planned.open(&plan.settings.read).unwrap();
            let mut more = true;
            std::iter::from_fn(move || {
                more.then(|| {
                    let mut batch = Batch::default();
                    more = opened.frames.fill(&mut batch).unwrap();
                    (Arc::clone(&opened.decoder), batch)
                })
            })
        })
    };
    let decode = |(decoder, batch): (Arc<dyn Decode>, Batch)| {
        batch.frames().filter(|frame| decoder.decode(frame).is_ok()).count()
    };
    let mut stages: [(Duration, Box<dyn FnMut()>); 3] = [
        (Duration::MAX, Box::new(|| _ = black_box(batches().map(|(_, batch)| batch.len()).sum::<usize>()))),
        (Duration::MAX, Box::new(|| _ = black_box(batches().par_bridge().map(decode).sum::<usize>()))),
        (Duration::MAX, Box::new(|| _ = black_box(convert(&plan, &mut Nowhere, &Silent).unwrap()))),
    ];
    for _ in 0..ROUNDS {
        for (best, run) in &mut stages {
            let start = Instant::now();
            run();
            *best = start.elapsed().min(*best);
        }
    }
    stages.map(|(best, _)| best)
}

/// Takes rows and forgets them.
struct Nowhere;

impl Out for Nowhere {
    fn row(&mut self, row: &[u8]) -> chatmill::Result<()> {
        black_box(row);
        Ok(())
    }

    fn rejected(&mut self, line: &[u8]) -> chatmill::Result<()> {
        black_box(line);
        Ok(())
    }
}

fn sentence(variety: &mut Variety, most: usize) -> String {
    let words: Vec<&str> = (0..3 + variety.next(most)).map(|_| WORDS[variety.next(WORDS.len())]).collect();
    words.join(" ")
}

/// A log as a phone of Apple's writes it: talks of twelve messages between a shop and its customers.
fn whatsapp(home: &Path) -> Export {
    let mut variety = Variety::new();
    let mut text = String::new();
    let mut second = 0;
    for number in 0..MESSAGES {
        second += if number % 12 == 0 { 90_000 } else { 30 + variety.next(90) };
        let (day, clock) = (second / 86_400, second % 86_400);
        let (hour, minute) = (clock / 3600, clock / 60 % 60);
        let (year, month, day) = (10 + day / 336 % 80, 1 + day / 28 % 12, 1 + day % 28);
        let kim = format!("Kim {}", number / 12 % 5000);
        let who = if number % 2 == 0 { kim.as_str() } else { "Corner Shop" };
        let said = sentence(&mut variety, 12);
        let _ = write!(text, "[{day:02}/{month:02}/{year:02}, {hour:02}:{minute:02}:{:02}] ", clock % 60);
        let _ = write!(text, "{who}: {said}\r\n");
    }
    let path = home.join("_chat.txt");
    std::fs::write(&path, &text).unwrap();
    Export {
        name: "WhatsApp log, 1,000,000 messages",
        path,
        bytes: text.len(),
        speakers: SpeakerSettings { assistant: vec!["Corner Shop".to_owned()], ..SpeakerSettings::default() },
    }
}

/// An export of forty channels, 180 messages a day in each, half of them in threads.
fn slack(home: &Path) -> Export {
    const PROFILE: &str = r#""user_profile":{"avatar_hash":"abcdef012345","image_72":"https://avatars.example/abc_72.png","first_name":"U","real_name":"User","display_name":"user","team":"T1","name":"user","is_restricted":false,"is_ultra_restricted":false}"#;
    let path = home.join("slack.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(1));
    let mut add = |name: &str, text: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let list = |count: usize, one: &dyn Fn(usize) -> String| {
        format!("[{}]", (0..count).map(one).collect::<Vec<_>>().join(","))
    };
    let user = |number: usize| {
        let side = if number < 20 { "Agent" } else { "Guest" };
        format!(
            r#"{{"id":"U{number:05}","name":"{side} {number}","real_name":"{side} {number}","is_bot":false}}"#
        )
    };
    add("users.json", &list(200, &user));
    add("channels.json", &list(40, &|number| format!(r#"{{"id":"C{number}","name":"chan{number}"}}"#)));
    let mut variety = Variety::new();
    let (mut bytes, mut day, mut number) = (0, 0, 0);
    while bytes < SLACK_BYTES {
        let date = format!("{}-{:02}-{:02}", 2000 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
        for channel in 0..40 {
            let (mut text, mut second, mut thread) =
                (String::from("["), 1_672_531_200 + day * 86_400, String::new());
            for place in 0..180 {
                second += 5 + variety.next(395);
                number += 1;
                let ts = format!("{second}.{:06}", number % 1_000_000);
                let _ = write!(
                    text,
                    "{}\n {{\"client_msg_id\":\"{number:032x}\",\"type\":\"message\",\"text\":\"{}\",\"user\":\"U{:05}\",\
                     \"ts\":\"{ts}\",\"team\":\"T1\",\"user_team\":\"T1\",\"source_team\":\"T1\",{PROFILE}",
                    if place == 0 { "" } else { "," },
                    sentence(&mut variety, 27),
                    if place % 2 == 0 { 20 + variety.next(180) } else { variety.next(20) },
                );
                match place % 6 {
                    0 => {
                        let _ = write!(text, ",\"thread_ts\":\"{ts}\",\"reply_count\":3");
                        thread = ts;
                    }
                    1 | 3 | 4 => {
                        let _ = write!(text, ",\"thread_ts\":\"{thread}\",\"parent_user_id\":\"U00001\"");
                    }
                    _ => {}
                }
                text.push('}');
            }
            text.push_str("\n]");
            add(&format!("chan{channel}/{date}.json"), &text);
            bytes += text.len();
        }
        day += 1;
    }
    zip.finish().unwrap();
    let speakers = SpeakerSettings {
        assistant: vec!["Agent *".to_owned()],
        user: vec!["Guest *".to_owned()],
        ..SpeakerSettings::default()
    };
    Export { name: "Slack export, zip of 40 channels", path, bytes, speakers }
}
