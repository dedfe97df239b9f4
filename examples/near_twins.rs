//! Reads chat JSONL and writes which rows are near twins of earlier ones: row, twin, shared shingles, shingles of both. Used by
//! `tests/agreement/near.py` to compare chatmill's twins with those of other libraries.
//!
//! `cargo run --release --example near_twins -- FILE THRESHOLD METHOD SHINGLE`, such as `rows.jsonl 0.8 exact words:2`

use std::error::Error;
use std::io::{BufRead, BufReader, BufWriter, Write};

use chatmill::dedup::near::{Cut, Search, SetSpool, Shingler, star};
use chatmill::target::openai_chat::TARGET;
use chatmill::target::{RowBuffer, Target};

fn main() -> Result<(), Box<dyn Error>> {
    let told: Vec<String> = std::env::args().skip(1).collect();
    let [file, threshold, method, shingle] = told.as_slice() else {
        return Err("give a file, a threshold, a method and how texts are cut".into());
    };
    let mut shingler = Shingler::new(Cut { shingle: shingle.parse()?, ..Cut::default() });
    let mut spool = SetSpool::create(&std::env::temp_dir());
    let mut row = RowBuffer::default();
    for (number, line) in BufReader::new(std::fs::File::open(file)?).lines().enumerate() {
        if !TARGET.read_line(line?.as_bytes(), &mut row) {
            return Err(format!("line {} is no plain chat", number + 1).into());
        }
        spool.push(shingler.set(row.body()))?;
    }
    let sets = spool.finish()?;
    let search = Search { method: method.parse()?, ..Search::exact(threshold.parse()?) };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (number, twin) in star(&sets, &search, None)?.into_iter().enumerate() {
        if let Some(twin) = twin {
            writeln!(out, "{number} {} {} {}", twin.of, twin.similarity.shared, twin.similarity.union)?;
        }
    }
    out.flush()?;
    Ok(())
}
