//! Talking to people: colour where it is wanted, progress on long work, errors with their way out.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use chatmill::Error;
use chatmill::pipeline::watch::Watch;
use chatmill::text::sanitize::is_hidden;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Options that every command has.
#[derive(clap::Args)]
pub struct TerminalOptions {
    /// Say nothing but errors and what was asked for
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Write the result as JSON on standard output
    #[arg(long, global = true)]
    json: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Where and how to talk.
pub struct Terminal {
    pub quiet: bool,
    pub json: bool,
    bar: Mutex<Option<ProgressBar>>,
}

const RED: Style = AnsiColor::Red.on_default().bold();
const BOLD: Style = Style::new().bold();

/// Set by Ctrl-C or a request to end; the run stops at the next batch and takes away what it wrote.
static STOP: AtomicBool = AtomicBool::new(false);

impl Terminal {
    pub fn new(options: &TerminalOptions) -> Self {
        match options.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        Self { quiet: options.quiet, json: options.json, bar: Mutex::new(None) }
    }

    /// The first request to stop is kept in mind, the second ends the process.
    pub fn watch_for_stop(&self) {
        static ONCE: OnceLock<()> = OnceLock::new();
        ONCE.get_or_init(|| {
            // Without a handler the process just ends, and the next run clears what it left.
            let _ = ctrlc::set_handler(|| {
                if STOP.swap(true, Ordering::Relaxed) {
                    std::process::exit(130);
                }
            });
        });
    }

    /// An error with its way out.
    pub fn error(&self, error: &Error) {
        let mut stderr = anstream::stderr().lock();
        let _ = writeln!(stderr, "{RED}error{RED:#}: {}", harmless(&error.to_string()));
        if let Some(hint) = error.hint() {
            let _ = writeln!(stderr, "{BOLD}hint{BOLD:#}: {}", harmless(hint));
        }
    }

    /// Talk, to standard error, unless it should be quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            let _ = anstream::stderr().lock().write_all(text.as_bytes());
        }
    }

    /// A result, to standard output. A reader that has gone away is no failure.
    pub fn print(&self, text: &str) -> chatmill::Result<()> {
        let mut stdout = anstream::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Error::output(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// For results in many small pieces.
    pub fn pieces(&self) -> Pieces<'_> {
        Pieces { terminal: self, held: String::new() }
    }

    /// A result as JSON.
    pub fn print_json(&self, value: &impl serde::Serialize) -> chatmill::Result<()> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Error::internal(format!("cannot write the result as JSON: {error}")))?;
        self.print(&(text + "\n"))
    }
}

/// Pieces of a result, written some at a time: a million findings are not a million writes.
pub struct Pieces<'a> {
    terminal: &'a Terminal,
    held: String,
}

impl Pieces<'_> {
    /// Bytes that are held back at most.
    const HELD: usize = 64 << 10;

    /// Prints `piece`, now or later.
    pub fn print(&mut self, piece: &str) -> chatmill::Result<()> {
        self.held.push_str(piece);
        if self.held.len() < Self::HELD { Ok(()) } else { self.finish() }
    }

    /// Prints what is held back.
    pub fn finish(&mut self) -> chatmill::Result<()> {
        let held = std::mem::take(&mut self.held);
        if held.is_empty() { Ok(()) } else { self.terminal.print(&held) }
    }
}

impl Drop for Pieces<'_> {
    /// A run that stops in the middle shows what it found.
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

/// A message names files and keys of strangers: nothing in it may move the cursor or turn text around. Line feeds are
/// our own, and a name that has one cannot do more than look odd.
fn harmless(message: &str) -> String {
    message
        .chars()
        .map(|character| if character != '\n' && is_hidden(character) { '·' } else { character })
        .collect()
}

impl Watch for Terminal {
    fn begin(&self, stage: &str, bytes: u64) {
        if self.quiet || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = if bytes > 0 {
            let template = "{msg:>9}  {bar:30} {percent:>3} %  {bytes_per_sec}  {eta} left";
            ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr_with_hz(8)).with_style(
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        } else {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8)).with_style(
                ProgressStyle::with_template("{msg:>9}  {spinner}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            )
        };
        bar.set_message(stage.to_owned());
        bar.enable_steady_tick(Duration::from_millis(250));
        if let Ok(mut slot) = self.bar.lock() {
            *slot = Some(bar);
        }
    }

    fn advance(&self, bytes: u64) {
        if let Ok(slot) = self.bar.lock()
            && let Some(bar) = slot.as_ref()
        {
            bar.inc(bytes);
        }
    }

    fn end(&self) {
        if let Ok(mut slot) = self.bar.lock()
            && let Some(bar) = slot.take()
        {
            bar.finish_and_clear();
        }
    }

    fn stop_wanted(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
