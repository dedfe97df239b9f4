//! Code inside a line, and preformatted text.

use super::Renderer;
use crate::text::html::attributes::{Attributes, Name};
use crate::text::html::page::Mark;
use crate::text::html::tag::Tag;

impl Renderer {
    pub(super) fn open_code(&mut self, attributes: &Attributes) {
        if self.page.pre != Mark::Off && self.language.is_empty() {
            self.language = language(attributes);
        }
        let owns = self.page.code == Mark::Off && self.page.pre == Mark::Off;
        if owns {
            self.language.clear();
            self.page.code = Mark::Waiting;
            self.page.expect();
        }
        let preserves = attributes.preserve();
        self.preserve += usize::from(preserves);
        self.push(Tag::Code, |frame| {
            frame.owns = owns;
            frame.preserves = preserves;
        });
    }

    pub(super) fn close_code(&mut self) {
        let Some(start) = self.page.code.take() else { return };
        let code = self.page.since(start);
        let ticks = longest_run(code, b'`');
        if code.contains(&b'\n') && self.page.code_begins_line {
            self.page.fence(start, &fence(ticks), b"");
            return;
        }
        let edge = code.starts_with(b"`") || code.ends_with(b"`");
        let mut mark = vec![b'`'; if ticks == 0 { 1 } else { ticks + 1 }];
        if edge {
            mark.push(b' ');
        }
        self.page.insert(start, &mark);
        mark.reverse();
        self.page.append(&mark);
    }

    pub(super) fn open_pre(&mut self, attributes: &Attributes) {
        self.page.boundary(2);
        // Mail programs keep plain text in `pre` and say so: `<pre wrap="">`, `<pre class="moz-signature">`.
        let is_mail =
            attributes.has(Name::Wrap) || attributes.classes().any(|class| class.starts_with(b"moz-"));
        let owns = !is_mail && self.page.pre == Mark::Off && self.page.code == Mark::Off;
        if owns {
            self.language = language(attributes);
            self.page.pre = Mark::Waiting;
            self.page.expect();
        }
        self.preserve += 1;
        self.skip_newline = true;
        self.push(Tag::Pre, |frame| {
            frame.preserves = true;
            frame.owns = owns;
        });
    }

    pub(super) fn close_pre(&mut self, owns: bool) {
        if owns && let Some(start) = self.page.pre.take() {
            let ticks = longest_run(self.page.since(start), b'`');
            let language = std::mem::take(&mut self.language);
            self.page.fence(start, &fence(ticks), &language);
        }
        self.page.boundary(2);
    }
}

/// The language that a class names, as highlighters and Markdown programs write it (`language-rust`, `lang-rust`).
fn language(attributes: &Attributes) -> Vec<u8> {
    attributes
        .classes()
        .find_map(|class| class.strip_prefix(b"language-").or_else(|| class.strip_prefix(b"lang-")))
        .filter(|name| name.len() <= 32 && name.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'`'))
        .unwrap_or_default()
        .to_vec()
}

/// A fence longer than any run of backticks inside.
fn fence(ticks: usize) -> Vec<u8> {
    vec![b'`'; 3.max(ticks + 1)]
}

fn longest_run(text: &[u8], wanted: u8) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text {
        run = if *byte == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
