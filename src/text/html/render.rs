//! What each element does to the page. One pass, a flat stack of open elements, constant work for every tag.

use super::attributes::{Attributes, Name};
use super::link;
use super::page::{Mark, Page};
use super::quote::{self, Quote};
use super::tag::Tag;

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

#[derive(Debug)]
struct List {
    ordered: bool,
    next: i64,
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
            Tag::Ordered | Tag::Unordered => {
                self.lists.pop();
                self.page.settle();
                self.page.boundary(if self.lists.is_empty() { 2 } else { 1 });
            }
            Tag::Item => {
                self.page.settle();
                self.page.boundary(1);
                self.page.tighten();
            }
            Tag::Row => self.page.end_row(frame.row_around),
            Tag::Cell => self.page.settle(),
            Tag::Span if frame.quotes => self.page.boundary(1),
            Tag::Blockquote if frame.quotes => self.page.boundary(2),
            Tag::Blockquote | Tag::Div | Tag::Section | Tag::Table => self.page.boundary(1),
            _ => {}
        }
    }

    fn open_quote(&mut self, tag: Tag, kind: Quote, preserves: bool) {
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

    fn open_link(&mut self, attributes: &Attributes) {
        let free = self.page.link == Mark::Off && self.page.code == Mark::Off && self.page.pre == Mark::Off;
        let owns = free && attributes.has(Name::Href);
        if owns {
            self.href.clear();
            self.href.extend_from_slice(attributes.get(Name::Href));
            self.page.link = Mark::Waiting;
            self.page.expect();
        }
        self.push(Tag::Link, |frame| frame.owns = owns);
    }

    fn close_link(&mut self) {
        let Some(start) = self.page.link.take() else { return };
        let Some(target) = link::target(&self.href) else { return };
        let label = self.page.since(start);
        let several_lines = label.contains(&b'\n');
        match link::form(label, &target) {
            link::Form::Label => {}
            link::Form::Address(address) => self.page.replace(start, &address),
            link::Form::Both(address) => {
                let (opening, middle): (&[u8], &[u8]) =
                    if several_lines { (b"", b" (") } else { (b"[", b"](") };
                self.page.insert(start, opening);
                for part in [middle, &address, b")"] {
                    self.page.append(part);
                }
            }
        }
    }

    fn open_code(&mut self, attributes: &Attributes) {
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

    fn close_code(&mut self) {
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

    fn open_pre(&mut self, attributes: &Attributes) {
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

    fn close_pre(&mut self, owns: bool) {
        if owns && let Some(start) = self.page.pre.take() {
            let ticks = longest_run(self.page.since(start), b'`');
            let language = std::mem::take(&mut self.language);
            self.page.fence(start, &fence(ticks), &language);
        }
        self.page.boundary(2);
    }

    fn open_list(&mut self, tag: Tag, attributes: &Attributes) {
        self.page.boundary(if self.lists.is_empty() { 2 } else { 1 });
        let next = attributes.number(Name::Start).unwrap_or(1);
        self.lists.push(List { ordered: tag == Tag::Ordered, next });
        self.push(tag, |_| {});
    }

    fn open_item(&mut self, attributes: &Attributes) {
        self.page.boundary(1);
        let depth = self.page.depth();
        let marker = match self.lists.last_mut() {
            Some(list) if list.ordered => {
                let number = attributes.number(Name::Value).unwrap_or(list.next);
                list.next = number.saturating_add(1);
                format!("{number}. ")
            }
            _ => "- ".to_owned(),
        };
        self.page.indent(marker.as_bytes());
        self.page.freshen();
        self.push(Tag::Item, |frame| frame.depth = depth);
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

    /// A picture reads as its text for those who cannot see it, which is how mail programs write emoji. Pixels that
    /// count readers, and file names that programs put there, are nobody's words.
    fn image(&mut self, attributes: &Attributes) {
        let is_pixel = [Name::Width, Name::Height]
            .iter()
            .any(|name| attributes.number(*name).is_some_and(|size| size <= 1));
        let text = attributes.get(Name::Alt);
        if !is_pixel && !is_file_name(text) {
            self.page.flow(text);
        }
    }
}

/// Endings of picture files, in lower case.
const PICTURES: &[&[u8]] =
    &[b".png", b".jpg", b".jpeg", b".gif", b".bmp", b".webp", b".svg", b".tif", b".tiff", b".heic"];

fn is_file_name(text: &[u8]) -> bool {
    let ending = text.get(text.len().saturating_sub(5)..).unwrap_or_default().to_ascii_lowercase();
    PICTURES.iter().any(|picture| ending.ends_with(picture))
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
