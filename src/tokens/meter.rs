//! The meter of a run: what counts its texts, and how its chats are rendered.

use std::path::Path;
use std::sync::Arc;

use super::frame::{self, Frame, Outline, Piece};
use super::images::Span;
use super::render::{Chat, Renderer, Segment};
use super::{Counter, Mask, Model, counter};
use crate::error::{Error, Result};
use crate::model::{Body, Example, Message, TokenCount};
use crate::text::cut::floor;

/// Bytes before a seam that may change the tokens behind it: more than any token has that vocabularies make of words.
const SEAM: usize = 64;

/// Files of the user's that make counts of an open model exact.
#[derive(Debug, Clone, Copy, Default)]
pub struct Files<'a> {
    /// The model's tokenizer.
    pub tokenizer: Option<&'a Path>,
    /// Its chat template: Jinja, or a `tokenizer_config.json`.
    pub chat_template: Option<&'a Path>,
}

/// Measures examples in tokens. Cheap to clone; a vocabulary that comes with the program is loaded when the first text is
/// counted.
#[derive(Clone)]
pub struct Meter {
    /// Counts texts.
    pub counter: Arc<dyn Counter>,
    /// Name of the vocabulary, or of the tokenizer's file.
    pub vocabulary: String,
    frame: &'static Frame,
    template: Option<Arc<dyn Renderer>>,
}

impl Meter {
    /// The meter of a model: exact where its vocabulary is at hand, otherwise an estimate.
    pub fn of(model: &Model) -> Result<Self> {
        Ok(Self {
            counter: counter(model)?,
            vocabulary: model.vocabulary.name().to_owned(),
            frame: model.frame,
            template: None,
        })
    }

    /// The meter of a model for which the user has files.
    pub fn with_files(model: &Model, files: Files<'_>) -> Result<Self> {
        let Some(path) = files.tokenizer else {
            if files.chat_template.is_some() {
                return Err(Error::usage("a chat template alone counts nothing")
                    .with_hint("give the model's tokenizer, too: `--tokenizer tokenizer.json`"));
            }
            return Self::of(model);
        };
        if model.offers.iter().any(|offer| offer.provider == "openai") {
            let (name, vocabulary) = (model.name, model.vocabulary.name());
            return Err(Error::usage(format!(
                "`{name}` is counted exactly by `{vocabulary}`, not by a file"
            ))
            .with_hint(
                "leave `--tokenizer` away, or name the open model that it belongs to with `--model`",
            ));
        }
        let template = files.chat_template.map(load_template).transpose()?;
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.display().to_string());
        let vocabulary = crate::text::sanitize::excerpt(&name, 60);
        Ok(Self { counter: load_tokenizer(path)?, vocabulary, frame: model.frame, template })
    }

    /// Whether a chat template of the user's says how chats are rendered.
    pub fn has_template(&self) -> bool {
        self.template.is_some()
    }

    /// What is to be said of how trained tokens are found, where it is not sure.
    pub fn doubt(&self) -> Option<&'static str> {
        let template = self.template.as_ref()?;
        (!template.marks_answers()).then_some(
            "the template does not mark what is trained (`{% generation %}`); taken is what an answer adds to the text before it",
        )
    }

    /// Counts one example or preference; `mask` says what of an example is trained. `Err` says why a template does not
    /// render it.
    ///
    /// Where the vocabulary is not at hand, `content`, `total` and `trained` are the least, `high` is the most. Of a
    /// preference `total` has the prompt once and both answers, `high` has it twice: how often it is billed is not
    /// published. Trained are the tokens of both answers; a limit holds the prompt with the longer one
    /// ([`TokenCount::sequence`]).
    pub fn measure(&self, body: &Body, mask: Mask) -> std::result::Result<TokenCount, String> {
        self.counted(body, mask).map(|count| TokenCount { besides: frame::besides(body), ..count })
    }

    fn counted(&self, body: &Body, mask: Mask) -> std::result::Result<TokenCount, String> {
        let Some(template) = &self.template else {
            return Ok(frame::count(body, self.counter.as_ref(), self.frame, mask));
        };
        match body {
            Body::Example(example) => {
                let segments = template.render(chat(example), mask)?;
                Ok(self.sum(&segments, &example.messages))
            }
            Body::Preference(preference) => {
                let tools = preference.tools.as_deref().unwrap_or_default();
                let whole = |answer: &[Message]| {
                    let messages: Vec<Message> = preference.prompt.iter().chain(answer).cloned().collect();
                    let segments = template.render(Chat { messages: &messages, tools }, Mask::LastAnswer)?;
                    Ok::<_, String>(self.sum(&segments, &messages))
                };
                let (chosen, rejected) = (whole(&preference.chosen)?, whole(&preference.rejected)?);
                let prompt = chosen.total.saturating_sub(chosen.trained);
                Ok(TokenCount {
                    content: chosen.content + rejected.content,
                    total: (chosen.total + rejected.total).saturating_sub(prompt),
                    high: chosen.high + rejected.high,
                    trained: chosen.trained + rejected.trained,
                    before: prompt,
                    exact: false,
                    limited: Some(chosen.sequence().longer(rejected.sequence())),
                    ..TokenCount::default()
                })
            }
        }
    }

    /// The most tokens that the longest sequence of a body can have whose row has so many bytes, without counting; `None`
    /// where bytes say nothing of it.
    ///
    /// A token of a text has a byte at least, and JSON writes more around a message than the chat frame does. But a picture
    /// has more tokens than its address has bytes, tools are rendered under a text of their own, and a template may write
    /// anything.
    pub fn most(&self, body: &Body, bytes: usize) -> Option<u64> {
        let besides = frame::besides(body);
        let is_text = self.template.is_none() && !besides.tools && !besides.pictures;
        is_text.then(|| bytes as u64 + self.frame.once.high)
    }

    /// Counts as [`Meter::measure`] does; what a template does not render is counted by the model's frame, and is not exact.
    pub fn count(&self, body: &Body, mask: Mask) -> TokenCount {
        self.measure(body, mask).unwrap_or_else(|_| {
            let count = frame::count(body, self.counter.as_ref(), self.frame, mask);
            TokenCount { exact: false, besides: frame::besides(body), ..count }
        })
    }

    /// Counts one example piece by piece, in the order in which it is rendered.
    pub fn outline(&self, example: &Example, mask: Mask) -> Outline {
        let Some(Ok(segments)) = self.template.as_ref().map(|template| template.render(chat(example), mask))
        else {
            return frame::outline(example, self.counter.as_ref(), self.frame, mask);
        };
        let piece = |(segment, tokens): (&Segment, Span)| {
            let trained = if segment.trained { tokens.low } else { 0 };
            Piece { content: tokens.low, tokens, trained, exact: tokens.low == tokens.high }
        };
        Outline {
            lead: Span::default(),
            lead_exact: true,
            lead_trained: false,
            pieces: segments.iter().zip(self.each(&segments)).map(piece).collect(),
        }
    }

    /// What each segment adds to the tokens of those before it. Alone it may have other ones: two line feeds at a seam are one
    /// token, and `SentencePiece` puts a blank before every text.
    fn each(&self, segments: &[Segment]) -> Vec<Span> {
        let mut joined = String::new();
        let mut added = Vec::with_capacity(segments.len());
        for segment in segments {
            let before = self.counter.span_rendered(&joined);
            joined.push_str(&segment.text);
            let with = self.counter.span_rendered(&joined);
            let low = with.low.saturating_sub(before.low);
            added.push(Span { low, high: with.high.saturating_sub(before.high).max(low) });
            // A seam is near: what lies far before it changes nothing.
            let far = floor(&joined, joined.len().saturating_sub(SEAM));
            joined.drain(..far);
        }
        added
    }

    /// The segments that the template renders, where there is one.
    pub fn rendered(
        &self,
        example: &Example,
        mask: Mask,
    ) -> Option<std::result::Result<Vec<Segment>, String>> {
        self.template.as_ref().map(|template| template.render(chat(example), mask))
    }

    fn sum(&self, segments: &[Segment], messages: &[Message]) -> TokenCount {
        let whole: String = segments.iter().map(|segment| segment.text.as_str()).collect();
        let each = self.each(segments);
        let first = segments.iter().position(|segment| segment.trained);
        let Span { low, high } = self.counter.span_rendered(&whole);
        TokenCount {
            content: messages.iter().flat_map(Message::texts).map(|text| self.counter.count(text)).sum(),
            total: low,
            high,
            trained: segments
                .iter()
                .zip(&each)
                .filter(|(segment, _)| segment.trained)
                .map(|(_, added)| added.low)
                .sum(),
            before: each.iter().take(first.unwrap_or(0)).map(|added| added.low).sum(),
            // A picture is more than the mark that a template writes for it.
            exact: low == high && !messages.iter().any(frame::has_other_parts),
            ..TokenCount::default()
        }
    }
}

fn chat(example: &Example) -> Chat<'_> {
    Chat { messages: &example.messages, tools: example.tools.as_deref().unwrap_or_default() }
}

#[cfg(feature = "tokenizer")]
fn load_tokenizer(path: &Path) -> Result<Arc<dyn Counter>> {
    super::tokenizer::load(path)
}

#[cfg(feature = "tokenizer")]
fn load_template(path: &Path) -> Result<Arc<dyn Renderer>> {
    Ok(Arc::new(super::template::ChatTemplate::load(path)?))
}

#[cfg(not(feature = "tokenizer"))]
fn load_tokenizer(_path: &Path) -> Result<Arc<dyn Counter>> {
    Err(built_without("tokenizers"))
}

#[cfg(not(feature = "tokenizer"))]
fn load_template(_path: &Path) -> Result<Arc<dyn Renderer>> {
    Err(built_without("chat templates"))
}

#[cfg(not(feature = "tokenizer"))]
fn built_without(what: &str) -> Error {
    Error::usage(format!("this chatmill was built without {what} of open models")).with_hint(
        "build it with `--features tokenizer`, or count without them: an estimate is given as an interval",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Content, Preference, Role, ToolCall};
    use crate::tokens::model;
    use serde_json::{Value, json};

    #[test]
    fn no_body_has_more_tokens_than_is_said_without_counting() {
        // Four tokens and four bytes a character.
        let odd = "\u{10ffff}".repeat(1_000);
        let chat = |first: Content| {
            let mut user = Message::text(Role::User, "");
            user.content = first;
            Example { messages: vec![user, Message::text(Role::Assistant, "Yes.")], ..Example::default() }
        };
        let plain = || chat(Content::Text(odd.clone()));
        let parts = |parts: Value| Body::Example(chat(Content::Parts(parts.as_array().unwrap().clone())));
        let mut calling = plain();
        let (name, arguments) = ("f".to_owned(), "{}".to_owned());
        calling.messages[1].tool_calls =
            vec![ToolCall { id: None, name, arguments, extra: serde_json::Map::new() }];
        let mut legacy = plain();
        legacy.extra.insert("functions".to_owned(), json!([{"name": "f"}]));
        let preference = Preference {
            prompt: vec![Message::text(Role::User, odd.clone())],
            chosen: vec![Message::text(Role::Assistant, "A")],
            rejected: vec![Message::text(Role::Assistant, "B")],
            ..Preference::default()
        };
        for (is_bounded, body) in [
            (true, Body::Example(plain())),
            (true, Body::Preference(preference)),
            (true, parts(json!([{"type": "text", "text": odd}]))),
            (false, parts(json!([{"type": "image_url", "image_url": {"url": "x"}, "text": "y"}]))),
            (false, parts(json!([{"text": odd}]))),
            (false, Body::Example(calling)),
            (false, Body::Example(legacy)),
            (false, Body::Example(Example { tools: Some(vec![json!({"name": "f"})]), ..plain() })),
        ] {
            for name in ["gpt-4o-mini", "qwen3-8b"] {
                let meter = Meter::of(model(name).unwrap()).unwrap();
                // Less than any row of it has.
                let bytes = body.messages().flat_map(Message::texts).map(str::len).sum::<usize>() + 40;
                let (most, counted) = (meter.most(&body, bytes), meter.count(&body, Mask::Answers));
                assert_eq!(most.is_some(), is_bounded, "{name}: {body:?}");
                assert!(
                    most.is_none_or(|most| most >= counted.sequence().high),
                    "{name}: {most:?}, {counted:?}"
                );
            }
        }
    }
}
