//! The page being written: lines, white space, prefixes. Knows nothing of elements.

/// Longest prefix of a line in bytes, that is 32 levels of quotation or indentation. Deeper ones are not drawn, so that
/// a hostile text cannot grow by its depth.
const LONGEST_PREFIX: usize = 64;

/// Line breaks in a row that are kept outside preserved text: one blank line.
const MOST_BREAKS: usize = 2;

/// White space of HTML, and the two bytes that need a second look (NUL, and the first of a no-break space).
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b' ' as usize] = true;
    table[b'\t' as usize] = true;
    table[b'\n' as usize] = true;
    table[b'\r' as usize] = true;
    table[0x0c] = true;
    table[0] = true;
    table[0xc2] = true;
    table
};

/// A place in the page that is set when the next thing is written, and moves along when something is put before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nobody asked.
    Off,
    /// Nothing has been written since.
    Waiting,
    /// Written, beginning at this byte.
    At(usize),
}

impl Mark {
    fn settle(&mut self, at: usize) {
        if *self == Self::Waiting {
            *self = Self::At(at);
        }
    }

    fn shift(&mut self, from: usize, by: usize) {
        if let Self::At(at) = self
            && *at >= from
        {
            *at += by;
        }
    }

    /// Gives the place and forgets it.
    pub fn take(&mut self) -> Option<usize> {
        match std::mem::replace(self, Self::Off) {
            Self::At(at) => Some(at),
            Self::Off | Self::Waiting => None,
        }
    }
}

/// Plain text under construction.
#[derive(Debug)]
pub struct Page {
    /// What is written; UTF-8, as every part that comes in is cut at ASCII bytes.
    out: Vec<u8>,
    /// What every line begins with (`> `, indentation), and what the next one begins with (`- ` in place of indentation).
    prefix: Vec<u8>,
    first: Vec<u8>,
    marker: bool,
    /// The part of the prefix that holds for blank lines before the next text.
    blank_prefix: usize,
    /// The prefix of the quotation that begins with an empty line, 0 for none.
    led: usize,
    /// Line breaks, spaces and cell borders due before the next text.
    breaks: usize,
    spaces: usize,
    soft_space: bool,
    borders: usize,
    /// The tokenizer cut the text behind the first byte of what may be a no-break space.
    half: bool,
    /// Right after the beginning of a list item or a cell, whose first block begins no new line.
    fresh: bool,
    /// Number of the line being written.
    line: usize,
    waiting: bool,
    /// Beginnings of the open link, code and preformatted text; the last at the beginning of its line.
    pub link: Mark,
    /// See `link`.
    pub code: Mark,
    /// See `link`.
    pub pre: Mark,
    /// Whether the open code begins its line.
    pub code_begins_line: bool,
    /// Line of the first text of the open table row.
    pub row_line: Option<usize>,
    row_waiting: bool,
}

impl Page {
    /// An empty page for about `size` bytes.
    pub fn with_capacity(size: usize) -> Self {
        Self {
            out: Vec::with_capacity(size),
            prefix: Vec::new(),
            first: Vec::new(),
            marker: false,
            blank_prefix: 0,
            led: 0,
            breaks: 0,
            spaces: 0,
            soft_space: false,
            borders: 0,
            half: false,
            fresh: false,
            line: 0,
            waiting: false,
            link: Mark::Off,
            code: Mark::Off,
            pre: Mark::Off,
            code_begins_line: false,
            row_line: None,
            row_waiting: false,
        }
    }

    /// The finished text, without trailing white space.
    pub fn into_text(mut self) -> String {
        self.out.truncate(self.out.trim_ascii_end().len());
        match String::from_utf8(self.out) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Writes text whose white space collapses; a no-break space is a space that does not.
    pub fn flow(&mut self, text: &[u8]) {
        let mut rest = self.whole(text, MOST_BREAKS);
        while let Some(&byte) = rest.first() {
            match byte {
                0xc2 if rest.get(1).is_none_or(|byte| *byte == 0xa0) => rest = self.no_break_space(rest),
                // A browser shows no NUL.
                0 => rest = &rest[1..],
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c => {
                    let inside = self.spaces > 0 || !self.at_line_start();
                    if inside && !self.soft_space {
                        self.spaces += 1;
                        self.soft_space = true;
                    }
                    rest = &rest[1..];
                }
                _ => rest = self.word(rest, MOST_BREAKS),
            }
        }
    }

    /// Writes text whose white space counts.
    pub fn preserved(&mut self, text: &[u8]) {
        let mut rest = self.whole(text, usize::MAX);
        while let Some(&byte) = rest.first() {
            match byte {
                0xc2 if rest.get(1).is_none_or(|byte| *byte == 0xa0) => rest = self.no_break_space(rest),
                0 => rest = &rest[1..],
                b' ' => {
                    self.spaces += 1;
                    rest = &rest[1..];
                }
                b'\n' => {
                    self.breaks += 1;
                    self.spaces = 0;
                    rest = &rest[1..];
                }
                _ => rest = self.word(rest, usize::MAX),
            }
        }
    }

    /// Writes up to the next special byte, single spaces between words included, and gives what follows.
    fn word<'a>(&mut self, text: &'a [u8], most_breaks: usize) -> &'a [u8] {
        let special = |byte: &u8| SPECIAL[usize::from(*byte)];
        let mut end = 1;
        loop {
            let rest = text.get(end..).unwrap_or_default();
            end += rest.iter().position(special).unwrap_or(rest.len());
            match text.get(end..) {
                Some([b' ', next, ..]) if !special(next) => end += 2,
                _ => break,
            }
        }
        let (words, after) = text.split_at(end);
        self.begin(most_breaks);
        self.out.extend_from_slice(words);
        after
    }

    /// Takes a no-break space, or the first byte of one where the text is cut.
    fn no_break_space<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        if let Some(rest) = text.get(2..) {
            self.spaces += 1;
            self.soft_space = false;
            rest
        } else {
            self.half = true;
            &[]
        }
    }

    /// The text after what a cut in the middle of a character left over.
    fn whole<'a>(&mut self, text: &'a [u8], most_breaks: usize) -> &'a [u8] {
        if !self.half || text.is_empty() {
            return text;
        }
        self.half = false;
        if let Some(rest) = text.strip_prefix(b"\xa0") {
            self.spaces += 1;
            self.soft_space = false;
            return rest;
        }
        self.begin(most_breaks);
        self.out.push(0xc2);
        text
    }

    fn at_line_start(&self) -> bool {
        self.breaks > 0 || self.out.is_empty()
    }

    /// Writes what is due before the next text.
    fn begin(&mut self, most_breaks: usize) {
        let starts_line = self.at_line_start();
        let led = std::mem::take(&mut self.led) > 0;
        if starts_line {
            let most_breaks = if self.pre == Mark::Waiting { MOST_BREAKS } else { most_breaks };
            let count = self.breaks.min(most_breaks);
            if !self.out.is_empty() {
                let blank = self.prefix.get(..self.blank_prefix).unwrap_or(&self.prefix).trim_ascii_end();
                for number in 0..count {
                    if number > 0 {
                        self.out.extend_from_slice(blank);
                    }
                    self.out.push(b'\n');
                }
                self.line += count;
            }
            self.breaks = 0;
            self.borders = 0;
            if led && !self.marker {
                self.out.extend_from_slice(self.prefix.trim_ascii_end());
                self.out.push(b'\n');
                self.line += 1;
            }
            self.out.extend_from_slice(if self.marker { &self.first } else { &self.prefix });
            if self.marker {
                self.marker = false;
                self.first.clone_from(&self.prefix);
            }
            self.blank_prefix = self.prefix.len();
        } else if self.borders > 0 {
            for _ in 0..self.borders {
                self.out.extend_from_slice(b" | ");
            }
            self.borders = 0;
            self.spaces = 0;
        }
        self.fresh = false;
        if self.waiting && self.pre == Mark::Waiting {
            self.pre = if starts_line { Mark::At(self.out.len()) } else { Mark::Off };
        }
        if self.spaces > 0 {
            self.out.resize(self.out.len() + self.spaces, b' ');
            self.spaces = 0;
        }
        self.soft_space = false;
        if self.waiting {
            self.waiting = false;
            let at = self.out.len();
            if self.code == Mark::Waiting {
                self.code_begins_line = starts_line;
            }
            self.link.settle(at);
            self.code.settle(at);
            if std::mem::take(&mut self.row_waiting) {
                self.row_line = Some(self.line);
            }
        }
    }

    /// Ends the line, as `br` does.
    pub fn line_break(&mut self) {
        self.spaces = 0;
        self.soft_space = false;
        if !self.fresh {
            self.breaks += 1;
        }
    }

    /// A block begins or ends: at least `count` line breaks stand between what was before and what comes.
    pub fn boundary(&mut self, count: usize) {
        if self.fresh {
            return;
        }
        // A line of nothing but no-break spaces is how editors write a blank line.
        if self.spaces > 0 && self.at_line_start() && !self.soft_space {
            self.breaks += 1;
        }
        self.spaces = 0;
        self.soft_space = false;
        self.breaks = self.breaks.max(count);
    }

    /// Takes back blank lines that are due: list items stand close.
    pub fn tighten(&mut self) {
        self.breaks = self.breaks.min(1);
    }

    /// From here on lines begin with `> `. Gives whether there was room for it.
    pub fn quote(&mut self) -> bool {
        let fits = self.prefix.len() < LONGEST_PREFIX;
        if fits {
            self.prefix.extend_from_slice(b"> ");
            self.first.extend_from_slice(b"> ");
        }
        fits
    }

    /// Begins the quotation with an empty line, unless it stands within another.
    pub fn lead_quotation(&mut self) {
        let around = self.prefix.len().saturating_sub(2);
        if !self.prefix.iter().take(around).any(|byte| *byte == b'>') {
            self.led = self.prefix.len();
        }
    }

    /// From here on lines are indented, the next one by `marker`.
    pub fn indent(&mut self, marker: &[u8]) {
        if self.prefix.len() < LONGEST_PREFIX {
            self.prefix.resize(self.prefix.len() + marker.len(), b' ');
            self.first.extend_from_slice(marker);
            self.marker = true;
        }
    }

    /// The length of the prefix.
    pub fn depth(&self) -> usize {
        self.prefix.len()
    }

    /// Cuts the prefix back to an earlier length.
    pub fn leave(&mut self, depth: usize) {
        if depth < self.prefix.len() {
            self.prefix.truncate(depth);
            self.first.truncate(depth);
            if self.led > depth {
                self.led = 0;
            }
            self.blank_prefix = self.blank_prefix.min(depth);
            self.marker = self.marker && self.first != self.prefix;
        }
    }

    /// A list item or cell begins: its first block begins no line of its own.
    pub fn freshen(&mut self) {
        self.fresh = true;
    }

    /// A list item or cell ends, perhaps without text.
    pub fn settle(&mut self) {
        self.fresh = false;
    }

    /// A cell begins in a row that has text: on the same line behind a border, or on a line of its own where the row
    /// has several lines. Empty cells between two
    /// with text keep their borders.
    pub fn next_cell(&mut self) {
        self.fresh = false;
        self.spaces = 0;
        self.soft_space = false;
        match self.row_line {
            Some(line) if line == self.line => {
                self.breaks = 0;
                self.borders += 1;
            }
            Some(_) => self.boundary(1),
            None => {}
        }
        self.fresh = true;
    }

    /// A row begins: remember the line of its first text. Gives the line of the row around it.
    pub fn begin_row(&mut self) -> Option<usize> {
        self.row_waiting = true;
        self.waiting = true;
        self.row_line.take()
    }

    /// A row ends; the one around it goes on.
    pub fn end_row(&mut self, around: Option<usize>) {
        self.fresh = false;
        self.borders = 0;
        self.row_waiting = false;
        self.row_line = around;
        self.boundary(1);
    }

    /// The marks that are to be set have changed.
    pub fn expect(&mut self) {
        self.waiting = true;
    }

    /// The text written since `at`.
    pub fn since(&self, at: usize) -> &[u8] {
        self.out.get(at..).unwrap_or_default()
    }

    /// Adds `text` right behind what is written, before anything that is due.
    pub fn append(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    /// Puts `text` before what was written since `at`.
    pub fn insert(&mut self, at: usize, text: &[u8]) {
        if at > self.out.len() {
            return;
        }
        self.out.splice(at..at, text.iter().copied());
        self.code.shift(at, text.len());
        self.pre.shift(at, text.len());
        // A link opens only outside of code, so an open one holds what is put here.
        if let Mark::At(start) = self.link {
            self.link = Mark::At(start.min(at));
        }
    }

    /// Puts `text` in the place of what was written since `at`.
    pub fn replace(&mut self, at: usize, text: &[u8]) {
        self.out.truncate(at);
        self.out.extend_from_slice(text);
    }

    /// Puts the text written since `at`, which begins a line, between two fences.
    pub fn fence(&mut self, at: usize, fence: &[u8], language: &[u8]) {
        let mut before = [fence, language].concat();
        before.push(b'\n');
        before.extend_from_slice(&self.prefix);
        self.insert(at, &before);
        self.out.push(b'\n');
        self.out.extend_from_slice(&self.prefix);
        self.out.extend_from_slice(fence);
        self.line += 2;
        self.breaks = 0;
        self.spaces = 0;
    }
}
