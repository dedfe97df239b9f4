//! `chatmill init`: look at the inputs, write a commented `chatmill.toml`.

use std::io::Write;
use std::path::PathBuf;

use chatmill::config::template::{Seen, template};
use chatmill::pipeline::{self, Plan};
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::InputOptions;
use crate::cli::terminal::Terminal;

/// Look at the inputs and write a commented chatmill.toml with what was recognised.
#[derive(Args)]
pub struct Init {
    #[command(flatten)]
    input: InputOptions,

    /// File to write, or - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "chatmill.toml")]
    output: PathBuf,

    /// Replace the file
    #[arg(long)]
    force: bool,
}

impl Init {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let mut settings = self.input.settings()?;
        settings.count = false;
        let plan = Plan::make(settings)?;
        let inspection = pipeline::inspect(&plan, terminal)?;
        let inputs: Vec<String> = plan
            .sources
            .iter()
            .filter(|planned| !planned.follows)
            .take(20)
            .flat_map(|planned| {
                let line = format!(
                    "{}: {}, because {}",
                    planned.source.name,
                    planned.choice.reader.spec().name,
                    planned.choice.why
                );
                std::iter::once(line).chain(planned.notes.iter().map(|note| format!("  {note}")))
            })
            .collect();
        let speakers: Vec<(String, String, String)> = plan
            .speakers
            .rows()
            .iter()
            .take(50)
            .map(|row| {
                let role = row.role.map_or("undecided", chatmill::read::speakers::SpeakerRole::name);
                (row.name.clone(), role.to_owned(), row.why.clone())
            })
            .collect();
        let mut noise: Vec<(String, u64)> =
            inspection.noise.iter().map(|(name, turns)| ((*name).to_owned(), *turns)).collect();
        noise.sort_by_key(|(_, turns)| std::cmp::Reverse(*turns));
        let text = template(&plan.settings, &Seen { inputs, speakers, noise });
        if self.output.as_os_str() == "-" {
            terminal.print(&text)?;
            return Ok(Exit::AsPromised);
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true);
        if self.force {
            options.create(true).truncate(true);
        } else {
            options.create_new(true);
        }
        let name = self.output.display();
        options.open(&self.output).and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
            let failed = Error::output(format!("cannot write `{name}`: {error}"));
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                failed.with_hint("give `--force` to replace it, or another file with `-o`")
            } else {
                failed
            }
        })?;
        terminal.say(&format!("wrote {name}; look through it, then run `chatmill prepare`\n"));
        Ok(Exit::AsPromised)
    }
}
