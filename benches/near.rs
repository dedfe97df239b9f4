//! Near twins among made-up chats of which one in ten is a changed copy of an earlier one: growth with the number of rows, the peak of
//! memory, the approximate method beside the exact one, and exact twins.
//!
//! `cargo bench --bench near`; `-- --write` puts the table into `docs/performance.md`; `-- --rows N` sets the largest number.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints and may stop")]

mod page;

use std::fmt::Write as _;
use std::time::Instant;

use chatmill::dedup::Twins;
use chatmill::dedup::near::{Cut, Method, Search, SetSpool, Sets, Shingler, Threshold, components, star};
use chatmill::model::{Body, Example, Message, Role};
use page::Variety;

/// Numbers of rows, up to the one that is asked for.
const ROWS: [usize; 5] = [10_000, 100_000, 500_000, 1_000_000, 2_000_000];
/// Rows that are made and then cut at once, so that making them is not measured.
const BATCH: usize = 4096;
/// Rows among which the other searches are measured.
const SLOW: usize = 100_000;

fn main() {
    let told: Vec<String> = std::env::args().skip(1).collect();
    let most =
        told.iter().skip_while(|word| *word != "--rows").nth(1).map_or(ROWS[4], |rows| rows.parse().unwrap());
    let mut table = String::from(
        "| rows | twins made | found | cut, rows/s | order, rows/s | star, rows/s | of these in all, rows/s | peak MB |\n\
         |--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut others = String::from("| search | rows | found | rows/s |\n|---|--:|--:|--:|\n");
    for rows in ROWS.into_iter().filter(|rows| *rows <= most) {
        let (sets, made, cut, order) = sets(rows);
        let (twins, seconds) = timed(|| star(&sets, &search(0.8, Method::Exact), None).unwrap());
        let found = twins.iter().flatten().count();
        let rate = |seconds: f64| rows as f64 / seconds;
        let peak = peak_megabytes();
        let _ = writeln!(
            table,
            "| {rows} | {made} | {found} | {:.0} | {:.0} | {:.0} | {:.0} | {peak:.0} |",
            rate(cut),
            rate(order),
            rate(seconds),
            rate(cut + order + seconds),
        );
        if rows == SLOW {
            for (name, threshold, method) in [
                ("star, exact", 0.8, Method::Exact),
                ("star, minhash", 0.8, Method::MinHash),
                ("star, exact, at 0.5", 0.5, Method::Exact),
                ("star, minhash, at 0.5", 0.5, Method::MinHash),
            ] {
                let (twins, seconds) = timed(|| star(&sets, &search(threshold, method), None).unwrap());
                let found = twins.iter().flatten().count();
                let _ = writeln!(others, "| {name} | {rows} | {found} | {:.0} |", rate(seconds));
            }
            let (joined, seconds) = timed(|| components(&sets, &search(0.8, Method::Exact)).unwrap());
            let found = joined.link.iter().flatten().count();
            let _ = writeln!(others, "| components, exact | {rows} | {found} | {:.0} |", rate(seconds));
        }
    }
    let _ = writeln!(
        others,
        "| exact twins, from fingerprints | 2000000 | 200000 | {:.0} |",
        exact_twins(2_000_000)
    );
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let page =
        format!("{threads} threads, `words:2`, threshold 0.8 where none is named.\n\n{table}\n{others}");
    println!("{page}");
    if told.iter().any(|word| word == "--write") {
        page::put("near", &page);
    }
}

fn search(threshold: f64, method: Method) -> Search<'static> {
    Search { method, ..Search::exact(Threshold::new(threshold).unwrap()) }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed().as_secs_f64())
}

/// The sets of so many rows, the twins among them, and the seconds for cutting (one thread) and for ordering.
fn sets(rows: usize) -> (Sets, usize, f64, f64) {
    let folder = std::env::temp_dir();
    let mut chats = Chats::new();
    let mut shingler = Shingler::new(Cut::default());
    let mut spool = SetSpool::create(&folder);
    let mut cut = 0.0;
    let mut done = 0;
    while done < rows {
        let bodies: Vec<Body> = (0..BATCH.min(rows - done)).map(|_| chats.next()).collect();
        let ((), seconds) =
            timed(|| bodies.iter().for_each(|body| _ = spool.push(shingler.set(body)).unwrap()));
        cut += seconds;
        done += bodies.len();
    }
    let (sets, order) = timed(|| spool.finish().unwrap());
    (sets, chats.twins, cut, order)
}

/// Fingerprints a second, of which one in ten is not the first of its kind.
fn exact_twins(rows: u32) -> f64 {
    let keys: Vec<u128> = (0..rows)
        .map(|row| {
            chatmill::text::hash::fingerprint(&(if row % 10 == 9 { row / 2 } else { row }).to_le_bytes())
        })
        .collect();
    let (_, seconds) = timed(|| {
        let mut twins = Twins::new(&std::env::temp_dir());
        keys.iter().zip(0..).for_each(|(key, row)| twins.add(*key, row).unwrap());
        twins.finish(|row| row).unwrap().iter().count()
    });
    f64::from(rows) / seconds
}

/// Megabytes that the process had at its peak so far; 0 where the system does not say.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1024.0 / 1e6
}

/// Chats of two to eight messages over 50,000 words, few of them frequent; answers begin with one of 1,500 macros.
struct Chats {
    variety: Variety,
    macros: Vec<Vec<u32>>,
    /// Chats that may be copied.
    past: Vec<Vec<Vec<u32>>>,
    twins: usize,
}

impl Chats {
    fn new() -> Self {
        let mut chats = Self { variety: Variety::new(), macros: Vec::new(), past: Vec::new(), twins: 0 };
        for _ in 0..1500 {
            let length = 12 + chats.variety.next(25);
            let said = chats.words(length);
            chats.macros.push(said);
        }
        chats
    }

    /// A number below `below`; each power of it is as frequent as the next.
    fn few(&mut self, below: f64) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number given")]
        let number = below.powf(self.variety.next(1 << 30) as f64 / f64::from(1 << 30)) as usize - 1;
        number
    }

    fn words(&mut self, count: usize) -> Vec<u32> {
        (0..count).map(|_| u32::try_from(self.few(50_000.0)).unwrap()).collect()
    }

    fn chat(&mut self) -> Vec<Vec<u32>> {
        let order = 1_000_000 + u32::try_from(self.variety.next(10_000_000)).unwrap();
        let turns = 2 + 2 * self.variety.next(4);
        let said = |chats: &mut Self, turn: usize| {
            let (mut words, more) = if turn.is_multiple_of(2) {
                (vec![order], 5 + chats.variety.next(20))
            } else {
                let number = chats.few(1500.0);
                (chats.macros[number].clone(), chats.variety.next(12))
            };
            words.extend(chats.words(more));
            words
        };
        (0..turns).map(|turn| said(self, turn)).collect()
    }

    fn next(&mut self) -> Body {
        let copied = self.past.len() > 100 && self.variety.next(10) == 0;
        let chat = if copied {
            self.twins += 1;
            let of = self.variety.next(self.past.len());
            let mut chat = self.past[of].clone();
            let words: usize = chat.iter().map(Vec::len).sum();
            for _ in 0..=self.variety.next(1 + words / 45) {
                let message = self.variety.next(chat.len());
                let word = self.variety.next(chat[message].len());
                chat[message][word] = self.words(1)[0];
            }
            chat
        } else {
            let chat = self.chat();
            if self.past.len() < 20_000 {
                self.past.push(chat.clone());
            } else {
                let place = self.variety.next(20_000);
                self.past[place].clone_from(&chat);
            }
            chat
        };
        let mut messages =
            vec![Message::text(Role::System, "You are the support of a shop for cups. Be kind and short.")];
        for (turn, words) in chat.iter().enumerate() {
            let role = if turn.is_multiple_of(2) { Role::User } else { Role::Assistant };
            let words: Vec<String> = words.iter().map(|word| format!("w{word}")).collect();
            messages.push(Message::text(role, words.join(" ")));
        }
        Body::Example(Example { messages, ..Example::default() })
    }
}
