//! `chatmill convert`: one shape to another, streaming.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chatmill::pipeline::{self, Out, Plan};
use chatmill::report::{Summary, terminal};
use chatmill::text::number::count;
use chatmill::text::sanitize::excerpt;
use chatmill::write::{Register, Registered, Replacing};
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::{Exit, FailOn};
use crate::cli::options::{InputOptions, ModelOptions, RuleOptions};
use crate::cli::outputs::{refuse_input_as_output, same_file};
use crate::cli::terminal::Terminal;

/// One shape to another, row by row; what cannot be converted is named, never dropped.
#[derive(Args)]
pub struct Convert {
    #[command(flatten)]
    input: InputOptions,

    /// Where the rows go (`chatmill list targets`)
    #[arg(long, visible_alias = "target", value_name = "TARGET")]
    to: Option<String>,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    rules: RuleOptions,
}

impl Convert {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.input.settings()?;
        self.rules.apply(&mut settings)?;
        self.model.apply(&mut settings);
        if let Some(target) = &self.to {
            settings.target.clone_from(target);
        }
        // Rows are converted, not billed; a vocabulary is loaded only to divide long examples.
        settings.count = false;
        let plan = Plan::make(settings)?;
        self.output.convert(&plan, terminal, |summary| terminal::summary(summary, &pipeline::codes::remedy))
    }
}

/// Where converted rows go, and when that is a failure.
#[derive(Args)]
pub struct OutputOptions {
    /// File for the rows (default: standard output)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// File for the rejected records, with place and reason
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,

    /// Least finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

impl OutputOptions {
    /// Converts, and says on a page what came of it.
    pub fn convert(
        &self,
        plan: &Plan,
        terminal: &Terminal,
        page: impl Fn(&Summary) -> String,
    ) -> Result<Exit> {
        let Some(summary) = write(plan, self.output.as_deref(), self.rejected.as_deref(), terminal)? else {
            return Ok(Exit::AsPromised);
        };
        if terminal.json && self.output.is_some() {
            terminal.print_json(&summary)?;
        }
        terminal.say(&page(&summary));
        let worst = summary.findings.iter().map(|tally| tally.severity).max();
        Ok(Exit::for_worst(worst, self.fail_on))
    }
}

/// Converts into files, or to standard output; `None` when whoever reads that has seen enough.
fn write(
    plan: &Plan,
    output: Option<&Path>,
    rejected: Option<&Path>,
    terminal: &Terminal,
) -> Result<Option<Summary>> {
    for path in [output, rejected].into_iter().flatten() {
        refuse_input_as_output(plan, path)?;
    }
    if let (Some(rows), Some(rejected)) = (output, rejected)
        && same_file(rows, rejected)
    {
        return Err(Error::usage(format!("`{}` cannot hold rows and rejected records", rows.display()))
            .with_hint("give two files"));
    }
    let registration = plan.target.spec().registration.as_ref();
    let register = output.zip(registration).map(|(path, registration)| Register::beside(path, registration));
    let register = register.transpose()?;
    let mut out = Files {
        rows: match output {
            Some(path) => Sink::File(Replacing::create(path)?),
            None => Sink::Stdout(BufWriter::new(std::io::stdout().lock())),
        },
        rejected: rejected.map(Replacing::create).transpose()?,
        registered: output.and(registration).map(Registered::new),
        reader_gone: false,
        written: 0,
    };
    let summary = match pipeline::convert(plan, &mut out, terminal) {
        Err(_) if out.reader_gone => return Ok(None),
        Err(error) => return Err(error.leaving(|| out.left())),
        Ok(summary) => summary,
    };
    if let Sink::Stdout(writer) = &mut out.rows
        && let Err(error) = writer.flush()
    {
        return if error.kind() == std::io::ErrorKind::BrokenPipe {
            Ok(None)
        } else {
            Err(Error::output(format!("cannot write to standard output: {error}")))
        };
    }
    if let Sink::File(file) = out.rows {
        file.finish()?;
    }
    if let Some(file) = out.rejected {
        file.finish()?;
    }
    let entry = output.and_then(|path| out.registered?.entry(&path.file_name()?.to_string_lossy()));
    if let (Some(register), Some(path), Some(entry)) = (register, output, entry) {
        let (place, name) = register.add(path, entry)?;
        let (place, name) = (excerpt(&place.to_string_lossy(), 200), excerpt(&name, 100));
        terminal.say(&format!("the trainer finds the rows as `{name}` in `{place}`\n"));
    }
    Ok(Some(summary))
}

enum Sink {
    Stdout(BufWriter<std::io::StdoutLock<'static>>),
    File(Replacing),
}

struct Files {
    rows: Sink,
    rejected: Option<Replacing>,
    registered: Option<Registered>,
    /// Whoever read our standard output has seen enough.
    reader_gone: bool,
    /// Rows so far.
    written: u64,
}

impl Files {
    /// What there is of a run that was stopped.
    fn left(&self) -> String {
        match &self.rows {
            Sink::File(file) if file.is_beside() => "no output was written".to_owned(),
            Sink::File(_) | Sink::Stdout(_) => format!("{} had been written", count(self.written, "row")),
        }
    }
}

impl Out for Files {
    fn row(&mut self, row: &[u8]) -> Result<()> {
        if let Some(registered) = &mut self.registered {
            registered.row(row);
        }
        self.written += 1;
        match &mut self.rows {
            Sink::File(file) => file.line(row),
            Sink::Stdout(writer) => {
                writer.write_all(row).and_then(|()| writer.write_all(b"\n")).map_err(|error| {
                    self.reader_gone = error.kind() == std::io::ErrorKind::BrokenPipe;
                    Error::output(format!("cannot write to standard output: {error}"))
                })
            }
        }
    }

    fn rejected(&mut self, lines: &[u8]) -> Result<()> {
        self.rejected.as_mut().map_or(Ok(()), |file| file.write(lines))
    }
}
