//! chatmill's token counter beside every exact library that was found, in one run.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- ENGLISH MIX` with two files of texts, NUL bytes between
//! them (`tests/agreement/tokens.py --texts FILE FOLDER...` writes such files); without files on texts that are made up,
//! which flatter every memory of words. `--write` puts the tables into `docs/performance.md`. Everyone counts all texts in
//! turn, some rounds, and the processor time of each is taken. Machines are shared, and what else runs on them slows everyone
//! down for some seconds: so rates are medians over the rounds, and how many times tiktoken-rs somebody is, is the median of
//! that within each round. Each counts the texts twice in a round, on a thread of its own: who remembers pieces by thread, as
//! chatmill does, has seen nothing the first time, and everything the second. A count that is not tiktoken-rs's stops
//! the run.

#[path = "../../page/mod.rs"]
mod page;

mod hugging_face;
mod texts;

use std::fmt::Write as _;
use std::time::Instant;

/// Rounds on texts.
const ROUNDS: usize = 11;
/// A hostile text is counted once: it is hostile because nobody has seen it.
const HOSTILE_ROUNDS: usize = 1;

type Count = Box<dyn Fn(&str) -> usize + Sync>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let write = arguments.iter().any(|argument| argument == "--write");
    let files: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let (english, mix) = match files[..] {
        [english, mix] => (texts::read(english), texts::read(mix)),
        _ => (texts::english(), texts::mix()),
    };
    let mut page = format!(
        "Megabytes a second of processor time, one thread, medians of {ROUNDS} rounds in turn. First: the texts were not\ncounted before; again: the same texts once more.\n\n"
    );
    for encoding in ["o200k_base", "cl100k_base"] {
        let peers = peers(encoding);
        let mut columns: Vec<(String, Vec<Rate>)> = Vec::new();
        for (name, texts) in [("English chats", &english), ("mix", &mix)] {
            eprintln!("{encoding}: {name}");
            let size = texts.iter().map(String::len).sum::<usize>() as f64 / 1e6;
            let [first, again] = measure(&peers, texts, ROUNDS);
            columns.push((format!("{name}, {size:.1} MB in {} texts, first", texts.len()), first));
            columns.push(("again".to_owned(), again));
        }
        let _ = writeln!(page, "{}", table(encoding, &peers, &columns));
    }
    let peers = peers("o200k_base");
    let columns: Vec<(String, Vec<Rate>)> = texts::hostile()
        .into_iter()
        .map(|(name, text)| {
            eprintln!("hostile: {name}");
            let [first, _] = measure(&peers, &[text], HOSTILE_ROUNDS);
            (name.to_owned(), first)
        })
        .collect();
    page.push_str(&table("o200k_base, one text of a megabyte", &peers, &columns));
    println!("{page}");
    if write {
        page::put("tokens", &page);
    }
}

/// Everyone by name, tiktoken-rs first: the others are compared with it.
fn peers(encoding: &str) -> Vec<(&'static str, Count)> {
    let o200k = encoding == "o200k_base";
    let reference = if o200k { tiktoken_rs::o200k_base() } else { tiktoken_rs::cl100k_base() }.unwrap();
    let hugging_face = hugging_face::tokenizer(&reference, o200k);
    let bpe_openai = if o200k { bpe_openai::o200k_base() } else { bpe_openai::cl100k_base() };
    let tiktoken = tiktoken::get_encoding(encoding).unwrap();
    let ours = chatmill::tokens::encoding(encoding).unwrap();
    vec![
        ("tiktoken-rs 0.12.1", Box::new(move |text| reference.encode_ordinary(text).len())),
        ("bpe-openai 0.3.2", Box::new(move |text| bpe_openai.count(text))),
        ("tiktoken 4.1.2", Box::new(move |text| tiktoken.count(text))),
        ("tokenizers 1.0.0-rc.3", hugging_face),
        ("chatmill", Box::new(move |text| ours.count(text) as usize)),
    ]
}

/// How fast somebody counts.
#[derive(Clone, Copy)]
struct Rate {
    /// Megabytes a second.
    megabytes: f64,
    /// Times the first of the peers.
    times: f64,
}

/// The rates of each, in the order of `peers`: the first time the texts are counted, and the second.
fn measure(peers: &[(&str, Count)], texts: &[String], rounds: usize) -> [Vec<Rate>; 2] {
    let mut spent = vec![[const { Vec::new() }; 2]; peers.len()];
    let mut wanted = None;
    for _ in 0..rounds {
        for ((name, count), spent) in peers.iter().zip(&mut spent) {
            let times =
                std::thread::scope(|scope| scope.spawn(|| [(); 2].map(|()| once(count, texts))).join());
            for ((seconds, tokens), spent) in times.unwrap().into_iter().zip(spent) {
                spent.push(seconds);
                assert_eq!(tokens, *wanted.get_or_insert(tokens), "{name} counts otherwise");
            }
        }
    }
    let size = texts.iter().map(String::len).sum::<usize>() as f64 / 1e6;
    [0, 1].map(|time| {
        let rate = |own: &[Vec<f64>; 2]| Rate {
            megabytes: size / median(own[time].iter().copied()),
            times: median(spent[0][time].iter().zip(&own[time]).map(|(first, own)| first / own)),
        };
        spent.iter().map(rate).collect()
    })
}

/// Counts all texts: in how many seconds, and how many tokens.
fn once(count: &Count, texts: &[String]) -> (f64, usize) {
    let start = seconds();
    let tokens = texts.iter().map(|text| count(text)).sum();
    (seconds() - start, tokens)
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Processor time of this thread, where the system tells it; else the clock's.
fn seconds() -> f64 {
    thread_local!(static START: Instant = Instant::now());
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = spent.and_then(|spent| spent.split(' ').next()?.parse::<f64>().ok());
    spent.map_or_else(|| START.with(|start| start.elapsed().as_secs_f64()), |nanoseconds| nanoseconds / 1e9)
}

fn table(title: &str, peers: &[(&str, Count)], columns: &[(String, Vec<Rate>)]) -> String {
    let mut page = format!("| {title} |");
    for (name, _) in columns {
        let _ = write!(page, " {name} |");
    }
    page.push_str("\n|---|");
    page.push_str(&"--:|".repeat(columns.len()));
    page.push('\n');
    for (row, (name, _)) in peers.iter().enumerate() {
        let _ = write!(page, "| {name} |");
        for (_, rates) in columns {
            let Rate { megabytes, times } = rates[row];
            let _ = write!(page, " {megabytes:.1} (×{times:.1}) |");
        }
        page.push('\n');
    }
    page
}
