//! `IMG001`: more pictures than services take.

use super::images;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "IMG001",
        name: "too-many-images",
        severity: Severity::Warning,
        summary: "an example has more pictures than services take",
        why: "ten are the most for OpenAI, Together and Bedrock, 64 for Azure; beyond that the example is left out or the \
              file refused",
        remedy: "split the conversation, or leave pictures out that the answer does not need",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Where is this?"},{"type":"image_url","image_url":{"url":"https://shop.example/1.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/2.png"}}]},{"role":"assistant","content":"In the shop."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Where is this?"},{"type":"image_url","image_url":{"url":"https://shop.example/1.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/2.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/3.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/4.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/5.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/6.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/7.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/8.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/9.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/10.png"}},{"type":"image_url","image_url":{"url":"https://shop.example/11.png"}}]},{"role":"assistant","content":"In the shop."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/vision-fine-tuning (10); togethercomputer/together-python \
             `files.py` (10, 2025-12); https://learn.microsoft.com/azure/ai-services/openai/how-to/fine-tuning-vision \
             (64; read 2026-11-21)",
    build: |spec, _| {
        // Where the target says how many and how large, `part-not-taken` holds them to it.
        let said = spec.inline_images.is_some();
        (spec.content_parts && !said).then(|| Check::row(RULE.def.severity, check).only_with(Marks::PARTS))
    },
};

/// Most pictures of an example.
const MOST: usize = 10;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let count = images(item.body).count();
    if count > MOST {
        let (part, _) = conversation(item.body);
        let what = format!("the example has {count} pictures, and most services take {MOST}");
        report.push(Finding::new(&RULE.def, part.path(), what));
    }
}
