//! What is known of a file before its rows are read: its beginning, its layout, and whether it can be fixed.

use std::path::Path;

use super::FixTo;
use crate::config::Settings;
use crate::diagnostic::Finding;
use crate::error::Result;
use crate::lint::file;
use crate::read::frame::{Feed, Lines};
use crate::read::sample::Layout;
use crate::read::source::Place;
use crate::read::{Frames, Sample, Source, json};
use crate::text::json::{Bounds, Scanner};
use crate::text::sanitize::excerpt;

/// What is known of a file before its rows are read.
pub(super) struct About {
    pub(super) byte_order_mark: bool,
    converted_from: Option<&'static str>,
    layout: Option<Layout>,
}

impl About {
    pub(super) fn of(settings: &Settings, source: &Source, sample: &Sample) -> Result<Self> {
        let (_, beginning) = source.open_noting(&settings.read)?;
        Ok(Self {
            byte_order_mark: beginning.byte_order_mark,
            converted_from: beginning.converted_from,
            layout: if begins_with_row(&sample.head) { None } else { sample.layout() },
        })
    }

    /// The file in words, where it is not one value a line.
    fn other_layout(&self) -> Option<&'static str> {
        match self.layout {
            Some(Layout::Array) => Some("one JSON array"),
            Some(Layout::Object) => Some("one JSON object over several lines"),
            Some(Layout::Concatenated) => Some("JSON objects over several lines each"),
            Some(Layout::Lines) | None => None,
        }
    }

    /// What is wrong with the file as such; `file_name` is its name without folders, in lower case.
    pub(super) fn findings(&self, file_name: &str) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.byte_order_mark {
            let message = "the file begins with a UTF-8 byte order mark";
            found.push(Finding::new(&file::BYTE_ORDER_MARK, "", message));
        }
        if let Some(encoding) = self.converted_from {
            found.push(Finding::new(&file::NOT_UTF8, "", format!("the file is {encoding}, not UTF-8")));
        }
        if Path::new(file_name).extension().is_none_or(|extension| extension != "jsonl") && file_name != "-" {
            let name = excerpt(file_name, 80);
            found.push(Finding::new(&file::EXTENSION, "", format!("`{name}` does not end in `.jsonl`")));
        }
        if let Some(layout) = self.other_layout() {
            found.push(Finding::new(&file::NOT_JSON_LINES, "", format!("the file is {layout}")));
        }
        found
    }

    pub(super) fn frames(
        &self,
        settings: &Settings,
        source: &Source,
        sample: &Sample,
    ) -> Result<Box<dyn Frames>> {
        if self.other_layout().is_some() {
            return json::frames(source, sample, &settings.read);
        }
        let feed = Feed::new(source.open(&settings.read)?, source.name.clone());
        let lines = Lines::new(feed, source.index, settings.read.limits.record_bytes);
        Ok(Box::new(lines.keeping_blank_lines()))
    }

    /// Why the file cannot be fixed, if it cannot.
    pub(super) fn unfixable(&self, source: &Source, to: &FixTo) -> Option<String> {
        if let Some(layout) = self.other_layout() {
            return Some(format!("it is {layout}, and fixes are made to one object a line"));
        }
        if let Some(encoding) = self.converted_from {
            return Some(format!("it is {encoding}, not UTF-8"));
        }
        if matches!(to, FixTo::InPlace { .. }) {
            return match &source.place {
                Place::File(path) if is_packed(path) => Some("it is packed".to_owned()),
                Place::File(_) => None,
                Place::Stream(_) => Some("it is a stream, which has no place".to_owned()),
                _ => Some("it lies in another file".to_owned()),
            };
        }
        None
    }
}

/// Whether the first line is a whole object, or longer than what is looked at: one object a line was meant then, even
/// where no line feed follows or the next line is broken.
fn begins_with_row(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    if head.first() != Some(&b'{') {
        return false;
    }
    let line_end = memchr::memchr(b'\n', head);
    let line = head[..line_end.unwrap_or(head.len())].trim_ascii_end();
    match Scanner::default().feed(line) {
        Bounds::End(end) => end == line.len(),
        Bounds::Open => line_end.is_none(),
    }
}

/// Whether a file begins as gzip (RFC 1952) or zstandard (RFC 8878) do; one that cannot be read is found so later.
fn is_packed(path: &Path) -> bool {
    use std::io::Read;
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(4).read_to_end(&mut head));
    read.is_ok() && (head.starts_with(&[0x1f, 0x8b]) || head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]))
}
