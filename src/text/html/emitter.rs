//! From the tokenizer's events to the renderer's words.

use std::convert::Infallible;

use html5gum::{Emitter, Error, State};

use super::attributes::Attributes;
use super::render::Renderer;
use super::tag::Tag;

/// Longest name kept of a tag; longer ones are of no known element.
const LONGEST_NAME: usize = 32;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    None,
    Start,
    End,
}

/// Hands every tag and text to a [`Renderer`], without a tree and without a copy of the text.
pub struct Bridge<'a> {
    source: &'a str,
    renderer: &'a mut Renderer,
    attributes: Attributes,
    name: Vec<u8>,
    last_start: Vec<u8>,
    open: Open,
    self_closing: bool,
    /// Bytes of the source read so far, and where the tag at hand began.
    position: usize,
    tag_start: usize,
}

impl<'a> Bridge<'a> {
    /// A bridge from a tokenizer of `source` to `renderer`.
    pub fn new(source: &'a str, renderer: &'a mut Renderer) -> Self {
        Self {
            source,
            renderer,
            attributes: Attributes::default(),
            name: Vec::new(),
            last_start: Vec::new(),
            open: Open::None,
            self_closing: false,
            position: 0,
            tag_start: 0,
        }
    }

    fn begin(&mut self, open: Open) {
        self.open = open;
        self.self_closing = false;
        self.name.clear();
        self.attributes.clear();
    }

    /// An address that a careless tool put between angle brackets is text: `<ana@shop.example>`, `<https://…>`.
    fn is_address(&self) -> bool {
        self.name.contains(&b'@') || self.name.ends_with(b":")
    }

    /// Shows the source of the tag at hand.
    fn show(&mut self, end: usize) {
        if let Some(raw) = self.source.get(self.tag_start..end) {
            self.renderer.text(raw.as_bytes());
        }
    }
}

/// How the tokenizer reads on after a start tag. As a mail program without scripts does, `noscript` is read.
fn next_state(name: &[u8]) -> Option<State> {
    match name {
        b"title" | b"textarea" => Some(State::RcData),
        b"plaintext" => Some(State::PlainText),
        b"script" => Some(State::ScriptData),
        b"style" | b"iframe" | b"xmp" | b"noembed" | b"noframes" => Some(State::RawText),
        _ => None,
    }
}

impl Emitter for Bridge<'_> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend_from_slice(last_start_tag.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        // A text cut inside a tag loses the tag, as in a browser; what only looks like one (`a <b and c`) stays.
        if self.open != Open::None {
            let rest = self.source.get(self.tag_start..).unwrap_or_default();
            let is_tag = Tag::of(&self.name) != Tag::Unknown
                && (self.open == Open::End || rest.contains('=') || !rest.contains(' '));
            if !is_tag {
                self.show(self.source.len());
            }
        }
        self.renderer.finish();
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, text: &[u8]) {
        // What looked like an end tag inside a script or a style sheet was text.
        self.open = Open::None;
        self.renderer.text(text);
    }

    fn init_start_tag(&mut self) {
        self.begin(Open::Start);
    }

    fn init_end_tag(&mut self) {
        self.begin(Open::End);
    }

    fn init_comment(&mut self) {
        self.open = Open::None;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.attributes.settle();
        let open = std::mem::replace(&mut self.open, Open::None);
        let tag = Tag::of(&self.name);
        if open == Open::End {
            self.renderer.end(tag);
            return None;
        }
        self.last_start.clear();
        self.last_start.extend_from_slice(&self.name);
        if tag == Tag::Unknown && self.is_address() {
            self.show(self.position);
            return None;
        }
        // Only foreign elements are closed by a slash; HTML's own ignore it.
        let foreign = matches!(self.name.as_slice(), b"svg" | b"xml");
        if !(foreign && self.self_closing) {
            self.renderer.start(tag, &self.attributes);
        }
        next_state(&self.name)
    }

    fn emit_current_comment(&mut self) {}

    fn emit_current_doctype(&mut self) {}

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, part: &[u8]) {
        if self.name.len() < LONGEST_NAME {
            self.name.extend_from_slice(part);
        }
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {
        self.open = Open::None;
    }

    fn init_attribute(&mut self) {
        self.attributes.begin();
    }

    fn push_attribute_name(&mut self, part: &[u8]) {
        self.attributes.push_name(part);
    }

    fn push_attribute_value(&mut self, part: &[u8]) {
        self.attributes.push_value(part);
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn start_open_tag(&mut self) {
        self.tag_start = self.position.saturating_sub(1);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.open == Open::End && !self.last_start.is_empty() && self.last_start == self.name
    }

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}
