//! Pictures as their text.

use super::Renderer;
use crate::text::html::attributes::{Attributes, Name};

/// Endings of picture files, in lower case.
const PICTURES: &[&[u8]] =
    &[b".png", b".jpg", b".jpeg", b".gif", b".bmp", b".webp", b".svg", b".tif", b".tiff", b".heic"];

impl Renderer {
    /// A picture reads as its text for those who cannot see it, which is how mail programs write emoji. Pixels that
    /// count readers, and file names that programs put there, are nobody's words.
    pub(super) fn image(&mut self, attributes: &Attributes) {
        let is_pixel = [Name::Width, Name::Height]
            .iter()
            .any(|name| attributes.number(*name).is_some_and(|size| size <= 1));
        let text = attributes.get(Name::Alt);
        if !is_pixel && !is_file_name(text) {
            self.page.flow(text);
        }
    }
}

fn is_file_name(text: &[u8]) -> bool {
    let ending = text.get(text.len().saturating_sub(5)..).unwrap_or_default().to_ascii_lowercase();
    PICTURES.iter().any(|picture| ending.ends_with(picture))
}
