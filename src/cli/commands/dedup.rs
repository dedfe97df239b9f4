//! `chatmill dedup`: rows as they stand, without their twins.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use chatmill::config::{Job, Settings};
use chatmill::pipeline::{self, Plan};
use chatmill::report::terminal;
use chatmill::write::Replacing;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::outputs::{refuse_input_as_output, same_file};
use crate::cli::sorting::{RowOptions, TwinOptions};
use crate::cli::terminal::Terminal;

/// Take out exact and near twins; rows stay as they stand, and every twin is named with the row it is like.
///
/// Without `-o` the rows that are kept go to standard output, once all are known.
#[derive(Args)]
pub struct Dedup {
    #[command(flatten)]
    rows: RowOptions,

    /// Folder for the rows and for what proves them; must be new or empty (default: the rows to standard output)
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Replace an earlier run of chatmill in the folder
    #[arg(long, requires = "output")]
    force: bool,

    /// Without a folder: file for the twins, each with the row it is like
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    duplicates: Option<PathBuf>,

    /// Without a folder: file for the rejected records, with place and reason
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    rejected: Option<PathBuf>,

    #[command(flatten)]
    twins: TwinOptions,
}

impl Dedup {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let mut settings = self.rows.settings(Job::Dedup)?;
        self.twins.apply(&mut settings)?;
        match &self.output {
            Some(folder) => self.rows.sort(settings, folder, self.force, terminal),
            None => self.filter(settings, terminal),
        }
    }

    /// Rows to standard output, and files for what is not among them where these are wanted.
    fn filter(&self, settings: Settings, terminal: &Terminal) -> Result<Exit> {
        if settings.twins.index.is_some() {
            return Err(Error::usage("an index knows rows by the folder that holds them, and here is none")
                .with_hint(
                    "give a folder with `-o`; or `--index off`, to compare these rows with one another only",
                ));
        }
        terminal.watch_for_stop();
        let plan = Plan::make(settings)?;
        let files = [("duplicates.jsonl", &self.duplicates), ("rejected.jsonl", &self.rejected)];
        let files: Vec<(&str, &Path)> =
            files.into_iter().filter_map(|(name, file)| Some((name, file.as_deref()?))).collect();
        files.iter().try_for_each(|(_, file)| refuse_input_as_output(&plan, file))?;
        if let [(_, one), (_, other)] = files.as_slice()
            && same_file(one, other)
        {
            return Err(Error::usage(format!("`{}` cannot hold twins and rejected records", one.display()))
                .with_hint("give two files"));
        }
        // Nothing goes out before every row has its verdict, and everything is whole.
        let home = tempfile::tempdir()
            .map_err(|error| Error::output(format!("cannot make a temporary folder: {error}")))?;
        let folder = home.path().join("run");
        let mut summary = pipeline::prepare(&plan, &folder, false, terminal)?;
        for (name, file) in files {
            copy_to_file(&folder.join(name), file)?;
        }
        if copy_to_stdout(&folder.join(Job::Dedup.file(chatmill::split::Side::Train)))? == Reader::Gone {
            return Ok(Exit::AsPromised);
        }
        // The folder goes, and what the page says of its files with it.
        summary.outputs.clear();
        terminal.say(&terminal::summary(&summary, &pipeline::codes::remedy));
        Ok(self.rows.exit(&summary))
    }
}

/// Whether somebody still reads our standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    There,
    Gone,
}

fn open(path: &Path) -> Result<BufReader<File>> {
    let file =
        File::open(path).map_err(|error| Error::internal(format!("a file of the run is gone: {error}")))?;
    Ok(BufReader::with_capacity(256 << 10, file))
}

fn copy_to_file(from: &Path, to: &Path) -> Result<()> {
    let mut out = Replacing::create(to)?;
    let mut rows = open(from)?;
    loop {
        let bytes = std::io::BufRead::fill_buf(&mut rows)
            .map_err(|error| Error::internal(format!("cannot read back a temporary file: {error}")))?;
        let length = bytes.len();
        if length == 0 {
            return out.finish();
        }
        out.write(bytes)?;
        std::io::BufRead::consume(&mut rows, length);
    }
}

fn copy_to_stdout(from: &Path) -> Result<Reader> {
    let mut stdout = std::io::stdout().lock();
    match std::io::copy(&mut open(from)?, &mut stdout).and_then(|_| stdout.flush()) {
        Ok(()) => Ok(Reader::There),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(Error::output(format!("cannot write to standard output: {error}"))),
    }
}
