//! `IMG003`: a picture that is larger than services take.

use super::{data, images};
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::number::size;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "IMG003",
        name: "too-large-image",
        severity: Severity::Warning,
        summary: "a picture inside the row is larger than services take",
        why: "services leave the example out or refuse the file",
        remedy: "make the picture smaller: models look at some 2,000 pixels a side at most",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":"In the shop."}]}"#,
    bad: "",
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/vision-fine-tuning (10 MB); togethercomputer/together-python \
             `files.py` (10 MB, 2025-12)",
    build: |spec, _| {
        // Where the target says how many and how large, `part-not-taken` holds them to it.
        let said = spec.inline_images.is_some();
        (spec.content_parts && !said).then(|| Check::row(RULE.def.severity, check).only_with(Marks::PARTS))
    },
};

/// Largest picture in bytes, as decoded.
const MOST: usize = 10 << 20;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, index, url) in images(item.body) {
        let Some((_, content)) = data(url) else { continue };
        let bytes = decoded(content);
        if bytes > MOST {
            let what = format!(
                "the picture has {}, and at most {} are taken",
                size(bytes as u64),
                size(MOST as u64)
            );
            report.push(place.finding_at(&RULE.def, format_args!("content[{index}].image_url.url"), what));
        }
    }
}

/// Bytes that Base64 stands for: three for every four signs.
fn decoded(base64: &str) -> usize {
    base64.trim_end_matches('=').len() / 4 * 3
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Body, Content, Example, Message, Role};

    #[test]
    fn ten_megabytes_are_taken() {
        let said = |bytes: usize| {
            let url = format!("data:image/png;base64,{}", "A".repeat(bytes / 3 * 4));
            let mut message = Message::text(Role::User, "");
            message.content = Content::Parts(vec![json!({"type": "image_url", "image_url": {"url": url}})]);
            let body = Body::Example(Example { messages: vec![message], ..Example::default() });
            let mut report = Vec::new();
            check(&Item::new(&body, None), &mut report);
            report.pop().map(|finding| finding.message)
        };
        assert_eq!(said(MOST), None);
        assert_eq!(said(MOST + 6).unwrap(), "the picture has 10.5 MB, and at most 10.5 MB are taken");
    }
}
