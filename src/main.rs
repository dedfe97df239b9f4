//! Parse, run, exit code.
#![allow(missing_docs, reason = "a binary has no public interface but its help")]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
