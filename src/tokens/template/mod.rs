//! Chat templates of open models (Jinja, as Hugging Face writes them): a chat rendered as a trainer would, with the part
//! that is trained.
//!
//! Where the template marks answers (`{% generation %}`), the marks decide; where it does not, the text that an answer adds
//! to what stands before it. A template is a stranger's program: instructions, depth, output and
//! what it builds on the way are bounded, and an example that it refuses, or on which it does not end, is a fault of that
//! example. One that does not end on a chat of two short messages is not taken at all.

mod bounds;
mod environment;
mod json;
mod layout;
mod tags;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::{Message, Role};
use crate::text::sanitize::excerpt;

use super::Mask;
use super::render::{Chat, Renderer, Segment};

/// The longest published templates have some 20 kB; `tokenizer_config.json` some 2 MB.
const FILE_BYTES: u64 = 64 << 20;

/// A template, ready to render.
pub struct ChatTemplate {
    environment: minijinja::Environment<'static>,
    /// Whether it marks what is generated.
    marked: bool,
}

/// What a file holds.
struct Source {
    template: String,
    bos: Option<String>,
    eos: Option<String>,
}

impl ChatTemplate {
    /// Reads a template, or the one in a `tokenizer_config.json`.
    pub fn load(path: &Path) -> Result<Self> {
        let name = excerpt(&path.display().to_string(), 200);
        let unreadable = |error: std::io::Error| {
            Error::input(format!("the chat template `{name}` cannot be read: {error}"))
        };
        let mut bytes = Vec::new();
        File::open(path)
            .map_err(unreadable)?
            .take(FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        let damaged = |why: String| {
            Error::input(format!("the chat template `{name}` cannot be used: {}", excerpt(&why, 300)))
                .with_hint("give a Jinja file, or the `tokenizer_config.json` of the model, which holds one")
        };
        if bytes.len() as u64 > FILE_BYTES {
            return Err(damaged(format!("it is larger than {} MiB", FILE_BYTES >> 20)));
        }
        let text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8".to_owned()))?;
        let mut source = source(text.trim_start_matches('\u{feff}')).map_err(damaged)?;
        if source.bos.is_none() {
            // The marks at the ends of a chat stand in the file beside it.
            let beside = path.with_file_name("tokenizer_config.json");
            if let Ok(text) = std::fs::read_to_string(beside)
                && let Ok(config) = serde_json::from_str::<Value>(&text)
            {
                (source.bos, source.eos) = (mark(&config, "bos_token"), mark(&config, "eos_token"));
            }
        }
        Self::new(&source.template, source.bos, source.eos).map_err(damaged)
    }

    fn new(template: &str, bos: Option<String>, eos: Option<String>) -> std::result::Result<Self, String> {
        if template.trim().is_empty() {
            return Err("it is empty".to_owned());
        }
        let (environment, marked) = environment::make(template, bos, eos)?;
        let template = Self { environment, marked };
        // Looping is tried once, not by every row of a file. Any other fault may be one of this chat.
        let chat = [Message::text(Role::User, "Hello"), Message::text(Role::Assistant, "Hello")];
        match template.render(Chat { messages: &chat, tools: &[] }, Mask::Nothing) {
            Err(why) if why.starts_with(environment::ENDLESS) => {
                Err(format!("{why}, even for two short messages"))
            }
            _ => Ok(template),
        }
    }
}

impl Renderer for ChatTemplate {
    fn render(&self, chat: Chat<'_>, mask: Mask) -> std::result::Result<Vec<Segment>, String> {
        layout::segments(&self.environment, self.marked, chat, mask)
    }

    fn marks_answers(&self) -> bool {
        self.marked
    }
}

fn source(text: &str) -> std::result::Result<Source, String> {
    let beginning = text.trim_start();
    // A template may begin with a brace too, but then with two or with a sign.
    let is_template = ["{{", "{%", "{#"].iter().any(|sign| beginning.starts_with(sign));
    let config: Value = if beginning.starts_with('{') && !is_template {
        serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?
    } else {
        Value::Null
    };
    if config.is_null() {
        return Ok(Source { template: text.to_owned(), bos: None, eos: None });
    }
    let template = match config.get("chat_template") {
        Some(Value::String(template)) => template.clone(),
        Some(Value::Array(templates)) => {
            let named = |name: &str| {
                templates.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(name))
            };
            let chosen = named("default").or(templates.first());
            let template = chosen.and_then(|one| one.get("template")).and_then(Value::as_str);
            template.ok_or("its `chat_template` is a list without templates")?.to_owned()
        }
        Some(_) => return Err("its `chat_template` is no text".to_owned()),
        None => {
            return Err("it is JSON without `chat_template`; newer models have a file `chat_template.jinja`"
                .to_owned());
        }
    };
    Ok(Source { template, bos: mark(&config, "bos_token"), eos: mark(&config, "eos_token") })
}

/// A control token, which stands as a text or as an object with `content`.
fn mark(config: &Value, key: &str) -> Option<String> {
    let value = config.get(key)?;
    value.as_str().or_else(|| value.get("content")?.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
