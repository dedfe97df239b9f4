//! `LEN003`: an example of which everything that is trained lies beyond the limit.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::target::{Overlong, Shape};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "LEN003",
        name: "nothing-learned",
        severity: Severity::Error,
        summary: "all that is trained lies beyond where the example is cut",
        why: "the example is paid for and teaches nothing; trainers show a loss of zero and no error",
        remedy: "shorten what comes before the first answer (instructions, tools, a pasted document), or raise the limit",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"It left our house today and will be with you on Tuesday or Wednesday of next week, if the weather holds"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::TOKENS,
    fix: None,
    source: "https://github.com/huggingface/trl/issues/3927 (assistant-only loss and max_length train on nothing; read \
             2026-11-21)",
    build: |spec, settings| {
        // What is left out or refused as a whole is not cut.
        let cuts = matches!(spec.length.overlong, Overlong::CutAtEnd | Overlong::Unsaid) && !spec.cuts_pairs;
        let limit = settings.example_tokens.filter(|_| cuts && spec.shape == Shape::Example)?;
        // What a setting of the user's own trainer decides is for the user to say.
        let severity = if spec.length.setting.is_some() { Severity::Warning } else { RULE.def.severity };
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(limit, item, report);
        Some(Check::row(severity, rule))
    },
};

fn check(limit: u64, item: &Item<'_>, report: &mut Vec<Finding>) {
    let Some(tokens) = item.tokens.filter(|tokens| tokens.trained > 0 && tokens.before >= limit) else {
        return;
    };
    let (part, _) = conversation(item.body);
    let before = tokens.before;
    let what =
        format!("what is trained begins after {before} tokens, and the limit is {limit}: none of it is left");
    report.push(Finding::new(&RULE.def, part.path(), what));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Example, TokenCount};

    #[test]
    fn one_token_that_is_left_is_something() {
        let body = Body::Example(Example::default());
        let said = |before: u64, trained: u64| {
            let tokens = Some(TokenCount { trained, before, ..TokenCount::default() });
            let mut report = Vec::new();
            check(100, &Item::new(&body, tokens), &mut report);
            report.len()
        };
        assert_eq!((said(99, 1), said(100, 1), said(100, 0)), (0, 1, 0));
    }
}
