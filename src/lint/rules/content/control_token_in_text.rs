//! `CONT005`: the written form of a control token inside a text.

use regex::Regex;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::target::TargetSpec;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "CONT005",
        name: "control-token-in-text",
        severity: Severity::Error,
        summary: "a text holds the written form of one of the model's control tokens",
        why: "services refuse the file; trainers may read it as the real token, and the model learns to \
              end or change roles in mid-sentence",
        remedy: "take it out, or write it apart (`< |im_end| >`) where the text is really about it",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Write a pipe like this: <|>."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.<|im_end|>"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/johny-b/llmcomp/issues/59 (2026-02: refused by the server)",
    build: |spec, _| {
        // Only literals: the pattern is a search for all of them at once, and cannot be too large.
        let literals: Vec<String> = spec.forbidden_text.iter().map(|text| regex::escape(text)).collect();
        let any_case = if spec.forbidden_in_any_case { "(?i)" } else { "" };
        let pattern =
            Regex::new(&format!("{any_case}{}", literals.join("|"))).ok().filter(|_| !literals.is_empty())?;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, &pattern, item, report);
        Some(Check::row(RULE.def.severity, rule).only_with(Marks::in_literals(spec.forbidden_text)))
    },
};

fn check(spec: &TargetSpec, pattern: &Regex, item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let arguments = message.tool_calls.iter().map(|call| call.arguments.as_str());
        let of_calls = arguments.enumerate().map(|(index, text)| (Some(index), text));
        // One finding a text: what follows is of the same making.
        for (call, text) in message.texts().map(|text| (None, text)).chain(of_calls) {
            let Some(found) = pattern.find(text) else { continue };
            let token = found.as_str();
            let why =
                if spec.forbidden_in_any_case { "the target refuses anywhere" } else { "is a control token" };
            let what = format!("the text holds `{token}`, which {why}");
            let mut finding = match call {
                None => place.finding_at(&RULE.def, "content", what),
                Some(index) => {
                    let key = format_args!("tool_calls[{index}].function.arguments");
                    place.finding_at(&RULE.def, key, what)
                }
            };
            finding.says = spec.sentence(RULE.def.code).map(|says| says.replace("TOKEN", token));
            report.push(finding);
        }
    }
}
