//! Links: the address stays told from the words around it.

use super::Renderer;
use crate::text::html::attributes::{Attributes, Name};
use crate::text::html::link;
use crate::text::html::page::Mark;
use crate::text::html::tag::Tag;

impl Renderer {
    pub(super) fn open_link(&mut self, attributes: &Attributes) {
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

    pub(super) fn close_link(&mut self) {
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
}
