//! `IMG002`: a picture in a form that services do not read.

use super::{data, images};
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "IMG002",
        name: "unsupported-image",
        severity: Severity::Warning,
        summary: "a picture inside the row is not JPEG, PNG, WebP or GIF in Base64",
        why: "services leave the example out or refuse the file",
        remedy: "write the picture as `data:image/jpeg;base64,…`, or as `png`, `webp` or `gif`",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":"In the shop."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,SUkqAA=="}}]},{"role":"assistant","content":"In the shop."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/vision-fine-tuning (JPEG, PNG, WebP); \
             togethercomputer/together-python `files.py` (2025-12); Bedrock's `nova_ft_dataset_validator.py` takes GIF, \
             too (read 2026-11-21)",
    build: |spec, _| spec.content_parts.then(|| Check::row(RULE.def.severity, check).only_with(Marks::PARTS)),
};

/// Media types that are taken.
const TYPES: &[&str] = &["image/gif", "image/jpeg", "image/png", "image/webp"];

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, index, url) in images(item.body) {
        // What is no picture at all has a rule of its own.
        if !url.starts_with("data:image/") {
            continue;
        }
        if let Some(what) = fault(url) {
            report.push(place.finding_at(&RULE.def, format_args!("content[{index}].image_url.url"), what));
        }
    }
}

fn fault(url: &str) -> Option<String> {
    let Some((kind, content)) = data(url) else {
        return Some("the picture is not written in Base64".to_owned());
    };
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let body = content.trim_end_matches('=').as_bytes();
    if kind == "image/jpg" {
        Some("the type is `image/jpg`; its name is `image/jpeg`".to_owned())
    } else if !TYPES.contains(&kind) {
        Some(format!("the picture is `{}`", excerpt(kind, 40)))
    } else if body.is_empty() {
        Some("the picture is empty".to_owned())
    } else if !body.iter().all(base64) || body.len() % 4 == 1 {
        Some("the picture is not valid Base64".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_wrong() {
        for (url, wanted) in [
            ("data:image/jpeg;base64,/9j/4A==", None),
            ("data:image/jpg;base64,/9j/4A==", Some("the type is `image/jpg`; its name is `image/jpeg`")),
            ("data:image/png,%89PNG", Some("the picture is not written in Base64")),
            ("data:image/png;base64,", Some("the picture is empty")),
            ("data:image/png;base64,a b", Some("the picture is not valid Base64")),
            ("data:image/svg+xml;base64,PHN2Zz4=", Some("the picture is `image/svg+xml`")),
        ] {
            assert_eq!(fault(url).as_deref(), wanted, "{url}");
        }
    }
}
