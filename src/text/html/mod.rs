//! HTML of support tools and mail programs as the text that people wrote and saw.
//!
//! What is kept is what would change the meaning if it were lost, in the Markdown that chat models read and write:
//! lists (`- `, `1. `), code (`` ` `` and fences), links (`[label](address)`, so that the address stays told from the
//! words around it; the bare address where the label is the address), quotations (`> `, one level for each reply, so
//! that a later step can cut quoted mail by its structure). Looks are not kept: bold, colours, sizes of headings.
//!
//! - Blocks begin lines, paragraphs and lists stand behind a blank line; never more than one blank line in a row
//!   outside `pre`. White space collapses as in a browser, a no-break space is a space that does not.
//! - Cells of a row are joined with ` | ` while the row is one line; cells of several lines stand below one another.
//! - A picture is its alternative text, unless that is a file name; a tracking pixel is nothing.
//! - `hr` is `---`.
//! - Never shown: scripts, styles, titles, comments (also Outlook's conditional ones), `hidden`, `display:none`.
//! - Entities are decoded once, by the tokenizer.
//!
//! Tokens come from html5gum, which follows the WHATWG standard and so reads broken tags as browsers do. There is no
//! tree: a stack of open elements with constant work for every tag stands for the parts of tree construction that
//! plain text needs (<https://html.spec.whatwg.org/multipage/parsing.html#tree-construction>: implied end tags, scopes,
//! end tags that do not match). Depth of nesting costs neither the call stack nor time.

mod attributes;
mod detect;
mod emitter;
mod link;
mod page;
mod quote;
mod render;
mod tag;
#[cfg(test)]
mod tests;

pub use detect::{find_tag, looks_like_html};

/// The plain text of `html`. See the module for what it keeps.
pub fn to_text(html: &str) -> String {
    // Mark-up is usually more than half of it.
    let mut renderer = render::Renderer::new(html.len() / 2);
    let bridge = emitter::Bridge::new(html, &mut renderer);
    let Ok(()) = html5gum::Tokenizer::new_with_emitter(html, bridge).finish();
    renderer.into_text()
}
