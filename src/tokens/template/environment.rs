//! The surroundings that templates expect: Jinja as Hugging Face sets it up, with Python's methods, and bounds.

use std::borrow::Cow;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, context};

use super::bounds::{Budget, EACH, HELD, each, held};
use super::json::tojson;
use super::tags::{GENERATION, prepared};

/// Instructions for one rendering, besides those for each message: a loop without end is stopped within
/// a fifth of a second (twenty million took 0.9 s, measured 2026-11-22 on 2 vCPU AMD).
const FUEL: u64 = 2_000_000;
/// Instructions for each message, which takes some hundred.
const FUEL_A_MESSAGE: u64 = 20_000;
/// Up to so many messages the surroundings are ready as they are.
const MESSAGES: usize = 64;
/// What is said of a template that takes more.
pub(super) const ENDLESS: &str = "it does not end within";
/// Bytes of output beyond four times the chat itself.
const OUTPUT_BYTES: usize = 4 << 20;
/// Deeper calls of macros are refused.
const RECURSION: usize = 200;
/// Begins and ends what a template generates. Nobody writes these: two characters of planes for private use.
pub(super) const BEGIN: &str = "\u{f8f0}\u{10f8f0}";
/// See [`BEGIN`].
pub(super) const END: &str = "\u{f8f1}\u{10f8f1}";
/// The date that templates print, the one that Llama 3.1's takes when none is given. Any other has as many tokens.
const TODAY: jiff::civil::Date = jiff::civil::date(2024, 7, 26);
const NAME: &str = "chat";

/// Makes the surroundings of a template; whether it marks what is generated.
pub(super) fn make(
    template: &str,
    bos: Option<String>,
    eos: Option<String>,
) -> Result<(Environment<'static>, bool), String> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| error.to_string())?);
    environment.set_fuel(Some(fuel(MESSAGES)));
    environment.set_recursion_limit(RECURSION);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.set_formatter(|out, state, value| match value.kind() {
        // As Python writes them.
        ValueKind::None => out.write_str("None").map_err(Error::from),
        ValueKind::Bool => out.write_str(if value.is_true() { "True" } else { "False" }).map_err(Error::from),
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_test("iterable", |value: &Value| {
        matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::String)
    });
    environment.add_filter("tojson", tojson);
    environment.add_function("raise_exception", |says: String| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, says))
    });
    environment.add_function("strftime_now", |format: String| -> Result<String, Error> {
        jiff::fmt::strtime::format(&format, TODAY)
            .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
    });
    environment.add_function(GENERATION, |state: &mut State, options: Kwargs| -> Result<Value, Error> {
        let caller: Value = options.get("caller")?;
        let text = caller.call(state, &[])?;
        Ok(Value::from_safe_string(format!("{BEGIN}{text}{END}")))
    });
    environment.add_function(HELD, held);
    environment.add_filter(HELD, held);
    environment.add_function(EACH, each);
    environment.add_global("bos_token", bos.unwrap_or_default());
    environment.add_global("eos_token", eos.unwrap_or_default());
    let (template, marked) = prepared(template);
    environment.add_template_owned(NAME, template).map_err(|error| said(&error, 0))?;
    Ok((environment, marked))
}

/// Renders; `Err` says why not, in the template's own words where it has some.
pub(super) fn render(
    environment: &Environment<'_>,
    messages: &[Value],
    tools: Option<&Value>,
    prompt: bool,
) -> Result<String, String> {
    // What it may use stands in the environment, so long chats have one of their own.
    let environment = match messages.len() {
        0..=MESSAGES => Cow::Borrowed(environment),
        more => {
            let mut environment = environment.clone();
            environment.set_fuel(Some(fuel(more)));
            Cow::Owned(environment)
        }
    };
    let said = |error: Error| said(&error, fuel(messages.len().max(MESSAGES)));
    let template = environment.get_template(NAME).map_err(said)?;
    let bytes: usize = messages.iter().chain(tools).map(length).sum();
    let most = bytes.saturating_mul(4).saturating_add(OUTPUT_BYTES);
    let tools = tools.cloned().unwrap_or_else(|| Value::from(()));
    let budget = Value::from_object(Budget::new(most));
    let context = context! { messages => messages, tools => tools, add_generation_prompt => prompt, __budget => budget };
    let mut out = Bounded { bytes: Vec::new(), most };
    template.render_captured_to(context, &mut out).map_err(said)?;
    String::from_utf8(out.bytes).map_err(|error| error.to_string())
}

/// Instructions that a template may take for so many messages.
fn fuel(messages: usize) -> u64 {
    FUEL + FUEL_A_MESSAGE.saturating_mul(messages as u64)
}

/// About how many bytes a message has.
fn length(message: &Value) -> usize {
    match (message.as_str(), message.try_iter()) {
        (Some(text), _) => text.len(),
        (None, Ok(items)) => items.map(|item| length(&message.get_item(&item).unwrap_or(item)).max(8)).sum(),
        (None, Err(_)) => 8,
    }
}

fn said(error: &Error, fuel: u64) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return format!("{ENDLESS} {fuel} steps");
    }
    if error.kind() == ErrorKind::WriteFailure
        && let Some(why) = std::error::Error::source(error)
    {
        return why.to_string();
    }
    let line = error.line().map_or_else(String::new, |line| format!(" (line {line})"));
    match error.detail() {
        Some(detail) => format!("{detail}{line}"),
        None => format!("{}{line}", error.kind()),
    }
}

/// A place for output that has an end.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(io::Error::other(format!("it writes more than {} bytes", self.most)));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
