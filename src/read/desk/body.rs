//! What somebody wrote: the HTML form where there is one, since it tells quotations and links from typing.

use super::Fields;
use crate::model::Kind;
use crate::read::json::Misfit;
use crate::text::html;

/// A body as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The text, without mark-up.
    pub text: String,
    /// Whether a picture or another file stands in it.
    pub media: bool,
}

impl Written {
    /// What such a turn is: a file where there are no words and `attached` names one. Its text is then the name.
    pub fn into_text(self, attached: Option<String>) -> (String, Kind) {
        if !self.text.trim().is_empty() {
            return (self.text, Kind::Text);
        }
        match attached {
            Some(names) => (names, Kind::Media),
            None if self.media => (self.text, Kind::Media),
            None => (self.text, Kind::Text),
        }
    }
}

/// The first of the `html` fields with words in it, else the first of the `plain` fields.
pub fn written(fields: Fields<'_>, html: &[&str], plain: &[&str]) -> Result<Written, Misfit> {
    let mut media = false;
    for key in html {
        let Some(body) = fields.text(key)?.filter(|body| !body.trim().is_empty()) else { continue };
        let text = html::to_text(body);
        media |= shows_file(body);
        if !text.trim().is_empty() {
            return Ok(Written { text, media });
        }
    }
    let text = fields.first_text(plain)?.unwrap_or_default().to_owned();
    Ok(Written { text, media })
}

/// Whether mark-up shows a file.
fn shows_file(body: &str) -> bool {
    memchr::memchr_iter(b'<', body.as_bytes()).any(|at| {
        let tag = body.as_bytes().get(at + 1..).unwrap_or_default();
        [&b"img"[..], b"video", b"audio"]
            .iter()
            .any(|name| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
    })
}

/// The names of the files in a list under a key, joined by commas; `None` where there are none. A file without a name is
/// an empty one.
pub fn attached(fields: Fields<'_>, key: &str) -> Option<String> {
    let mut names = Vec::new();
    let mut any = false;
    for file in fields.objects(key) {
        any = true;
        names.extend(Fields::of(file).first_word(&["file_name", "filename", "name", "fileName"]));
    }
    any.then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Extra;
    use serde_json::{Value, json};

    fn body(value: &Value) -> (String, Kind) {
        let map: &Extra = value.as_object().unwrap();
        let fields = Fields::of(map);
        written(fields, &["html"], &["text"]).unwrap().into_text(attached(fields, "files"))
    }

    #[test]
    fn words_before_files_and_html_before_text() {
        assert_eq!(body(&json!({"html": "<p>a &amp; b</p>", "text": "c"})), ("a & b".into(), Kind::Text));
        assert_eq!(body(&json!({"html": " ", "text": "a &amp; b"})), ("a &amp; b".into(), Kind::Text));
        assert_eq!(body(&json!({"html": "<IMG src='x'>"})).1, Kind::Media);
        assert_eq!(body(&json!({"files": [{"name": "a.png"}, {"file_name": "b"}]})).0, "a.png, b");
        assert_eq!(body(&json!({"html": null})), (String::new(), Kind::Text));
        assert!(written(Fields::of(json!({"html": 5}).as_object().unwrap()), &["html"], &[]).is_err());
    }
}
