//! The command line: arguments in, one library call, the summary out.

mod commands;
mod exit;
mod mask;
mod options;
mod outputs;
mod refused;
mod sorting;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;
use terminal::Terminal;

/// Prepare training data for chat fine-tuning, with an account of every record.
///
/// Exit codes: 0 as promised, 1 findings at or above --fail-on, 2 the run failed or the usage was wrong.
#[derive(Parser)]
#[command(name = "chatmill", version, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    terminal: terminal::TerminalOptions,
}

#[derive(Subcommand)]
enum Command {
    Prepare(commands::prepare::Prepare),
    Convert(commands::convert::Convert),
    Check(commands::check::Check),
    Count(commands::count::Count),
    Plan(commands::plan::Plan),
    Cost(commands::cost::Cost),
    Stats(commands::stats::Stats),
    Diff(commands::diff::Diff),
    Conflicts(commands::conflicts::Conflicts),
    Fate(commands::fate::Fate),
    Migrate(commands::migrate::Migrate),
    Dedup(commands::dedup::Dedup),
    Split(commands::split::Split),
    Verify(commands::verify::Verify),
    Explain(commands::explain::Explain),
    List(commands::list::List),
    Init(commands::init::Init),
    Inspect(commands::inspect::Inspect),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with 0, mistakes to stderr with 2: clap knows which.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed.into() } else { Exit::AsPromised.into() };
        }
    };
    let terminal = Terminal::new(&cli.terminal);
    let result = match &cli.command {
        Command::Prepare(command) => command.run(&terminal),
        Command::Convert(command) => command.run(&terminal),
        Command::Check(command) => command.run(&terminal),
        Command::Count(command) => command.run(&terminal),
        Command::Plan(command) => command.run(&terminal),
        Command::Cost(command) => command.run(&terminal),
        Command::Stats(command) => command.run(&terminal),
        Command::Diff(command) => command.run(&terminal),
        Command::Conflicts(command) => command.run(&terminal),
        Command::Fate(command) => command.run(&terminal),
        Command::Migrate(command) => command.run(&terminal),
        Command::Dedup(command) => command.run(&terminal),
        Command::Split(command) => command.run(&terminal),
        Command::Verify(command) => command.run(&terminal),
        Command::Explain(command) => command.run(&terminal),
        Command::List(command) => command.run(&terminal),
        Command::Init(command) => command.run(&terminal),
        Command::Inspect(command) => command.run(&terminal),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal.error(&error);
            Exit::of(&error).into()
        }
    }
}
