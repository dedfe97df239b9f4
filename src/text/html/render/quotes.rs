//! Quotations: a level of `> ` for each, of what an element holds or of what follows it.
//!
//! What a mail program marks as the earlier mail begins with an empty line of it: however short it is, it is no prompt of a
//! shell and no line that somebody quotes.

use super::Renderer;
use crate::text::html::quote::Quote;
use crate::text::html::tag::Tag;

impl Renderer {
    pub(super) fn open_quote(&mut self, tag: Tag, kind: Quote, preserves: bool) {
        let (depth, in_wrapper) = (self.page.depth(), self.in_wrapper);
        match kind {
            // The wrapper's blockquote is the quotation it introduced.
            Quote::Block if in_wrapper => self.in_wrapper = false,
            Quote::Block => {
                self.page.boundary(2);
                self.page.quote();
            }
            Quote::Wrapper => {
                self.page.boundary(2);
                self.page.quote();
                self.page.lead_quotation();
                self.in_wrapper = true;
            }
            Quote::Rest => self.open_rest(),
        }
        self.preserve += usize::from(preserves);
        let rest = kind == Quote::Rest;
        self.push(tag, |frame| {
            frame.preserves = preserves;
            frame.quotes = true;
            if !rest {
                frame.depth = depth;
                frame.in_wrapper = in_wrapper;
            }
        });
    }

    /// Quotes what follows, up to the end of the innermost element that has text before this point.
    fn open_rest(&mut self) {
        if self.rest.is_some() || self.in_wrapper {
            return;
        }
        let before = self.page.depth();
        self.page.boundary(2);
        if !self.page.quote() {
            return;
        }
        self.page.lead_quotation();
        let after = self.page.depth();
        let written = self.page.len();
        let mut needed = self.stack.len();
        for frame in self.stack.iter_mut().rev() {
            if frame.tag != Tag::Div || frame.written != written || frame.depth != before || frame.quotes {
                break;
            }
            frame.depth = after;
            needed -= 1;
        }
        self.rest = Some(needed);
    }
}
