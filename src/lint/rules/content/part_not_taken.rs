//! `CONT042`: a part of content that the target does not take.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Content, Role};
use crate::target::{InlineImages, TargetSpec};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT042",
        name: "part-not-taken",
        severity: Severity::Error,
        summary: "a part of content is one that others take and the target does not",
        why: "the check before an upload refuses the file: pictures stand in the row, in few formats and few of them",
        remedy: "write pictures into the row as the target names it; leave refusals and what is too much out",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":[{"type":"text","text":"It left our house today."}]}]}"#,
    bad: r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://shop.example/1.png"}}]},{"role":"assistant","content":[{"type":"text","text":"It left our house today."}]}]}"#,
    target: "together-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "togethercomputer/together-python 2.14.0, `src/together/lib/utils/files.py` (read 2026-11-21)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        (spec.content_parts && !(spec.refusal_parts && spec.inline_images.is_none()))
            .then(|| Check::row(RULE.def.severity, rule).only_with(Marks::PARTS))
    },
};

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    let mut images = 0;
    for (place, message) in messages(item.body) {
        let Content::Parts(parts) = &message.content else { continue };
        for (index, part) in parts.iter().enumerate() {
            let kind = part.get("type").and_then(Value::as_str);
            // On other roles it is no part at all, which has a rule of its own.
            if kind == Some("refusal") && message.role == Role::Assistant && !spec.refusal_parts {
                let key = format_args!("content[{index}].type");
                report.push(place.finding_at(&RULE.def, key, "a refusal is no part of content here"));
            }
            let Some(taken) = spec.inline_images.filter(|_| kind == Some("image_url")) else { continue };
            images += 1;
            if images == taken.most + 1 {
                let what = format!("the row has more than {} pictures; this is the next", taken.most);
                report.push(place.finding_at(&RULE.def, format_args!("content[{index}]"), what));
            }
            let url = part.get("image_url").and_then(|image| image.get("url")).and_then(Value::as_str);
            if let Some(what) = url.and_then(|url| fault(&taken, url)) {
                let key = format_args!("content[{index}].image_url.url");
                report.push(place.finding_at(&RULE.def, key, what));
            }
        }
    }
}

/// What is wrong with the address of a picture.
fn fault(taken: &InlineImages, url: &str) -> Option<String> {
    let long = || url.len() > taken.url_chars && url.chars().count() > taken.url_chars;
    if !taken.prefixes.iter().any(|prefix| url.starts_with(prefix)) {
        let known = taken.prefixes.join("`, `");
        Some(format!("the `url` begins with `{}` and none of `{known}`", excerpt(url, 24)))
    } else if long() {
        Some(format!("the `url` of the picture is longer than {} characters", taken.url_chars))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_to_the_letter() {
        let taken = InlineImages { prefixes: &["data:image/png;base64,"], url_chars: 26, most: 10 };
        assert_eq!(fault(&taken, "data:image/png;base64,AAAA"), None);
        assert!(fault(&taken, "data:image/png;base64,AAAAA").unwrap().contains("longer than 26"));
        assert!(fault(&taken, "data:image/PNG;base64,AAAA").unwrap().contains("begins with"));
    }
}
