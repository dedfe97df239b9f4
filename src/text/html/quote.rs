//! Which elements hold a quoted mail, as mail clients and support tools mark it.
//!
//! Sources: talon's `html_quotations.py` (Gmail, Outlook, Windows Mail, Zimbra), the list of Proton Mail's apps
//! (`.gmail_quote`, `.yahoo_quoted`, `.zmail_extra`, `#isReplyContent`, `[name=quote]`, …) and Freshdesk's own
//! templates (`<div class="freshdesk_quote"><blockquote class="freshdesk_quote">`).

use super::attributes::{Attributes, Name};
use super::tag::Tag;

/// How an element quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// Its content is a quotation.
    Block,
    /// It holds a quotation together with the line that introduces it; a `blockquote` directly inside is the same
    /// quotation, not a second one.
    Wrapper,
    /// The quotation begins here and goes on behind the element, to the end of what is around it.
    Rest,
}

/// Classes of wrappers. Outlook on the web puts `x_` before every class and id, Yahoo a random word.
const WRAPPER_CLASSES: &[&[u8]] = &[
    b"freshdesk_quote",
    b"gmail_quote",
    b"gmail_quote_container",
    b"moz-cite-prefix",
    b"moz-forward-container",
    b"ms-outlook-mobile-reference-message",
    b"protonmail_quote",
    b"skiff_quote",
    b"tutanota_quote",
    b"yahoo_quoted",
    b"zmail_extra",
];

/// Ids of wrappers.
const WRAPPER_IDS: &[&[u8]] = &[
    b"isforwardcontent",
    b"isreplycontent",
    b"mail-editor-reference-message-container",
    b"olk_src_body_section",
    b"origbody",
    b"reply139content",
];

/// How an element quotes, if it does.
pub fn of(tag: Tag, attributes: &Attributes) -> Option<Quote> {
    match tag {
        Tag::Blockquote => (!is_indentation(attributes)).then_some(Quote::Block),
        Tag::Div | Tag::Section | Tag::Span => {
            let id = attributes.get(Name::Id);
            if !id.is_empty() {
                let id = without_prefix(id).to_ascii_lowercase();
                if id == b"divrplyfwdmsg" {
                    return Some(Quote::Rest);
                }
                if WRAPPER_IDS.contains(&id.as_slice()) {
                    return Some(Quote::Wrapper);
                }
            }
            let quotes = attributes.get(Name::Name).eq_ignore_ascii_case(b"quote")
                || attributes.classes().any(|class| {
                    let class = without_prefix(class);
                    WRAPPER_CLASSES.contains(&class) || class.ends_with(b"yahoo_quoted")
                });
            if quotes {
                return Some(Quote::Wrapper);
            }
            (tag == Tag::Div && is_outlook_line(attributes)).then_some(Quote::Rest)
        }
        _ => None,
    }
}

fn without_prefix(mut name: &[u8]) -> &[u8] {
    while let Some(rest) = name.strip_prefix(b"x_") {
        name = rest;
    }
    name
}

/// Gmail's button for indentation makes a `blockquote` too, with `margin: 0 0 0 40px; border: none`: own words.
fn is_indentation(attributes: &Attributes) -> bool {
    attributes.declares(b"border", |value| value.starts_with(b"none"))
        && attributes.declares(b"margin", |value| value.ends_with(b"40px"))
}

/// The thin line that desktop Outlook draws above `From:`, `Sent:`, `To:`, `Subject:` (2007 and 2010 in one colour,
/// 2013 and later in the other).
fn is_outlook_line(attributes: &Attributes) -> bool {
    attributes.declares(b"border-top", |value| {
        value.starts_with(b"solid") && contains(value, &[b"#b5c4df", b"#e1e1e1"])
    })
}

fn contains(text: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| text.windows(word.len()).any(|window| window == *word))
}
