//! Lists and their items.

use super::Renderer;
use crate::text::html::attributes::{Attributes, Name};
use crate::text::html::tag::Tag;

/// An open list.
#[derive(Debug)]
pub(super) struct List {
    ordered: bool,
    /// Number of the next item.
    next: i64,
}

impl Renderer {
    pub(super) fn open_list(&mut self, tag: Tag, attributes: &Attributes) {
        self.page.boundary(if self.lists.is_empty() { 2 } else { 1 });
        let next = attributes.number(Name::Start).unwrap_or(1);
        self.lists.push(List { ordered: tag == Tag::Ordered, next });
        self.push(tag, |_| {});
    }

    pub(super) fn close_list(&mut self) {
        self.lists.pop();
        self.page.settle();
        self.page.boundary(if self.lists.is_empty() { 2 } else { 1 });
    }

    pub(super) fn open_item(&mut self, attributes: &Attributes) {
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

    pub(super) fn close_item(&mut self) {
        self.page.settle();
        self.page.boundary(1);
        self.page.tighten();
    }
}
