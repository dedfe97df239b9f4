//! What each element does to the page. One pass, a flat stack of open elements, constant work for every tag.
//!
//! Here is what opens and closes elements; what those with a form of their own do is in a file for each.

mod code;
mod links;
mod lists;
mod pictures;
mod quotes;

use super::attributes::Attributes;
use super::page::Page;
use super::quote;
use super::tag::Tag;
use lists::List;

/// End tags do not reach out of a table, and those of list items not out of a list.
const TABLES: &[Tag] = &[Tag::Table, Tag::Cell];
const LISTS: &[Tag] = &[Tag::Ordered, Tag::Unordered, Tag::Table, Tag::Cell];

/// End tags inside a line do not reach out of a block.
const BLOCKS: &[Tag] = &[
    Tag::Blockquote,
    Tag::Cell,
    Tag::Div,
    Tag::Item,
    Tag::Ordered,
    Tag::Pre,
    Tag::Row,
    Tag::Section,
    Tag::Table,
    Tag::Unordered,
];

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Frame {
    tag: Tag,
    /// Position + 1 of the next element of the same tag further down the stack, 0 for none.
    below: usize,
    /// Prefix and length of the page when it was opened.
    depth: usize,
    written: usize,
    /// Whether a quotation's wrapper was the innermost quotation before.
    in_wrapper: bool,
    hides: bool,
    preserves: bool,
    quotes: bool,
    /// Its end tag came while blocks inside it were open; it waits only to be taken off the stack.
    done: bool,
    /// It owns the open link, code, preformatted text, list or row that ends with it.
    owns: bool,
    /// Line of the row around this one.
    row_around: Option<usize>,
}

/// Turns a stream of tags and text into a page.
#[derive(Debug)]
pub struct Renderer {
    page: Page,
    stack: Vec<Frame>,
    /// Position + 1 of the innermost open element of each tag, 0 for none.
    innermost: [usize; Tag::COUNT],
    lists: Vec<List>,
    hidden: usize,
    preserve: usize,
    in_wrapper: bool,
    /// Elements that must stay open for the rest of a mail to be quoted, while one is.
    rest: Option<usize>,
    href: Vec<u8>,
    language: Vec<u8>,
    /// Line breaks around the current paragraph.
    paragraph_breaks: usize,
    /// A line break right behind `<pre>` is not part of it.
    skip_newline: bool,
}

impl Renderer {
    /// A renderer of about `size` bytes of text.
    pub fn new(size: usize) -> Self {
        Self {
            page: Page::with_capacity(size),
            stack: Vec::new(),
            innermost: [0; Tag::COUNT],
            lists: Vec::new(),
            hidden: 0,
            preserve: 0,
            in_wrapper: false,
            rest: None,
            href: Vec::new(),
            language: Vec::new(),
            paragraph_breaks: 2,
            skip_newline: false,
        }
    }

    /// The page.
    pub fn into_text(self) -> String {
        self.page.into_text()
    }

    /// Text between tags, entities decoded.
    pub fn text(&mut self, mut text: &[u8]) {
        if self.hidden > 0 {
            return;
        }
        if self.preserve == 0 {
            self.page.flow(text);
            return;
        }
        if std::mem::take(&mut self.skip_newline) {
            text = text.strip_prefix(b"\n").unwrap_or(text);
        }
        self.page.preserved(text);
    }

    /// The end of the source closes everything.
    pub fn finish(&mut self) {
        self.close_to(0);
    }

    fn innermost(&self, tag: Tag) -> usize {
        self.innermost.get(tag as usize).copied().unwrap_or_default()
    }

    /// The innermost of several tags.
    fn innermost_of(&self, tags: &[Tag]) -> usize {
        tags.iter().map(|tag| self.innermost(*tag)).max().unwrap_or_default()
    }

    /// A start tag.
    pub fn start(&mut self, tag: Tag, attributes: &Attributes) {
        self.skip_newline = false;
        self.close_implied(tag);
        let hides = tag == Tag::Dropped || attributes.hide();
        match tag {
            Tag::Break if !hides && self.hidden == 0 => self.page.line_break(),
            Tag::Rule if !hides && self.hidden == 0 => self.rule(),
            Tag::Image if !hides && self.hidden == 0 => self.image(attributes),
            Tag::Break | Tag::Rule | Tag::Image | Tag::Nothing => {}
            _ if hides => {
                if self.hidden == 0 && tag.is_block() {
                    self.page.boundary(1);
                }
                self.hidden += 1;
                self.push(tag, |frame| frame.hides = true);
            }
            // Inside what is hidden only the nesting counts.
            _ if self.hidden > 0 => self.push(tag, |_| {}),
            _ => self.open(tag, attributes),
        }
    }

    /// A start tag of an element that is shown and has content.
    fn open(&mut self, tag: Tag, attributes: &Attributes) {
        let preserves = tag == Tag::Pre || attributes.preserve();
        match tag {
            Tag::Link => return self.open_link(attributes),
            Tag::Code => return self.open_code(attributes),
            Tag::Pre => return self.open_pre(attributes),
            Tag::Ordered | Tag::Unordered => return self.open_list(tag, attributes),
            Tag::Item => return self.open_item(attributes),
            Tag::Row => return self.open_row(),
            Tag::Cell => return self.open_cell(),
            Tag::Quotation => return self.page.flow(b"\""),
            Tag::Line | Tag::Table => self.page.boundary(1),
            Tag::Paragraph => {
                self.paragraph_breaks = if is_close(attributes) { 1 } else { 2 };
                self.page.boundary(self.paragraph_breaks);
            }
            Tag::Blockquote | Tag::Div | Tag::Section | Tag::Span => {
                if tag != Tag::Span {
                    self.page.boundary(1);
                }
                if let Some(kind) = quote::of(tag, attributes) {
                    self.open_quote(tag, kind, preserves);
                    return;
                }
            }
            _ => {}
        }
        if preserves {
            self.preserve += 1;
        }
        // Of the others only those are remembered whose end tag could be taken for that of another of their kind.
        let tracked = matches!(tag, Tag::Blockquote | Tag::Div | Tag::Section | Tag::Span | Tag::Table);
        if tracked || preserves || self.innermost(tag) > 0 {
            self.push(tag, |frame| frame.preserves = preserves);
        }
    }

    fn push(&mut self, tag: Tag, set: impl FnOnce(&mut Frame)) {
        let mut frame = Frame {
            tag,
            below: self.innermost(tag),
            depth: self.page.depth(),
            written: self.page.len(),
            in_wrapper: self.in_wrapper,
            hides: false,
            preserves: false,
            quotes: false,
            done: false,
            owns: false,
            row_around: None,
        };
        set(&mut frame);
        self.stack.push(frame);
        self.innermost[tag as usize] = self.stack.len();
    }

    /// An end tag.
    pub fn end(&mut self, tag: Tag) {
        self.skip_newline = false;
        let open = self.innermost(tag);
        if self.hidden == 0 {
            match tag {
                Tag::Line => self.page.boundary(1),
                Tag::Paragraph => self.page.boundary(self.paragraph_breaks),
                Tag::Quotation => return self.page.flow(b"\""),
                Tag::Break => return self.page.line_break(),
                _ => {}
            }
        }
        if open == 0 {
            return;
        }
        let reach = match tag {
            Tag::Table => 0,
            Tag::Row | Tag::Cell => self.innermost(Tag::Table),
            Tag::Item => self.innermost_of(LISTS),
            _ if tag.is_block() || tag == Tag::Line => self.innermost_of(TABLES),
            _ => self.innermost_of(BLOCKS),
        };
        if open > reach {
            self.close_to(open - 1);
        } else if matches!(tag, Tag::Link | Tag::Code) {
            self.close_early(open - 1);
        }
    }

    /// Closes what a start tag ends without saying so.
    fn close_implied(&mut self, tag: Tag) {
        if tag.is_block() || tag == Tag::Rule {
            let paragraph = self.innermost(Tag::Paragraph);
            if paragraph > self.innermost_of(BLOCKS) {
                self.close_to(paragraph - 1);
            }
        }
        let (open, reach) = match tag {
            Tag::Item => (self.innermost(tag), self.innermost_of(LISTS).max(self.innermost(Tag::Blockquote))),
            Tag::Cell => (self.innermost(tag), self.innermost(Tag::Table)),
            Tag::Row => {
                let table = self.innermost(Tag::Table);
                let row = self.innermost(Tag::Row);
                (if row > table { row } else { self.innermost(Tag::Cell) }, table)
            }
            Tag::Link => {
                let open = self.innermost(tag);
                if open > 0 && self.innermost_of(BLOCKS) > open {
                    return self.close_early(open - 1);
                }
                (open, 0)
            }
            _ => return,
        };
        if open > reach {
            self.close_to(open - 1);
        }
    }

    /// Closes open elements until `count` are left.
    fn close_to(&mut self, count: usize) {
        while self.stack.len() > count {
            let Some(frame) = self.stack.pop() else { return };
            self.close(&frame);
            self.page.leave(frame.depth);
            self.in_wrapper = frame.in_wrapper;
        }
        if self.rest.is_some_and(|needed| needed > self.stack.len()) {
            self.rest = None;
        }
    }

    /// Ends the effect of an element whose inner blocks stay open.
    fn close_early(&mut self, at: usize) {
        let Some(frame) = self.stack.get_mut(at) else { return };
        let taken = *frame;
        frame.done = true;
        self.close(&taken);
    }

    fn close(&mut self, frame: &Frame) {
        if frame.done {
            return;
        }
        if let Some(innermost) = self.innermost.get_mut(frame.tag as usize) {
            *innermost = frame.below;
        }
        if frame.hides {
            self.hidden -= 1;
            if self.hidden == 0 && frame.tag.is_block() {
                self.page.boundary(1);
            }
            return;
        }
        if frame.preserves {
            self.preserve -= 1;
        }
        if self.hidden > 0 {
            return;
        }
        match frame.tag {
            Tag::Link if frame.owns => self.close_link(),
            Tag::Code if frame.owns => self.close_code(),
            Tag::Pre => self.close_pre(frame.owns),
            Tag::Ordered | Tag::Unordered => self.close_list(),
            Tag::Item => self.close_item(),
            Tag::Row => self.page.end_row(frame.row_around),
            Tag::Cell => self.page.settle(),
            Tag::Span if frame.quotes => self.page.boundary(1),
            Tag::Blockquote if frame.quotes => self.page.boundary(2),
            Tag::Blockquote | Tag::Div | Tag::Section | Tag::Table => self.page.boundary(1),
            _ => {}
        }
    }

    fn open_row(&mut self) {
        self.page.boundary(1);
        let around = self.page.begin_row();
        self.push(Tag::Row, |frame| frame.row_around = around);
    }

    fn open_cell(&mut self) {
        if self.innermost(Tag::Row) <= self.innermost(Tag::Table) {
            self.open_row();
        }
        self.page.next_cell();
        self.push(Tag::Cell, |_| {});
    }

    fn rule(&mut self) {
        self.page.boundary(1);
        self.page.flow(b"---");
        self.page.boundary(1);
    }
}

/// Paragraphs that stand without a blank line between them: Word's style for mail, the classes of Intercom and Apple
/// Mail, and margins of zero.
fn is_close(attributes: &Attributes) -> bool {
    attributes.classes().any(|class| {
        let class = class.strip_prefix(b"x_").unwrap_or(class);
        matches!(class, b"MsoNormal" | b"MsoPlainText" | b"MsoNoSpacing" | b"no-margin" | b"p1" | b"p2")
    }) || attributes.declares(b"margin", |value| {
        value.split(u8::is_ascii_whitespace).all(|part| !part.iter().any(|byte| matches!(byte, b'1'..=b'9')))
            && value.starts_with(b"0")
    })
}
